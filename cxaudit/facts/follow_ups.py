"""The fact table of follow-ups: what a customer answered, and whether a person came back on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.business_time import Under
from cxaudit.facts.declaration import FactTable
from cxaudit.facts.population import instant

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables

QUESTIONS = ("csat", "nps")
DAY = 86_400


def follow_ups(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Invitations with an answer on satisfaction or recommendation, and the first call back.

    `csat_share` and `nps` are the answers as a share of their scale, 0 the worst, and on 0 to 10.
    `followed_at` is the first outreach of type 'closed_loop' by a person on this invitation.
    `waited_seconds` is the time until then, or until as-of, on the clock of the ticket's schedule:
    a business day of it counts as a whole day.
    """
    as_of = instant(tables.run.engagement.as_of)
    answers = tables.in_scope("surveys").filter(
        _.responded_at <= as_of, _.question_key.isin(QUESTIONS), _.value.notnull()
    )
    turned = ibis.ifelse(_.higher_is_better, _.value - _.scale_min, _.scale_max - _.value)
    answers = answers.mutate(share=turned / (_.scale_max - _.scale_min))
    asked = answers.group_by("invite_id").agg(
        ticket_id=_.ticket_id.min(),
        customer_id=_.customer_id.min(),
        responded_at=_.responded_at.min(),
        csat_share=_.share.min(where=_.question_key == "csat"),
        nps=10 * _.share.min(where=_.question_key == "nps"),
    )
    rows = _followed(asked, tables.in_scope("outreach"))
    tickets = contacts.select("ticket_id", "channel", "group_id")
    rows = rows.left_join(tickets, "ticket_id").drop("ticket_id_right")
    rows = rows.mutate(until=ibis.coalesce(_.followed_at, as_of))
    under = Under(ticket="ticket_id", channel="channel", group="group_id")
    rows = tables.business_time.with_open_seconds(
        rows, under, from_open="responded_at", until_open="until"
    )
    waited = DAY * (_.until_open - _.from_open).cast("float64") / _.business_day_seconds
    return rows.mutate(waited_seconds=waited).drop("until", "from_open", "until_open")


def _followed(asked: ir.Table, outreach: ir.Table) -> ir.Table:
    """The invitations with the first call back that came after the answer."""
    calls = outreach.filter(_.type == "closed_loop", _.is_human.fill_null(False)).select(
        "invite_id", "sent_at"
    )
    after = calls.join(asked.select("invite_id", "responded_at"), "invite_id")
    after = after.filter(_.sent_at >= _.responded_at)
    first = after.group_by("invite_id").agg(followed_at=_.sent_at.min())
    return asked.left_join(first, "invite_id").drop("invite_id_right")


FOLLOW_UPS = FactTable(name="follow_ups", make=follow_ups, key=("invite_id",), needs=("surveys",))
