"""The verdict claims what whole intervals support, and nothing more."""

import pytest

from cxaudit.indicators import CONTEXT, INDICATORS
from cxaudit.report import indicators, missing, principles, where, wording
from cxaudit.report.words import sentence, words
from cxaudit.score.scenarios import (
    AGGREGATION,
    ANCHORS,
    IMPORTANCE,
    LEFT_OUT,
    NORMALISER,
    WEIGHTS,
    WITHDRAWN,
)

NO_OVERALL = "No overall score is stated."


def made(saved, scorecard):
    cards = indicators.cards(saved["audit"], scorecard)
    gaps = missing.gaps(cards, saved["validation"])
    return principles.principles(saved["audit"], scorecard, cards, gaps)


def with_scores(saved, **scores):
    """The invented audit with the named principles assessed at (low, score, high), no others."""
    for row in saved["audit"]["principles"]:
        low, score, high = scores.get(row["id"], (None, None, None))
        state = "not assessed" if score is None else "assessed"
        row |= {"state": state, "low": low, "score": score, "high": high}
    return saved


@pytest.mark.parametrize(
    ("scores", "verdict"),
    [
        (
            {"speed": (30, 40, 49), "quality": (76, 80, 84)},
            "Matters get resolved, but customers wait too long; "
            "eight of the ten principles cannot be judged yet.",
        ),
        (
            {"speed": (30, 40, 49), "accuracy": (60, 65, 70)},
            "Customers wait too long; eight of the ten principles cannot be judged yet.",
        ),
        (
            {"accuracy": (60, 65, 70)},
            "More could be right the first time; nine of the ten principles cannot be judged yet.",
        ),
        (
            {"quality": (70, 78, 86), "speed": (66, 72, 78)},
            "On quality and speed the service is near its target, too close to call either way; "
            "eight of the ten principles cannot be judged yet.",
        ),
        (
            {},
            "The service cannot be judged yet, too little of it is in the data.",
        ),
    ],
)
def test_verdict_follows_from_where_whole_intervals_lie(saved, scorecard, scores, verdict):
    assert wording.verdict(made(with_scores(saved, **scores), scorecard)) == verdict


def test_an_indicative_principle_never_enters_the_verdict(saved, scorecard):
    with_scores(saved, speed=(30, 40, 49))
    speed = next(row for row in saved["audit"]["principles"] if row["id"] == "speed")
    speed["state"] = "indicative"
    verdict = wording.verdict(made(saved, scorecard))
    assert "wait" not in verdict
    assert "first signs on speed only" in verdict


def test_where_nothing_can_be_judged_the_most_telling_figure_is_said(saved, scorecard):
    found = made(with_scores(saved), scorecard)
    assert wording.verdict(found, "One customer in ten waits more than 96 days") == (
        "The service cannot be judged yet, too little of it is in the data; "
        "what is known: one customer in ten waits more than 96 days."
    )


def test_a_principle_not_assessed_says_what_little_is_known(saved, scorecard):
    lines = {p.id: p.line.replace("\u00a0", " ") for p in made(saved, scorecard)}
    assert lines["transparency"] == (
        "For 22 % of 7,020 solved cases, the customer confirmed the solution. "
        "Too little data: 31 answers; 80 needed"
    )


def test_how_sure_counts_what_is_clear_what_is_close_and_what_is_unknown(saved, scorecard):
    said = " ".join(wording.how_sure(saved["audit"], made(saved, scorecard), NO_OVERALL))
    assert "Four of ten principles are measured well enough to be judged" in said
    assert "one clearly at or above the target of 75, two clearly below it" in said
    assert "Two rest on too little that is measured (hatched), four could not be assessed." in said
    assert "1 of 29 indicators is not measured by this version yet; 28 were looked at." in said
    assert said.endswith(NO_OVERALL)


def test_how_sure_counts_rows_of_the_audited_period_alone(saved, scorecard):
    said = wording.how_sure(saved["audit"], made(saved, scorecard), NO_OVERALL)[0].replace(
        "\u00a0", " "
    )
    assert "on 8,012 tickets and 8,760 survey records:" in said
    assert "messages" not in said  # the ledger keeps those of all periods


def test_a_draft_says_how_much_of_the_contracts_failed(saved):
    reasons = [r.replace("\u00a0", " ") for r in wording.status_reasons(saved["audit"])]
    assert reasons == [
        "no reviewer has signed it off", "1 check of the data contracts failed (12 rows)",
    ]  # fmt: skip


def test_what_may_be_chance_is_not_called_beyond_it(saved, scorecard):
    cards = indicators.cards(saved["audit"], scorecard)
    assert "beyond chance" in cards["con_channel_gap"].sentence  # its interval ends above 0
    assert "which may be chance" in cards["con_week_stability"].sentence
    assert "beyond chance" not in cards["con_week_stability"].sentence


def test_principles_are_sorted_by_what_needs_attention(saved, scorecard):
    names = [p.id for p in made(saved, scorecard)]
    assert names[:6] == [
        "speed", "quality", "consistency", "accuracy", "empathy", "continuous_improvement",
    ]  # fmt: skip
    assert set(names[6:]) == {
        "accessibility", "personalization", "proactivity", "transparency",
    }  # fmt: skip


def test_a_principle_not_assessed_says_which_data_would_change_it(saved, scorecard):
    lines = {p.id: p.line for p in made(saved, scorecard)}
    assert lines["personalization"] == "Needs customer records"
    assert lines["proactivity"] == "cxaudit does not measure any of its indicators yet"


def test_a_question_never_asked_is_named_without_asking_for_data(saved, scorecard):
    lines = {p.id: p.line for p in made(saved, scorecard)}
    assert lines["accessibility"] == ("Not asked in any survey: “Did we make it easy for you?”")


def test_every_indicator_that_is_measured_has_a_sentence_of_its_own():
    assert set(INDICATORS) == set(words()["sentences"])


def test_every_figure_beside_has_a_name_and_one_group():
    grouped = [id for ids in words()["context_groups"].values() for id in ids]
    assert sorted(grouped) == sorted(set(grouped)), "in one group each"
    assert set(CONTEXT) == set(grouped) == set(words()["context"])


def test_every_assumption_and_kind_of_part_has_words():
    assumptions = (WEIGHTS, ANCHORS, AGGREGATION, NORMALISER, LEFT_OUT, WITHDRAWN, IMPORTANCE)
    assert set(assumptions) <= set(words()["assumptions"])
    assert set(where.KINDS) == set(words()["kinds"])


def test_every_sentence_can_be_said_with_the_parameters_of_its_indicator(scorecard):
    for entry in scorecard["indicators"]:
        said = sentence(entry, "84 %", "1,934", "email")
        assert "84 %" in said, entry["id"]
        assert "1,934" in said, entry["id"]
        assert "{" not in said, entry["id"]


def test_every_principle_of_the_scorecard_has_words(scorecard):
    ids = {entry["principle"] for entry in scorecard["indicators"]}
    assert ids == set(words()["principles"])


def test_none_and_all_are_said_for_a_share_of_0_and_1(saved, scorecard):
    cards = indicators.cards(saved["audit"], scorecard)
    assert cards["qua_complaint_recovery"].sentence == (
        "In none of 74 answers after a complaint, the customer was satisfied in the end"
    )
