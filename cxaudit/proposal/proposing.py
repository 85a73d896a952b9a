"""Files → what is proposed about each: its table, its columns, and what of it is personal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.errors import Problem, UnreadableData
from cxaudit.proposal.assignment import Assignment, Match, assigned
from cxaudit.proposal.keys import KeyAdvice, key_advice
from cxaudit.proposal.links import Link, links
from cxaudit.proposal.personal import why_personal
from cxaudit.proposal.sample import Sample, samples
from cxaudit.proposal.traits import Traits
from cxaudit.proposal.vendors import vendor_of
from cxaudit.proposal.words import translated
from cxaudit.readers.files import format_of

ALL_KNOWN = 0.95


@dataclass
class Proposed:
    """What is proposed about one table that was delivered.

    personal: header -> why it may tell who somebody is. days: header of a time of day -> header of
    its day. vendor: the `reader` whose export this looks like.
    """

    sample: Sample
    assignment: Assignment | None
    personal: dict[str, str]
    days: dict[str, str] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    key: KeyAdvice | None = None
    vendor: str = ""

    @property
    def matches(self) -> dict[str, Match]:
        """The matches by header; the day of a time of day goes with its time."""
        if self.assignment is None:
            return {}
        found = {match.header: match for match in self.assignment.matches}
        for clock, day in self.days.items():
            first = found[clock]
            found.setdefault(
                day, Match(day, first.column, first.score, first.confidence, "its day")
            )
        return found

    @property
    def latest(self) -> datetime | None:
        """The latest time in the rows looked at, in UTC where its offset is known; of columns that
        are not personal.
        """
        columns = [t for t in self.sample.columns if t.header not in self.personal]
        times = [t.written.last for t in columns if t.written and t.written.last]
        return max(times, default=None)


def proposed(paths: Sequence[Path]) -> tuple[list[Proposed], list[str | Problem]]:
    """What is proposed about every table in the files, and what is wrong with the others."""
    problems: list[str | Problem] = []
    read: list[Sample] = []
    for path in _files(paths, problems):
        try:
            read += samples(path)
        except UnreadableData as error:
            problems += error.problems
    found = [(sample, assigned(sample) if sample.has_header else None) for sample in read]
    linked = links(found)
    result = []
    for (sample, first), own in zip(found, linked, strict=True):
        pairs = {(link.header, link.key) for link in own}
        second = assigned(sample, pairs) if first and pairs else first
        result.append(_one(sample, second, own))
    return result, problems


def _files(paths: Sequence[Path], problems: list[str | Problem]) -> list[Path]:
    """The files named, those of a folder among them, each once."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.is_file() and p.name[0] != ".")
            known = [p for p in inside if format_of(p.name)]
            if not known:
                problems.append(Problem(str(path), "holds no file to read"))
            files += known
        elif path.is_file():
            files.append(path)
        else:
            problems.append(Problem(str(path), "is not there", do="Check the path."))
    return list(dict.fromkeys(files))


def _one(sample: Sample, assignment: Assignment | None, own: list[Link]) -> Proposed:
    result = Proposed(sample, assignment, {}, links=own)
    if assignment is not None:
        result.days = _days(sample, assignment)
        result.key = key_advice(sample, assignment)
    result.vendor = vendor_of(sample)
    result.personal = _personal(sample, assignment)
    return result


def _personal(sample: Sample, assignment: Assignment | None) -> dict[str, str]:
    """Why columns may be personal: by the contract, their headers or their cells."""
    columns = canonical_tables()[assignment.table].columns if assignment else {}
    matches = {match.header: match.column for match in assignment.matches} if assignment else {}
    found = {}
    for traits in sample.columns:
        reason = why_personal(traits)
        column = columns[matches[traits.header]] if traits.header in matches else None
        if column and column.personal:
            reason = reason or "by its contract"
        elif column and column.enum and translated(traits, column).share >= ALL_KNOWN:
            # words of ours throughout, whatever the header speaks of
            reason = ""
        if reason:
            found[traits.header] = reason
    return found


def _days(sample: Sample, assignment: Assignment) -> dict[str, str]:
    """For times of day the header of the day: the one column of days that is always filled."""
    clocks = [m.header for m in assignment.matches if sample.column(m.header).kind == "clock"]
    used = {match.header for match in assignment.matches}
    days = [t for t in sample.columns if _is_day(t) and t.header not in used]
    return dict.fromkeys(clocks, days[0].header) if clocks and days else {}


def _is_day(traits: Traits) -> bool:
    is_date = traits.written is not None and not traits.written.has_time
    return traits.kind == "time" and is_date and traits.share_filled > 0.99
