"""What reading and checking the invented client's files left behind."""


def invented_validation(counts):
    """The validation, with the counts of the audit."""
    return {
        "as_of": "2026-10-03T04:00:00Z", "passed": False, "stop": False, "counts": counts,
        "checks": [
            {"id": "tickets.ticket_id.unique", "table": "tickets", "column": "ticket_id",
             "kind": "unique", "severity": "error", "state": "failed", "rows": 41230,
             "failed_rows": 12, "share": 0.0003, "message": "ticket_id is not unique",
             "dimension": "uniqueness", "contract": "tickets.odcs.yaml"},
            {"id": "surveys.mode.enum", "table": "surveys", "column": "mode", "kind": "enum",
             "severity": "warning", "state": "could not run", "rows": 0, "failed_rows": 0,
             "share": 0.0, "message": "the column is not there", "dimension": "conformity",
             "contract": "surveys.odcs.yaml"},
            {"id": "tickets.text", "table": "tickets", "column": None, "kind": "text",
             "severity": "info", "state": "declared, not checked", "rows": 0, "failed_rows": 0,
             "share": 0.0, "message": "kept for two years", "dimension": None,
             "contract": "tickets.odcs.yaml"},
        ],
        "unusable": [], "degraded": {},
        "quarantined": {
            "tickets": {"rows": 12, "by_reason": {"tickets.ticket_id.unique": 12}},
            "surveys": {"rows": 3, "by_reason": {"surveys.value.range": 3}},
        },
    }  # fmt: skip


def invented_load():
    """The load: tables and columns supplied, inputs, findings."""
    columns = [
        "ticket_id", "customer_id", "created_at", "channel", "first_response_at", "solved_at",
        "status", "category", "assignee_id", "is_complaint",
    ]  # fmt: skip
    surveys = [
        "survey_id", "customer_id", "ticket_id", "question_key", "responded_at", "value",
        "scale_min", "scale_max", "higher_is_better", "mode",
    ]  # fmt: skip
    return {
        "tables": {
            "tickets": {"received": 41230, "excluded": {}, "loaded": 41230, "supplied": columns},
            "ticket_events": {"received": 9, "excluded": {}, "loaded": 9, "supplied": ["at"]},
            "surveys": {"received": 9120, "excluded": {}, "loaded": 9120, "supplied": surveys},
        },
        "inputs": [
            {"path": "exports/tickets.csv", "sha256": "4f" * 32, "bytes": 9123456, "rows": 41230,
             "source": "tickets"},
            {"path": "exports/surveys.csv", "sha256": "a1" * 32, "bytes": 912345, "rows": 9120,
             "source": "surveys"},
        ],
        "findings": [
            {"id": "load-1", "severity": "warning", "table": "tickets", "column": "priority",
             "rows": 12, "message": "values that are no priority became unknown"},
        ],
    }  # fmt: skip
