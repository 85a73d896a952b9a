"""What can go wrong, in four kinds, each with the exit code the command line ends with.

CxauditError
├── AuditStopped     1  a contract stop, a gate that failed, or a period with nothing to audit
├── EngagementError  2  the call or the engagement is wrong
├── UnreadableData   3  a file is missing, or is not in the format, encoding or zone declared
└── Fault            4  our own fault: a notebook or a check crashed
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what, what was found, and what to do about it."""

    where: str
    what: str
    found: str = ""
    do: str = ""

    def __str__(self) -> str:
        found = f" Found: {self.found}." if self.found else ""
        do = f" {self.do}" if self.do else ""
        return f"{self.where}: {self.what}.{found}{do}"


class CxauditError(Exception):
    """All the problems met at one point, listed together; never shows a row's content."""

    exit_code = 4

    def __init__(self, problems: str | Problem | Sequence[str | Problem]):
        if isinstance(problems, (str, Problem)):
            problems = [problems]
        self.problems: tuple[str | Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def _render_traceback_(self) -> list[str]:
        """What JupyterLab shows of it: the problems, without the way through our code."""
        return [str(problem) for problem in self.problems]


class AuditStopped(CxauditError):
    """The data or the result do not allow a report: contract stop, gate, nothing to audit."""

    exit_code = 1


class EngagementError(CxauditError):
    """The call or the engagement file is wrong; nothing was read."""

    exit_code = 2


class UnreadableData(CxauditError):
    """An input is missing or is not what its declaration says."""

    exit_code = 3


class Fault(CxauditError):
    """A failure of cxaudit itself."""

    exit_code = 4


def nearest(name: str, valid: Iterable[str]) -> str:
    """A sentence naming the valid name nearest to a wrong one, or listing all of them."""
    names = sorted(valid)
    close = difflib.get_close_matches(name, names, n=1)
    if close:
        return f"Did you mean '{close[0]}'?"
    return f"Use one of: {', '.join(names)}." if names else ""
