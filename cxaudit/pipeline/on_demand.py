"""A notebook run by itself on what the last run left, with parameters typed by a person."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from cxaudit.errors import EngagementError, Problem
from cxaudit.pipeline.execution import execute
from cxaudit.pipeline.parameters import read_parameters
from cxaudit.pipeline.stages import STAGE_NAMES, find_notebook
from cxaudit.run import open_run

RESERVED = ("engagement", "period")


def run_notebook(
    name: str, engagement: str, period: str, given: Mapping[str, str], output: Path
) -> Path:
    """The path of the executed notebook, in the folder `output`; after a failure it is there too.

    Raises `EngagementError` for an unknown notebook or parameter, and for a stage of `run`.
    """
    notebook = find_notebook(name)
    if name in STAGE_NAMES:
        raise EngagementError(Problem("notebook", f"'{name}' is a stage", "", "Use cxaudit run."))
    run = open_run(engagement, period)
    reserved = [key for key in RESERVED if key in given]
    if reserved:
        raise EngagementError(
            Problem("notebook", f"{' and '.join(reserved)} given twice", "", "Use the arguments.")
        )
    parameters = {"engagement": engagement, "period": run.period.label}
    parameters |= read_parameters(notebook, given)
    words = [name, run.engagement.client.id, run.period.label, *given.values()]
    executed = output / f"{re.sub(r'[^A-Za-z0-9.]+', '-', ' '.join(words))}.ipynb"
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        execute(notebook, parameters, executed, Path(place) / "error.json")
    return executed
