"""How far principles and the overall moved between the audited period and an earlier one.

Over the indicators (and channels) measured in both periods only: an indicator that came or went
would look like a change of service. Customers and agents who are in both periods count once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd
from scipy.special import stdtrit

from cxaudit.score.indicators import NOT_ASSESSED
from cxaudit.score.overall import PRINCIPLES_FOR_OVERALL, counted
from cxaudit.score.principles import Contribution, Score, Term, shared_out
from cxaudit.statistics import Estimate, composite
from cxaudit.statistics.differences import p_value
from cxaudit.statistics.intervals import t_quantile

# Both periods' estimates of an indicator and channel, by their names.
Adjusted = Mapping[tuple[str, str], tuple[Estimate, Estimate]]
OVERALL = "overall"
ENDS = (-100.0, 100.0)
POWER = 0.8
COLUMNS = (
    "principle",
    "reference",
    "period",
    "difference",
    "low",
    "high",
    "se",
    "df",
    "p",
    "detectable",
    "indicators",
    "of_indicators",
    "adjusted",
    "note",
)


@dataclass(frozen=True)
class PrincipleDifference:
    """Now less before, in score points, over what was measured in both; or why there is none.

    `detectable`: the smallest true difference that four in five such comparisons would show.
    `of_indicators`: how many indicators the audited period's score is made of; `indicators`: how
    many of them the difference is, `adjusted` of these with the mix of cases held fixed.
    """

    principle: str
    reference: str
    period: str
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    se: float | None = None
    df: float | None = None
    p: float | None = None
    detectable: float | None = None
    indicators: int = 0
    of_indicators: int = 0
    adjusted: int = 0
    note: str = ""


@dataclass(frozen=True)
class _Pair:
    """The terms of one principle that both periods have, in the same order and with one share."""

    now: tuple[Term, ...]
    before: tuple[Term, ...]
    indicators: int
    adjusted: int = 0
    broken: int = 0


def principle_differences(
    now: Sequence[Score],
    before: Sequence[Score],
    reference: str,
    period: str,
    adjusted: Adjusted | None = None,
    broken: frozenset[str] = frozenset(),
) -> list[PrincipleDifference]:
    """One row per principle and one for the overall, against one reference.

    `now` and `before` have the same principles; their contributions are of the same reference mix.
    `adjusted`: both estimates of an indicator (and channel, '' for the whole) with one mix of
    cases, which then stand for the scored ones. `broken`: indicators whose earlier figure is of
    another series. The gates hold in both periods: a principle that one of them could not assess
    has no difference.
    """
    rows, pairs = [], {}
    earlier = {score.id: score for score in before}
    for score in now:
        row = PrincipleDifference(score.id, reference, period, of_indicators=len(score.parts))
        was = earlier[score.id]
        others = [part for part in was.parts if part.id not in broken]
        of_another = len({part.id for part in score.parts} & broken)
        pair = replace(_pair(score.parts, others, adjusted or {}), broken=of_another)
        reason = _why_none(score, was, period)
        if not reason and not pair.now:
            reason = "no indicator was measured in both periods"
            reason += ", of one series" if of_another else ""
        if reason:
            rows.append(replace(row, note=reason))
            continue
        pairs[score.id] = pair
        rows.append(_compared(row, [pair], [1.0]))
    rows.append(_of_the_overall(now, before, pairs, reference, period))
    return rows


def differences_frame(rows: Sequence[PrincipleDifference]) -> pd.DataFrame:
    """The rows as the table that is written; numbers that are not there are missing."""
    return pd.DataFrame([vars(row) for row in rows], columns=list(COLUMNS))


def _why_none(now: Score, before: Score, period: str) -> str:
    if now.state == NOT_ASSESSED:
        return f"not assessed: {now.reason}"
    if before.state == NOT_ASSESSED:
        return f"not assessed in {period}: {before.reason}"
    return ""


def _pair(now: Sequence[Contribution], before: Sequence[Contribution], adjusted: Adjusted) -> _Pair:
    earlier = {part.id: part for part in before}
    kept_now, kept_before = [], []
    for part in now:
        other = earlier.get(part.id)
        if other is None:
            continue
        both = set(part.channels) & set(other.channels)
        if part.channels and not both:
            continue
        kept_now.append(_of_channels(part, both))
        kept_before.append(replace(_of_channels(other, both), weight=part.weight))
    if not kept_now:
        return _Pair((), (), 0)
    # The audited period's mix and weights for both: what differs is the service alone.
    terms, were, of_one_mix = [], [], set()
    for term, was in zip(shared_out(kept_now), shared_out(kept_before), strict=True):
        alike = adjusted.get((term.indicator, term.channel))
        if alike and all(estimate.value is not None for estimate in alike):
            of_one_mix.add(term.indicator)
            term, was = replace(term, estimate=alike[0]), replace(was, estimate=alike[1])
        terms.append(term)
        were.append(replace(was, share=term.share))
    return _Pair(tuple(terms), tuple(were), len(kept_now), len(of_one_mix))


def _of_channels(part: Contribution, channels: set[str]) -> Contribution:
    """The part made of some of its channels only, in the order of their names."""
    if not part.channels:
        return part
    terms = sorted((t for t in part.terms if t.channel in channels), key=lambda t: t.channel)
    whole = math.fsum(term.share for term in terms)
    return replace(part, terms=tuple(replace(t, share=t.share / whole) for t in terms))


def _compared(
    row: PrincipleDifference, pairs: Sequence[_Pair], weights: Sequence[float]
) -> PrincipleDifference:
    """The row with the weighted mean difference of the pairs."""
    shares = [weight / math.fsum(weights) for weight in weights]
    of_each = list(zip(pairs, shares, strict=True))
    now = [replace(t, share=t.share * share) for pair, share in of_each for t in pair.now]
    before = [replace(t, share=-t.share * share) for pair, share in of_each for t in pair.before]
    terms = now + before
    indicators, adjusted = sum(p.indicators for p in pairs), sum(p.adjusted for p in pairs)
    broken = sum(pair.broken for pair in pairs)
    absent = row.of_indicators - indicators - broken
    notes = [f"{absent} of its indicators not measured in {row.period}"] if absent else []
    notes += [f"{broken} of its indicators of another series in {row.period}"] if broken else []
    low, high, _ = composite(
        [term.estimate for term in terms],
        [term.share for term in terms],
        [term.value_of for term in terms],
        ends=ENDS,
    )
    value = math.fsum(term.share * _points(term) for term in terms)
    df = min((t.estimate.df for t in terms if t.estimate.df is not None), default=math.inf)
    t = t_quantile(df)
    se = (high - low) / 2.0 / t
    toward_zero = (value - low if value > 0.0 else high - value) / t
    return replace(
        row,
        difference=value,
        low=low,
        high=high,
        se=se,
        df=df,
        p=p_value(value, toward_zero, df),
        detectable=(t + _power_quantile(df)) * se,
        indicators=indicators,
        adjusted=adjusted,
        note="; ".join(notes),
    )


def _of_the_overall(
    now: Sequence[Score],
    before: Sequence[Score],
    pairs: Mapping[str, _Pair],
    reference: str,
    period: str,
) -> PrincipleDifference:
    """The mean difference of the principles assessed in both periods, where they are enough."""
    assessed = {score.id for score in counted(now)} & {score.id for score in counted(before)}
    used = [score for score in now if score.id in assessed and score.id in pairs]
    row = PrincipleDifference(OVERALL, reference, period)
    if len(used) < PRINCIPLES_FOR_OVERALL:
        note = (
            f"{len(used)} principles are assessed in both periods; {PRINCIPLES_FOR_OVERALL} needed"
        )
        return replace(row, note=note)
    row = replace(row, of_indicators=sum(len(score.parts) for score in used))
    return _compared(row, [pairs[score.id] for score in used], [score.weight for score in used])


def _points(term: Term) -> float:
    value = term.estimate.value
    return term.value_of(math.inf if value is None else value)


def _power_quantile(df: float) -> float:
    return float(stdtrit(df if math.isfinite(df) else 1e9, POWER))
