"""The fact table of contacts: one row per ticket in scope, with all that indicators ask of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.actors import is_known
from cxaudit.facts.business_time import Under
from cxaudit.facts.moves import with_moves
from cxaudit.facts.population import instant
from cxaudit.facts.promised_times import with_promised_times
from cxaudit.facts.promises import first_promises
from cxaudit.facts.replies import first_bot_replies, first_human_replies
from cxaudit.facts.resolution import ACTIVE, DONE, reopens, solves, status_changes
from cxaudit.facts.status_waits import with_status_waits

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables


def contacts(tables: CheckedTables, tickets: ir.Table) -> ir.Table:
    """Tickets in scope with first human reply, solves, reopen, status at as-of, team.

    A ticket's messages or events say it where it has any, else the columns as delivered; an
    instant after as-of has not happened yet.
    """
    named = ibis.ifelse(is_known(tickets.assignee_id), tickets.assignee_id, None)
    contacts = _with_replies(tables, tickets.mutate(assignee_id=named))
    # Kept between the steps: engines take long to plan one expression of all of them.
    contacts = tables.engine.cached(_with_resolution(tables, contacts))
    contacts = _with_reopens(tables, contacts)
    contacts = tables.engine.cached(with_moves(tables, contacts))
    contacts = _with_people(tables, contacts)
    contacts = tables.engine.cached(_with_feedback(tables, contacts))
    contacts = tables.engine.cached(_with_business_time(tables, contacts))
    contacts = with_status_waits(tables, contacts)
    return with_promised_times(tables, contacts)


def _until(tables: CheckedTables, at: ir.TimestampValue) -> ir.TimestampValue:
    """The instant, or null where it lies after as-of."""
    return ibis.ifelse(at <= instant(tables.run.engagement.as_of), at, None)


def _happened(tables: CheckedTables, name: str) -> ir.Table:
    table = tables.read(name)
    return table.filter(table["at"] <= instant(tables.run.engagement.as_of))


def _with_replies(tables: CheckedTables, tickets: ir.Table) -> ir.Table:
    delivered = tickets.mutate(delivered_response_at=_until(tables, tickets.first_response_at))
    if not tables.has("messages"):
        return delivered.mutate(
            first_response_at=_.delivered_response_at,
            replied_by=ibis.ifelse(_.delivered_response_at.notnull(), _.assignee_id, None),
            bot_replied_at=ibis.null(tickets.created_at.type()),
        )
    messages, actors = _happened(tables, "messages"), tables.actors
    replies = first_human_replies(messages, tickets, actors)
    by_bot = first_bot_replies(messages, tickets, actors)
    written = tables.read("messages").select("ticket_id").distinct()
    joined = delivered.left_join(replies, "ticket_id").drop("ticket_id_right")
    joined = joined.left_join(by_bot, "ticket_id").drop("ticket_id_right")
    joined = joined.left_join(written, "ticket_id")
    is_told = _.ticket_id_right.isnull() & _.delivered_response_at.notnull()
    return joined.mutate(
        first_response_at=ibis.ifelse(is_told, _.delivered_response_at, _.replied_at),
        replied_by=ibis.ifelse(is_told, _.assignee_id, _.replied_by),
    ).drop("replied_at", "ticket_id_right")


def _with_resolution(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    actors = tables.actors
    changes = status_changes(tables.read("ticket_events"), actors, told=tables.tells_status_before)
    replies = _replies_where_told(tables, contacts)
    derived = solves(changes, instant(tables.run.engagement.as_of), replies)
    joined = contacts.left_join(derived, "ticket_id").drop("ticket_id_right")
    delivered_last_at = _until(tables, _.solved_at)
    delivered_first_at = _until(tables, _.first_solved_at.fill_null(_.solved_at))
    has_events = _.status_now.notnull()
    joined = joined.mutate(
        delivered_status=_.status,
        delivered_solved_at=delivered_last_at,
        delivered_first_solved_at=_until(tables, _.first_solved_at),
        status=_.status_now.fill_null(_.status).fill_null("unknown"),
        solved_last_at=ibis.ifelse(has_events, _.solved_last_at, delivered_last_at),
        first_solved_at=ibis.ifelse(
            has_events, _.solved_first_at.fill_null(_.closed_first_at), delivered_first_at
        ),
        solver_id=_.solver_id.fill_null(_.assignee_id),
    )
    is_done = _.status.isin(DONE)
    is_solved = is_done & _.solved_last_at.notnull()
    # Delivered as solved, but the solve lies after as-of: at as-of the case was open.
    not_yet = ~has_events & is_done & _.solved_at.notnull() & _.solved_last_at.isnull()
    # Closed by a rule without a reply: no solution, and known not to be one.
    closed_unanswered_at = ibis.ifelse(is_done & ~is_solved, _.closed_unanswered_at, None)
    # Solved at an unknown time is neither open nor solved at as-of: it is left out, counted.
    is_known = ~is_done | is_solved | not_yet | closed_unanswered_at.notnull()
    is_known_or_open = (_.status != "unknown") & is_known
    says = tables.supplies("tickets.status") or _tells_status(tables)
    # Nobody sees who closed a ticket that is closed without a change of status of its own.
    closing_is_known = has_events | not_yet.fill_null(False) | _.status.isin(ACTIVE)
    return joined.mutate(
        is_solved=is_solved,
        closed_unanswered_at=closed_unanswered_at,
        closing_is_known=ibis.literal(False) if replies is None else closing_is_known,
        solve_is_known=is_known_or_open if says else ibis.literal(True),
        status=ibis.ifelse(not_yet.fill_null(False), "open", _.status),
        solved_at=ibis.ifelse(is_solved, _.solved_last_at, None),
    ).drop("status_now", "solved_first_at", "closed_first_at", "solved_last_at")


def _tells_status(tables: CheckedTables) -> bool:
    """Whether any change of status is recorded."""
    return "status" in tables.values("ticket_events.type")


def _replies_where_told(tables: CheckedTables, contacts: ir.Table) -> ir.Table | None:
    """When a person first replied to each ticket in writing; None where nobody could tell.

    Who closes has to be told, and a reply by phone is not in writing.
    """
    tells_replies = tables.has("messages") or tables.supplies("tickets.first_response_at")
    if not tells_replies or not tables.tells_who_acts:
        return None
    called = tables.read("calls").filter(_.answered_at.notnull(), _.ticket_id.notnull())
    written = contacts.filter(_.channel != "phone").anti_join(called, "ticket_id")
    return written.select("ticket_id", replied_at="first_response_at")


def _with_reopens(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """The contacts with `reopened_at` and `reopens`, null where neither way back is recorded."""
    actors = tables.actors
    back = reopens(
        status_changes(_happened(tables, "ticket_events"), actors, told=tables.tells_status_before),
        _happened(tables, "messages"),
        actors,
        by_message="customer" in tables.values("messages.author_type"),
    )
    has_follow_ups = tables.supplies("tickets.follow_up_of")
    if has_follow_ups:
        back = ibis.union(back, _follow_ups(tables, contacts).cast(back.schema()))
    solved = contacts.select("ticket_id", "first_solved_at")
    later = back.join(solved, "ticket_id").filter(_.reopened_at > _.first_solved_at)
    found = later.group_by("ticket_id").agg(reopened_at=_.reopened_at.min(), reopens=_.count())
    joined = contacts.left_join(found, "ticket_id").drop("ticket_id_right")
    is_told = has_follow_ups or _tells_status(tables)
    return joined.mutate(reopens=_.reopens.fill_null(0)) if is_told else joined


def _follow_ups(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """When its customer came back to a closed ticket: ticket_id, reopened_at.

    Where a closed ticket cannot be reopened, the customer's message makes a ticket of its own. One
    that is deleted, merged away, spam or a test is no return, nor is one of somebody else.
    """
    never_was = _.is_deleted.fill_null(False) | _.merged_into.notnull()
    made = tables.read("tickets").filter(
        _.follow_up_of.notnull(),
        _.created_by == "customer",
        _.created_at <= instant(tables.run.engagement.as_of),
        ~(never_was | _.is_spam.fill_null(False) | _.is_test.fill_null(False)),
        is_known(_.customer_id),
    )
    back = made.select(
        ticket_id=_.follow_up_of, customer_id=_.customer_id, reopened_at=_.created_at
    )
    return back.semi_join(contacts, ["ticket_id", "customer_id"]).drop("customer_id")


def _with_people(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    groups = tables.read("groups").select(group_key=_.group_id, group_team=_.team_id)
    agents = tables.read("agents").select(
        agent_key=_.agent_id, agent_team=_.team_id, agent_site=_.site
    )
    authors = tables.read("agents").select(
        author_key=_.agent_id, author_team=_.team_id, author_site=_.site
    )
    customers = tables.read("customers").select(
        customer_key=_.customer_id,
        segment=_.segment,
        customer_language=_.language,
        has_profile=(
            _.segment.notnull()
            & _.created_at.notnull()
            & (_.language.notnull() | _.preferred_channel.notnull())
            & _.duplicate_of.isnull()
        ),
    )
    joined = contacts.left_join(groups, _.group_id == groups.group_key)
    joined = joined.left_join(agents, joined.assignee_id == agents.agent_key)
    joined = joined.left_join(authors, joined.replied_by == authors.author_key)
    joined = joined.left_join(customers, joined.customer_id == customers.customer_key)
    return joined.mutate(
        assignee_team=_.agent_team.fill_null(_.group_id),
        team=ibis.coalesce(_.group_team, _.agent_team, _.author_team, _.group_id),
        site=_.agent_site.fill_null(_.author_site),
        language=_.language.fill_null(_.customer_language),
        has_profile=_.has_profile.fill_null(False),
        customer_is_known=is_known(_.customer_id),
    ).drop(
        "group_key",
        "group_team",
        "agent_key",
        "agent_team",
        "agent_site",
        "author_key",
        "author_team",
        "author_site",
        "customer_key",
        "customer_language",
    )


def _with_feedback(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """When the customer first answered a survey on the ticket, and first said it is resolved.

    To say so, or to be asked in a follow-up and confirm it, is the same.
    """
    as_of = instant(tables.run.engagement.as_of)
    answers = tables.read("surveys").filter(_.responded_at <= as_of, _.ticket_id.notnull())
    said_resolved = (_.question_key == "resolved") & (_.value == 1)
    feedback = answers.group_by("ticket_id").agg(
        feedback_at=_.responded_at.min(),
        answered_at=_.responded_at.min(where=said_resolved.fill_null(False)),
    )
    followed_up = tables.read("outreach").filter(
        _.type == "follow_up", _.outcome == "confirmed_resolved", _.sent_at <= as_of
    )
    asked = followed_up.group_by("ticket_id").agg(asked_at=_.sent_at.min())
    joined = contacts.left_join(feedback, "ticket_id").drop("ticket_id_right")
    joined = joined.left_join(asked, "ticket_id").drop("ticket_id_right")
    confirmed_at = ibis.least(
        _.answered_at.fill_null(_.asked_at), _.asked_at.fill_null(_.answered_at)
    )
    return joined.mutate(confirmed_at=confirmed_at).drop("answered_at", "asked_at")


def _with_business_time(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """How long the case's clock had run at its steps: `created_open`, `replied_open` and so on.

    Their differences are business time; `promised_at` is the first promise of an instant.
    """
    contacts = contacts.left_join(first_promises(tables), "ticket_id").drop("ticket_id_right")
    return tables.business_time.with_open_seconds(
        contacts,
        Under(ticket="ticket_id", channel="channel", group="group_id"),
        created_open="created_at",
        replied_open="first_response_at",
        promised_open="promised_at",
        solved_open="solved_at",
        as_of_open=instant(tables.run.engagement.as_of),
    )
