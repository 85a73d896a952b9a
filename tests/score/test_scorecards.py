"""The scorecard with an engagement's departures from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from cxaudit.engagement import Override
from cxaudit.errors import EngagementError
from cxaudit.indicators import INDICATORS
from cxaudit.scorecards import open_scorecard
from cxaudit.scorecards.generate import scorecard_of

REASON = "agreed with the client in writing"


def test_an_override_changes_its_indicator_alone() -> None:
    plain = {e["id"]: e for e in open_scorecard()["indicators"]}
    changed = {
        e["id"]: e
        for e in open_scorecard(
            overrides=[
                Override(
                    indicator="qua_fcr_observed",
                    reason=REASON,
                    weight=2,
                    anchors={"world": 0.95},
                    parameters={"window_days": 14},
                )
            ]
        )["indicators"]
    }
    entry = changed.pop("qua_fcr_observed")
    assert entry["weight"] == 2
    assert entry["anchors"] == {**plain["qua_fcr_observed"]["anchors"], "world": 0.95}
    assert entry["parameters"]["window_days"] == 14
    assert entry["override"]["reason"] == REASON
    assert changed == {id: e for id, e in plain.items() if id != "qua_fcr_observed"}
    assert "override" not in open_scorecard()["indicators"][0], "the next one starts afresh"


def test_a_principle_may_be_given_another_weight_and_nothing_else() -> None:
    override = Override(principle="speed", reason=REASON, weight=2)
    weights = {p["id"]: p["weight"] for p in open_scorecard(overrides=[override])["principles"]}
    assert weights.pop("speed") == 2
    assert set(weights.values()) == {1}
    for wrong in ({"weight": 0}, {"weight": 2, "anchors": {"floor": 1.0}}, {}):
        with pytest.raises(ValidationError, match="a 'weight' above 0 and nothing else"):
            Override.model_validate({"principle": "speed", "reason": REASON, **wrong})
    with pytest.raises(ValidationError, match="exactly one of 'indicator' or 'principle'"):
        Override.model_validate({"principle": "speed", "indicator": "qua_csat", "reason": REASON})


def test_every_wrong_override_is_named_with_the_nearest_name() -> None:
    wrong = [
        Override(principle="sped", reason=REASON, weight=2),
        Override(indicator="qua_cast", reason=REASON),
        Override(indicator="qua_csat", reason=REASON, anchors={"flor": 0.1}),
        Override(indicator="qua_fcr_observed", reason=REASON, parameters={"window": 3}),
        Override(indicator="spd_first_response", reason=REASON, anchors={"floor": 3}),
    ]
    with pytest.raises(EngagementError) as error:
        open_scorecard(overrides=wrong)
    said = str(error.value)
    named = ("'sped'", "'qua_cast'", "'qua_csat'", "'floor'", "'window_days'", "differ by channel")
    for words in named:
        assert words in said, said


@pytest.mark.parametrize(
    ("id", "change"),
    [
        ("qua_csat", {"anchors": {"world": 0.85}}),  # below the target of 0.9
        ("spd_resolution_rmst", {"anchors": {"world": 0}}),  # on a logarithm's scale
        ("acc_reopen_14d", {"anchors": {"floor": 0.01}}),  # fewer is better
        ("qua_fcr_observed", {"parameters": {"window_days": "a week"}}),
        ("qua_csat", {"parameters": {"question_keys": "nps"}}),
    ],
)
def test_an_override_that_makes_no_sense_is_refused(id: str, change: dict[str, Any]) -> None:
    override = Override.model_validate({"indicator": id, "reason": REASON, **change})
    with pytest.raises(EngagementError, match=f"override of '{id}'"):
        open_scorecard(overrides=[override])


def test_every_indicator_that_needs_no_words_is_declared_and_no_other() -> None:
    entries = open_scorecard()["indicators"]
    without_words = {entry["id"] for entry in entries if entry["stage"] in "AB"}
    assert set(INDICATORS) == without_words


@pytest.mark.reference
def test_the_scorecard_is_the_one_the_catalogue_defines(reference_data: Path) -> None:
    text = (reference_data / "measurement" / "catalogue.yaml").read_text(encoding="utf-8")
    assert scorecard_of(yaml.safe_load(text)) == open_scorecard()
