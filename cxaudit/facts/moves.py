"""How a case was passed on: its first assignment, changes of group and tier, escalation, calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.actors import role
from cxaudit.facts.population import instant

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables

ESCALATIONS = ("escalation", "approval")
TRANSFERS = ("warm", "cold")


def with_moves(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """The contacts with how each was passed on, by as-of; nothing recorded is nothing happened.

    `assigned_at`; `was_regrouped`: the group changed after the assignment; `was_misrouted`: it did
    so other than up a tier, or a call was transferred; `was_escalated`: so it is delivered, or an
    escalation, an approval, a move up a tier or a call handed to an agent of a higher tier is
    recorded, null where nothing could tell; `was_handled`: a person of the service did something;
    `may_stay`: no rule demands that the front line hands it on; `was_reprioritised`. `handovers`
    counts changes of group after the assignment, `reassignments` those from one agent to another;
    null where none of the kind is ever recorded.
    """
    contacts = _with_events(tables, contacts)
    contacts = _with_calls(tables, contacts)
    mandatory = tables.read("process_catalogue").filter(_.is_escalation_mandatory)
    mandatory = mandatory.select(mandatory_category="category").distinct()
    contacts = contacts.left_join(mandatory, contacts.category == mandatory.mandatory_category)
    # Where no escalation is ever recorded, an empty column says nothing.
    recorded = tables.values("ticket_events.type")
    has_tiers = "group" in recorded and tables.supplies("groups.tier")
    is_told = _.escalated.notnull() | bool(has_tiers or recorded & set(ESCALATIONS))
    seen = _.event_escalated.fill_null(False) | _.went_up.fill_null(False) | _.handed_up
    false = {
        name: _[name].fill_null(False)
        for name in ("was_regrouped", "was_misrouted", "was_reprioritised")
    }
    for name, kind in (("handovers", "group"), ("reassignments", "assignee")):
        whole = contacts[name].fill_null(0) if kind in recorded else ibis.null("int64")
        contacts = contacts.mutate(**{name: whole})
    contacts = contacts.mutate(
        may_stay=_.mandatory_category.isnull(),
        was_handled=_.was_handled.fill_null(False) | _.first_response_at.notnull(),
        was_escalated=ibis.ifelse(is_told, seen | _.escalated.fill_null(False), None),
        **false,
    )
    contacts = contacts.mutate(was_misrouted=_.was_misrouted | _.was_transferred)
    return contacts.drop(
        "mandatory_category", "event_escalated", "went_up", "handed_up", "was_transferred"
    )


def _with_events(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    events = tables.read("ticket_events")
    events = events.filter(_.at <= instant(tables.run.engagement.as_of))
    actor = role(tables.actors, _.actor_id, _.actor_type, _.at)
    assigned = events.group_by("ticket_id").agg(
        to_person_at=_.at.min(where=(_.type == "assignee") & _.to_value.notnull()),
        to_group_at=_.at.min(where=(_.type == "group") & _.to_value.notnull()),
        event_escalated=_.type.isin(ESCALATIONS).any(),
        was_handled=(actor == "agent").any(),
        was_reprioritised=((_.type == "priority") & _.from_value.notnull()).any(),
    )
    assigned = assigned.mutate(assigned_at=_.to_person_at.fill_null(_.to_group_at))
    tiers = tables.read("groups").select("group_id", "tier")
    before = tiers.rename(group_before="group_id", tier_before="tier")
    after = tiers.rename(group_after="group_id", tier_after="tier")
    order = ibis.window(group_by="ticket_id", order_by=["at", _.event_id.length(), "event_id"])
    moved = events.filter(_.type == "group", (_.from_value != _.to_value).fill_null(True))
    moved = moved.mutate(group_left=_.from_value.fill_null(_.to_value.lag().over(order)))
    is_between = (_.group_left != _.to_value).fill_null(False)
    moved = moved.left_join(before, moved.from_value == before.group_before)
    moved = moved.left_join(after, moved.to_value == after.group_after)
    moved = moved.mutate(is_up=(_.tier_after > _.tier_before).fill_null(False))
    moved = (
        moved.join(assigned.select("ticket_id", "assigned_at"), "ticket_id")
        .group_by("ticket_id")
        .agg(
            was_regrouped=(_.at > _.assigned_at).any(),
            was_misrouted=((_.at > _.assigned_at) & ~_.is_up).any(),
            went_up=_.is_up.any(),
            handovers=((_.at > _.assigned_at) & is_between).fill_null(False).cast("int64").sum(),
        )
    )
    assigned = assigned.drop("to_person_at", "to_group_at")
    for table in (assigned, moved, _reassignments(events)):
        contacts = contacts.left_join(table, "ticket_id").drop("ticket_id_right")
    return contacts


def _reassignments(events: ir.Table) -> ir.Table:
    """How often each ticket went from one agent to another: ticket_id, reassignments."""
    order = ibis.window(group_by="ticket_id", order_by=["at", _.event_id.length(), "event_id"])
    changes = events.filter(_.type == "assignee", _.to_value.notnull())
    # Nobody's for a while between two agents is one step.
    changes = changes.mutate(before=_.to_value.lag().over(order).fill_null(_.from_value))
    is_other = (_.to_value != _.before).fill_null(False)
    return changes.group_by("ticket_id").agg(reassignments=is_other.cast("int64").sum())


def _with_calls(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Whether a call about the case was passed on; up, where the solver's tier is the higher."""
    tiers = tables.read("agents").select(tier_agent="agent_id", tier="tier")
    passed_on = tables.read("calls").filter(
        _.transfer_type.isin(TRANSFERS),
        _.ticket_id.notnull(),
        _.offered_at <= instant(tables.run.engagement.as_of),
    )
    passed_on = passed_on.left_join(tiers, passed_on.agent_id == tiers.tier_agent)
    passed_on = passed_on.group_by("ticket_id").agg(
        warm_from_tier=_.tier.min(where=_.transfer_type == "warm")
    )
    solver = tiers.rename(solver_agent="tier_agent", solver_tier="tier")
    joined = contacts.left_join(passed_on, "ticket_id")
    joined = joined.left_join(solver, joined.solver_id == solver.solver_agent)
    return joined.mutate(
        was_transferred=_.ticket_id_right.notnull(),
        handed_up=(_.solver_tier > _.warm_from_tier).fill_null(False),
    ).drop("ticket_id_right", "warm_from_tier", "solver_agent", "solver_tier")
