"""What an audit was made with: program, packages, time zones, lock file, repository."""

from __future__ import annotations

import hashlib
import subprocess
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zoneinfo import TZPATH

from cxaudit.resources import PACKAGE


def program_version() -> str:
    """The version of cxaudit as installed; 'not installed' where it only lies there."""
    try:
        return version("cxaudit")
    except PackageNotFoundError:
        return "not installed"


def time_zone_databases() -> dict[str, str | None]:
    """The version of the system's time zone database and of the package that stands in for it."""
    system = None
    for folder in TZPATH:
        list_of_zones = Path(folder) / "tzdata.zi"
        if list_of_zones.is_file():
            with list_of_zones.open(encoding="utf-8") as lines:
                system = lines.readline().removeprefix("# version").strip()
            break
    package = None
    if find_spec("tzdata"):
        import tzdata

        package = str(tzdata.IANA_VERSION)
    return {"system": system, "package": package}


def repository_state() -> dict[str, Any] | None:
    """The commit the program's files are at and whether they differ from it; None outside git."""
    tracked = _git("ls-files", "--error-unmatch", str(PACKAGE / "__init__.py"))
    commit = _git("rev-parse", "HEAD")
    if tracked is None or commit is None:
        return None
    changed = _git("status", "--porcelain", "--untracked-files=normal")
    return {"commit": commit.strip(), "dirty": bool((changed or "").strip())}


def lock_file_hash() -> str | None:
    """The SHA-256 of the lock file beside the package; None where there is none, as in a wheel."""
    lock = PACKAGE.parent / "requirements.lock"
    return hashlib.sha256(lock.read_bytes()).hexdigest() if lock.is_file() else None


def _git(*arguments: str) -> str | None:
    """What git answers about the folder the package is in; None where it refuses or is missing."""
    try:
        answer = subprocess.run(
            ["git", "-C", str(PACKAGE.parent), *arguments],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout
