"""Leaving an indicator out is a limitation of scope, and its last value is not forgotten."""

from __future__ import annotations

from cxaudit.score.principles import principle
from cxaudit.score.withdrawn import findings_of, withdrawn
from tests.score.making import entry, part

ENTRIES = {
    "a": {"name": "First answer", "principle": "speed"},
    "b": {"name": "Due times kept", "principle": "speed"},
}


def test_what_was_scored_before_and_is_not_now_is_found_in_its_latest_value() -> None:
    kept, bad = part(0.8, id="a"), part(0.2, id="b")
    older = part(0.5, id="b")
    earlier = [("2026Q2", {"a": kept, "b": bad}), ("2025Q3", {"b": older})]
    found = withdrawn({"a": kept}, earlier, ENTRIES, {"b": "not supplied: tickets.due_at"})
    assert [(w.part.id, w.period, w.reason) for w in found] == [
        ("b", "2026Q2", "not supplied: tickets.due_at")
    ]
    assert found[0].part.utility == 20
    year_ago = withdrawn({"a": kept}, [("2026Q2", {"a": kept}), earlier[1]], ENTRIES, {})
    assert [(w.period, w.part.utility) for w in year_ago] == [("2025Q3", 50)]


def test_an_indicator_that_weighs_nothing_is_no_limitation() -> None:
    assert withdrawn({}, [("2026Q2", {"a": part(0.8, 0.0, id="a")})], ENTRIES, {}) == []


def test_the_finding_tells_what_the_score_would_be_with_the_last_value() -> None:
    """80 with weight 1; with 20 of weight 1 beside it, 50."""
    kept, bad = part(0.8, id="a"), part(0.2, id="b")
    found = withdrawn({"a": kept}, [("2026Q2", {"a": kept, "b": bad})], ENTRIES, {"b": "too few"})
    now = principle("speed", "Speed", [entry(1), entry(1)], [kept])
    finding = findings_of(found, [now], ENTRIES, "2026Q3")[0]
    assert finding["principle"] == "speed"
    assert finding["title"] == "Due times kept: measured before, not now"
    assert "is not in 2026Q3: too few." in finding["text"]
    assert finding["text"].endswith(
        "With its last value, 20 points, Speed would score 50 instead of 80."
    )
