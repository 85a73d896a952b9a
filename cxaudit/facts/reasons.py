"""The fact table of reasons: why customers made contact, and what is known of the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa
from ibis import _

from cxaudit.facts.business_time import second
from cxaudit.facts.declaration import FactTable
from cxaudit.facts.next_event import next_after
from cxaudit.facts.parts import PARTS

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables

DAY = 86_400
# As the contract of the tickets has them.
CATCH_ALL: tuple[str, ...] = (
    "other",
    "others",
    "misc",
    "miscellaneous",
    "general",
    "unknown",
    "sonstiges",
)
CATCH_ALL += ("autre", "otro", "otros")
PAIRS = pa.schema([("category", pa.string()), ("downstream", pa.string())])


def reasons(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Contacts with what the catalogue of processes says of their reason.

    `is_catch_all`: the reason is a word for no reason. `is_documented`: there is a procedure and a
    drawing of it, last checked at `reviewed_at`. `leads_on`: other reasons tend to follow;
    `next_issue_at` is when the customer's next contact for one of them came (seconds).
    `active_customers` is how many customers were active on the day, null where nobody says.
    """
    rows = contacts.select("row", "customer_id", "created_at", "first_solved_at", *PARTS)
    known = tables.in_scope("process_catalogue").select(
        "category",
        "is_preventable",
        "reviewed_at",
        is_documented=(_.has_sop & _.has_flowchart).fill_null(False),
    )
    rows = rows.left_join(known, "category").drop("category_right")
    rows = rows.mutate(is_catch_all=_.category.lower().isin(CATCH_ALL).fill_null(False))
    rows = _with_next_issue(tables, contacts, rows)
    return _with_active_customers(tables, rows)


def _with_next_issue(tables: CheckedTables, contacts: ir.Table, rows: ir.Table) -> ir.Table:
    catalogue = tables.engine.fetch(tables.in_scope("process_catalogue")).to_pylist()
    pairs: list[dict[str, Any]] = [
        {"category": row["category"], "downstream": reason}
        for row in catalogue
        for reason in row["downstream_categories"] or ()
    ]
    table = tables.engine.table(pa.Table.from_pylist(pairs, schema=PAIRS))
    followed = contacts.filter(_.customer_is_known)
    first = followed.filter(_.first_solved_at.notnull()).select(
        "customer_id", "category", id="row", at=second(_.first_solved_at)
    )
    solved = first.semi_join(table, "category")
    came = followed.select("customer_id", downstream="category", at=second(_.created_at))
    came = came.join(table, "downstream").select("customer_id", "category", "at")
    # One that came in the very second of the solve was there before.
    found = next_after(solved, came, ("customer_id", "category"), same_second=False)
    joined = rows.left_join(found, rows.row == found.id)
    return joined.mutate(leads_on=_.id.notnull(), next_issue_at=_.next_at).drop("id", "next_at")


def _with_active_customers(tables: CheckedTables, rows: ir.Table) -> ir.Table:
    if not tables.supplies("customers.active_from"):
        return rows.mutate(active_customers=ibis.null("int64"))
    customers = tables.in_scope("customers").filter(
        _.active_from.notnull(), _.duplicate_of.isnull()
    )
    came = customers.select(day=_day(_.active_from), change=ibis.literal(1))
    went = customers.filter(_.active_to.notnull())
    went = went.select(day=_day(_.active_to), change=ibis.literal(-1))
    days = rows.select(day=_day(_.created_at), change=ibis.literal(0)).distinct()
    daily = ibis.union(came, went, days).group_by("day").agg(change=_.change.sum())
    so_far = ibis.cumulative_window(order_by="day")
    daily = daily.select("day", active_customers=_.change.sum().over(so_far).cast("int64"))
    rows = rows.mutate(day=_day(_.created_at)).left_join(daily, "day")
    return rows.drop("day", "day_right")


def _day(at: ir.TimestampValue) -> ir.IntegerValue:
    """The number of the day of UTC."""
    return (second(at) // DAY).cast("int64")


REASONS = FactTable(name="reasons", make=reasons, key=("row",), needs=("tickets",))
