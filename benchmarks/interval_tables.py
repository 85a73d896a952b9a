"""The page docs/intervals.md, from the counts that `intervals.py` keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

LEAST, MOST = 0.93, 0.975
MOSTLY = 0.9  # of the services must have a figure, or the cell is not shown
AGENTS, TICKETS = ("12", "40", "150", "forum"), (300, 1500, 8000)
NO_CLUSTERS = " unclustered"
POINTS, TIMES, CHANGES = "score points", "times the truth", "relative change"
UNITS = {
    "score": POINTS,
    "change of score": POINTS,
    "score at kink and end": POINTS,
    "score with variance share": POINTS,
    "median time": TIMES,
    "p90 time": TIMES,
    "restricted mean": TIMES,
    "standardised median": TIMES,
    "change of median time": CHANGES,
    "change of p90 time": CHANGES,
}
Counts = dict[str, float]
Cells = dict[tuple[str, str], Counts]


@dataclass(frozen=True)
class Minimum:
    """Below so many effective clusters (of either dimension) or cases a figure is indicative."""

    clusters: float
    cases: float
    reason: str

    def excuses(self, counts: Counts) -> bool:
        """Whether the average service of a cell is below it."""
        services = counts["services"]
        return (
            counts["clusters"] < self.clusters * services or counts["cases"] < self.cases * services
        )


MINIMUMS = {
    "rare share": Minimum(
        8, 1000, "too wide under 10 hits; too narrow for 8,000 tickets of 7 agents"
    ),
    "weighted survey": Minimum(0, 100, "too wide under 100 answers"),
    "change of weighted survey": Minimum(0, 100, "too wide under 100 answers"),
    "score": Minimum(0, 200, "too wide: limits beyond the last anchors, more than 24 points apart"),
    "change of score": Minimum(8, 200, "too wide, for the same reason"),
    "score at kink and end": Minimum(12, 400, "too wide: the truth is the end of a scale"),
    "score with variance share": Minimum(8, 200, "too wide where agents do not differ"),
}
# Where agents do not differ the truth is the end of the scale, 0: the upper limit cannot miss, and
# what a 95 % interval promises there is 97.5 %.
ONE_SIDED, MOST_ONE_SIDED = "variance share", 0.99
HEAD = """# Intervals: coverage, width, and the clusters they need

Made by `python benchmarks/intervals.py --services {services}`: {services:,} simulated services in
each cell, drawn with agents and customers of their own; nominal 95 % intervals; the truth is that
of all possible agents and customers.

The services (`benchmarks/clustered_services.py`) are not those the formulas were developed on:
Weibull times with gamma frailties of agent and customer; chances that are beta distributed, those
of rare errors with a standard deviation between agents of 0.8 times their mean; customers with
Pareto distributed activity; a quarter of the tickets with the customer's own agent; times censored
3 to 94 days after creation; surveys answered by 12 to 45 %, with weights that are known. Agents are
12, 40 or 150 of equal size, or 401 as unequal as those of a support forum (shares proportional to
(rank + 2) to the power -s, worth 6.7 equal agents). "No clusters": every ticket has latent values
of its own, so neither agents nor customers differ.

Each entry is the coverage in per cent, with the mean width of the interval in brackets. The aim is
93 to 97.5 %; **bold** is outside. A dash: fewer than nine services in ten have the figure. With
{services:,} services a coverage of 95 % is known to one point either way.
"""


MINIMUMS_MEAN = """A figure with fewer effective clusters (of customers or of agents, whichever
are fewer) or fewer cases is indicative; for a score, those of the indicators that have the fewest.
"None": the aim is kept in every cell, down to 6.7 effective agents and 300 tickets (85 answers).
Below 5 effective agents nothing was simulated.

The variance share needs agents with ten answers each; where agents do not differ its truth is 0,
the end of the scale, and 97.5 % is what a 95 % interval promises (99 % is then the upper end of the
aim). Rare shares depend on how unequal agents are: in a first pass of 400 services, with a standard
deviation between agents of 1.3 times the mean, 8,000 tickets of 12 agents covered 91 %. When agents
count as not differing (`statistics/influence.py`) was settled on normal theory and the first 400
services of each cell; the others are fresh."""


def as_markdown(lines: Iterable[dict[str, Any]], services: int) -> str:
    """The whole page."""
    cells = added_up(lines)
    figures = list(dict.fromkeys(figure for figure, _ in cells))
    parts = [HEAD.format(services=services), *_misses(cells, figures), *_tables(cells, figures)]
    return "\n".join(parts) + "\n"


def added_up(lines: Iterable[dict[str, Any]]) -> Cells:
    """The counts of all batches by figure and cell; `whole`: the services simulated."""
    cells: Cells = {}
    whole: Counts = {}
    for line in lines:
        whole[line["cell"]] = whole.get(line["cell"], 0.0) + line["services"]
        for figure, counts in line["counts"].items():
            found = cells.setdefault((figure, line["cell"]), dict.fromkeys(counts, 0.0))
            for key, count in counts.items():
                found[key] += count
    for (_, cell), found in cells.items():
        found["whole"] = whole[cell]
    return cells


def cell_name(agents: str, tickets: int, clustered: bool) -> str:
    """The name of a cell in the file of results."""
    return f"{agents}x{tickets}" + ("" if clustered else NO_CLUSTERS)


def coverage(counts: Counts) -> float:
    """The share of the intervals that hold the truth."""
    return counts["covered"] / counts["services"]


def is_shown(counts: Counts | None) -> bool:
    """Whether most services of the cell have the figure."""
    return counts is not None and counts["services"] >= MOSTLY * counts["whole"]


def misses(figure: str, cell: str, counts: Counts) -> bool:
    """Whether a cell that is shown lies outside the aim."""
    is_one_sided = figure == ONE_SIDED and cell.endswith(NO_CLUSTERS)
    most = MOST_ONE_SIDED if is_one_sided else MOST
    return is_shown(counts) and not LEAST <= coverage(counts) <= most


def _misses(cells: Cells, figures: list[str]) -> Iterator[str]:
    """What misses the aim, and from which minimum on it is kept."""
    yield from (
        "## Minimums",
        "",
        MINIMUMS_MEAN,
        "",
        "| figure | effective clusters | cases | cells below | why |",
    )
    yield "|---|--:|--:|--:|---|"
    left = []
    for figure in figures:
        own = {cell: counts for (name, cell), counts in cells.items() if name == figure}
        missed = {cell: counts for cell, counts in own.items() if misses(figure, cell, counts)}
        minimum = MINIMUMS.get(figure, Minimum(0.0, 0.0, ""))
        excused = [cell for cell, counts in missed.items() if minimum.excuses(counts)]
        left += [
            f"- {figure}, {cell}: {100 * coverage(counts):.1f} %"
            for cell, counts in missed.items()
            if cell not in excused
        ]
        clusters = f"{minimum.clusters:g}" if minimum.clusters else "none"
        cases = f"{minimum.cases:,.0f}" if minimum.cases else "none"
        yield f"| {figure} | {clusters} | {cases} | {len(excused)} | {minimum.reason} |"
    yield from ("", "Outside the aim above its minimum:" if left else "Nothing else is outside.")
    yield from ("", *left, "") if left else ("",)


def _tables(cells: Cells, figures: list[str]) -> Iterator[str]:
    columns = [f"{n:,}" for n in TICKETS] + [f"{n:,}, no clusters" for n in TICKETS]
    for figure in figures:
        yield from (f"## {figure[0].upper()}{figure[1:]}", "")
        yield from (f"Width in {UNITS.get(figure, 'share (0 to 1)')}; tickets a quarter:", "")
        yield "| agents | " + " | ".join(columns) + " |"
        yield "|---|" + "--:|" * len(columns)
        for agents in AGENTS:
            row = [
                _entry(cells, figure, cell_name(agents, tickets, clustered))
                for clustered, tickets in product((True, False), TICKETS)
            ]
            yield f"| {agents} | " + " | ".join(row) + " |"
        yield ""


def _entry(cells: Cells, figure: str, cell: str) -> str:
    counts = cells.get((figure, cell))
    if counts is None or not is_shown(counts):
        return "–"
    shown = f"{100 * coverage(counts):.1f}"
    closed = counts["services"] - counts["open"]
    width = f"{counts['width'] / closed:.2g}" if closed else "open"
    return (f"**{shown}**" if misses(figure, cell, counts) else shown) + f" ({width})"
