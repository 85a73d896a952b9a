"""Whether the client's data allow an indicator: what it requires, and what stands in for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cxaudit.facts.tables import CheckedTables

EVENT = "ticket_events.type"
QUESTION = "surveys.question_key"
# Columns that the facts derive: supplied as such, or made from messages or changes of status.
DERIVED_FROM = {
    "tickets.first_response_at": ("messages.at", ()),
    "tickets.first_solved_at": (EVENT, ("status",)),
    "tickets.solved_at": (EVENT, ("status",)),
    "tickets.status": (EVENT, ("status",)),
}
# A table may be there and never hold the rows an indicator counts: it would be perfect by default.
RECORDED = {
    ("acc_reopen_14d", EVENT): ("status",),
    ("acc_right_first_routing", EVENT): ("group",),
    ("qua_frontline_resolution", EVENT): ("escalation", "approval"),
}
# What this version does not apply yet: columns of other tables, and these refinements.
TABLES_USED = ("tickets", "ticket_events", "messages", "surveys", "agents", "customers")
NOT_APPLIED = {
    ("surveys.sent_at", "surveys.mode"),
    ("surveys.ticket_id", "tickets.first_solved_at"),
    ("surveys.sent_at",),
    ("ticket_events.type", "ticket_events.at"),
    ("tickets.channel", "tickets.category", "tickets.priority", "surveys.mode"),
    ("tickets.complaint_upheld",),
    ("customers.active_from", "customers.active_to"),
}
# A refinement that changes no figure needs no fallback.
NO_FIGURE = {("messages.text",)}


def why_not(tables: CheckedTables, entry: dict[str, Any]) -> str:
    """Why an indicator of the scorecard cannot be measured; empty where it can."""
    absent = [
        requirement
        for requirement in entry["requires"]
        if not any(
            _is_there(tables, option.strip(), RECORDED.get((entry["id"], option.strip()), ()))
            for option in requirement.split("|")
        )
    ]
    if not absent:
        return _not_asked(tables, entry["parameters"])
    missing_tables = sorted({name.split(".")[0] for name in absent if not _any_table(tables, name)})
    if missing_tables:
        return f"no data of the kind: {', '.join(missing_tables)}"
    return f"not supplied: {', '.join(absent)}"


def fallbacks(tables: CheckedTables, entry: dict[str, Any]) -> list[str]:
    """What stands in, in the catalogue's words, for refinements whose columns are not there."""
    return [
        use["fallback"]
        for use in entry.get("uses_if_present", ())
        if tuple(use["columns"]) not in NO_FIGURE and not _applies(tables, tuple(use["columns"]))
    ]


def _applies(tables: CheckedTables, columns: tuple[str, ...]) -> bool:
    """Whether a refinement is in the figures: built, and some of its columns supplied."""
    if columns in NOT_APPLIED:
        return False
    used = [column for column in columns if column.split(".")[0] in TABLES_USED]
    return any(_is_there(tables, column) for column in used)


def _not_asked(tables: CheckedTables, parameters: dict[str, Any]) -> str:
    """Which survey questions an indicator rests on that were never asked; empty where none is."""
    keys = parameters.get("question_keys", [])
    absent = [key for key in keys if key not in tables.values(QUESTION)]
    enough = len(absent) < len(keys) if parameters.get("question_keys_any") else not absent
    return "" if not keys or enough else f"not asked in any survey: {', '.join(absent)}"


def _is_there(tables: CheckedTables, column: str, rows: tuple[str, ...] = ()) -> bool:
    """Whether a column is supplied, with rows of one of these kinds; or can be derived."""
    if tables.supplies(column) and (not rows or tables.values(column) & set(rows)):
        return True
    source, kinds = DERIVED_FROM.get(column, ("", ()))
    return bool(source) and _is_there(tables, source, kinds)


def _any_table(tables: CheckedTables, requirement: str) -> bool:
    return any(tables.has(option.strip().split(".")[0]) for option in requirement.split("|"))
