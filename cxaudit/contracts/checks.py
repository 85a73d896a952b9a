"""The checks of an audit: each rule with its verdict, counts and a sentence that says them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from cxaudit.contracts.rules import STRUCTURE_KINDS, VALUE_KINDS, Rule
from cxaudit.contracts.structure import failing_columns, sentence
from cxaudit.contracts.violations import Measured, measure

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.contracts.expectations import Verdict
    from cxaudit.engine import Engine

PASSED, FAILED = "passed", "failed"
COULD_NOT_RUN = "could not run"
NOT_APPLICABLE = "not applicable"
DECLARED = "declared, not checked"


@dataclass(frozen=True)
class Loaded:
    """The tables of an audit as loaded, the columns supplied in each, and their row counts."""

    tables: Mapping[str, ir.Table]
    supplied: Mapping[str, frozenset[str]]
    rows: Mapping[str, int]


@dataclass(frozen=True)
class Check:
    """The outcome of a rule.

    `rows` are the rows judged, none where a rule is about the table and not about rows; `value`
    is what a table rule found. `contract` and `line` are where the rule is written.
    """

    id: str
    table: str
    column: str | None
    kind: str
    severity: str
    state: str
    rows: int
    failed_rows: int
    share: float | None
    value: float | None
    message: str
    dimension: str
    contract: str
    line: int = 0

    def as_record(self) -> dict[str, Any]:
        """The check as it stands in validation.json."""
        return asdict(self)


def check(rules: Iterable[Rule], loaded: Loaded, engine: Engine) -> list[Check]:
    """One check per rule, in the order of the rules."""
    rules = list(rules)
    checks: dict[str, Check] = {}
    for rule in rules:
        if reason := _not_applicable(rule, loaded):
            checks[rule.id] = _unchecked(rule, *reason)
    tables = {
        name: table.select(sorted(loaded.supplied[name]) or [table.columns[0]])
        for name, table in loaded.tables.items()
    }
    for name in tables:
        due = [rule for rule in rules if rule.table == name and rule.id not in checks]
        checks.update(_table_checks(due, tables, loaded, engine))
    return [checks[rule.id] for rule in rules]


def _not_applicable(rule: Rule, loaded: Loaded) -> tuple[str, str] | None:
    """The state and reason of a rule that there is nothing to run for; else None."""
    if rule.table not in loaded.tables:
        return NOT_APPLICABLE, f"{rule.table} is not supplied"
    if rule.kind == "declared":
        return DECLARED, rule.description
    absent = [name for name in rule.columns if name not in loaded.supplied[rule.table]]
    if absent:
        return NOT_APPLICABLE, f"{', '.join(absent)} not supplied"
    if rule.kind in ("exists", "relation"):
        parent = rule.arguments["table"]
        for column in rule.arguments["columns"]:
            if parent not in loaded.tables or column not in loaded.supplied[parent]:
                return NOT_APPLICABLE, f"{parent}.{column} is not supplied"
    if rule.is_row_rule and not loaded.rows[rule.table]:
        return NOT_APPLICABLE, f"{rule.table} has no rows"
    return None


def _table_checks(
    rules: list[Rule], tables: Mapping[str, ir.Table], loaded: Loaded, engine: Engine
) -> dict[str, Check]:
    """The checks of one table's rules: the engine's counts and Great Expectations' verdict."""
    with warnings.catch_warnings():
        # Where Spark is installed it warns of pandas 3, which it is not used with here.
        warnings.simplefilter("ignore", FutureWarning)
        from cxaudit.contracts.expectations import verdicts

    counted = [rule for rule in rules if rule.kind not in (*STRUCTURE_KINDS, "expectation")]
    measured, faults = _isolated(lambda some: measure(some, tables, engine), counted)
    rows = loaded.rows[rules[0].table] if rules else 0
    judged, more = _isolated(lambda some: verdicts(some, tables, rows, engine), rules)
    faults = {**faults, **more}
    return {
        rule.id: _unchecked(rule, COULD_NOT_RUN, faults[rule.id])
        if rule.id in faults
        else _checked(rule, measured.get(rule.id), judged[rule.id], loaded)
        for rule in rules
    }


def _isolated(
    run: Callable[[list[Rule]], dict[str, Any]], rules: list[Rule]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The results of running rules together; if that raises, one by one, and who raised what."""
    try:
        return run(rules), {}
    except Exception:  # any rule may be at fault, in any layer below: find out which
        results: dict[str, Any] = {}
        faults: dict[str, str] = {}
        for rule in rules:
            try:
                results.update(run([rule]))
            except Exception as error:  # the class alone: messages may hold values of cells
                faults[rule.id] = type(error).__name__
        return results, faults


def _checked(rule: Rule, measured: Measured | None, verdict: Verdict, loaded: Loaded) -> Check:
    """The check of a rule that ran twice; two renderings that differ are no verdict."""
    if verdict.error:
        return _unchecked(rule, COULD_NOT_RUN, verdict.error)
    if rule.kind == "expectation":
        return _of_expectation(rule, verdict, loaded)
    if measured is None:
        table = loaded.tables[rule.table]
        failing = failing_columns(rule, table, loaded.supplied[rule.table])
        state = PASSED if verdict.passed else FAILED
        if bool(failing) == verdict.passed:
            return _unchecked(rule, COULD_NOT_RUN, "the two renderings differ")
        return _with(rule, state, sentence(rule, failing))
    if difference := _difference(rule, measured, verdict):
        return _unchecked(rule, COULD_NOT_RUN, f"the two renderings differ: {difference}")
    if measured.value is None and rule.kind in (*VALUE_KINDS, "relation"):
        return _unchecked(rule, NOT_APPLICABLE, "no rows to judge")
    counted = measured.failed is not None
    # A share that is within its bound has no rows that fail, only rows on either side.
    failed = 0 if rule.kind in VALUE_KINDS and verdict.passed else measured.failed or 0
    return _with(
        rule,
        PASSED if verdict.passed else FAILED,
        _sentence(rule, measured, failed),
        rows=measured.rows if counted else 0,
        failed=failed,
        share=failed / measured.rows if counted and measured.rows else None,
        value=measured.value if rule.kind in VALUE_KINDS else None,
    )


def _of_expectation(rule: Rule, verdict: Verdict, loaded: Loaded) -> Check:
    """The check of an expectation passed through: Great Expectations alone has judged it."""
    failed = 0 if verdict.passed else verdict.failed or 0
    rows = loaded.rows[rule.table] if verdict.failed is not None else 0
    message = f"{rule.description}; {failed:,} rows against it" if failed else rule.description
    return _with(
        rule,
        PASSED if verdict.passed else FAILED,
        message,
        rows=rows,
        failed=failed,
        share=failed / rows if rows else None,
    )


def _difference(rule: Rule, measured: Measured, verdict: Verdict) -> str:
    if rule.kind not in VALUE_KINDS:
        same = measured.failed == verdict.failed
        return "" if same else f"{measured.failed} and {verdict.failed} rows"
    if measured.value is None or verdict.value is None:
        same = measured.value == verdict.value
    else:
        scale = max(abs(measured.value), abs(verdict.value), 1e-300)
        same = abs(measured.value - verdict.value) <= 1e-9 * scale
    return "" if same else "they find different values"


def _sentence(rule: Rule, measured: Measured, failed: int) -> str:
    if failed:
        counted = f"{failed:,} of {measured.rows:,} rows ({failed / measured.rows:.2%})"
        if rule.is_row_rule:
            return f"{counted} break the rule: {rule.description}"
        return f"{rule.description}; found {counted} against it"
    if measured.failed is None:
        return f"{rule.description}; found {measured.value:.6g}"
    return rule.description


def _unchecked(rule: Rule, state: str, message: str) -> Check:
    return _with(rule, state, message)


def _with(
    rule: Rule,
    state: str,
    message: str,
    *,
    rows: int = 0,
    failed: int = 0,
    share: float | None = None,
    value: float | None = None,
) -> Check:
    return Check(
        id=rule.id,
        table=rule.table,
        column=rule.column,
        kind=rule.kind,
        severity=rule.severity,
        state=state,
        rows=rows,
        failed_rows=failed,
        share=_rounded(share),
        value=_rounded(value),
        message=message,
        dimension=rule.dimension,
        contract=rule.contract,
        line=rule.line,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.12g}")
