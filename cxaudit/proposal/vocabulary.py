"""Words of customer service that mean the same, whatever the tool: for headers and for cells.

None of it is of one vendor's export; names that belong to one are the contracts' synonyms.
"""

from __future__ import annotations

# Words of headers, by what they speak of. A header that agrees with a column's name only through
# these is never proposed with high confidence.
CONCEPTS: dict[str, tuple[str, ...]] = {
    "ticket": ("ticket", "case", "incident", "request", "complaint", "conversation"),
    "customer": ("customer", "client", "requester", "caller", "consumer", "contact", "user")
    + ("enduser", "recipient", "respondent", "asker", "kunde", "cliente"),
    "agent": (
        "agent",
        "assignee",
        "assigned",
        "owner",
        "operator",
        "representative",
        "advisor",
        "handler",
    )
    + ("teammate", "responder", "clerk"),
    "group": ("group", "queue", "department", "squad"),
    "message": ("message", "comment", "reply", "post", "part", "entry"),
    "text": ("text", "body", "content", "html", "plaintext"),
    "created": ("created", "create", "creation", "opened", "received", "submitted", "started")
    + ("raised", "reported", "logged", "inserted"),
    "solved": ("solved", "resolved", "resolution", "closed", "close", "completed", "fixed"),
    "answered": ("answered", "answer", "response", "responded", "replied", "connected"),
    "first": ("first", "initial", "initially"),
    "channel": ("channel", "via", "medium", "origin"),
    "topic": ("topic", "category", "reason", "issue", "theme", "motive", "subject_area"),
    "status": ("status", "state", "stage"),
    "priority": ("priority", "urgency", "severity", "prio"),
    "language": ("language", "locale", "lang"),
    "rating": ("rating", "score", "csat", "stars", "grade", "note"),
    "call": ("call", "interaction", "voice"),
    "arrived": ("arrived", "offered", "initiated", "entered"),
    "ended": ("ended", "end", "hangup", "disconnected", "terminated", "finished"),
    "queued": ("queued", "enqueued", "waiting"),
    "author": ("author", "sender", "writer", "speaker"),
    "public": ("public", "visible"),
    "automatic": ("auto", "automatic", "automated", "autoresponse"),
    "kind": ("type", "kind", "role"),
    "sub": ("sub", "second", "secondary", "detail"),
    "due": ("due", "deadline", "target"),
    "survey": ("survey", "invitation", "invite", "questionnaire"),
    "sent": ("sent", "send", "dispatched", "delivered"),
    "merged": ("merged", "merge", "duplicate", "master"),
    "deleted": ("deleted", "removed"),
    "spam": ("spam", "junk"),
    "reopen": ("reopen", "reopened", "reopens"),
    "sla": ("sla",),
}
# Words that say what kind of thing a column holds; they tell two columns apart only a little.
WHEN = frozenset(("at", "on", "date", "time", "timestamp", "datetime", "when", "day", "datum"))
WHEN_WORDS = WHEN | {"created", "updated", "opened", "closed", "started", "ended", "start", "end"}
WHOSE = frozenset(("id", "ids", "number", "no", "nr", "num", "key", "ref", "uuid", "guid", "value"))
FLAG = frozenset(("is", "has", "was", "flag", "made"))
# Words that tools and their exports put around a name.
WRAPPING = frozenset(
    ("property", "hs", "sys", "fivetran", "custom", "field", "cf", "attr", "u", "c", "the", "of")
    + ("a", "an", "in", "label", "name", "code")
)

# Headers of columns that say the contrary of a canonical one.
OPPOSITES: dict[str, tuple[str, ...]] = {
    "is_public": ("private", "is_private", "internal", "is_internal", "internal_note"),
    "delivered": ("bounced", "is_bounced"),
}

# Cells that say there is none; compared without regard to case.
MISSING = frozenset(
    ("?", "??", "-", "--", "---", ".", "n/a", "#n/a", "na", "nan", "nat", "null", "(null)", "none")
    + ("nil", "\\n", "(empty)", "(blank)", "<null>", "undefined", "not set", "not available")
    + ("0000-00-00", "0000-00-00 00:00:00")
)
MIDNIGHTS = ("0:00:00", "00:00:00", "0:00", "00:00")

YES_AND_NO = (
    ("true", "false"),
    ("t", "f"),
    ("yes", "no"),
    ("y", "n"),
    ("1", "0"),
    ("1.0", "0.0"),
    ("ja", "nein"),
    ("oui", "non"),
    ("si", "no"),
    ("sí", "no"),
    ("sim", "não"),
    ("wahr", "falsch"),
    ("vrai", "faux"),
    ("x", ""),
    ("on", "off"),
    ("checked", "unchecked"),
)

# The words that cells use, by the column and the canonical word they stand for.
STATUS: dict[str, tuple[str, ...]] = {
    "new": ("new", "unassigned", "neu", "nouveau", "nuevo"),
    "open": ("open", "opened", "active", "in progress", "in bearbeitung", "working", "assigned")
    + ("reopened", "work in progress", "investigating", "triaged", "offen", "ouvert", "abierto")
    + ("awaiting agent", "awaiting support", "waiting on us", "escalated"),
    "pending": ("pending", "waiting", "waiting on customer", "waiting on contact", "awaiting reply")
    + ("waiting for customer", "awaiting customer", "awaiting user info", "awaiting user")
    + ("awaiting response", "snoozed", "wartend", "en attente", "pendiente"),
    "on_hold": ("on hold", "hold", "onhold", "paused", "awaiting vendor", "awaiting third party")
    + ("waiting on third party", "awaiting problem", "awaiting evidence", "awaiting change")
    + ("suspended", "deferred"),
    "solved": ("solved", "resolved", "done", "completed", "fixed", "answered", "gelöst", "résolu")
    + ("resuelto",),
    "closed": ("closed", "archived", "cancelled", "canceled", "geschlossen", "fermé", "cerrado"),
}
CHANNEL: dict[str, tuple[str, ...]] = {
    "phone": ("phone", "call", "telephone", "voice", "inbound call", "outbound call", "callback")
    + ("hotline", "telefon", "téléphone", "teléfono", "phone call", "voicemail"),
    "email": ("email", "mail", "e mail", "correo", "courriel", "outbound email", "inbound email"),
    "chat": ("chat", "live chat", "livechat", "web chat", "webchat", "chat widget"),
    "social": (
        "social",
        "twitter",
        "facebook",
        "instagram",
        "x",
        "tweet",
        "linkedin",
        "social media",
    )
    + ("facebook post", "reddit", "app store review"),
    "self_service": ("self service", "selfservice", "portal", "help center", "help centre")
    + ("knowledge base", "ivr", "virtual agent"),
    "in_app": ("in app", "mobile", "mobile app", "app", "sdk", "mobile sdk", "in product"),
    "web_form": (
        "web form",
        "web",
        "webform",
        "form",
        "website",
        "online",
        "contact form",
        "widget",
    )
    + ("forum", "web forum", "feedback widget", "api", "formular"),
    "messaging": ("messaging", "whatsapp", "sms", "text message", "messenger", "telegram", "wechat")
    + ("line", "facebook messenger", "native messaging"),
}
PRIORITY: dict[str, tuple[str, ...]] = {
    "low": ("low", "minor", "p4", "p5", "planning", "trivial", "niedrig", "basse", "baja"),
    "normal": ("normal", "medium", "moderate", "standard", "p3", "mittel", "moyenne", "media"),
    "high": ("high", "major", "p2", "important", "hoch", "haute", "alta"),
    "urgent": (
        "urgent",
        "critical",
        "p1",
        "highest",
        "blocker",
        "dringend",
        "urgente",
        "emergency",
    ),
}
AUTHOR: dict[str, tuple[str, ...]] = {
    "customer": (
        "customer",
        "user",
        "end user",
        "contact",
        "lead",
        "client",
        "requester",
        "visitor",
    )
    + ("kunde", "consumer", "caller"),
    "agent": ("agent", "admin", "staff", "support", "teammate", "operator", "employee", "helpdesk")
    + ("representative", "mitarbeiter", "advisor"),
    "bot": ("bot", "chatbot", "virtual agent", "ai agent"),
    "system": ("system", "automation", "trigger", "workflow", "rule"),
    "third_party": ("third party", "vendor", "supplier", "partner"),
}
MODE: dict[str, tuple[str, ...]] = {
    "email": ("email", "mail", "e mail"),
    "sms": ("sms", "text message", "text"),
    "ivr": ("ivr",),
    "in_app": ("in app", "app", "mobile", "sdk"),
    "phone": ("phone", "call", "telephone"),
    "web": ("web", "anonymous", "link", "website", "weblink", "anonymous link", "qr code"),
}
RESOLUTION: dict[str, tuple[str, ...]] = {
    "solved": ("solved", "resolved", "solved permanently", "fixed", "done"),
    "workaround": ("workaround", "solved workaround", "solved work around"),
    "duplicate": ("duplicate", "merged"),
    "withdrawn_by_customer": ("withdrawn", "cancelled by caller", "cancelled", "canceled"),
    "no_response_from_customer": ("no response", "no response from customer", "timed out"),
    "other": ("other", "not solved", "won't do", "wont fix", "won't fix"),
}
# By the name of the canonical column; other columns with allowed words are matched by those alone.
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "status": STATUS,
    "channel": CHANNEL,
    "preferred_channel": CHANNEL,
    "priority": PRIORITY,
    "author_type": AUTHOR,
    "actor_type": AUTHOR,
    "created_by": AUTHOR,
    "mode": MODE,
    "resolution_code": RESOLUTION,
}
