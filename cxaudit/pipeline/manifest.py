"""The manifest of a run folder: what went in, with what it was made, what came out.

The only file of a run folder with a clock in it; everything else is the same at every run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cxaudit.pipeline.fingerprints import Fingerprints
from cxaudit.pipeline.parameters import Parameters
from cxaudit.pipeline.reuse import package_versions
from cxaudit.pipeline.stages import Stage
from cxaudit.pipeline.surroundings import (
    lock_file_hash,
    program_version,
    repository_state,
    time_zone_databases,
)
from cxaudit.run import Run

FILE_NAME = "manifest.json"


def write_manifest(
    folder: Path,
    run: Run,
    stages: Iterable[Stage],
    parameters: Parameters,
    key: str,
    started_at: datetime,
    fingerprints: Fingerprints,
) -> None:
    """Nothing; writes the manifest of a run folder that is otherwise complete."""
    loaded = json.loads((run.workspace / "1_load" / "load.json").read_text(encoding="utf-8"))
    finished_at = datetime.now(UTC)
    content = {
        "key": key,
        "client": run.engagement.client.id,
        "period": run.period.label,
        "as_of": run.engagement.as_of.isoformat(),
        "engagement": {
            "file": run.engagement.path.name,
            "sha256": fingerprints.of(run.engagement.path),
        },
        "inputs": loaded["inputs"],
        "parameters": dict(parameters),
        "seeds": _seeds(run, loaded["inputs"]),
        "cxaudit": program_version(),
        "versions": package_versions(),
        "time_zone_databases": time_zone_databases(),
        "repository": repository_state(),
        "lock_file_sha256": lock_file_hash(),
        "notebooks": {
            stage.name: {
                "source_sha256": fingerprints.of(stage.notebook),
                "executed_sha256": fingerprints.of(folder / "notebooks" / stage.notebook.name),
            }
            for stage in stages
        },
        "outputs": fingerprints.of_folder(folder, leave_out=[FILE_NAME]),
        "started_at": started_at.isoformat(timespec="seconds"),
        "finished_at": finished_at.isoformat(timespec="seconds"),
    }
    (folder / FILE_NAME).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _seeds(run: Run, inputs: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """The seeds behind simulated inputs, by folder; no stage itself uses a random number."""
    folders = {(run.engagement.folder / entry["path"]).parent for entry in inputs}
    seeds = {}
    for folder in sorted(folders):
        truth = folder / "truth.json"
        if truth.is_file():
            simulator = json.loads(truth.read_text(encoding="utf-8")).get("simulator", {})
            seeds[folder.name] = simulator.get("seed")
    return seeds


def is_in_place(folder: Path, key: str, fingerprints: Fingerprints) -> bool:
    """Whether a run folder is what this key leads to, with every file as it was written."""
    try:
        recorded: Mapping[str, Any] = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    outputs = fingerprints.of_folder(folder, leave_out=[FILE_NAME])
    return recorded.get("key") == key and recorded.get("outputs") == outputs
