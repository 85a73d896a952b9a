"""The validating stage: contracts against the loaded tables, verdicts, quarantine."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.contracts.checks import Check, Loaded, check
from cxaudit.contracts.outcome import Outcome, decide, totals
from cxaudit.contracts.quarantine import Folders, Parted, part
from cxaudit.contracts.readable import judge_reading
from cxaudit.contracts.tightening import effective_rules
from cxaudit.errors import AuditStopped, Fault
from cxaudit.scorecards import open_scorecard

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

    from cxaudit.run import Run

STAGE, LOAD = "2_validate", "1_load"


@dataclass(frozen=True)
class Validated:
    """What validation found.

    `checks`: one row per check. `quarantine`: table, reason, rows. `ledger`: table, loaded,
    checked, quarantined, unusable.
    """

    checks: pd.DataFrame
    quarantine: pd.DataFrame
    ledger: pd.DataFrame


def validate(run: Run) -> Validated:
    """Check the loaded tables against their contracts and set the rows aside that break them.

    Reads `1_load`; writes `2_validate/validation.json`, `checked/` and `quarantine/`. Raises
    `AuditStopped` where a required table is not fit to be audited and `Fault` where a check could
    not run; both after everything is written.
    """
    folder = run.folder(STAGE)
    folders = Folders(run.folder(LOAD), folder / "checked", folder / "quarantine")
    for old in (folders.checked, folders.quarantine):
        shutil.rmtree(old, ignore_errors=True)
    engine = run.engine()
    rules = effective_rules(run.engagement.contracts_folder, run.engagement.as_of)
    report = json.loads((folders.loaded / "load.json").read_text(encoding="utf-8"))
    loaded = _loaded(report["tables"], folders, engine)
    checks = check(rules, loaded, engine)
    required = run.engagement.required_tables
    contracts = {rule.table: rule.contract for rule in reversed(rules)}
    reading = judge_reading(report, contracts, required, open_scorecard())
    outcome = reading.added_to(decide(rules, checks, loaded.rows, required))
    parted = part(rules, checks, loaded, outcome.unusable, folders, engine)
    result = _result([*reading.checks, *checks], outcome, parted, loaded)
    result["load_findings"] = [
        {name: value for name, value in finding.items() if name != "positions"}
        for finding in report["findings"]
    ]
    document = {"as_of": run.engagement.as_of.isoformat().replace("+00:00", "Z"), **result}
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    (folder / "validation.json").write_text(text, encoding="utf-8")
    if outcome.stops:
        raise AuditStopped(outcome.stops)
    if outcome.faults:
        raise Fault(outcome.faults)
    return _frames(result)


def _loaded(report: dict[str, Any], folders: Folders, engine: Any) -> Loaded:
    """The tables the load stage wrote, each with the columns supplied and the rows loaded."""
    known = canonical_tables()
    tables, supplied, rows = {}, {}, {}
    for name in sorted(report):
        path = folders.loaded / f"{name}.parquet"
        if name not in known or not path.exists():
            continue
        table = with_nulls(engine.read(path))
        tables[name] = table
        given = report[name].get("supplied")
        supplied[name] = frozenset(table.columns if given is None else given) & set(table.columns)
        rows[name] = int(report[name]["loaded"])
    return Loaded(tables, supplied, rows)


def with_nulls(table: ir.Table) -> ir.Table:
    """The table with null for "not a number", which engines compare in ways of their own."""
    import ibis

    numbers = [name for name, kind in table.schema().items() if kind.is_floating()]
    values = {name: ibis.ifelse(table[name].isnan(), None, table[name]) for name in numbers}
    return table.mutate(**values) if values else table


def _result(
    checks: list[Check], outcome: Outcome, parted: dict[str, Parted], loaded: Loaded
) -> dict[str, Any]:
    counts = totals(checks)
    errors = counts["error"]
    return {
        "passed": not (errors["failed"] or errors["could_not_run"] or outcome.stops),
        "stop": bool(outcome.stops),
        "stop_reasons": [str(problem) for problem in outcome.stops],
        "counts": counts,
        "checks": [entry.as_record() for entry in checks],
        "unusable": list(outcome.unusable),
        "degraded": dict(sorted(outcome.degraded.items())),
        "quarantined": {
            name: {"rows": table.quarantined, "by_reason": dict(table.by_reason)}
            for name, table in sorted(parted.items())
            if table.quarantined
        },
        "tables": {
            name: {
                "loaded": loaded.rows[name],
                "checked": parted[name].kept if name in parted else 0,
                "quarantined": parted[name].quarantined if name in parted else 0,
                "unusable": 0 if name in parted else loaded.rows[name],
            }
            for name in sorted(loaded.tables)
        },
    }


def _frames(result: dict[str, Any]) -> Validated:
    import pandas as pd

    quarantine = [
        {"table": table, "reason": reason, "rows": rows}
        for table, entry in result["quarantined"].items()
        for reason, rows in entry["by_reason"].items()
    ]
    ledger = [{"table": table, **counts} for table, counts in result["tables"].items()]
    return Validated(
        checks=pd.DataFrame(result["checks"]),
        quarantine=pd.DataFrame(quarantine, columns=["table", "reason", "rows"]),
        ledger=pd.DataFrame(
            ledger, columns=["table", "loaded", "checked", "quarantined", "unusable"]
        ),
    )
