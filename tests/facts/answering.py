"""A service in which one channel answers surveys more readily than the other, and is happier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Table = list[dict[str, Any]]


@dataclass(frozen=True)
class Channel:
    """How many cases of a channel are solved, and of them invited, answered about, and happy."""

    solved: int
    invited: int
    answered: int
    happy: int


SERVICE = {"email": Channel(300, 240, 120, 108), "chat": Channel(600, 500, 120, 60)}


def tickets() -> Table:
    """The cases, alike but for their channel; one more of each channel is not solved."""
    found = []
    for channel, counts in SERVICE.items():
        for number in range(counts.solved + 1):
            solved = "2026-07-06 12:00" if number < counts.solved else None
            found.append(
                {
                    "ticket_id": f"{channel} {number:03}",
                    "customer_id": f"of {channel} {number:03}",
                    "channel": channel,
                    "assignee_id": f"g{number % 12}",
                    "created_at": "2026-07-06 09:00",
                    "first_solved_at": solved,
                    "solved_at": solved,
                    "status": "solved" if solved else "open",
                    "category": "bill",
                }
            )
    return found


def surveys(*, silent: bool = True) -> Table:
    """The invitations to 'csat'; without `silent` those alone that were answered."""
    return [
        _invitation(channel, number, counts)
        for channel, counts in SERVICE.items()
        for number in range(counts.invited if silent else counts.answered)
    ]


def unsolved_and_stray() -> Table:
    """An answer about the unsolved case of each channel, and one that names no case."""
    counts = Channel(0, 0, 1_000, 1_000)
    found = [_invitation(name, channel.solved, counts) for name, channel in SERVICE.items()]
    return [*found, {**found[0], "invite_id": "stray", "ticket_id": None}]


def _invitation(channel: str, number: int, counts: Channel) -> dict[str, Any]:
    is_given = number < counts.answered
    return {
        "invite_id": f"{channel} {number:03}",
        "question_key": "csat",
        "ticket_id": f"{channel} {number:03}",
        "customer_id": f"of {channel} {number:03}",
        "sent_at": "2026-07-06 13:00",
        "responded_at": "2026-07-07 13:00" if is_given else None,
        "value": ("5" if number < counts.happy else "2") if is_given else None,
    }
