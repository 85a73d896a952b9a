"""Bytes of any encoding → UTF-8, with what does not decode marked instead of lost."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from typing_extensions import Buffer

# A noncharacter: Unicode promises it never stands for text, so a cell that holds it was unreadable.
UNDECODABLE = "\U0010fffe"
# The name of what to do about undecodable bytes: mark them.
MARK = "cxaudit.mark"
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def _mark(error: UnicodeError) -> tuple[str, int]:
    """What stands for undecodable bytes, and where decoding goes on."""
    if isinstance(error, UnicodeDecodeError):
        return UNDECODABLE, error.end
    raise error


codecs.register_error(MARK, _mark)


class Utf8Stream(io.RawIOBase):
    """A readable stream of UTF-8; `marked` counts undecodable places, `quotes` the quote marks."""

    def __init__(self, raw: BinaryIO, encoding: str, quote: str = "", skip_lines: int = 0):
        super().__init__()
        self._raw = raw
        self._decoder = codecs.getincrementaldecoder(encoding)(MARK)
        self._left = b""
        self._started = self._ended = False
        self._quote = quote.encode()
        self._skip_lines = skip_lines
        self.marked = 0
        self.quotes = 0

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """The number of bytes put into the buffer; 0 at the end."""
        room = memoryview(buffer).cast("B")
        while not self._left and not self._ended:
            self._left = self._next(max(len(room), 1 << 16))
        count = min(len(room), len(self._left))
        room[:count] = self._left[:count]
        self._left = self._left[count:]
        return count

    def _next(self, size: int) -> bytes:
        chunk = self._raw.read(size)
        self._ended = not chunk
        text = self._decoder.decode(chunk, final=self._ended)
        if not self._started and text:
            text = text.removeprefix("\ufeff")
            self._started = True
        while self._skip_lines and text:
            line, newline, rest = text.partition("\n")
            self._skip_lines -= bool(newline)
            text = rest
        self.marked += text.count(UNDECODABLE)
        encoded = text.encode("utf-8")
        self.quotes += encoded.count(self._quote) if self._quote else 0
        return encoded


def mark_of_other_encoding(start: bytes, encoding: str) -> str | None:
    """The encoding that a file's first bytes announce, where it is not the declared one."""
    for mark, announced in BYTE_ORDER_MARKS.items():
        if start.startswith(mark) and not encoding.replace("_", "-").startswith(announced):
            return announced
    return None
