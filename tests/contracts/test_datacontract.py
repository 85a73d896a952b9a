"""An independent judge: datacontract-cli and we find the same failures, and the same failed rows.

Where we differ on purpose the difference is listed here with its reason, and tested to be there.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from cxaudit.contracts.document import Contract
from cxaudit.contracts.lint import lint
from tests.contracts.agreement_table import (
    DOCUMENT,
    END,
    START,
    differs,
    of_broken,
    of_shipped,
    shared,
    table_text,
)
from tests.contracts.broken_tables import BROKEN, contract_of_broken
from tests.contracts.datacontract import Judged, document, ours, theirs

pytestmark = pytest.mark.datacontract
Verdicts = tuple[dict[str, Judged], dict[str, Judged]]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Verdicts:
    """Both verdicts on the broken tables."""
    return of_broken(tmp_path_factory.mktemp("broken"))


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Verdicts:
    """Both verdicts on the workbook's contracts."""
    return of_shipped(tmp_path_factory.mktemp("shipped"))


def differing(verdicts: Verdicts) -> dict[str, tuple[Judged, Judged]]:
    return {id: pair for id, pair in shared(*verdicts).items() if differs(pair)}


# Parts of a key that may be missing: the default of all categories, the version from the beginning.
# The standard has no word for that, and to datacontract-cli every part of a key is required.
OPTIONAL_KEY_PARTS = {"process_flows.category.required", "schedules.valid_from.required"}


def test_broken_tables_fail_alike(broken: Verdicts) -> None:
    assert lint([Contract("all.odcs.yaml", document(contract_of_broken()))]) == []
    assert differing(broken) == {}
    own, other = broken
    assert set(other) <= set(own), f"rules of theirs that we do not have: {set(other) - set(own)}"
    failing = {identity.split(".")[0] for identity, judged in other.items() if judged.fails}
    assert failing == set(BROKEN), "a table that nobody finds broken proves nothing"
    assert len(BROKEN) >= 30


def test_the_contracts_of_the_workbook_fail_alike(shipped: Verdicts) -> None:
    differences = differing(shipped)
    assert {id for id in differences if not id.endswith(".key.unique")} == set()
    # A key of several columns with one of them missing: copies of it are copies to us, and not
    # to SQL; either way the missing part of the key is a failure of its own.
    for identity, (mine, other) in differences.items():
        assert (mine.rows or 0) > (other.rows or 0), identity
    # A relation that only warns is one rule to us: whether enough rows hold it.
    own, theirs_ = shipped
    unknown = {id for id in set(theirs_) - set(own) if not id.endswith(".exists")}
    assert unknown == OPTIONAL_KEY_PARTS, f"rules of theirs that we do not have: {unknown}"


def test_the_document_tells_how_far_both_agree(broken: Verdicts, shipped: Verdicts) -> None:
    told = DOCUMENT.read_text(encoding="utf-8").partition(START)[2].partition(END)[0].strip()
    text = table_text([shared(*broken), shared(*shipped)])
    assert told == text, "run python -m tests.contracts.agreement_table"


def test_a_relation_that_nearly_all_rows_hold_is_none_of_our_failures(tmp_path: Path) -> None:
    """One row of two hundred leads nowhere: it is set aside, and the relation holds."""
    key = {"primaryKey": True, "primaryKeyPosition": 1}
    site = {"name": "site", "logicalType": "string", "relationships": [{"to": "sites.id"}]}
    visits = {
        "name": "visits",
        "properties": [{"name": "id", "logicalType": "string", **key}, site],
    }
    sites = {"name": "sites", "properties": [{"name": "id", "logicalType": "string", **key}]}
    contract = document([visits, sites])
    tables = {
        "visits": pa.table({"id": [f"v{n}" for n in range(200)], "site": ["s9", *["s1"] * 199]}),
        "sites": pa.table({"id": ["s1"]}),
    }
    own, other = ours(contract, tables), theirs(contract, tables, tmp_path)
    assert own["visits.site.exists"] == other["visits.site.exists"] == Judged(True, 1)
    assert own["visits.site.relation"] == Judged(False, 1)
    assert other["visits.site.relation"] == Judged(True, 1)


def test_rules_that_the_other_judge_does_not_run_are_run_by_us(tmp_path: Path) -> None:
    """Steps, formats and shares of duplicates are words of the standard that it passes over."""
    pages = {"name": "pages", "logicalType": "integer", "logicalTypeOptions": {"multipleOf": 5}}
    mail = {"name": "mail", "logicalType": "string", "logicalTypeOptions": {"format": "email"}}
    copies = {"id": "copies", "metric": "duplicateValues", "unit": "percent", "mustBeLessThan": 1}
    columns = [
        {"name": "id", "logicalType": "string", "primaryKey": True, "primaryKeyPosition": 1},
        pages,
        {**mail, "quality": [copies]},
    ]
    contract = document([{"name": "visits", "properties": columns}])
    rows = {"id": ["a", "b", "c"], "pages": [5, 7, None], "mail": ["x@example.com", "x", "x"]}
    tables = {"visits": pa.table(rows)}
    own, other = ours(contract, tables), theirs(contract, tables, tmp_path)
    ids = {"visits.pages.multiple": 1, "visits.mail.format": 2, "visits.mail.copies": 2}
    assert {id: own[id] for id in ids} == {id: Judged(True, rows) for id, rows in ids.items()}
    assert not set(ids) & set(other), "it runs them by now: compare them with the others"
