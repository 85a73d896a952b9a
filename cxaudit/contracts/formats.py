"""The formats of texts that contracts may ask for, as patterns that every engine reads alike."""

from __future__ import annotations

import re

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
FORMATS = {
    "email": rf"^[A-Za-z0-9.!#$%\&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})+$",
    "uuid": "^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$",
    "uri": '^[A-Za-z][A-Za-z0-9+.-]*:[^ \t\n\r"<>^`{|}\\\\]+$',
    "hostname": rf"^{_LABEL}(?:\.{_LABEL})*$",
    "ipv4": rf"^{_OCTET}(?:\.{_OCTET}){{3}}$",
}
# What an integer of so many bits holds; wider ones hold whatever is loaded.
INTEGERS = {
    "i8": (-(2**7), 2**7 - 1),
    "i16": (-(2**15), 2**15 - 1),
    "i32": (-(2**31), 2**31 - 1),
    "u8": (0, 2**8 - 1),
    "u16": (0, 2**16 - 1),
    "u32": (0, 2**32 - 1),
    "u64": (0, None),
    "u128": (0, None),
}

# The letters of Java's DateTimeFormatter that we read: pattern, and Python's directive.
_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_FOURTH = "(?:0[48]|[2468][048]|[13579][26])"
_LEAP = f"(?:[0-9]{{2}}{_FOURTH}|{_FOURTH}00)"
_PLAIN = {
    "HH": ("(?:[01][0-9]|2[0-3])", "%H"),
    "hh": ("(?:0[1-9]|1[0-2])", "%I"),
    "mm": ("[0-5][0-9]", "%M"),
    "ss": ("[0-5][0-9]", "%S"),
    "a": ("(?:AM|PM)", "%p"),
    "XXX": ("(?:Z|[+-](?:0[0-9]|1[0-8]):[0-5][0-9])", "%z"),
    "XX": ("(?:Z|[+-](?:0[0-9]|1[0-8])[0-5][0-9])", "%z"),
    "xxx": ("[+-](?:0[0-9]|1[0-8]):[0-5][0-9]", "%z"),
    "Z": ("[+-](?:0[0-9]|1[0-8])[0-5][0-9]", "%z"),
}
_DATE = {"yyyy": "%Y", "uuuu": "%Y", "MM": "%m", "dd": "%d"}
# Days that every month has, that all but February have, that long months have, and 29 February.
_CASES = (
    (_YEAR, "(?:0[1-9]|1[0-2])", "(?:0[1-9]|1[0-9]|2[0-8])"),
    (_YEAR, "(?:0[13-9]|1[0-2])", "(?:29|30)"),
    (_YEAR, "(?:0[13578]|1[02])", "31"),
    (_LEAP, "02", "29"),
)
_ANY_DAY = ("[0-9]{4}", "[0-9]{2}", "[0-9]{2}")
_TOKEN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']")


def is_date_format(text: str) -> bool:
    """Whether a format is one of dates or times, in Java's letters."""
    return bool(re.search(r"yyyy|uuuu|HH|hh|mm", text))


def date_pattern(java_format: str) -> str:
    """The pattern of the texts that a format of Java's DateTimeFormatter takes, days of the
    calendar only; raises ValueError for letters that are not read.
    """
    tokens = _tokens(java_format)
    days = {"yyyy", "uuuu", "MM", "dd"} & {letters for letters, _ in tokens}
    if "dd" not in days:
        return f"^{_alternative(tokens, _CASES[0])}$"
    return f"^(?:{'|'.join(_alternative(tokens, case) for case in _CASES)})$"


def date_shape(java_format: str) -> str:
    """The pattern of the texts that have the digits and marks of a format, whatever the day."""
    return f"^{_alternative(_tokens(java_format), _ANY_DAY)}$"


def strftime_format(java_format: str) -> str:
    """The format in the directives of Python's strftime; raises ValueError as above."""
    parts = []
    for letters, literal in _tokens(java_format):
        if set(letters) == {"S"}:
            parts.append("%f")
        else:
            known = _DATE.get(letters) or _PLAIN.get(letters, ("", ""))[1]
            parts.append(known or literal.replace("%", "%%"))
    return "".join(parts)


def _tokens(java_format: str) -> list[tuple[str, str]]:
    """Letters and literals of a format: ('MM', '') or ('', '-')."""
    tokens, at = [], 0
    while at < len(java_format):
        found = _TOKEN.match(java_format, at)
        if not found:
            raise ValueError(f"is not a format of dates that is read: {java_format}")
        text, at = found[0], found.end()
        if text.startswith("'"):
            tokens.append(("", text[1:-1].replace("''", "'") or "'"))
        elif not text[0].isalpha():
            tokens.append(("", text))
        elif text in _DATE or text in _PLAIN or (set(text) == {"S"} and len(text) <= 6):
            tokens.append((text, ""))
        else:
            known = ", ".join([*_DATE, *_PLAIN, "S"])
            raise ValueError(f"has letters of dates that are not read: {text}; read are {known}")
    return tokens


def _alternative(tokens: list[tuple[str, str]], case: tuple[str, str, str]) -> str:
    year, month, day = case
    days = {"yyyy": year, "uuuu": year, "MM": month, "dd": day}
    parts = []
    for letters, literal in tokens:
        if set(letters) == {"S"}:
            parts.append(f"[0-9]{{{len(letters)}}}")
        elif letters:
            parts.append(days.get(letters) or _PLAIN[letters][0])
        else:
            parts.append("".join(f"\\{c}" if c in r"^$\.*+?()[]{}|/-" else c for c in literal))
    return "".join(parts)
