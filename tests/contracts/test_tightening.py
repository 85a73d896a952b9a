"""A client's contracts may ask for more than the workbook's, and never for less."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from cxaudit.contracts.rules import Rule
from cxaudit.contracts.tightening import effective_rules
from cxaudit.contracts.validate import validate
from cxaudit.errors import EngagementError
from tests.contracts.loading import check_of, loaded_run, rows_of, ticket, validation

AS_OF = datetime(2026, 10, 3, 6, tzinfo=UTC)


def client(
    folder: Path, columns: dict[str, dict[str, Any]], version: str = "v3.2.0", **table: Any
) -> Path:
    """A folder with a client's contract of tickets; `columns` by name, with text as their type."""
    properties = [
        {"name": name, "logicalType": "string", **given} for name, given in columns.items()
    ]
    document = {
        "apiVersion": version,
        "kind": "DataContract",
        "id": "acme-tickets",
        "version": "1.0.0",
        "status": "active",
        "schema": [{"name": "tickets", "properties": properties, **table}],
    }
    place = folder / "contracts"
    place.mkdir(exist_ok=True)
    text = yaml.safe_dump(document, sort_keys=False)
    (place / "tickets.odcs.yaml").write_text(text, encoding="utf-8")
    return place


def rules(folder: Path) -> dict[str, Rule]:
    return {rule.id: rule for rule in effective_rules(folder, AS_OF)}


def refused(folder: Path) -> str:
    with pytest.raises(EngagementError) as error:
        effective_rules(folder, AS_OF)
    return str(error.value)


def options(**given: Any) -> dict[str, Any]:
    return {"logicalTypeOptions": given}


def severity(level: str) -> dict[str, Any]:
    return {"customProperties": [{"property": "severity", "value": level}]}


def test_what_a_client_does_not_mention_stays_as_it_is(tmp_path: Path) -> None:
    ours = {rule.id: rule for rule in effective_rules(None, AS_OF)}
    place = client(tmp_path, {"category": {"required": True}})
    found = rules(place)
    assert {id: rule for id, rule in found.items() if id in ours} == ours
    assert set(found) - set(ours) == {"tickets.category.required"}


def test_the_contracts_of_the_workbook_repeated_change_nothing(tmp_path: Path) -> None:
    from cxaudit.contracts.document import open_contracts
    from cxaudit.contracts.export import export

    export(open_contracts(), "v3.1.0", tmp_path / "contracts")
    ours = effective_rules(None, AS_OF)
    assert effective_rules(tmp_path / "contracts", AS_OF) == ours


def test_a_column_the_client_requires_is_weighed_as_the_workbook_weighs_it(tmp_path: Path) -> None:
    """An indicator needs the category, no table does: a row without one is a finding and stays."""
    found = rules(client(tmp_path, {"category": {"required": True}}))["tickets.category.required"]
    assert (found.severity, found.contract) == ("warning", "contracts/tickets.odcs.yaml")
    stern = client(tmp_path, {"category": {"required": True, **severity("error")}})
    assert rules(stern)["tickets.category.required"].severity == "error"


TIGHTER = [
    (
        "reopen_count",
        {"logicalType": "integer", **options(maximum=20)},
        "range",
        {"minimum": 0, "maximum": 20},
    ),
    (
        "cost",
        {"logicalType": "number", **options(exclusiveMinimum=0)},
        "range",
        {"strict_minimum": 0},
    ),
    (
        "channel",
        {"enum": [{"value": "chat"}, {"value": "email"}]},
        "enum",
        {"values": ("chat", "email")},
    ),
    (
        "created_at",
        {"logicalType": "timestamp", **options(minimum="2020-01-01T00:00:00+00:00")},
        "range",
        {"minimum": "2020-01-01T00:00:00+00:00", "maximum": "2100-01-01T00:00:00Z"},
    ),
]


@pytest.mark.parametrize(("column", "given", "kind", "arguments"), TIGHTER)
def test_bounds_and_values_may_be_narrower(
    column: str, given: dict[str, Any], kind: str, arguments: dict[str, Any], tmp_path: Path
) -> None:
    found = rules(client(tmp_path, {column: given}))[f"tickets.{column}.{kind}"]
    assert found.arguments == arguments
    assert found.contract == "contracts/tickets.odcs.yaml"


LOOSER = [
    ({"ticket_id": {"required": False}}, "required is false, and true in the workbook"),
    ({"created_at": {}}, "logicalType is string, and timestamp in the workbook"),
    ({"channel": {"primaryKey": True}}, "the primary key is not that of the workbook"),
    ({"channel": {"enum": [{"value": "fax"}, {"value": "chat"}]}}, "it allows fax"),
    (
        {"reopen_count": {"logicalType": "integer", **options(minimum=-1)}},
        "its minimum lies beyond 0",
    ),
    (
        {"channel": {"enum": [{"value": "chat"}], **severity("info")}},
        "its severity is info, and error",
    ),
]


@pytest.mark.parametrize(("columns", "what"), LOOSER)
def test_what_would_be_looser_is_refused_with_both_lines(
    columns: dict[str, Any], what: str, tmp_path: Path
) -> None:
    said = refused(client(tmp_path, columns))
    assert "contracts/tickets.odcs.yaml, line " in said
    assert f"is looser than the workbook's contract: {what}" in said
    assert "Found: tickets.odcs.yaml, line " in said


def test_every_loosening_is_named_at_once(tmp_path: Path) -> None:
    said = refused(client(tmp_path, {"ticket_id": {"required": False}, "created_at": {}}))
    assert said.count("is looser") == 2


RULE = {
    "id": "created_at_not_rounded",
    "type": "sql",
    "query": "SELECT AVG(CASE WHEN EXTRACT(EPOCH FROM created_at) % 900 = 0 THEN 1.0 ELSE 0.0 END) "
    "FROM {object}",
}


def test_a_bound_on_a_share_may_be_lower_and_not_higher(tmp_path: Path) -> None:
    place = client(tmp_path, {}, quality=[{**RULE, "mustBeLessOrEqualTo": 0.1}])
    found = rules(place)["tickets.created_at_not_rounded"]
    assert (found.arguments["bound"], found.severity, found.grade_cap) == (0.1, "warning", "D")
    assert "the client asks for mustBeLessOrEqualTo 0.1" in found.description
    place = client(tmp_path, {}, quality=[{**RULE, "mustBeLessOrEqualTo": 0.3}])
    assert "mustBeLessOrEqualTo is 0.3, and 0.2 in the workbook" in refused(place)


def test_another_question_needs_an_id_of_its_own(tmp_path: Path) -> None:
    other = {**RULE, "query": "SELECT COUNT(*) FROM {object}", "mustBeLessOrEqualTo": 0.1}
    assert "give it an id of its own" in refused(client(tmp_path, {}, quality=[other]))


def test_two_patterns_both_hold(tmp_path: Path) -> None:
    found = rules(client(tmp_path, {"language": options(pattern="^(de|fr)$")}))
    assert found["tickets.language.pattern"].contract == "tickets.odcs.yaml"
    assert found["tickets.language.pattern.client"].arguments == {"pattern": "^(de|fr)$"}


def test_columns_of_the_clients_own_are_listed_and_not_needed(tmp_path: Path) -> None:
    place = client(
        tmp_path, {"region": {"required": True}, "channel": {"enum": [{"value": "chat"}]}}
    )
    run = loaded_run(
        tmp_path,
        {"tickets": [ticket(number) for number in range(60)] + [ticket(60, channel="email")]},
        contracts={"folder": place},
    )
    validate(run)
    assert check_of(run, "tickets.region.required")["message"] == "region not supplied"
    broken = check_of(run, "tickets.channel.enum")
    assert (broken["contract"], broken["failed_rows"]) == ("contracts/tickets.odcs.yaml", 1)
    line = (
        (place / "tickets.odcs.yaml").read_text(encoding="utf-8").splitlines()[broken["line"] - 1]
    )
    assert "enum" in line
    assert [row["ticket_id"] for row in rows_of(run, "quarantine", "tickets")] == ["t60"]
    assert validation(run)["unusable"] == []


def test_a_rule_of_the_client_degrades_an_indicator(tmp_path: Path) -> None:
    degrades = [
        {"property": "degrades", "value": ["qua_csat"]},
        {"property": "gradeCap", "value": "D"},
    ]
    level = {"property": "latency", "value": 1, "unit": "d", "element": "tickets.created_at"}
    place = client(tmp_path, {"created_at": {"logicalType": "timestamp"}})
    path = place / "tickets.odcs.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    document["slaProperties"] = [{**level, "customProperties": degrades}]
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    tickets = {"tickets": [ticket(number) for number in range(9)]}
    run = loaded_run(tmp_path, tickets, contracts={"folder": place})
    validate(run)
    late = check_of(run, "tickets.created_at.latency")
    assert (late["state"], round(late["value"])) == ("failed", 94)
    assert validation(run)["degraded"]["qua_csat"] == "D"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "contracts.folder: is not a folder" in refused(tmp_path / "nowhere")


def contract_of(folder: Path, table: dict[str, Any], levels: Any = ()) -> Path:
    place = client(folder, {})
    path = place / "tickets.odcs.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    document["schema"] = [table]
    document |= {"slaProperties": levels} if levels else {}
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return place


def becomes(value: Any, level: str = "warning") -> list[dict[str, Any]]:
    given = {"severity": level, "invalidBecomes": value}
    return [{"property": name, "value": said} for name, said in given.items()]


def test_a_client_may_not_have_low_answers_vanish(tmp_path: Path) -> None:
    value = {"name": "value", "logicalType": "number", **options(minimum=4)}
    table = {"name": "surveys", "properties": [{**value, "customProperties": becomes(None)}]}
    said = refused(contract_of(tmp_path, table))
    assert "contracts/tickets.odcs.yaml, line " in said
    assert "invalidBecomes is null, and the workbook replaces no value of this column" in said
    assert "Found: surveys.odcs.yaml, line " in said


def test_a_client_may_not_change_what_an_invalid_value_becomes(tmp_path: Path) -> None:
    said = refused(client(tmp_path, {"status": {"customProperties": becomes(None)}}))
    assert "invalidBecomes is null, and unknown in the workbook" in said


def test_a_rule_only_the_client_has_replaces_no_value(tmp_path: Path) -> None:
    """Our range of reopen_count replaces what lies outside; the client's step only counts."""
    column = {"logicalType": "integer", **options(multipleOf=2)}
    found = rules(client(tmp_path, {"reopen_count": column}))
    assert found["tickets.reopen_count.range"].replaces
    assert not found["tickets.reopen_count.multiple"].replaces


LOW = {
    "id": "low",
    "type": "sql",
    "query": "SELECT COUNT(*) FROM {object} WHERE value < 4",
    "mustBe": 0,
    "severity": "error",
}


@pytest.mark.parametrize("at_column", [True, False])
def test_a_clients_rule_may_not_set_aside_more_than_the_house_lets_pass(
    at_column: bool, tmp_path: Path
) -> None:
    def surveys(share: float) -> dict[str, Any]:
        low = {**LOW, "customProperties": [{"property": "stopAbove", "value": share}]}
        value = {"name": "value", "logicalType": "number"}
        if at_column:
            return {"name": "surveys", "properties": [{**value, "quality": [low]}]}
        return {"name": "surveys", "properties": [value], "quality": [low]}

    said = refused(contract_of(tmp_path, surveys(1.0)))
    assert "stopAbove of low is 1, and at most 0.02 here" in said
    assert "contracts/tickets.odcs.yaml, line " in said
    assert "Found: surveys.odcs.yaml, line " in said
    identity = "surveys.value.low" if at_column else "surveys.low"
    assert rules(contract_of(tmp_path, surveys(0.01)))[identity].stop_above == 0.01


def latency(days: int, level: str, **given: Any) -> dict[str, Any]:
    return {
        "property": "latency",
        "value": days,
        "unit": "d",
        "element": "tickets.created_at",
        "customProperties": [{"property": "severity", "value": level}],
        **given,
    }


@pytest.mark.parametrize(
    ("named", "ids"),
    [
        ([{}, {}], ["latency", "latency_2"]),
        ([{"id": "fresh"}, {"id": "stale"}], ["fresh", "stale"]),
        ([{"id": "fresh"}, {}], ["fresh", "latency"]),
    ],
)
def test_two_service_levels_of_one_column_are_two_rules(
    named: list[dict[str, str]], ids: list[str], tmp_path: Path
) -> None:
    created = {"name": "created_at", "logicalType": "timestamp"}
    levels = [latency(1, "error", **named[0]), latency(30, "warning", **named[1])]
    place = contract_of(tmp_path, {"name": "tickets", "properties": [created]}, levels)
    found = rules(place)
    held = [found[f"tickets.created_at.{identity}"] for identity in ids]
    assert [(rule.arguments["bound"], rule.severity) for rule in held] == [
        (1, "error"),
        (30, "warning"),
    ]


def test_two_rules_of_one_id_are_refused_with_both_lines(tmp_path: Path) -> None:
    created = {"name": "created_at", "logicalType": "timestamp"}
    levels = [latency(1, "error", id="fresh"), latency(30, "warning", id="fresh")]
    place = contract_of(tmp_path, {"name": "tickets", "properties": [created]}, levels)
    lines = (place / "tickets.odcs.yaml").read_text(encoding="utf-8").splitlines()
    first, second = (at for at, line in enumerate(lines, 1) if line.startswith("- property: late"))
    said = refused(place)
    file = "contracts/tickets.odcs.yaml"
    assert f"{file}, line {second}, tickets.created_at.fresh: is the id of another rule" in said
    assert f"Found: {file}, line {first}: " in said
