"""An audit from engagement to run folder: stages in order, reuse, placement, gates."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cxaudit.errors import AuditStopped, CxauditError, Fault
from cxaudit.measure.mix import keep_mix
from cxaudit.pipeline.assembly import (
    NOTEBOOKS,
    SUMMARY,
    Target,
    built_aside,
    collect,
    keep_failed,
    open_json,
    restore,
)
from cxaudit.pipeline.execution import execute
from cxaudit.pipeline.fingerprints import Fingerprints
from cxaudit.pipeline.gates import check_gates, failed_gates, gate_names
from cxaudit.pipeline.lock import locked
from cxaudit.pipeline.manifest import is_in_place, write_manifest
from cxaudit.pipeline.parameters import Parameters
from cxaudit.pipeline.progress import Progress
from cxaudit.pipeline.reuse import remember, shared_origin, stage_origin, why_run
from cxaudit.pipeline.stages import CHECKING, Stage, audit_stages
from cxaudit.pipeline.summary import add_to_job
from cxaudit.run import Run, open_run

ERROR_FILE = "error.json"


@dataclass(frozen=True)
class Outcome:
    """A finished audit and the reasons of the gates that do not hold, by gate."""

    audit: dict[str, Any]
    failed_gates: dict[str, str]


@dataclass
class Audit:
    """One audit under way: what to run, on what, to which target, said how."""

    run: Run
    target: Target
    parameters: Parameters
    stages: tuple[Stage, ...]
    progress: Progress
    fresh: bool = False
    fingerprints: Fingerprints = field(init=False)

    def __post_init__(self) -> None:
        """Open the memory of file hashes in the workspace."""
        self.fingerprints = Fingerprints(self.run.workspace / "fingerprints.json")

    def make(self) -> Outcome:
        """The finished audit, its run folder in place; the stages that can be are reused.

        Raises what a stage raised, the previous run folder untouched and the notebooks kept aside.
        A gate that does not hold is in the outcome: the run folder is in place all the same.
        """
        check_gates(self.run.engagement.gates, principle_names())
        started_at = datetime.now(UTC)
        with ExitStack() as held:
            self._lock(held)
            restore(self.target)
            key = self._run_stages(self.stages)
            audit, failed = self._place(key, started_at)
            keep_mix(self.run)
            shutil.rmtree(self.target.failed, ignore_errors=True)
        add_to_job((self.target.folder / SUMMARY).read_text(encoding="utf-8"))
        return Outcome(audit, failed)

    def validation(self) -> dict[str, Any] | None:
        """The result of the contracts as it is in the workspace; None before they were checked."""
        path = self.run.workspace / "2_validate" / "validation.json"
        return open_json(path) if path.exists() else None

    def check(self) -> dict[str, Any]:
        """The result of the contracts; run with the stages up to the validating one alone."""
        with ExitStack() as held:
            self._lock(held)
            self._run_stages(self.stages[:CHECKING])
        return open_json(self.run.workspace / "2_validate" / "validation.json")

    def _lock(self, held: ExitStack) -> None:
        held.enter_context(locked(self.run.workspace))
        held.enter_context(locked(self.target.folder.parent, f".{self.target.period}.lock"))
        held.callback(self.fingerprints.save)

    def _run_stages(self, stages: Sequence[Stage]) -> str:
        """The key of the last stage, once each has been run or found unchanged."""
        shared = shared_origin(self.run, self.fingerprints)
        key = ""
        for number, stage in enumerate(stages):
            origin = stage_origin(shared, stage, self.parameters, key, self.fingerprints)
            folder = self.run.workspace / stage.name
            executed = self._executed(stage)
            why = why_run(folder, origin, self.fingerprints, executed)
            if why or self.fresh:
                # Later stages go too: what the workspace holds always belongs together.
                self._clear(self.stages[number:])
                with self.progress.running(stage.name, "fresh" if self.fresh else why):
                    self._execute(stage)
                remember(folder, origin, self.fingerprints, executed)
            else:
                self.progress.reused(stage.name)
            key = origin.key
        return key

    def _execute(self, stage: Stage) -> None:
        folder = self.run.folder(stage.name)
        try:
            execute(stage.notebook, self.parameters, self._executed(stage), folder / ERROR_FILE)
        except CxauditError as error:
            kept = keep_failed(self.run, self.target, error)
            add_to_job((kept / SUMMARY).read_text(encoding="utf-8"))
            if not isinstance(error, (Fault, AuditStopped)):
                raise
            where = f"The notebooks, as far as they came, are in {kept}"
            raise type(error)([*error.problems, where]) from error

    def _place(self, key: str, started_at: datetime) -> tuple[dict[str, Any], dict[str, str]]:
        """The audit and its failed gates, the run folder being in place."""
        workspace, gates = self.run.workspace, self.run.engagement.gates
        audit = open_json(workspace / "4_explain" / "audit.json")
        validation = open_json(workspace / "2_validate" / "validation.json")
        failed = failed_gates(gates, audit, validation)
        if not is_in_place(self.target.folder, key, self.fingerprints):
            with built_aside(self.target) as folder:
                collect(self.run, folder, gate_names(gates), failed)
                write_manifest(
                    folder,
                    self.run,
                    self.stages,
                    self.parameters,
                    key,
                    started_at,
                    self.fingerprints,
                )
        return audit, failed

    def _clear(self, stages: tuple[Stage, ...]) -> None:
        for stage in stages:
            shutil.rmtree(self.run.workspace / stage.name, ignore_errors=True)
            self._executed(stage).unlink(missing_ok=True)

    def _executed(self, stage: Stage) -> Path:
        return self.run.workspace / NOTEBOOKS / stage.notebook.name


def prepare_audit(
    engagement: str, period: str, reports: Path, fresh: bool = False, as_of: str = ""
) -> Audit:
    """The audit of an engagement's period, ready to be made; nothing has run yet.

    Raises `EngagementError` where the engagement, the period or as-of is wrong.
    """
    run = open_run(engagement, period, as_of=as_of)
    if folder := run.engagement.contracts_folder:
        # What is wrong in a client's contracts is said before anything is read.
        from cxaudit.contracts.tightening import effective_rules

        effective_rules(folder, run.engagement.as_of)
    parameters = {"engagement": os.path.normpath(engagement), "period": run.period.label}
    return Audit(
        run=run,
        target=Target(reports, run.engagement.client.id, run.period.label),
        parameters=parameters | ({"as_of": as_of} if as_of else {}),
        stages=audit_stages(),
        progress=Progress(),
        fresh=fresh,
    )


def principle_names() -> list[str]:
    """The ids of the ten principles, in the scorecard's order."""
    from cxaudit.scorecards import open_scorecard

    return [principle["id"] for principle in open_scorecard()["principles"]]
