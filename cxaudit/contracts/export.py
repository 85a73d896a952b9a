"""Contracts written for others: as the newest version of the standard, or as v3.1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from cxaudit.contracts.canonical import VENDOR, custom
from cxaudit.contracts.document import Contract, violations
from cxaudit.contracts.versions import NEWEST, WORDS_OF_3_2, each_column
from cxaudit.errors import EngagementError, Problem

EXPORTED = ("v3.1.0", NEWEST)


def written(contract: Contract, version: str) -> dict[str, Any]:
    """The contract's document in a version of the standard, one of `EXPORTED`.

    Raises `EngagementError` with every part that the version's schema does not take.
    """
    document = dict(contract.document)
    if version != NEWEST:
        document = _as_3_1(document)
    problems = list(violations(contract.file, document, version))
    if problems:
        raise EngagementError(problems)
    return document


def full_version(short: str) -> str:
    """The version as documents write it, of 3.1 or v3.1.0; raises `EngagementError` for others."""
    for version in EXPORTED:
        if short.removeprefix("v") in (version.removeprefix("v"), version[1:4]):
            return version
    known = ", ".join(version[1:4] for version in EXPORTED)
    raise EngagementError(Problem("--version", "is not written", short, f"Use one of: {known}."))


def export(contracts: list[Contract], version: str, folder: Path) -> list[Path]:
    """The files written, one per contract; raises `EngagementError` before writing any."""
    documents = {contract.file: written(contract, version) for contract in contracts}
    folder.mkdir(parents=True, exist_ok=True)
    taken = [name for name in documents if (folder / name).exists()]
    if taken:
        do = "Name an empty folder."
        raise EngagementError(Problem(str(folder), "is not empty", ", ".join(taken), do))
    for name, document in documents.items():
        text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in documents]


def _as_3_1(document: Mapping[str, Any]) -> dict[str, Any]:
    exported: dict[str, Any] = _set_aside(document)
    exported["apiVersion"] = "v3.1.0"
    exported.setdefault("status", "active")
    if levels := document.get("slaProperties"):
        left_out = ("customProperties", "authoritativeDefinitions")
        exported["slaProperties"] = [
            {name: value for name, value in level.items() if name not in left_out}
            for level in levels
        ]
    exported["schema"] = [
        _without_ids_of_relations(_set_aside(each_column(table, _column)))
        for table in document.get("schema", [])
    ]
    return _without_vendors(exported)


def _column(column: Mapping[str, Any]) -> dict[str, Any]:
    exported = _without_ids_of_relations(_set_aside(column))
    if column.get("enum"):
        own = custom(column, "requiredBy", "table") == "table"
        rule = {
            "id": "enum",
            "description": f"{column['name']} is one of the values allowed",
            "metric": "invalidValues",
            "arguments": {"validValues": [entry["value"] for entry in column["enum"]]},
            "mustBe": 0,
            "severity": custom(column, "severity", "error" if own else "warning"),
            "dimension": "conformity",
        }
        exported["quality"] = [rule, *exported.get("quality", [])]
    return exported


def _set_aside(element: Mapping[str, Any]) -> dict[str, Any]:
    """An element with the words v3.1 does not have among its custom properties."""
    exported = {name: value for name, value in element.items() if name not in WORDS_OF_3_2}
    aside = [{"property": name, "value": element[name]} for name in WORDS_OF_3_2 if name in element]
    if aside:
        exported["customProperties"] = [*element.get("customProperties", []), *aside]
    return exported


def _without_ids_of_relations(element: Mapping[str, Any]) -> dict[str, Any]:
    exported = dict(element)
    if element.get("relationships"):
        exported["relationships"] = [
            {name: value for name, value in relation.items() if name != "id"}
            for relation in element["relationships"]
        ]
    return exported


def _without_vendors(node: Any) -> Any:
    """Everything with the vendor of a custom property in the name: v3.1 has no word for it."""
    if isinstance(node, list):
        return [_without_vendors(entry) for entry in node]
    if not isinstance(node, Mapping):
        return node
    inner = {name: _without_vendors(value) for name, value in node.items()}
    if "customProperties" in inner:
        inner["customProperties"] = list(_renamed(inner["customProperties"]))
    return inner


def _renamed(entries: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for entry in entries:
        vendor = entry.get("vendor", VENDOR)
        name = entry["property"] if vendor == VENDOR else f"{vendor}.{entry['property']}"
        yield {**{k: v for k, v in entry.items() if k != "vendor"}, "property": name}
