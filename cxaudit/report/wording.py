"""The verdict and how sure it is, made from the numbers by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cxaudit.report import numbers
from cxaudit.report.principles import TARGET, Principle
from cxaudit.report.words import capital, listed, number_word, words

CONTRACTS_FAILED = "data contracts failed"
NOT_BUILT = "not measured by this version"
LOUDEST = 2  # principles of one kind that fit into a sentence one can remember


def verdict(found: Sequence[Principle], known: str = "") -> str:
    """How the service did, in one sentence; only what whole intervals support is claimed.

    `known` is the most telling single figure, said where no principle can be judged.
    """
    judged = [p for p in found if p.state == "assessed"]
    if not judged:
        return _nothing_judged(found, known)
    weak, short = _clauses(judged, "low"), _clauses(judged, "middle")
    strong = _clauses([*reversed(judged)], "high")
    poor = weak or short
    if poor and strong:
        said = f"{capital(listed(strong))}, but {listed(poor)}"
    elif poor or strong:
        said = capital(listed(poor or strong))
    else:
        names = [p.name.lower() for p in sorted(judged, key=lambda p: -(p.score or 0))[:LOUDEST]]
        said = f"On {listed(names)} the service is near its target, too close to call either way"
    unknown = len(found) - len(judged)
    if unknown:
        everything = number_word(len(found))
        said += f"; {number_word(unknown)} of the {everything} principles cannot be judged yet"
    return f"{said}."


def how_sure(audit: Mapping[str, Any], found: Sequence[Principle], overall: str) -> tuple[str, ...]:
    """Sentences on what the verdict rests on and what it does not, with that on the overall."""
    judged = [p for p in found if p.state == "assessed"]
    hinted = [p for p in found if p.state == "indicative"]
    unknown = [p for p in found if p.state == "not assessed"]
    said = [f"{_basis(audit, len(judged), len(found))}{_placing(judged)}."]
    rest = []
    if hinted:
        verb = "rests" if len(hinted) == 1 else "rest"
        rest.append(f"{number_word(len(hinted))} {verb} on too little that is measured (hatched)")
    if unknown and len(unknown) < len(found):
        rest.append(f"{number_word(len(unknown))} could not be assessed")
    if rest:
        said.append(f"{capital(', '.join(rest))}.")
    if any(p.state != "assessed" and p.later for p in found):
        said.append(_later(audit))
    said.append(overall)
    return tuple(said)


def status_reasons(audit: Mapping[str, Any]) -> tuple[str, ...]:
    """Why the report is a draft; failed contracts with their number of checks and rows."""
    failed = [e for e in audit["contracts"].get("failed") or [] if e["severity"] == "error"]
    rows = numbers.counted(sum(entry["failed_rows"] for entry in failed), "row", "rows")
    checks = f"{numbers.counted(len(failed), 'check', 'checks')} of the data contracts failed"
    return tuple(
        f"{checks} ({rows})" if failed and reason == CONTRACTS_FAILED else str(reason).rstrip(".")
        for reason in audit["status_reasons"]
    )


def _clauses(found: Sequence[Principle], level: str) -> list[str]:
    return [p.words[level] for p in found if p.level == level and level in p.words][:LOUDEST]


def _nothing_judged(found: Sequence[Principle], known: str) -> str:
    hinted = [p.name.lower() for p in found if p.state == "indicative"]
    said = "The service cannot be judged yet, too little of it is in the data"
    if hinted:
        said += f"; there are first signs on {listed(hinted)} only"
    return f"{said}; what is known: {known[:1].lower()}{known[1:]}." if known else f"{said}."


def not_built(audit: Mapping[str, Any]) -> int:
    """The number of indicators that come with later versions."""
    reasons = [str(row.get("reason") or "") for row in audit["indicators"] if not row["slice"]]
    return sum(reason.startswith(NOT_BUILT) for reason in reasons)


def _later(audit: Mapping[str, Any]) -> str:
    """How many indicators no data could have let be measured yet."""
    rows = [row for row in audit["indicators"] if not row["slice"]]
    later = not_built(audit)
    looked_at = sum(row["id"] in audit["definition_versions"] for row in rows)
    return (
        f"{later} of {len(rows)} indicators {'is' if later == 1 else 'are'} not measured by this "
        f"version yet; {looked_at} {'was' if looked_at == 1 else 'were'} looked at."
    )


def _basis(audit: Mapping[str, Any], judged: int, all_of_them: int) -> str:
    nouns = words()["base_nouns"]
    kept = [
        numbers.counted(entry["kept"], *nouns[entry["table"]])
        for entry in audit["tables"]
        if entry["table"] in nouns and entry["kept"]
    ]
    rests = f", on {listed(kept)}" if kept else ""
    verb = "is" if judged == 1 else "are"
    return (
        f"{capital(number_word(judged))} of {number_word(all_of_them)} principles "
        f"{verb} measured well enough to be judged{rests}"
    )


def _placing(judged: Sequence[Principle]) -> str:
    """How many are clear of the target, so that chance does not explain the side they are on."""
    above = sum(p.level == "high" for p in judged)
    below = sum(p.level in ("low", "middle") for p in judged)
    close = len(judged) - above - below
    parts = []
    if above:
        parts.append(f"{number_word(above)} clearly at or above the target of {TARGET}")
    if below:
        parts.append(
            f"{number_word(below)} clearly below {'it' if above else f'the target of {TARGET}'}"
        )
    if close:
        parts.append(f"{number_word(close)} too close to it to call")
    return f": {listed(parts)}" if parts else ""
