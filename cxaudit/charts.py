"""Figures for the notebooks: one template, one renderer, titles that are messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
import plotly.io as pio

from cxaudit.scorecards import open_scorecard

if TYPE_CHECKING:
    import pandas as pd

INK, MUTE, HAIR = "#17202c", "#566071", "#dfe3e8"
NOW, BAND, BEFORE = "#17407a", "#a9c0e2", "#b3bcc8"
WORSE, BETTER = "#a8400a", "#0b666c"
TYPICAL, TARGET = 50, 75
STATES = ("assessed", "indicative", "not assessed")

# The light form: JupyterLab draws it, and an executed notebook stays small. The only place that
# chooses a renderer.
RENDERER = "plotly_mimetype"

TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": "system-ui, Segoe UI, Helvetica, Arial, sans-serif", "color": INK},
        "title": {"x": 0, "xanchor": "left", "font": {"size": 17}},
        "colorway": [NOW, BEFORE, WORSE, BETTER],
        "plot_bgcolor": "white",
        "paper_bgcolor": "white",
        "margin": {"l": 10, "r": 20, "t": 60, "b": 40},
        "xaxis": {"gridcolor": HAIR, "zeroline": False, "automargin": True},
        "yaxis": {"gridcolor": HAIR, "zeroline": False, "automargin": True},
        "showlegend": False,
    }
)


def scorecard_figure(principles: pd.DataFrame, title: str = "") -> go.Figure:
    """The principles as dots with 95 % intervals on 0 to 100, typical 50 and target 75 marked.

    `principles` has the columns of audit.json: name, state, score, low, high. What needs
    attention is on top; indicative ones are hollow, those not assessed have a name and no dot.
    """
    order = principles.assign(rank=principles["state"].map(STATES.index))
    order = order.sort_values(["rank", "score", "name"], ascending=[False, False, False])
    figure = _figure(title or _scorecard_message(principles))
    figure.update_yaxes(
        type="category", categoryorder="array", categoryarray=list(order["name"]), showgrid=False
    )
    figure.update_xaxes(
        range=[0, 100], tickvals=[0, TYPICAL, TARGET, 100],
        ticktext=["0", "typical 50", "target 75", "100"],
    )  # fmt: skip
    for state, marker in (
        ("assessed", {"color": NOW}),
        ("indicative", {"color": "white", "line": {"color": NOW, "width": 2}}),
    ):
        rows = order[order["state"] == state]
        figure.add_trace(_dots(rows, state, marker))
    absent = order[order["state"] == "not assessed"]
    figure.add_trace(
        go.Scatter(
            x=[0] * len(absent), y=absent["name"], mode="text",
            text=["  not assessed"] * len(absent),
            textposition="middle right", textfont={"color": MUTE}, name="not assessed",
            hoverinfo="skip",
        )
    )  # fmt: skip
    figure.add_vline(TYPICAL, line={"color": BEFORE, "width": 1})
    figure.add_vline(TARGET, line={"color": INK, "width": 1.5})
    return figure.update_layout(height=90 + 34 * len(order))


def change_figure(changes: pd.DataFrame, title: str = "") -> go.Figure:
    """Crude changes of the indicators that are shares, as signed bars in points, worst on top.

    `changes` has the columns indicator and change, as in audit.json; names, units and the better
    direction come from the scorecard. Other units cannot share the axis and are left out.
    """
    known = {entry["id"]: entry for entry in open_scorecard()["indicators"]}
    rows = [
        (known[id], 100 * change)
        for id, change in zip(changes["indicator"], changes["change"], strict=True)
        if id in known and known[id]["unit"] == "share" and change == change
    ]
    rows.sort(key=lambda row: (-_moved(*row), row[0]["id"]))
    figure = _figure(title or _change_message(rows))
    figure.add_trace(
        go.Bar(
            x=[points for _, points in rows],
            y=[entry["name"] for entry, _ in rows],
            orientation="h",
            marker={"color": [WORSE if _moved(*row) < 0 else BETTER for row in rows]},
            text=[_signed(points) for _, points in rows],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x:+.1f} points<extra></extra>",
        )
    )
    reach = 1.25 * max((abs(points) for _, points in rows), default=1)  # room for the labels
    figure.update_xaxes(
        title="change in percentage points, crude",
        range=[-reach, reach],
        zeroline=True,
        zerolinecolor=INK,
    )
    figure.update_yaxes(showgrid=False)
    return figure.update_layout(height=120 + 30 * len(rows))


def _figure(title: str) -> go.Figure:
    pio.renderers.default = RENDERER
    return go.Figure(layout={"template": TEMPLATE, "title": {"text": title}})


def _dots(rows: pd.DataFrame, name: str, marker: dict[str, Any]) -> go.Scatter:
    return go.Scatter(
        x=rows["score"],
        y=rows["name"],
        mode="markers",
        name=name,
        marker={"size": 13, **marker},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": rows["high"] - rows["score"],
            "arrayminus": rows["score"] - rows["low"],
            "color": BAND if name == "assessed" else MUTE,
            "thickness": 7 if name == "assessed" else 2,
            "width": 0,
        },
        customdata=rows[["low", "high"]],
        hovertemplate=(
            "%{y}: %{x:.0f} (%{customdata[0]:.0f} to %{customdata[1]:.0f})<extra></extra>"
        ),
    )


def _scorecard_message(principles: pd.DataFrame) -> str:
    judged = principles[principles["state"] == "assessed"]
    clear = int((judged["low"] >= TARGET).sum())
    return (
        f"{clear} of {len(judged)} assessed principles clearly reach the target; "
        f"{len(principles) - len(judged)} of {len(principles)} cannot be judged yet"
    )


def _change_message(rows: list[tuple[dict[str, Any], float]]) -> str:
    worse = sum(_moved(*row) < 0 for row in rows)
    better = sum(_moved(*row) > 0 for row in rows)
    return f"{better} of {len(rows)} shares are better, {worse} worse: not yet tested"


def _signed(points: float) -> str:
    text = f"{points:+.1f}".replace("-", "\u2212")
    return "0.0" if text[1:] == "0.0" else text


def _moved(entry: dict[str, Any], points: float) -> float:
    """The change, positive where it is for the better."""
    return -points if entry["direction"] == "lower" else points
