"""A demo service whose answers are known: made on the machine, the same for the same seed."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxaudit.errors import Fault
from cxaudit.simulate.service import AS_OF, PERIOD, TIME_ZONE, Service

if TYPE_CHECKING:
    import pyarrow as pa

VERSION = 3
SEED = 2026
TRUTH_FILE = "truth.json"


@dataclass(frozen=True)
class Truth:
    """What is known of the simulated service: true values, planted stories, planted faults."""

    seed: int
    values: tuple[dict[str, Any], ...]
    without_truth: tuple[dict[str, str], ...]
    stories: tuple[dict[str, Any], ...]
    faults: tuple[dict[str, Any], ...]
    outside_scope: dict[str, int]

    def value(self, id: str, **slice: str) -> float:
        """The true value of an indicator, for the whole or a slice; KeyError where none."""
        for entry in self.values:
            if entry["id"] == id and entry["slice"] == slice:
                return float(entry["truth"])
        raise KeyError((id, slice))

    def document(self) -> dict[str, Any]:
        """The content of truth.json."""
        return {
            "simulator": {"version": VERSION, "seed": self.seed},
            "period": PERIOD,
            "as_of": AS_OF,
            "time_zone": TIME_ZONE,
            "meaning": "superpopulation values: agents and customers are drawn anew for each seed",
            "indicators": list(self.values),
            "without_truth": list(self.without_truth),
            "stories": list(self.stories),
            "planted_faults": list(self.faults),
            "outside_scope": self.outside_scope,
        }


def simulate(folder: Path, *, seed: int = SEED, tickets_per_quarter: int = 8000) -> Truth:
    """Write the demo service's files and truth.json into a folder; returns the truth.

    Five quarters, 2025Q3 to 2026Q3 in Europe/Berlin, with two months before; as of
    2026-10-03T06:00Z. The same seed gives the same bytes. The folder is replaced as a whole.
    """
    from cxaudit.simulate.draw import draw
    from cxaudit.simulate.faults import with_faults
    from cxaudit.simulate.files import delivered, write
    from cxaudit.simulate.layouts import layout_of
    from cxaudit.simulate.tables import tables_of

    service = Service(tickets_per_quarter=tickets_per_quarter)
    drawn = draw(service, seed)
    tables = tables_of(drawn)
    spoilt, faults = with_faults(
        {name: delivered(table, layout_of(name)) for name, table in tables.items()}
    )
    truth = _truth(service, seed, drawn, [asdict(fault) for fault in faults])
    folder = Path(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        for name, table in spoilt.items():
            write(table, layout_of(name), aside)
        text = json.dumps(truth.document(), indent=1, sort_keys=True)
        (aside / TRUTH_FILE).write_text(text + "\n", encoding="utf-8")
        aside.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        aside.rename(folder)
    except BaseException:  # an interruption, too, leaves nothing half made
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return truth


def simulate_tables(
    seed: int,
    tables: Iterable[str] | None = None,
    *,
    service: Service | None = None,
    with_words: bool = False,
) -> dict[str, pa.Table]:
    """Canonical tables in memory, without planted faults: for studies of many seeds.

    tables: names of canonical tables (default: every input table). Messages have no text unless
    `with_words`. A shorter history is quicker: `Service(starts_with=2)` begins with 2025Q4.
    """
    from cxaudit.simulate.draw import draw
    from cxaudit.simulate.tables import tables_of

    return tables_of(draw(service or Service(), seed), tables, with_words=with_words)


def true_values(service: Service | None = None) -> tuple[dict[str, Any], ...]:
    """The true value of every indicator of 2026Q3: id, slice, truth, unit, and how derived."""
    from cxaudit.simulate import truths

    values = truths.true_values(service or Service())
    return tuple({**asdict(value), "slice": dict(value.slice)} for value in values)


def ensure_demo(folder: Path, *, seed: int = SEED) -> Path:
    """The folder with the demo's files, made anew where they are missing or of another version.

    Raises `Fault` where the folder holds something else than a simulation.
    """
    folder = Path(folder)
    marker = folder / TRUTH_FILE
    if marker.is_file():
        made = json.loads(marker.read_text(encoding="utf-8")).get("simulator")
        if made == {"version": VERSION, "seed": seed}:
            return folder
    elif folder.is_dir() and any(folder.iterdir()):
        raise Fault(
            f"{folder}: holds files that are not the demo's; nothing was written. "
            "Move them away, or name another folder."
        )
    simulate(folder, seed=seed)
    return folder


def _truth(service: Service, seed: int, drawn: Any, faults: list[dict[str, Any]]) -> Truth:
    import numpy as np

    from cxaudit.simulate.draw import OUTSIDE
    from cxaudit.simulate.stories import WITHOUT_TRUTH, stories

    counts = np.bincount(drawn.scope, minlength=len(OUTSIDE))
    outside = {name: int(counts[number]) for number, name in enumerate(OUTSIDE) if number}
    return Truth(
        seed=seed,
        values=true_values(service),
        without_truth=WITHOUT_TRUTH,
        stories=stories(service),
        faults=tuple(faults),
        outside_scope=outside,
    )
