"""Which columns may tell who a person is: by their headers, and by what their cells look like."""

from __future__ import annotations

import re

from cxaudit.proposal.names import words_of
from cxaudit.proposal.traits import Traits

EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
PHONE = re.compile(r"^\+?[\d\s().\-/]{7,20}$")
ADDRESS = re.compile(r"^\d{1,3}(\.\d{1,3}){3}$|^[0-9a-fA-F:]{6,39}:[0-9a-fA-F:]+$")
BROWSER = re.compile(r"Mozilla/|AppleWebKit|useragent", re.IGNORECASE)
OFTEN = 0.3

# A reason, and the words of a header that give it.
HEADERS: dict[str, frozenset[str]] = {
    "e-mail": frozenset(("email", "mail", "e-mail", "correo", "courriel", "mailadresse")),
    "telephone": frozenset(
        ("phone", "telephone", "tel", "mobile", "fax", "msisdn", "ani", "cell", "telefon", "dnis")
    ),
    "name": frozenset(
        ("firstname", "lastname", "surname", "fullname", "username", "nickname", "alias", "login")
        + ("handle", "vorname", "nachname", "prenom", "nombre", "screenname", "forename")
    ),
    "internet address": frozenset(("ip", "ipaddress", "useragent", "cookie")),
    "address": frozenset(
        ("address", "street", "zip", "zipcode", "postcode", "postal", "latitude", "longitude")
        + ("adresse", "plz", "direccion", "geo")
    ),
    "identity": frozenset(
        ("birth", "birthday", "dob", "ssn", "passport", "iban", "gender", "age", "photo", "avatar")
        + ("signature", "twitter", "facebook", "fb", "linkedin", "external")
    ),
    "written text": frozenset(
        (
            "annotation",
            "subject",
            "body",
            "description",
            "comment",
            "comments",
            "text",
            "narrative",
            "transcript",
        )
        + ("message", "messages", "remark", "remarks", "note", "notes", "content", "feedback")
        + ("verbatim", "summary", "betreff", "beschreibung", "kommentar", "metadata")
    ),
    "a person": frozenset(
        (
            "customer",
            "requester",
            "caller",
            "assignee",
            "assigned",
            "author",
            "owner",
            "agent",
            "sender",
        )
        + ("recipient", "respondent", "submitter", "responder", "user", "commenter", "consumer")
        + ("employee", "operator", "contact", "admin", "teammate", "handler", "reviewer", "kunde")
    ),
}
BORN = frozenset(("birth", "birthday", "birthdate", "dob", "geburtsdatum", "naissance"))
NAME_OF = frozenset(
    ("first", "last", "full", "user", "display", "middle", "family", "given", "screen", "nick")
)
# After these a header speaks of a property of the person's doing, not of the person.
OF_A_THING = frozenset(
    ("count", "num", "number", "type", "role", "at", "date", "time", "language", "locale", "status")
    + ("channel", "score", "rating", "spam", "is", "has", "rate", "reason", "segment", "tier")
    + ("total", "group", "team", "reply", "replies", "created", "updated", "consent", "version")
)


def why_personal(traits: Traits) -> str:
    """Why a column may tell who somebody is, in a word or two; empty if nothing says so."""
    return _by_header(traits) or _by_cells(traits)


def _by_header(traits: Traits) -> str:
    words = words_of(traits.header)
    found = {*words, *(word.removesuffix("s") for word in words)}
    if traits.kind in ("yes or no", "time", "clock"):
        return "identity" if found & BORN else ""
    if "by" in words[1:] and words[-1] in ("by", "id", "name", "value"):
        return "a person"
    is_of_persons = found & NAME_OF or found & HEADERS["a person"] or words == ("name",)
    if "name" in found and is_of_persons and not found & OF_A_THING:
        return "name"
    if found & {"from", "to"} and words[-1] in ("from", "to", "number", "formatted", "id"):
        return "sender or receiver"
    for reason, names in HEADERS.items():
        if not found & names:
            continue
        if reason == "a person" and found & OF_A_THING - {"number"}:
            continue
        if reason == "written text" and words[-1] in OF_A_THING | {"id", "ids", "url"}:
            continue
        return reason
    return ""


def _by_cells(traits: Traits) -> str:
    if traits.kind in ("empty", "yes or no", "time", "clock"):
        return ""
    cells = list(traits.words)[:500]
    patterns = {"e-mail": EMAIL, "internet address": ADDRESS, "browser": BROWSER}
    for reason, pattern in patterns.items():
        if sum(bool(pattern.search(cell)) for cell in cells) > OFTEN * len(cells):
            return reason
    phones = sum(bool(PHONE.match(cell)) and not cell.isdigit() for cell in cells)
    if traits.kind in ("word", "prose") and phones > OFTEN * len(cells):
        return "telephone"
    if traits.kind == "prose":
        return "written text"
    own = traits.kind == "word" and traits.share_distinct > 0.8
    if own and sum(" " in cell for cell in cells) > OFTEN * len(cells):
        return "words of its own"
    return ""
