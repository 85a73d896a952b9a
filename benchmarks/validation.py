"""How long, and in how much memory, are a million tickets and five million messages validated?

    python benchmarks/validation.py [--tickets 1000000] [--folder F]

Simulates a service with that many tickets and about five and a half times as many messages, gives
the messages a text, plants rows that break the contracts, and writes the tables as loading does.
The contracts are run on tickets, messages and the tables these point to, and on all tables; each
in a process of its own, quarantine and the import of Great Expectations included. Writes its part
of docs/scale.md.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.scale import make, write_part
from benchmarks.simulated_workspace import peak_gb, simulated_run

ASKED = ("tickets", "messages", "customers", "agents", "groups")
MOST_SECONDS, MOST_GB = 60, 4

# Words of a text are drawn by the message's id: about 200 characters, no two texts alike.
WORDS = (
    "parcel order refund invoice account please thank you still waiting since yesterday delivery "
    "the a and to of not yet again arrived broken replaced number address changed with my our is"
)
TEXT = f"""list_aggregate(list_transform(range(36), i -> string_split('{WORDS}', ' ')[
  1 + (hash(message_id || i::varchar) % {len(WORDS.split())})::bigint]), 'string_agg', ' ')"""
# One row in so many breaks a rule; together less than the share that stops an audit.
DIRTY = {
    "tickets": """select * replace (
        case when n % 2003 = 0 then created_at - interval 1 hour else solved_at end as solved_at,
        case when n % 3001 = 0 then 'somewhere' else status end as status,
        case when n % 5003 = 0 then 'English, mostly' else language end as language) from rows
      union all select * replace ('twice' as category) from rows where n % 4001 = 0""",
    "messages": f"""select * replace ({TEXT} as text,
        case when n % 4001 = 0 then 'T-unknown' else ticket_id end as ticket_id,
        case when n % 7001 = 0 then 'robot' else author_type end as author_type,
        case when n % 9001 = 0 then null else "at" end as "at") from rows
      union all select * from rows where n % 8009 = 0""",
}


def load(source: Path, folder: Path, names: tuple[str, ...]) -> None:
    """The tables as stage 'load' leaves them, with faults planted; all of them without names."""
    import duckdb

    from cxaudit.readers.extract import Extract
    from cxaudit.readers.tables import write_table

    stage = simulated_run(folder).folder("1_load")
    supplied = json.loads((source / "workspace/1_load/load.json").read_text(encoding="utf-8"))
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    tables = {}
    for path in sorted((source / "workspace/2_validate/checked").glob("*.parquet")):
        name = path.stem
        if names and name not in names:
            continue
        given = [*supplied["tables"][name]["supplied"], *(["text"] if name == "messages" else [])]
        query = f"select {', '.join(map(_quoted, given))} from ({_spoilt(name, path)})"
        rows = connection.execute(query).to_arrow_table()
        tables[name] = write_table(name, [Extract(name, rows, rows.num_rows)], stage / path.name)
    text = json.dumps({"tables": tables, "inputs": [], "findings": []})
    (stage / "load.json").write_text(text, encoding="utf-8")


def _quoted(column: str) -> str:
    return f'"{column}"'


def _spoilt(name: str, path: Path) -> str:
    if name not in DIRTY:
        return f"select * from '{path}'"
    return f"with rows as (select *, row_number() over () as n from '{path}') {DIRTY[name]}"


def validated(folder: Path) -> dict[str, Any]:
    """Seconds, processor seconds, peak memory of this process, rows, and Great Expectations' part.

    Processor seconds are those of all threads together.
    """
    started, clock = time.perf_counter(), time.process_time()
    from cxaudit.contracts import validate

    imported = time.perf_counter(), time.process_time()
    from cxaudit.contracts import expectations

    judging = [time.perf_counter() - imported[0], time.process_time() - imported[1]]
    expectations.verdicts = _timed(expectations.verdicts, judging)
    run = simulated_run(folder)
    found = validate.validate(run)
    ledger = found.ledger.set_index("table")
    return {
        "seconds": time.perf_counter() - started,
        "processor": time.process_time() - clock,
        "judging": judging[0],
        "judging_processor": judging[1],
        "peak_gb": peak_gb(),
        "rows": {name: int(ledger["loaded"][name]) for name in ("tickets", "messages")},
        "all_rows": int(ledger["loaded"].sum()),
        "tables": len(ledger),
        "quarantined": int(ledger["quarantined"].sum()),
        "checks": len(found.checks),
    }


def _timed(function: Callable[..., Any], spent: list[float]) -> Callable[..., Any]:
    """The function; the seconds and processor seconds of its calls are added to `spent`."""

    def timed(*given: Any) -> Any:
        started, clock = time.perf_counter(), time.process_time()
        try:
            return function(*given)
        finally:
            spent[0] += time.perf_counter() - started
            spent[1] += time.process_time() - clock

    return timed


def apart(folder: Path) -> dict[str, Any]:
    """The same in a process of its own."""
    shutil.rmtree(folder / "workspace" / "2_validate", ignore_errors=True)
    command = [sys.executable, "-W", "ignore", __file__, "--step", str(folder)]
    done = subprocess.run(command, env=os.environ, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def as_markdown(rows: dict[str, dict[str, Any]]) -> str:
    """The table, and whether the bar is held."""
    lines = [
        "| tables | tickets | messages | rows in all | rows quarantined | s | processor s "
        "| of that Great Expectations | peak GB |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, row in rows.items():
        counts = [row["rows"]["tickets"], row["rows"]["messages"]]
        counts += [row["all_rows"], row["quarantined"]]
        cells = [name, *(f"{count:,}" for count in counts)]
        cells += [f"{row[key]:.1f}" for key in ("seconds", "processor", "judging_processor")]
        lines.append("| " + " | ".join([*cells, f"{row['peak_gb']:.1f}"]) + " |")
    asked = next(iter(rows.values()))
    holds = asked["seconds"] < MOST_SECONDS and asked["peak_gb"] < MOST_GB
    held = "held" if holds else "not held"
    lines += ["", f"Asked: under {MOST_SECONDS} s and {MOST_GB} GB in the first row: {held}."]
    return "\n".join(lines)


def main() -> None:
    """Make the tables, validate them and write the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--step", type=Path)
    given = parser.parse_args()
    if given.step:
        print(json.dumps(validated(given.step)))
        return
    folder = given.folder or Path(tempfile.mkdtemp(prefix="validation-"))
    try:
        source, rows = folder / "1", {}
        if not (source / "workspace").exists():
            make(source, given.tickets)
        for name, names in (("tickets, messages, and those they point to", ASKED), ("all", ())):
            place = folder / ("validation_all" if not names else "validation")
            if not (place / "workspace/1_load/load.json").exists():
                load(source, place, names)
            rows[name] = apart(place)
    finally:
        if given.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    write_part("validation", as_markdown(rows))


if __name__ == "__main__":
    main()
