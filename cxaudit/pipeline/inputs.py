"""The files an audit rests on, found without reading any of them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from cxaudit.load import input_paths
from cxaudit.pipeline.fingerprints import Fingerprints
from cxaudit.run import Run
from cxaudit.score.mix import kept_mix


def input_hashes(run: Run, fingerprints: Fingerprints) -> dict[str, str]:
    """The SHA-256 of every file that a source names, by its path from the engagement.

    A path that leads to nothing is left for the reader to refuse; it counts as absent here.
    """
    return _hashes(run, input_paths(run), fingerprints)


def mix_hash(run: Run, fingerprints: Fingerprints) -> dict[str, str]:
    """The SHA-256 of the reference mix kept from an earlier audit, by its path; empty without."""
    kept = kept_mix(run)
    return _hashes(run, [kept] if kept else [], fingerprints)


def _hashes(run: Run, files: Iterable[Path], fingerprints: Fingerprints) -> dict[str, str]:
    folder = run.engagement.folder
    return {
        Path(os.path.relpath(file, folder)).as_posix(): fingerprints.of(file)
        for file in files
        if file.is_file()
    }
