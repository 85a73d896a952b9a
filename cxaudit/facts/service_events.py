"""The fact table of service events: what befell a customer, and who spoke first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.business_time import second
from cxaudit.facts.declaration import FactTable
from cxaudit.facts.next_event import next_after
from cxaudit.facts.population import instant

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables

PAIR = ("event_id", "customer_id")


def service_events(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Customer and event, with the first notice, confirmation and contact about it.

    `notified_at` and `confirmed_at` are of the first delivered outreach on the event, of any type
    and of type 'confirmation'. `contacted_at` is the customer's first ticket that names the event;
    where no ticket names any, `next_contact_at` is the first ticket since the event began: both are
    seconds since 1970.
    """
    as_of = instant(tables.run.engagement.as_of)
    events = tables.in_scope("service_events").mutate(
        # What is detected after as-of was not known of then.
        detected_at=ibis.ifelse(_.detected_at <= as_of, _.detected_at, None)
    )
    told = tables.in_scope("outreach").filter(_.delivered, _.event_id.notnull())
    notices = told.group_by(PAIR).agg(
        notified_at=_.sent_at.min(),
        confirmed_at=_.sent_at.min(where=_.type == "confirmation"),
    )
    events = events.left_join(notices, PAIR).drop("event_id_right", "customer_id_right")
    asked = by_customers(contacts)
    if tables.values("tickets.event_id"):
        named = asked.filter(_.event_id.notnull()).group_by(PAIR).agg(contacted_at=_.at.min())
        events = events.left_join(named, PAIR).drop("event_id_right", "customer_id_right")
        return events.mutate(next_contact_at=ibis.null("int64"))
    numbered = events.mutate(id=ibis.row_number().over(order_by=list(PAIR)))
    following = next_after(numbered.mutate(at=second(_.occurred_at)), asked, ("customer_id",))
    events = numbered.left_join(following.rename(next_contact_at="next_at"), "id")
    return events.drop("id", "id_right").mutate(contacted_at=ibis.null("int64"))


def by_customers(contacts: ir.Table) -> ir.Table:
    """The contacts that customers began: customer_id, event_id, outreach_id, at (seconds)."""
    begun = contacts.filter((_.created_by == "customer").fill_null(True))
    return begun.select("customer_id", "event_id", "outreach_id", at=second(_.created_at))


SERVICE_EVENTS = FactTable(
    name="service_events",
    make=service_events,
    key=PAIR,
    needs=("service_events",),
    blocks={"event": "event_id"},
)
