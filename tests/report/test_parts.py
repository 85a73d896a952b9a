"""Where, who answered, how firmly and how surely: the report's pages beside the scorecard."""

import pytest

from cxaudit.report import grades, indicators, maturity, overall, robustness, surveys, where

NAMES = {"speed": "Speed", "quality": "Quality", "accuracy": "Accuracy"}
INDICATORS = {"qua_csat": "Customer satisfaction (CSAT)"}


def plain(text):
    return text.replace("\u00a0", " ")


@pytest.fixture
def cards(saved, scorecard):
    return indicators.cards(saved["audit"], scorecard)


@pytest.fixture
def teams(saved, cards):
    return next(kind for kind in where.where(saved["audit"], cards).kinds if kind.by == "team")


def test_a_part_that_lies_apart_is_named_in_a_sentence(teams):
    assert teams.title == "Team Billing & returns lies apart, of four teams"
    assert [plain(sentence) for sentence in teams.sentences] == [
        "Team Billing & returns: worse than the other teams in Customer satisfaction (CSAT) "
        "(80 % of 700)."
    ]


def test_a_kind_without_a_part_apart_says_so(saved, cards):
    channels = where.where(saved["audit"], cards).kinds[0]
    assert channels.title == "No channel lies apart from the others"
    assert channels.flagged == () and channels.sentences == ()


def test_small_cells_say_why_they_are_not_shown_and_nothing_else(teams):
    [row] = teams.flagged
    hidden = {cell.name: cell for cell in row.cells if cell.hidden}
    assert {name: cell.hidden for name, cell in hidden.items()} == {
        "Night": "fewer than 3 agents", "Port": "fewer than 10 cases",
    }  # fmt: skip
    assert all(cell.figure.value == cell.base == cell.own == "" for cell in hidden.values())


def test_parts_are_in_the_order_of_their_names(teams):
    names = [cell.name for cell in teams.flagged[0].cells]
    assert names == sorted(names)


def test_the_drawing_holds_every_shown_figure(teams):
    drawn = {cell.name: cell for cell in teams.flagged[0].cells if not cell.hidden}
    assert all(3 <= cell.at <= 97 and 3 <= cell.own_at <= 97 for cell in drawn.values())
    billing = drawn["Billing & returns"]
    assert billing.own_at < billing.at, "drawn towards the others, who are better"


def test_a_pair_of_grades_says_how_likely_each_is():
    assert grades.chances({"A": 0.65, "B": 0.35, "C": 0.0}) == "A 65 in 100 and B 35 in 100"
    assert grades.chances({"A": 0.85, "B": 0.15}) == "", "one letter is sure enough"
    assert grades.chances(None) == ""


def test_a_score_at_the_end_of_its_scale_has_a_sign():
    assert plain(grades.bounded(84.1, ">=")) == "≥ 84"
    assert plain(grades.bounded(30.4, "<=")) == "≤ 30"
    assert grades.bounded(63.0, "") == "63"


def test_the_overall_says_what_compensates_less(saved):
    row = {
        "score": 74.1, "low": 71.2, "high": 76.4, "grade": "C", "grades": "B/C", "bound": "",
        "grade_probability": {"B": 0.3, "C": 0.7}, "geometric": 70.6, "minimum": 38.2,
        "weakest": "speed", "is_capped": True, "coverage_low": 60.0, "coverage_high": 80.0,
    }  # fmt: skip
    even = [{"id": name, "weight": 1.0} for name in ("speed", "quality")]
    found = overall.overall({"overall": row, "principles": even}, NAMES)
    assert found.made_of == "Plain mean of the assessed principles."
    heavier = [entry | {"weight": 2.0 if entry["id"] == "speed" else 1.0} for entry in even]
    other = overall.overall({"overall": row, "principles": heavier}, NAMES)
    assert other.made_of == "Mean of the assessed principles, speed 2, the others 1."
    assert overall.overall_words({"overall": row}, found) == (
        "Overall 74 of 100 (71 to 76), grade B/C; geometric mean 71, lowest principle 38 (speed); "
        "the lowest holds the grade down."
    )


def test_no_overall_says_why():
    audit = {"overall": None, "overall_reason": "4 principles are assessed, 7 are needed"}
    assert overall.overall_words(audit, overall.overall(audit, NAMES)) == (
        "No overall score is stated: 4 principles are assessed, 7 are needed."
    )


def test_a_grade_that_other_choices_change_is_not_robust(saved):
    found = robustness.robustness(saved["audit"], NAMES, INDICATORS)
    assert found.title == "One of two grades holds under most other defensible choices"
    quality = found.of("quality")
    assert not quality.is_robust and quality.same == "41 in 100"
    assert plain(quality.mover) == (
        "Leaving one indicator out: Customer satisfaction (CSAT) (−8 points)"
    )
    assert [part.share for part in quality.assumptions] == ["61 in 100", "5 in 100"]


def test_maturity_stands_beside_performance(saved):
    found = maturity.maturity(saved["audit"], NAMES)
    placed = {
        (name, letter): [level.principle for level in levels]
        for name, columns in found.rows
        for letter, levels in zip("EDCBA-", columns, strict=True)
        if levels
    }
    assert placed["4 Scale", "E"] == ["Speed"]
    assert placed["2 Initiate", "A"] == ["Accuracy"]
    assert found.notes == (
        "Good but not anchored, so it may not last: accuracy.",
        "Anchored and still poor, which points at the way of working itself: speed.",
    )


def test_gates_are_said_in_words(saved):
    level = maturity.maturity(saved["audit"], NAMES).of("speed")
    assert level.next == "level 5 (Embed): reviewed with customers"
    assert [gate["said"] for gate in level.gates][:2] == ["a written rule", "measured every month"]


def test_who_is_silent_is_bounded(saved, cards):
    found = surveys.surveys(saved["audit"], cards)
    weighted, unknown = found.lines
    assert plain(weighted.bounds) == "31 % to 96 %"
    assert [plain(f"{value} {how}") for how, value in weighted.as_readily] == [
        "93 % if half as readily", "77 % if twice as readily",
    ]  # fmt: skip
    assert weighted.agents == "2 of 40" and plain(weighted.coverage) == "52 %"
    assert (unknown.rate, unknown.weighted) == ("not known", "not weighted")
    assert plain(found.title) == (
        "35 % of those asked answered; 1 of 1 figures moves by more than their error"
    )
