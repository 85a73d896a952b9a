"""What went wrong in a notebook's kernel, handed over as a file, so that no traceback is parsed.

The kernel loads this module as an IPython extension; it writes every error to the file named
in `ERROR_FILE`. The pipeline reads it back as the same error.
"""

from __future__ import annotations

import json
import os
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cxaudit.errors import (
    AuditStopped,
    CxauditError,
    EngagementError,
    Fault,
    Problem,
    UnreadableData,
)
from cxaudit.resources import PACKAGE

EXTENSION = __name__
ERROR_FILE = "CXAUDIT_NOTEBOOK_ERROR"
KINDS = {kind.__name__: kind for kind in (AuditStopped, EngagementError, UnreadableData, Fault)}


def load_ipython_extension(shell: Any) -> None:
    """Nothing; from now on, what stops a cell of this kernel is written down as well as shown."""
    if ERROR_FILE in os.environ:
        shell.set_custom_exc((Exception,), _write_down)


def _write_down(
    shell: Any, kind: type, error: Exception, trace: Any, tb_offset: Any = None
) -> None:
    write_error(error, Path(os.environ[ERROR_FILE]))
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def write_error(error: Exception, path: Path) -> None:
    """Nothing; leaves the kind, the problems and the place of an error in a JSON file."""
    problems = error.problems if isinstance(error, CxauditError) else ()
    content = {
        "kind": type(error).__name__,
        "problems": [asdict(p) if isinstance(p, Problem) else p for p in problems],
        "place": _place(error),
    }
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")


def read_error(path: Path) -> CxauditError | str:
    """The error a kernel wrote down; for a crash only what and where, never a value.

    An empty text says that nothing was written.
    """
    if not path.is_file():
        return ""
    content = json.loads(path.read_text(encoding="utf-8"))
    if kind := KINDS.get(content["kind"]):
        return kind([Problem(**p) if isinstance(p, dict) else p for p in content["problems"]])
    return f"{content['kind']} in {content['place']}"


def _place(error: Exception) -> str:
    """The innermost line of ours that an error went through."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(PACKAGE):
            return f"cxaudit/{path.relative_to(PACKAGE).as_posix()}, line {frame.lineno}"
    return "the notebook's own code"
