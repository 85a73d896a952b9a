"""One run at a time on one target: a second one is refused, not queued."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cxaudit.errors import EngagementError, Problem


@contextmanager
def locked(folder: Path, file: str = ".lock") -> Iterator[None]:
    """A hold on a folder for the time of the block.

    The system releases it when the process ends, however it ends. Raises `EngagementError` where
    another process has it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Opened without truncating: the number in it is that of the process that holds it.
    with os.fdopen(os.open(folder / file, os.O_RDWR | os.O_CREAT, 0o644), "r+") as held:
        if not _take(held.fileno()):
            owner = held.read().strip() or "unknown"
            raise EngagementError(
                Problem(
                    str(folder),
                    "another run is working on the same target",
                    f"process {owner}",
                    "Wait until it ends, or stop it.",
                )
            )
        held.truncate()
        held.write(str(os.getpid()))
        held.flush()
        yield


def _take(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            # A byte beyond the text, so that the number stays readable to the one refused.
            os.lseek(descriptor, 1 << 20, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            os.lseek(descriptor, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
