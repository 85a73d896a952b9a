"""Transcripts and evaluations of Amazon Connect, with the calls they are of."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.readers.call_legs import (
    fetched,
    instants_of,
    offset,
    seconds,
    spoken,
    times,
    with_columns,
)
from cxaudit.readers.cells import as_text, decimals
from cxaudit.readers.layouts.amazon_connect.calls import contacts
from cxaudit.readers.layouts.declaration import Shaped, Tables
from cxaudit.sources import VendorSource

TEXT = pa.large_string()
BEGIN = "BeginOffsetMillis"


def turns(source: VendorSource, tables: Tables) -> Shaped:
    """Turns of transcripts, with the roles of their participants and the call they are of."""
    rows, people = tables.rows["transcript"], tables.rows["participant"]
    contact = pc.coalesce(rows["calls.CustomerMetadata.ContactId"], rows["calls.ContactId"])
    own = pc.coalesce(people["calls.CustomerMetadata.ContactId"], people["calls.ContactId"])
    rows = with_columns(rows, {"CONTACT": pc.coalesce(contact, rows["calls.JobName"])})
    people = with_columns(people, {"CONTACT": own})
    person = {"CONTACT": "CONTACT", "ParticipantId": "ParticipantId"}
    rows = fetched(rows, people, person, {"ROLE": "ParticipantRole"})
    role = pc.coalesce(rows["ParticipantRole"], rows["ROLE"], rows["ParticipantId"])
    known = contacts(tables)
    took = {name: name for name in known.column_names if name != "ContactId"}
    rows = fetched(rows, known, {"CONTACT": "ContactId"}, took)
    began = decimals(rows["STARTED"]).values
    later = pc.fill_null(decimals(rows["LATER"]).values, 0.0)
    speaker = pc.utf8_lower(role)
    columns = {
        "OF": pc.coalesce(rows["CALL"], rows["CONTACT"]),
        "SPEAKER": pc.utf8_upper(role),
        "AUTHOR": spoken(speaker, rows["AGENT"], rows["CUSTOMER"]),
        "AT": pc.coalesce(_written(rows), _spoken_at(rows, began)),
        "START": pc.add(offset(rows, BEGIN), later),
        "END": pc.add(offset(rows, "EndOffsetMillis"), later),
    }
    return Shaped(with_columns(rows, columns))


def segments(source: VendorSource, tables: Tables) -> Shaped:
    """Segments of Bedrock's data automation, which tells speakers apart and not who they are."""
    rows = tables.rows["audio_segment"]
    key = [rows["calls.metadata.s3_key"], rows["segment_index"]]
    columns = {
        "ID": pc.binary_join_element_wise(*key, pa.scalar("-", TEXT)),
        # nothing says when the recording was made
        "AT": pa.chunked_array([pa.nulls(rows.num_rows, TEXT)]),
        "START": offset(rows, "start_timestamp_millis"),
        "END": offset(rows, "end_timestamp_millis"),
    }
    return Shaped(with_columns(rows, columns))


def items(source: VendorSource, tables: Tables) -> Shaped:
    """Questions of evaluations; one that carries no score, or none by its own word, is apart."""
    rows = tables.rows["evaluation"]
    contact = "evaluations.metadata.contactId"
    rows = fetched(rows, contacts(tables), {contact: "ContactId"}, {"CALL": "CALL"})
    score = rows["score.percentage"]
    excused = pc.fill_null(pc.equal(rows["score.notApplicable"], "true"), False)
    is_text = pc.fill_null(pc.equal(rows["questionType"], "TEXT"), False)
    apart = pc.or_(excused, pc.and_(is_text, pc.is_null(score)))
    columns = {
        "OF": pc.coalesce(rows["CALL"], rows[contact]),
        "SCORE": pc.if_else(apart, "0", score),
        "APPLIES": pc.if_else(apart, "false", "true"),
    }
    return Shaped(with_columns(rows, {name: as_text(cells) for name, cells in columns.items()}))


def _written(rows: pa.Table) -> pa.ChunkedArray:
    """When a line of a chat was written."""
    return instants_of(times(rows, "AbsoluteTime")[0])


def _spoken_at(rows: pa.Table, began: pa.ChunkedArray) -> pa.ChunkedArray:
    """When a turn of a call began: so many milliseconds after its recording."""
    return instants_of(pd.Series(began.to_numpy(), dtype="Float64") + seconds(rows, BEGIN, 1e3))
