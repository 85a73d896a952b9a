"""Gates, JUnit XML, job summary, terminal answer: drawn from audit.json and validation.json."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from cxaudit.engagement import Gates
from cxaudit.pipeline.checks import checks_text
from cxaudit.pipeline.gates import failed_gates, gate_names
from cxaudit.pipeline.junit import junit_xml
from cxaudit.pipeline.summary import MOST_BYTES, add_to_job, summary_markdown
from cxaudit.pipeline.verdict import answer_text

HOSTILE = "<script>alert(1)</script> | `x` [a](b) *c* \x00 \ud800 @all"


def principle(name: str, score: float | None, coverage: float, reason: str = "") -> dict[str, Any]:
    scored = score is not None
    return {
        "id": name,
        "name": name.capitalize(),
        "state": "assessed" if scored else "not assessed",
        "reason": reason,
        "score": score,
        "low": score - 5 if scored else None,
        "high": score + 5 if scored else None,
        "grade": "B" if scored else None,
        "coverage": coverage,
        "evidence": "C" if scored else None,
    }


def check(name: str, severity: str, state: str, message: str = "") -> dict[str, Any]:
    return {
        "id": name,
        "table": "tickets",
        "severity": severity,
        "state": state,
        "rows": 1200,
        "failed_rows": 7 if state == "failed" else 0,
        "message": message,
    }


AUDIT = {
    "status": "DRAFT",
    "status_reasons": ["not signed off"],
    "overall": None,
    "overall_reason": "two principles of ten have a score",
    "principles": [principle("speed", 61.4, 0.8), principle("empathy", None, 0.0, "no surveys")],
    "indicators": [
        {"name": "Felt understood", "state": "not assessed", "reason": "no surveys", "slice": {}},
        {"name": "Treated well", "state": "not assessed", "reason": "few", "slice": {}},
        {"name": "Well known", "state": "not assessed", "reason": "few", "slice": {}},
        {"name": "In chat", "state": "not assessed", "reason": "few", "slice": {"channel": "chat"}},
    ],
}
VALIDATION = {
    "checks": [
        check("tickets.ticket_id.unique", "error", "passed"),
        check("tickets.status.enum", "warning", "failed", "7 rows are not in the list"),
        check("tickets.assignee_id.relation", "error", "could not run", "agents has no key"),
        check("tickets.text", "info", "declared, not checked"),
    ]
}


def test_gates_hold_unless_a_number_says_otherwise() -> None:
    gates = Gates(contract_severity="error", minimum_coverage=0.4, principle_below={"speed": 61.4})
    assert failed_gates(gates, AUDIT, VALIDATION) == {}
    assert gate_names(gates) == ["contract_severity", "minimum_coverage", "principle_below.speed"]


def test_every_gate_that_fails_says_why() -> None:
    gates = Gates(
        contract_severity="warning",
        minimum_coverage=0.41,
        principle_below={"speed": 61.5, "empathy": 1},
    )
    assert failed_gates(gates, AUDIT, VALIDATION) == {
        "contract_severity": "1 contract check of severity error or warning failed: "
        "tickets.status.enum",
        "minimum_coverage": "40.0% of the scorecard is covered by data, the gate asks for 41.0%",
        "principle_below.empathy": "empathy has no score to hold against 1: no surveys",
        "principle_below.speed": "speed scores 61.4, below 61.5",
    }


def test_junit_has_a_case_per_check_principle_and_gate() -> None:
    gates = ["minimum_coverage", "principle_below.speed"]
    document = ET.fromstring(junit_xml(VALIDATION, AUDIT, gates, {"minimum_coverage": "too low"}))
    suites = {suite.get("name"): suite for suite in document}
    counted = {
        name: [suite.get(key) for key in ("tests", "failures", "errors", "skipped")]
        for name, suite in suites.items()
    }
    assert counted == {
        "contracts": ["4", "0", "1", "1"],
        "principles": ["2", "0", "0", "1"],
        "gates": ["2", "1", "0", "0"],
    }
    warned = suites["contracts"][1]
    assert warned.findtext("system-out") == "warning: 7 rows are not in the list"


def test_a_failed_check_of_severity_error_is_a_failure() -> None:
    failed = {"checks": [check("tickets.ticket_id.unique", "error", "failed", "7 rows twice")]}
    found = ET.fromstring(junit_xml(failed)).find(".//failure")
    assert found is not None and found.get("message") == "7 rows twice"


def test_junit_survives_any_text() -> None:
    hostile = {"checks": [check("a", "error", "failed", HOSTILE)]}
    found = ET.fromstring(junit_xml(hostile, stopped=HOSTILE)).find(".//failure")
    assert found is not None and "<script>" in (found.get("message") or "")


def test_the_summary_tells_the_verdict_the_gaps_and_the_failed_checks() -> None:
    text = summary_markdown("Acme, 2026Q3", VALIDATION, AUDIT, {"minimum_coverage": "too low"})
    assert "| Speed | 61 | 56 to 66 | B | C | 80 % | assessed |" in text
    assert "| Empathy |  |  |  |  | 0 % | not assessed |" in text, "no score is not a score of 0"
    assert "DRAFT" in text and "not signed off" in text
    assert "| Felt understood | no surveys |" in text
    assert "In chat" not in text, "slices are for the report"
    assert "7 of 1200" in text and "agents has no key" in text
    assert "too low" in text


def test_nothing_in_the_summary_is_markup_of_the_data() -> None:
    hostile = {"checks": [check("a", "error", "failed", HOSTILE)]}
    text = summary_markdown(HOSTILE, hostile, stopped=HOSTILE)
    for live in ("<script", "| `", "](", "*c*", "@all"):
        assert live not in text, f"{live} is live in the summary"


def test_a_summary_of_any_length_stays_under_what_the_page_takes(tmp_path, monkeypatch) -> None:
    long = {"checks": [check(f"c{n}", "error", "failed", "é" * 9000) for n in range(300)]}
    text = summary_markdown("Acme", long)
    assert len(text.encode("utf-8")) <= MOST_BYTES
    assert text.endswith("the report has everything.)\n")
    page = tmp_path / "page.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    add_to_job("one")
    add_to_job("two")
    assert page.read_text() == "one\ntwo\n"


def test_the_terminal_answer_names_what_was_not_assessed_by_reason() -> None:
    text = answer_text(AUDIT)
    assert "No overall score: two principles of ten have a score." in text
    assert "- Empathy: no surveys" in text
    assert "- Felt understood: no surveys" in text
    assert "- 2 indicators: few" in text
    assert "In chat" not in text


@pytest.mark.parametrize("state", ["failed", "could not run", "passed"])
def test_checks_are_counted_by_state(state: str) -> None:
    text = checks_text(VALIDATION)
    assert f"1 {state}" in text.splitlines()[-1]
    assert text.splitlines()[1].startswith("failed"), "what needs a look comes first"
