"""SurveyMonkey: responses in bulk, with the survey's details to tell what its choices mean.

Names in capitals are derived.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.readers.call_legs import fetched, with_columns
from cxaudit.readers.findings import Finding
from cxaudit.readers.layouts.declaration import Delivered, Layout, Made, Shaped, Tables
from cxaudit.readers.survey_answers import SURVEYED, among, spread, surveyed
from cxaudit.sources import VendorSource

TEXT = pa.large_string()
TESTS = ("preview", "survey_preview")
UNFINISHED = ("partial", "overquota", "disqualified")
MODES = {
    "email": "email",
    "sms": "sms",
    "weblink": "web",
    "popup": "in_app",
    "popup_invitation": "in_app",
    "popup_survey": "in_app",
    "embedded_survey": "in_app",
    "mobile_sdk": "in_app",
}
TICKETS = dict.fromkeys(
    ("custom_variables.ticketid", "custom_variables.ticket", "custom_variables.case_id"),
    "custom_variables.ticket_id",
)


def responses(source: VendorSource, tables: Tables) -> Shaped:
    """Responses, with what was chosen: the choice's weight where it has one, else its text."""
    rows, given = tables.rows["response"], tables.rows["answer"]
    rows = fetched(rows, tables.rows["collector"], {"collector_id": "id"}, {"TYPE": "type"})
    took = {"CHOSEN": "text", "WEIGHT": "weight"}
    given = fetched(given, tables.rows["choice"], {"choice_id": "id"}, took)
    column = {"COLUMN": "text", "COLUMN WEIGHT": "weight"}
    given = fetched(given, tables.rows["choice"], {"col_id": "id"}, column)
    chosen = pc.coalesce(given["WEIGHT"], given["CHOSEN"], given["COLUMN WEIGHT"], given["COLUMN"])
    unknown = pc.and_(pc.is_valid(given["choice_id"]), pc.is_null(chosen))
    cells = pc.coalesce(chosen, given["text"])
    question = given["questions.id"]
    row = pc.binary_join_element_wise(question, given["row_id"], pa.scalar("_", TEXT))
    answers, findings = spread(
        rows["id"], given["data.id"], [question, row], cells, [*source.questions]
    )
    columns = {"CUSTOMER": pc.coalesce(rows["email_address"], rows["recipient_id"])}
    shaped = surveyed(
        source,
        with_columns(rows, columns),
        answers,
        rows["date_modified"],
        finished=~among(rows["response_status"], UNFINISHED),
        tests=among(rows["collection_mode"], TESTS),
        survey=rows["survey_id"],
    )
    shaped.findings += [*findings, Finding("choice-unknown", "", pc.sum(unknown).as_py() or 0)]
    return shaped


BULK = ("responses", "bulk", "responses_bulk")
DETAILS = ("details", "survey", "survey_details")

LAYOUT = Layout(
    name="surveymonkey",
    export="JSON of the API: responses in bulk, survey details, collectors",
    version="API v3",
    documentation="https://api.surveymonkey.com/v3/docs",
    faults=(
        "An answer is the id of a choice; the survey's details tell its text and weight. Without "
        "them a choice is unknown, and counted.",
        'Words on a choice ("4 or more", "Very satisfied") are no numbers: say them in values.',
        "Previews are left out; partial, disqualified and over-quota responses are invitations "
        "without an answer.",
        "A response tells when it was begun (date_created) and last changed (date_modified), not "
        "when the invitation was sent. Who did not respond is in the collectors' recipients.",
        "How a customer was asked is the type of the collector; without collectors it is the web.",
        "A matrix asks several questions: name its rows as question_row.",
        "Several answers to one question are none; they are counted.",
    ),
    tables={
        "response": Delivered(
            (
                *("id", "survey_id", "collector_id", "recipient_id", "email_address"),
                *("response_status", "collection_mode", "date_created", "date_modified"),
                *("custom_value", "custom_variables.ticket_id"),
            ),
            files=BULK,
            records="data[]",
            aliases=TICKETS,
        ),
        "answer": Delivered(
            ("data.id", "questions.id", "choice_id", "row_id", "col_id", "text"),
            files=("response", *BULK),
            records="data[].pages[].questions[].answers[]",
        ),
        "choice": Delivered(
            ("id", "text", "weight"),
            files=DETAILS,
            records="surveys[].pages[].questions[].answers.choices[]",
        ),
        "collector": Delivered(("id", "type"), files=("collectors",), records="data[]"),
    },
    made=(
        Made(
            "surveys",
            "response",
            {
                **SURVEYED,
                "invite_id": "id",
                "ticket_id": "custom_variables.ticket_id",
                "customer_id": "CUSTOMER",
                "sent_at": "date_created",
                "mode": {"from": "TYPE", "values": MODES, "otherwise": "web", "when_empty": "web"},
            },
            derive=responses,
        ),
    ),
    asks=True,
)
