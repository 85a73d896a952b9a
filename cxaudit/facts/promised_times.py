"""Until when an answer and a solution were promised, by the targets that held at the time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.business_time import Under, second
from cxaudit.facts.population import instant
from cxaudit.facts.targets import ANY, EVER, NO_POLICY, Row, rules, said, told_channels

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables

# What is promised: the metric of its targets, and the column with its time as delivered.
METRICS = {
    "response": ("first_response", "sla_first_response_due_at"),
    "resolution": ("resolution", "sla_resolution_due_at"),
}


def with_promised_times(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """The contacts with `response_due` and `resolution_due`, in seconds since 1970.

    Worked out from the targets, on their clock, for every ticket that was promised something; as
    delivered where no target fits, or several do that differ. `own_…` are those worked
    out, `delivered_…` those delivered; `…_target_seconds` and `…_target_is_business` are of the
    target that gave the time worked out.
    """
    held = tables.engine.cached(held_by(tables, contacts))
    for name, (metric, column) in METRICS.items():
        due, seconds = f"own_{name}_due", f"{name}_target_seconds"
        found = promised(tables, contacts, held, metric, "ticket_id", "created_at").rename(
            {due: "due", seconds: "target_seconds", f"{name}_target_is_business": "is_business"}
        )
        contacts = contacts.left_join(found, "ticket_id").drop("ticket_id_right")
        delivered = second(contacts[column])
        if tables.supplies(f"tickets.{column}"):
            # A ticket without a promise was not under the target.
            was_under = {
                name: ibis.ifelse(delivered.notnull(), contacts[name], None)
                for name in (due, seconds)
            }
            contacts = contacts.mutate(**was_under)
        contacts = contacts.mutate(
            **{
                f"delivered_{name}_due": delivered,
                f"{name}_due": contacts[due].fill_null(delivered),
            }
        )
    return contacts


def held_by(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Which priority and policy each ticket had, and when.

    ticket_id, held_from, held_until (seconds since 1970), priority, policy: by the changes of both
    where any are recorded, else the priority as delivered and no policy told, all the time.
    """
    recorded = tables.values("ticket_events.type")
    plain = contacts.select("ticket_id", "created_at", "priority")
    by_priority = _spans(tables, plain, "priority", plain.priority, "priority" in recorded)
    told = ibis.literal(ANY)
    by_policy = _spans(tables, plain, "sla", told, "sla" in recorded)
    of_policy = by_policy.select(
        of_ticket="ticket_id", policy="value", policy_from="starts", policy_until="ends"
    )
    both = by_priority.join(of_policy, by_priority.ticket_id == of_policy.of_ticket)
    return both.select(
        "ticket_id",
        held_from=ibis.greatest(_.starts, _.policy_from),
        held_until=ibis.least(_.ends, _.policy_until),
        priority=_.value,
        policy=_.policy,
    ).filter(_.held_from < _.held_until)


def _spans(
    tables: CheckedTables, contacts: ir.Table, kind: str, always: ir.StringValue, is_recorded: bool
) -> ir.Table:
    """The values a ticket had of what a kind of change changes: ticket_id, starts, ends, value."""
    unchanged = contacts.select(
        "ticket_id",
        starts=ibis.literal(-EVER, type="int64"),
        ends=ibis.literal(EVER, type="int64"),
        value=always.cast("string"),
    )
    if not is_recorded:
        return unchanged
    place = ibis.window(group_by="ticket_id", order_by=["at", _.event_id.length(), "event_id"])
    changes = tables.read("ticket_events").filter(
        _.type == kind, _.at <= instant(tables.run.engagement.as_of)
    )
    changes = changes.mutate(
        number=ibis.row_number().over(place), until=second(_.at).lead().over(place)
    )
    since = changes.select(
        "ticket_id", starts=second(_.at), ends=_.until.fill_null(EVER), value=_.to_value
    )
    before = changes.filter(_.number == 0).select(
        "ticket_id",
        starts=ibis.literal(-EVER, type="int64"),
        ends=second(_.at),
        value=_.from_value,
    )
    if kind == "sla":
        since, before = (t.mutate(value=_.value.fill_null(NO_POLICY)) for t in (since, before))
    return ibis.union(
        unchanged.anti_join(changes, "ticket_id"), before, since.cast(before.schema())
    )


def promised(
    tables: CheckedTables, rows: ir.Table, held: ir.Table, metric: str, key: str, start: str
) -> ir.Table:
    """Until when something was promised: the key, due (seconds), target_seconds, is_business.

    rows: key, ticket_id, channel, group_id and the instant `start` from which the time runs. The
    target is the one for the priority and the policy of the moment. With another priority the time
    runs from the start again; what was due before that stays missed. Rows with no promise are left
    out.
    """
    every = tables.engine.fetch(tables.read("sla_targets")).to_pylist()
    targets = [row for row in every if row["metric"] == metric]
    # A policy that has no target for this promises none; where no policy has one of its own, the
    # targets are everybody's.
    policies = said(every, "policy") if said(targets, "policy") else []
    each = _under_targets(tables, rows, held, targets, policies, key, start)
    # What is overdue by a new target at once is due when it came to hold.
    due = ibis.greatest(_.due, _.held_from)
    each = each.mutate(due=due).filter(_.due < _.held_until)
    first = ibis.row_number().over(group_by=key, order_by=["due", "held_from"])
    each = each.mutate(place=first).filter(_.place == 0)
    return each.select(key, "due", "target_seconds", "is_business")


def _under_targets(
    tables: CheckedTables,
    rows: ir.Table,
    held: ir.Table,
    targets: list[Row],
    policies: list[str],
    key: str,
    start: str,
) -> ir.Table:
    """The rows once for each target they came under: held_from, held_until, due and its clock."""
    clocks = {str(name): str(clock) for name, clock in tables.run.engagement.channels.items()}
    view = tables.engine.table(rules(targets, clocks))
    each = rows.select(
        *dict.fromkeys((key, "ticket_id")), "channel", "group_id", start_at=rows[start]
    )
    each = each.join(held, "ticket_id").filter(_.held_until > second(_.start_at))
    # A policy that no target names is not told.
    is_told = _.policy.isin([*policies, NO_POLICY])
    each = each.mutate(
        held_from=ibis.greatest(_.held_from, second(_.start_at)),
        said_channel=_one_of(_.channel, told_channels(targets, clocks)),
        said_priority=_one_of(_.priority, said(targets, "priority")),
        said_policy=ibis.ifelse(is_told, _.policy, ANY),
    )
    each = each.join(
        view,
        [
            each.said_channel == view.target_channel,
            each.said_priority == view.target_priority,
            each.said_policy == view.target_policy,
            each.held_from >= view.from_second,
            each.held_from < view.until_second,
        ],
    )
    calendar_due = second(_.start_at) + _.target_seconds
    if not any(clock == "business" for clock in [*(t["clock"] for t in targets), *clocks.values()]):
        return each.mutate(due=calendar_due)
    under = Under("target_schedule", "ticket_id", "channel", "group_id")
    clock = tables.business_time
    each = clock.with_open_seconds(each, under, start_open="start_at")
    up = ibis.ifelse(_.is_business, _.start_open + _.target_seconds, None)
    each = clock.with_second_at(each.mutate(up=up), under, business_due="up")
    return each.mutate(due=ibis.ifelse(_.is_business, _.business_due, calendar_due))


def _one_of(text: ibis.Deferred, names: list[str]) -> ibis.Deferred:
    return ibis.ifelse(text.isin(names), text, ANY) if names else ibis.literal(ANY)
