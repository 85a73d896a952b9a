"""What a run says while it works: one line per stage, alive on a terminal, plain elsewhere."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TextIO

TICK_SECONDS = 0.5
NAME_WIDTH = 12


def is_live(stream: TextIO) -> bool:
    """Whether lines can be rewritten: a terminal, and not one of continuous integration."""
    return stream.isatty() and os.environ.get("CI", "").lower() not in ("true", "1")


class Progress:
    """The lines of one run, written to a stream (default: standard error)."""

    def __init__(self, stream: TextIO | None = None):
        """Start a run's lines."""
        self._stream = stream or sys.stderr
        self._live = is_live(self._stream)

    def reused(self, name: str) -> None:
        """Say that a stage was not run because nothing it depends on changed."""
        self._line(f"{name:<{NAME_WIDTH}} unchanged, reused")

    @contextmanager
    def running(self, name: str, why: str) -> Iterator[None]:
        """Say what runs and for how long; on a terminal the seconds count while it does."""
        started = monotonic()
        stop = threading.Event()

        def text(state: str) -> str:
            return f"{name:<{NAME_WIDTH}} {monotonic() - started:6.1f} s  {state}"

        def count() -> None:
            while not stop.wait(TICK_SECONDS):
                self._rewrite(text(f"running ({why})"))

        ticker = threading.Thread(target=count, daemon=True) if self._live else None
        if ticker:
            self._rewrite(text(f"running ({why})"))
            ticker.start()
        outcome = "stopped"
        try:
            yield
            outcome = f"done ({why})"
        finally:
            stop.set()
            if ticker:
                ticker.join()
                self._rewrite("")
            self._line(text(outcome))

    def _rewrite(self, text: str) -> None:
        self._stream.write(f"\r\x1b[2K{text}")
        self._stream.flush()

    def _line(self, text: str) -> None:
        self._stream.write(text.rstrip() + "\n")
        self._stream.flush()
