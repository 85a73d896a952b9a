"""A contract that is not right is refused, with every fault named at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxaudit.contracts.document import open_contracts, open_document
from cxaudit.errors import EngagementError
from tests.contracts.loading import draft


def problems(folder: Path) -> str:
    """What opening the folder's contracts complains of."""
    with pytest.raises(EngagementError) as refused:
        open_contracts(folder)
    return str(refused.value)


def rule(**given: object) -> dict[str, object]:
    """A quality rule written as SQL."""
    return {
        "id": "positive",
        "type": "sql",
        "query": "SELECT COUNT(*) FROM {object} WHERE pages < 1",
        "mustBe": 0,
        **given,
    }


def with_property(level: str, **given: object) -> dict[str, object]:
    return {level: [{"property": name, "value": value} for name, value in given.items()]}


def test_a_valid_contract_opens(tmp_path: Path) -> None:
    draft(quality=[rule()]).write(tmp_path)
    (contract,) = open_contracts(tmp_path)
    assert [table["name"] for table in contract.tables] == ["visits"]


def test_a_misspelt_key_of_the_standard_is_named_with_the_nearest(tmp_path: Path) -> None:
    columns = draft().columns
    columns[1]["requird"] = True
    draft(columns=columns).write(tmp_path)
    found = problems(tmp_path)
    assert "schema.visits.properties.pages" in found, f"the place is not named: {found}"
    assert "Did you mean 'required'?" in found


@pytest.mark.parametrize("nothing", [None, 7, "no"])
def test_a_type_or_a_column_that_is_none_is_refused(tmp_path: Path, nothing: object) -> None:
    columns = draft().columns
    columns[1]["logicalType"] = nothing
    draft(columns=columns).write(tmp_path)
    assert "pages" in problems(tmp_path)
    columns[1] = nothing
    draft(columns=columns).write(tmp_path)
    assert "schema.visits.properties" in problems(tmp_path)


def test_every_violation_is_listed_at_once(tmp_path: Path) -> None:
    columns = draft().columns
    columns[1]["logicalType"] = "datetime"
    columns[2]["classification"] = 7
    draft(columns=columns).write(tmp_path)
    other = draft(name="routes", version="v1.0.0")
    other.write(tmp_path)
    found = problems(tmp_path)
    assert "'datetime' is not one of" in found
    assert "properties.site.classification" in found
    assert "routes.odcs.yaml, apiVersion" in found


def test_a_contract_is_held_to_the_version_it_declares(tmp_path: Path) -> None:
    columns = draft().columns
    columns[2]["enum"] = [{"value": "north"}]
    newer = draft(columns=columns).write(tmp_path)
    assert open_document(newer).file == "visits.odcs.yaml"
    older = draft(columns=columns, version="v3.1.0").write(tmp_path)
    with pytest.raises(EngagementError, match="'enum' was unexpected"):
        open_document(older)


@pytest.mark.parametrize("version", ["v3.0.2", "v3.1.0", "v3.2.0"])
def test_supported_versions_open(tmp_path: Path, version: str) -> None:
    draft(version=version).write(tmp_path)
    assert len(open_contracts(tmp_path)) == 1


def test_text_that_is_not_yaml_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "visits.odcs.yaml").write_text("kind: [DataContract\nid: x\n", encoding="utf-8")
    assert "visits.odcs.yaml, line 2: is not valid YAML" in problems(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert "holds no data contract" in problems(tmp_path)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"severity": "errror"}, "unknown severity. Found: errror. Did you mean 'error'?"),
        ({"query": "SELECT COUNT(*) FROM {object} WHERE page < 1"}, "Did you mean 'pages'?"),
        ({"query": "DELETE FROM {object}"}, "rules read and never write"),
        ({"query": "SELECT COUNT(*) FROM orders WHERE x < 1"}, "from its own table alone"),
        ({"query": "SELECT pages FROM {object}"}, "it has to select one value"),
        ({"query": "SELECT COUNT( FROM"}, "is not SQL that can be parsed"),
        ({"id": None}, "has no id"),
        (with_property("customProperties", stopAbov=0.1), "Did you mean 'stopAbove'?"),
        (with_property("customProperties", stopAbove=2), "not a share between 0 and 1"),
        (with_property("customProperties", gradeCap="E"), "gradeCap is not one of A, B, C, D"),
        (with_property("customProperties", degrades=["qua_csta"]), "Did you mean 'qua_csat'?"),
    ],
)
def test_a_wrong_rule_is_refused(tmp_path: Path, change: dict[str, object], sentence: str) -> None:
    given = {name: value for name, value in rule(**change).items() if value is not None}
    draft(quality=[given]).write(tmp_path)
    assert sentence in problems(tmp_path)


def test_arguments_of_a_metric_name_columns_that_exist(tmp_path: Path) -> None:
    metric = {
        "metric": "duplicateValues",
        "mustBe": 0,
        "arguments": {"properties": ["sites"]},
    }
    draft(quality=[metric]).write(tmp_path)
    assert "names a column that is not there. Found: sites. Did you mean 'site'?" in problems(
        tmp_path
    )


def test_a_table_without_a_key_is_refused(tmp_path: Path) -> None:
    draft(columns=[{"name": "pages", "logicalType": "integer"}]).write(tmp_path)
    assert "has no primary key" in problems(tmp_path)


def test_a_relation_has_to_lead_to_a_column(tmp_path: Path) -> None:
    columns = draft().columns
    columns[2]["relationships"] = [{"to": "sites.odcs.yaml#/schema/sites/properties/site_id"}]
    draft(columns=columns).write(tmp_path)
    assert "leads to no column of any contract" in problems(tmp_path)


def test_relations_that_cascade_in_a_circle_are_refused(tmp_path: Path) -> None:
    columns = draft().columns
    columns[2]["relationships"] = [{"to": "visits.visit_id"}]
    draft(columns=columns).write(tmp_path)
    assert "cascade in a circle. Found: visits → visits" in problems(tmp_path)


def test_a_header_stands_for_one_column_only(tmp_path: Path) -> None:
    columns = draft().columns
    for column in columns[1:]:
        column["synonyms"] = [{"synonym": "Seiten", "source": "x", "locale": "de"}]
    draft(columns=columns).write(tmp_path)
    assert "synonym 'seiten' occurs 2 times" in problems(tmp_path)


def test_custom_properties_of_other_vendors_are_left_alone(tmp_path: Path) -> None:
    foreign = {"property": "stopAbov", "value": 7, "vendor": "atlan"}
    draft(quality=[rule(customProperties=[foreign])]).write(tmp_path)
    assert len(open_contracts(tmp_path)) == 1
