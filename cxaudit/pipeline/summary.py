"""The job summary in Markdown: the verdict, what was not assessed, which checks failed."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cxaudit.pipeline.verdict import (
    HEADINGS,
    not_assessed,
    noticed,
    overall_sentence,
    principle_rows,
)

STEP_SUMMARY = "GITHUB_STEP_SUMMARY"
# GitHub drops a summary of more than 1024 kB as a whole, and a step may add to it more than once.
MOST_BYTES = 200_000
MOST_ROWS = 100
CUT = "\n\n(The summary is cut here; the report has everything.)\n"


def summary_markdown(
    title: str,
    validation: Mapping[str, Any] | None,
    audit: Mapping[str, Any] | None = None,
    failed: Mapping[str, str] | None = None,
    stopped: str = "",
) -> str:
    """The summary of an audit, or of a run that stopped before there was one."""
    parts = [f"# {_cell(title)}"]
    if stopped:
        parts.append("**Stopped: no new report; the previous one is untouched.**")
        parts += [f"- {_cell(line)}" for line in stopped.splitlines()]
    if audit:
        if audit.get("status") == "DRAFT":
            reasons = "; ".join(_cell(reason) for reason in audit.get("status_reasons", ()))
            parts.append(f"**DRAFT**{': ' + reasons if reasons else ''}")
        parts.append(_cell(overall_sentence(audit)))
        parts.append(_table(HEADINGS, principle_rows(audit)))
        parts += _section("Gates that failed", ("Gate", "Reason"), list((failed or {}).items()))
        parts += _section("Not assessed", ("What", "Why"), not_assessed(audit))
    if validation and (lines := noticed(validation)):
        parts += ["## Noticed in the data", "\n".join(f"- {_cell(line)}" for line in lines)]
    checks = validation["checks"] if validation else []
    parts += _section(
        "Contract checks that failed or could not run",
        ("Check", "Severity", "State", "Rows", "Message"),
        [_check_row(check) for check in checks if check["state"] in ("failed", "could not run")],
    )
    return _cut("\n\n".join(parts) + "\n")


def add_to_job(text: str) -> None:
    """Nothing; appends a summary to the job's own page where the runner offers one."""
    if place := os.environ.get(STEP_SUMMARY):
        with Path(place).open("a", encoding="utf-8") as page:
            page.write(text + "\n")


def _check_row(check: Mapping[str, Any]) -> tuple[str, ...]:
    rows = f"{check['failed_rows']} of {check['rows']}" if check.get("rows") else ""
    return check["id"], check["severity"], check["state"], rows, check.get("message") or ""


def _section(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"## {title} ({len(rows)})", _table(headings, rows)] if rows else []


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [_line(headings), _line(["---"] * len(headings))]
    lines += [_line([_cell(cell) for cell in row]) for row in rows[:MOST_ROWS]]
    if len(rows) > MOST_ROWS:
        lines.append(f"\n… and {len(rows) - MOST_ROWS} more")
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: Any) -> str:
    """A text from data, so that neither HTML nor Markdown in it does anything."""
    sound = str(text).encode("utf-8", errors="replace").decode("utf-8")
    flat = html.escape(" ".join(sound.split()), quote=False)
    return re.sub(r"([\\`*_\[\]|~#@!])", lambda found: f"&#{ord(found[1])};", flat)


def _cut(text: str) -> str:
    encoded = text.encode("utf-8")
    if len(encoded) <= MOST_BYTES:
        return text
    kept = encoded[: MOST_BYTES - len(CUT)].decode("utf-8", errors="ignore")
    return kept[: kept.rfind("\n")] + CUT
