"""The fact table of outreach: messages the service sent unasked, and the contacts that followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.business_time import second
from cxaudit.facts.declaration import FactTable
from cxaudit.facts.next_event import next_after
from cxaudit.facts.service_events import by_customers
from cxaudit.facts.settings import parameter

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables

DAY = 86_400
REFERENCES = ("tickets.outreach_id", "tickets.event_id")


def outreach(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Delivered messages with the customer's first contact after, and after the same date before.

    `contacted_at` is the first contact that refers to the message or its event; where no ticket
    refers to any, the first contact of the customer. `usual_from_at` lies some days before the
    message (a parameter of pro_outreach_backfire); `usual_contact_at` is the first contact from
    then on that refers to any message or event, else any contact: like is compared with like.
    `is_compared`: the data reach back that far. All three are seconds since 1970.
    """
    days = parameter(tables.run, "pro_outreach_backfire", "baseline_days_before")
    sent = tables.in_scope("outreach").filter(_.delivered)
    sent = sent.mutate(usual_from_at=second(_.sent_at) - days * DAY)
    asked = by_customers(contacts)
    if any(tables.values(column) for column in REFERENCES):
        asked = asked.filter(_.event_id.notnull() | _.outreach_id.notnull())
        sent = _with_answers(sent, asked)
    else:
        after = next_after(
            sent.mutate(id=_.outreach_id, at=second(_.sent_at)), asked, ("customer_id",)
        )
        sent = _joined(sent, after, "contacted_at")
    starts = sent.mutate(id=_.outreach_id, at=_.usual_from_at)
    sent = _joined(sent, next_after(starts, asked, ("customer_id",)), "usual_contact_at")
    first = tables.engine.fetch(contacts.agg(first=second(_.created_at).min()))["first"][0].as_py()
    return sent.mutate(is_compared=_.usual_from_at >= first if first else False)


def _with_answers(sent: ir.Table, asked: ir.Table) -> ir.Table:
    """The first contact that names the message, or its event after the message."""
    to_message = asked.filter(_.outreach_id.notnull()).group_by("outreach_id")
    sent = _joined(sent, to_message.agg(next_at=_.at.min()).rename(id="outreach_id"), "named_at")
    by = ("customer_id", "event_id")
    starts = sent.filter(_.event_id.notnull()).mutate(id=_.outreach_id, at=second(_.sent_at))
    to_event = next_after(starts, asked.filter(_.event_id.notnull()), by)
    sent = _joined(sent, to_event, "on_event_at")
    # Of two instants the earlier, of one that one: no engine's rule on nulls is relied on.
    earlier = (_.named_at <= _.on_event_at).ifelse(_.named_at, _.on_event_at)
    return sent.mutate(
        contacted_at=ibis.coalesce(earlier, _.named_at, _.on_event_at),
    ).drop("named_at", "on_event_at")


def _joined(sent: ir.Table, found: ir.Table, name: str) -> ir.Table:
    found = found.rename({name: "next_at"})
    return sent.left_join(found, sent.outreach_id == found.id).drop("id")


OUTREACH = FactTable(name="outreach", make=outreach, key=("outreach_id",), needs=("outreach",))
