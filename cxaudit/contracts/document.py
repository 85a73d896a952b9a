"""Data contracts as files: opened, and held against the standard's schema of their version."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from cxaudit.contracts.canonical import read_yaml
from cxaudit.errors import EngagementError, Problem, nearest
from cxaudit.resources import resource

VERSIONS = ("v3.0.2", "v3.1.0", "v3.2.0")


@dataclass(frozen=True)
class Contract:
    """An ODCS document and the name of its file."""

    file: str
    document: Mapping[str, Any]

    @property
    def tables(self) -> list[Mapping[str, Any]]:
        """The tables it declares."""
        return self.document.get("schema", [])


@cache
def standard_schema(version: str) -> dict[str, Any]:
    """The JSON schema of a version of the Open Data Contract Standard."""
    if version == VERSIONS[-1]:
        text = files("open_data_contract_standard").joinpath("schema.json").read_text("utf-8")
    else:
        place = files("cxaudit.contracts").joinpath("schemas", f"odcs-{version}.schema.json")
        text = place.read_text("utf-8")
    return json.loads(text)


def open_contracts(folder: Path | None = None) -> list[Contract]:
    """Every contract of a folder (default: those of the workbook), checked against the standard
    and against our own rules.

    Raises `EngagementError` listing every problem of every file at once.
    """
    from cxaudit.contracts.lint import lint

    folder = folder or resource("data_contracts")
    contracts: list[Contract] = []
    problems: list[str | Problem] = []
    for path in sorted(folder.glob("*.odcs.yaml")):
        try:
            contracts.append(open_document(path))
        except EngagementError as error:
            problems.extend(error.problems)
    if not contracts and not problems:
        problems.append(Problem(str(folder), "holds no data contract (*.odcs.yaml)"))
    if not problems:
        problems.extend(lint(contracts))
    if problems:
        raise EngagementError(problems)
    return contracts


def open_document(path: Path) -> Contract:
    """One contract, valid by the schema of the version it declares.

    Raises `EngagementError` with every violation and its place in the document.
    """
    try:
        document = read_yaml(path)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path.name}, line {mark.line + 1}" if mark else path.name
        raise EngagementError(Problem(where, "is not valid YAML")) from error
    if not isinstance(document, dict):
        raise EngagementError(Problem(path.name, "is not a data contract: it has no keys"))
    version = str(document.get("apiVersion", ""))
    if version not in VERSIONS:
        raise EngagementError(
            Problem(
                f"{path.name}, apiVersion",
                "is not a version of the standard that is supported",
                version or "nothing",
                f"Use one of: {', '.join(VERSIONS)}.",
            )
        )
    problems = list(_violations(path.name, document, version))
    if problems:
        raise EngagementError(problems)
    return Contract(path.name, document)


def _violations(file: str, document: Mapping[str, Any], version: str) -> Iterable[Problem]:
    import jsonschema

    schema = standard_schema(version)
    errors = jsonschema.Draft201909Validator(schema).iter_errors(document)
    seen = set()
    for error in sorted(errors, key=lambda e: (list(map(str, e.absolute_path)), e.message)):
        place = f"{file}, {_place(document, error.absolute_path)}".rstrip(", ")
        message = error.message if len(error.message) < 200 else f"breaks '{error.validator}'"
        if (place, message) in seen:
            continue
        seen.add((place, message))
        unknown = re.findall(r"'([^']+)'", message) if "were unexpected" in message else []
        unknown += re.findall(r"'([^']+)' was unexpected", message)
        hints = " ".join(dict.fromkeys(nearest(name, _words(version)) for name in unknown))
        yield Problem(place, message, "", hints)


def _place(document: Any, path: Iterable[str | int]) -> str:
    """The path to an element, with the names of list entries in place of their numbers."""
    parts, node = [], document
    for step in path:
        node = node[step]
        named = isinstance(node, dict) and isinstance(step, int)
        label = node.get("name") or node.get("id") or node.get("property") if named else None
        parts.append(str(label) if label else str(step))
    return ".".join(parts)


@cache
def _words(version: str) -> tuple[str, ...]:
    """Every key the standard knows."""
    words: set[str] = set()

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            properties = node.get("properties")
            if isinstance(properties, dict):
                words.update(properties)
            for inner in node.values():
                walk(inner)
        elif isinstance(node, list):
            for inner in node:
                walk(inner)

    walk(standard_schema(version))
    return tuple(sorted(words))


def key_columns(table: Mapping[str, Any]) -> tuple[str, ...]:
    """The primary key of a contract's table, in its order."""
    keys = [p for p in table.get("properties", []) if p.get("primaryKey")]
    return tuple(p["name"] for p in sorted(keys, key=lambda p: p.get("primaryKeyPosition", 1)))


def resolve(
    reference: Any, contract: Contract, contracts: Iterable[Contract]
) -> tuple[str, str] | None:
    """The table and column a relation leads to; None where it leads nowhere.

    Takes the standard's two notations: `table.column` within a contract, and
    `file.odcs.yaml#/schema/TABLE/properties/COLUMN` (ids, or names where there are none).
    """
    if not isinstance(reference, str):
        return None
    file, _, path = reference.rpartition("#")
    if path.startswith(("schema/", "/schema/")):
        parts = path.strip("/").split("/")
        if len(parts) != 4 or parts[2] != "properties":
            return None
        table_name, column_name = parts[1], parts[3]
    else:
        table_name, _, column_name = path.partition(".")
    where = [c for c in contracts if c.file == file.rpartition("/")[2]] if file else [contract]
    for table in (table for other in where for table in other.tables):
        if table_name in (table.get("id"), table["name"]):
            for column in table.get("properties", []):
                if column_name in (column.get("id"), column["name"]):
                    return table["name"], column["name"]
    return None
