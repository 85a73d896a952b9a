"""Every indicator comes out as worked out by hand in its specification."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxaudit.facts import make_facts
from cxaudit.indicators import CONTEXT, INDICATORS
from cxaudit.measure import Measurement, measure
from cxaudit.measure.cases import Slice
from cxaudit.scorecards import open_scorecard
from tests.indicators.specification import Specification, read_specifications, together
from tests.workspace import workspace

PERIOD = "2026Q3"
SPECIFICATIONS = read_specifications()
DECLARED = INDICATORS | CONTEXT


def bundle(specification: Specification) -> str:
    """Specifications of one bundle share a workspace; of those without slices few can.

    The two on contacts can: one has its tickets on the phone, which the other leaves out.
    """
    declared = DECLARED[specification.id]
    if declared.per_channel:
        return "by channel"
    if declared.sliced:
        return f"as of {specification.as_of}"
    return "contacts" if declared.fact == "contacts" else specification.id


BUNDLES: dict[str, list[Specification]] = {}
for found in SPECIFICATIONS.values():
    BUNDLES.setdefault(bundle(found), []).append(found)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Measurement]:
    """The measurement of every specification, by its id."""
    results: dict[str, Measurement] = {}
    for members in BUNDLES.values():
        results |= measured_together(tmp_path_factory.mktemp("specified"), members)
    return results


def measured_together(folder: Path, members: list[Specification]) -> dict[str, Measurement]:
    overrides = [
        {"indicator": s.id, "reason": "few rows to work out by hand", "parameters": s.parameters}
        for s in members
        if s.parameters
    ]
    run = workspace(folder, together(members), as_of=members[0].as_of, overrides=overrides)
    make_facts(run)
    everything = measure(run)
    results = {}
    for specification in members:
        found = everything.of(specification.id, PERIOD, part(specification))
        assert found is not None, f"{specification.id} was not measured at all"
        results[specification.id] = found
    return results


def part(specification: Specification) -> Slice:
    if not DECLARED[specification.id].sliced:
        return Slice()
    if channel := specification.expected.get("channel"):
        return Slice("channel", channel)
    return Slice("team", specification.id)


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
    id: str, measured: dict[str, Measurement]
) -> None:
    specification, found = SPECIFICATIONS[id], measured[id]
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


def test_an_interval_holds_its_estimate(measured: dict[str, Measurement]) -> None:
    outside = []
    for id, found in measured.items():
        estimate = found.estimate
        if estimate is None or estimate.value is None:
            continue
        low = float("-inf") if estimate.low is None else estimate.low
        high = float("inf") if estimate.high is None else estimate.high
        if not low <= estimate.value <= high:
            outside.append(f"{id}: {estimate.value} not in {low} to {high}")
    assert not outside, outside
