"""Conversations of Genesys Cloud → calls, by who took part when; phrases → turns of a call."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.readers.call_legs import (
    decimals_of,
    masked,
    per_call,
    seconds,
    spoken,
    times,
    with_columns,
    words,
)
from cxaudit.readers.findings import Finding
from cxaudit.readers.layouts.declaration import Shaped, Tables
from cxaudit.sources import VendorSource

TEXT = pa.large_string()
CUSTOMERS = ("customer", "external")
AGENTS = ("agent", "user")
# sessions' media -> channel; a message waits for its answer and is no live contact
CHANNELS = {
    "voice": "phone",
    "call": "phone",
    "callback": "phone",
    "chat": "chat",
    "webchat": "chat",
}
TRANSFERS = {"transfer": "cold", "consulttransfer": "warm", "conferencetransfer": "warm"}
NO_QUEUE = "no queue"
ELSEWHERE = "dialled by the service, internal, or of a channel that is not live"
MILLISECONDS = "epoch_milliseconds"


def calls(source: VendorSource, tables: Tables) -> Shaped:
    """Conversations begun by customers, from their segments."""
    segments = tables.rows["segment"]
    numbers = words(segments, "sessions.ani").fillna(words(segments, "sessions.addressFrom"))
    began, unread = times(segments, "segmentStart")
    ended, unread_ends = times(segments, "segmentEnd")
    parts = pd.DataFrame(
        {
            "of": words(segments, "conversations.conversationId"),
            "purpose": words(segments, "participants.purpose").str.lower(),
            "type": words(segments, "segmentType").str.lower(),
            "began": began,
            "ended": ended,
            "queue": words(segments, "queueId"),
            "agent": words(segments, "participants.userId"),
            "known": words(segments, "participants.externalContactId"),
            "number": numbers,
            "media": words(segments, "sessions.mediaType").str.lower(),
            "direction": words(segments, "sessions.direction").str.lower(),
            "left": words(segments, "disconnectType").str.lower(),
            "code": words(segments, "wrapUpCode"),
        }
    )
    rows = tables.rows["conversation"]
    shaped = _shaped(rows, parts, words(rows, "originatingDirection").str.lower())
    shaped.findings += [unread, unread_ends]
    return shaped


def calls_of_transcripts(source: VendorSource, tables: Tables) -> Shaped:
    """Calls known by their transcript alone: who took part, without holds and wrap-up."""
    people = tables.rows["participant"]
    began, unread = times(people, "startTimeMs", MILLISECONDS)
    ended, unread_ends = times(people, "endTimeMs", MILLISECONDS)
    parts = pd.DataFrame(
        {
            "of": words(people, "calls.conversationId"),
            "purpose": words(people, "participantPurpose").str.lower(),
            "type": "interact",
            "began": began,
            "ended": ended,
            "queue": words(people, "queueId"),
            "agent": words(people, "userId"),
            "known": None,
            "number": words(people, "ani"),
            "media": words(people, "calls.mediaType").str.lower(),
            "direction": words(people, "initialDirection").str.lower(),
            "left": None,
            "code": None,
        }
    )
    rows = tables.rows["transcript"]
    detailed = tables.rows["conversation"]["conversationId"].combine_chunks()
    known = pc.is_in(rows["conversationId"], value_set=detailed)
    shaped = _shaped(rows.filter(pc.invert(known)), parts, pd.Series(dtype="object"))
    shaped.left_out += pc.sum(known).as_py() or 0
    shaped.findings += [unread, unread_ends]
    return shaped


def phrases(source: VendorSource, tables: Tables) -> Shaped:
    """What was said, with who said it: the internal side is the flow until an agent joins."""
    rows = tables.rows["phrase"]
    people = tables.rows["participant"]
    purpose = words(people, "participantPurpose").str.lower()
    of = words(people, "calls.conversationId")
    joined = times(people, "startTimeMs", MILLISECONDS)[0]
    by_call = pd.Series(of.dropna().unique())
    is_agent, is_customer = purpose.isin(AGENTS), purpose.isin(CUSTOMERS)
    numbers = words(people, "ani").str.removeprefix("tel:")
    agents = words(people, "userId")
    known = pa.table(
        {
            "of": pa.array(by_call, TEXT),
            "joined": per_call(of[is_agent], joined[is_agent], by_call, "min"),
            "agent": per_call(of[is_agent], agents[is_agent], by_call, "first"),
            "customer": per_call(of[is_customer], numbers[is_customer], by_call, "first"),
        }
    )
    of_phrase = words(rows, "calls.conversationId")
    places = of_phrase.map(pd.Series(by_call.index, index=by_call))
    facts = known.take(pa.array(places.astype("Int64")))
    at, _ = times(rows, "startTimeMs", MILLISECONDS)
    start, _ = times(rows, "calls.conversationStartTime", MILLISECONDS)
    first = pd.Series(facts["joined"].cast(pa.int64()).to_numpy(), dtype="Float64")
    side = words(rows, "participantPurpose").str.lower()
    by_flow = masked(side.eq("internal") & (at < first))
    speaker = side.map({"internal": "agent", "external": "customer"}).mask(by_flow, "system")
    offset = (at - start) / 1e6
    lasting = seconds(rows, "duration.milliseconds", 1e-3)
    speaking = pa.chunked_array([pa.array(speaker, TEXT)])
    key = [rows["calls.conversationId"], rows["startTimeMs"], speaking]
    columns = {
        "ID": pc.binary_join_element_wise(*key, pa.scalar("-", TEXT)),
        "SPEAKER": speaking,
        "AUTHOR": spoken(speaking, facts["agent"], facts["customer"]),
        "START": decimals_of(offset),
        "END": decimals_of(offset + lasting),
    }
    return Shaped(with_columns(rows, columns))


def _shaped(rows: pa.Table, parts: pd.DataFrame, directions: pd.Series) -> Shaped:
    """The conversations that are calls of customers, with what their parts say."""
    ids = words(rows, "conversationId")
    # a conversation that stands on two pages has its segments twice
    parts = parts.drop_duplicates()
    parts = parts.sort_values(["began", "ended", "purpose", "type", "agent", "queue"])
    caller = parts[parts["purpose"].isin(CUSTOMERS)]
    talking = parts[parts["purpose"].isin(AGENTS)]
    talks = talking[talking["type"] == "interact"]
    queues = parts[parts["purpose"] == "acd"]
    first = caller[caller["media"].isin(CHANNELS)].drop_duplicates("of").set_index("of")
    direction = directions.reindex(ids.index).fillna(ids.map(first["direction"]))
    offered = masked(ids.isin(first.index) & (direction != "outbound"))
    rows, ids = rows.filter(pa.array(offered)), ids[offered].reset_index(drop=True)
    answered = per_call(talks["of"], talks["began"], ids, "min")
    queued = per_call(queues["of"], queues["began"], ids, "min")
    late = pc.fill_null(pc.greater(queued, answered), False)
    lasted = talking["ended"] - talking["began"]
    moved = talking["left"].map(TRANSFERS)
    number = per_call(caller["of"], caller["number"].str.removeprefix("tel:"), ids, "first")
    columns = {
        "CHANNEL": per_call(first.index.to_series(), first["media"].map(CHANNELS), ids, "first"),
        "CUSTOMER": pc.coalesce(per_call(caller["of"], caller["known"], ids, "first"), number),
        "QUEUE": pc.coalesce(
            per_call(queues["of"], queues["queue"], ids, "first"), pa.scalar(NO_QUEUE, TEXT)
        ),
        "QUEUED": pc.if_else(late, pa.scalar(None, queued.type), queued),
        "ANSWERED": answered,
        "ENDED": per_call(caller["of"], caller["ended"], ids, "max"),
        "HOLD": _spent(talking, lasted, "hold", ids),
        "WRAP": _spent(talking, lasted, "wrapup", ids),
        "AGENT": per_call(talks["of"], talks["agent"], ids, "first"),
        "TRANSFER": pc.coalesce(
            per_call(talking["of"], moved, ids, "first"), pa.scalar("none", TEXT)
        ),
        "CODE": per_call(talking["of"], talking["code"], ids, "first"),
    }
    left_out = int((~offered).sum())
    return Shaped(
        with_columns(rows, columns),
        left_out,
        findings=[Finding("not-offered", "", left_out, how=ELSEWHERE)],
    )


def _spent(parts: pd.DataFrame, lasted: pd.Series, kind: str, ids: pd.Series) -> pa.ChunkedArray:
    of_kind = parts["type"] == kind
    return per_call(parts["of"][of_kind], lasted[of_kind] / 1e6, ids, "sum")
