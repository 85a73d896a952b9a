"""The files an audit rests on, found without reading any of them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from cxaudit.facts.kept_audits import kept_audits
from cxaudit.load import input_paths
from cxaudit.measure.mix import kept_mix
from cxaudit.pipeline.fingerprints import Fingerprints
from cxaudit.readers.database import database_hashes
from cxaudit.run import Run


def input_hashes(run: Run, fingerprints: Fingerprints) -> dict[str, str]:
    """The SHA-256 of every file that a source names, by its path from the engagement.

    What a database delivers has a hash of its rows, by the source's name.
    A path that leads to nothing is left for the reader to refuse; it counts as absent here.
    """
    files = _hashes(run, input_paths(run), fingerprints)
    return {**files, **database_hashes(run.engagement.sources)}


def mix_hash(run: Run, fingerprints: Fingerprints) -> dict[str, str]:
    """The SHA-256 of what is kept from earlier audits, by its path: the reference mix, results."""
    kept = kept_mix(run)
    return _hashes(run, [*([kept] if kept else []), *kept_audits(run)], fingerprints)


def _hashes(run: Run, files: Iterable[Path], fingerprints: Fingerprints) -> dict[str, str]:
    folder = run.engagement.folder
    return {
        Path(os.path.relpath(file, folder)).as_posix(): fingerprints.of(file)
        for file in files
        if file.is_file()
    }
