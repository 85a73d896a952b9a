"""Every canonical input table of a draw, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pyarrow as pa

from cxaudit.simulate import (
    contacts_tables,
    initiative_tables,
    people_tables,
    promise_tables,
    reference_tables,
)
from cxaudit.simulate.changes import ticket_events_table
from cxaudit.simulate.conversation import messages_table
from cxaudit.simulate.draw import Draw
from cxaudit.simulate.survey_table import surveys_table
from cxaudit.simulate.tickets import tickets_table

BUILDERS: dict[str, Callable[[Draw], pa.Table]] = {
    "tickets": tickets_table,
    "ticket_events": ticket_events_table,
    "messages": messages_table,
    "surveys": surveys_table,
    "customers": people_tables.customers_table,
    "agents": people_tables.agents_table,
    "groups": people_tables.groups_table,
    "trainings": people_tables.trainings_table,
    "qa_reviews": people_tables.qa_reviews_table,
    "calls": contacts_tables.calls_table,
    "bot_sessions": contacts_tables.bot_sessions_table,
    "kb_sessions": contacts_tables.kb_sessions_table,
    "social_mentions": contacts_tables.social_mentions_table,
    "schedules": promise_tables.schedules_table,
    "schedule_holidays": promise_tables.schedule_holidays_table,
    "ticket_schedules": promise_tables.ticket_schedules_table,
    "sla_targets": promise_tables.sla_targets_table,
    "commitments": promise_tables.commitments_table,
    "improvement_actions": initiative_tables.improvement_actions_table,
    "channel_catalogue": reference_tables.channel_catalogue_table,
    "process_catalogue": reference_tables.process_catalogue_table,
    "process_flows": reference_tables.process_flows_table,
    "kb_articles": reference_tables.kb_articles_table,
    "maturity_evidence": reference_tables.maturity_evidence_table,
    "peers": reference_tables.peers_table,
}
# Made from, or together with, another table.
TOGETHER = ("staffing_intervals", "service_events", "outreach")
TABLES = (*BUILDERS, *TOGETHER)


def tables_of(
    drawn: Draw, names: Iterable[str] | None = None, *, with_words: bool = True
) -> dict[str, pa.Table]:
    """The named canonical tables (default: all that are inputs) of a draw."""
    wanted = TABLES if names is None else tuple(names)
    made: dict[str, pa.Table] = {}
    for name in wanted:
        if name == "messages":
            made[name] = messages_table(drawn, with_words=with_words)
        elif name in BUILDERS:
            made[name] = BUILDERS[name](drawn)
        elif name not in TOGETHER:
            raise KeyError(f"the simulator makes no table '{name}'")
    if "staffing_intervals" in wanted:
        calls = made.get("calls") or contacts_tables.calls_table(drawn)
        made["staffing_intervals"] = contacts_tables.staffing_table(drawn, calls)
    if {"service_events", "outreach"} & set(wanted):
        events, outreach = initiative_tables.events_and_outreach(drawn)
        made |= {"service_events": events, "outreach": outreach}
    return {name: made[name] for name in wanted}
