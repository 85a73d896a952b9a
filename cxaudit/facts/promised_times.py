"""Until when an answer and a solution were promised, by the service's own targets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa
from ibis import _

from cxaudit.facts.business_time import Under, second

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables

ANY = ""
METRICS = {"response": "first_response", "resolution": "resolution"}
Row = dict[str, Any]
RULES = pa.schema(
    [
        ("target_channel", pa.string()),
        ("target_priority", pa.string()),
        ("from_second", pa.int64()),
        ("until_second", pa.int64()),
        ("target_seconds", pa.int64()),
        ("is_business", pa.bool_()),
        ("target_schedule", pa.string()),
    ]
)


def with_promised_times(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """The contacts with `response_due` and `resolution_due`, in seconds since 1970.

    Worked out from the targets, on their clock, for every ticket that was promised something; as
    delivered where no target fits, or several do that differ. `own_…` are those worked
    out, `delivered_…` those delivered. The contacts have `created_open`.
    """
    targets = tables.engine.fetch(tables.read("sla_targets")).to_pylist()
    for name, metric in METRICS.items():
        column = f"sla_{metric}_due_at"
        contacts = _with_due(
            tables, contacts, name, [row for row in targets if row["metric"] == metric]
        )
        delivered = second(contacts[column])
        own = contacts[f"own_{name}_due"]
        if tables.supplies(f"tickets.{column}"):
            # A ticket without a promise was not under the target.
            own = ibis.ifelse(delivered.notnull(), own, None)
        contacts = contacts.mutate(
            **{
                f"own_{name}_due": own,
                f"delivered_{name}_due": delivered,
                f"{name}_due": own.fill_null(delivered),
            }
        )
    return contacts


def _rules(targets: list[Row]) -> Iterator[Row]:
    """For each channel, priority and span of time the target that fits it best, if it is one."""
    channels, priorities = _said(targets, "channel"), _said(targets, "priority")
    changes = {_second(row[end]) for row in targets for end in ("valid_from", "valid_until")}
    edges = [-(2**52), *sorted(change for change in changes if change is not None), 2**52]
    for start, end in zip(edges, edges[1:], strict=False):
        valid = [row for row in targets if _holds(row, start, end)]
        for channel in (None, *channels):
            for priority in (None, *priorities):
                found = _best(valid, channel, priority)
                if found is not None:
                    yield {
                        "target_channel": channel or ANY,
                        "target_priority": priority or ANY,
                        "from_second": start,
                        "until_second": end,
                        "target_seconds": found["target_seconds"],
                        "is_business": found["clock"] == "business",
                        "target_schedule": found["schedule_id"],
                    }


def _second(at: datetime | None) -> int | None:
    return None if at is None else int(at.astimezone(UTC).timestamp())


def _holds(row: Row, start: int, end: int) -> bool:
    valid_from, valid_until = _second(row["valid_from"]), _second(row["valid_until"])
    return (valid_from is None or valid_from <= start) and (
        valid_until is None or valid_until >= end
    )


def _best(targets: list[Row], channel: str | None, priority: str | None) -> Row | None:
    """The target that says most of what the ticket is; None where none fits or several differ."""
    fits = [
        row
        for row in targets
        if row["channel"] in (None, channel) and row["priority"] in (None, priority)
    ]
    if not fits:
        return None
    said = [(row["priority"] is not None, row["channel"] is not None) for row in fits]
    best = [row for row, says in zip(fits, said, strict=True) if says == max(said)]
    different = {(row["target_seconds"], row["clock"], row["schedule_id"]) for row in best}
    return best[0] if len(different) == 1 else None


def _said(targets: list[Row], column: str) -> list[str]:
    return sorted({row[column] for row in targets if row[column] is not None})


def _with_due(tables: CheckedTables, contacts: ir.Table, name: str, targets: list[Row]) -> ir.Table:
    due = f"own_{name}_due"
    if not targets:
        return contacts.mutate(**{due: ibis.null("int64")})
    channels, priorities = _said(targets, "channel"), _said(targets, "priority")
    view = tables.engine.table(pa.Table.from_pylist(list(_rules(targets)), schema=RULES))
    rows = contacts.mutate(
        created=second(_.created_at),
        said_channel=ibis.ifelse(_.channel.isin(channels), _.channel, ANY),
        said_priority=ibis.ifelse(_.priority.isin(priorities), _.priority, ANY),
    )
    rows = rows.left_join(
        view,
        [
            rows.said_channel == view.target_channel,
            rows.said_priority == view.target_priority,
            rows.created >= view.from_second,
            rows.created < view.until_second,
        ],
    )
    if any(row["clock"] == "business" for row in targets):
        rows = _with_business_due(tables, rows)
    else:
        rows = rows.mutate(business_due=ibis.null("int64"))
    worked_out = ibis.ifelse(_.is_business, _.business_due, _.created + _.target_seconds)
    rows = rows.mutate(**{due: worked_out})
    return rows.drop("created", "said_channel", "said_priority", "business_due", *view.columns)


def _with_business_due(tables: CheckedTables, rows: ir.Table) -> ir.Table:
    under = Under("target_schedule", "ticket_id", "channel", "group_id")
    clock, day = tables.business_time, rows.business_day_seconds
    rows = rows.mutate(own_day=day)
    rows = clock.with_open_seconds(rows, under, target_open="created_at")
    up = ibis.ifelse(_.is_business, _.target_open + _.target_seconds, None)
    rows = clock.with_second_at(rows.mutate(target_open=up), under, business_due="target_open")
    return rows.mutate(business_day_seconds=_.own_day).drop("own_day", "target_open")
