"""The derived truths agree with plain estimates from large simulated services."""

from __future__ import annotations

import numpy as np
import pytest

from cxaudit.simulate import true_values
from cxaudit.simulate.draw import draw
from cxaudit.simulate.service import Service
from tests.simulate.estimates import Estimates

# Many small services' worth of agents, so that chance is small; the truths follow the size.
LARGE = Service(tickets_per_quarter=60_000, agents=2_400, starts_with=2)
SEEDS = range(11, 23)
# Chance of the draws alone: that of the mean of the seeds, with few degrees of freedom.
WIDTH = 4.0
# Approximations of the derivation, as part of the truth, see `_no_chance_meeting`.
ALLOWED = {"per_continuity": 0.01, "qua_fcr_observed": 0.001, "spd_stale_backlog": 0.01}


@pytest.fixture(scope="module")
def estimates() -> dict[tuple[str, str], np.ndarray]:
    found = [Estimates(draw(LARGE, seed)).all() for seed in SEEDS]
    return {key: np.array([one[key] for one in found]) for key in found[0]}


TRUTHS = {(v["id"], v["slice"].get("channel", "")): v["truth"] for v in true_values(LARGE)}


@pytest.mark.parametrize("key", sorted(TRUTHS), ids=lambda key: "-".join(filter(None, key)))
def test_truth_is_what_large_services_show(
    key: tuple[str, str], estimates: dict[tuple[str, str], np.ndarray]
) -> None:
    seen, truth = estimates[key], TRUTHS[key]
    chance = WIDTH * seen.std(ddof=1) / np.sqrt(seen.size)
    allowed = chance + ALLOWED.get(key[0], 0.0005) * abs(truth)
    assert abs(seen.mean() - truth) <= allowed, (
        f"{key}: derived {truth:.6g}, simulated {seen.mean():.6g} give or take {chance:.2g}"
    )


def test_every_stage_a_indicator_has_a_truth() -> None:
    assert len({id for id, _ in TRUTHS}) == 28
    assert {channel for id, channel in TRUTHS if id == "spd_first_response"} == {
        "email",
        "chat",
        "web_form",
        "messaging",
        "in_app",
        "social",
    }


def test_estimates_cover_every_truth(estimates: dict[tuple[str, str], np.ndarray]) -> None:
    assert set(TRUTHS) == set(estimates)
