"""Every metric of every ticket of the reference export, and why ours differs."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cxaudit.contracts.validate import validate
from cxaudit.facts import make_facts
from cxaudit.load import load
from cxaudit.reconcile.causes import alike
from cxaudit.reconcile.comparison import Reconciliation, compare
from cxaudit.reconcile.definitions import ZENDESK
from cxaudit.reconcile.loaded import LoadedTables
from cxaudit.reconcile.ours import reopen_counts
from cxaudit.reconcile.rules import NO_WORD
from cxaudit.reconcile.seen import Seen
from cxaudit.reconcile.written import document_of
from cxaudit.run import open_run

from .test_whole_audits import ZENDESK as ENGAGEMENT

pytestmark = pytest.mark.reference
NOT_METRICS = ["kind", "status", "true_reopens"]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, reference_data: Path) -> Reconciliation:
    folder = tmp_path_factory.mktemp("reconciled")
    export = reference_data / "conformance" / "zendesk_export"
    (folder / "engagement.toml").write_text(ENGAGEMENT.format(folder=export), encoding="utf-8")
    run = open_run(folder, "2024..2026", folder / "workspace")
    load(run)
    validate(run)
    make_facts(run)
    return compare(run, ZENDESK)


@pytest.fixture(scope="module")
def reference(reference_data: Path) -> pd.DataFrame:
    path = reference_data / "conformance" / "ticket_metrics_reference.csv"
    return pd.read_csv(path, dtype={"ticket_id": str}).set_index("ticket_id")


def test_every_column_of_every_ticket_is_theirs_to_a_hundredth(
    found: Reconciliation, reference: pd.DataFrame
) -> None:
    theirs = pd.concat([compared.theirs for compared in found.compared], axis=1)
    wanted = reference.drop(columns=NOT_METRICS).astype("float64")
    assert sorted(theirs) == sorted(wanted)
    agree = alike(theirs.loc[wanted.index, list(wanted)], wanted).sum()
    assert agree.to_dict() == dict.fromkeys(wanted, 1_000)


def test_the_transitions_back_are_the_reopens_that_were_made(
    found: Reconciliation, reference: pd.DataFrame
) -> None:
    tables = LoadedTables(found.run)
    counted = reopen_counts(Seen(tables, tables), {NO_WORD})
    ours = tables.engine.fetch(counted).to_pandas().set_index("ticket_id")["count_reopens"]
    assert (ours.loc[reference.index] == reference["true_reopens"]).sum() == 1_000


def test_every_difference_is_explained_and_the_headlines_are_known(found: Reconciliation) -> None:
    document = document_of(found)
    unexplained = {m["metric"]: m["unexplained"] for m in document["metrics"] if m["unexplained"]}
    assert unexplained == {}
    assert document["scope"]["in scope"] == 789
    metric = next(
        m for m in document["metrics"] if m["metric"] == "first_reply_time_calendar_minutes"
    )
    assert round(metric["theirs"]["figure"]) == 204, "with bots"
    without_bots = metric["steps"][0]
    assert (without_bots["rule"], round(without_bots["figure"])) == ("bot counted as an agent", 385)
    assert round(metric["ours"]["figure"]) == 382, "in our scope"
    assert round(metric["ours"]["with_those_still_waiting"]) == 437
