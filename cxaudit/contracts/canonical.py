"""The canonical tables, as their data contracts declare them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from cxaudit.resources import resource

if TYPE_CHECKING:
    import pyarrow as pa

VENDOR = "cxaudit"
# Ids that name nobody, in lower case; in an id they are kept, as what they are.
PLACEHOLDERS = ("", "0", "-1", "unknown", "none", "null")
TYPES = {
    "string": "text",
    "timestamp": "instant",
    "date": "date",
    "integer": "integer",
    "number": "decimal",
    "boolean": "boolean",
    "array": "list",
}


@dataclass(frozen=True)
class Column:
    """A column of a canonical table."""

    name: str
    type: str
    required: str
    nullable: bool
    personal: bool
    # True: ids of people, which become pseudonyms while loading; a mapping: only in the rows in
    # which another column holds one of these words, `{"type": ["assignee"]}`
    pseudonymised: bool | Mapping[str, list[str]] = False
    enum: tuple[str, ...] = ()
    note: str = ""
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A canonical table: its grain, its key and its columns in the contract's order."""

    name: str
    grain: str
    source: str
    key: tuple[str, ...]
    columns: dict[str, Column]

    def arrow_schema(self) -> pa.Schema:
        """The Arrow schema every stage keeps the table in; instants are UTC microseconds."""
        import pyarrow as pa

        types = {
            "text": pa.string(),
            "instant": pa.timestamp("us", "UTC"),
            "date": pa.date32(),
            "integer": pa.int64(),
            "decimal": pa.float64(),
            "boolean": pa.bool_(),
            "list": pa.list_(pa.string()),
        }
        return pa.schema([(column.name, types[column.type]) for column in self.columns.values()])


@cache
def canonical_tables() -> dict[str, Table]:
    """Every canonical table by name, read from `data_contracts/*.odcs.yaml`."""
    tables = {}
    for path in sorted(resource("data_contracts").glob("*.odcs.yaml")):
        for declared in read_yaml(path)["schema"]:
            tables[declared["name"]] = _table(declared)
    return tables


def _table(declared: dict[str, Any]) -> Table:
    columns = [_column(declared_column) for declared_column in declared["properties"]]
    keys = sorted(
        (p for p in declared["properties"] if p.get("primaryKey")),
        key=lambda p: p.get("primaryKeyPosition", 1),
    )
    return Table(
        name=declared["name"],
        grain=declared.get("dataGranularityDescription", ""),
        source=custom(declared, "source", "input"),
        key=tuple(p["name"] for p in keys),
        columns={column.name: column for column in columns},
    )


def _column(declared: dict[str, Any]) -> Column:
    return Column(
        name=declared["name"],
        type=TYPES[declared["logicalType"]],
        required=custom(declared, "requiredBy", "optional"),
        nullable=not declared.get("required", False),
        personal=declared.get("classification") == "personal",
        pseudonymised=custom(declared, "pseudonymised", False),
        enum=tuple(str(entry["value"]) for entry in declared.get("enum", ())),
        note=declared.get("description", ""),
        synonyms=tuple(entry["synonym"] for entry in declared.get("synonyms", ())),
    )


def read_yaml(path: Path) -> Any:
    """The content of a YAML file, by the fast loader where there is one."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8-sig"), Loader=loader)


def custom(declared: Mapping[str, Any], name: str, default: Any = None) -> Any:
    """The value of a custom property of an ODCS element, or the default."""
    for entry in declared.get("customProperties", ()):
        if entry["property"] == name and entry.get("vendor", VENDOR) == VENDOR:
            return entry["value"]
    return default


def has_custom(declared: Mapping[str, Any], name: str) -> bool:
    """Whether an ODCS element has a custom property of ours of that name, be its value null."""
    return custom(declared, name, ...) is not ...
