"""What the report says about change: tested, in words, and what a total hides."""

import pytest

from cxaudit.report import changes, indicators, months, numbers, verdicts

NAMES = {"speed": "Speed", "quality": "Quality"}


@pytest.fixture
def cards(saved, scorecard):
    return indicators.cards(saved["audit"], scorecard)


@pytest.fixture
def found(saved, cards):
    return changes.changes(saved["audit"], cards, NAMES)


def plain(text):
    return text.replace("\u00a0", " ")


def of(found, id):
    return next(row for row in found.rows if row.card.id == id and not row.row["slice"])


def test_a_change_that_may_be_chance_says_what_could_not_be_seen(found):
    said = plain(of(found, "qua_csat").verdict.said)
    assert said == "no demonstrable change (a change under 4.2 points could not be seen)"


def test_what_could_not_be_seen_is_rounded_up(found):
    assert plain(of(found, "acc_reopen_14d").verdict.least) == "1.3 points", "0.0121 is over 1.2"
    assert plain(of(found, "spd_resolution_rmst").verdict.least) == "22 %", "0.215 is over 21 %"


def test_a_demonstrable_change_has_its_interval_and_a_sign(found):
    share, time = of(found, "spd_sla_attainment"), of(found, "spd_resolution_rmst")
    assert plain(share.verdict.said) == "worsened (−2.9 points; −4.6 to −1.2 points)"
    assert plain(time.verdict.said) == "worsened (+19 %; +4 to +36 %)"
    assert share.verdict.mark == "▼" and share.verdict.sense == "worse"


def test_an_untested_change_has_no_verdict(found):
    assert of(found, "qua_fcr_observed").verdict is None
    assert "qua_fcr_observed" not in [row.card.id for plot in found.others for row in plot.rows]


def test_shares_and_times_do_not_share_an_axis(found):
    drawn = {plot.name: [row.card.id for row in plot.rows] for plot in found.shown}
    assert drawn == {
        "Shares, in percentage points": ["spd_sla_attainment"],
        "Times and ratios, in per cent": ["spd_resolution_rmst"],
    }
    assert (found.tested, found.worsened, found.improved) == (4, 2, 0)


def test_no_change_lies_in_the_middle_of_its_axis(found):
    plot = found.shown[0]
    assert plot.across(0) == 50
    assert plot.across(-plot.reach) == 4 and plot.across(2 * plot.reach) == 96


def test_the_headline_names_the_principles_that_changed(found):
    assert found.title == (
        "Since April to June 2026, speed worsened; in one no change can be shown; "
        "eight cannot be compared"
    )


def test_a_year_before_stands_beside(saved):
    pairs = verdicts.of_principles(saved["audit"])
    assert plain(pairs["quality"].year_before.said) == "improved (+5 points; +1 to +9 points)"
    assert pairs["quality"].year_before.period == "July to September 2025"
    assert pairs["speed"].year_before.said == "not comparable: no figure in both periods"


def test_a_channel_that_moves_against_the_total_is_told(found):
    assert [plain(story) for story in found.stories] == [
        "Customer satisfaction (CSAT): no demonstrable change in all (+2.7 points), but in chat "
        "it fell by 4.8 points, to 92 % of 610"
    ]


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ({"cases": 99}, "too few cases"),
        ({"low": 0.85, "high": 0.97}, "its interval holds the earlier figure"),
    ],
)
def test_no_story_is_told_of_what_a_channel_cannot_show(saved, scorecard, part, reason):
    row = next(
        row
        for row in saved["audit"]["indicators"]
        if row["id"] == "qua_csat" and row["slice"] == {"channel": "chat"}
    )
    row |= part
    cards = indicators.cards(saved["audit"], scorecard)
    assert changes.changes(saved["audit"], cards, NAMES).stories == (), reason


def test_mix_and_rate_of_small_channels_are_not_printed(found):
    hidden = {piece.name: piece.suppressed for piece in of(found, "qua_csat").pieces}
    assert hidden == {"Chat": False, "E-mail": False, "Social media": True}


def test_figures_of_another_series_are_named_with_the_reason(saved, cards):
    row = next(row for row in saved["audit"]["changes"] if row["indicator"] == "qua_csat")
    said = "asked on another scale, wholly or in part, in 2026Q2"
    row |= {"broken": said, "previous": None, "change": None, "adjusted": None}
    found = changes.changes(saved["audit"], cards, NAMES)
    assert found.broken == (f"Customer satisfaction (CSAT): {said}.",)


def test_no_earlier_period_means_no_changes(saved, cards):
    saved["audit"]["changes"] = []
    assert changes.changes(saved["audit"], cards, NAMES) is None


def test_a_month_beyond_the_limits_is_told_in_words(saved, cards):
    found = months.months(saved["audit"], cards)
    assert found.title == "One of 2 monthly charts gives a signal"
    [chart] = found.signals
    assert plain(chart.text) == (
        "September 2026 lies above the limits. Centre 84 %, limits 81 % to 87 %."
    )
    assert plain(chart.latest) == "89 % in September 2026"


def test_a_chart_too_young_for_limits_has_none(saved, cards):
    [young] = months.months(saved["audit"], cards).steady
    assert young.limits == () and young.centre is None
    assert plain(young.text) == "2 months: limits take eight."


def test_a_figure_of_a_census_has_no_interval():
    assert numbers.figure("share", 0.07, 0.07, 0.07).interval == ""
