"""Our own definitions of what the tool measures, each with any of its rules done their way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.engagement import Actors
from cxaudit.facts.business_time import second
from cxaudit.facts.population import instant
from cxaudit.facts.replies import first_human_replies
from cxaudit.facts.resolution import ACTIVE, DONE, reopens, solves
from cxaudit.facts.status_waits import UNTIL_TOLD
from cxaudit.reconcile import rules as by
from cxaudit.reconcile.clocks import since_creation
from cxaudit.reconcile.seen import Rules, Seen
from cxaudit.reconcile.zendesk import summed_waits

if TYPE_CHECKING:
    import ibis.expr.types as ir


def comment_counts(seen: Seen, rules: Rules) -> ir.Table:
    """Messages by who wrote at the time; of agents those that are not automatic."""
    messages = seen.messages(rules)
    person = (messages.author_type == "agent") & ~messages.is_auto.fill_null(False)
    counted = messages.group_by("ticket_id").agg(
        count_public_agent_comments=(person & messages.is_public).sum(),
        count_agent_comments=person.sum(),
        count_end_user_comments=(messages.author_type == "customer").sum(),
        count_internal_comments=(~messages.is_public).sum(),
        total_comments=_.count(),
    )
    every = seen.tickets.select("ticket_id").left_join(counted, "ticket_id")
    names = [name for name in counted.columns if name != "ticket_id"]
    return every.select("ticket_id", **{name: every[name].fill_null(0) for name in names})


def first_reply(seen: Seen, rules: Rules) -> ir.Table:
    """Minutes from creation to the first public message of a person that is not automatic."""
    messages, tickets = seen.messages(rules), seen.tickets
    if by.OPENING in rules:
        messages = _without_opening(messages)
    since = tickets
    if by.EARLY in rules:
        first = messages.group_by("ticket_id").agg(first_at=_.at.min())
        since = tickets.left_join(first, "ticket_id").drop("ticket_id_right")
        since = since.mutate(
            created_at=ibis.least(_.created_at, _.first_at.fill_null(_.created_at))
        )
    replies = first_human_replies(messages, since, Actors())
    ends = replies.select("ticket_id", "replied_at")
    return _since_creation(seen, rules, ends, replied_at="first_reply_time")


def _without_opening(messages: ir.Table) -> ir.Table:
    """The messages without the first public ones, but of an agent where a note came before."""
    opened = messages.filter(_.is_public).group_by("ticket_id").agg(opened_at=_.at.min())
    told = messages.left_join(opened, "ticket_id").drop("ticket_id_right")
    at_opening = _.is_public & (_.at == _.opened_at)
    by_customer = at_opening & (_.author_type != "agent")
    first = told.group_by("ticket_id").agg(
        by_customer=by_customer.any(), has_note=(~_.is_public & (_.at <= _.opened_at)).any()
    )
    told = told.join(first, "ticket_id")
    may_stay = ~told.by_customer.fill_null(False) & told.has_note.fill_null(False)
    is_opening = (told.is_public & (told.at == told.opened_at)).fill_null(False)
    return told.filter(~is_opening | may_stay).select(*messages.columns)


def resolution(seen: Seen, rules: Rules) -> ir.Table:
    """Minutes from creation to the first solve, and to the last one of a ticket solved now."""
    changes = seen.changes(rules)
    replies = None if by.AUTOMATED in rules else seen.written_replies
    found = solves(changes, instant(seen.checked.run.engagement.as_of), replies)
    ends = changes.group_by("ticket_id").agg(
        solved=_.at.max(where=_.after == "solved"), closed=_.at.max(where=_.after == "closed")
    )
    found = found.join(ends, "ticket_id")
    is_done = found.status_now.isin(DONE)
    first = found.solved_first_at.fill_null(found.closed_first_at)
    last = found.solved_last_at
    if by.CLOSED_AGAIN in rules:
        last = found.solved.fill_null(found.closed)
    now = last if by.NOT_SOLVED_NOW in rules else ibis.ifelse(is_done, last, None)
    ends = found.select("ticket_id", first=first, last=now)
    both = _since_creation(seen, rules, ends, first="first", last="last")
    status = found.select(of_ticket="ticket_id", status_now="status_now")
    both = both.left_join(status, both.ticket_id == status.of_ticket)
    business = {
        "first_resolution_business_minutes": both.first_business_minutes,
        "full_resolution_business_minutes": both.last_business_minutes,
    }
    if by.NOT_SOLVED_NOW in rules:
        is_done = both.status_now.isin(DONE)
        business = {name: ibis.ifelse(is_done, at, None) for name, at in business.items()}
    return both.select(
        "ticket_id",
        first_resolution_calendar_minutes=both.first_calendar_minutes,
        final_resolution_calendar_minutes=both.last_calendar_minutes,
        **business,
    )


def waits(seen: Seen, rules: Rules) -> ir.Table:
    """Minutes in the statuses of each wait; nothing while the ticket is open: it is not over."""
    spans = seen.checked.engine.cached(_spans(seen, rules))
    active = spans.filter(_.status.isin(ACTIVE))
    lengths = active.group_by("ticket_id", "status").agg(
        calendar=(second(_.end) - second(_.start)).sum()
    )
    business = seen.clock(rules)(active, ("ticket_id", "status"))
    lengths = lengths.left_join(business, ["ticket_id", "status"])
    found = summed_waits(seen.tickets, lengths)
    ended = spans.group_by("ticket_id").agg(is_open=_.is_open.any())
    found = found.left_join(ended, "ticket_id").drop("ticket_id_right")
    is_told = ibis.literal(True) if by.NO_HISTORY in rules else found.is_open.notnull()
    is_over = ibis.literal(True) if by.BILLED in rules else ~found.is_open.fill_null(False)
    names = [name for name in found.columns if name.endswith("_minutes")]
    counted = {name: ibis.ifelse(is_told & is_over, found[name], None) for name in names}
    return found.select("ticket_id", **counted)


def _spans(seen: Seen, rules: Rules) -> ir.Table:
    """How long tickets were in which status, from their creation on; until as-of if it lasts."""
    as_of = instant(seen.checked.run.engagement.as_of)
    order = ibis.window(group_by="ticket_id", order_by=["at", _.event_id.length(), "event_id"])
    told = seen.changes(rules).mutate(
        following=_.at.lead().over(order), place=ibis.row_number().over(order)
    )
    told = told.join(seen.tickets.drop("status"), "ticket_id")
    is_clamped = by.FIRST_STATUS not in rules
    since = told.created_at if is_clamped else told.at
    spans = told.select(
        "ticket_id",
        "channel",
        "group_id",
        status=_.after,
        start=ibis.greatest(_.at, since),
        end=ibis.greatest(_.following.fill_null(as_of), since),
        is_open=_.following.isnull() & _.after.isin(ACTIVE),
    )
    if not is_clamped:
        return spans
    before = told.filter(_.place == 0, _.at > _.created_at).select(
        "ticket_id",
        "channel",
        "group_id",
        status=_.before.fill_null(UNTIL_TOLD),
        start=_.created_at,
        end=_.at,
        is_open=ibis.literal(False),
    )
    return ibis.union(spans, before)


def reopen_counts(seen: Seen, rules: Rules) -> ir.Table:
    """How often the ticket went from solved or closed back to work after the customer wrote."""
    changes = seen.changes(rules)
    found = changes.group_by("ticket_id").agg(
        solves=(_.after == "solved").sum(),
        closes=(_.after == "closed").sum(),
        transitions=(_.before.isin(DONE) & _.after.isin(ACTIVE)).sum(),
    )
    found = seen.tickets.select("ticket_id").left_join(found, "ticket_id").drop("ticket_id_right")
    if by.SOLVES in rules:
        found = found.mutate(number=ibis.greatest(found.solves - 1, 0))
    elif by.NO_WORD in rules:
        found = found.mutate(number=found.transitions)
    else:
        found = found.left_join(_after_a_word(seen, rules), "ticket_id").drop("ticket_id_right")
    number = found.number.fill_null(0)
    if by.UNSOLVED in rules:
        number = ibis.ifelse((found.solves + found.closes).fill_null(0) > 0, number, None)
    return found.select("ticket_id", count_reopens=number)


def _after_a_word(seen: Seen, rules: Rules) -> ir.Table:
    """The `number` of reopens that the customer caused, of tickets with any."""
    changes = seen.changes(rules)
    tells = "customer" in seen.checked.values("messages.author_type")
    back = reopens(changes, seen.messages(rules), Actors(), by_message=tells)
    solved = solves(changes, instant(seen.checked.run.engagement.as_of))
    solved = solved.select("ticket_id", first=_.solved_first_at.fill_null(_.closed_first_at))
    later = back.join(solved, "ticket_id").filter(_.reopened_at > _.first)
    return later.group_by("ticket_id").agg(number=_.count())


def touches(seen: Seen, rules: Rules) -> ir.Table:
    """Whether the ticket is solved now with exactly one, or two, public replies by a person."""
    replies = comment_counts(seen, rules).select("ticket_id", replies=_.count_public_agent_comments)
    found = solves(seen.changes(rules), instant(seen.checked.run.engagement.as_of))
    joined = seen.tickets.join(replies, "ticket_id").left_join(found, "ticket_id")
    status = joined.status_now.fill_null(joined.status)
    is_done = status.isin(DONE).fill_null(False)
    return joined.select(
        "ticket_id",
        is_one_touch_resolution=(is_done & (joined.replies == 1)).cast("int64"),
        is_two_touch_resolution=(is_done & (joined.replies == 2)).cast("int64"),
    )


def _since_creation(seen: Seen, rules: Rules, ends: ir.Table, **names: str) -> ir.Table:
    engine, clock = seen.checked.engine, seen.clock(rules)
    return since_creation(engine, seen.tickets, ends, clock, **names)
