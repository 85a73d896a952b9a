"""The rules as expectations of Great Expectations, on pandas or Spark: the verdict.

Importing this module imports Great Expectations, which takes seconds: only the validating stage
does. Nothing it makes is kept: no Data Docs, no stored suites, no values of cells.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.execution_engine import pandas_execution_engine

from cxaudit.contracts.batches import LENGTH, batch_of, marker
from cxaudit.contracts.own_expectations import (
    ExpectColumnValuesDistinct,
    ExpectColumnValuesToBeDates,
    ExpectColumnValuesWithin,
    ExpectQueryValue,
)
from cxaudit.contracts.own_plausibility_expectations import ExpectAgreement, ExpectRepetition
from cxaudit.contracts.own_table_expectations import (
    ExpectColumnsOfTypes,
    ExpectDuplicates,
    ExpectLongestGap,
)
from cxaudit.contracts.packing import packed
from cxaudit.contracts.rules import STRUCTURE_KINDS, Rule
from cxaudit.contracts.violations import finite

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.engine import Engine

# A fingerprint of every batch below this size would be hashed row by row; nothing here reads it.
pandas_execution_engine.HASH_THRESHOLD = 0
SEVERITY = {"error": "critical", "warning": "warning", "info": "info"}


@dataclass(frozen=True)
class Verdict:
    """What Great Expectations says of a rule; `error` names what kept it from running."""

    passed: bool
    failed: int | None = None
    value: float | None = None
    error: str = ""


def verdicts(
    rules: Iterable[Rule], tables: Mapping[str, ir.Table], rows: int, engine: Engine
) -> dict[str, Verdict]:
    """The verdict on rules of one table of so many rows, by rule id.

    Great Expectations computes on Spark where the engine does, else with pandas.
    """
    found: dict[str, Verdict] = {}
    with _quiet():
        for together in packed(rules, rows):
            found.update(_judged(together, tables, engine))
    return found


def _judged(
    rules: list[Rule], tables: Mapping[str, ir.Table], engine: Engine
) -> dict[str, Verdict]:
    """The verdicts on rules that share a batch."""
    name = rules[0].table
    if rules[0].kind in STRUCTURE_KINDS:
        # On no rows, so that no column is read for its name or type alone.
        tables = {**tables, name: tables[name].limit(0)}
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]  # GX takes a dict here, its annotation says otherwise
    suite = gx.ExpectationSuite(name=name, expectations=[expectation(rule) for rule in rules])
    results = batch_of(context, rules, tables, engine).validate(
        suite, result_format={"result_format": "BASIC", "partial_unexpected_count": 0}
    )
    by_id = {_rule_id(result): result for result in results.results}
    return {rule.id: _verdict(rule, by_id[rule.id]) for rule in rules}


def _rule_id(result: Any) -> str:
    return result.expectation_config.meta["rule"]


def expectation(rule: Rule) -> gxe.Expectation:
    """The expectation that says what the rule says."""
    arguments = rule.arguments
    common: dict[str, Any] = {"severity": SEVERITY[rule.severity], "meta": {"rule": rule.id}}
    match rule.kind:
        case "columns":
            columns = list(arguments["columns"])
            return gxe.ExpectTableColumnsToMatchSet(column_set=columns, exact_match=False, **common)
        case "unique" if len(arguments["columns"]) > 1:
            columns = list(arguments["columns"])
            return gxe.ExpectCompoundColumnsToBeUnique(column_list=columns, **common)
        case "condition" | "value":
            return ExpectQueryValue(
                query=arguments["query"].text,
                operator=arguments.get("operator", "mustBe"),
                bound=arguments.get("bound", 0),
                **common,
            )
        case "duplicates":
            return ExpectDuplicates(
                columns=list(arguments["columns"]),
                percent=arguments["percent"],
                operator=arguments["operator"],
                bound=arguments["bound"],
                **common,
            )
        case "gap":
            return ExpectLongestGap(
                dated=rule.columns[0],
                unit=arguments["unit"],
                operator=arguments["operator"],
                bound=arguments["bound"],
                **common,
            )
        case "agreement":
            return ExpectAgreement(**arguments, **common)
        case "repetition":
            return ExpectRepetition(dated=rule.columns[0], **arguments, **common)
        case "types":
            return ExpectColumnsOfTypes(types=dict(arguments["types"]), **common)
        case "expectation":
            return _named(arguments["type"])(**{**arguments["kwargs"], **common})
    if rule.kind in ("exists", "relation"):
        mostly = arguments.get("at_least", 1.0)
        column = marker(rule)
        return gxe.ExpectColumnValuesToBeInSet(
            column=column, value_set=[True], mostly=mostly, **common
        )
    common["column"] = rule.column
    match rule.kind:
        case "required":
            return gxe.ExpectColumnValuesToNotBeNull(**common)
        case "unique":
            return ExpectColumnValuesDistinct(**common)
        case "enum":
            return gxe.ExpectColumnValuesToBeInSet(value_set=list(arguments["values"]), **common)
        case "range":
            return ExpectColumnValuesWithin(bounds=dict(arguments), **common)
        case "length":
            common["column"] = LENGTH.format(rule.column)
            return ExpectColumnValuesWithin(bounds=dict(arguments), **common)
        case "pattern" if "strftime" in arguments:
            return ExpectColumnValuesToBeDates(**arguments, **common)
        case "pattern":
            return gxe.ExpectColumnValuesToMatchRegex(regex=arguments["pattern"], **common)
    raise ValueError(f"no expectation renders rules of kind '{rule.kind}'")


def _named(kind: str) -> type[gxe.Expectation]:
    """The class of an expectation that a contract names; raises ValueError where there is none."""
    name = "".join(part.capitalize() for part in kind.split("_"))
    found = getattr(gxe, name, None)
    if found is None:
        raise ValueError(f"Great Expectations has no {kind}")
    return found


@contextmanager
def _quiet() -> Iterator[None]:
    """While it lasts, Great Expectations says nothing: its messages may hold values of cells."""
    logger = logging.getLogger("great_expectations")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)


def _verdict(rule: Rule, result: Any) -> Verdict:
    """An expectation's result without its values; an exception is not a failure."""
    raised = _exception(result.exception_info or {})
    if raised:
        return Verdict(False, error=raised)
    found = result.result
    if "unexpected_count" in found:
        return Verdict(bool(result.success), failed=int(found["unexpected_count"]))
    value = found.get("observed_value")
    number = finite(value) if isinstance(value, (int, float)) else None
    if rule.kind == "condition":
        return Verdict(bool(result.success), failed=int(number or 0))
    return Verdict(bool(result.success), value=number)


def _exception(info: Mapping[str, Any]) -> str:
    """The class of the exception in a result, '' where there is none; messages may hold values."""
    entries = [info, *(entry for entry in info.values() if isinstance(entry, Mapping))]
    for entry in entries:
        if entry.get("raised_exception"):
            trace = str(entry.get("exception_traceback") or "").strip().splitlines()
            name = trace[-1].partition(":")[0].strip() if trace else ""
            return name if name.replace(".", "").replace("_", "").isalnum() else "an exception"
    return ""
