"""What do the readers make of samples of vendors' exports, and what do the layouts declare?

    python -m benchmarks.vendor_samples [--reference FOLDER]

Reads every sample that tests/reference/vendor_samples.toml names, puts the rows read beside the
rows expected, and writes docs/readers/README.md. Needs the reference data: CXAUDIT_REFERENCE_DATA,
or --reference.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.readers.layouts import layout
from cxaudit.sources import vendors
from tests.readers.conftest import Delivery

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "tests" / "reference" / "vendor_samples.toml"
DOCUMENT = ROOT / "docs" / "readers" / "README.md"
DECLARED = ("<!-- declared: start -->", "<!-- declared: end -->")
READ = ("<!-- read: start -->", "<!-- read: end -->")
# Answers in Intercom's OpenAPI description: the file each is put into.
ANSWERS = {
    "conversations": (
        ("/conversations", "get"),
        ("/conversations/{conversation_id}", "get"),
        ("/conversations/search", "post"),
    ),
    "contacts": (("/contacts", "get"), ("/contacts/{contact_id}", "get")),
    "admins": (("/admins", "get"),),
    "teams": (("/teams", "get"),),
}


def samples() -> list[dict[str, Any]]:
    """The samples with what is expected of them."""
    return tomllib.loads(SAMPLES.read_text(encoding="utf-8"))["sample"]


def loaded(sample: dict[str, Any], reference: Path, folder: Path) -> Delivery:
    """A sample read into a folder of its own."""
    place = reference / sample["path"]
    if place.name == "intercom_openapi":
        place = answers(place / "api.intercom.io.yaml", folder / "answers")
    if sample.get("mended"):
        place = mended(place, folder / "mended")
    files = {table: str(place / name) for table, name in sample.get("files", {}).items()}
    delivery = Delivery(folder)
    found = {"files": files} if files else {"path": str(place)}
    delivery.load({"reader": sample["reader"], **found, **sample.get("settings", {})})
    return delivery


def mended(place: Path, folder: Path) -> Path:
    """A folder with the JSON of another, commas before a closing bracket taken out."""
    folder.mkdir(parents=True)
    for path in place.glob("*.json"):
        text = re.sub(r",(\s*\])", r"\1", path.read_text(encoding="utf-8"))
        (folder / path.name).write_text(text, encoding="utf-8")
    return folder


def answers(description: Path, folder: Path) -> Path:
    """A folder with the example answers of an OpenAPI description, one file an object."""
    paths = yaml.load(description.read_bytes(), Loader=yaml.CSafeLoader)["paths"]
    folder.mkdir(parents=True)
    for name, places in ANSWERS.items():
        found = []
        for path, method in places:
            content = paths[path][method]["responses"]["200"]["content"]["application/json"]
            found.append(next(iter(content["examples"].values()))["value"])
        (folder / f"{name}.json").write_text(json.dumps(found, default=str), encoding="utf-8")
    return folder


def compared(sample: dict[str, Any], delivery: Delivery) -> Iterator[list[str]]:
    """The rows of the table of samples, one for each canonical table."""
    read = delivery.result["tables"]
    for table in dict.fromkeys([*sample["tables"], *read]):
        expected = sample["tables"].get(table, ["none", "none"])
        entry = read.get(table, {"received": "none", "loaded": "none", "excluded": {}})
        excluded = ", ".join(f"{n} {why}" for why, n in entry["excluded"].items())
        yield [
            f"`{sample['reader']}`, {sample['name']}",
            f"`{table}`",
            *(f"{count:,}" if isinstance(count, int) else count for count in expected),
            *(f"{count:,}" if isinstance(count, int) else count for count in counts(entry)),
            excluded,
            empty(table, delivery) if entry["loaded"] else "",
        ]


def counts(entry: dict[str, Any]) -> list[Any]:
    """Rows received and rows loaded."""
    return [entry["received"], entry["loaded"]]


def obligatory(table: str) -> list[str]:
    """The columns of a canonical table that have to be filled."""
    columns = canonical_tables()[table].columns.values()
    return [c.name for c in columns if c.required == "table" and not c.nullable]


def may_be_empty(table: str) -> list[str]:
    """The columns a canonical table cannot do without, whose cells may be empty."""
    columns = canonical_tables()[table].columns.values()
    return [c.name for c in columns if c.required == "table" and c.nullable]


def listed(names: Iterable[str]) -> str:
    """Names in a cell of a table, each once."""
    return ", ".join(f"`{name}`" for name in dict.fromkeys(names))


def empty(table: str, delivery: Delivery) -> str:
    """The obligatory columns with empty cells in the sample, and how many of them."""
    rows = delivery.rows(table)
    cells = Counter(name for row in rows for name in obligatory(table) if row[name] is None)
    return ", ".join(
        f"`{name}` {cells[name]} of {len(rows)}" for name in obligatory(table) if cells[name]
    )


def declared() -> str:
    """What every layout says of itself, and what it makes."""
    lines = []
    for vendor in vendors():
        told = layout(vendor)
        lines += [f"### {vendor}", "", f"{told.export}. {told.version}: <{told.documentation}>", ""]
        lines += [
            "| table | made of | must be filled | must be there | not in the export |",
            "|---|---|---|---|---|",
        ]
        for table in dict.fromkeys(made.table for made in told.made):
            made = [made for made in told.made if made.table == table]
            has = {name for one in made for name in one.columns} | {"team_id"}
            needed, wanted = obligatory(table), may_be_empty(table)
            lacking = [name for name in (*needed, *wanted) if name not in has]
            cells = ([one.of for one in made], needed, wanted, lacking)
            lines.append(f"| `{table}` | {' | '.join(map(listed, cells))} |")
        lines += ["", *(f"- {fault}" for fault in told.faults), ""]
    return "\n".join(lines).rstrip()


def read(reference: Path) -> str:
    """The table of samples."""
    lines = [
        "| sample | table | expected: received | loaded | read: received | loaded | left out | "
        "must be filled and is not |",
        "|---|---|--:|--:|--:|--:|---|---|",
    ]
    for sample in samples():
        with tempfile.TemporaryDirectory() as folder:
            delivery = loaded(sample, reference, Path(folder))
            lines += [f"| {' | '.join(row)} |" for row in compared(sample, delivery)]
    return "\n".join(lines)


def between(text: str, marks: tuple[str, str], new: str) -> str:
    """The text with what stands between two marks replaced."""
    before, rest = text.split(marks[0])
    return f"{before}{marks[0]}\n\n{new}\n\n{marks[1]}{rest.split(marks[1])[1]}"


def document(reference: Path) -> str:
    """The page as it should be."""
    text = DOCUMENT.read_text(encoding="utf-8")
    return between(between(text, DECLARED, declared()), READ, read(reference))


def main() -> None:
    """Writes the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", default=os.environ.get("CXAUDIT_REFERENCE_DATA"))
    reference = Path(parser.parse_args().reference or ROOT.parent / "shared")
    DOCUMENT.write_text(document(reference), encoding="utf-8")
    print(DOCUMENT.relative_to(ROOT))


if __name__ == "__main__":
    main()
