"""What a stage is made from: each part counts, and nothing else does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cxaudit.pipeline.fingerprints import Fingerprints
from cxaudit.pipeline.reuse import Origin, remember, shared_origin, stage_origin, why_run
from cxaudit.pipeline.stages import Stage


def origin_of(service, **parameters: str) -> Origin:
    run = service.audit().run
    prints = Fingerprints(service.folder / "memory.json")
    shared = shared_origin(run, prints)
    stage = Stage("1_load", service.notebooks / "1_load.ipynb")
    return stage_origin(shared, stage, {"period": "2026Q3"} | parameters, "", prints)


def test_nothing_changed_gives_the_same_key(service) -> None:
    assert origin_of(service).key == origin_of(service).key


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ("engagement", "engagement"),
        ("an input", "inputs"),
        ("another input", "inputs"),
        ("a renamed input", "inputs"),
        ("notebook", "notebook"),
        ("parameter", "parameters"),
        ("a mix kept by an earlier audit", "reference mix"),
    ],
)
def test_a_change_is_noticed_and_named(service, change: str, part: str) -> None:
    before = origin_of(service)
    parameters = {"period": "2026Q2"} if change == "parameter" else {}
    if change == "engagement":
        service.engage("# a remark")
    elif change == "an input":
        service.export("a.csv", "id,created\n2,2026-08-01T00:00:00Z\n")
    elif change == "another input":
        service.export("b.csv", "")
    elif change == "a renamed input":
        os.rename(service.folder / "exports" / "a.csv", service.folder / "exports" / "c.csv")
    elif change == "notebook":
        service.break_stage("1_load", "1 / 0")
    elif change == "a mix kept by an earlier audit":
        (service.folder / "mix-2026Q1.json").write_text("{}")
    after = origin_of(service, **parameters)
    assert after.key != before.key
    assert after.differs_from(before.parts) == part


def test_a_file_no_source_names_and_the_mix_of_this_very_audit_change_nothing(service) -> None:
    before = origin_of(service)
    (service.folder / "notes.txt").write_text("remarks")
    (service.folder / "mix-2026Q3.json").write_text("{}")
    assert origin_of(service).key == before.key


def test_a_rewritten_file_of_the_same_size_and_time_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("one")
    prints = Fingerprints(tmp_path / "memory.json")
    first, status = prints.of(file), file.stat()
    file.write_text("two")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert prints.of(file) != first


def test_an_unchanged_file_is_not_read_again(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("one")
    prints = Fingerprints(tmp_path / "memory.json")
    digest = prints.of(file)
    prints.save()
    memory = (tmp_path / "memory.json").read_text()
    (tmp_path / "memory.json").write_text(memory.replace(digest, "remembered"))
    assert Fingerprints(tmp_path / "memory.json").of(file) == "remembered"


@pytest.mark.parametrize("text", ["", "{", "[1]"])
def test_a_damaged_memory_of_hashes_starts_empty(tmp_path: Path, text: str) -> None:
    (tmp_path / "memory.json").write_text(text)
    assert len(Fingerprints(tmp_path / "memory.json").of(tmp_path / "memory.json")) == 64


def test_a_stage_runs_until_its_record_notebook_and_results_are_all_as_left(
    tmp_path: Path,
) -> None:
    folder, executed = tmp_path / "1_load", tmp_path / "1_load.ipynb"
    folder.mkdir()
    prints = Fingerprints(tmp_path / "memory.json")
    origin = Origin({"inputs": "a", "previous stage": ""})
    assert why_run(folder, origin, prints, executed) == "first run"
    (folder / "load.json").write_text("{}")
    executed.write_text("{}")
    remember(folder, origin, prints, executed)
    assert why_run(folder, origin, prints, executed) == ""
    other = Origin({"inputs": "b", "previous stage": "c"})
    assert why_run(folder, other, prints, executed) == "inputs changed"
    (folder / "left over.json").write_text("{}")
    assert why_run(folder, origin, prints, executed) == "its results changed"
    (folder / "left over.json").unlink()
    executed.write_text("{ }")
    assert why_run(folder, origin, prints, executed) == "its notebook changed"
    (folder / "stage.json").write_text("cut o")
    assert why_run(folder, origin, prints, executed) == "first run"
