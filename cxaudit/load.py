"""Stage 1: the client's files → canonical tables, with a ledger of every row."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from cxaudit.errors import EngagementError, Problem, UnreadableData

if TYPE_CHECKING:
    import pandas as pd

    from cxaudit.engagement import Engagement
    from cxaudit.privacy import Salt
    from cxaudit.readers.delivered import Deliveries
    from cxaudit.readers.extract import Extract
    from cxaudit.run import Run
    from cxaudit.sources import Source

STAGE = "1_load"


@dataclass(frozen=True)
class Loaded:
    """What was read: files with hashes, a ledger per table, and findings, as small frames."""

    inputs: pd.DataFrame
    ledger: pd.DataFrame
    findings: pd.DataFrame


def load(run: Run) -> Loaded:
    """Read every source of the engagement into `1_load/<table>.parquet` and `load.json`.

    Raises EngagementError where settings and files disagree, UnreadableData where a file is
    missing or is not what its declaration says; each lists every problem found.
    """
    from cxaudit.readers.database import extracted
    from cxaudit.readers.findings import Finding
    from cxaudit.readers.tables import write_table

    salt = run.engagement.privacy.salt()
    with TemporaryDirectory(dir=run.folder("scratch")) as aside:
        sources, names = extracted(run.engagement.sources, Path(aside))
        deliveries, present, findings = _checked(sources, run.engagement.folder, names)
        extracts = _read(present, deliveries)
    folder = run.folder(STAGE)
    for old in (*folder.glob("*.parquet"), folder / "load.json"):
        old.unlink(missing_ok=True)
    by_table: dict[str, list[Extract]] = {}
    for extract in extracts:
        by_table.setdefault(extract.table, []).append(extract)
    extracts.clear()
    if salt and salt.is_short:
        variable = run.engagement.privacy.salt_variable or ""
        findings.append(Finding("short-salt", "", 1, how=variable))
    tables: dict[str, Any] = {}
    for name in sorted(by_table):
        parts, noticed = _pseudonymous(by_table.pop(name), salt, run.engagement)
        findings += [*noticed, *(finding for part in parts for finding in part.findings)]
        tables[name] = write_table(name, parts, folder / f"{name}.parquet")
    return _saved(folder, tables, deliveries.inputs, findings)


def input_paths(run: Run) -> list[Path]:
    """Every file the engagement's sources name, in order; those of a database name none."""
    from cxaudit.readers import READERS
    from cxaudit.readers.delivered import Deliveries

    sources = [source for source in run.engagement.sources if source.reader in READERS]
    deliveries = Deliveries(run.engagement.folder, _named(sources))
    found = {
        path for source in sources for path in READERS[source.reader].paths(source, deliveries)
    }
    return sorted(found)


def _named(sources: Any) -> dict[str, list[Any]]:
    named: dict[str, list[Any]] = {}
    for source in sources:
        if source.reader == "mapped":
            named.setdefault(source.name, []).append(source)
    return named


def _checked(
    sources: list[Source], folder: Path, names: Mapping[Path, str]
) -> tuple[Deliveries, list[Source], list[Any]]:
    """The opened deliveries, the sources that are there, and findings about those that are not."""
    from cxaudit.readers import READERS
    from cxaudit.readers.delivered import Deliveries
    from cxaudit.readers.findings import Finding

    if not sources:
        raise EngagementError(
            Problem("engagement", "names no [[source]]", do="Add one for each table delivered.")
        )
    deliveries = Deliveries(folder, _named(sources), names)
    wrong: list[Any] = []
    unread: list[Any] = []
    present, findings = [], []
    for source in sources:
        reader = READERS[source.reader]
        if not source.required and not reader.paths(source, deliveries):
            findings.append(Finding("not-delivered", getattr(source, "table", source.name), 1))
            continue
        mistakes = reader.announce(source, deliveries)
        wrong += mistakes
        if not mistakes:
            present.append(source)
    for source in present:
        mistakes, files = READERS[source.reader].check(source, deliveries)
        wrong += mistakes
        unread += files
    if wrong:
        raise EngagementError([*dict.fromkeys([*wrong, *unread])])
    if unread:
        raise UnreadableData([*dict.fromkeys(unread)])
    return deliveries, present, findings


def _read(sources: list[Source], deliveries: Deliveries) -> list[Extract]:
    """What every source delivers; problems of all of them are raised together."""
    from cxaudit.readers import READERS

    extracts: list[Extract] = []
    problems: list[Any] = []
    for source in sources:
        try:
            extracts += READERS[source.reader].read(source, deliveries)
        except UnreadableData as error:
            problems.extend(error.problems)
    if problems:
        raise UnreadableData([*dict.fromkeys(problems)])
    return extracts


def _pseudonymous(
    parts: list[Extract], salt: Salt | None, engagement: Engagement
) -> tuple[list[Extract], list[Any]]:
    """The parts of a table with pseudonyms for ids of people, where a salt is named; findings."""
    from cxaudit.readers.pseudonyms import pseudonymised

    made, findings = [], []
    for part in parts:
        done, noticed = pseudonymised(part, salt, engagement)
        made.append(done)
        findings += noticed
    return made, findings


def _saved(
    folder: Path, tables: dict[str, Any], inputs: list[dict[str, Any]], findings: list[Any]
) -> Loaded:
    """`load.json`, and the same as frames."""
    import pandas as pd

    from cxaudit.readers.findings import merged

    noticed = merged(findings)
    result = {
        "tables": tables,
        "inputs": inputs,
        "findings": noticed,
    }
    text = json.dumps(result, indent=2, sort_keys=True, ensure_ascii=False)
    (folder / "load.json").write_text(text + "\n", encoding="utf-8")
    reasons = sorted({reason for table in tables.values() for reason in table["excluded"]})
    ledger = pd.DataFrame(
        [
            {"table": name, "received": entry["received"]}
            | {reason: entry["excluded"].get(reason, 0) for reason in reasons}
            | {"loaded": entry["loaded"]}
            for name, entry in tables.items()
        ],
        columns=["table", "received", *reasons, "loaded"],
    )
    columns = ["id", "severity", "table", "column", "rows", "message"]
    return Loaded(
        inputs=pd.DataFrame(inputs, columns=["path", "sha256", "bytes", "rows", "source"]),
        ledger=ledger,
        findings=pd.DataFrame(noticed, columns=columns),
    )
