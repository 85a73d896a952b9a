"""Data contracts as files: opened, and held against the standard's schema of their version."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from cxaudit.contracts.lines import Steps, line_of, read_with_lines
from cxaudit.contracts.versions import VERSIONS, as_newest, standard_schema
from cxaudit.errors import EngagementError, Problem, nearest
from cxaudit.resources import resource


@dataclass(frozen=True)
class Contract:
    """An ODCS document as the newest version says it, the name of its file, and its lines.

    `folder` is the name of a client's folder of contracts, empty for those of the workbook.
    """

    file: str
    document: Mapping[str, Any]
    lines: Mapping[Steps, int] = field(default_factory=dict)
    folder: str = ""

    @property
    def name(self) -> str:
        """The file as it is called in results."""
        return f"{self.folder}/{self.file}" if self.folder else self.file

    @property
    def tables(self) -> list[Mapping[str, Any]]:
        """The tables it declares."""
        return self.document.get("schema", [])

    def line(self, *steps: str | int) -> int:
        """The line of a part of the document, by the way that leads to it; 0 if unknown."""
        return line_of(self.lines, steps)


def open_contracts(folder: Path | None = None, beside: Sequence[Contract] = ()) -> list[Contract]:
    """Every contract of a folder (default: those of the workbook), checked against the standard
    and against our own rules.

    A client's contracts stand `beside` those of the workbook: they may name their tables and
    columns. Raises `EngagementError` listing every problem of every file at once.
    """
    from cxaudit.contracts.lint import lint

    name = folder.name if folder and beside else ""
    folder = folder or resource("data_contracts")
    contracts: list[Contract] = []
    problems: list[str | Problem] = []
    for path in sorted(folder.glob("*.odcs.y*ml")):
        try:
            contracts.append(open_document(path, name))
        except EngagementError as error:
            problems.extend(error.problems)
    if not contracts and not problems:
        problems.append(Problem(str(folder), "holds no data contract (*.odcs.yaml)"))
    if not problems:
        problems.extend(lint(contracts, beside))
    if problems:
        raise EngagementError(problems)
    return contracts


def open_document(path: Path, folder: str = "") -> Contract:
    """One contract, valid by the schema of the version it declares.

    Raises `EngagementError` with every violation and its place in the document.
    """
    name = f"{folder}/{path.name}" if folder else path.name
    try:
        document, lines = read_with_lines(path)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}, line {mark.line + 1}" if mark else name
        raise EngagementError(Problem(where, "is not valid YAML")) from error
    if not isinstance(document, dict):
        raise EngagementError(Problem(name, "is not a data contract: it has no keys"))
    version = str(document.get("apiVersion", ""))
    if version not in VERSIONS:
        raise EngagementError(
            Problem(
                f"{name}, apiVersion",
                "is not a version of the standard that is supported",
                version or "nothing",
                f"Use one of: {', '.join(VERSIONS)}.",
            )
        )
    problems = list(violations(name, document, version))
    if problems:
        raise EngagementError(problems)
    return Contract(path.name, as_newest(document), lines, folder)


def violations(file: str, document: Mapping[str, Any], version: str) -> Iterable[Problem]:
    """What a version's schema does not take, each with its place in the document."""
    import jsonschema

    schema = standard_schema(version)
    errors = jsonschema.Draft201909Validator(schema).iter_errors(document)
    seen = set()
    for error in sorted(errors, key=lambda e: (list(map(str, e.absolute_path)), e.message)):
        place = f"{file}, {_place(document, error.absolute_path)}".rstrip(", ")
        message = error.message if len(error.message) < 200 else f"breaks '{error.validator}'"
        # Where no type is said, v3.2's schema takes the column for one of every type.
        has_type = isinstance(error.instance, Mapping) and "logicalType" in error.instance
        if "properties" in error.absolute_path and not has_type:
            message = message.replace("'map' is a required property", "has no logicalType")
        if (place, message) in seen:
            continue
        seen.add((place, message))
        unknown = re.findall(r"'([^']+)'", message) if "were unexpected" in message else []
        unknown += re.findall(r"'([^']+)' was unexpected", message)
        hints = " ".join(dict.fromkeys(_hint(name, _words(version)) for name in unknown))
        yield Problem(place, message, "", hints)


def _hint(name: str, words: Iterable[str]) -> str:
    """What to do about a key that is not expected: the standard may know it, but not here."""
    return "It has no place here." if name in words else nearest(name, words)


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

    Takes the standard's two notations: `table.column`, looked for in the contract itself first,
    and `file.odcs.yaml#/schema/TABLE/properties/COLUMN` (ids, or names where there are none; of
    the contract itself without a file).
    """
    if not isinstance(reference, str):
        return None
    file, _, path = reference.rpartition("#")
    if path.startswith(("schema/", "/schema/")):
        parts = path.strip("/").split("/")
        if len(parts) != 4 or parts[2] != "properties":
            return None
        table_name, column_name = parts[1], parts[3]
        where = [c for c in contracts if c.file == file.rpartition("/")[2]] if file else [contract]
    else:
        table_name, _, column_name = path.partition(".")
        where = [contract, *contracts]
    for table in (table for other in where for table in other.tables):
        if table_name in (table.get("id"), table["name"]):
            for column in table.get("properties", []):
                if column_name in (column.get("id"), column["name"]):
                    return table["name"], column["name"]
    return None


def resolve_all(
    references: Any, contract: Contract, contracts: Iterable[Contract]
) -> tuple[str, tuple[str, ...]] | None:
    """The table and columns that a relation of one column or of several leads to, or None."""
    listed = references if isinstance(references, list) else [references]
    found = [resolve(reference, contract, contracts) for reference in listed]
    ends = [end for end in found if end is not None]
    if len(ends) < len(listed) or len({table for table, _ in ends}) != 1:
        return None
    return ends[0][0], tuple(column for _, column in ends)
