"""The simulated service: how many come, how they are served, what they answer.

Everything a truth is derived from stands here. A normal effect of an agent or a customer acts on
the logarithm of a time, or on a threshold model of an answer; so variances add and every share
has a closed form.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
TIME_ZONE = "Europe/Berlin"
AS_OF = "2026-10-03T06:00:00Z"
HISTORY_FROM = "2025-05-01"
QUARTERS = ("2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3")
PERIOD = "2026Q3"
# Spans of the simulated time: before the first quarter, the five quarters, after the last.
SPANS = ("before", *QUARTERS, "after")
CURRENT, PREVIOUS = SPANS.index("2026Q3"), SPANS.index("2026Q2")

CHANNELS = ("email", "phone", "chat", "web_form", "messaging", "in_app", "social")
PRIORITIES = ("low", "normal", "high", "urgent")
TEAMS = ("north", "south", "east", "west", "harbour", "hill", "night")
SITES = ("Leipzig", "Leipzig", "Rostock", "Rostock", "Hamburg", "Kassel", "Leipzig")
CATEGORIES = (
    "bill_question",
    "slow_connection",
    "no_connection",
    "contract_change",
    "router_setup",
    "delivery",
    "moving_house",
    "payment",
    "roaming",
    "cancellation",
    "number_transfer",
    "account_access",
)
SEGMENTS = ("consumer", "business", "premium")
LANGUAGES = ("de", "en", "fr", "tr")
MODES = ("email", "sms", "in_app", "web", "ivr")

# What becomes of a case.
SERVED, STUCK, WITHDRAWN, IGNORED = 0, 1, 2, 3
SLOW_TEAM = TEAMS.index("harbour")
FALLING_CHANNEL = CHANNELS.index("chat")


def _table(*rows: tuple[float, ...] | float) -> Floats:
    return np.array(rows, dtype=np.float64)


def _constant(*values: float) -> Floats:
    return np.array(values, dtype=np.float64)


def _channel_mix() -> Floats:
    """Share of the channels by span; chat gives way in the last quarter."""
    usual = (0.28, 0.19, 0.20, 0.13, 0.09, 0.06, 0.05)
    last = (0.28, 0.19, 0.17, 0.12, 0.11, 0.08, 0.05)
    return _table(*(last if span >= CURRENT else usual for span in range(len(SPANS))))


def _category_rates() -> Floats:
    """Primary cases of each category by span, in shares of an ordinary quarter's."""
    usual = _constant(0.17, 0.145, 0.125, 0.11, 0.10, 0.065, 0.06, 0.055, 0.05, 0.045, 0.04, 0.035)
    last = usual * _constant(0.84, 0.90, 0.97, 1.02, 0.90, 1.10, 1.12, 1.05, 1.15, 1.08, 1.10, 1.10)
    return np.stack([last if span >= CURRENT else usual for span in range(len(SPANS))])


def _satisfaction() -> Floats:
    """Mean satisfaction by span of the answer and channel: chat falls while the others rise."""
    base = _constant(0.0, 0.14, 0.12, -0.10, 0.06, 0.12, -0.22)
    rise = (-0.04, -0.04, -0.02, 0.0, 0.0, 0.20, 0.20)
    means = np.stack([base + gain for gain in rise])
    means[CURRENT:, FALLING_CHANNEL] = base[FALLING_CHANNEL] - 0.36
    return means


@dataclass(frozen=True, eq=False)
class Item:
    """A survey question: cut points on `loading` x satisfaction + noise, and who is asked.

    `module` 0 is asked of everybody, 1 to 3 of one customer in three each.
    """

    loading: float
    cuts: tuple[float, ...]
    scale_min: int
    scale_max: int
    module: int
    top: int

    @property
    def top_cut(self) -> float:
        """The cut point above which the answer counts as a hit."""
        return self.cuts[self.top - self.scale_min - 1]


def _five(top_cut: float, loading: float, module: int) -> Item:
    cuts = (top_cut - 0.95, top_cut - 0.45, top_cut, top_cut + 1.2)
    return Item(loading, cuts, 1, 5, module, 4)


def _items() -> dict[str, Item]:
    seven = (-2.1, -1.75, -1.35, -0.86, -0.2, 0.6)
    eleven = (-2.2, -2.0, -1.8, -1.6, -1.4, -1.1, -0.85, -0.5, 0.0, 0.6)
    return {
        "csat": _five(-1.02, 1.0, 0),
        "resolved": Item(0.6, (-1.05,), 0, 1, 0, 1),
        "resolved_first": Item(0.5, (-0.60,), 0, 1, 0, 1),
        "ces": Item(0.9, seven, 1, 7, 1, 5),
        "nps": Item(1.0, eleven, 0, 10, 1, 8),
        "empathy": _five(-0.60, 0.9, 2),
        "individual": _five(-0.55, 0.8, 2),
        "accurate": _five(-0.90, 0.7, 3),
        "honest": _five(-0.66, 0.8, 3),
        "kept_informed": _five(-0.52, 0.8, 3),
    }


@dataclass(frozen=True, eq=False)
class Service:
    """The parameters of the simulated service; times are medians in seconds."""

    tickets_per_quarter: int = 8000
    agents: int = 72
    starts_with: int = 0  # the span the export begins with

    # Who comes, when, about what.
    customers_per_ticket: float = 3.25  # customers for each case of a quarter
    rate_shape: float = 0.8  # gamma shape of the customers' own rates
    day_spread: float = 0.08  # of the logarithm of a day's level
    weekday: Floats = field(
        default_factory=lambda: _constant(1.18, 1.12, 1.08, 1.05, 1.02, 0.8, 0.75)
    )
    channel_mix: Floats = field(default_factory=_channel_mix)
    category_rates: Floats = field(default_factory=_category_rates)
    priority_mix: Floats = field(default_factory=lambda: _constant(0.22, 0.56, 0.17, 0.05))
    complaint_share: float = 0.07

    # Who serves.
    team_shares: Floats = field(
        default_factory=lambda: _constant(0.20, 0.18, 0.16, 0.14, 0.14, 0.10, 0.08)
    )
    volume_spread: float = 0.5
    skill: float = 0.45  # correlation of an agent's effects with one common skill

    # First reply and work after it: logarithms are normal.
    reply_median: Floats = field(
        default_factory=lambda: _constant(
            7.5 * HOUR, 38.0, 44.0, 8.5 * HOUR, 15 * MINUTE, 14 * MINUTE, 5 * HOUR
        )
    )
    reply_spread: Floats = field(
        default_factory=lambda: _constant(1.0, 0.8, 0.85, 1.0, 1.1, 1.1, 1.15)
    )
    reply_priority: Floats = field(default_factory=lambda: _constant(1.35, 1.0, 0.65, 0.4))
    work_median: Floats = field(
        default_factory=lambda: _constant(
            26 * HOUR, 9 * HOUR, 5 * HOUR, 28 * HOUR, 14 * HOUR, 16 * HOUR, 20 * HOUR
        )
    )
    work_spread: float = 1.15
    work_priority: Floats = field(default_factory=lambda: _constant(1.3, 1.0, 0.7, 0.5))
    pace: Floats = field(default_factory=lambda: _constant(1.08, 1.08, 1.06, 1.04, 1.0, 0.97, 0.97))
    agent_reply: float = 0.25
    agent_work: float = 0.25
    customer_reply: float = 0.10
    customer_work: float = 0.20
    slow_factor: float = 2.0  # of the slow team, from the last quarter on

    # Cases that take another way.
    stuck_share: float = 0.022
    stuck_median: float = 27 * DAY
    stuck_spread: float = 0.7
    withdrawn_share: Floats = field(
        default_factory=lambda: _constant(0.008, 0.018, 0.02, 0.01, 0.012, 0.012, 0.014)
    )
    withdrawn_median: Floats = field(
        default_factory=lambda: _constant(
            20 * HOUR, 150.0, 180.0, 20 * HOUR, 2 * HOUR, 2 * HOUR, 15 * HOUR
        )
    )
    withdrawn_spread: float = 0.9
    ignored_share: float = 0.006
    ignored_median: float = 25 * DAY
    ignored_spread: float = 0.6

    # What happens on the way and afterwards: threshold models with an agent's effect.
    transfer_cut: float = -0.86
    agent_transfer: float = 0.30
    escalation_cut: float = -1.05
    agent_escalation: float = 0.35
    return_cut: float = -0.90
    agent_return: float = 0.25
    return_median: float = 2.2 * DAY
    return_spread: float = 0.95
    reopen_share: Floats = field(
        default_factory=lambda: _constant(0.45, 0.15, 0.15, 0.40, 0.40, 0.35, 0.35)
    )
    rework_part: float = 0.6  # of the time from the first to the last solve, that before the reopen
    sticky: float = 0.42  # a return goes to the agent of the case before

    # Satisfaction: unit noise beside these.
    satisfaction: Floats = field(default_factory=_satisfaction)
    agent_satisfaction: float = 0.27
    customer_satisfaction: float = 0.35
    week_satisfaction: float = 0.15
    wait_effect: float = 0.22  # per standard deviation of the logarithm of work time
    stuck_effect: float = -0.55
    transfer_effect: float = -0.22
    complaint_effect: float = -0.75
    category_effect: Floats = field(
        default_factory=lambda: _constant(
            -0.12, -0.15, -0.10, 0.10, 0.15, 0.05, 0.0, 0.05, 0.10, -0.15, 0.05, 0.12
        )
    )
    mode_effect: Floats = field(default_factory=lambda: _constant(0.0, -0.05, -0.06, -0.04, 0.16))
    items: dict[str, Item] = field(default_factory=_items)
    repeat_cut: float = 0.78  # 'had to repeat', of those who came back or were passed on
    repeat_cut_others: float = 1.9
    agent_repeat: float = 0.30
    customer_repeat: float = 0.20

    # Surveys.
    invited: Floats = field(
        default_factory=lambda: _constant(0.82, 0.70, 0.80, 0.78, 0.78, 0.80, 0.65)
    )
    mode_mix: Floats = field(
        default_factory=lambda: _table(
            (0.88, 0.04, 0.0, 0.08, 0.0),
            (0.52, 0.18, 0.0, 0.0, 0.30),
            (0.62, 0.06, 0.12, 0.20, 0.0),
            (0.88, 0.04, 0.0, 0.08, 0.0),
            (0.60, 0.30, 0.10, 0.0, 0.0),
            (0.60, 0.0, 0.40, 0.0, 0.0),
            (0.85, 0.0, 0.0, 0.15, 0.0),
        )
    )
    answered: Floats = field(default_factory=lambda: _constant(0.36, 0.30, 0.40, 0.30, 0.34))
    answered_segment: Floats = field(default_factory=lambda: _constant(0.94, 1.08, 1.15))
    segment_mix: Floats = field(default_factory=lambda: _constant(0.68, 0.22, 0.10))
    invite_after: float = HOUR
    answer_median: float = 9 * HOUR
    answer_spread: float = 1.2

    # Customer records.
    record_missing: float = 0.004
    segment_missing: float = 0.09
    since_missing: float = 0.04
    language_missing: float = 0.14
    preference_missing: float = 0.45
    duplicate_share: float = 0.05

    # Promises, in seconds by channel and priority.
    reply_promise: Floats = field(
        default_factory=lambda: np.outer(
            _constant(24 * HOUR, 90, 120, 24 * HOUR, HOUR, HOUR, 16 * HOUR),
            _constant(1.5, 1.0, 0.6, 0.4),
        )
    )
    solve_promise: Floats = field(
        default_factory=lambda: np.outer(
            _constant(7 * DAY, 3 * DAY, 2 * DAY, 7 * DAY, 4 * DAY, 4 * DAY, 5 * DAY),
            _constant(1.5, 1.0, 0.7, 0.5),
        )
    )

    @property
    def customers(self) -> int:
        """How many customers the service has."""
        return round(self.customers_per_ticket * self.tickets_per_quarter)

    @property
    def work_deviation(self) -> float:
        """Standard deviation of the logarithm of work time over cases, agents and customers."""
        return float(np.sqrt(self.work_spread**2 + self.agent_work**2 + self.customer_work**2))

    def kind_shares(self, channel: int) -> Floats:
        """Shares of served, stuck, withdrawn and ignored cases in a channel."""
        others = (self.stuck_share, self.withdrawn_share[channel], self.ignored_share)
        return _constant(1.0 - sum(others), *others)
