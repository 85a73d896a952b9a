"""The contracts' findings as SARIF 2.1.0, each at the line of the contract that it breaks.

What CI services show beside the lines of a change. Findings name tables, columns and counts, never
a value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cxaudit.pipeline.surroundings import program_version

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
FAILED = "failed"
# Checks that are no verdict, and the kind that SARIF has for each.
NO_VERDICT = {"could not run": "open", "declared, not checked": "notApplicable"}
WORKBOOK = "data_contracts/"


def sarif_json(validation: Mapping[str, Any] | None, stopped: str = "") -> bytes:
    """A SARIF log of one run: its rules are those with a finding, or only declared, in order.

    `stopped` is why the run came to no report; its tool then did not succeed.
    """
    checks = validation["checks"] if validation else []
    shown = [check for check in checks if check["state"] == FAILED or check["state"] in NO_VERDICT]
    rules = [_rule(check) for check in shown]
    results = [_result(check, number) for number, check in enumerate(shown)]
    invocation: dict[str, Any] = {"executionSuccessful": not stopped}
    if stopped:
        message = {"text": "The run came to no report; junit.xml says why."}
        invocation["toolExecutionNotifications"] = [{"level": "error", "message": message}]
    driver = {
        "name": "cxaudit",
        "version": program_version(),
        "rules": rules,
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return (json.dumps(log, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def contract_place(contract: str) -> str:
    """Where a contract is, from the folder of the workbook or of the engagement."""
    return contract if "/" in contract else f"{WORKBOOK}{contract}"


def _rule(check: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": check["id"],
        "defaultConfiguration": {"level": LEVELS[check["severity"]]},
        "properties": {"tags": [tag for tag in ("contracts", check.get("dimension")) if tag]},
    }


def _result(check: Mapping[str, Any], number: int) -> dict[str, Any]:
    is_failure = check["state"] == FAILED
    level = LEVELS[check["severity"]] if is_failure else "none"
    message = check["message"] if is_failure else f"{check['state']}: {check['message']}"
    region = {"region": {"startLine": check["line"]}} if check.get("line") else {}
    place = {
        "artifactLocation": {"uri": contract_place(check.get("contract") or check["table"])},
        **region,
    }
    return {
        "ruleId": check["id"],
        "ruleIndex": number,
        "kind": "fail" if is_failure else NO_VERDICT[check["state"]],
        "level": level,
        "message": {"text": message},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"rule/v1": check["id"]},
        "properties": {
            "table": check["table"],
            "rows": check["rows"],
            "failedRows": check["failed_rows"],
        },
    }
