"""The table of docs/contracts.md: how far we and datacontract-cli agree, by kind of rule.

    python -m tests.contracts.agreement_table

runs both over the broken tables and over random tables of the workbook's contracts, and writes it.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa

from cxaudit.contracts.canonical import canonical_tables
from tests.contracts.broken_tables import broken_tables, contract_of_broken
from tests.contracts.datacontract import Judged, document, ours, shipped_contract, theirs
from tests.contracts.test_agreement import drawn

DOCUMENT = Path(__file__).parents[2] / "docs" / "contracts.md"
START, END = "<!-- agreement: start -->", "<!-- agreement: end -->"
KINDS = ("required", "unique", "enum", "range", "length", "pattern", "relation", "SQL", "library")
Pair = tuple[Judged, Judged]


def both(
    contract: dict[str, Any], tables: dict[str, pa.Table], folder: Path
) -> tuple[dict[str, Judged], dict[str, Judged]]:
    """Our verdicts and theirs, by rule id."""
    return ours(contract, tables), theirs(contract, tables, folder)


def of_broken(folder: Path) -> tuple[dict[str, Judged], dict[str, Judged]]:
    """Both verdicts on the broken tables."""
    return both(document(contract_of_broken()), broken_tables(), folder)


def of_shipped(folder: Path) -> tuple[dict[str, Judged], dict[str, Judged]]:
    """Both verdicts on the workbook's contracts, over tables drawn at random to break them."""
    draw = random.Random(1)
    tables = {name: drawn(table, draw) for name, table in canonical_tables().items()}
    return both(shipped_contract(), tables, folder)


def differs(pair: Pair) -> bool:
    """Whether the two differ on a rule; failed rows are compared where both count them."""
    mine, other = pair
    is_counted = other.rows is not None and other.fails
    return mine.fails != other.fails or (is_counted and mine.rows != other.rows)


def shared(own: dict[str, Judged], other: dict[str, Judged]) -> dict[str, Pair]:
    """The rules that both ran; a relation by its rows, once."""
    named = {identity: (own[identity], other[identity]) for identity in other if identity in own}
    return {
        identity: pair
        for identity, pair in named.items()
        if not identity.endswith(".relation") or identity.replace(".relation", ".exists") not in own
    }


def kind_of(identity: str) -> str:
    """What a rule is called in the table."""
    last = identity.rpartition(".")[2]
    if last in ("exists", "relation"):
        return "relation"
    if last in KINDS:
        return last
    table = identity.partition(".")[0]
    library = table.startswith("library") or last in ("has_rows", "filled")
    return "library" if library else "SQL"


def table_text(runs: Iterable[dict[str, Pair]]) -> str:
    """The table in Markdown: per kind of rule how many were held by both, and what they found."""
    pairs = [(kind_of(id), pair) for run in runs for id, pair in run.items()]
    lines = [
        "| kind | rules run by both | failures of theirs | same verdict and rows |",
        "|---|---|---|---|",
    ]
    for kind in KINDS:
        of_kind = [pair for name, pair in pairs if name == kind]
        failing = sum(other.fails for _, other in of_kind)
        same = sum(not differs(pair) for pair in of_kind)
        lines.append(f"| {kind} | {len(of_kind)} | {failing} | {same} |")
    return "\n".join(lines)


def main() -> None:
    """Nothing; runs both and writes the table into the document."""
    runs = []
    for run in (of_broken, of_shipped):
        with tempfile.TemporaryDirectory() as folder:
            runs.append(shared(*run(Path(folder))))
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    after = rest.partition(END)[2]
    DOCUMENT.write_text(f"{before}{START}\n{table_text(runs)}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
