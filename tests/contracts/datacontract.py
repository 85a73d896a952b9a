"""The same contract and tables judged by us and by datacontract-cli: state and rows by rule."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from cxaudit.contracts.checks import Loaded, check
from cxaudit.contracts.compilation import compile_rules
from cxaudit.contracts.document import Contract, open_contracts, resolve
from cxaudit.contracts.sql import Query, prepare
from cxaudit.engine import open_engine

VARIABLE = "CXAUDIT_DATACONTRACT"
OWN_ENVIRONMENT = Path(__file__).parents[2] / ".venv" / "datacontract" / "bin" / "datacontract"
# What their checks are called, and our rules.
NAMES = {
    "field_required": "required",
    "field_primary_key_required": "required",
    "field_unique": "unique",
    "field_primary_key_unique": "unique",
    "field_enum": "enum",
    "field_minimum": "range",
    "field_maximum": "range",
    "field_not_equal": "range",
    "field_min_length": "length",
    "field_max_length": "length",
    "field_regex": "pattern",
}
# Checks that say nothing of rows: presence and types of columns in a file.
LEFT_OUT = ("field_is_present", "field_type")


@dataclass(frozen=True)
class Judged:
    """What one of the two says of a rule: whether it fails, and the rows that do, if counted."""

    fails: bool
    rows: int | None


def datacontract_command() -> str | None:
    """The program: named by the environment, installed by the Makefile, or on the PATH."""
    named = os.environ.get(VARIABLE)
    if named:
        return named
    return str(OWN_ENVIRONMENT) if OWN_ENVIRONMENT.exists() else shutil.which("datacontract")


def shipped_contract() -> dict[str, Any]:
    """Every contract of the workbook in one document: their relations stay within a document."""
    contracts = open_contracts()
    tables = []
    for contract in contracts:
        for table in json.loads(json.dumps(contract.tables)):
            for declared in table["properties"]:
                for relation in declared.get("relationships", []):
                    end = resolve(relation["to"], contract, contracts)
                    assert end is not None, relation
                    relation["to"] = ".".join(end)
            tables.append(table)
    return document(tables)


def document(tables: list[dict[str, Any]]) -> dict[str, Any]:
    """A contract of these tables."""
    head = {"apiVersion": "v3.2.0", "kind": "DataContract", "id": "all", "version": "1.0.0"}
    return {**head, "status": "active", "schema": tables}


def ours(contract: Mapping[str, Any], tables: Mapping[str, pa.Table]) -> dict[str, Judged]:
    """Our verdicts by rule id."""
    engine = open_engine()
    loaded = Loaded(
        tables={name: engine.table(table) for name, table in tables.items()},
        supplied={name: frozenset(table.column_names) for name, table in tables.items()},
        rows={name: table.num_rows for name, table in tables.items()},
    )
    checks = check(compile_rules([Contract("all.odcs.yaml", contract)]), loaded, engine)
    unsure = {entry.id: entry.message for entry in checks if entry.state == "could not run"}
    assert not unsure, unsure
    return {entry.id: Judged(entry.state == "failed", entry.failed_rows) for entry in checks}


def theirs(
    contract: Mapping[str, Any], tables: Mapping[str, pa.Table], folder: Path
) -> dict[str, Judged]:
    """The verdicts of `datacontract test` by the id of our rule; not those it did not run."""
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    server = {"server": "here", "type": "local", "format": "parquet"}
    server["path"] = f"{folder}/{{model}}.parquet"
    path, result = folder / "all.odcs.yaml", folder / "result.json"
    text = yaml.safe_dump({**contract, "servers": [server]}, sort_keys=False)
    path.write_text(text, encoding="utf-8")
    command = datacontract_command()
    assert command is not None
    arguments = [command, "test", str(path), "--output-format", "json", "--output", str(result)]
    ended = subprocess.run(arguments, capture_output=True, text=True, timeout=600, check=False)
    assert result.exists(), ended.stderr[-2000:]
    found: dict[str, Judged] = {}
    for entry in json.loads(result.read_text(encoding="utf-8"))["checks"]:
        if entry["type"] in LEFT_OUT or entry["diagnostics"] is None:
            continue
        for identity in _ids(entry):
            fails, rows = entry["result"] != "passed", _rows(entry)
            before = found.get(identity, Judged(False, 0))
            both = None if rows is None or before.rows is None else before.rows + rows
            found[identity] = Judged(before.fails or fails, both)
    return found


def _ids(entry: Mapping[str, Any]) -> Iterator[str]:
    """The rules of ours that a check of theirs is."""
    table, column = entry["model"], entry["field"]
    place = f"{table}.{column}" if column else table
    if entry["qualityId"]:
        yield f"{place}.{entry['qualityId']}"
    elif entry["type"] == "primary_key_unique":
        yield f"{table}.key.unique"
    elif entry["type"] == "field_relationships":
        columns = column or "_".join(entry["key"].split("__")[1:3])
        yield f"{table}.{columns}.exists"
        yield f"{table}.{columns}.relation"
    else:
        yield f"{place}.{NAMES[entry['type']]}"


def _rows(entry: Mapping[str, Any]) -> int | None:
    """The failed rows of a check of theirs; None where its value counts none."""
    found = entry["diagnostics"]
    if "failed_rows" in found:
        return int(found["failed_rows"])
    if entry["type"] == "row_count":
        return None
    if found["metric"] == "custom_sql":
        written = yaml.safe_load(entry["qualityDefinition"])["query"]
        is_count = Query(prepare(written, entry["field"])).counts_rows
        return int(found["value"]) if is_count else None
    return int(found["value"])
