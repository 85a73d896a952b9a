"""Typeform: responses of the Responses API, or the CSV of a form's results.

Names in capitals are derived.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.readers.call_legs import with_columns
from cxaudit.readers.cells import mask_of
from cxaudit.readers.delivered import FILE, ROW
from cxaudit.readers.layouts.declaration import Delivered, Layout, Made, Shaped, Tables
from cxaudit.readers.survey_answers import SURVEYED, among, spread, surveyed
from cxaudit.sources import VendorSource

TEXT = pa.large_string()
# what the API writes where nothing was submitted
NEVER = r"^0001-01-01"
UNFINISHED = ("partial", "started")
TICKETS = dict.fromkeys(("hidden.ticketid", "hidden.ticket", "hidden.case_id"), "hidden.ticket_id")


def responses(source: VendorSource, tables: Tables) -> Shaped:
    """Responses of the API, with their answers as text, number, choice or yes and no."""
    rows, given = tables.rows["response"], tables.rows["answer"]
    kinds = ("number", "boolean", "choice.label", "choices.labels", "text")
    cells = pc.coalesce(*(given[kind] for kind in kinds))
    ids = pc.coalesce(given["items.token"], given["items.response_id"])
    own = pc.coalesce(rows["token"], rows["response_id"])
    names = [given["field.id"], given["field.ref"]]
    answers, findings = spread(own, ids, names, cells, [*source.questions])
    never = pc.fill_null(pc.match_substring_regex(rows["submitted_at"], NEVER), True)
    submitted = pc.if_else(never, pa.scalar(None, TEXT), rows["submitted_at"])
    shaped = surveyed(
        source,
        with_columns(rows, {"INVITE": own}),
        answers,
        submitted,
        finished=~among(rows["response_type"], UNFINISHED) & ~mask_of(never),
        tests=among(rows["hidden.test"], ("true", "1", "yes")),
        survey=rows[FILE],
    )
    shaped.findings += findings
    return shaped


def results(source: VendorSource, tables: Tables) -> Shaped:
    """Rows of the CSV, whose headers are the texts of the questions."""
    rows = tables.rows["result"]
    submitted = rows["Submit Date (UTC)"]
    return surveyed(
        source,
        rows,
        {name: rows[name] for name in rows.column_names if name not in (FILE, ROW)},
        submitted,
        finished=~among(rows["Response Type"], UNFINISHED) & mask_of(pc.is_valid(submitted)),
        tests=among(rows["test"], ("true", "1", "yes")),
        survey=rows[FILE],
    )


SURVEY = {**SURVEYED, "mode": {"constant": "web"}}
RESPONSES = ("responses", "form_responses")

LAYOUT = Layout(
    name="typeform",
    export="JSON of the Responses API, or the CSV of a form's results",
    version="Responses API v1",
    documentation="https://www.typeform.com/developers/responses/reference/retrieve-responses/",
    faults=(
        "A response that was not submitted has submitted_at 0001-01-01: it is an invitation "
        "without an answer, like one whose response_type is partial or started.",
        "Responses name the id and the ref of a question, the CSV its text, line breaks and all; "
        "name any of them in questions. Of two questions with one text the second is text#2.",
        "Answers come as number, boolean, choice or text, by the type of the question; several "
        "choices are no number, and counted.",
        "Ticket and customer are known where the form has hidden fields for them: ticket_id and "
        "customer_id, or name yours in columns.",
        "A response does not say when the invitation was sent: sent_at is when the form was "
        "opened. Who did not open it is not in the export.",
        "Typeform marks no tests: a hidden field `test` that is true leaves a response out.",
        "The CSV's times are UTC, as their headers say.",
    ),
    tables={
        "response": Delivered(
            (
                *("token", "response_id", "response_type", "landed_at", "submitted_at"),
                *("hidden.ticket_id", "hidden.customer_id", "hidden.test"),
            ),
            files=RESPONSES,
            records="items[]",
            time_zone="UTC",
            aliases=TICKETS,
        ),
        "answer": Delivered(
            (
                *("field.id", "field.ref", "items.token", "items.response_id", "number"),
                *("boolean", "text", "choice.label", "choices.labels"),
            ),
            files=("response", *RESPONSES),
            records="items[].answers[]",
        ),
        "result": Delivered(
            (
                *("#", "Start Date (UTC)", "Submit Date (UTC)", "Response Type"),
                *("ticket_id", "customer_id", "test"),
            ),
            files=("results", "response", *RESPONSES),
            time_zone="UTC",
        ),
    },
    made=(
        Made(
            "surveys",
            "response",
            {
                **SURVEY,
                "invite_id": "INVITE",
                "ticket_id": "hidden.ticket_id",
                "customer_id": "hidden.customer_id",
                "sent_at": "landed_at",
            },
            derive=responses,
        ),
        Made(
            "surveys",
            "result",
            {
                **SURVEY,
                "invite_id": "#",
                "ticket_id": "ticket_id",
                "customer_id": "customer_id",
                "sent_at": "Start Date (UTC)",
            },
            derive=results,
        ),
    ),
    asks=True,
)
