"""The settings of a source are checked whole, and each mistake is named with the nearest key."""

from __future__ import annotations

from typing import Any

import pytest

from cxaudit.sources import MappedSource, VendorSource, parse_sources

GOOD: dict[str, Any] = {"table": "tickets", "path": "t.csv", "columns": {"ticket_id": "id"}}


def problems_of(*entries: dict[str, Any]) -> str:
    return "\n".join(str(problem) for problem in parse_sources(list(entries), "engagement.toml")[1])


def test_a_good_source_is_read_with_its_defaults() -> None:
    (source,), problems = parse_sources([GOOD], "engagement.toml")
    assert not problems
    assert isinstance(source, MappedSource)
    assert (source.name, source.path, source.encoding) == ("tickets", ("t.csv",), "utf-8")
    assert source.required


def test_a_vendors_source_needs_only_its_folder() -> None:
    (source,), problems = parse_sources([{"reader": "zendesk", "path": "z"}], "engagement.toml")
    assert not problems
    assert isinstance(source, VendorSource)
    assert (source.name, source.path, source.required) == ("zendesk", ("z",), True)


def test_settings_keep_the_words_of_toml_as_text() -> None:
    columns = {"is_public": {"constant": True}, "tier": {"from": "t", "values": {"a": 1}}}
    (source,), problems = parse_sources([{**GOOD, "columns": columns}], "engagement.toml")
    assert not problems
    assert isinstance(source, MappedSource)
    assert source.columns["is_public"].constant == "true"
    assert source.columns["tier"].values == {"a": "1"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"delimeter": ";"}, "unknown key 'delimeter'. Did you mean 'delimiter'?"),
        ({"reader": "zendsk"}, "no reader is named 'zendsk'. Did you mean 'zendesk'?"),
        ({"time_zone": "Europe/Rom"}, "'Europe/Rom' is no IANA time zone. Did you mean"),
        ({"encoding": "utf-88"}, "'utf-88' is no text encoding. Did you mean 'utf-8'?"),
        ({"dates": "isoo"}, "'isoo' is no date format. Did you mean 'iso'?"),
        ({"delimiter": ";;"}, "delimiter: string should have at most 1 character"),
        ({"columns": {"ticket_id": {"form": "id"}}}, "unknown key 'form'. Did you mean 'from'?"),
        ({"columns": {"ticket_id": {}}}, "needs exactly one of 'from', 'constant' or 'date'"),
        ({"columns": {"a": {"date": "d"}}}, "'date' and 'time' belong together"),
        ({"columns": {"a": {"from": "b", "equals": "c"}}}, "'equals' and 'then' belong together"),
        ({"filter": [{"column": "a", "inn": "b"}]}, "filter, number 1: unknown key 'inn'."),
        ({"filter": [{"column": "a"}]}, "needs one of 'in', 'not_in'"),
        ({"latest": {"per": "id"}}, "key 'by' is missing"),
        (
            {"lookup": [{"source": "tickts", "match": {"a": "b"}, "take": {"c": "d"}}]},
            "no source is named 'tickts'. Did you mean 'tickets'?",
        ),
        (
            {"lookup": [{"match": {"a": "b"}, "take": {"c": "d"}}]},
            "needs exactly one of 'source' (the name of another source) or 'path'",
        ),
    ],
)
def test_a_mistake_is_named(changes: dict[str, Any], expected: str) -> None:
    assert expected in problems_of({**GOOD, **changes})


def test_all_mistakes_of_all_sources_come_at_once() -> None:
    text = problems_of(
        {"table": "tickets", "pth": "t.csv", "columns": {"ticket_id": "id"}},
        GOOD,
        {**GOOD, "name": "second", "dates": "isoo", "encodng": "utf-8"},
    )
    assert "[[source]] 1 (tickets): unknown key 'pth'" in text
    assert "[[source]] 1 (tickets): key 'path' is missing" in text
    assert "[[source]] 3 (second), dates" in text
    assert "[[source]] 3 (second): unknown key 'encodng'" in text


def test_an_entry_that_is_no_table_is_named() -> None:
    _, problems = parse_sources(["tickets.csv"], "engagement.toml")  # type: ignore[list-item]  # what a slip in the file gives
    assert "is not a table of settings" in str(problems[0])
