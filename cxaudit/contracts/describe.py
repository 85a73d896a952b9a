"""The contracts and their checks as small tables to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

FIRST = ("failed", "could not run", "declared, not checked", "not applicable", "passed")
SEVERITIES = ("error", "warning", "info")


def describe_rules() -> pd.DataFrame:
    """The rules of the contracts, before any data: table, rule, kind, severity, says, degrades.

    Raises `EngagementError` where a contract is not valid.
    """
    import pandas as pd

    from cxaudit.contracts.document import open_contracts
    from cxaudit.contracts.rules import compile_rules

    rules = compile_rules(open_contracts())
    return pd.DataFrame(
        {
            "table": [rule.table for rule in rules],
            "rule": [rule.id for rule in rules],
            "kind": [rule.kind for rule in rules],
            "severity": [rule.severity for rule in rules],
            "says": [rule.description for rule in rules],
            "degrades": [", ".join(rule.degrades) for rule in rules],
        }
    )


def describe_checks(validation: Mapping[str, Any]) -> pd.DataFrame:
    """The checks of a validation.json that applied, failed ones and errors first.

    Columns: state, severity, check, failed_rows, rows, share (0-1), message.
    """
    import pandas as pd

    columns = ["state", "severity", "check", "failed_rows", "rows", "share", "message"]
    rows = [
        {**{name: check[name] for name in columns if name in check}, "check": check["id"]}
        for check in validation["checks"]
        if check["state"] != "not applicable"
    ]
    rows.sort(
        key=lambda row: (
            FIRST.index(row["state"]),
            SEVERITIES.index(row["severity"]),
            row["check"],
        )
    )
    return pd.DataFrame(rows, columns=columns)
