"""With the client's salt the numbers are the same, and no file or message names a person's id."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cxaudit.contracts.validate import validate
from cxaudit.explain import explain
from cxaudit.facts import make_facts
from cxaudit.load import load
from cxaudit.measure import measure
from cxaudit.pipeline.fingerprints import Fingerprints
from cxaudit.pipeline.reuse import shared_origin
from cxaudit.resources import PACKAGE, resource
from cxaudit.run import open_run
from cxaudit.score import score
from cxaudit.simulate import simulate

from .small_client import SOURCES, Client

VARIABLE, SALT = "CXAUDIT_TEST_SALT", "pepper and thyme, 2026"
PRIVACY = f'[privacy]\nsalt_variable = "{VARIABLE}"\n'


@pytest.fixture(scope="module")
def audits(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The workspace of a small demo service with and without a salt, bots known by a pattern."""
    folder = tmp_path_factory.mktemp("service")
    simulate(folder / "data", tickets_per_quarter=400)
    shutil.copy(resource("demo") / "engagement.toml", folder)
    text = (folder / "engagement.toml").read_text(encoding="utf-8")
    messages = gzip.decompress((folder / "data" / "messages.jsonl.gz").read_bytes()).splitlines()
    agent = next(m["author"] for m in map(json.loads, messages) if m["role"] == "agent")
    named = f'bot_patterns = ["*lumi"]\nformer_agent_ids = ["{agent}"]'
    text = text.replace('bot_ids = ["bot_lumi"]', named)
    assert named in text
    places = {}
    for name, section in (("plain", ""), ("salted", PRIVACY)):
        (folder / "engagement.toml").write_text(section + text, encoding="utf-8")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(VARIABLE, SALT)
            run = open_run(folder, workspace=folder / name)
            load(run)
            validate(run)
            make_facts(run)
            score(run, measure(run))
            explain(run)
        places[name] = run.workspace
    return places


def numbers(workspace: Path, name: str) -> dict[str, Any]:
    """What a stage wrote."""
    found: dict[str, Any] = json.loads((workspace / name).read_text(encoding="utf-8"))
    return found


def differences(one: Any, two: Any, place: str = "") -> list[str]:
    """The places where two results differ by more than the last of twelve digits."""
    if isinstance(one, dict) and isinstance(two, dict) and one.keys() == two.keys():
        return [d for key in one for d in differences(one[key], two[key], f"{place}.{key}")]
    if isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        pairs = enumerate(zip(one, two, strict=True))
        return [d for number, pair in pairs for d in differences(*pair, f"{place}[{number}]")]
    if isinstance(one, float) and isinstance(two, float):
        return [] if one == pytest.approx(two, rel=1e-11, nan_ok=True) else [place]
    return [] if one == two else [place]


@pytest.mark.parametrize("name", ["4_explain/audit.json", "2_validate/population.json"])
def test_a_salt_changes_no_number(audits: dict[str, Path], name: str) -> None:
    plain, salted = (numbers(audits[kind], name) for kind in ("plain", "salted"))
    assert not differences(plain, salted)


def test_the_rules_on_authors_still_hold(audits: dict[str, Path]) -> None:
    notes = numbers(audits["salted"], "2_validate/population.json")["notes"]
    by_rule = {note["rule"]: note["rows"] for note in notes if note["id"] == "message-authors"}
    assert by_rule["named bot"] > 0, "bots are known by a pattern over ids as delivered"
    assert by_rule["named former agent"] > 0


def test_every_table_holds_other_ids(audits: dict[str, Path]) -> None:
    plain, salted = (
        set(pq.read_table(audits[kind] / "1_load" / "tickets.parquet")["customer_id"].to_pylist())
        for kind in ("plain", "salted")
    )
    assert len(plain) == len(salted) > 50
    assert plain & salted <= {None}


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> tuple[Client, str]:
    """A client whose ids are e-mail addresses, audited from a command line, and what it said."""
    client = Client(tmp_path_factory.mktemp("client"))
    for table, column in (("tickets", "customer"), ("tickets", "agent"), ("surveys", "customer")):
        for row in client.rows(table):
            row[column] = f"{row[column]}@example.com"
    for row in client.rows("messages"):
        row["author no"] = f"{row['author no']}@example.com"
    twice = client.tickets[200] | {"state": "open", "solved": ""}
    client.tickets.append(twice)
    client.tickets[201]["created"] = "soon"
    client.surveys[202]["stars"] = "9"
    client.engagement = PRIVACY + '[actors]\nformer_agent_ids = ["an-00001@example.com"]' + SOURCES
    client.deliver()
    ended = subprocess.run(
        [sys.executable, "-m", "cxaudit", "run", ".", "--period", "2026Q3"],
        cwd=client.folder,
        env=os.environ
        | {"PYTHONPATH": str(PACKAGE.parent), "CXAUDIT_CACHE": str(client.folder / "cache")}
        | {VARIABLE: SALT},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert ended.returncode in (0, 1), ended.stderr
    return client, ended.stdout + ended.stderr


def written(folder: Path) -> dict[str, str]:
    """Every file below a folder as text, tables cell by cell."""
    return {
        path.relative_to(folder).as_posix(): (
            json.dumps(pq.read_table(path).to_pydict(), default=str)
            if path.suffix == ".parquet"
            else path.read_bytes().decode("utf-8", "replace")
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_no_file_and_no_message_names_a_person(ended: tuple[Client, str]) -> None:
    client, said = ended
    files = {
        f"{place}/{name}": text
        for place in ("cache", "reports")
        for name, text in written(client.folder / place).items()
    }
    kinds = ("load.json", "validation.json", ".html", ".ipynb", "quarantine/tickets.parquet")
    lacking = [kind for kind in kinds if not any(name.endswith(kind) for name in files)]
    assert not lacking, f"nothing was looked at of {lacking}"
    naming = [name for name, text in files.items() if "@example.com" in text]
    assert not naming, f"ids of people are in {naming}"
    assert "@example.com" not in said, "a message names a person"
    telling = [name for name, text in files.items() if SALT in text]
    assert not telling and SALT not in said, f"the salt is in {telling}"


def test_another_salt_is_noticed_and_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(tmp_path, engagement=PRIVACY + SOURCES)
    client.deliver()

    def origin(salt: str) -> dict[str, str]:
        monkeypatch.setenv(VARIABLE, salt)
        return shared_origin(client.run(), Fingerprints(tmp_path / "prints.json")).parts

    one, same, other = origin(SALT), origin(SALT), origin("another salt of theirs")
    assert one == same
    assert {name for name in one if one[name] != other[name]} == {"salt"}
    assert SALT not in json.dumps(one)
