"""Service levels of a contract as rules: how fresh, how old, how regular a table's rows are.

Held against the as-of instant of the audit, never against the clock: a quarter audited again
gives the same answer.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from cxaudit.contracts.canonical import custom
from cxaudit.contracts.document import Contract
from cxaudit.contracts.rules import Rule
from cxaudit.contracts.sql import Query, prepare

# The standard's names and short names, and what they are about.
LATENCY, RETENTION, FREQUENCY = (
    ("latency", "ly", "freshness"),
    ("retention", "re"),
    ("frequency", "fy"),
)
UNITS = {
    "s": ("s", "sec", "second", "seconds"),
    "min": ("min", "minute", "minutes"),
    "h": ("h", "hr", "hour", "hours"),
    "d": ("d", "day", "days", ""),
    "w": ("w", "wk", "week", "weeks"),
    "mo": ("mo", "month", "months"),
    "y": ("y", "yr", "year", "years"),
}
SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}
MONTHS = {"mo": 1, "y": 12}
WORDS = {
    "s": "seconds",
    "min": "minutes",
    "h": "hours",
    "d": "days",
    "w": "weeks",
    "mo": "months",
    "y": "years",
}
DURATION = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?"
)


def service_level_rules(
    contract: Contract, as_of: datetime | None, beside: Sequence[Contract] = ()
) -> Iterator[Rule]:
    """The rules of a contract's service levels; one that is not about rows is only declared.

    A level without an id is named by what it is about, and numbered from the second on. Raises
    ValueError for a level that cannot be read, saying why.
    """
    unnamed: Counter[str] = Counter()
    for number, level in enumerate(contract.document.get("slaProperties", [])):
        name = str(level["property"])
        line = contract.line("slaProperties", number)
        for table, column in elements_of(level, contract, beside):
            kind, arguments, description = _rendering(level, column, as_of)
            identity = f"{table}.{column}" if column else table
            identity = f"{identity}.{level.get('id') or name}"
            if not level.get("id"):
                unnamed[identity] += 1
                if (times := unnamed[identity]) > 1:
                    identity = f"{identity}_{times}"
            yield Rule(
                identity,
                table,
                kind,
                custom(level, "severity", "warning"),
                description,
                contract.name,
                column=column,
                columns=(column,) if column else (),
                arguments=arguments,
                dimension="timeliness",
                degrades=tuple(custom(level, "degrades", ())),
                grade_cap=custom(level, "gradeCap", "C"),
                line=line,
            )


def is_checked(level: Mapping[str, Any]) -> bool:
    """Whether a service level is about rows: latency (freshness), retention or frequency."""
    return str(level["property"]).lower() in (*LATENCY, *RETENTION, *FREQUENCY)


def elements_of(
    level: Mapping[str, Any], contract: Contract, beside: Sequence[Contract] = ()
) -> list[tuple[str, str | None]]:
    """The tables and columns a service level is about; raises ValueError where one is not there."""
    first = contract.tables[0]["name"] if contract.tables else ""
    if not level.get("element"):
        if is_checked(level):
            raise ValueError("names no element, such as tickets.created_at")
        return [(first, None)]
    tables = [table for each in (contract, *beside) for table in each.tables]
    found: list[tuple[str, str | None]] = []
    for element in str(level["element"]).split(","):
        table, dot, column = element.strip().rpartition(".")
        table = table if dot or len(contract.tables) != 1 else first
        known = {p["name"] for t in tables if t["name"] == table for p in t.get("properties", [])}
        if column not in known:
            raise ValueError(f"element is not a column of a contract: {element.strip()}")
        found.append((table, column))
    return found


def _rendering(
    level: Mapping[str, Any], column: str | None, as_of: datetime | None
) -> tuple[str, dict[str, Any], str]:
    name = str(level["property"]).lower()
    if column is None or not is_checked(level):
        stated = f"{level['property']}: {level['value']} {level.get('unit', '')}".strip()
        return "declared", {}, " ".join(str(level.get("description") or stated).split())
    amount, unit = span_of(level)
    words = f"{amount:g} {WORDS[unit]}" if amount != 1 else f"1 {WORDS[unit][:-1]}"
    if name in FREQUENCY:
        text = f"There are rows at least every {words}, by {column}"
        return "gap", {"unit": unit, "operator": "mustBeLessOrEqualTo", "bound": amount}, text
    newest = name in LATENCY
    side = "The newest" if newest else "The oldest"
    text = f"{side} {column} is at most {words} before the as-of instant"
    if as_of is None:
        return "declared", {}, text
    # In the unit itself; months and years by the calendar, and so in days.
    is_calendar = unit in MONTHS
    bound = (
        (as_of - _months_before(as_of, int(amount) * MONTHS[unit])) / timedelta(days=1)
        if is_calendar
        else amount
    )
    seconds = 86_400 if is_calendar else SECONDS[unit]
    end = f"{'MAX' if newest else 'MIN'}(EXTRACT(EPOCH FROM {{property}}))"
    query = f"SELECT ({int(as_of.timestamp())} - {end}) / {seconds}.0 FROM {{object}}"
    given = {"query": Query(prepare(query, column)), "operator": "mustBeLessOrEqualTo"}
    return "value", {**given, "bound": bound}, text


def span_of(level: Mapping[str, Any]) -> tuple[float, str]:
    """The amount and unit of a service level; raises ValueError where they cannot be read."""
    value, given = level["value"], str(level.get("unit") or "").strip().lower()
    if isinstance(value, str) and not re.fullmatch(r"\d+(\.\d+)?", value.strip()):
        return _duration(value.strip().upper())
    if isinstance(value, bool) or value is None:
        raise ValueError("value is not a number or a duration such as P3D")
    unit = next((unit for unit, names in UNITS.items() if given in names), None)
    if unit is None:
        known = ", ".join(names[0] for names in UNITS.values())
        hint = "m may be minutes or months; " if given == "m" else ""
        raise ValueError(f"unit {given} is not read: {hint}write one of {known}")
    amount = float(value)
    if unit in MONTHS and amount != int(amount):
        raise ValueError(f"{WORDS[unit]} are whole ones")
    return amount, unit


def _duration(text: str) -> tuple[float, str]:
    found = DURATION.fullmatch(text)
    parts = {
        unit: int(n)
        for unit, n in zip(
            ("y", "mo", "w", "d", "h", "min", "s"), found.groups() if found else (), strict=False
        )
        if n
    }
    if not parts:
        raise ValueError("value is not a number or a duration such as P3D")
    if set(parts) <= set(MONTHS):
        return float(sum(n * MONTHS[unit] for unit, n in parts.items())), "mo"
    if set(parts) & set(MONTHS):
        raise ValueError("value mixes months with days; write one of them")
    if len(parts) == 1:
        unit, amount = next(iter(parts.items()))
        return float(amount), unit
    return float(sum(n * SECONDS[unit] for unit, n in parts.items())), "s"


def _months_before(instant: datetime, months: int) -> datetime:
    """The instant so many months earlier; the last day of a month that has fewer days."""
    total = instant.year * 12 + instant.month - 1 - months
    year, month = max(total // 12, 1), total % 12 + 1
    day = min(instant.day, calendar.monthrange(year, month)[1])
    return instant.replace(year=year, month=month, day=day)
