"""Genesys Cloud: conversation details of the analytics API, and transcripts.

Names in capitals are derived in `derived.py`.
"""

from __future__ import annotations

from cxaudit.readers.layouts.declaration import Delivered, Layout, Made
from cxaudit.readers.layouts.genesys import derived

DETAILS = ("conversations", "conversation_details", "conversation_detail", "details")
TRANSCRIPTS = ("transcript", "transcripts")

TABLES = {
    "conversation": Delivered(
        ("conversationId", "conversationStart", "originatingDirection"),
        files=DETAILS,
        records="conversations[]",
    ),
    "segment": Delivered(
        (
            *("segmentStart", "segmentEnd", "segmentType", "queueId", "wrapUpCode"),
            *("disconnectType", "conversations.conversationId", "participants.purpose"),
            *("participants.userId", "participants.externalContactId"),
            *("sessions.mediaType", "sessions.direction", "sessions.ani", "sessions.addressFrom"),
        ),
        files=("conversation", *DETAILS),
        records="conversations[].participants[].sessions[].segments[]",
    ),
    "transcript": Delivered(
        ("conversationId", "conversationStartTime", "mediaType"),
        files=TRANSCRIPTS,
        records="calls[]",
    ),
    "participant": Delivered(
        (
            *("participantPurpose", "startTimeMs", "endTimeMs", "userId", "queueId", "ani"),
            *("initialDirection", "calls.conversationId", "calls.mediaType"),
        ),
        files=TRANSCRIPTS,
        records="calls[].participants[]",
    ),
    "phrase": Delivered(
        (
            *("text", "startTimeMs", "duration.milliseconds", "participantPurpose"),
            *("transcripts.language", "calls.conversationId", "calls.conversationStartTime"),
        ),
        files=TRANSCRIPTS,
        records="calls[].transcripts[].phrases[]",
    ),
}

CALL = {
    "call_id": "conversationId",
    "channel": {"from": "CHANNEL", "when_empty": ""},
    "customer_id": "CUSTOMER",
    "queue": "QUEUE",
    "queued_at": "QUEUED",
    "answered_at": "ANSWERED",
    "ended_at": "ENDED",
    "agent_id": "AGENT",
}

LAYOUT = Layout(
    name="genesys",
    export="conversation details of the analytics API (JSON), and transcripts of speech and text "
    "analytics (JSON)",
    version="Platform API v2",
    documentation="https://developer.genesys.cloud/analyticsdatamanagement/analytics/detail/",
    faults=(
        "The end of a conversation includes the agent's wrap-up: a call ends when the customer's "
        "last segment does.",
        "An agent's alert segment is ringing, not an answer; only an interact segment is one. A "
        "voicemail, a bot and an IVR are no agents.",
        "A message (web messaging, WhatsApp) waits for its answer: it is no live contact and is "
        "left out, as are e-mails, outbound and internal calls.",
        "Queues, users and wrap-up codes are ids; their names are in other exports.",
        "In a transcript the prompts of a flow are 'internal', like the agent's words: what is "
        "said before an agent joined is the system's.",
        "Phrases carry no id: it is made of conversation, time and speaker.",
        "Observation queries tell what is going on now; nothing is read of them.",
        "The transcript published as an example has a comma too many and is no JSON.",
    ),
    tables=TABLES,
    made=(
        Made(
            "calls",
            "conversation",
            {
                **CALL,
                "offered_at": "conversationStart",
                "hold_s": "HOLD",
                "wrap_s": "WRAP",
                "transfer_type": "TRANSFER",
                "category": "CODE",
            },
            derive=derived.calls,
        ),
        Made(
            "calls",
            "transcript",
            {**CALL, "offered_at": "conversationStartTime"},
            cells={"dates": "epoch_milliseconds"},
            derive=derived.calls_of_transcripts,
        ),
        Made(
            "messages",
            "phrase",
            {
                "message_id": "ID",
                "call_id": "calls.conversationId",
                "at": "startTimeMs",
                "author_type": "SPEAKER",
                "author_id": "AUTHOR",
                "is_public": {"constant": True},
                "is_auto": {
                    "from": "SPEAKER",
                    "values": {"system": "true", "agent": "false", "customer": "false"},
                },
                "text": "text",
                "lang": "transcripts.language",
                "start_offset_s": "START",
                "end_offset_s": "END",
            },
            cells={"dates": "epoch_milliseconds"},
            derive=derived.phrases,
        ),
    ),
)
