"""Every indicator comes out as worked out by hand in its specification."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cxaudit.facts import make_facts
from cxaudit.facts.stage import FACT_TABLES
from cxaudit.indicators import CONTEXT, INDICATORS
from cxaudit.measure import Measurement, measure
from cxaudit.measure.cases import Slice
from cxaudit.scorecards import open_scorecard
from tests.indicators.specification import Specification, read_specifications, together
from tests.workspace import workspace

PERIOD = "2026Q3"
SPECIFICATIONS = read_specifications()
DECLARED = INDICATORS | CONTEXT


# Facts whose rows belong to no team: a specification has all rows of its tables.
OF_NO_TEAM = (
    "articles",
    "attempts",
    "bot_sessions",
    "channel_catalogue",
    "follow_ups",
    "outreach",
    "searches",
    "self_service",
    "service_events",
)
# What else tells the rows of one specification from those of another, where it is not the team.
TOLD_BY = {"calls": "category"}


def place(specification: Specification) -> Slice:
    """The slice that is the specification's own: its channel, team or category, else all rows."""
    declared = DECLARED[specification.id]
    if channel := specification.expected.get("channel"):
        return Slice("channel", channel)
    if declared.fact in OF_NO_TEAM or not declared.sliced:
        return Slice()
    return Slice(TOLD_BY.get(declared.fact, "team"), specification.id)


def bundles() -> list[list[Specification]]:
    """Specifications that share a workspace: told apart by their slices, or of different tables."""
    told: dict[tuple[str, ...], list[Specification]] = {}
    whole: list[list[Specification]] = []
    for specification in SPECIFICATIONS.values():
        fact, by = DECLARED[specification.id].fact, place(specification).by
        if by:
            told.setdefault((by, TOLD_BY.get(fact, ""), specification.as_of), []).append(
                specification
            )
            continue
        free = (
            members
            for members in whole
            if members[0].as_of == specification.as_of
            and not any(tables_of(other) & tables_of(specification) for other in members)
        )
        if members := next(free, None):
            members.append(specification)
        else:
            whole.append([specification])
    return [*told.values(), *whole]


def tables_of(specification: Specification) -> set[str]:
    """The tables that the specification's rows are in, and those that its fact is made of."""
    needs = {fact.name: fact.needs for fact in FACT_TABLES}
    fact = DECLARED[specification.id].fact
    return {*specification.tables, *needs.get(fact, ("tickets",))}


BUNDLE_OF = {s.id: members for members in bundles() for s in members}


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Measurement]:
    """Gives the measurement of a specification by its id; a bundle is measured once."""
    results: dict[str, Measurement] = {}

    def of(id: str) -> Measurement:
        if id not in results:
            folder = tmp_path_factory.mktemp("specified")
            results.update(measured_together(folder, BUNDLE_OF[id]))
        return results[id]

    return of


def measured_together(folder: Path, members: list[Specification]) -> dict[str, Measurement]:
    overrides = [
        {"indicator": s.id, "reason": "few rows to work out by hand", "parameters": s.parameters}
        for s in members
        if s.parameters
    ]
    tables = together(members)
    run = workspace(
        folder,
        tables,
        as_of=members[0].as_of,
        overrides=overrides,
        contracts={"required_tables": sorted(tables)},
    )
    make_facts(run)
    everything = measure(run)
    results = {}
    for specification in members:
        found = everything.of(specification.id, PERIOD, place(specification))
        assert found is not None, f"{specification.id} was not measured at all"
        results[specification.id] = found
    return results


def test_every_indicator_has_a_specification() -> None:
    assert set(SPECIFICATIONS) == set(DECLARED), "one file per indicator, named after it"


@pytest.mark.parametrize("id", sorted(SPECIFICATIONS))
def test_a_specification_is_complete(id: str) -> None:
    specification = SPECIFICATIONS[id]
    assert specification.id == id, "the title names the indicator of the file"
    names = {entry["id"]: entry["name"] for entry in open_scorecard()["indicators"]}
    assert specification.name == names.get(id, specification.name), "and as the scorecard does"
    assert {"cases", "missing", "not yet due", "value"} <= set(specification.expected)
    rows = max(len(rows) for rows in specification.tables.values())
    assert 4 <= rows <= 14, "few enough rows to work out, enough to show the rules"


@pytest.mark.parametrize("id", sorted(SPECIFICATIONS))
def test_an_indicator_comes_out_as_worked_out_by_hand(
    id: str, measured: Callable[[str], Measurement]
) -> None:
    specification, found = SPECIFICATIONS[id], measured(id)
    assert found.estimate is not None, f"not measured: {found.reason}"
    counts = {
        "cases": found.estimate.cases,
        "missing": found.estimate.missing,
        "not yet due": found.estimate.not_yet_due,
    }
    worked_out = {name: specification.count(name) for name in counts}
    assert counts == worked_out, f"{id}: other rows than worked out ({found.notes})"
    value = specification.value
    if value is None:
        assert found.estimate.value is None, "there is no such figure"
        assert found.estimate.not_reached, "the curve never comes down so far"
        assert found.estimate.longest_seconds == float(specification.expected["longest"])
    else:
        assert found.estimate.value == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("id", sorted(SPECIFICATIONS))
def test_an_interval_holds_its_estimate(id: str, measured: Callable[[str], Measurement]) -> None:
    estimate = measured(id).estimate
    assert estimate is not None
    if estimate.value is not None:
        low = float("-inf") if estimate.low is None else estimate.low
        high = float("inf") if estimate.high is None else estimate.high
        assert low <= estimate.value <= high
