"""Documents of every version of the standard mean the same once read, and can be written again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from cxaudit.contracts.canonical import read_yaml
from cxaudit.contracts.compilation import compile_rules
from cxaudit.contracts.document import Contract, open_contracts
from cxaudit.contracts.export import export, written
from cxaudit.contracts.rules import Rule
from cxaudit.contracts.versions import as_newest
from cxaudit.errors import EngagementError
from tests.contracts.loading import draft

KEY = {"name": "visit_id", "logicalType": "string", "required": True, "primaryKey": True}


def visits(version: str, *columns: dict[str, Any], **table: Any) -> dict[str, Any]:
    made = {**draft(columns=[KEY, *columns], version=version).document()}
    made["schema"][0].update(table)
    return made


def rules(document: dict[str, Any], folder: Path) -> dict[str, Rule]:
    path = folder / "visits.odcs.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return {rule.id.removeprefix("visits."): rule for rule in compile_rules(open_contracts(folder))}


def test_a_bound_made_exclusive_by_true_is_an_exclusive_bound(tmp_path: Path) -> None:
    options = {"minimum": 0, "exclusiveMinimum": True, "maximum": 9, "exclusiveMaximum": False}
    pages = {"name": "pages", "logicalType": "integer", "logicalTypeOptions": options}
    found = rules(visits("v3.0.2", pages), tmp_path)["pages.range"]
    assert found.arguments == {"strict_minimum": 0, "maximum": 9}


def test_a_date_with_a_time_is_an_instant(tmp_path: Path) -> None:
    given = {
        "name": "at",
        "logicalType": "date",
        "logicalTypeOptions": {"format": "yyyy-MM-dd HH:mm"},
    }
    found = rules(visits("v3.0.1", given), tmp_path)
    assert found["types"].arguments["types"]["at"] == "timestamp"


OLDER_METRICS = [
    ({"rule": "nullCheck"}, "condition"),
    ({"rule": "duplicateCount", "mustBeLessThan": 10}, "duplicates"),
    ({"rule": "uniqueCheck"}, "unique"),
    ({"rule": "validValues", "validValues": ["a", "b"]}, "condition"),
    ({"rule": "somethingElse"}, "declared"),
]


@pytest.mark.parametrize(("given", "kind"), OLDER_METRICS, ids=lambda v: str(v))
def test_older_names_of_metrics_are_read(given: dict[str, Any], kind: str, tmp_path: Path) -> None:
    site = {"name": "site", "logicalType": "string", "quality": [{"name": "A check", **given}]}
    assert rules(visits("v3.0.2", site), tmp_path)["site.a_check"].kind == kind


def test_a_service_level_takes_the_default_element_of_older_versions() -> None:
    document = visits("v3.0.2", {"name": "at", "logicalType": "date"})
    document |= {
        "slaDefaultElement": "visits.at",
        "slaProperties": [{"property": "latency", "value": 1}],
    }
    assert as_newest(document)["slaProperties"] == [
        {"element": "visits.at", "property": "latency", "value": 1}
    ]


def test_a_rule_stands_on_its_line(tmp_path: Path) -> None:
    pages = {"name": "pages", "logicalType": "integer", "logicalTypeOptions": {"minimum": 1}}
    found = rules(visits("v3.2.0", pages), tmp_path)
    lines = (tmp_path / "visits.odcs.yaml").read_text(encoding="utf-8").splitlines()
    assert "minimum: 1" in lines[found["pages.range"].line - 1]
    assert "required: true" in lines[found["visit_id.required"].line - 1]


def test_contracts_written_as_3_1_and_read_again_are_what_they_were(tmp_path: Path) -> None:
    contracts = open_contracts()
    paths = export(contracts, "v3.1.0", tmp_path)
    assert len(paths) == len(contracts)
    for contract, path in zip(contracts, paths, strict=True):
        document = read_yaml(path)
        assert document["apiVersion"] == "v3.1.0"
        assert as_newest(document) == contract.document, f"{path.name} lost something"
    assert "validValues" in (tmp_path / "tickets.odcs.yaml").read_text(encoding="utf-8")


def test_an_older_contract_is_written_as_the_newest(tmp_path: Path) -> None:
    pages = {"name": "pages", "logicalType": "integer", "quality": [{"rule": "nullCheck"}]}
    rules(visits("v3.0.2", pages), tmp_path)
    (contract,) = open_contracts(tmp_path)
    (made,) = export([contract], "v3.2.0", tmp_path / "new")
    assert read_yaml(made)["schema"][0]["properties"][1]["quality"] == [
        {"id": "rule_1", "metric": "nullValues", "mustBe": 0}
    ]


def test_what_an_older_schema_cannot_take_is_named_before_anything_is_written(
    tmp_path: Path,
) -> None:
    vector = {"name": "v", "logicalType": "vector", "logicalTypeOptions": {"dimensions": 3}}
    contract = Contract("visits.odcs.yaml", visits("v3.2.0", vector))
    with pytest.raises(EngagementError, match="visits.properties.v.*'vector' is not one of"):
        written(contract, "v3.1.0")


def test_files_are_not_overwritten(tmp_path: Path) -> None:
    contract = Contract("visits.odcs.yaml", visits("v3.2.0"))
    export([contract], "v3.1.0", tmp_path)
    with pytest.raises(EngagementError, match="is not empty"):
        export([contract], "v3.1.0", tmp_path)
