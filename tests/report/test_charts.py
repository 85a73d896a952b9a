"""The notebooks' figures show what the audit says, small and with a message."""

import json

import pandas as pd
import plotly.io as pio
import pytest

from cxaudit import charts


@pytest.fixture
def principles(saved):
    return pd.DataFrame(saved["audit"]["principles"])


def test_the_scorecard_puts_what_needs_attention_on_top(principles):
    figure = charts.scorecard_figure(principles)
    names = list(figure.layout.yaxis.categoryarray)
    assert names[-3:] == ["Consistency", "Quality", "Speed"], "plotly draws the last one on top"
    assert names[0] == "Transparency"


def test_each_state_has_its_own_drawing_and_none_is_lost(principles):
    figure = charts.scorecard_figure(principles)
    assert {trace.name: len(trace.y) for trace in figure.data} == {
        "assessed": 4, "indicative": 2, "not assessed": 4,
    }  # fmt: skip
    speed = list(figure.data[0].y).index("Speed")
    assert figure.data[0].x[speed] == 38.2
    assert figure.data[0].error_x.arrayminus[speed] == pytest.approx(38.2 - 33.4)


def test_titles_are_messages(principles):
    assert charts.scorecard_figure(principles).layout.title.text == (
        "1 of 4 assessed principles clearly reach the target; 6 of 10 cannot be judged yet"
    )


@pytest.fixture
def changes(saved):
    rows = [row for row in saved["audit"]["changes"] if not row["slice"]]
    return charts.change_figure(pd.DataFrame(rows))


def test_changes_show_tested_shares_in_points_worst_on_top(changes):
    dots = changes.data[0]
    assert dots.y[-1] == "Promised times met (SLA)", "plotly draws the last one on top"
    assert dots.x[-1] == pytest.approx(-2.9)
    assert dots.error_x.array[-1] == pytest.approx(1.7), "from -2.9 up to -1.2"
    assert "Restricted mean time to resolution (30 days)" not in dots.y, "days share no axis"
    assert "First-contact resolution, observed" not in dots.y, "it was not tested"


def test_without_a_share_that_was_tested_nothing_is_drawn(saved):
    rows = pd.DataFrame(saved["audit"]["changes"])
    figure = charts.change_figure(rows[rows["indicator"] == "nothing of the scorecard"])
    assert not len(figure.data[0].y)


def test_only_what_is_demonstrable_has_a_colour(changes):
    colours = dict(zip(changes.data[0].y, changes.data[0].marker.color, strict=True))
    assert colours["Promised times met (SLA)"] == charts.WORSE
    assert colours["Customer satisfaction (CSAT)"] == charts.BEFORE
    assert changes.layout.title.text == (
        "Of 3 shares tested, 1 worsened and 0 improved demonstrably"
    )


def test_fewer_reopened_cases_are_drawn_as_better(changes):
    names = list(changes.data[0].y)
    assert names.index("Reopened within 14 days of solving") < names.index(
        "Promised times met (SLA)"
    ), "0.7 points fewer reopened cases are no worsening"


def test_parts_are_by_name_and_what_is_not_shown_is_left_out(saved):
    segments = pd.DataFrame(saved["audit"]["segments"])
    figure = charts.parts_figure(segments, "qua_csat", "team")
    names = list(figure.data[0].y)
    assert names == sorted(names, reverse=True) and len(names) == 2
    assert "Billing & returns worse than the others" in figure.layout.title.text


def test_a_run_chart_rings_the_months_that_give_a_signal(saved):
    months = [
        {"indicator": row["indicator"], "by": "", **month}
        for row in saved["audit"]["charts"]
        for month in row["months"]
    ]
    figure = charts.run_chart_figure(pd.DataFrame(months), "qua_csat")
    assert list(figure.data[-1].x) == ["2026-09"]
    assert figure.layout.title.text == "qua_csat by month: 1 of 9 months give a signal"


def test_figures_are_small_and_the_renderer_is_chosen_in_one_place(principles):
    figure = charts.scorecard_figure(principles)
    assert len(json.dumps(figure.to_plotly_json(), default=list)) < 9_000
    assert pio.renderers.default == charts.RENDERER
