"""`reader = "<vendor>"`: the export of a vendor's product, whose layout is known."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from pydantic import Field, model_validator

from cxaudit.sources.columns import CellSettings, ColumnMapping, Encoding, FileMark, Headers, Word
from cxaudit.sources.questions import Question

LAYOUTS = Path(__file__).parents[1] / "readers" / "layouts"
# what stands beside the vendors' modules and is none
MACHINERY = ("declaration",)


@cache
def vendors() -> tuple[str, ...]:
    """The vendors whose layouts are there, each a module of `readers/layouts`."""
    names = sorted(module.name for module in iter_modules([str(LAYOUTS)]))
    return tuple(name for name in names if name not in MACHINERY and not name.startswith("_"))


class VendorSource(CellSettings):
    """Files of a vendor's export, found by their names.

    path: a folder, or files. files: for a table of the layout, the files that hold it, where their
    names do not say so. time_zone: of times without an offset; dates, missing and the other
    settings of cells hold for all tables, where the client's export is not as the vendor's.
    words: for a column, the client's own words. columns: for a canonical table, columns added or
    corrected. default_channel: of tickets whose export does not say one; team: of agents whose
    export does not say one.
    """

    reader: str
    path: Headers | tuple[()] = ()
    files: dict[str, Headers] = Field(default_factory=dict)
    name: str = ""
    required: bool = True
    encoding: Encoding | None = None
    delimiter: FileMark | None = None
    words: dict[str, dict[str, Word]] = Field(default_factory=dict)
    columns: dict[str, ColumnMapping] = Field(default_factory=dict)
    questions: dict[str, Question] = Field(default_factory=dict)
    default_channel: str | None = None
    team: str = "all"

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, raw: Any) -> Any:
        """`channels` is short for the words of channel, `ticket_columns` for tickets' columns."""
        if not isinstance(raw, dict):
            return raw
        raw = {"name": raw.get("reader"), **raw}
        for short, key, part in (
            ("channels", "words", "channel"),
            ("ticket_columns", "columns", "tickets"),
        ):
            given = raw.pop(short, None)
            if given is not None:
                longer = raw.get(key) or {}
                raw[key] = {**longer, part: {**given, **longer.get(part, {})}}
        if not raw.get("path") and not raw.get("files"):
            raise ValueError("needs 'path' (a folder or files), 'files' (by table), or both")
        return raw
