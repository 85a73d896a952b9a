"""What the versions of the Open Data Contract Standard say differently, said as the newest does.

v3.0: a bound is made exclusive by true beside it, a date may have a time, metrics go by older
names in `rule`, a service level may leave its element to a default. v3.1: allowed values and
synonyms have no words of their own. All else reads alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from cxaudit.contracts.evaluation import OPERATORS

NEWEST = "v3.2.0"
# The version a document declares -> the version whose schema it is held to.
SCHEMAS = {
    "v3.0.0": "v3.0.2",
    "v3.0.1": "v3.0.2",
    "v3.0.2": "v3.0.2",
    "v3.1.0": "v3.1.0",
    NEWEST: NEWEST,
}
VERSIONS = tuple(SCHEMAS)
# Where v3.1 has no word for it, a custom property of this name holds what v3.2 says.
WORDS_OF_3_2 = ("enum", "synonyms", "deprecated", "semanticType", "context")
# The metrics of `rule`, by the names that v3.0 and the tools of its time used.
OLDER_METRICS = {
    "rowCount": "rowCount",
    "countCheck": "rowCount",
    "nullCheck": "nullValues",
    "nullCount": "nullValues",
    "uniqueCheck": "duplicateValues",
    "duplicateCheck": "duplicateValues",
    "duplicateCount": "duplicateValues",
    "validValues": "invalidValues",
}


@cache
def standard_schema(version: str) -> dict[str, Any]:
    """The JSON schema of a version of the Open Data Contract Standard."""
    version = SCHEMAS[version]
    if version == NEWEST:
        text = files("open_data_contract_standard").joinpath("schema.json").read_text("utf-8")
    else:
        place = files("cxaudit.contracts").joinpath("schemas", f"odcs-{version}.schema.json")
        text = place.read_text("utf-8")
    return json.loads(text)


def as_newest(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document of any version as v3.2 says it; its parts keep their places."""
    version = SCHEMAS[document["apiVersion"]]
    newest = {**document, "apiVersion": NEWEST}
    if version == NEWEST:
        return newest
    newest.pop("slaDefaultElement", None)
    if levels := document.get("slaProperties"):
        default = document.get("slaDefaultElement")
        named = {} if default is None else {"element": default}
        newest["slaProperties"] = [{**named, **level} for level in levels]
    older = version == "v3.0.2"
    change = _from_3_0 if older else _from_3_1
    newest["schema"] = [_table(table, change, older) for table in document.get("schema", [])]
    return _from_3_1(newest)


def _table(table: Mapping[str, Any], change: _Change, older: bool) -> dict[str, Any]:
    changed = _from_3_1(each_column(table, change))
    if older and table.get("quality"):
        changed["quality"] = _rules(table["quality"])
    return changed


_Change = Callable[[Mapping[str, Any]], dict[str, Any]]


def each_column(table: Mapping[str, Any], change: _Change) -> dict[str, Any]:
    """A table (or column) with every column in it changed, those inside columns too."""
    changed = dict(table)
    if isinstance(table.get("properties"), list):
        changed["properties"] = [each_column(change(p), change) for p in table["properties"]]
    if isinstance(table.get("items"), Mapping):
        changed["items"] = each_column(change(table["items"]), change)
    return changed


def _from_3_1(element: Mapping[str, Any]) -> dict[str, Any]:
    """An element with the words of v3.2 that its custom properties hold in words of their own."""
    changed = dict(element)
    kept = []
    for entry in element.get("customProperties", []):
        if _is_word_of_3_2(entry) and entry["property"] not in element:
            changed[entry["property"]] = entry["value"]
        else:
            kept.append(entry)
    if len(kept) < len(element.get("customProperties", [])):
        changed.pop("customProperties")
        if kept:
            changed["customProperties"] = kept
    if "enum" in changed and "enum" not in element:
        # The rule that says in words of v3.1 what the list says.
        rules = [rule for rule in element.get("quality", []) if rule.get("id") != "enum"]
        changed.pop("quality", None)
        if rules:
            changed["quality"] = rules
    return changed


def _is_word_of_3_2(entry: Mapping[str, Any]) -> bool:
    """Whether a custom property was made of a word of v3.2; others may have the same name."""
    name, value = entry.get("property"), entry.get("value")
    keys = {"enum": "value", "synonyms": "synonym"}
    if name in keys:
        listed = value if isinstance(value, list) else [None]
        return all(isinstance(item, Mapping) and keys[name] in item for item in listed)
    return name in WORDS_OF_3_2


def _from_3_0(column: Mapping[str, Any]) -> dict[str, Any]:
    changed = _from_3_1(column)
    options = dict(column.get("logicalTypeOptions") or {})
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if isinstance(options.get(exclusive), bool):
            is_exclusive = options.pop(exclusive)
            if is_exclusive and bound in options:
                options[exclusive] = options.pop(bound)
    if column.get("logicalTypeOptions"):
        changed["logicalTypeOptions"] = options
    time_of_day = re.sub("'[^']*'", "", str(options.get("format", "")))
    if column.get("logicalType") == "date" and re.search("[HhKkmsS]", time_of_day):
        changed["logicalType"] = "timestamp" if re.search("[yud]", time_of_day) else "time"
    if column.get("quality"):
        changed["quality"] = _rules(column["quality"])
    return changed


def _rules(rules: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [_rule(rule, number) for number, rule in enumerate(rules, start=1)]


def _rule(rule: Mapping[str, Any], number: int) -> dict[str, Any]:
    """A rule of v3.0 with its metric's name of today, and with an id: v3.0 has none."""
    changed = dict(rule)
    named = re.sub(r"[^A-Za-z0-9_]+", "_", str(rule.get("name", ""))).strip("_").lower()
    changed.setdefault("id", named or f"rule_{number}")
    if rule.get("type", "library") != "library" or "metric" in rule:
        return changed
    name = changed.pop("rule", None)
    metric = OLDER_METRICS.get(str(name))
    if metric is None:
        wanted = rule.get("description") or f"{name} (no metric of the standard)"
        known = {k: v for k, v in changed.items() if k not in OPERATORS and k != "validValues"}
        return {**known, "type": "text", "description": wanted}
    changed["metric"] = metric
    if "validValues" in changed:
        changed["arguments"] = {"validValues": changed.pop("validValues")}
    if not any(word in changed for word in OPERATORS) and metric != "rowCount":
        changed["mustBe"] = 0
    return changed
