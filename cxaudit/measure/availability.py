"""Whether the client's data allow an indicator: what it requires, and what stands in for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxaudit.facts.response import response_records

if TYPE_CHECKING:
    from cxaudit.facts.tables import CheckedTables

EVENT = "ticket_events.type"
# The columns by which answers are weighted to all solved cases, where enough is known.
RESPONSE = ("surveys.sent_at", "surveys.mode")
UNWEIGHTED = "not weighted for non-response"
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
# Refinements that the figures do not have.
NOT_APPLIED = {
    # One coder per mention, so none to agree with; no pass mark to hold a test against.
    ("social_mentions.coder_id",),
    ("trainings.score_post",),
}
# A refinement that changes no figure needs no fallback.
NO_FIGURE = {("messages.text",), ("qa_reviews.item_key", "qa_reviews.passed")}
# Which columns tell whether a refinement is in the figures, where not each of its own does: these
# have to say something, not only to be there.
DECIDED_BY = {
    ("groups.group_id", "groups.tier"): ("groups.tier",),
    ("calls.ticket_id", "calls.transfer_type"): ("calls.transfer_type",),
    ("calls.customer_id", "calls.category", "calls.offered_at"): ("calls.category",),
    ("outreach.ticket_id", "outreach.type", "outreach.sent_at", "outreach.outcome"): (
        "outreach.outcome",
    ),
    (
        "sla_targets.metric",
        "sla_targets.target_seconds",
        "sla_targets.clock",
        "schedules.schedule_id",
        "schedules.time_zone",
        "schedules.opens_minute",
        "schedules.closes_minute",
    ): ("sla_targets.metric",),
    ("service_events.occurred_at", "tickets.category"): ("tickets.event_id",),
    ("tickets.outreach_id", "tickets.event_id", "outreach.event_id"): (
        "tickets.outreach_id",
        "tickets.event_id",
    ),
    (
        "process_flows.category",
        "process_flows.approved_exception",
        "ticket_events.type",
        "ticket_events.from_value",
        "ticket_events.to_value",
        "tickets.category",
    ): ("process_flows.from_value",),
}
# Another way to a figure: columns that do where the required ones are not all there.
OTHERWISE = {
    "con_process_adherence": (
        "process_flows.from_value",
        "process_flows.to_value",
        "ticket_events.type",
        "tickets.category",
    ),
    "pro_notified_first": (
        "service_events.detected_at",
        "service_events.requires_outreach",
        "outreach.event_id",
        "outreach.sent_at",
        "tickets.created_at",
    ),
}
ITEM = "qa_reviews.item_key"


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
    if _otherwise(tables, entry):
        return ""
    if not absent:
        return _not_asked(tables, entry["parameters"]) or _not_reviewed(tables, entry["parameters"])
    missing_tables = sorted({name.split(".")[0] for name in absent if not _any_table(tables, name)})
    if missing_tables:
        return f"no data of the kind: {', '.join(missing_tables)}"
    return f"not supplied: {', '.join(absent)}"


def fallbacks(tables: CheckedTables, entry: dict[str, Any]) -> list[str]:
    """What stands in, in the catalogue's words, for refinements whose columns are not there."""
    notes = []
    for use in entry.get("uses_if_present", ()):
        columns = tuple(use["columns"])
        if columns == RESPONSE:
            notes += _of_response(tables, entry["parameters"].get("question_keys", []))
        elif _plays_no_part(tables, entry, columns):
            continue
        elif not _applies(tables, columns):
            notes.append(use["fallback"])
    return notes


def _of_response(tables: CheckedTables, questions: list[str]) -> list[str]:
    """Why the answers are not weighted, by question; or what the weights cannot do."""
    records = response_records(tables.run)
    asked = [records[question] for question in questions if question in records]
    why_not = [f"{UNWEIGHTED}: {record['reason']}" for record in asked if record["reason"]]
    return list(dict.fromkeys([*why_not, *(note for record in asked for note in record["notes"])]))


def _applies(tables: CheckedTables, columns: tuple[str, ...]) -> bool:
    """Whether a refinement is in the figures: some of its columns are supplied."""
    if columns in NOT_APPLIED:
        return False
    if columns in DECIDED_BY:
        return any(tables.values(column) for column in DECIDED_BY[columns])
    return any(_is_there(tables, column) for column in columns)


def _otherwise(tables: CheckedTables, entry: dict[str, Any]) -> bool:
    """Whether there is another way to the figure than by the required columns."""
    columns = OTHERWISE.get(entry["id"], ())
    return bool(columns) and all(_is_there(tables, column) for column in columns)


def _plays_no_part(tables: CheckedTables, entry: dict[str, Any], columns: tuple[str, ...]) -> bool:
    """Whether a refinement changes no figure, or refines the way that was not taken."""
    if columns in NO_FIGURE:
        return True
    return _otherwise(tables, entry) and not any(_any_table(tables, column) for column in columns)


def _not_reviewed(tables: CheckedTables, parameters: dict[str, Any]) -> str:
    """Which items an indicator rests on that no review has; empty where one is there."""
    keys = parameters.get("qa_items", [])
    if not keys or set(keys) & tables.values(ITEM):
        return ""
    return f"in no review: {', '.join(keys)}"


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
