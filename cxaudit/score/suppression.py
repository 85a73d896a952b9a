"""Small cells: figures of few cases, or of few people, that are not shown.

A cell can also be worked out as the whole less the cells shown, so what is hidden together has to
be large enough as well: where it is not, the smallest cell shown is hidden too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from cxaudit.measure import Measurement
from cxaudit.measure.cases import Slice

FEWEST_CASES, FEWEST_AGENTS = 10, 3
FEW_CASES = f"fewer than {FEWEST_CASES} cases"
FEW_AGENTS = f"fewer than {FEWEST_AGENTS} agents"
SO_THAT_NO_OTHER = "not shown, so that a smaller part cannot be worked out"
Cell = tuple[str, str, Slice]


def suppressed(measurements: Iterable[Measurement]) -> dict[Cell, str]:
    """Why a figure is not shown, by indicator, period and part; those shown are not in it."""
    measured = [m for m in measurements if m.estimate is not None]
    agents = _agents_of_parts(measured)
    groups: dict[tuple[str, str, str], list[Measurement]] = defaultdict(list)
    for m in measured:
        if m.part.by:
            groups[m.indicator, m.period, m.part.by].append(m)
    wholes = {(m.indicator, m.period): _cases(m) for m in measured if not m.part.by}
    found: dict[Cell, str] = {}
    for (id, period, _), cells in groups.items():
        found |= _of_cells(cells, wholes.get((id, period)), agents)
    return found


def _of_cells(
    cells: Sequence[Measurement], whole: int | None, agents: dict[tuple[str, Slice], int]
) -> dict[Cell, str]:
    """The cells of one indicator, period and kind of part that are not shown."""
    hidden = {_cell(m): why for m in cells if (why := _small(m, agents))}
    if not hidden or whole is None:
        return hidden
    shown = sorted(
        (m for m in cells if _cell(m) not in hidden), key=lambda m: (_cases(m), m.part.value)
    )
    for smallest in shown:
        told = sum(_cases(m) for m in cells if _cell(m) not in hidden)
        if whole - told >= FEWEST_CASES and not _is_one_part_of_few(hidden):
            break
        hidden[_cell(smallest)] = SO_THAT_NO_OTHER
    return hidden


def _is_one_part_of_few(hidden: dict[Cell, str]) -> bool:
    """Whether one part served by few people is all that is hidden, however many its cases."""
    return len(hidden) == 1 and FEW_AGENTS in hidden.values()


def _small(m: Measurement, agents: dict[tuple[str, Slice], int]) -> str:
    if 0 < _cases(m) < FEWEST_CASES:
        return FEW_CASES
    known = m.known_agents or agents.get((m.period, m.part), 0)
    return FEW_AGENTS if 0 < known < FEWEST_AGENTS else ""


def _agents_of_parts(measured: Iterable[Measurement]) -> dict[tuple[str, Slice], int]:
    """The most agents any indicator knows of a part, by period and part."""
    most: dict[tuple[str, Slice], int] = defaultdict(int)
    for m in measured:
        if m.part.by:
            key = (m.period, m.part)
            most[key] = max(most[key], m.known_agents or 0)
    return most


def _cases(m: Measurement) -> int:
    return m.estimate.cases if m.estimate else 0


def _cell(m: Measurement) -> Cell:
    return m.indicator, m.period, m.part
