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


def test_changes_show_shares_in_points_worst_on_top(saved):
    figure = charts.change_figure(pd.DataFrame(saved["audit"]["changes"]))
    bars = figure.data[0]
    assert bars.y[-1] == "Promised times met (SLA)"
    assert bars.text[-1] == "−3.3"
    assert "Restricted mean time to resolution (30 days)" not in bars.y, "days share no axis"


def test_fewer_reopened_cases_are_drawn_as_better(saved):
    bars = charts.change_figure(pd.DataFrame(saved["audit"]["changes"])).data[0]
    reopened = list(bars.y).index("Reopened within 14 days of solving")
    assert bars.marker.color[reopened] == charts.BETTER


def test_figures_are_small_and_the_renderer_is_chosen_in_one_place(principles):
    figure = charts.scorecard_figure(principles)
    assert len(json.dumps(figure.to_plotly_json(), default=list)) < 9_000
    assert pio.renderers.default == charts.RENDERER
