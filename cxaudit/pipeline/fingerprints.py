"""Hashes of files, remembered by path, size and times so that large exports are read once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any


class Fingerprints:
    """The SHA-256 of files; one unchanged in size and times since last time is not read again."""

    def __init__(self, memory: Path):
        """Open the memory kept at a path; a missing or damaged one starts empty."""
        self._memory = memory
        self._known: dict[str, list[Any]] = {}
        try:
            known = json.loads(memory.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        if isinstance(known, dict):
            self._known = known

    def of(self, path: Path) -> str:
        """The SHA-256 of a file, in hexadecimal."""
        status = path.stat()
        # The change time too: a tool that restores the modification time cannot restore that one.
        seen = [status.st_size, status.st_mtime_ns, status.st_ctime_ns]
        name = str(path.resolve())
        known = self._known.get(name)
        if isinstance(known, list) and known[:-1] == seen:
            return str(known[-1])
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        self._known[name] = [*seen, digest]
        return digest

    def of_folder(self, folder: Path, leave_out: Iterable[str] = ()) -> dict[str, str]:
        """The SHA-256 of every file below a folder, by its path there."""
        left_out = set(leave_out)
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        return {
            path.relative_to(folder).as_posix(): self.of(path)
            for path in paths
            if path.name not in left_out and "__pycache__" not in path.parts
        }

    def save(self) -> None:
        """Nothing; the memory is written for the next run."""
        self._memory.parent.mkdir(parents=True, exist_ok=True)
        self._memory.write_text(json.dumps(self._known), encoding="utf-8")


def digest_of(content: Any) -> str:
    """The SHA-256 of anything JSON can hold, the order of keys left aside."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
