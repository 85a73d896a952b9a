"""Eight tickets worked by hand: five customers, three agents, two of the times censored."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from cxaudit.statistics import Cases

CUSTOMER = np.array([0, 0, 1, 2, 2, 3, 4, 4])
AGENT = np.array([0, 1, 0, 0, 1, 1, 2, 2])
COLUMNS = {
    "seconds": [1, 2, 2, 3, 4, 5, 6, 8],
    "event": [1, 1, 0, 1, 1, 0, 1, 0],
    "hit": [1, 0, 1, 1, 0, 1, 1, 0],
    "num": [3, 2, 4, 5, 1, 4, 4, 2],
    "den": [4, 4, 5, 5, 4, 4, 5, 4],
    "stratum": [0, 0, 0, 0, 1, 1, 1, 1],
    "value": [100, 50, 75, 100, 25, 75, 50, 0],
}


@pytest.fixture
def eight() -> Cases:
    """The eight tickets of the hand-worked example, with every column."""
    columns = {name: np.array(column, dtype=float) for name, column in COLUMNS.items()}
    return Cases(CUSTOMER, AGENT, np.arange(8), columns)


MakeCases = Callable[..., Cases]


@pytest.fixture
def make() -> MakeCases:
    """Cases from keyword columns; every case its own customer, one agent per case, unless given."""

    def build(customer=None, agent="own", **columns) -> Cases:
        arrays = {name: np.asarray(column, dtype=float) for name, column in columns.items()}
        size = len(next(iter(arrays.values())))
        own = np.arange(size)
        if isinstance(agent, str):
            agent = own
        return Cases(
            own if customer is None else np.asarray(customer),
            None if agent is None else np.asarray(agent),
            own,
            arrays,
        )

    return build
