"""`cxaudit new`: a file that is valid as it stands, with what the folder tells."""

from __future__ import annotations

import gzip
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import BaseModel

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.engagement import (
    Actors,
    Client,
    Comparison,
    ContractSettings,
    Engagement,
    Gates,
    Override,
    Scope,
    SignOff,
    open_engagement,
)
from cxaudit.errors import EngagementError
from cxaudit.pipeline.new import latest_instant, write_engagement
from cxaudit.privacy import Privacy
from cxaudit.sources import MappedSource


def test_it_proposes_the_latest_instant_in_the_data_and_is_valid(tmp_path: Path) -> None:
    exports = tmp_path / "acme & sons" / "exports"
    exports.mkdir(parents=True)
    (exports / "tickets.csv").write_text("id,at\n1,2026-09-30 23:15:00+02:00\n2,2025-01-01T00:00\n")
    with gzip.open(exports / "surveys.csv.gz", "wt") as file:
        file.write("at\n2026-09-30T21:14:59Z\n")
    engagement = open_engagement(write_engagement(tmp_path / "acme & sons"))
    assert engagement.as_of == datetime(2026, 9, 30, 21, 15, tzinfo=UTC)
    assert engagement.client.id == "acme-sons"
    assert engagement.client.name == "Acme & Sons"
    text = engagement.path.read_text(encoding="utf-8")
    assert "latest instant in exports/tickets.csv" in text, "it says where the proposal is from"
    assert "#   exports/surveys.csv.gz" in text


def test_without_data_the_instant_has_to_be_given(tmp_path: Path) -> None:
    with pytest.raises(EngagementError, match=r"client\.as_of: is missing"):
        open_engagement(write_engagement(tmp_path / "acme"))


def test_an_engagement_that_is_there_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "engagement.toml").write_text("mine")
    with pytest.raises(EngagementError, match="is there already"):
        write_engagement(tmp_path)
    assert (tmp_path / "engagement.toml").read_text() == "mine"


@pytest.mark.parametrize("name", ['a"b\\c', "$id", "---", "é"])
def test_any_folder_name_gives_a_valid_file(tmp_path: Path, name: str) -> None:
    written = write_engagement(tmp_path / name).read_text(encoding="utf-8")
    client = tomllib.loads(written)["client"]
    assert client["id"] and client["name"]


@pytest.mark.parametrize("text", ["", "2026-13-45T99:99", "2026-09-30", "id\n1\n"])
def test_a_file_without_an_instant_proposes_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(text)
    assert latest_instant(tmp_path / "a.csv") is None


def test_every_setting_of_an_engagement_is_in_the_file(tmp_path: Path) -> None:
    text = write_engagement(tmp_path / "acme").read_text(encoding="utf-8")
    models: list[type[BaseModel]] = [
        Client,
        Actors,
        Gates,
        ContractSettings,
        Comparison,
        Override,
        Privacy,
        Scope,
        SignOff,
    ]
    keys = {name for model in models for name in model.model_fields}
    fields = {field.alias or name for name, field in Engagement.model_fields.items()}
    sections = fields - {"path", "sources", "overrides"}
    missing = [key for key in keys if f"{key} = " not in text]
    missing += [name for name in sections if f"[{name}]" not in text]
    assert not missing, f"settings the file does not mention: {sorted(missing)}"
    assert "[[source]]" in text and "[[override]]" in text


def test_the_optional_settings_are_valid_once_uncommented(tmp_path: Path) -> None:
    lines = write_engagement(tmp_path / "acme").read_text(encoding="utf-8").splitlines()
    text = "\n".join(
        line.removeprefix("# ") if line.startswith("# ") and _is_setting(line[2:]) else line
        for line in lines
    )
    (tmp_path / "engagement.toml").write_text(text, encoding="utf-8")
    engagement = open_engagement(tmp_path)
    assert engagement.gates.principle_below == {"speed": 50}
    assert {source.name for source in engagement.sources} == {"tickets", "surveys"}
    for source in engagement.sources:
        assert isinstance(source, MappedSource)
        columns = canonical_tables()[source.table].columns
        obligatory = {c.name for c in columns.values() if c.required == "table" and not c.nullable}
        assert obligatory <= set(source.columns) <= set(columns), f"example of {source.table}"


def _is_setting(line: str) -> bool:
    try:
        return bool(tomllib.loads(line))
    except tomllib.TOMLDecodeError:
        return False
