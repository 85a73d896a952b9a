"""The demo's files: the same for the same seed, made once, with known faults and stories."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from cxaudit.engagement import open_engagement
from cxaudit.errors import Fault
from cxaudit.resources import PACKAGE
from cxaudit.simulate import SEED, VERSION, Truth, ensure_demo, simulate, simulate_tables
from cxaudit.simulate.draw import draw
from cxaudit.simulate.layouts import layout_of
from cxaudit.simulate.service import CURRENT, FALLING_CHANNEL, PREVIOUS, SLOW_TEAM, Service
from cxaudit.simulate.tables import TABLES
from cxaudit.sources import MappedSource
from tests.simulate.estimates import Estimates

TICKETS = 400


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    folder = tmp_path_factory.mktemp("demo") / "data"
    return folder, simulate(folder, seed=5, tickets_per_quarter=TICKETS)


def fingerprints(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def test_the_same_seed_gives_the_same_bytes(made: tuple[Path, Truth], tmp_path: Path) -> None:
    simulate(tmp_path / "again", seed=5, tickets_per_quarter=TICKETS)
    simulate(tmp_path / "other", seed=6, tickets_per_quarter=TICKETS)
    first, again = fingerprints(made[0]), fingerprints(tmp_path / "again")
    assert first == again
    other = fingerprints(tmp_path / "other")
    assert other["messages.jsonl.gz"] != first["messages.jsonl.gz"]
    assert other.keys() == first.keys()


def test_nothing_is_left_beside_the_folder(made: tuple[Path, Truth]) -> None:
    assert [path.name for path in made[0].parent.iterdir()] == ["data"]


def test_messages_are_one_json_object_per_line(made: tuple[Path, Truth]) -> None:
    with gzip.open(made[0] / "messages.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    assert len(rows) > 5 * TICKETS
    assert {row["language"] for row in rows} == {"de", "en", "fr", "tr"}
    assert all(row["body"] and "{" not in row["body"] for row in rows), "a slot was left open"


def test_planted_faults_are_few_and_listed(made: tuple[Path, Truth]) -> None:
    with gzip.open(made[0] / "helpdesk_tickets.csv.gz", "rt", encoding="utf-8") as lines:
        rows = lines.read().splitlines()[1:]
    listed = [fault for fault in made[1].faults if fault["table"] == "tickets"]
    assert len(rows) - len(set(rows)) == 6
    assert sum("Fax" in row for row in rows) == 3
    assert sum('"n/a"' in row for row in rows) == 2
    assert {fault["fault"] for fault in listed} == {
        "solved before created",
        "unknown channel",
        "time of creation unreadable",
        "one id, two contents",
        "exact duplicate",
    }
    assert sum(fault["rows"] for fault in listed) < 0.02 * len(rows)


def test_truth_file_says_what_simulate_returned(made: tuple[Path, Truth]) -> None:
    folder, truth = made
    document = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert document == json.loads(json.dumps(truth.document()))
    assert document["simulator"] == {"version": VERSION, "seed": 5}
    assert 0.6 < truth.value("qua_csat") < 0.95
    assert truth.value("spd_first_response", channel="chat") < 180
    with pytest.raises(KeyError):
        truth.value("qua_csat", channel="chat")


def test_demo_is_made_once_and_again_for_another_seed(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    simulate(folder, seed=9, tickets_per_quarter=TICKETS)
    before = (folder / "groups.json").stat().st_mtime_ns
    ensure_demo(folder, seed=9)
    assert (folder / "groups.json").stat().st_mtime_ns == before, "made again without need"
    marker = folder / "truth.json"
    document = json.loads(marker.read_text(encoding="utf-8"))
    document["simulator"]["version"] = VERSION - 1
    marker.write_text(json.dumps(document), encoding="utf-8")
    ensure_demo(folder, seed=9)
    assert json.loads(marker.read_text())["simulator"] == {"version": VERSION, "seed": 9}


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(Fault, match="not the demo's"):
        ensure_demo(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_engagement_maps_every_delivered_column() -> None:
    engagement = open_engagement(PACKAGE.parent / "demo")
    sources = {s.table: s for s in engagement.sources if isinstance(s, MappedSource)}
    assert set(sources) == set(TABLES)
    tables = simulate_tables(1, service=Service(tickets_per_quarter=200), with_words=True)
    for name, table in tables.items():
        layout, source = layout_of(name), sources[name]
        assert set(source.columns) == set(table.column_names), f"{name}: columns differ"
        assert source.path == (f"data/{layout.file.replace('{year}', '*')}",)
        for column, settings in source.columns.items():
            assert settings.used_headers() == (layout.headers.get(column, column),)
            words = layout.words.get(column)
            assert settings.values == ({w: c for c, w in words.items()} if words else None)


def test_parquet_files_carry_the_canonical_types(made: tuple[Path, Truth]) -> None:
    schema = pq.read_schema(made[0] / "ticket_events.parquet")
    assert str(schema.field("at").type) == "timestamp[us, tz=UTC]"


def test_the_planted_stories_show_in_the_demo_itself() -> None:
    drawn = draw(Service(), SEED)
    seen = Estimates(drawn)
    cases, agents = drawn.cases, drawn.agents
    slow = (agents.team == SLOW_TEAM)[cases.first_agent] & (cases.first_agent >= 0)
    wait = np.log(cases.replied - cases.created)
    change = [
        wait[slow & (cases.span == span) & (cases.channel == 0)].mean()
        for span in (PREVIOUS, CURRENT)
    ]
    assert change[1] - change[0] > 0.45, "the slow team's replies did not get slower"
    hit, place = seen.hits("csat")
    now = drawn.cases.channel[drawn.invitations.case[place]]
    span_starts = (seen.start, seen.end)
    seen.start, seen.end = seen.start - 91 * 86400, span_starts[0]
    hit_before, place = seen.hits("csat")
    before = drawn.cases.channel[drawn.invitations.case[place]]
    assert hit.mean() > hit_before.mean(), "the total did not rise"
    fall = hit_before[before == FALLING_CHANNEL].mean() - hit[now == FALLING_CHANNEL].mean()
    assert fall > 0.04, f"the channel fell by {fall:.3f} only"
