"""Responses of Qualtrics → surveys: further header rows, tests, the names of questions."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.readers.call_legs import fetched, with_columns
from cxaudit.readers.cells import mask_of
from cxaudit.readers.delivered import FILE, ROW
from cxaudit.readers.findings import Finding
from cxaudit.readers.layouts.declaration import Shaped, Tables
from cxaudit.readers.survey_answers import among, spread, surveyed
from cxaudit.sources import VendorSource

TEXT = pa.large_string()
NOTHING = pa.scalar(None, TEXT)
# values of Status, as numbers and as text
TESTS = (
    *("1", "2", "9", "17"),
    *("Survey Preview", "Survey Test", "Survey Preview Spam", "Preview Spam"),
    *("Offline Survey Preview", "Offline Preview"),
)
TEST_CHANNELS = ("preview", "test")
UNFINISHED = ("0", "false", "no", "falsch", "faux", "falso")
NO_INVITATIONS = ("TestEmail", "Reminder", "ThankYou", "Thank You")
IMPORT = '{"ImportId"'


def responses(source: VendorSource, tables: Tables) -> Shaped:
    """Responses of the CSV or TSV of a survey; every file is one survey."""
    delivered = tables.rows["response"]
    titles = _titles(delivered)
    names = _import_ids(delivered.filter(pa.array(titles)))
    rows = delivered.filter(pa.array(~titles))
    answers = {name: rows[name] for name in rows.column_names if name not in (FILE, ROW)}
    answers |= {own: rows[name] for own, name in names.items() if own not in answers}
    tests = among(rows["Status"], TESTS) | among(rows["DistributionChannel"], TEST_CHANNELS)
    columns = {"CUSTOMER": pc.coalesce(rows["ExternalReference"], rows["RecipientEmail"])}
    shaped = surveyed(
        source,
        with_columns(rows, columns),
        answers,
        pc.coalesce(rows["EndDate"], rows["RecordedDate"]),
        finished=~among(rows["Finished"], UNFINISHED),
        tests=tests,
        survey=rows[FILE],
    )
    shaped.findings.append(Finding("header-rows", "", int(titles.sum())))
    return shaped


def synced(source: VendorSource, tables: Tables) -> Shaped:
    """Responses of Fivetran's tables, their answers, and when they were invited."""
    rows, given = tables.rows["survey_response"], tables.rows["question_response"]
    invited = tables.rows["distribution_contact"]
    took = {"INVITED": "sent_at", "CONTACT": "contact_id"}
    rows = fetched(rows, invited, {"id": "response_id"}, took)
    rows = fetched(rows, _tickets(tables), {"id": "response_id"}, {"TICKET": "value"})
    columns = {
        "SENT": pc.coalesce(rows["INVITED"], rows["start_date"]),
        "CUSTOMER": pc.coalesce(rows["CONTACT"], rows["recipient_email"]),
    }
    cells = pc.coalesce(given["value"], given["question_option_key"], given["text"])
    part = _joined(given["question_id"], given["sub_question_key"])
    names = [given["question_id"], part]
    keys, questions = rows["id"], [*source.questions]
    answers, findings = spread(keys, given["response_id"], names, cells, questions)
    tests = among(rows["status"], TESTS) | among(rows["distribution_channel"], TEST_CHANNELS)
    shaped = surveyed(
        source,
        with_columns(rows, columns),
        answers,
        pc.coalesce(rows["end_date"], rows["recorded_date"]),
        finished=~among(rows["finished"], UNFINISHED),
        tests=tests,
        survey=rows["survey_id"],
    )
    orphans = pc.is_in(given["response_id"].unique(), value_set=keys.combine_chunks())
    lost = len(orphans) - (pc.sum(orphans).as_py() or 0)
    shaped.findings += [*findings, Finding("answer-without-response", "", lost)]
    return shaped


def unanswered(source: VendorSource, tables: Tables) -> Shaped:
    """Invitations that led to no response, of Fivetran's tables: a row for each question."""
    rows = tables.rows["distribution_contact"]
    took = {"SURVEY": "survey_link_survey_id", "REQUEST": "request_type"}
    rows = fetched(rows, tables.rows["distribution"], {"distribution_id": "id"}, took)
    open_ = mask_of(pc.is_null(rows["response_id"]))
    rows = rows.filter(pa.array(open_))
    tests = among(rows["REQUEST"], NO_INVITATIONS)
    rows = with_columns(rows, {"INVITE": _joined(rows["distribution_id"], rows["contact_id"])})
    nothing = pa.chunked_array([pa.nulls(rows.num_rows, TEXT)])
    shaped = surveyed(
        source,
        rows,
        dict.fromkeys(source.questions, nothing),
        nothing,
        finished=np.ones(rows.num_rows, dtype=bool),
        tests=tests,
        survey=rows["SURVEY"],
    )
    shaped.findings = [Finding("no-invitation", "", int(tests.sum()))]
    return shaped


def _titles(rows: pa.Table) -> np.ndarray:
    """A mask of the first rows of each file that are further headers: no digit in their time.

    What stands in a client's file decides, for some take these rows out before they deliver.
    """
    time = pc.coalesce(rows["StartDate"], rows["EndDate"], rows["RecordedDate"])
    wordy = mask_of(pc.and_(pc.is_valid(time), pc.invert(pc.match_substring_regex(time, r"\d"))))
    frame = pd.DataFrame({"file": rows[FILE].to_numpy(), "wordy": wordy})
    return frame.groupby("file")["wordy"].cummin().to_numpy(dtype=bool)


def _import_ids(titles: pa.Table) -> dict[str, str]:
    """Qualtrics' own id of a column -> its header, from the row that holds them."""
    found: dict[str, str] = {}
    for name in titles.column_names:
        for cell in titles[name].to_pylist():
            if isinstance(cell, str) and cell.startswith(IMPORT):
                try:
                    found.setdefault(str(json.loads(cell)["ImportId"]), name)
                except (ValueError, KeyError):
                    continue
    return found


def _tickets(tables: Tables) -> pa.Table:
    """Embedded data that hold the ticket's number, however they are spelt."""
    rows = tables.rows["survey_embedded_data"]
    key = pc.replace_substring_regex(pc.utf8_lower(rows["key"]), r"[^a-z]", "")
    wanted = pa.array(["ticketid", "ticket", "ticketnumber", "caseid", "casenumber"], TEXT)
    filled = pc.and_(pc.is_in(key, value_set=wanted), pc.is_valid(rows["value"]))
    return rows.filter(filled)


def _joined(one: pa.ChunkedArray, other: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(one, other, pa.scalar("_", TEXT))
