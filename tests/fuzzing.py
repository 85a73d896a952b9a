"""Hostile cells and files for the readers and the contracts, and what has to hold whatever comes.

`make test` tries a few examples of each, always the same ones; `make fuzz` as many as
CXAUDIT_FUZZ_EXAMPLES says, new ones each time.
"""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from cxaudit.errors import CxauditError
from tests.readers.conftest import Delivery

SETTING = "CXAUDIT_FUZZ_EXAMPLES"
FEW = 100
FEWER = 20
# No example is larger than a few megabytes: what takes longer hangs.
LONGEST_SECONDS = 60

fuzzed = settings(
    max_examples=int(os.environ.get(SETTING) or FEW),
    deadline=None,
    derandomize=not os.environ.get(SETTING),
    database=None,
    print_blob=True,
    # files are made whole before they are spoilt, which takes a while and much entropy
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
# Where one example takes a second.
fuzzed_slowly = settings(fuzzed, max_examples=int(os.environ.get(SETTING) or FEWER))

NUMBERS = ("0", "-1", "1e400", "-1e308", "9" * 400, "1,234.5", "1.234,5", "٣", "½", "nan", "inf")
TIMES = (
    "2026-07-01",
    "2026-07-01T10:00:00Z",
    "2026-10-25 02:30:00",
    "2026-02-30",
    "2026-13-41T25:61:61Z",
    "2026-07-01T00:00:00+99:99",
    "0000-00-00",
    "9999-12-31T23:59:59.999999999Z",
    "-0001-01-01",
    "0001-01-01T00:00:00+14:00",
    "12/31/2026 11:59 PM",
    "1782900000",
    "1e18",
)
SIGNS = (
    "",
    " ",
    "\x00",
    "\x1f",
    "\ufeff",
    "\u202e",
    "\u2028",
    "\ufffe",
    "\U0010fffe",
    "\U0010ffff",
    '"',
    '""',
    "'",
    "\\",
    "a\nb",
    "a\r\nb",
    "\r",
    ",",
    ";",
    "\t",
    "e\u0301",
)
WORDS = (
    "NULL",
    "true",
    "No",
    "open",
    "On Hold",
    "email",
    "=1+1",
    "#REF!",
    "<b>",
    '["a"',
    "{}",
    "[",
)
HUGE = ("x" * 70_000, "é" * 40_000, ";" * 5_000, "9" * 20_000, '"' * 4_001, "[" * 3_000)
# What files of other encodings and formats begin with.
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b", b"PK\x03\x04", b"PAR1")

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
cells = st.one_of(st.sampled_from((*NUMBERS, *TIMES)), st.sampled_from((*SIGNS, *WORDS)), any_text)
enormous = st.one_of(cells, cells, cells, st.sampled_from(HUGE))


@st.composite
def mangled(draw: st.DrawFn, whole: bytes) -> bytes:
    """The bytes of a file cut off, with pieces lost, doubled, changed or put in."""
    content = whole
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 40)))
        match draw(st.sampled_from(("cut", "lose", "double", "change", "put", "mark"))):
            case "cut":
                content = content[:start]
            case "lose":
                content = content[:start] + content[end:]
            case "double":
                content = content[:end] + content[start:]
            case "change":
                content = content[:start] + draw(st.binary(max_size=20)) + content[end:]
            case "put":
                content = content[:start] + draw(st.binary(max_size=20)) + content[start:]
            case "mark":
                content = draw(st.sampled_from(MARKS)) + content
    return content


@contextmanager
def no_hang() -> Iterator[None]:
    """Fails where what is inside does not come to an end."""

    def late(_number: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"not finished after {LONGEST_SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(LONGEST_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def loaded(
    files: Mapping[str, bytes], *sources: dict[str, Any], is_sound: bool = False
) -> dict[str, dict[str, Any]] | None:
    """The ledger of every table, which adds up; None where the delivery is refused in our words.

    is_sound: nothing is wrong with the files, so that nothing may be said against them.
    The second load of the same files has to give the same bytes, or the same refusal.
    """
    with tempfile.TemporaryDirectory() as folder, no_hang():
        client = Delivery(Path(folder))
        for name, content in files.items():
            client.deliver(name, content)
        one, two = (_once(client, *sources) for _ in range(2))
        assert one == two, "the same files give something else the second time"
        if isinstance(one, str):
            assert one, "a refusal without a word"
            assert not (is_sound and "damaged" in one), one
            return None
        return {name: client.ledger(name) for name in client.result["tables"]}


def _once(client: Delivery, *sources: dict[str, Any]) -> str | dict[str, bytes]:
    """The files that a load wrote, or what it said against the delivery."""
    try:
        client.load(*sources)
    except CxauditError as refused:
        return str(refused).replace(str(client.folder), "")
    folder = client.file("x").parent
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
