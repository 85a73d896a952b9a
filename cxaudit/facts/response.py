"""Who answers surveys: weights that let the answers stand for all solved cases (model §2.4)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import pyarrow as pa
from ibis import _

from cxaudit.facts.population import instant
from cxaudit.facts.response_model import Patterns, ResponseModel, response_model

if TYPE_CHECKING:
    from pathlib import Path

    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables
    from cxaudit.run import Run
    from cxaudit.statistics.influence import Numbers

HOUR, DAY = 3_600, 86_400
REPLY_BANDS = (HOUR, 4 * HOUR, DAY, 3 * DAY)
TENURE_BANDS = (30 * DAY, 365 * DAY, 3 * 365 * DAY)
FLAG = ("unknown", "yes", "no")
# Levels by code. The answer itself is never among them; nor is what only invited cases have.
FIXED_LEVELS = {
    "first_response": ("none", "to 1 h", "to 4 h", "to 1 d", "to 3 d", "later"),
    "resolution": FLAG,
    "complaint": FLAG,
    "reopen": FLAG,
    "tenure": ("unknown", "to 30 d", "to 1 y", "to 3 y", "longer"),
}
# Of these the most frequent levels; the others are one together.
MOST_LEVELS = {"channel": 12, "category": 30, "language": 10}
OTHER = "other"
COVARIATES = (*MOST_LEVELS, *FIXED_LEVELS, "month")
# As the rule `includes_non_respondents` of the contract: fewer were left out of the delivery.
FEWEST_UNANSWERED = 0.05
WITHOUT_SILENT = "the invitations that were not answered are not among the surveys delivered"
FILE = "response.json"


def weighted(tables: CheckedTables, answers: ir.Table, contacts: ir.Table) -> ir.Table:
    """The answers with `weight`: mean 1 per question, null where no model of response gave one.

    Per question, the chance that a solved case is answered about is fitted on what the case was;
    an answer weighs 1 / chance. Null where there is no model, or no case solved by as-of: such an
    answer counts 1. Writes `response.json`: per question whether it is weighted, and why not.
    """
    given = _given(tables)
    told = _told(tables, given)
    models = [ResponseModel(question, 0, 0, reason) for question, reason in told.items() if reason]
    questions = sorted(question for question, reason in told.items() if not reason)
    weights: dict[str, Numbers] = {}
    if questions:
        levels = _levels(tables, contacts)
        cases = tables.engine.cached(_cases(tables, contacts, levels))
        # In one order: sums over patterns then agree to the last bit.
        counted = tables.engine.fetch(_counted(cases, given, questions).order_by("pattern"))
        patterns = _patterns(counted, levels)
        heard = {q: counted[f"of {q}"].to_numpy().astype(np.float64) for q in questions}
        fitted = _fitted(patterns, heard)
        models += fitted
        weights = {m.question: m.weights(patterns) for m in fitted if not m.reason}
    _write(tables.run, models)
    if not weights:
        return answers.mutate(weight=ibis.null("float64"))
    answered = np.sum([heard[question] for question in weights], axis=0) > 0.0
    columns = {"of_pattern": counted["pattern"].to_numpy()}
    columns |= {f"of {question}": weight for question, weight in weights.items()}
    table = pa.table(columns).filter(pa.array(answered))
    return _applied(answers, cases, tables.engine.table(table), sorted(weights))


def response_records(run: Run) -> dict[str, dict[str, Any]]:
    """What the facts step wrote about the response to each question, by question."""
    path = _path(run)
    records = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return {record["question"]: record for record in records}


def _path(run: Run) -> Path:
    return run.folder("2_validate") / "facts" / FILE


def _write(run: Run, models: Sequence[ResponseModel]) -> None:
    records = [model.record() for model in sorted(models, key=lambda model: model.question)]
    path = _path(run)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(records, indent=1), encoding="utf-8")


def _given(tables: CheckedTables) -> ir.Table:
    """The surveys in scope, with `is_given`: whether somebody had answered by as-of."""
    surveys = tables.in_scope("surveys")
    is_given = (surveys.responded_at <= instant(tables.run.engagement.as_of)).fill_null(False)
    return surveys.select("ticket_id", "question_key", "value", is_given=is_given)


def _told(tables: CheckedTables, given: ir.Table) -> dict[str, str]:
    """Why the response to each question cannot be modelled; empty where it can."""
    counted = given.group_by("question_key").agg(rows=_.count(), given=_.is_given.sum())
    lacks = {
        entry["question_key"]: entry["rows"] - entry["given"] <= FEWEST_UNANSWERED * entry["rows"]
        for entry in tables.engine.fetch(counted).to_pylist()
    }
    return {question: WITHOUT_SILENT if lacking else "" for question, lacking in lacks.items()}


def _levels(tables: CheckedTables, contacts: ir.Table) -> dict[str, tuple[str, ...]]:
    """The levels of each covariate, in the order of their codes."""
    solved = contacts.filter(contacts.first_solved_at.notnull())
    levels = {}
    for name, most in MOST_LEVELS.items():
        counted = solved.group_by(level=solved[name].fill_null("")).agg(cases=_.count())
        found = tables.engine.fetch(counted).to_pylist()
        # Of equally frequent ones the first by name.
        found.sort(key=lambda entry: (-entry["cases"], entry["level"]))
        levels[name] = (*(entry["level"] for entry in found[:most]), OTHER)
    months = tables.engine.fetch(solved.agg(first=_month(solved).min(), last=_month(solved).max()))
    first, last = (months[name][0].as_py() or 0 for name in ("first", "last"))
    levels["month"] = tuple(str(month) for month in range(first, last + 1))
    return {**FIXED_LEVELS, **levels}


def _cases(
    tables: CheckedTables, contacts: ir.Table, levels: Mapping[str, tuple[str, ...]]
) -> ir.Table:
    """The solved cases: ticket_id and `pattern`, their covariates' levels as one number."""
    customers = tables.read("customers").select(
        customer_key=_.customer_id, customer_since=_.created_at
    )
    solved = contacts.filter(contacts.first_solved_at.notnull())
    joined = solved.left_join(customers, solved.customer_id == customers.customer_key)
    created = joined.created_at.epoch_seconds()
    codes = {
        "first_response": _banded(joined.first_response_at.epoch_seconds() - created, REPLY_BANDS),
        "resolution": _coded_flag(joined.is_solved),
        "complaint": _coded_flag(joined.is_complaint),
        "reopen": _coded_flag(joined.reopened_at.notnull()),
        "tenure": _banded(created - joined.customer_since.epoch_seconds(), TENURE_BANDS),
        "month": _month(joined) - int(levels["month"][0]),
    }
    for name in MOST_LEVELS:
        text, kept = joined[name].fill_null(""), levels[name][:-1]
        branches = [(text == level, code) for code, level in enumerate(kept)]
        codes[name] = ibis.cases(*branches, else_=len(kept)) if kept else ibis.literal(0)
    pattern = ibis.literal(0, "int64")
    for name in COVARIATES:
        pattern = pattern * len(levels[name]) + codes[name].cast("int64")
    return joined.select("ticket_id", pattern=pattern)


def _month(cases: ir.Table) -> ir.IntegerValue:
    return cases.first_solved_at.year() * 12 + cases.first_solved_at.month()


def _banded(seconds: ir.IntegerValue, bands: Sequence[int]) -> ir.IntegerValue:
    """0 where unknown, 1 up to the first limit, 2 up to the second, and so on."""
    limits = [(seconds <= limit, place) for place, limit in enumerate(bands, start=1)]
    return ibis.cases((seconds.isnull(), 0), *limits, else_=len(bands) + 1)


def _coded_flag(flag: ir.BooleanValue) -> ir.IntegerValue:
    return ibis.cases((flag.isnull(), 0), (flag, 1), else_=2)


def _counted(cases: ir.Table, given: ir.Table, questions: Sequence[str]) -> ir.Table:
    """Solved cases by pattern, and those answered about by question."""
    valued = given.filter(given.is_given, given.value.notnull(), given.ticket_id.notnull())
    heard = valued.group_by(heard_id=valued.ticket_id).agg(
        **{question: (valued.question_key == question).any() for question in questions}
    )
    joined = cases.left_join(heard, cases.ticket_id == heard.heard_id)
    return joined.group_by("pattern").agg(
        cases=joined.count(),
        **{f"of {q}": joined[q].fill_null(False).cast("int64").sum() for q in questions},
    )


def _patterns(counted: pa.Table, levels: Mapping[str, tuple[str, ...]]) -> Patterns:
    rest, codes = counted["pattern"].to_numpy(), {}
    for name in reversed(COVARIATES):
        rest, codes[name] = np.divmod(rest, len(levels[name]))
    cases = counted["cases"].to_numpy().astype(np.float64)
    return Patterns(cases, {name: codes[name] for name in COVARIATES}, levels)


def _fitted(patterns: Patterns, heard: Mapping[str, Numbers]) -> list[ResponseModel]:
    """The model of each question; questions answered about the same cases share one fit."""
    found: dict[bytes, ResponseModel] = {}
    for question, answered in heard.items():
        key = answered.tobytes()
        if key not in found:
            found[key] = response_model(question, patterns, answered)
    return [replace(found[heard[question].tobytes()], question=question) for question in heard]


def _applied(
    answers: ir.Table, cases: ir.Table, weights: ir.Table, questions: Sequence[str]
) -> ir.Table:
    """The answers with the weight of their case's pattern."""
    named = cases.select(of_ticket=cases.ticket_id, pattern=cases.pattern)
    of_case = named.join(weights, named.pattern == weights.of_pattern).drop("pattern", "of_pattern")
    joined = answers.left_join(of_case, answers.ticket_id == of_case.of_ticket)
    own = [(question, joined[f"of {question}"]) for question in questions]
    weight = joined.question_key.cases(*own, else_=None)
    return joined.select(*answers.columns, weight=ibis.ifelse(joined.value.notnull(), weight, None))
