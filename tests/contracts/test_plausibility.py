"""Answers that contradict each other and days delivered twice, worked by hand."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.contracts.checks import Check, Loaded, check
from cxaudit.contracts.compilation import compile_rules
from cxaudit.contracts.document import open_contracts
from cxaudit.contracts.outcome import decide
from cxaudit.engine import Engine, open_engine
from cxaudit.errors import EngagementError

DAY = 86_400
FIRST_DAY = datetime(2026, 7, 1, tzinfo=UTC)
AGREES, TWICE, MANY = (
    "surveys.csat_agrees_with_ces",
    "tickets.created_at.none_delivered_twice",
    "tickets.created_at.few_delivered_twice",
)


def answers(
    pairs: list[tuple[float, float]], *, ease_is_up: bool = True, on: int = 0, **changed: Any
) -> pa.Table:
    """Pairs of answers to csat (1 to 5) and ces (1 to 7), each pair of one invitation.

    on: the day they were given. changed: cells of the first pair's ces that are something else.
    """
    rows = [
        {
            "invite_id": f"i{on}-{number}",
            "question_key": key,
            "value": value,
            "scale_min": 1.0,
            "scale_max": 5.0 if key == "csat" else 7.0,
            "higher_is_better": key == "csat" or ease_is_up,
            "sent_at": FIRST_DAY,
            "responded_at": FIRST_DAY + timedelta(days=on),
            "mode": "email",
        }
        for number, pair in enumerate(pairs)
        for key, value in zip(("csat", "ces"), pair, strict=True)
    ]
    rows[1] |= changed
    return pa.Table.from_pylist(rows, schema=canonical_tables()["surveys"].arrow_schema())


def tickets(days: list[tuple[int, int]], apart: int = DAY) -> pa.Table:
    """Tickets of some days: how many, and after how many seconds one follows another.

    apart: how many seconds lie between the first tickets of two days.
    """
    times = [
        FIRST_DAY + timedelta(seconds=day * apart + number * step)
        for day, (count, step) in enumerate(days)
        for number in range(count)
    ]
    rows = [
        {"ticket_id": f"t{number}", "created_at": at, "channel": "email", "created_by": "customer"}
        for number, at in enumerate(times)
    ]
    return pa.Table.from_pylist(rows, schema=canonical_tables()["tickets"].arrow_schema())


def judged(table: str, rows: pa.Table, engine: Engine) -> dict[str, Check]:
    """The checks of this module on a table; all columns are supplied."""
    rules = [r for r in compile_rules(open_contracts()) if r.id in (AGREES, TWICE, MANY)]
    rules = [rule for rule in rules if rule.table == table]
    loaded = Loaded(
        {table: engine.table(rows)}, {table: frozenset(rows.column_names)}, {table: rows.num_rows}
    )
    return {found.id: found for found in check(rules, loaded, engine)}


SAME = [(1.0 + n % 5, 1.0 + n % 5) for n in range(40)]
AGAINST = [(1.0 + n % 5, 7.0 - n % 5) for n in range(40)]
ERROR = 3 / math.sqrt(40)
PAIRS = [
    # a perfect correlation of 40 pairs, and three standard errors
    (SAME, True, 1 + ERROR, "passed"),
    (AGAINST, True, -1 + ERROR, "failed"),
    # the same answers with the scale declared as it is
    (AGAINST, False, 1 + ERROR, "passed"),
    (AGAINST[:29], True, None, "not applicable"),
    # one answer throughout
    ([(4.0, 1.0 + n % 7) for n in range(40)], True, None, "not applicable"),
    ([(1.0 + n % 5, 6.0) for n in range(40)], True, None, "not applicable"),
    # a quarter of a cycle apart: no correlation, whatever the number of answers
    ([(n, e) for n in (1.0, 5.0) for e in (1.0, 7.0)] * 300, True, 3 / math.sqrt(1200), "passed"),
]


@pytest.mark.parametrize(("pairs", "ease_is_up", "value", "state"), PAIRS)
def test_a_scale_declared_the_wrong_way_round_is_found(
    pairs: list[tuple[float, float]], ease_is_up: bool, value: float | None, state: str
) -> None:
    found = judged("surveys", answers(pairs, ease_is_up=ease_is_up), open_engine())[AGREES]
    assert found.state == state, found.message
    assert found.value == (None if value is None else pytest.approx(value, abs=1e-6))


def test_a_scale_turned_round_from_some_day_on_is_found() -> None:
    years = [answers(SAME * 10, on=91 * n) for n in range(4)]
    found = judged("surveys", pa.concat_tables([*years, answers(AGAINST, on=400)]), open_engine())
    assert found[AGREES].state == "failed"
    assert found[AGREES].value == pytest.approx(-1 + ERROR, abs=1e-6)


MISSING = [
    "invite_id",
    "question_key",
    "value",
    "scale_min",
    "scale_max",
    "higher_is_better",
    "responded_at",
]


@pytest.mark.parametrize("column", MISSING)
def test_a_cell_that_is_missing_takes_out_its_answer_and_ends_nothing(column: str) -> None:
    """Rows without it are set aside for that; this rule has to come to a verdict all the same."""
    found = judged("surveys", answers(AGAINST, **{column: None}), open_engine())[AGREES]
    assert found.state == "failed", found.message
    assert found.value == pytest.approx(-1 + 3 / math.sqrt(39), abs=1e-6)


def test_many_answers_that_are_all_the_same_have_no_spread() -> None:
    """Six of seven, over and over: what rounding leaves of it is none."""
    pairs = [(1.0 + n % 5, 6.0) for n in range(30_000)]
    assert judged("surveys", answers(pairs), open_engine())[AGREES].state == "not applicable"


def test_surveys_with_a_scale_turned_round_are_not_used() -> None:
    """Their figures would be of the dissatisfied: no figure, with the reason, instead."""
    rules = [rule for rule in compile_rules(open_contracts()) if rule.id == AGREES]
    checks = judged("surveys", answers(AGAINST), open_engine()).values()
    assert decide(rules, checks, {"surveys": 80, "tickets": 1}, ["tickets"]).unusable == (
        "surveys",
    )


DAYS = [
    ([(30, 61), (30, 62), (31, 61)], DAY, 0.0, "passed", "passed"),
    # the first day's 30 of 90 again, on another date
    ([(30, 61), (30, 62), (30, 61)], DAY, 30 / 90, "failed", "failed"),
    # the same date again: every time twice
    ([(30, 61), (30, 61), (30, 62)], 0, 0.0, "passed", "passed"),
    ([(30, 61), (30, 61)], 0, 30 / 60, "failed", "failed"),
    # a quiet day of many is found, and stops nothing
    ([(20, 61), (20, 61), *((1000, s) for s in range(11, 21))], DAY, 20 / 10_040, "failed", "ok"),
    # three times on one date: two thirds
    ([(30, 61)] * 3, 0, 60 / 90, "failed", "failed"),
    # a machine makes just the same every day
    ([(30, 61)] * 4, DAY, 0.0, "passed", "passed"),
    # whole days at midnight, times rounded to five minutes, and few tickets are not told apart
    ([(30, 0), (30, 0)], DAY, 0.0, "passed", "passed"),
    ([(30, 300), (30, 300)], DAY, 0.0, "passed", "passed"),
    ([(19, 61), (19, 61)], DAY, 0.0, "passed", "passed"),
    # before 1970
    ([(30, 61), (30, 62), (30, 61)], -30_000 * DAY, 30 / 90, "failed", "failed"),
]


@pytest.mark.parametrize(("days", "apart", "share", "warned", "stopped"), DAYS)
def test_tickets_delivered_twice_under_new_ids_are_found(
    days: list[tuple[int, int]], apart: int, share: float, warned: str, stopped: str
) -> None:
    found = judged("tickets", tickets(days, apart), open_engine())
    assert found[TWICE].state == warned, found[TWICE].message
    assert found[MANY].state == stopped.replace("ok", "passed"), found[MANY].message
    assert found[TWICE].value == pytest.approx(share, abs=1e-6)


WRONG: list[Any] = [
    {"type": "agreement", "kwargs": {"one": "csat", "mustBeGreaterThan": 0}},
    {"type": "agreement", "kwargs": {"one": "csat", "other": "ces"}},
    {"type": "repetition", "kwargs": {"mustBe": 0}},
    {"type": "astrology", "kwargs": {"mustBe": 0}},
    "repetition",
    {"type": "repetition", "kwargs": [1]},
]


@pytest.mark.parametrize("implementation", WRONG)
def test_a_check_that_is_none_of_ours_is_refused_with_what_there_is(
    implementation: Any, tmp_path: Path
) -> None:
    rule = {
        "id": "x",
        "type": "custom",
        "engine": "cxaudit",
        "implementation": implementation,
    }
    key = {"primaryKey": True, "primaryKeyPosition": 1}
    named = {"name": "visits", "properties": [{"name": "id", "logicalType": "string", **key}]}
    document = {
        "apiVersion": "v3.2.0",
        "kind": "DataContract",
        "id": "visits",
        "version": "1.0.0",
        "schema": [{**named, "quality": [rule]}],
    }
    (tmp_path / "visits.odcs.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    with pytest.raises(EngagementError, match=r"names no check|no operator"):
        list(compile_rules(open_contracts(tmp_path)))
