"""Conversation details and transcripts of Genesys Cloud."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cxaudit.errors import UnreadableData

from .conftest import Delivery

EIGHT = datetime(2026, 7, 1, 8, tzinfo=UTC)


def moment(seconds: float) -> datetime:
    """So many seconds after 8."""
    return EIGHT + timedelta(seconds=seconds)


def segment(kind: str, start: float, end: float, **more: Any) -> dict[str, Any]:
    """A segment between two offsets in seconds."""
    times = {"segmentStart": moment(start).isoformat(), "segmentEnd": moment(end).isoformat()}
    return {"segmentType": kind, **times, **more}


def party(purpose: str, *segments: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A participant with one session."""
    session = {"mediaType": "voice", "direction": "inbound", **more.pop("session", {})}
    return {"purpose": purpose, **more, "sessions": [{**session, "segments": list(segments)}]}


def caller(until: float, **session: Any) -> dict[str, Any]:
    """The customer, there from the start."""
    spoken = segment("interact", 0, until)
    return party("customer", spoken, session={"ani": "tel:+15550100", **session})


def conversation(name: str, *parties: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A conversation that began at 8."""
    start = {"conversationId": name, "conversationStart": moment(0).isoformat()}
    return {**start, "originatingDirection": "inbound", "participants": list(parties), **more}


def calls(client: Delivery, *conversations: dict[str, Any]) -> list[dict[str, Any]]:
    """The calls read of these conversations."""
    client.deliver("conversations.json", json.dumps({"conversations": list(conversations)}))
    client.load({"reader": "genesys", "path": "."})
    return client.rows("calls")


WAITED = party("acd", segment("interact", 30, 60, queueId="q1"))


def test_a_call_is_answered_when_an_agent_interacts(client: Delivery) -> None:
    talk = [
        segment("alert", 50, 60),
        segment("interact", 60, 300),
        segment("hold", 300, 320),
        segment("interact", 320, 360),
        segment("wrapup", 360, 600, wrapUpCode="w9"),
    ]
    rows = calls(client, conversation("C", caller(360), WAITED, party("agent", *talk, userId="u1")))
    [call] = rows
    assert (call["offered_at"], call["queued_at"]) == (moment(0), moment(30))
    assert call["answered_at"] == moment(60), "ringing is no answer"
    assert call["ended_at"] == moment(360), "wrap-up comes after the call"
    assert (call["hold_s"], call["wrap_s"], call["category"]) == (20, 240, "w9")
    assert (call["agent_id"], call["queue"], call["customer_id"]) == ("u1", "q1", "+15550100")
    assert call["transfer_type"] == "none"


@pytest.mark.parametrize("purpose", ["voicemail", "botflow", "ivr", "acd"])
def test_only_people_answer(client: Delivery, purpose: str) -> None:
    [call] = calls(
        client, conversation("C", caller(90), WAITED, party(purpose, segment("interact", 60, 90)))
    )
    assert call["answered_at"] is None
    assert call["queued_at"] == moment(30)


def test_an_agent_who_does_not_pick_up_did_not_answer(client: Delivery) -> None:
    rang = party("agent", segment("alert", 50, 70, disconnectType="timeout"), userId="u1")
    [call] = calls(client, conversation("C", caller(90), WAITED, rang))
    assert (call["answered_at"], call["agent_id"]) == (None, None)


@pytest.mark.parametrize(
    ("left", "kind"),
    [("transfer", "cold"), ("consultTransfer", "warm"), ("peer", "none"), (None, "none")],
)
def test_transfers_are_told_apart(client: Delivery, left: str | None, kind: str) -> None:
    first = party("agent", segment("interact", 60, 90, disconnectType=left), userId="u1")
    second = party("agent", segment("interact", 95, 200), userId="u2")
    [call] = calls(client, conversation("C", caller(200), second, WAITED, first))
    assert (call["transfer_type"], call["agent_id"]) == (kind, "u1")


def test_what_is_no_call_of_a_customer_is_left_out(client: Delivery) -> None:
    rows = [
        conversation("in", caller(60)),
        conversation("chat", caller(60, mediaType="chat")),
        conversation("out", caller(60), originatingDirection="outbound"),
        conversation("dialled", caller(60, direction="outbound"), originatingDirection=None),
        conversation("message", caller(60, mediaType="message")),
        conversation("mail", caller(60, mediaType="email")),
        conversation("internal", party("user", segment("interact", 0, 60), userId="u1")),
        conversation("empty"),
    ]
    found = {call["call_id"]: call["channel"] for call in calls(client, *rows)}
    assert found == {"in": "phone", "chat": "chat"}
    assert client.ledger("calls")["excluded"] == {"row filter": 6}


def test_a_call_back_is_answered_when_the_agent_calls(client: Delivery) -> None:
    back = party("agent", segment("interact", 2700, 2800), session={"mediaType": "callback"})
    [call] = calls(client, conversation("C", caller(40), WAITED, back))
    assert call["answered_at"] == moment(2700)


def test_a_conversation_on_two_pages_counts_once(client: Delivery) -> None:
    talk = party("agent", segment("interact", 60, 90), segment("hold", 90, 100), userId="u1")
    one = conversation("C", caller(90), WAITED, talk)
    [call] = calls(client, one, one)
    assert call["hold_s"] == 10
    assert client.ledger("calls")["excluded"] == {"exact duplicate": 1}


def test_a_transcript_adds_no_call_that_has_details(client: Delivery) -> None:
    said = {"conversationId": "C", "conversationStartTime": 1782892800000, "mediaType": "call"}
    people = [{"participantPurpose": "customer", "startTimeMs": 1782892800000}]
    for name in ("C", "D"):
        document = {**said, "conversationId": name, "participants": people, "transcripts": []}
        client.deliver(f"transcript_{ord(name)}.json", json.dumps(document))
    rows = calls(client, conversation("C", caller(60)))
    assert sorted(call["call_id"] for call in rows) == ["C", "D"]
    assert client.ledger("calls")["excluded"] == {"row filter": 1}


@pytest.mark.reference
def test_the_transcript_sample(client: Delivery, reference_data: Path) -> None:
    folder = reference_data / "data" / "vendor_exports" / "genesys"
    with pytest.raises(UnreadableData, match="is not JSON: it goes wrong in line"):
        client.load({"reader": "genesys", "files": {"phrase": str(folder / "transcript.json")}})
    text = (folder / "transcript.json").read_text(encoding="utf-8")
    client.deliver("transcript.json", re.sub(r",(\s*\])", r"\1", text))
    client.load({"reader": "genesys", "path": "."})
    [call] = client.rows("calls")
    # 1610679597052, …8191, …12011 and …50389 milliseconds after 1970
    assert call["offered_at"] == datetime(2021, 1, 15, 2, 59, 57, 52_000, UTC)
    assert call["queued_at"] == datetime(2021, 1, 15, 3, 0, 8, 191_000, UTC)
    assert call["answered_at"] == datetime(2021, 1, 15, 3, 0, 12, 11_000, UTC)
    assert call["ended_at"] == datetime(2021, 1, 15, 3, 0, 50, 389_000, UTC)
    turns = sorted(client.rows("messages"), key=lambda turn: turn["start_offset_s"])
    speakers = [turn["author_type"] for turn in turns]
    assert speakers == ["system", "agent", "customer", "agent", "agent"]
    assert [turn["start_offset_s"] for turn in turns] == [11.914, 17.414, 17.814, 18.714, 50.514]
    assert turns[0]["end_offset_s"] == 15.514
    assert len({turn["message_id"] for turn in turns}) == 5


@pytest.mark.reference
def test_nothing_is_read_of_a_queue_observation(client: Delivery, reference_data: Path) -> None:
    folder = reference_data / "data" / "vendor_exports" / "genesys"
    with pytest.raises(UnreadableData, match="no table 'conversation'"):
        client.load({"reader": "genesys", "path": str(folder / "response.json")})
