"""The step that makes the facts: scope, ledger, contacts and answers, saved in the workspace."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import pandas as pd
import pyarrow.compute as pc
from ibis import _

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.errors import AuditStopped, Problem
from cxaudit.facts import clusters
from cxaudit.facts.actors import decided
from cxaudit.facts.answers import ANSWERS
from cxaudit.facts.contacts import contacts
from cxaudit.facts.declaration import FactTable
from cxaudit.facts.parts import with_parts
from cxaudit.facts.population import IN_SCOPE, OUTSIDE_PERIOD, in_period, scoped, scoped_tickets
from cxaudit.facts.repeats import repeats
from cxaudit.facts.tables import CheckedTables

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.run import Run

FACT_TABLES: tuple[FactTable, ...] = (ANSWERS,)


@dataclass(frozen=True)
class Facts:
    """What the step found: the ledger by table, who decided on roles, and the clocks."""

    population: pd.DataFrame
    actors: pd.DataFrame
    clocks: pd.DataFrame
    folder: Path


def make_facts(run: Run) -> Facts:
    """Write clean tables, facts and the population ledger; returns small frames of them.

    Raises `AuditStopped` where no ticket in scope was created in the period.
    """
    tables = CheckedTables(run)
    engine = run.engine()
    folder = run.folder("2_validate")
    tickets = engine.cached(scoped_tickets(tables))
    ledger = []
    for name in sorted(tables.loaded):
        rows = scoped(tables, name, tickets)
        ledger.append(_ledger_entry(tables, name, rows))
        key = canonical_tables()[name].key
        clean = rows.filter(_.reason == IN_SCOPE).select(*canonical_tables()[name].columns)
        engine.write(clean, folder / "tables" / f"{name}.parquet", order_by=key)
    customers = clusters.customers(tables)
    made, agents = _contacts(tables, tickets, customers)
    engine.write(made, folder / "facts" / "contacts.parquet", order_by=["row"])
    past = int(engine.fetch(made.agg(rows=_.count()))["rows"][0].as_py())
    for fact in FACT_TABLES:
        if any(tables.has(name) for name in fact.needs):
            rows = with_parts(tables, fact, fact.make(tables, made), made)
            rows = engine.cached(clusters.with_codes(rows, fact, customers, agents, past))
            target = folder / "facts" / f"{fact.name}.parquet"
            engine.write(rows, target, order_by=["row", *fact.key])
            last = engine.fetch(rows.agg(last=_.row.max()))["last"][0].as_py()
            past = max(past, (last or 0) + 1)
    population = {"tables": ledger, "notes": _notes(tables, made, tickets)}
    text = json.dumps(population, indent=1, sort_keys=True)
    (folder / "population.json").write_text(text, encoding="utf-8")
    _refuse_empty(run, made)
    return Facts(
        population=_population_frame(ledger),
        actors=_actors_frame(population["notes"]),
        clocks=_clocks_frame(run),
        folder=folder / "facts",
    )


def _contacts(
    tables: CheckedTables, tickets: ir.Table, customers: ir.Table
) -> tuple[ir.Table, ir.Table]:
    """The contacts with their codes, and the codes of all agents."""
    in_scope = tickets.filter(_.reason == IN_SCOPE).drop("reason", "answered_by_bot_only")
    made = contacts(tables, in_scope)
    row = ibis.row_number().over(order_by=made.ticket_id).cast("int64")
    made = made.mutate(row=row, place=ibis.literal(0, type="int64"))
    made = tables.engine.cached(made)
    followed = made.filter(_.customer_is_known, _.category.notnull())
    made = made.left_join(repeats(followed), "ticket_id").drop("ticket_id_right")
    made = clusters.coded(made, customers, customer="customer_id")
    # Who lets a case wait is its assignee: as much a cluster as who answers one.
    made = made.mutate(responder_id=_.replied_by.fill_null(_.assignee_id))
    agents = clusters.agents(tables, made)
    made = clusters.coded(
        made, agents, replier="responder_id", solver="solver_id", assignee="assignee_id"
    )
    return tables.engine.cached(made.drop("responder_id")), agents


def _ledger_entry(tables: CheckedTables, name: str, rows: ir.Table) -> dict[str, Any]:
    """Received = kept + excluded by reason + quarantined, for one table."""
    belongs = in_period(tables.run, name, rows)
    reason = rows.reason
    if belongs is not None:
        reason = ibis.ifelse((reason == IN_SCOPE) & ~belongs, OUTSIDE_PERIOD, reason)
    counted = rows.mutate(reason=reason).group_by("reason").agg(rows=_.count())
    counts = {entry["reason"]: entry["rows"] for entry in tables.engine.fetch(counted).to_pylist()}
    loaded = tables.loaded[name]
    excluded = dict(loaded["excluded"])
    kept = counts.pop(IN_SCOPE, 0)
    for reason_name in sorted(counts):
        excluded[reason_name] = excluded.get(reason_name, 0) + counts[reason_name]
    unusable = name in tables.validation["unusable"]
    quarantined = tables.validation["quarantined"].get(name, {}).get("rows", 0)
    if unusable:
        excluded["table unusable"] = loaded["loaded"] - quarantined
        kept = 0
    return {
        "table": name,
        "received": loaded["received"],
        "kept": kept,
        "excluded": {reason: rows for reason, rows in excluded.items() if rows},
        "quarantined": quarantined,
    }


def _notes(tables: CheckedTables, made: ir.Table, tickets: ir.Table) -> list[dict[str, Any]]:
    """Counted facts about the data that a reader of the numbers has to know."""
    actors = tables.run.engagement.actors
    notes: list[dict[str, Any]] = []
    messages = tables.read("messages")
    rule = decided(actors, messages.author_id)
    by_rule = messages.mutate(rule=rule).group_by("rule", "author_type").agg(rows=_.count())
    for entry in sorted(
        tables.engine.fetch(by_rule).to_pylist(), key=lambda e: (e["rule"], str(e["author_type"]))
    ):
        notes.append({"id": "message-authors", **entry})
    quick = (_.first_response_at.epoch_seconds() - _.created_at.epoch_seconds()) < 5
    differs = (
        _.delivered_response_at.notnull()
        & _.first_response_at.notnull()
        & (_.delivered_response_at != _.first_response_at)
    )
    counted = made.agg(
        tickets=_.count(),
        status_unknown=(_.status == "unknown").sum(),
        spam_flag_unknown=_.is_spam.isnull().sum(),
        test_flag_unknown=_.is_test.isnull().sum(),
        category_missing=_.category.isnull().sum(),
        customer_unknown=(~_.customer_is_known).sum(),
        first_reply_under_5_seconds=quick.sum(),
        first_reply_differs_from_delivered=differs.sum(),
        status_differs_from_delivered=(_.status != _.delivered_status).sum(),
    )
    row = tables.engine.fetch(counted).to_pylist()[0]
    total = row.pop("tickets")
    notes += [{"id": name, "rows": int(rows or 0), "of": total} for name, rows in row.items()]
    waiting = tickets.filter(_.reason == "bot only", ~_.status.isin(["solved", "closed"]))
    count = tables.engine.fetch(waiting.agg(rows=_.count())).to_pylist()[0]["rows"]
    notes.append({"id": "bot_only_not_solved", "rows": count, "of": total})
    return notes


def _refuse_empty(run: Run, made: ir.Table) -> None:
    created = in_period(run, "tickets", made)
    assert created is not None  # tickets belong to a period
    table = run.engine().fetch(
        made.agg(rows=created.sum(), first=_.created_at.min(), last=_.created_at.max())
    )
    if pc.fill_null(table["rows"], 0)[0].as_py():
        return
    found = "no ticket in scope at all"
    if table["first"][0].as_py():
        found = f"tickets from {table['first'][0].as_py():%Y-%m-%d} to "
        found += f"{table['last'][0].as_py():%Y-%m-%d}"
    raise AuditStopped(
        Problem(
            f"period {run.period.label}",
            "nothing to audit: no ticket in scope was created in it",
            found,
            "Choose a period the data cover, or extend the export.",
        )
    )


def _population_frame(ledger: list[dict[str, Any]]) -> pd.DataFrame:
    rows = []
    for entry in ledger:
        reasons = "; ".join(f"{reason}: {n:,}" for reason, n in entry["excluded"].items())
        rows.append(
            {
                "table": entry["table"],
                "received": entry["received"],
                "kept": entry["kept"],
                "excluded": sum(entry["excluded"].values()),
                "quarantined": entry["quarantined"],
                "why excluded": reasons,
            }
        )
    return pd.DataFrame(rows)


def _actors_frame(notes: list[dict[str, Any]]) -> pd.DataFrame:
    rows = [note for note in notes if note["id"] == "message-authors"]
    frame = pd.DataFrame(rows, columns=["rule", "author_type", "rows"])
    return frame.rename(columns={"author_type": "role as delivered", "rows": "messages"})


def _clocks_frame(run: Run) -> pd.DataFrame:
    rows = [
        {"channel": channel, "promised clock": clock, "clock used": "calendar"}
        for channel, clock in run.engagement.channels.items()
    ]
    return pd.DataFrame(rows, columns=["channel", "promised clock", "clock used"])
