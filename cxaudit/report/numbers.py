"""Figures as people read them: rounded to what their interval supports, in a fitting unit."""

from __future__ import annotations

import math
from dataclasses import dataclass

SPACE = "\u00a0"  # keeps a number and its unit on one line
MINUS = "\u2212"
MINUTE, HOUR, DAY = 60, 3600, 86400


@dataclass(frozen=True)
class Figure:
    """A value with its interval, both as text; `interval` is empty where there is none."""

    value: str
    interval: str = ""

    def __str__(self) -> str:
        return f"{self.value} ({self.interval})" if self.interval else self.value


@dataclass(frozen=True)
class _Scale:
    """How a stored number becomes a drawn one: its factor and the unit's one and many."""

    factor: float
    one: str
    many: str
    signed: bool = False


_SECONDS = _Scale(1, "second", "seconds")
_MINUTES = _Scale(1 / MINUTE, "minute", "minutes")
_HOURS = _Scale(1 / HOUR, "hour", "hours")
_DAYS = _Scale(1 / DAY, "day", "days")
_SCALES = {
    "share": _Scale(100, "%", "%"),
    "share_points": _Scale(100, "point", "points"),
    "relative_change": _Scale(100, "%", "%", signed=True),
    "share_change": _Scale(100, "point", "points", signed=True),
    "score_change": _Scale(1, "point", "points", signed=True),
    "ratio": _Scale(1, "time", "times"),
}
_WHOLE = ("score_change",)
_SHORT = {"seconds": "s", "minutes": "min", "hours": "h", "points": "pts"}


def figure(
    unit: str,
    estimate: float | None,
    low: float | None = None,
    high: float | None = None,
    not_reached: bool = False,
    least: int = 0,
) -> Figure:
    """The value in words with its 95 % interval; "more than …" for a time never reached.

    `least` is the number of decimals printed even where the interval is wide.
    """
    if not_reached and low is not None:
        scale = _scale(unit, low)
        return Figure(f"more than {_with_unit(math.floor(low * scale.factor), 0, scale)}")
    if estimate is None:
        return Figure("no single value")
    scale = _scale(unit, estimate)
    places = 0 if unit in _WHOLE else max(least, _places(estimate, low, high, scale))
    value = _with_unit(estimate * scale.factor, places, scale)
    if low is None or low == high == estimate:  # a census has no interval
        return Figure(value)
    lowest = _number(low * scale.factor, places, scale.signed)
    if high is None:
        return Figure(value, f"{lowest}{SPACE}{scale.many} or more")
    return Figure(value, f"{lowest} to {_with_unit(high * scale.factor, places, scale)}")


def change(unit: str, difference: float | None, current: float | None) -> str:
    """A signed difference, in the unit its current value is drawn in."""
    if difference is None:
        return "–"
    scale = _scale(unit, difference if current is None else max(abs(difference), abs(current)))
    if unit == "share":
        scale = _SCALES["share_points"]
    return _with_unit(
        difference * scale.factor, 1, _Scale(scale.factor, scale.one, scale.many, signed=True)
    )


def short(unit: str, value: float) -> str:
    """A reference value as a label beside an axis: "12 h", "81 %"."""
    scale = _clock(value, 2 * MINUTE, HOUR) if unit == "seconds" else _scale(unit, value)
    number = value * scale.factor
    places = next(p for p in range(3) if p == 2 or math.isclose(number, round(number, p)))
    if unit == "ratio":
        return f"{_number(number, places, scale.signed)}×"
    short_unit = _SHORT.get(scale.many, scale.many)
    one = scale.one if short_unit == scale.many else short_unit
    return _with_unit(number, places, _Scale(1, one, short_unit, scale.signed))


def count(number: float | None) -> str:
    """A whole number with thousands apart; a dash for an unknown one."""
    return "–" if number is None else f"{number:,.0f}"


def counted(number: int, one: str, many: str) -> str:
    """A count with its noun."""
    return f"{count(number)}{SPACE}{one if number == 1 else many}"


def in_a_hundred(share: float) -> str:
    """A share of scenarios or draws as so many in a hundred; never 0 or 100 for what is not."""
    number = 100 * share
    if 0 < number < 1:
        return "under 1 in 100"
    if 99 < number < 100:
        return "over 99 in 100"
    return f"{number:.0f} in 100"


def percent(part: float, whole: float) -> str:
    """A plain share of a known count; says what it is of. Never 0 % for something."""
    if not whole:
        return "–"
    share = 100 * part / whole
    if 0 < share < 1:
        text = "under 1"
    elif 99 < share < 100:
        text = "over 99"
    else:
        text = f"{share:.0f}"
    return f"{text}{SPACE}% of {count(whole)}"


def score(value: float | None) -> str:
    """A score as a whole number: finer than that it is never known."""
    return "–" if value is None else f"{value:.0f}"


def score_interval(low: float | None, high: float | None) -> str:
    """The interval of a score; empty where it has none."""
    return "" if low is None or high is None else f"{score(low)} to {score(high)}"


def said(figure: Figure, unit: str, estimate: float | None) -> str:
    """A figure's value inside a sentence: "none" and "all" for a share of 0 and 1."""
    if unit == "share" and estimate in (0, 1):
        return "all" if estimate else "none"
    return figure.value


def _scale(unit: str, reference: float) -> _Scale:
    if unit != "seconds":
        return _SCALES.get(unit, _Scale(1, "", ""))
    return _clock(reference, 100, 100 * MINUTE)


def _clock(seconds: float, from_minutes: float, from_hours: float) -> _Scale:
    """The unit of time a person would use for a span of this size."""
    size = abs(seconds)
    if size < from_minutes:
        return _SECONDS
    if size < from_hours:
        return _MINUTES
    return _HOURS if size < 2 * DAY else _DAYS


def _places(estimate: float, low: float | None, high: float | None, scale: _Scale) -> int:
    """Decimals that the half-width supports, at most 2; never 0 or 100 % for what is not."""
    half = _half(estimate, low, high)
    half = None if half is None else half * scale.factor
    places = min(2, max(0, -math.floor(math.log10(half)))) if half else 0
    whole = (0.0, 100.0) if scale.many == "%" else (0.0,)
    number = estimate * scale.factor
    while places < 2 and round(number, places) in whole and number not in whole:
        places += 1
    if half is None and scale.many not in ("%", "seconds") and places == 0:
        return 1
    return places


def _half(estimate: float, low: float | None, high: float | None) -> float | None:
    """Half the width of an interval; of an open one, the side that is known."""
    if low is not None and high is not None:
        return abs(high - low) / 2
    known = low if high is None else high
    return None if known is None else abs(estimate - known)


def _number(number: float, places: int, signed: bool) -> str:
    text = f"{abs(number):,.{places}f}"
    if not float(text.replace(",", "")):
        return text
    if number < 0:
        return MINUS + text
    return f"+{text}" if signed else text


def _with_unit(number: float, places: int, scale: _Scale) -> str:
    text = _number(number, places, scale.signed)
    suffix = scale.one if text.lstrip(f"+{MINUS}") == "1" else scale.many
    return f"{text}{SPACE}{suffix}".rstrip()
