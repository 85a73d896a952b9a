"""The bundled demo service: its records are made on the machine, once."""

from __future__ import annotations

import shutil
from pathlib import Path

from cxaudit.engagement import FILE_NAME, find_engagement, open_engagement
from cxaudit.errors import Fault, Problem
from cxaudit.resources import PACKAGE
from cxaudit.sources import DatabaseSource

DEMO = "demo"


def prepare_demo(fresh: bool = False) -> Path:
    """The engagement file of the demo, its records beside it, made if missing or asked for anew.

    In a clone that is the folder `demo`; a wheel's own is copied into the current folder first.
    """
    path = find_engagement(DEMO)
    if path.is_relative_to(PACKAGE):
        Path(DEMO).mkdir(exist_ok=True)
        path = Path(shutil.copy(path, Path(DEMO) / FILE_NAME)).resolve()
    from cxaudit.simulate import ensure_demo, simulate

    folder = _records_folder(path)
    is_there = folder.exists()
    # Refuses a folder with anything else in it: to make the records anew is to replace the folder.
    ensure_demo(folder)
    if fresh and is_there:
        simulate(folder)
    return path


def _records_folder(path: Path) -> Path:
    """The one folder that all sources of the demo read from."""
    folders = {
        (path.parent / (source.path if isinstance(source.path, str) else source.path[0])).parent
        for source in open_engagement(path).sources
        if not isinstance(source, DatabaseSource)
    }
    if len(folders) != 1 or folders == {path.parent}:
        raise Fault(Problem(str(path), "its sources do not lie in one folder of their own"))
    return folders.pop()
