"""The mapping help on real headers, against keys written by reading."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cxaudit.pipeline.assembly import open_json
from cxaudit.pipeline.auditing import prepare_audit
from cxaudit.proposal import entries, listing, proposed
from cxaudit.proposal.vocabulary import MISSING
from tests.house.files import ROOT
from tests.reference.mapping_measure import KEYS, Counts, counted, document, keys, runs

pytestmark = pytest.mark.reference

LEAST_RIGHT = 0.85


def test_most_columns_of_the_acceptance_files_are_proposed_right(reference_data: Path):
    total = sum((counted(one, key) for _, one, key in runs("mapping_key.csv")), Counts())
    assert total.columns == 134
    assert total.right / total.columns >= LEAST_RIGHT, f"{total.right} of {total.columns}"


@pytest.mark.parametrize("name", KEYS)
def test_no_wrong_proposal_is_made_with_high_confidence(reference_data: Path, name: str):
    for file, one, key in runs(name):
        table = one.assignment.table if one.assignment else ""
        wrong = [
            header
            for header, match in one.matches.items()
            if match.confidence == "high" and f"{table}.{match.column}" != key[header][0]
        ]
        assert not wrong, f"{file}: {wrong}"


@pytest.mark.parametrize("name", KEYS)
def test_no_cell_of_a_personal_column_is_shown(reference_data: Path, name: str):
    """Every word of four letters and more of such columns, all of them, is looked for."""
    for file, one, key in runs(name):
        shown = listing([one], 200) + entries([one], Path(), "UTC")
        written = set(re.findall(r"[^\W_]+", shown))
        # what a header, a path or our own words say is not told by a cell
        own = {traits.header for traits in one.sample.columns} | {file}
        public = {word for text in (*own, *MISSING) for word in re.findall(r"[^\W_]+", text)}
        personal = [header for header, (_, is_personal) in key.items() if is_personal]
        for header in personal:
            cells = set(one.sample.column(header).words)
            leaked = {cell for cell in cells if len(cell) >= 4 and quoted(cell) in shown}
            assert not leaked, f"{file}: {len(leaked)} cells of {header} are shown"
            names = {
                cell for cell in cells if cell.isalpha() and len(cell) >= 4 and cell in written
            }
            told = {name for name in names - public if name not in OURS}
            assert not told, f"{file}: {len(told)} names of {header} are shown"


def quoted(cell: str) -> str:
    """A cell as an entry would have it."""
    return json.dumps(cell, ensure_ascii=False)


# Words of the listing and of the entries that people of a forum also call themselves.
OURS = frozenset(
    ("LOOK", "none", "None", "high", "time", "word", "words", "user", "agent", "text", "open")
    + ("integer", "Header", "source", "tickets", "messages", "customer", "more", "rows", "prose")
)


def test_what_is_proposed_for_the_forum_is_loaded_and_checked(reference_data: Path, tmp_path: Path):
    folder = reference_data / "data" / "support_forum_2023_2024"
    found, problems = proposed([folder / "tickets.csv.gz", folder / "messages.csv.gz"])
    assert not problems
    client = (
        '[client]\nid = "forum"\nname = "A forum"\ntime_zone = "UTC"\n'
        "as_of = 2025-12-24T18:00:00Z\n\n"
    )
    (tmp_path / "engagement.toml").write_text(client + entries(found, tmp_path), encoding="utf-8")
    audit = prepare_audit(str(tmp_path), "2024Q4", tmp_path / "reports", fresh=True)
    checked = audit.check()
    tables = open_json(audit.run.workspace / "1_load" / "load.json")["tables"]
    loaded = {name: (entry["received"], entry["loaded"]) for name, entry in tables.items()}
    assert loaded == {"tickets": (27_594, 27_594), "messages": (59_855, 59_855)}
    assert not checked.get("unusable"), "every table can be worked with"


def test_the_documented_figures_are_those_of_a_run(reference_data: Path):
    page = (ROOT / "docs" / "mapping.md").read_text(encoding="utf-8")
    assert document() in page, "renew them: python -m tests.reference.mapping_measure"


def test_every_key_says_of_every_column_whether_it_is_personal():
    for name in KEYS:
        for file, key in keys(name).items():
            assert key, file
