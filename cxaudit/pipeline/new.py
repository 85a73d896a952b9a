"""A new engagement: a commented file to fill in, with what the folder already tells."""

from __future__ import annotations

import gzip
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from string import Template
from typing import IO, cast

from cxaudit.engagement import FILE_NAME
from cxaudit.errors import EngagementError, Problem
from cxaudit.resources import PACKAGE

TEMPLATE = PACKAGE / "pipeline" / "new_engagement.toml"
TEXT_ENDINGS = (".csv", ".tsv", ".json", ".jsonl", ".txt")
INSTANT = re.compile(
    rb"(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?"
)
CHUNK_BYTES = 1 << 22
LONGEST_INSTANT_BYTES = 64
COLUMN = 29


def write_engagement(folder: Path, entries: str = "") -> Path:
    """The path of a commented engagement file written into a folder, which is made if need be.

    The instant it proposes as the end of the data is the latest written in the folder's files.
    entries: the `[[source]]` tables it gets in place of an example.
    Raises `EngagementError` where the folder has an engagement already.
    """
    path = folder / FILE_NAME
    if path.exists():
        raise EngagementError(
            Problem(str(path), "is there already", "", "Edit it, or name another folder.")
        )
    folder.mkdir(parents=True, exist_ok=True)
    name = folder.resolve().name
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    id = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "client"
    title = re.sub(r"[^\w.&' ]+|_", " ", name).strip().title() or "Client"
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        folder=shlex.quote(folder.as_posix()),
        id=_line(f'id = "{id}"', "letters, digits, dot, dash, underscore: the folder in reports/"),
        name=_line(f'name = "{title}"', "as printed on the report"),
        as_of=_as_of_line(folder, files),
        found=_found_lines(folder, files),
    )
    if entries:
        text = text[: text.index("\n[[source]]") + 1] + entries
    path.write_text(text, encoding="utf-8")
    return path


def latest_instant(file: Path) -> datetime | None:
    """The latest instant written in a text file, in UTC; one without an offset is read as UTC."""
    latest: datetime | None = None
    with _opened(file) as content:
        rest = b""
        while chunk := content.read(CHUNK_BYTES):
            text = rest + chunk
            for found in INSTANT.finditer(text):
                instant = _instant(found)
                if instant and (latest is None or instant > latest):
                    latest = instant
            rest = text[-LONGEST_INSTANT_BYTES:]
    return latest


def _as_of_line(folder: Path, files: list[Path]) -> str:
    known = [
        (instant, file)
        for file in files
        if _is_text(file) and (instant := latest_instant(file)) is not None
    ]
    if not known:
        what = "obligatory: the instant of the export, with its offset; set it"
        return _line("# as_of = 2026-10-01T00:00:00Z", what)
    instant, file = max(known)
    source = file.relative_to(folder).as_posix()
    what = f"the latest instant in {source}, as UTC if without offset: check it"
    return _line(f"as_of = {instant:%Y-%m-%dT%H:%M:%SZ}", what)


def _line(setting: str, what: str) -> str:
    return f"{setting:<{COLUMN}} # {what}"


def _found_lines(folder: Path, files: list[Path]) -> str:
    if not files:
        return ""
    names = [f"#   {file.relative_to(folder).as_posix()}" for file in files]
    return "\n".join(["# Found beside this file:", *names, ""])


def _is_text(file: Path) -> bool:
    return file.name.lower().removesuffix(".gz").endswith(TEXT_ENDINGS)


def _opened(file: Path) -> IO[bytes]:
    if file.name.lower().endswith(".gz"):
        return cast(IO[bytes], gzip.open(file, "rb"))
    return file.open("rb")


def _instant(found: re.Match[bytes]) -> datetime | None:
    offset = (found[2] or b"Z").replace(b"UTC", b"Z").decode()
    try:
        return datetime.fromisoformat(found[1].decode() + offset).astimezone(UTC)
    except ValueError:
        return None
