"""Proposed entries → the end of an engagement file, which stays one that can be read."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

from cxaudit.errors import EngagementError, Fault, Problem
from cxaudit.sources import parse_sources


def appended(text: str, path: Path) -> str:
    """The content of the file with the entries at its end; of the entries alone if there is none.

    Raises EngagementError where the file is no TOML, or names a file of the entries already.
    """
    before = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    try:
        declared = tomllib.loads(before).get("source", [])
    except tomllib.TOMLDecodeError as error:
        what = "is not valid TOML: nothing was added to it"
        raise EngagementError(
            Problem(str(path), what, str(error), "Mend the line named.")
        ) from error
    taken = (
        {_place(entry, path.parent) for entry in declared} if isinstance(declared, list) else set()
    )
    proposed = tomllib.loads(text).get("source", [])
    again = sorted(p for entry in proposed if (p := _place(entry, path.parent)) in taken)
    if again:
        raise EngagementError(
            [
                Problem(str(path), "has an entry for this file already", file, "Take it out first.")
                for file in again
            ]
        )
    whole = f"{before.rstrip()}\n\n{text}" if before.strip() else text
    _, problems = parse_sources(tomllib.loads(whole).get("source", []), path.name)
    ours = [problem for problem in problems if not before.strip()]
    if ours:
        raise Fault(list(ours))
    return whole


def _place(entry: object, folder: Path) -> str:
    """The file, and the sheet or list in it, that an entry reads."""
    if not isinstance(entry, dict) or not isinstance(entry.get("path"), str):
        return ""
    path = os.path.normpath(folder.resolve() / entry["path"])
    inside = [str(entry[name]) for name in ("sheet", "records") if name in entry]
    return " ".join([path, *inside])


def write(text: str, path: Path) -> None:
    """Nothing; puts the file in its place whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.new")
    aside.write_text(text, encoding="utf-8")
    os.replace(aside, path)
