"""Paths of a source → the files behind them, archives opened, each with its format."""

from __future__ import annotations

import glob
import gzip
import hashlib
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from cxaudit.readers.rows import unreadable
from cxaudit.sources import FileSettings

FORMATS = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".parquet": "parquet",
    ".pq": "parquet",
}
# What unpacking a file that is not whole ends in.
DAMAGE = (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, lzma.LZMAError)
GZIP, ZIP, PARQUET = b"\x1f\x8b", b"PK\x03\x04", b"PAR1"


@dataclass(frozen=True)
class DataFile:
    """One file to read: on disk, or a member of a zip archive."""

    path: Path
    name: str
    format: str
    opener: Callable[[], BinaryIO]


def found_paths(folder: Path, settings: FileSettings) -> tuple[list[Path], list[str], int]:
    """The paths a source names, in order; what it names that is not there; files passed over."""
    paths: set[Path] = set()
    missing: list[str] = []
    ignored = 0
    for entry in settings.path:
        whole = folder / Path(entry).expanduser()
        if whole.is_dir():
            inside = sorted(p for p in whole.iterdir() if p.is_file() and p.name[0] != ".")
            known = [p for p in inside if settings.format or format_of(p.name)]
            ignored += len(inside) - len(known)
            found = known
        elif whole.is_file():
            found = [whole]
        else:
            pattern = Path(glob.escape(str(folder))) / Path(entry).expanduser()
            found = sorted(Path(p) for p in glob.glob(str(pattern), recursive=True))
            found = [p for p in found if p.is_file()]
        paths.update(found)
        missing += [] if found else [entry]
    return sorted(paths), missing, ignored


def format_of(name: str) -> str | None:
    """The format a file's name tells, 'zip' for an archive; None if it tells none."""
    suffixes = [suffix.lower() for suffix in Path(name).suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    if suffixes and suffixes[-1] == ".zip":
        return "zip"
    return FORMATS.get(suffixes[-1]) if suffixes else None


def data_files(path: Path, name: str, settings: FileSettings) -> list[DataFile]:
    """The file itself, unpacked if it is compressed, or the members of a zip archive."""
    with path.open("rb") as raw:
        start = raw.read(4)
    by_name = format_of(name)
    is_excel = (settings.format or by_name) == "excel"
    if start == ZIP and not is_excel:
        return _members(path, name, settings)
    if by_name == "zip":
        raise unreadable(name, "is not a zip archive", "Ask for the export again.")
    if start[:2] == GZIP:
        return [_data_file(path, name, settings, lambda: cast(BinaryIO, gzip.open(path, "rb")))]
    if name.lower().endswith(".gz"):
        raise unreadable(name, "is not compressed with gzip", "Ask for the export again.")
    return [_data_file(path, name, settings, lambda: path.open("rb"))]


def _members(path: Path, name: str, settings: FileSettings) -> list[DataFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted(info.filename for info in archive.infolist() if not info.is_dir())
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        # the standard library has no other word for archives of newer versions
        raise unreadable(name, "is a damaged zip archive", "Ask for the export again.") from None
    if "xl/workbook.xml" in members:
        raise unreadable(name, "is an Excel workbook", 'Set format = "excel".')
    members = [m for m in members if not m.startswith("__MACOSX/") and Path(m).name[0] != "."]
    if not members:
        raise unreadable(name, "is an archive without a file", "Ask for the export again.")
    return [_data_file(path, f"{name}/{m}", settings, _member_opener(path, m)) for m in members]


def _member_opener(path: Path, member: str) -> Callable[[], BinaryIO]:
    def opener() -> BinaryIO:
        try:
            with zipfile.ZipFile(path) as archive:
                # the member keeps the archive's file open for as long as it is itself
                stream = cast(BinaryIO, archive.open(member))
        except (KeyError, NotImplementedError, OSError, RuntimeError, ValueError) as error:
            # damaged, locked with a password, or packed in a way of its own
            raise zipfile.BadZipFile(str(error)) from None
        is_gzip = stream.read(2) == GZIP
        stream.seek(0)
        return cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if is_gzip else stream

    return opener


def _data_file(
    path: Path, name: str, settings: FileSettings, opener: Callable[[], BinaryIO]
) -> DataFile:
    format_ = settings.format or format_of(name)
    if format_ is None:
        formats = ", ".join(sorted(set(FORMATS.values())))
        raise unreadable(
            name, "has a format its name does not tell", f"Set format to one of {formats}."
        )
    with damage_reported(name), opener() as raw:
        start = raw.read(4)
    if (start == PARQUET) != (format_ == "parquet") and start:
        what = "is a Parquet file" if start == PARQUET else "is not a Parquet file"
        raise unreadable(name, what, "Set the right format.")
    return DataFile(path, name, format_, opener)


@contextmanager
def damage_reported(name: str) -> Iterator[None]:
    """A file that ends too soon, or does not unpack or decode, is unreadable data."""
    try:
        yield
    except DAMAGE:
        raise unreadable(
            name, "is damaged: it does not unpack to its end", "Ask for the export again."
        ) from None
    except UnicodeError:
        what = "is not written in the encoding declared, or lacks the mark it begins with"
        raise unreadable(name, what, 'Set encoding, e.g. "utf-8" or "utf-16-le".') from None
    except PermissionError:
        raise unreadable(name, "may not be read", "Give the user the right to read it.") from None


def fingerprint(path: Path) -> tuple[str, int]:
    """The SHA-256 of a file, in hexadecimal, and its size in bytes."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as raw:
        while chunk := raw.read(1 << 20):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def content(file: DataFile) -> bytes:
    """The whole unpacked file."""
    with file.opener() as raw:
        return raw.read()
