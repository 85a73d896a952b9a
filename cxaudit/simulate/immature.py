"""What a survival curve shows at as-of when some solves are still going to be undone.

A case solved and reopened only after as-of looks solved for good. The curve of an endless number
of cases created evenly in the quarter is therefore a little below that of the last solves; it is
the value the indicator has at as-of, so it is the truth.
"""

from __future__ import annotations

import numpy as np

from cxaudit.simulate.days import simulated_days
from cxaudit.simulate.expected import quarter_window
from cxaudit.simulate.journeys import ignored_wait, return_share, withdrawn_wait
from cxaudit.simulate.service import CHANNELS, DAY, IGNORED, WITHDRAWN, Floats, Service
from cxaudit.simulate.waits import Waits, normal_nodes

HORIZON = 30 * DAY
STEPS = 1500


def as_seen(service: Service, taken_solves: list[tuple[float, int, Waits]]) -> tuple[float, float]:
    """Restricted mean to 30 days, and share solved by then with withdrawals competing.

    taken_solves: share of the cases, channel, and time to the first solve of those that a person
    takes up, by stratum.
    """
    # Fine where many cases end, and equal steps of the root reach all of the 30 days.
    edges = HORIZON * (np.arange(STEPS + 1) / STEPS) ** 3
    solved, undone = np.zeros(edges.size), np.zeros(edges.size)
    for share, channel, waits in taken_solves:
        kinds = service.kind_shares(channel)
        chance = share * float(kinds[:WITHDRAWN].sum()) * waits.cdf(edges)
        solved += chance
        undone += chance * return_share(service) * float(service.reopen_share[channel])
    withdrawn, ignored = np.zeros(edges.size), np.zeros(edges.size)
    for channel in range(len(CHANNELS)):
        kinds = service.kind_shares(channel)
        share = sum(part for part, c, _ in taken_solves if c == channel)
        withdrawn += share * kinds[WITHDRAWN] * withdrawn_wait(service, channel).cdf(edges)
        ignored += share * kinds[IGNORED] * ignored_wait(service).cdf(edges)
    again = _solved_again(service, edges, undone)
    start, end = quarter_window()
    as_of = simulated_days().as_of
    shortest, longest = float(as_of - end), float(as_of - start)
    reopen = Waits.log_normal(service.return_median, service.return_spread)

    # Cases are followed for `shortest` to `longest`; those followed for longer than an age count
    # at that age. Sums over them, at the edges (at risk) and between them (events).
    earliest = np.maximum(edges, shortest)
    followed = longest - earliest
    middle = 0.5 * (edges[1:] + edges[:-1])
    # Integral over the follow-up of the chance that the reopen is seen by its end.
    step = np.diff(undone)
    seen_late = reopen.area(longest - middle)
    seen = np.array(
        [
            float(step[:k] @ (seen_late[:k] - reopen.area(earliest[k] - middle[:k])))
            for k in range(edges.size)
        ]
    )
    ended = solved + withdrawn + ignored + again
    at_risk = followed * (1 - ended) + seen
    width = 0.5 * (followed[1:] + followed[:-1])
    near = np.maximum(middle, shortest)
    not_undone = step * (seen_late - reopen.area(near - middle))
    last = np.diff(solved + ignored + again) * width - not_undone
    left = np.diff(withdrawn) * width
    risk = 0.5 * (at_risk[1:] + at_risk[:-1])
    survival = np.concatenate([[1.0], np.exp(-np.cumsum((last + left) / risk))])
    mean = float(np.sum(0.5 * (survival[1:] + survival[:-1]) * np.diff(edges)))
    between = np.sqrt(survival[1:] * survival[:-1])
    return mean, float(np.sum(between * last / risk))


def _solved_again(service: Service, edges: Floats, undone: Floats) -> Floats:
    """Share of all cases solved for the second time by each age."""
    z, share = normal_nodes(32)
    delay = service.return_median / service.rework_part * np.exp(service.return_spread * z)
    parts = [
        s * np.interp(edges - d, edges, undone, left=0.0) for s, d in zip(share, delay, strict=True)
    ]
    found: Floats = np.sum(parts, axis=0)
    return found
