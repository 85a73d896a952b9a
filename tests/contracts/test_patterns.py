"""Patterns and formats of contracts say the same to every engine, or are refused."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from cxaudit.contracts.formats import FORMATS, date_pattern
from cxaudit.contracts.patterns import like, portable

TEXTS = ("abc", "a1", "a-1", "é", "a\nb", "a\rb", "a\u00a0b", "٣", "", "a/b", "[x]", "x&y")


def matched(pattern: str, texts: tuple[str, ...] = TEXTS) -> tuple[list[str], list[str]]:
    """The texts in which RE2 finds a pattern, and those in which Python does."""
    found = pc.match_substring_regex(pa.array(texts), pattern).to_pylist()
    by_re2 = [text for text, is_found in zip(texts, found, strict=True) if is_found]
    return by_re2, [text for text in texts if re.search(pattern, text)]


TRANSLATED = [
    (r"\d", ["a1", "a-1"]),
    (r"^\w+$", ["abc", "a1"]),
    (r"a\sb", ["a\nb", "a\rb", "a\u00a0b"]),
    ("a.b", ["a\u00a0b", "a/b"]),
    (r"a\/b", ["a/b"]),
    (r"[\d/]", ["a1", "a-1", "a/b"]),
    ("^[[x]", ["[x]", "x&y"]),
    ("[&]", ["x&y"]),
    ("(?<letter>b)c", ["abc"]),
    (r"\u00e9", ["é"]),
    ("^$", [""]),
]


@pytest.mark.parametrize(("pattern", "texts"), TRANSLATED)
def test_a_pattern_of_ecmascript_finds_the_same_everywhere(pattern: str, texts: list[str]) -> None:
    assert matched(portable(pattern)) == (texts, texts)


REFUSED = [
    ("^(?=a)", "look-around"),
    ("(?<!a)b", "look-around"),
    (r"(a)\1", "back-reference"),
    (r"\bword", "word boundary"),
    (r"\p{L}", "property of characters"),
    ("(?i)a", "flags"),
    ("a{", "brace"),
    ("a{2000}", "repeats 2000 times"),
    ("[a", "does not end"),
    ("a)", "not open"),
    ("(a", "not a regular expression"),
    ("a\\", "backslash"),
]


@pytest.mark.parametrize(("pattern", "why"), REFUSED)
def test_what_engines_read_differently_is_refused(pattern: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        portable(pattern)


def test_like_takes_every_character_for_its_signs() -> None:
    assert matched(like("a%b")) == (["a\nb", "a\rb", "a\u00a0b", "a/b"],) * 2
    assert matched(like("_1")) == (["a1"],) * 2
    assert matched(like("[x]")) == (["[x]"],) * 2


FORMED = [
    ("email", "ada.l@example.com", ["ada", "a@b", "a b@example.com", "@example.com"]),
    (
        "uuid",
        "123e4567-e89b-12d3-a456-426614174000",
        ["123e4567", "123e4567e89b12d3a456426614174000"],
    ),
    ("uri", "https://example.com/a?b=c", ["example.com/a", "https://exa mple.com"]),
    ("ipv4", "192.168.0.255", ["192.168.0.256", "1.2.3", "1.2.3.4.5"]),
    ("hostname", "help.example.com", ["-a.example.com", "a_b"]),
]


@pytest.mark.parametrize(("name", "good", "bad"), FORMED)
def test_formats_of_texts(name: str, good: str, bad: list[str]) -> None:
    assert matched(FORMATS[name], (good, *bad)) == ([good], [good])


def test_a_date_pattern_takes_the_days_of_the_calendar_and_no_others() -> None:
    pattern = re.compile(date_pattern("dd.MM.yyyy"))
    day = date(1896, 1, 1)
    while day.year < 2105:
        assert pattern.search(f"{day:%d.%m.%Y}"), day
        day += timedelta(days=1)
    others = ("29.02.1900", "30.02.2000", "31.04.2024", "00.01.2020", "1.1.2020", "01.01.0000")
    assert not [text for text in others if pattern.search(text)]


def test_letters_of_dates_that_are_not_read_are_refused() -> None:
    with pytest.raises(ValueError, match="not read: MMM"):
        date_pattern("dd MMM yyyy")
