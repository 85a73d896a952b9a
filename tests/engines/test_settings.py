"""The `[engine]` section: what it may say, and what is said about what it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxaudit.engagement import open_engagement
from cxaudit.engine import EngineSettings, open_engine, settings
from cxaudit.errors import EngagementError
from cxaudit.run import open_run

CLIENT = """
[client]
id = "small"
name = "Small"
time_zone = "UTC"
as_of = 2026-10-03T06:00:00Z
period = "2026Q3"
"""
SECRET = "hunter2"


def written(folder: Path, section: str) -> Path:
    path = folder / "engagement.toml"
    path.write_text(f"{CLIENT}\n[engine]\n{section}\n", encoding="utf-8")
    return path


def complaint(folder: Path, section: str) -> str:
    with pytest.raises(EngagementError) as raised:
        open_engagement(written(folder, section))
    return str(raised.value)


def test_without_a_section_it_is_duckdb(tmp_path: Path) -> None:
    path = tmp_path / "engagement.toml"
    path.write_text(CLIENT, encoding="utf-8")
    assert open_engagement(path).engine == EngineSettings(kind="duckdb")


def test_each_engine_takes_what_it_needs(tmp_path: Path) -> None:
    spark = 'kind = "spark"\nmaster = "local[2]"\nmemory = "2 gb"\noptions = { "spark.x" = "1" }'
    engine = open_engagement(written(tmp_path, spark)).engine
    assert (engine.kind, engine.master, engine.memory_limit) == ("spark", "local[2]", "2GB")
    postgres = 'kind = "postgres"\nurl_variable = "CRM_URL"'
    assert open_engagement(written(tmp_path, postgres)).engine.url_variable == "CRM_URL"


@pytest.mark.parametrize(
    ("section", "says"),
    [
        ('kind = "sprak"', "engine.kind: is no engine; Did you mean 'spark'?. Found: 'sprak'."),
        ('knd = "spark"', "engine.knd: is not a setting. Did you mean 'kind'?"),
        ('memory = "lots"', "engine.memory: is no amount of memory; write it like 4GB or 800MB"),
        ('master = "local"', "master says nothing to kind = 'duckdb', which takes memory"),
        ('kind = "postgres"', "kind = 'postgres' needs url_variable"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, section: str, says: str) -> None:
    assert says in complaint(tmp_path, section)


@pytest.mark.parametrize(
    "given", [f"postgresql://user:{SECRET}@host/crm", f"host=h password={SECRET}"]
)
def test_a_url_in_the_file_is_refused_and_not_repeated(tmp_path: Path, given: str) -> None:
    said = complaint(tmp_path, f'kind = "postgres"\nurl_variable = "{given}"')
    assert "url_variable is to be the name of an environment variable" in said
    assert SECRET not in said


def test_a_url_that_is_not_set_is_missed_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CRM_URL", raising=False)
    path = written(tmp_path, 'kind = "postgres"\nurl_variable = "CRM_URL"')
    with pytest.raises(EngagementError, match="the environment variable CRM_URL is not set"):
        open_run(path)


def test_a_driver_that_is_not_installed_is_named_with_its_command() -> None:
    (problem,) = settings.driver_missing("engine.kind", "no_such_driver", "spark")
    assert str(problem) == (
        "engine.kind: the package no_such_driver is not installed. "
        "Install it: python -m pip install 'cxaudit[spark]'."
    )


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("url", "says"),
    [
        (f"postgresql://user:{SECRET}@host:port/crm", "no connection to PostgreSQL"),
        (f"user {SECRET}", "CRM_URL holds no PostgreSQL URL"),
        (f"postgresql://user:{SECRET}@127.0.0.1:9/crm", "no connection to PostgreSQL"),
    ],
)
def test_a_server_that_cannot_be_reached_is_said_without_its_password(
    url: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_URL", url)
    with pytest.raises(EngagementError) as raised:
        open_engine(settings=EngineSettings(kind="postgres", url_variable="CRM_URL"))
    assert says in str(raised.value)
    assert SECRET not in str(raised.value)


def test_the_machine_s_own_limit_goes_before_the_engagement_s(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CXAUDIT_MEMORY_LIMIT", "300MB")
    assert EngineSettings(memory="4GB").memory_limit == "300MB"
