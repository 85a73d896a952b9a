"""Amazon Connect: contact records, evaluations, and transcripts of Contact Lens or Transcribe.

Names in capitals are derived in `derived.py`.
"""

from __future__ import annotations

from cxaudit.readers.layouts.amazon_connect import calls, derived
from cxaudit.readers.layouts.declaration import Delivered, Layout, Made

GUIDE = "https://docs.aws.amazon.com/connect/latest/adminguide"
ROLES = {"AGENT": "agent", "CUSTOMER": "customer", "SYSTEM": "system", "CUSTOM_BOT": "bot"}
AUTOMATIC = {"AGENT": "false", "CUSTOMER": "false", "SYSTEM": "true", "CUSTOM_BOT": "true"}
TRANSCRIPTS = ("transcripts", "analysis", "contact_lens", "call_analytics")

TABLES = {
    "contact_record": Delivered(
        (
            *("ContactId", "InitialContactId", "InitiationMethod", "Channel"),
            *("InitiationTimestamp", "DisconnectTimestamp", "LastUpdateTimestamp"),
            *("Queue.Name", "Queue.EnqueueTimestamp", "SystemEndpoint.Address"),
            *("Agent.ARN", "Agent.Username", "Agent.ConnectedToAgentTimestamp"),
            *("Agent.AfterContactWorkStartTimestamp", "Agent.AfterContactWorkDuration"),
            *("Agent.CustomerHoldDuration", "TransferredToEndpoint.Address"),
            *("CustomerEndpoint.Address", "CustomerId", "Attributes.ticket_id"),
        ),
        files=("contact_records", "ctr", "ctrs", "contact_trace_record", "contact_trace_records"),
        records="contacts[]",
        time_zone="UTC",
        aliases={
            "Attributes.ticketId": "Attributes.ticket_id",
            "Attributes.TicketId": "Attributes.ticket_id",
            "Attributes.caseId": "Attributes.ticket_id",
        },
    ),
    "evaluation": Delivered(
        (
            *("questionRefId", "questionType", "score.percentage", "score.notApplicable"),
            *("score.automaticFail", "evaluations.evaluationId", "evaluations.metadata.contactId"),
            *("evaluations.metadata.agentId", "evaluations.metadata.evaluator"),
            *(
                "evaluations.metadata.evaluationSubmitTimestamp",
                "evaluations.metadata.evaluationDefinitionTitle",
                "evaluations.metadata.evaluationDefinitionVersion",
                "evaluations.metadata.autoEvaluated",
                "evaluations.metadata.calibrationSessionId",
                "evaluations.metadata.evaluatedParticipantRole",
            ),
        ),
        files=("evaluations", "contact_evaluation", "contact_evaluations"),
        records="evaluations[].questions[]",
        time_zone="UTC",
    ),
    "transcript": Delivered(
        (
            *("Id", "ParticipantRole", "ParticipantId", "Content"),
            *("BeginOffsetMillis", "EndOffsetMillis", "AbsoluteTime", "Type", "calls.ContactId"),
            *("calls.CustomerMetadata.ContactId", "calls.JobName", "calls.LanguageCode"),
        ),
        files=TRANSCRIPTS,
        records="calls[].Transcript[]",
    ),
    "participant": Delivered(
        (
            *("ParticipantRole", "ParticipantId", "calls.CustomerMetadata.ContactId"),
            "calls.ContactId",
        ),
        files=("transcript", *TRANSCRIPTS),
        records="calls[].Participants[]",
    ),
    "audio_segment": Delivered(
        (
            *("segment_index", "start_timestamp_millis", "end_timestamp_millis", "text"),
            *("speaker.speaker_label", "language", "calls.metadata.s3_key"),
        ),
        files=("audio_segments", "data_automation"),
        records="calls[].audio_segments[]",
    ),
}

LAYOUT = Layout(
    name="amazon_connect",
    export="contact records (JSON, JSON Lines), contact evaluations (JSON), and the analysed "
    "transcripts of Contact Lens, Amazon Transcribe or Bedrock's data automation (JSON)",
    version="contact records 2017-03-10; evaluations schema 3.1 to 3.5; Contact Lens 1.1.0",
    documentation=f"{GUIDE}/ctr-data-model.html",
    faults=(
        "A contact record is delivered at least once, and again when something is added: the one "
        "with the latest LastUpdateTimestamp is read.",
        "Each transfer and call-back is a record of its own, and the first record of a call that "
        "changed queues looks abandoned: the records of one InitialContactId are one call, which "
        "waits from its first queue to the first agent.",
        "InitiationMethod API begins a chat and dials out a call: chats are read, such calls not.",
        "A record does not say whether a transfer was with a handover: it was if the second agent "
        "joined before the first one's after-contact work began.",
        "Bedrock's data automation tells speakers apart and not who they are: set words = { "
        'author_type = { spk_0 = "customer", spk_1 = "agent" } }; its summaries are not read.',
        "Offsets of a transcript count from the start of the analysed recording. A message's time "
        "is the moment the agent was connected plus the offset, where the contact record is there. "
        "Transcripts and evaluations of a leg are those of its call.",
        "An automatic failure is marked only where it happened: is_critical stays empty elsewhere.",
        "Evaluations do not say how contacts were chosen: set sample_method. They are written to "
        "two places in S3: exact copies are counted as duplicates.",
    ),
    tables=TABLES,
    made=(
        Made(
            "calls",
            "contact_record",
            {
                "call_id": "ContactId",
                "channel": {"from": "Channel", "values": calls.CHANNELS, "otherwise": ""},
                "ticket_id": "Attributes.ticket_id",
                "customer_id": "CUSTOMER",
                "queue": "QUEUE",
                "offered_at": "InitiationTimestamp",
                "queued_at": "QUEUED",
                "answered_at": "ANSWERED",
                "ended_at": "ENDED",
                "hold_s": "HOLD",
                "wrap_s": "WRAP",
                "agent_id": "AGENT",
                "transfer_type": "TRANSFER",
            },
            derive=calls.calls,
        ),
        Made(
            "messages",
            "transcript",
            {
                "message_id": "Id",
                "ticket_id": "TICKET",
                "call_id": "OF",
                "at": "AT",
                "author_type": {"from": "SPEAKER", "values": ROLES},
                "author_id": "AUTHOR",
                "is_public": {"constant": True},
                "is_auto": {"from": "SPEAKER", "values": AUTOMATIC},
                "text": "Content",
                "lang": "calls.LanguageCode",
                "start_offset_s": "START",
                "end_offset_s": "END",
            },
            # events of a chat say nothing
            filter=({"column": "Type", "not_in": ["EVENT"]},),
            derive=derived.turns,
        ),
        Made(
            "messages",
            "audio_segment",
            {
                "message_id": "ID",
                "call_id": "calls.metadata.s3_key",
                "at": "AT",
                "author_type": {"from": "speaker.speaker_label", "values": {}},
                "is_public": {"constant": True},
                "is_auto": {"constant": False},
                "text": "text",
                "lang": "language",
                "start_offset_s": "START",
                "end_offset_s": "END",
            },
            derive=derived.segments,
        ),
        Made(
            "qa_reviews",
            "evaluation",
            {
                "review_id": "evaluations.evaluationId",
                "call_id": "OF",
                "agent_id": "evaluations.metadata.agentId",
                "reviewer_id": "evaluations.metadata.evaluator",
                "reviewed_at": "evaluations.metadata.evaluationSubmitTimestamp",
                "form_version": {
                    "from": [
                        "evaluations.metadata.evaluationDefinitionTitle",
                        "evaluations.metadata.evaluationDefinitionVersion",
                    ],
                    "join": " v",
                },
                "item_key": "questionRefId",
                "score": "SCORE",
                "max_score": {"constant": "100"},
                "passed": {"from": "score.automaticFail", "values": {"true": "false", "false": ""}},
                "applicable": "APPLIES",
                "is_critical": {
                    "from": "score.automaticFail",
                    "values": {"true": "true", "false": ""},
                },
                "calibrated_set_id": "evaluations.metadata.calibrationSessionId",
                "is_auto": "evaluations.metadata.autoEvaluated",
            },
            filter=(
                {
                    "column": "evaluations.metadata.evaluatedParticipantRole",
                    "not_in": ["CUSTOMER", "SYSTEM"],
                },
            ),
            latest=(
                {
                    "per": ["evaluations.evaluationId", "questionRefId"],
                    "by": "evaluations.metadata.evaluationSubmitTimestamp",
                },
            ),
            derive=derived.items,
        ),
    ),
)
