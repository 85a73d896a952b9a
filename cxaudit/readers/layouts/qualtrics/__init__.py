"""Qualtrics: a survey's responses as CSV or TSV, or Fivetran's tables.

Names in capitals are derived in `derived.py`.
"""

from __future__ import annotations

from cxaudit.readers.layouts.declaration import Delivered, Layout, Made
from cxaudit.readers.layouts.qualtrics import derived
from cxaudit.readers.survey_answers import SURVEYED

MODES = {
    "email": "email",
    "sms": "sms",
    "ivr": "ivr",
    "phone": "phone",
    "app": "in_app",
    "mobile": "in_app",
    "anonymous": "web",
    "gl": "web",
    "qr": "web",
    "social": "web",
}
MODE = {"values": MODES, "otherwise": "web", "when_empty": "web"}
# the first columns of the legacy export, by number
LEGACY = {
    "V1": "ResponseId",
    "V4": "ExternalReference",
    "V5": "RecipientEmail",
    "V7": "Status",
    "V8": "StartDate",
    "V9": "EndDate",
    "V10": "Finished",
}
OWN_IDS = {
    "_recordId": "ResponseId",
    "externalDataReference": "ExternalReference",
    "ExternalDataReference": "ExternalReference",
    "EmailAddress": "RecipientEmail",
}
TICKETS = dict.fromkeys(("TicketId", "Ticket ID", "ticketId", "TicketNumber"), "ticket_id")

TABLES = {
    "response": Delivered(
        (
            *("ResponseId", "StartDate", "EndDate", "RecordedDate", "Status", "Finished"),
            *("DistributionChannel", "ExternalReference", "RecipientEmail", "ticket_id"),
        ),
        files=("responses",),
        aliases={**LEGACY, **OWN_IDS, **TICKETS},
    ),
    "survey_response": Delivered(
        (
            *("id", "survey_id", "status", "finished", "start_date", "end_date", "recorded_date"),
            *("distribution_channel", "recipient_email"),
        ),
        time_zone="UTC",
    ),
    "question_response": Delivered(
        (
            *("response_id", "question_id", "sub_question_key", "question_option_key"),
            *("value", "text"),
        )
    ),
    # `_data` is taken off a file's name before it is compared
    "survey_embedded_data": Delivered(("response_id", "key", "value"), files=("survey_embedded",)),
    "distribution": Delivered(("id", "survey_link_survey_id", "request_type")),
    "distribution_contact": Delivered(
        ("distribution_id", "contact_id", "sent_at", "response_id"), time_zone="UTC"
    ),
}

LAYOUT = Layout(
    name="qualtrics",
    export="responses of a survey (CSV or TSV, three header rows; the legacy export with two), or "
    "Fivetran's tables (survey_response, question_response, distribution_contact, ...)",
    version="response export of API v3; the legacy export V1 to V10",
    documentation="https://www.qualtrics.com/support/survey-platform/data-and-analysis-module/"
    "data/download-data/understanding-your-dataset/",
    faults=(
        "Two rows below the header are headers too, in the language of whoever exported, and some "
        "clients take them out: they are known by a time without a digit, and counted.",
        "Times are in the zone of whoever exported: set time_zone.",
        "Choices are numbers in the order they were made, often the best first, and 'yes' is 1, "
        "'no' 2: say so in values, or with higher_is_better.",
        "Previews and tests (Status 1, 2, 9, 17 or in words, channel preview) are left out; a "
        "response that is not Finished is an invitation without an answer.",
        "A response does not say when the invitation was sent: sent_at is when it was begun, "
        "unless distribution_contact is delivered or columns names one. Who did not respond is in "
        "the distribution history, without which the evidence is of grade C at best.",
        "A question may stand in several columns (NPS with its group, a choice each): name the "
        "one that holds the number. A cell with several choices is no number, and counted.",
        "Question ids are unique in one survey only: put exports of several surveys into sources "
        "of their own where ids clash.",
    ),
    tables=TABLES,
    made=(
        Made(
            "surveys",
            "response",
            {
                **SURVEYED,
                "invite_id": "ResponseId",
                "ticket_id": "ticket_id",
                "customer_id": "CUSTOMER",
                "sent_at": "StartDate",
                "mode": {"from": "DistributionChannel", **MODE},
            },
            derive=derived.responses,
        ),
        Made(
            "surveys",
            "survey_response",
            {
                **SURVEYED,
                "invite_id": "id",
                "ticket_id": "TICKET",
                "customer_id": "CUSTOMER",
                "sent_at": "SENT",
                "mode": {"from": "distribution_channel", **MODE},
            },
            derive=derived.synced,
        ),
        Made(
            "surveys",
            "distribution_contact",
            {
                **SURVEYED,
                "invite_id": "INVITE",
                "customer_id": "contact_id",
                "sent_at": "sent_at",
                "mode": {"constant": "email"},
            },
            derive=derived.unanswered,
        ),
    ),
    asks=True,
)
