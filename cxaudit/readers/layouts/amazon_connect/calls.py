"""Contact records of Amazon Connect → one row for each contact a customer began."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.readers.call_legs import masked, newest, per_call, seconds, times, with_columns, words
from cxaudit.readers.findings import Finding
from cxaudit.readers.layouts.declaration import Shaped, Tables
from cxaudit.sources import VendorSource

TEXT = pa.large_string()
CHANNELS = {"VOICE": "phone", "CHAT": "chat"}
# a customer arrives; API begins a chat from a web page, and dials out where the channel is voice
ARRIVING = ("INBOUND", "WEBRTC_API")
LATER = ("TRANSFER", "QUEUE_TRANSFER", "CALLBACK")
TICKET = "Attributes.ticket_id"
NO_QUEUE = "no queue"
ELSEWHERE = "dialled by the service, of another channel, or begun before the export"


def calls(source: VendorSource, tables: Tables) -> Shaped:
    """Contacts that customers began, with what their transfers and call-backs add."""
    delivered = tables.rows["contact_record"]
    rows = _newest(delivered)
    older = delivered.num_rows - rows.num_rows
    legs, findings = _legs(rows)
    arrives = legs["first"] == legs.index
    parts = legs["is_leg"] & legs["first"].notna() & ~arrives
    counted, ids = legs[arrives | parts], pd.Series(legs.index[arrives])
    of = counted["first"]
    waited = counted.sort_values(["enqueued", "began", "id"])
    talked = counted[counted["answered"].notna()].sort_values(["answered", "began", "id"])
    enqueued = per_call(of, counted["enqueued"], ids, "min")
    answered = per_call(of, counted["answered"], ids, "min")
    late = pc.fill_null(pc.greater(enqueued, answered), False)
    begun = rows.filter(pa.array(masked(arrives)))
    queue = per_call(waited["first"], waited["queue"], ids, "first")
    columns = {
        "CUSTOMER": pc.coalesce(begun["CustomerId"], begun["CustomerEndpoint.Address"]),
        "QUEUE": pc.coalesce(queue, begun["SystemEndpoint.Address"], pa.scalar(NO_QUEUE, TEXT)),
        # who was answered before a queue did not wait in it
        "QUEUED": pc.if_else(late, pa.scalar(None, enqueued.type), enqueued),
        "ANSWERED": answered,
        "ENDED": per_call(of, counted["ended"], ids, "max"),
        "HOLD": per_call(of, counted["hold"], ids, "sum"),
        "WRAP": per_call(of, counted["wrap"], ids, "sum"),
        "AGENT": per_call(talked["first"], talked["agent"], ids, "first"),
        "TRANSFER": pa.chunked_array([pa.array(_transfers(legs, ids), TEXT)]),
    }
    findings += [
        Finding("leg-of-call", "", int(parts.sum())),
        Finding("not-offered", "", int((~arrives & ~parts).sum()), how=ELSEWHERE),
    ]
    left_out = delivered.num_rows - begun.num_rows
    return Shaped(with_columns(begun, columns), left_out, older, findings)


def contacts(tables: Tables) -> pa.Table:
    """Of every contact record: the call it is part of, when its recording began, who spoke.

    LATER: seconds from the beginning of the call's first recording to the beginning of this one.
    """
    rows = _newest(tables.rows["contact_record"])
    legs, _ = _legs(rows)
    is_part = legs["is_leg"] & legs["first"].notna()
    first = legs["first"].where(is_part, legs["leg"])
    # a recording begins when the agent is connected
    began = legs["answered"].fillna(legs["began"])
    earliest = first.map(legs["answered"].groupby(first).min()).fillna(first.map(legs["began"]))
    known = {
        "CALL": first.map(legs["id"]),
        "STARTED": began.astype("string"),
        "LATER": ((began - earliest) / 1e6).astype("string"),
        "AGENT": legs["agent"],
        "CUSTOMER": _customer(rows),
        "TICKET": words(rows, TICKET),
    }
    for name in ("CUSTOMER", "TICKET"):
        known[name] = known[name].fillna(first.map(known[name]))
    columns = {name: pa.array(_plain(cells), TEXT) for name, cells in known.items()}
    return pa.table({"ContactId": rows["ContactId"], **columns})


def _plain(cells: pd.Series) -> list[str | None]:
    return [None if pd.isna(cell) else str(cell) for cell in cells]


def _customer(rows: pa.Table) -> pd.Series:
    return words(rows, "CustomerId").fillna(words(rows, "CustomerEndpoint.Address"))


def _newest(delivered: pa.Table) -> pa.Table:
    updated = times(delivered, "LastUpdateTimestamp")[0]
    return delivered.filter(pa.array(newest(delivered, "ContactId", updated)))


def _legs(rows: pa.Table) -> tuple[pd.DataFrame, list[Finding]]:
    """One row per contact record; `first` is the place of the record with which its call began."""
    ids = words(rows, "ContactId")
    legs = pd.DataFrame({"id": ids, "root": words(rows, "InitialContactId").fillna(ids)})
    legs["leg"] = legs.index
    findings = []
    for name, header in (
        ("began", "InitiationTimestamp"),
        ("enqueued", "Queue.EnqueueTimestamp"),
        ("answered", "Agent.ConnectedToAgentTimestamp"),
        ("wrapping", "Agent.AfterContactWorkStartTimestamp"),
        ("ended", "DisconnectTimestamp"),
    ):
        legs[name], finding = times(rows, header)
        # a start that cannot be read is found where the column is made
        findings += [finding] if name != "began" else []
    legs["hold"] = seconds(rows, "Agent.CustomerHoldDuration")
    legs["wrap"] = seconds(rows, "Agent.AfterContactWorkDuration")
    legs["queue"] = words(rows, "Queue.Name")
    arn = pc.replace_substring_regex(rows["Agent.ARN"], r"^.*/", "")
    legs["agent"] = pd.Series(pc.coalesce(arn, rows["Agent.Username"]).to_pylist(), dtype="object")
    legs["left"] = words(rows, "TransferredToEndpoint.Address").notna()
    method = words(rows, "InitiationMethod").str.upper()
    channel = words(rows, "Channel").str.upper()
    live = channel.isin(CHANNELS)
    begins = live & (method.isin(ARRIVING) | ((method == "API") & (channel == "CHAT")))
    legs["is_leg"] = begins | (live & method.isin(LATER))
    legs["is_transfer"] = live & (method == "TRANSFER")
    firsts = legs[begins].sort_values(["began", "id"]).drop_duplicates("root")
    places = pd.Series(firsts.index, index=firsts["root"])
    legs["first"] = legs["root"].map(places)
    return legs, findings


def _transfers(legs: pd.DataFrame, ids: pd.Series) -> list[str | None]:
    """Whether a call was transferred, and whether two agents were on it together (warm).

    Unknown for one that left Connect, and where nobody says when the agent before left.
    """
    named = legs[legs["first"].notna()].sort_values(["began", "id"])
    moved = named[named["is_transfer"]].drop_duplicates("first").set_index("first")
    before = named[named["answered"].notna() & ~named.index.isin(moved["leg"])].sort_values(
        ["answered", "began", "id"]
    )
    joined = moved["answered"]
    before = before[masked(before["answered"] <= before["first"].map(joined))]
    before = before.drop_duplicates("first", keep="last").set_index("first")
    released = before["wrapping"].fillna(before["ended"]).reindex(moved.index)
    how = pd.Series("cold", moved.index, dtype="object").mask(masked(released >= joined), "warm")
    how = how.mask(joined.notna() & released.isna())
    left = ids.map(legs["left"])
    kinds = ids.map(how).where(ids.isin(moved.index), pd.Series("none", ids.index).mask(left))
    return [None if pd.isna(kind) else str(kind) for kind in kinds]
