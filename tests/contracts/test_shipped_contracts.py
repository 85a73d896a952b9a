"""The contracts of the workbook: one per canonical table, complete and as the catalogue says."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.contracts.compilation import compile_rules
from cxaudit.contracts.document import Contract, open_contracts
from cxaudit.contracts.rules import Rule


@pytest.fixture(scope="module")
def contracts() -> list[Contract]:
    return open_contracts()


@pytest.fixture(scope="module")
def rules(contracts: list[Contract]) -> dict[str, Rule]:
    return {rule.id: rule for rule in compile_rules(contracts)}


def test_there_is_a_contract_for_every_canonical_table(contracts: list[Contract]) -> None:
    tables = [table["name"] for contract in contracts for table in contract.tables]
    assert tables == sorted(canonical_tables())
    assert len(tables) == 30


def test_every_contract_is_of_the_newest_version(contracts: list[Contract]) -> None:
    assert {contract.document["apiVersion"] for contract in contracts} == {"v3.2.0"}


def test_every_column_is_described(contracts: list[Contract]) -> None:
    bare = [
        f"{table['name']}.{column['name']}"
        for contract in contracts
        for table in contract.tables
        for column in table["properties"]
        if len(column.get("description", "")) < 4
    ]
    assert not bare, f"a data team cannot tell what these are: {bare}"


def test_every_rule_says_what_it_asks_and_which_dimension_it_serves(
    rules: dict[str, Rule],
) -> None:
    mute = [rule.id for rule in rules.values() if not rule.dimension or rule.description == rule.id]
    assert not mute, f"rules without words: {mute}"


def test_rules_have_ids_of_their_own(contracts: list[Contract]) -> None:
    compiled = compile_rules(contracts)
    ids = [rule.id for rule in compiled]
    assert len(ids) == len(set(ids)), "two rules share an id"


def test_columns_that_an_indicator_asks_for_may_be_empty() -> None:
    tickets = canonical_tables()["tickets"].columns
    for name in ("status", "is_spam", "is_test", "merged_into", "category"):
        assert tickets[name].nullable, f"tickets.{name} is required by indicators only"


def test_a_bad_value_in_such_a_column_costs_no_row(rules: dict[str, Rule]) -> None:
    columns = {
        (table.name, column.name): column
        for table in canonical_tables().values()
        for column in table.columns.values()
    }
    strict = [
        rule.id
        for rule in rules.values()
        if rule.kind in ("enum", "range", "pattern")
        and rule.quarantines
        and rule.column is not None
        and columns[rule.table, rule.column].required != "table"
    ]
    assert not strict, f"these would quarantine rows for the sake of an optional column: {strict}"


@pytest.mark.parametrize(
    ("identity", "severity"),
    [
        ("tickets.ticket_id.unique", "error"),
        ("tickets.answered_after_created", "error"),
        ("tickets.solved_after_created", "error"),
        ("messages.ticket_id.exists", "error"),
        ("messages.ticket_id.relation", "error"),
        ("surveys.value_on_scale", "error"),
        ("surveys.yes_or_no", "error"),
        ("surveys.includes_non_respondents", "warning"),
        ("tickets.category.filled", "warning"),
        ("tickets.email_answers_by_people", "warning"),
        ("tickets.created_at_not_rounded", "warning"),
        ("tickets.solved_has_instant", "warning"),
        ("qa_reviews.score_within_maximum", "error"),
        ("messages.text.length", "info"),
    ],
)
def test_rules_that_change_meaning_are_there(
    rules: dict[str, Rule], identity: str, severity: str
) -> None:
    assert rules[identity].severity == severity


def test_missing_non_respondents_cap_every_survey_indicator(rules: dict[str, Rule]) -> None:
    rule = rules["surveys.includes_non_respondents"]
    assert {"qua_csat", "qua_fcr_customer", "axs_ces", "emp_felt_understood"} <= set(rule.degrades)
    assert rule.grade_cap == "C"


# The checks that change what a number means, as the model of measurement lists them: the rule, its
# severity, the best grade that is left, and the indicators that it concerns.
CHANGE_MEANING = [
    ("surveys.includes_non_respondents", "C", {"qua_csat", "qua_fcr_customer", "axs_ces"}),
    ("tickets.email_answers_by_people", "C", {"spd_first_response", "spd_first_response_p90"}),
    ("messages.agents_write", "D", {"spd_first_response", "spd_first_response_p90"}),
    (
        "tickets.category.filled",
        "C",
        {"qua_fcr_observed", "pro_preventable_share", "con_process_documented"}
        | {"imp_top_driver_reduction"},
    ),
    (
        "tickets.category_not_other",
        "C",
        {"qua_fcr_observed", "pro_preventable_share", "con_process_documented"}
        | {"imp_top_driver_reduction"},
    ),
    ("qa_reviews.mostly_random", "D", {"emp_qa_listening", "qua_iqs", "con_process_adherence"}),
]


@pytest.mark.parametrize(("identity", "cap", "indicators"), CHANGE_MEANING)
def test_rules_that_change_meaning_cap_the_grade_of_what_they_concern(
    identity: str, cap: str, indicators: set[str], rules: dict[str, Rule]
) -> None:
    rule = rules[identity]
    assert (rule.severity, rule.grade_cap) == ("warning", cap)
    assert indicators <= set(rule.degrades)


def test_whether_a_message_is_automatic_has_to_be_said(rules: dict[str, Rule]) -> None:
    """Without it acknowledgements count as replies, and the indicators of speed say nothing."""
    assert rules["messages.is_auto.required"].severity == "error"
    assert "is_auto" in rules["messages.columns"].arguments["columns"]


def test_headers_of_vendors_are_known_for_the_main_tables(contracts: list[Contract]) -> None:
    vendors = {
        table["name"]: {
            synonym["source"]
            for column in table["properties"]
            for synonym in column.get("synonyms", [])
        }
        for contract in contracts
        for table in contract.tables
    }
    named = {"zendesk", "freshdesk", "intercom", "hubspot", "salesforce", "servicenow"}
    assert named <= vendors["tickets"]
    assert named <= vendors["messages"]
    assert "qualtrics" in vendors["surveys"]


def test_headers_in_other_languages_carry_their_locale(contracts: list[Contract]) -> None:
    tickets = next(c for c in contracts if c.file == "tickets.odcs.yaml").tables[0]
    created = next(p for p in tickets["properties"] if p["name"] == "created_at")
    assert {s.get("locale") for s in created["synonyms"]} == {None, "de", "fr", "es"}


# Columns the catalogue does not have: decisions 18 and 28, and bots by their role.
OWN_COLUMNS = (("tickets", "sla_met"), ("tickets", "follow_up_of"), ("agents", "role"))
# Columns that the catalogue demands and we do not: decision 29.
MAY_LACK = (("sla_targets", "clock"),)


@pytest.mark.reference
def test_columns_are_those_of_the_catalogue(reference_data: Path) -> None:
    text = (reference_data / "measurement" / "catalogue.yaml").read_text(encoding="utf-8")
    catalogue = yaml.load(text, Loader=yaml.CSafeLoader)["tables"]
    ours = {
        name: {
            column.name: (
                column.type,
                column.required,
                column.nullable,
                column.personal,
                list(column.enum),
            )
            for column in table.columns.values()
        }
        for name, table in canonical_tables().items()
    }
    theirs = {
        name: {
            column: (
                entry["type"],
                entry["required"],
                entry.get("nullable", False),
                entry["personal"],
                [str(value) for value in entry.get("enum", [])],
            )
            for column, entry in table["columns"].items()
        }
        for name, table in catalogue.items()
    }
    for table, column in OWN_COLUMNS:
        assert ours[table].pop(column, None), f"{table}.{column} is no column any more"
    for table, column in MAY_LACK:
        own, demanded = ours[table].pop(column), theirs[table].pop(column)
        assert (own[0], own[3:]) == (demanded[0], demanded[3:]), "but for being there, as demanded"
    assert ours == theirs
