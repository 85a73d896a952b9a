"""The report's plain words, read once from words.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

NUMBERS = (
    "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip


@cache
def words() -> dict[str, Any]:
    """All plain words by kind: principles, sentences, channels, tables, glossary and so on."""
    path = Path(__file__).parent / "words.yaml"
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def sentence(
    definition: Mapping[str, Any],
    value: str,
    cases: str,
    channel: str = "",
    unreached: bool = False,
    by_chance: bool = False,
) -> str:
    """What an indicator found, as one would say it; its name and value where no words are kept.

    `by_chance`: its interval reaches 0, so that nothing may be called beyond chance.
    """
    kept = words()["not_reached"] if unreached else {}
    text = kept.get(definition["id"]) or words()["sentences"].get(definition["id"])
    if text is None:
        return f"{definition['name']}: {value} of {cases}"
    if by_chance:
        text = text.replace("beyond chance", "which may be chance")
    said = text.format(
        value=value, n=cases, channel=channel_phrase(channel), **definition.get("parameters") or {}
    )
    return re.sub(r" +", " ", said).replace(" (", " (").strip()


def channel_name(channel: str) -> str:
    """A channel's name as a heading; an unknown one as delivered."""
    return str(words()["channels"].get(channel, [channel])[0])


def channel_phrase(channel: str) -> str:
    """A channel as said after a verb: "by e-mail"; empty for none."""
    return str(words()["channels"].get(channel, ["", f"on {channel}"])[1]) if channel else ""


def table_name(table: str) -> str:
    """A table as records one can ask a client for."""
    return str(words()["tables"].get(table, table.replace("_", " ")))


def clock_of(row: Mapping[str, Any]) -> str:
    """The clock that a row of the audit runs on; empty for what is no time."""
    return str(words()["clocks"].get(row.get("clock") or "", ""))


def listed(parts: Iterable[str]) -> str:
    """Parts as one says them: "a, b and c"."""
    items = list(parts)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def capital(text: str) -> str:
    """The text with its first letter as at the start of a sentence."""
    return text[:1].upper() + text[1:]


def number_word(number: int) -> str:
    """Zero to ten in words, larger numbers in figures."""
    return NUMBERS[number] if 0 <= number < len(NUMBERS) else f"{number:,}"
