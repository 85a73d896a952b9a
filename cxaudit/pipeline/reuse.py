"""What a stage was made from, and whether that is still so: unchanged stages are not run again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version

from cxaudit.pipeline.fingerprints import Fingerprints, digest_of
from cxaudit.pipeline.inputs import input_hashes, mix_hash
from cxaudit.pipeline.parameters import Parameters
from cxaudit.pipeline.stages import Stage
from cxaudit.resources import PACKAGE, resource
from cxaudit.run import Run

RECORD = "stage.json"
# Packages whose version can change a number, a figure or the look of a notebook.
NUMERIC_PACKAGES = (
    "duckdb",
    "great-expectations",
    "ibis-framework",
    "numpy",
    "openpyxl",
    "pandas",
    "papermill",
    "plotly",
    "psycopg",
    "pyarrow",
    "pyspark",
    "scipy",
    "sqlglot",
    "tzdata",
)


@dataclass(frozen=True)
class Origin:
    """Everything a stage is made from, part by part, and the key that stands for all of it."""

    parts: dict[str, str]

    @property
    def key(self) -> str:
        """One hash over all parts: equal keys, equal results."""
        return digest_of(self.parts)

    def differs_from(self, recorded: dict[str, str]) -> str:
        """The parts that are not as recorded, in words; empty where all are."""
        names = [name for name, value in self.parts.items() if recorded.get(name) != value]
        # The stage before changes with everything it shares with this one: no news then.
        return ", ".join(names[:-1] or names)


def shared_origin(run: Run, fingerprints: Fingerprints) -> Origin:
    """What all stages of an audit have in common: code, rules, versions, settings, inputs."""
    return Origin(
        {
            "package": digest_of(fingerprints.of_folder(PACKAGE)),
            "contracts": digest_of(fingerprints.of_folder(resource("data_contracts"))),
            "client's contracts": digest_of(_own_contracts(run, fingerprints)),
            "versions": digest_of(package_versions()),
            "engagement": fingerprints.of(run.engagement.path),
            "salt": run.engagement.privacy.fingerprint(),
            "inputs": digest_of(input_hashes(run, fingerprints)),
            "reference mix": digest_of(mix_hash(run, fingerprints)),
        }
    )


def _own_contracts(run: Run, fingerprints: Fingerprints) -> dict[str, str]:
    folder = run.engagement.contracts_folder
    return fingerprints.of_folder(folder) if folder and folder.is_dir() else {}


def stage_origin(
    shared: Origin, stage: Stage, parameters: Parameters, previous: str, prints: Fingerprints
) -> Origin:
    """What one stage is made from: the shared parts, its notebook, parameters, previous stage."""
    return Origin(
        {
            **shared.parts,
            "notebook": prints.of(stage.notebook),
            "parameters": digest_of(dict(parameters)),
            "previous stage": previous,
        }
    )


def why_run(folder: Path, origin: Origin, fingerprints: Fingerprints, executed: Path) -> str:
    """The reason a stage has to run, in words; empty where what it left can be used as it is."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        recorded, outputs, notebook = record["parts"], record["outputs"], record["notebook"]
    except (OSError, ValueError, KeyError):
        return "first run"
    if changed := origin.differs_from(recorded):
        return f"{changed} changed"
    if not executed.is_file() or fingerprints.of(executed) != notebook:
        return "its notebook changed"
    if fingerprints.of_folder(folder, leave_out=[RECORD]) != outputs:
        return "its results changed"
    return ""


def remember(folder: Path, origin: Origin, fingerprints: Fingerprints, executed: Path) -> None:
    """Nothing; records what a finished stage was made from and what it left."""
    record = {
        "key": origin.key,
        "parts": origin.parts,
        "notebook": fingerprints.of(executed),
        "outputs": fingerprints.of_folder(folder, leave_out=[RECORD]),
    }
    (folder / RECORD).write_text(json.dumps(record, indent=1), encoding="utf-8")


def package_versions() -> dict[str, str]:
    """The versions of Python and of the packages that can change a result."""
    versions = {"python": python_version()}
    for name in NUMERIC_PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "not installed"
    return versions
