"""The step that makes the facts: scope, ledger, contacts and answers, saved in the workspace."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import pandas as pd
from ibis import _

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.errors import AuditStopped, Problem
from cxaudit.facts import clusters
from cxaudit.facts.actions import ACTIONS
from cxaudit.facts.adherence import ADHERENCE
from cxaudit.facts.answers import ANSWERS
from cxaudit.facts.articles import ARTICLES
from cxaudit.facts.attempts import ATTEMPTS
from cxaudit.facts.bot_sessions import BOT_SESSIONS
from cxaudit.facts.business_calendar import TABLE, business_calendar, clocks
from cxaudit.facts.calibrations import CALIBRATIONS
from cxaudit.facts.calls import CALLS
from cxaudit.facts.channel_catalogue import CHANNEL_CATALOGUE
from cxaudit.facts.contacts import contacts
from cxaudit.facts.customer_base import CUSTOMER_BASE
from cxaudit.facts.declaration import FactTable
from cxaudit.facts.first_contacts import FIRST_CONTACTS
from cxaudit.facts.follow_ups import FOLLOW_UPS
from cxaudit.facts.mentions import MENTIONS
from cxaudit.facts.next_replies import NEXT_REPLIES
from cxaudit.facts.notes import notes
from cxaudit.facts.outreach import OUTREACH
from cxaudit.facts.parts import with_parts
from cxaudit.facts.population import (
    HAPPENED_AT,
    IN_SCOPE,
    OF_A_PERIOD,
    OUTSIDE_PERIOD,
    in_period,
    scoped,
    scoped_tickets,
)
from cxaudit.facts.promises import PROMISES
from cxaudit.facts.reasons import REASONS
from cxaudit.facts.repeats import calls_without_ticket, repeats
from cxaudit.facts.reviews import REVIEWS
from cxaudit.facts.roster import ROSTER
from cxaudit.facts.searches import SEARCHES
from cxaudit.facts.self_service import SELF_SERVICE
from cxaudit.facts.service_events import SERVICE_EVENTS
from cxaudit.facts.silences import SILENCES
from cxaudit.facts.tables import CheckedTables

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.run import Run

FACT_TABLES: tuple[FactTable, ...] = (
    ACTIONS,
    ADHERENCE,
    ANSWERS,
    ARTICLES,
    ATTEMPTS,
    BOT_SESSIONS,
    CALIBRATIONS,
    CALLS,
    CHANNEL_CATALOGUE,
    CUSTOMER_BASE,
    FIRST_CONTACTS,
    FOLLOW_UPS,
    MENTIONS,
    NEXT_REPLIES,
    OUTREACH,
    PROMISES,
    REASONS,
    REVIEWS,
    ROSTER,
    SEARCHES,
    SELF_SERVICE,
    SERVICE_EVENTS,
    SILENCES,
)


@dataclass(frozen=True)
class Facts:
    """What the step found: the ledger by table, who decided on roles, and the clocks."""

    population: pd.DataFrame
    actors: pd.DataFrame
    clocks: pd.DataFrame
    folder: Path


def make_facts(run: Run) -> Facts:
    """Write clean tables, facts and the population ledger; returns small frames of them.

    Raises `AuditStopped` where the tables that the engagement requires have no row in the period.
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
    _write_business_calendar(tables, folder / "tables")
    customers = clusters.customers(tables)
    made, agents = _contacts(tables, tickets, customers)
    # Of an earlier run with other data; an indicator goes by what is there.
    shutil.rmtree(folder / "facts", ignore_errors=True)
    target = folder / "facts" / "contacts.parquet"
    engine.write(made, target, order_by=["row"])
    made = engine.read(target)
    past = int(engine.fetch(made.agg(rows=_.count()))["rows"][0].as_py())
    for fact in FACT_TABLES:
        if any(tables.has(name) for name in fact.needs):
            rows = engine.cached(with_parts(tables, fact, fact.make(tables, made), made))
            rows = clusters.with_codes(rows, fact, customers, agents, past)
            target = folder / "facts" / f"{fact.name}.parquet"
            engine.write(rows, target, order_by=list(dict.fromkeys(["row", *fact.key])))
            last = engine.fetch(engine.read(target).agg(last=_.row.max()))["last"][0].as_py()
            past = max(past, (last or 0) + 1)
    population = {"tables": ledger, "notes": notes(tables, made, tickets)}
    text = json.dumps(population, indent=1, sort_keys=True)
    (folder / "population.json").write_text(text, encoding="utf-8")
    _refuse_empty(tables, ledger)
    return Facts(
        population=_population_frame(ledger),
        actors=_actors_frame(population["notes"]),
        clocks=clocks(tables),
        folder=folder / "facts",
    )


def _write_business_calendar(tables: CheckedTables, folder: Path) -> None:
    path = folder / f"{TABLE}.parquet"
    path.unlink(missing_ok=True)
    if tables.has("schedules"):
        made = tables.engine.table(business_calendar(tables))
        tables.engine.write(made, path, order_by=canonical_tables()[TABLE].key)


def _contacts(
    tables: CheckedTables, tickets: ir.Table, customers: ir.Table
) -> tuple[ir.Table, ir.Table]:
    """The contacts with their codes, and the codes of all agents."""
    in_scope = tickets.filter(_.reason == IN_SCOPE).drop("reason", "answered_by_bot_only")
    # Numbering takes one core and every column it is given: it is given one.
    numbered = in_scope.select("ticket_id").mutate(
        row=ibis.row_number().over(order_by=_.ticket_id).cast("int64")
    )
    numbered = tables.engine.cached(numbered)
    made = contacts(tables, in_scope).left_join(numbered, "ticket_id").drop("ticket_id_right")
    made = tables.engine.cached(made.mutate(place=ibis.literal(0, type="int64")))
    agents = clusters.agents(tables, made)
    followed = made.filter(_.customer_is_known, _.category.notnull())
    returns = repeats(followed, calls_without_ticket(tables))
    made = made.left_join(returns, "ticket_id").drop("ticket_id_right")
    made = clusters.coded(made, customers, customer="customer_id")
    # Who lets a case wait is its assignee: as much a cluster as who answers one.
    made = made.mutate(responder_id=_.replied_by.fill_null(_.assignee_id))
    made = clusters.coded(
        made, agents, replier="responder_id", solver="solver_id", assignee="assignee_id"
    )
    return made.drop("responder_id"), agents


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


def _refuse_empty(tables: CheckedTables, ledger: list[dict[str, Any]]) -> None:
    """Stop where no table that the engagement requires has a row in scope in the period."""
    run = tables.run
    decisive = [table for table in run.engagement.required_tables if table in OF_A_PERIOD]
    if not decisive or any(e["kept"] for e in ledger if e["table"] in decisive):
        return
    spans = [span for name in decisive if tables.has(name) and (span := _span(tables, name))]
    raise AuditStopped(
        Problem(
            f"period {run.period.label}",
            f"nothing to audit: no row of {', '.join(decisive)} in scope belongs to it",
            ", ".join(spans) or "no row in scope at all",
            "Choose a period the data cover, or extend the export.",
        )
    )


def _span(tables: CheckedTables, name: str) -> str:
    """From when to when the rows in scope are, in words; empty where there is none."""
    rows = tables.in_scope(name)
    at = rows[HAPPENED_AT[name]]
    both = rows.agg(first=at.min(), last=at.max())
    ends = tables.engine.fetch(both).to_pylist()[0]
    if ends["first"] is None:
        return ""
    return f"{name} from {ends['first']:%Y-%m-%d} to {ends['last']:%Y-%m-%d}"


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
