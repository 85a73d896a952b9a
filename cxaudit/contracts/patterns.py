"""Regular expressions of contracts, written so that every engine reads them alike.

The standard's patterns are those of ECMAScript, searched for anywhere in a text. DuckDB and
pandas read RE2's, Spark reads Java's, PostgreSQL its own. What they read differently is
translated, and what only some can do is refused.
"""

from __future__ import annotations

import re

# What ECMAScript takes for white space and for the end of a line.
SPACE = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
LINE_END = "\n\r\u2028\u2029"
CLASSES = {"d": "0-9", "w": "A-Za-z0-9_", "s": SPACE}
CONTROL = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
SYNTAX = frozenset("^$\\.*+?()[]{}|/-")
QUANTIFIER = re.compile(r"\{(\d+)(,(\d*))?\}")
CODE = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})")
MOST_REPEATS = 1000


def portable(pattern: str) -> str:
    """The pattern as every engine reads it alike; raises ValueError saying what cannot be."""
    parts: list[str] = []
    at, depth = 0, 0
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            text, at = _escaped(pattern, at + 1, in_class=False)
        elif character == "[":
            text, at = _class(pattern, at + 1)
        elif character == ".":
            text, at = f"[^{LINE_END}]", at + 1
        elif character == "(":
            text, at = _group(pattern, at)
            depth += 1
        elif character == "{":
            text, at = _quantifier(pattern, at)
        else:
            depth -= character == ")"
            text, at = character, at + 1
        if depth < 0:
            raise ValueError("closes a group that is not open")
        parts.append(text)
    translated = "".join(parts)
    try:
        re.compile(translated)
    except re.error as error:
        raise ValueError(f"is not a regular expression: {error.msg}") from error
    return translated


def like(pattern: str) -> str:
    """SQL's LIKE pattern as a regular expression that every engine reads alike."""
    anything = f"(?:[^{LINE_END}]|[{LINE_END}])"
    signs = {"%": f"{anything}*", "_": anything}
    return "^" + "".join(signs.get(sign, _literal(sign)) for sign in pattern) + "$"


def _literal(character: str) -> str:
    return f"\\{character}" if character in SYNTAX else character


def _escaped(pattern: str, at: int, in_class: bool) -> tuple[str, int]:
    """What follows a backslash, translated, and where the rest begins."""
    if at >= len(pattern):
        raise ValueError("ends in a backslash")
    character = pattern[at]
    if character in CLASSES:
        inside = CLASSES[character]
        return (inside if in_class else f"[{inside}]"), at + 1
    if character.lower() in CLASSES and not in_class:
        return f"[^{CLASSES[character.lower()]}]", at + 1
    if character in CONTROL:
        return CONTROL[character], at + 1
    if code := CODE.match(pattern, at):
        return _literal(chr(int(code[1] or code[2], 16))), code.end()
    if not character.isalnum():
        return _literal(character), at + 1
    names = {"b": "a word boundary", "B": "a word boundary", "k": "a back-reference"}
    names |= dict.fromkeys("pP", "a property of characters")
    what = "a back-reference" if character.isdigit() else names.get(character, "an escape")
    raise ValueError(f"uses \\{character}, {what} that engines read differently")


def _class(pattern: str, at: int) -> tuple[str, int]:
    """A class of characters from behind its bracket on, translated, and where the rest begins."""
    parts = ["["]
    if pattern[at : at + 1] == "^":
        parts.append("^")
        at += 1
    if pattern[at : at + 1] == "]":
        raise ValueError("has an empty class of characters")
    while at < len(pattern) and pattern[at] != "]":
        if pattern[at] == "\\":
            text, at = _escaped(pattern, at + 1, in_class=True)
        else:
            # Java nests classes and joins them by &&; a bracket or ampersand means itself here.
            text = f"\\{pattern[at]}" if pattern[at] in "[&~" else pattern[at]
            at += 1
        parts.append(text)
    if at >= len(pattern):
        raise ValueError("has a class of characters that does not end")
    return "".join([*parts, "]"]), at + 1


def _group(pattern: str, at: int) -> tuple[str, int]:
    rest = pattern[at:]
    if rest.startswith("(?:"):
        return "(?:", at + 3
    if named := re.match(r"\(\?<[A-Za-z_$][\w$]*>", rest):
        return "(?:", at + named.end()
    if rest.startswith("(?"):
        kind = "a look-around" if re.match(r"\(\?<?[=!]", rest) else "a group with flags"
        raise ValueError(f"uses {rest[:4]}, {kind} that not every engine has")
    return "(", at + 1


def _quantifier(pattern: str, at: int) -> tuple[str, int]:
    found = QUANTIFIER.match(pattern, at)
    if not found:
        raise ValueError("has a brace that is no number of repeats; write it as \\{")
    most = max(int(found[1]), int(found[3] or 0))
    if most > MOST_REPEATS:
        raise ValueError(f"repeats {most} times, and engines take {MOST_REPEATS}")
    return found[0], found.end()
