"""The service's own targets: which one holds for what a ticket is, and from when until when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

ANY = ""
# Of a ticket that is under no policy: no target holds for it.
NO_POLICY = "-"
EVER = 2**52
Row = dict[str, Any]
RULES = pa.schema(
    [
        ("target_channel", pa.string()),
        ("target_priority", pa.string()),
        ("target_policy", pa.string()),
        ("from_second", pa.int64()),
        ("until_second", pa.int64()),
        ("target_seconds", pa.int64()),
        ("is_business", pa.bool_()),
        ("target_schedule", pa.string()),
    ]
)


def rules(targets: list[Row], clocks: Mapping[str, str]) -> pa.Table:
    """For each channel, priority, policy and span of time the target that fits best, if it is one.

    '' is a channel or priority that no target names, or a policy that is not told. `clocks` are
    those of the channels' promises, for targets that name none; else they run always.
    """
    return pa.Table.from_pylist(list(_rules(targets, clocks)), schema=RULES)


def said(targets: list[Row], column: str) -> list[str]:
    """The texts of a column, each once."""
    return sorted({row[column] for row in targets if row[column] is not None})


def told_channels(targets: list[Row], clocks: Mapping[str, str]) -> list[str]:
    """The channels that make a difference to what was promised."""
    own = clocks if any(row["clock"] is None for row in targets) else {}
    return sorted({*said(targets, "channel"), *own})


def _rules(targets: list[Row], clocks: Mapping[str, str]) -> Iterator[Row]:
    changes = {_second(row[end]) for row in targets for end in ("valid_from", "valid_until")}
    edges = [-EVER, *sorted(change for change in changes if change is not None), EVER]
    channels, priorities = told_channels(targets, clocks), said(targets, "priority")
    for start, end in zip(edges, edges[1:], strict=False):
        valid = [row for row in targets if _holds(row, start, end)]
        for policy in (None, *said(targets, "policy")):
            under = [row for row in valid if policy in (None, row["policy"])]
            for channel in (None, *channels):
                for priority in (None, *priorities):
                    found = _best(under, channel, priority)
                    if found is None:
                        continue
                    clock = found["clock"] or clocks.get(channel or ANY, "calendar")
                    yield {
                        "target_channel": channel or ANY,
                        "target_priority": priority or ANY,
                        "target_policy": policy or ANY,
                        "from_second": start,
                        "until_second": end,
                        "target_seconds": found["target_seconds"],
                        "is_business": clock == "business",
                        "target_schedule": found["schedule_id"],
                    }


def _second(at: datetime | None) -> int | None:
    return None if at is None else int(at.astimezone(UTC).timestamp())


def _holds(row: Row, start: int, end: int) -> bool:
    valid_from, valid_until = _second(row["valid_from"]), _second(row["valid_until"])
    return (valid_from is None or valid_from <= start) and (
        valid_until is None or valid_until >= end
    )


def _best(targets: list[Row], channel: str | None, priority: str | None) -> Row | None:
    """The target that says most of what the ticket is; None where none fits or several differ."""
    fits = [
        row
        for row in targets
        if row["channel"] in (None, channel) and row["priority"] in (None, priority)
    ]
    if not fits:
        return None
    says = [(row["priority"] is not None, row["channel"] is not None) for row in fits]
    best = [row for row, of in zip(fits, says, strict=True) if of == max(says)]
    different = {(row["target_seconds"], row["clock"], row["schedule_id"]) for row in best}
    return best[0] if len(different) == 1 else None
