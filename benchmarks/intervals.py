"""Do nominal 95 % intervals hold, and from how many clusters and cases on? Simulated services.

    python benchmarks/intervals.py [--services 2000] [--cells 12x300 forumx8000 ...] [--processes 1]

Cells: 12, 40 and 150 equal agents, and 401 agents as unequal as those of a support forum (worth 6.7
equal ones) x 300, 1,500 and 8,000 tickets a quarter x with and without clustering. The services are
those of `clustered_services.py`; each is drawn anew with its agents and customers, the truth is
that of all possible ones. Counts are kept in a file of results, 50 services a line, so that a run
that was stopped goes on where it ended; the file belongs to one version of the statistics: delete
it when they change. Writes docs/intervals.md.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import interval_tables
from benchmarks.clustered_services import (
    REFERENCE,
    TAU,
    Quarter,
    service,
    true_values,
)
from benchmarks.interval_tables import AGENTS, TICKETS
from cxaudit.statistics import (
    Cases,
    Estimate,
    Strata,
    composite,
    difference,
    share,
    survival_mean,
    survival_quantile,
    variance_share,
)

ROOT = Path(__file__).resolve().parents[1]

BATCH = 50
ANSWERS_PER_AGENT = 10
POINTS = (0.0, 50.0, 75.0, 100.0)

Interval = tuple[float | None, float | None, float | None]  # estimate, low, high
Utility = Callable[[float], float]
COUNTS = ("services", "covered", "too_low", "too_high", "open", "width", "clusters", "cases")


@cache
def truths(clustered: bool) -> dict[str, tuple[float, float]]:
    """True values of this quarter and the one before."""
    return true_values(clustered)


def estimates(quarter: Quarter) -> dict[str, Estimate]:
    """Every statistic of one quarter."""
    tickets, answers = quarter.tickets, quarter.answers
    by = Strata(quarter.stratum, REFERENCE)
    errors = Cases(tickets.customer, tickets.agent, tickets.row, {"hit": tickets.columns["rare"]})
    return {
        "share": share(tickets),
        "rare share": share(errors),
        "weighted survey": share(answers),
        "standardised share": share(tickets, strata=by),
        "median time": survival_quantile(tickets, 0.5),
        "p90 time": survival_quantile(tickets, 0.9),
        "restricted mean": survival_mean(tickets, TAU),
        "standardised median": survival_quantile(tickets, 0.5, by),
        "variance share": variance_share(tickets, ANSWERS_PER_AGENT),
    }


def utility(places: Iterable[float], scale: Callable[[float], float]) -> Utility:
    """From a value to 0-100: linear on `scale` between four anchors, flat outside."""
    at = np.array([scale(place) for place in places])
    sign = 1.0 if at[-1] > at[0] else -1.0

    def score(value: float) -> float:
        place = -math.inf if scale is math.log and value <= 0.0 else scale(value)
        return float(np.interp(sign * place, sign * at, POINTS))

    return score


def anchors(name: str, truth: float, at: str) -> Utility:
    """Anchors around a true value, so that it lies between two of them, or on one.

    `at`: 'inside' (between typical and target), 'target' (on it), 'world' (on the last, where the
    score ends).
    """
    steps = {"inside": (-3.0, -1.0, 1.0, 2.5), "target": (-4.0, -2.0, 0.0, 1.5)}.get(
        at, (-5.5, -3.5, -1.5, 0.0)
    )
    if "time" in name or "mean" in name:
        return utility([truth * 1.6**-step for step in steps], math.log)
    width = -0.02 if name == "variance share" else 0.06
    return utility([truth + width * step for step in steps], float)


SCORES = {
    "score": {"weighted survey": "inside", "median time": "inside", "restricted mean": "inside"},
    "score at kink and end": {"share": "target", "median time": "world", "p90 time": "inside"},
    "score with variance share": {
        "variance share": "inside",
        "standardised share": "inside",
        "weighted survey": "inside",
    },
}


@cache
def utilities(name: str, clustered: bool) -> dict[str, Utility]:
    """The functions of one score, with anchors around this quarter's truths."""
    return {
        statistic: anchors(statistic, truths(clustered)[statistic][0], at)
        for statistic, at in SCORES[name].items()
    }


def true_score(name: str, clustered: bool, quarter: int) -> float:
    """The score at the true values."""
    by = utilities(name, clustered)
    return sum(by[s](truths(clustered)[s][quarter]) for s in by) / len(by)


def intervals(quarters: tuple[Quarter, Quarter], clustered: bool) -> Iterator[dict[str, Any]]:
    """Each figure of a service: its name, truth, limits, unit of width, clusters and cases."""
    now, before = (estimates(quarter) for quarter in quarters)
    true = truths(clustered)
    for name, found in now.items():
        truth = true[name][0]
        if found.value is None and not found.not_reached:
            continue
        unit = truth if found.scale == "log" else 1.0
        yield figure(name, truth, found.low, found.high, unit, [found])
    for name in ("share", "weighted survey", "median time", "p90 time"):
        change = difference(now[name], before[name])
        if change.low is None and change.high is None:
            continue
        after, earlier = true[name]
        truth = after - earlier if change.scale == "natural" else after / earlier - 1.0
        pair = [now[name], before[name]]
        yield figure(f"change of {name}", truth, change.low, change.high, 1.0, pair)
    for name in SCORES:
        by = utilities(name, clustered)
        parts, functions = [now[s] for s in by], list(by.values())
        if any(part.value is None and not part.not_reached for part in parts):
            continue
        each = [1.0 / len(parts)] * len(parts)
        low, high, _ = composite(parts, each, functions)
        yield figure(name, true_score(name, clustered, 0), low, high, 1.0, parts)
        if name == "score":
            parts += [before[s] for s in by]
            both = [*each, *(-c for c in each)]
            low, high, _ = composite(parts, both, functions * 2, (-100.0, 100.0))
            truth = true_score(name, clustered, 0) - true_score(name, clustered, 1)
            yield figure("change of score", truth, low, high, 1.0, parts)


def figure(
    name: str,
    truth: float,
    low: float | None,
    high: float | None,
    unit: float,
    parts: list[Estimate],
) -> dict[str, Any]:
    """One interval against its truth, as counts."""
    below, above = low is not None and truth < low, high is not None and truth > high
    is_open = low is None or high is None
    clusters = [c for p in parts for c in (p.effective_customers, p.effective_agents) if c]
    return {
        "name": name,
        "services": 1,
        "covered": int(not below and not above),
        "too_low": int(above),
        "too_high": int(below),
        "open": int(is_open),
        "width": 0.0 if low is None or high is None else (high - low) / unit,
        "clusters": min(clusters),
        "cases": float(min(part.cases for part in parts)),
    }


def batch(agents: str, tickets: int, clustered: bool, first: int) -> dict[str, Any]:
    """The counts of one batch of services."""
    counts: dict[str, dict[str, float]] = {}
    for number in range(first, first + BATCH):
        seed = (AGENTS.index(agents), tickets, int(clustered), number)
        rng = np.random.default_rng(seed)
        for entry in intervals(service(rng, agents, tickets, clustered), clustered):
            line = counts.setdefault(entry["name"], dict.fromkeys(COUNTS, 0.0))
            for key in COUNTS:
                line[key] += entry[key]
    cell = interval_tables.cell_name(agents, tickets, clustered)
    return {"cell": cell, "first": first, "services": BATCH, "counts": counts}


def run(cells: list[str], services: int, processes: int, results: Path) -> None:
    """Simulate the batches that the file of results does not hold yet."""
    done = {(line["cell"], line["first"]) for line in read(results)}
    waiting = [
        (agents, tickets, clustered, first)
        for first in range(0, services, BATCH)
        for agents, tickets, clustered in product(AGENTS, TICKETS, (True, False))
        if f"{agents}x{tickets}" in cells
        and (interval_tables.cell_name(agents, tickets, clustered), first) not in done
    ]
    results.parent.mkdir(parents=True, exist_ok=True)
    with results.open("a", encoding="utf-8") as file:
        for number, line in enumerate(simulated(waiting, processes), start=1):
            file.write(json.dumps(line) + "\n")
            file.flush()
            if sys.stderr.isatty():
                print(f"\r{number} of {len(waiting)} batches", end="", file=sys.stderr)


def simulated(waiting: list[tuple[str, int, bool, int]], processes: int) -> Iterator[Any]:
    """The counts of the batches, in their order."""
    if processes == 1:
        yield from (batch(*arguments) for arguments in waiting)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(batch, *zip(*waiting, strict=True)) if waiting else ()


def read(results: Path) -> Iterator[dict[str, Any]]:
    """The lines of a file of results; nothing where there is none."""
    if results.is_file():
        for line in results.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def main() -> None:
    """Simulate what is missing and write the tables."""
    every = [f"{agents}x{tickets}" for agents, tickets in product(AGENTS, TICKETS)]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--services", type=int, default=2000)
    parser.add_argument("--cells", nargs="+", default=every, choices=every)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument(
        "--results", type=Path, default=ROOT / "benchmarks/.results/intervals.jsonl"
    )
    parser.add_argument("--output", type=Path, default=ROOT / "docs/intervals.md")
    given = parser.parse_args()
    run(given.cells, given.services, given.processes, given.results)
    lines = [line for line in read(given.results) if line["first"] < given.services]
    text = interval_tables.as_markdown(lines, given.services)
    given.output.parent.mkdir(parents=True, exist_ok=True)
    given.output.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
