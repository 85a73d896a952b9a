"""The answer of an audit in a few words per principle, for the terminal and the job summary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cxaudit.report.numbers import score, score_interval

NOT_ASSESSED = "not assessed"
SEVERITIES = ("error", "warning", "info")
MOST_NOTICED = 10
HEADINGS = ("Principle", "Score", "95 % interval", "Grade", "Evidence", "Coverage", "State")


def principle_rows(audit: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """One row per principle under `HEADINGS`; a principle without a score has none, not zero."""
    return [_row(principle) for principle in audit["principles"]]


def overall_sentence(audit: Mapping[str, Any]) -> str:
    """The overall score with its interval, or why there is none."""
    overall = audit.get("overall")
    if not overall:
        return f"No overall score: {audit.get('overall_reason') or 'not assessed'}."
    interval = score_interval(overall.get("low"), overall.get("high"))
    return f"Overall {score(overall['score'])} ({interval})."


def not_assessed(audit: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What could not be assessed, and why: each principle, then the indicators by reason."""
    rows = [
        (principle["name"], principle.get("reason") or "")
        for principle in audit["principles"]
        if principle["state"] == NOT_ASSESSED
    ]
    names: dict[str, list[str]] = {}
    for indicator in audit["indicators"]:
        if indicator["state"] == NOT_ASSESSED and not indicator["slice"]:
            names.setdefault(indicator.get("reason") or "", []).append(indicator["name"])
    return rows + [
        (found[0] if len(found) == 1 else f"{len(found)} indicators", reason)
        for reason, found in names.items()
    ]


def by_severity(findings: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Findings with the gravest first, otherwise in their order."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding["severity"]))


def noticed(validation: Mapping[str, Any]) -> list[str]:
    """A sentence for what the data showed, the gravest first: at most ten and how many more.

    Rows that could not be read, tables that are not usable, failed checks of severity error, then
    what loading noticed; counts and names, no row's content.
    """
    failed = [
        check
        for check in validation["checks"]
        if check["state"] == "failed" and check["severity"] == "error"
    ]
    failed.sort(key=lambda check: check.get("kind") != "readable")
    checks = [f"{check['id']}: {check['message']}" for check in failed]
    unread = sum(check.get("kind") == "readable" for check in failed)
    lines = [
        *checks[:unread],
        *(
            f"{table}: the table is not usable; what needs it is not assessed"
            for table in validation.get("unusable") or ()
        ),
        *checks[unread:],
        *(finding["message"] for finding in by_severity(validation.get("load_findings") or ())),
    ]
    if len(lines) > MOST_NOTICED:
        return [*lines[:MOST_NOTICED], f"and {len(lines) - MOST_NOTICED} more"]
    return lines


def answer_text(audit: Mapping[str, Any], validation: Mapping[str, Any]) -> str:
    """The answer for a terminal: the ten principles, what was not assessed, what was noticed."""
    parts = ["", as_columns(HEADINGS, principle_rows(audit)), "", overall_sentence(audit)]
    left_out = not_assessed(audit)
    if left_out:
        parts += ["", "Not assessed:", *(f"- {what}: {reason}" for what, reason in left_out)]
    if lines := noticed(validation):
        parts += ["", "Noticed in the data:", *(f"- {line}" for line in lines)]
    return "\n".join(parts)


def as_columns(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows as lines of aligned columns, the headings above them."""
    table = [list(headings), *[list(row) for row in rows]]
    widths = [max(len(line[number]) for line in table) for number in range(len(headings))]
    lines = [
        "  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)) for line in table
    ]
    return "\n".join(line.rstrip() for line in lines)


def _row(principle: Mapping[str, Any]) -> tuple[str, ...]:
    scored = principle.get("score") is not None
    return (
        principle["name"],
        score(principle["score"]) if scored else "",
        score_interval(principle.get("low"), principle.get("high")) if scored else "",
        principle.get("grade") or "",
        principle.get("evidence") or "",
        f"{100 * (principle.get('coverage') or 0):.0f} %",
        principle["state"],
    )
