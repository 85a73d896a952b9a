"""Gates, JUnit XML, job summary, terminal answer: drawn from audit.json and validation.json."""

from __future__ import annotations

import html
import xml.etree.ElementTree as ET
from typing import Any

from cxaudit.engagement import Gates
from cxaudit.pipeline.checks import checks_text, outcome_text
from cxaudit.pipeline.gates import failed_gates, gate_names
from cxaudit.pipeline.junit import junit_xml
from cxaudit.pipeline.summary import MOST_BYTES, add_to_job, summary_markdown
from cxaudit.pipeline.verdict import answer_text, noticed

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
    text = answer_text(AUDIT, VALIDATION)
    assert "No overall score: two principles of ten have a score." in text
    assert "- Empathy: no surveys" in text
    assert "- Felt understood: no surveys" in text
    assert "- 2 indicators: few" in text
    assert "In chat" not in text


LOAD = {
    "tables": {
        "tickets": {"received": 600, "excluded": {"unreadable": 199}, "loaded": 401},
        "surveys": {"received": 10, "excluded": {}, "loaded": 10},
    },
    "findings": [
        {
            "severity": "warning",
            "message": "tickets.created_at: 199 cell(s) could not be read.",
            "positions": [{"path": "exports/a.csv", "rows": list(range(2, 22))}],
        }
    ],
}
READ = {
    "checks": [
        *VALIDATION["checks"],
        check("tickets.readable", "error", "failed", "199 of 600 rows could not be read")
        | {"kind": "readable"},
        check("tickets.solved_after_created", "error", "failed", "7 rows break it"),
        check("calls.columns", "error", "not applicable") | {"table": "calls"},
    ],
    "unusable": ["surveys"],
    "quarantined": {"tickets": {"rows": 7, "by_reason": {}}},
    "load_findings": [
        {"severity": "info", "message": "m1."},
        {"severity": "warning", "message": "m2."},
    ],
}


def test_the_checks_end_with_those_that_need_a_look() -> None:
    text = checks_text(READ, LOAD)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "tickets 600 401 7 199 unreadable" in lines, "every row is accounted for"
    assert "surveys 10 10 0 the table is not usable" in lines
    assert "See exports/a.csv rows 2, 3, 4, 5, 6, …." in text
    assert "1 check passed; 1 not applicable, 1 declared, not checked, 1 could not run" in text
    assert "Tables not supplied: calls." in lines
    assert [line.split()[0] for line in lines[-4:]] == ["could", "failed", "failed", "failed"]
    assert "tickets.ticket_id.unique" not in text, "what passed is counted, not listed"


def test_what_the_checks_mean_for_the_audit_is_said_in_words() -> None:
    sound = {"unusable": [], "degraded": {}}
    assert outcome_text(sound) == "Nothing found here stops the audit."
    found = outcome_text({"unusable": ["calls", "surveys"], "degraded": {"qua_csat": "C"}})
    assert found.endswith(
        "Not usable, so that nothing rests on it: calls, surveys. "
        "The evidence of 1 indicator is limited by what was found."
    )


def test_every_check_is_listed_when_asked_for() -> None:
    lines = checks_text(READ, LOAD, is_full=True).splitlines()
    assert any(line.startswith("passed") and "tickets.ticket_id.unique" in line for line in lines)
    assert lines[-1].startswith("failed"), "what needs a look still comes last"


def test_checks_that_all_passed_are_one_line() -> None:
    sound = {"checks": [check("tickets.ticket_id.unique", "error", "passed")]}
    tables = {"tickets": {"received": 1, "excluded": {}, "loaded": 1}}
    text = checks_text(sound, {"tables": tables, "findings": []})
    assert text.splitlines()[-1] == "1 check passed."


def test_what_the_data_showed_is_in_the_answer_and_the_summary_gravest_first() -> None:
    told = [
        "- tickets.readable: 199 of 600 rows could not be read",
        "- surveys: the table is not usable; what needs it is not assessed",
        "- tickets.solved_after_created: 7 rows break it",
        "- m2.",
        "- m1.",
    ]
    assert "\n".join(["Noticed in the data:", *told]) in answer_text(AUDIT, READ)
    summary = html.unescape(summary_markdown("Acme", READ, AUDIT))
    assert "\n".join(["## Noticed in the data\n", *told]) in summary
    assert "Noticed" not in answer_text(AUDIT, VALIDATION), "warnings alone are in the report"


def test_what_was_noticed_is_cut_at_ten_lines_and_counted() -> None:
    many = {"checks": [], "load_findings": [{"severity": "info", "message": "m"}] * 13}
    assert noticed(many) == [*["m"] * 10, "and 3 more"]


def test_unread_rows_are_a_failure_for_the_runner() -> None:
    failures = ET.fromstring(junit_xml(READ)).findall(".//failure")
    assert "199 of 600 rows could not be read" in [found.get("message") for found in failures]
