"""The two planted stories, with what an audit should find of them, and what has no truth."""

from __future__ import annotations

from typing import Any

import numpy as np

from cxaudit.simulate.expected import case_rates
from cxaudit.simulate.journeys import reply_deviation
from cxaudit.simulate.opinion import expected_answers
from cxaudit.simulate.service import (
    CHANNELS,
    CURRENT,
    FALLING_CHANNEL,
    PREVIOUS,
    SLOW_TEAM,
    TEAMS,
    Service,
)
from cxaudit.simulate.waits import Waits

WITHOUT_TRUTH = (
    {
        "id": "spd_first_response",
        "slice": "whole",
        "reason": "no single duration is printed; the truth is per channel",
    },
    {
        "id": "spd_first_response",
        "slice": "phone",
        "reason": "phone is not timed from tickets",
    },
    {
        "id": "spd_first_response_p90",
        "slice": "whole",
        "reason": "no single duration is printed; the truth is per channel",
    },
    {
        "id": "spd_first_response_p90",
        "slice": "phone",
        "reason": "phone is not timed from tickets",
    },
)


def stories(service: Service) -> tuple[dict[str, Any], ...]:
    """What was planted: a team that got slower, and a channel that fell while the total rose."""
    item = service.items["csat"]
    shares = {}
    for name, quarter in (("2026Q2", PREVIOUS), ("2026Q3", CURRENT)):
        answers = expected_answers(service, quarter)
        falling = answers.channel == FALLING_CHANNEL
        shares[name] = {
            "channel": answers.hit_share(item, falling),
            "total": answers.hit_share(item),
        }
    return (
        {
            "id": "slow_team",
            "what": "one team answers and solves half as fast from 2026-07-01 on",
            "team": TEAMS[SLOW_TEAM],
            "indicators": ["spd_first_response", "spd_resolution_rmst"],
            "factor": service.slow_factor,
            "median_first_response_email_seconds": {
                "2026Q2": _team_reply(service, PREVIOUS, 1.0),
                "2026Q3": _team_reply(service, CURRENT, service.slow_factor),
                "2026Q3, other teams": _team_reply(service, CURRENT, 1.0),
            },
        },
        {
            "id": "falling_channel",
            "what": "satisfaction in one channel falls in 2026Q3 while the total rises",
            "channel": CHANNELS[FALLING_CHANNEL],
            "indicators": ["qua_csat"],
            "channel_share_of_cases": {
                "2026Q2": float(service.channel_mix[PREVIOUS, FALLING_CHANNEL]),
                "2026Q3": float(service.channel_mix[CURRENT, FALLING_CHANNEL]),
            },
            "qua_csat": shares,
            "cases_per_day": {
                "2026Q2": float(case_rates(service)[PREVIOUS] * 86400),
                "2026Q3": float(case_rates(service)[CURRENT] * 86400),
            },
        },
    )


def _team_reply(service: Service, span: int, factor: float) -> float:
    """Median first reply by e-mail of one team, in seconds; unanswered cases included."""
    channel = CHANNELS.index("email")
    usual = service.reply_median[channel] * service.pace[span] * factor
    deviation = reply_deviation(service, channel)
    parts = [
        (float(share), Waits.log_normal(float(usual * speed), deviation))
        for share, speed in zip(service.priority_mix, service.reply_priority, strict=True)
    ]
    taken = float(np.sum(service.kind_shares(channel)[:2]))
    return Waits.mixed(parts).thinned(taken).quantile(0.5)
