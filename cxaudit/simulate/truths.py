"""The true value of every indicator in the last quarter, derived from the parameters alone.

Truth is the superpopulation value: agents and customers are drawn anew for each seed. None of it
is computed from simulated rows.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from cxaudit.simulate import opinion
from cxaudit.simulate.days import simulated_days
from cxaudit.simulate.expected import case_rates, quarter_window
from cxaudit.simulate.journeys import threshold_share
from cxaudit.simulate.return_truths import people, returns, solves
from cxaudit.simulate.service import CHANNELS, CURRENT, DAY, PRIORITIES, Service
from cxaudit.simulate.speed_truths import NOT_TIMED, reply_waits, resolution, speed
from cxaudit.simulate.strata import Value, cells
from cxaudit.simulate.waits import normal

STRATUM_MINIMUM = 50


@cache
def true_values(service: Service) -> tuple[Value, ...]:
    """Every truth of the last quarter, in the order of the indicators' ids."""
    values = [*speed(service), *resolution(service), *_surveys(service), *returns(service)]
    values += [*_consistency(service), *people(service)]
    return tuple(sorted(values, key=lambda value: (value.id, value.slice)))


def _surveys(service: Service) -> list[Value]:
    answers = opinion.expected_answers(service)
    items = service.items
    how = "normal threshold model, averaged over the expected answers of the quarter"

    def rated(id: str, key: str, where: np.ndarray | slice = slice(None)) -> Value:
        return Value(id, answers.hit_share(items[key], where), "share", how)

    honest = [answers.hit_share(items[key]) for key in ("honest", "kept_informed")]
    people = (service.agent_repeat, service.customer_repeat)
    values = [
        rated("qua_csat", "csat"),
        rated("qua_complaint_recovery", "csat", answers.is_complaint),
        rated("qua_fcr_customer", "resolved_first"),
        rated("axs_ces", "ces"),
        rated("emp_felt_understood", "empathy"),
        rated("per_treated_individual", "individual"),
        rated("acc_customer_rated", "accurate"),
        Value(
            "tra_honesty_rated", float(np.mean(honest)), "share", how + ", mean of two questions"
        ),
        Value(
            "per_no_repeat_info",
            threshold_share(service.repeat_cut, *people),
            "share",
            "normal threshold model",
        ),
    ]
    return [*values, _heard(service, 14, None), _heard(service, 7, "resolved")]


def _heard(service: Service, window_days: int, question: str | None) -> Value:
    """Share of solves, due by as-of, of which we hear by a survey within the window."""
    start, end = quarter_window()
    end = min(end, simulated_days().as_of - window_days * int(DAY))
    taken, every = solves(service, start, end)
    in_time = normal(
        np.log((window_days * DAY - service.invite_after) / service.answer_median)
        / service.answer_spread
    )
    answered = service.invited * opinion.answer_share(service).sum(axis=1) * in_time
    if question:
        answers = opinion.expected_answers(service)
        channels = range(len(CHANNELS))
        item = service.items[question]
        answered = answered * [answers.hit_share(item, answers.channel == c) for c in channels]
    id = "tra_resolution_confirmed" if question else "imp_feedback_coverage"
    how = "chance of an invitation, of an answer and of its delay, over the expected solves"
    return Value(id, float(np.sum(taken * answered) / every.sum()), "share", how)


def _consistency(service: Service) -> list[Value]:
    ratios, weights = [], []
    expected = case_rates(service)[CURRENT] * (quarter_window()[1] - quarter_window()[0])
    for channel, priority, share in cells(service, CURRENT):
        if channel == NOT_TIMED or share * expected < STRATUM_MINIMUM:
            continue
        waits = reply_waits(service, channel, np.eye(len(PRIORITIES))[priority])
        ratios.append(waits.quantile(0.9) / waits.quantile(0.5))
        weights.append(share)
    spread = float(np.average(ratios, weights=weights))
    how = "P90 / P50 of the exact distributions, weighted by the expected cases of the strata"
    icc = opinion.agent_share_of_variance(service)
    return [
        Value("con_response_spread", spread, "ratio", how),
        Value("con_channel_gap", opinion.channel_gap(service), "share_points", "expected shares"),
        Value("con_week_stability", opinion.week_swing(service), "share_points", "week effect"),
        Value("con_agent_icc", icc, "share", "variance of the expected rating between agents"),
    ]
