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
SHARES = ("share", "share_points")
VERDICT_COLOURS = {"worsened": WORSE, "improved": BETTER}
HOLLOW = {"line": {"color": NOW, "width": 2}}
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
    for state, colour, look in (
        ("assessed", NOW, {"band": BAND, "thickness": 7}),
        ("indicative", "white", {"band": MUTE, "thickness": 2, "marker": HOLLOW}),
    ):
        rows = order[order["state"] == state]
        hover = "%{y}: %{x:.0f} (%{customdata[0]:.0f} to %{customdata[1]:.0f})"
        ends = rows[["score", "low", "high"]]
        figure.add_trace(_dots(ends, rows["name"], colour, hover, name=state, **look))
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
    """Tested changes of the indicators that are shares, in points with 95 % intervals.

    `changes` has the columns indicator, adjusted, low, high, scale and verdict, one row per
    indicator. Dark is worsened or improved, light may be chance; worst on top. Other units cannot
    share the axis and are left out.
    """
    known = {entry["id"]: entry for entry in open_scorecard()["indicators"]}
    rows = changes[changes["adjusted"].notna() & (changes["scale"] == "natural")]
    is_share = rows["indicator"].map(lambda id: id in known and known[id]["unit"] in SHARES)
    rows = rows[is_share.astype(bool)]  # where no row is left, no column of names
    names = rows["indicator"].map(lambda id: known[id]["name"])
    sign = rows["indicator"].map(lambda id: -1 if known[id]["direction"] == "lower" else 1)
    sign = sign.astype(float)
    rows = rows.assign(name=names, moved=rows["adjusted"].astype(float) * sign)
    rows = rows.sort_values(["moved", "name"], ascending=[False, True])
    figure = _figure(title or _change_message(rows))
    colours = rows["verdict"].map(VERDICT_COLOURS).fillna(BEFORE)
    figure.add_trace(
        _dots(
            100 * rows[["adjusted", "low", "high"]].astype(float),
            rows["name"],
            list(colours),
            "%{y}: %{x:+.1f} points (%{customdata[0]:+.1f} to %{customdata[1]:+.1f})",
        )
    )
    figure.update_xaxes(title="change in percentage points, mix held fixed where possible")
    figure.add_vline(0, line={"color": INK, "width": 1})
    figure.update_yaxes(showgrid=False)
    return figure.update_layout(height=120 + 26 * len(rows))


def parts_figure(segments: pd.DataFrame, indicator: str, by: str, title: str = "") -> go.Figure:
    """One indicator by one kind of part: what to think of each, with 95 % intervals.

    `segments` has the columns of the explaining step: indicator, by, name, shrunken, low, high,
    flag. Parts are in the order of their names; what is not shown for want of cases is left out.
    """
    rows = segments[(segments["indicator"] == indicator) & (segments["by"] == by)]
    rows = rows[rows["shrunken"].notna()].sort_values("name", ascending=False)
    flagged = rows[rows["flag"].fillna("") != ""].sort_values("name")
    told = zip(flagged["name"], flagged["flag"], strict=True)
    apart = ", ".join(f"{name} {flag}" for name, flag in told)
    message = f"{apart} than the others" if apart else f"no {by} lies apart from the others"
    if rows.empty:
        message = "nothing to show"
    figure = _figure(title or f"{indicator} by {by}: {message}")
    colours = rows["flag"].map({"worse": WORSE, "better": BETTER}).fillna(NOW)
    columns = rows[["shrunken", "low", "high"]].astype(float)
    figure.add_trace(_dots(columns, rows["name"], list(colours), "%{y}: %{x:.3g}"))
    return figure.update_layout(height=110 + 30 * len(rows))


def run_chart_figure(charts: pd.DataFrame, indicator: str, title: str = "") -> go.Figure:
    """One indicator by month with its centre and limits; months that give a signal are ringed.

    `charts` has the columns of the explaining step: indicator, by, month, value, centre, lower,
    upper, signal.
    """
    rows = charts[(charts["indicator"] == indicator) & (charts["by"] == "")].sort_values("month")
    signals = rows[rows["signal"].fillna("") != ""]
    message = f"{len(signals)} of {len(rows)} months give a signal"
    figure = _figure(title or f"{indicator} by month: {message}")
    for name in ("lower", "centre", "upper"):
        style = {"color": BEFORE, "width": 1, "shape": "hvh"}
        figure.add_trace(_line(rows["month"], rows[name], name, style))
    figure.add_trace(_line(rows["month"], rows["value"], "figure", {"color": NOW, "width": 2}))
    ring = {"size": 12, "color": "white", "line": {"color": WORSE, "width": 2}}
    marks = go.Scatter(x=signals["month"], y=signals["value"], mode="markers", marker=ring)
    figure.add_trace(marks.update(name="signal", hovertext=signals["signal"]))
    figure.update_xaxes(type="category")
    return figure.update_layout(height=300)


def _figure(title: str) -> go.Figure:
    pio.renderers.default = RENDERER
    return go.Figure(layout={"template": TEMPLATE, "title": {"text": title}})


def _dots(
    ends: pd.DataFrame, names: pd.Series, colour: str | list[str], hover: str, **more: Any
) -> go.Scatter:
    """Dots with intervals; the columns of `ends` are the value, its low and its high end."""
    value, low, high = (ends[name] for name in ends.columns)
    return go.Scatter(
        x=value,
        y=names,
        mode="markers",
        marker={"size": 12, "color": colour, **more.pop("marker", {})},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": high - value,
            "arrayminus": value - low,
            "color": more.pop("band", BAND),
            "thickness": more.pop("thickness", 7),
            "width": 0,
        },
        customdata=ends[list(ends.columns[1:])],
        hovertemplate=f"{hover}<extra></extra>",
        **more,
    )


def _line(months: pd.Series, values: pd.Series, name: str, style: dict[str, Any]) -> go.Scatter:
    return go.Scatter(x=months, y=values, mode="lines", name=name, line=style)


def _scorecard_message(principles: pd.DataFrame) -> str:
    judged = principles[principles["state"] == "assessed"]
    clear = int((judged["low"] >= TARGET).sum())
    return (
        f"{clear} of {len(judged)} assessed principles clearly reach the target; "
        f"{len(principles) - len(judged)} of {len(principles)} cannot be judged yet"
    )


def _change_message(rows: pd.DataFrame) -> str:
    worse, better = (int((rows["verdict"] == word).sum()) for word in ("worsened", "improved"))
    return f"Of {len(rows)} shares tested, {worse} worsened and {better} improved demonstrably"
