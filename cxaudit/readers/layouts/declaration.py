"""How a vendor's export is declared: the tables it delivers, and what is made of each.

A vendor's module holds one `LAYOUT`. `readers.vendor` reads what it declares with the means of an
engagement's own mapping, so most of a layout is the settings a mapped source takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cxaudit.readers.findings import Finding

if TYPE_CHECKING:
    import pyarrow as pa

    from cxaudit.sources import VendorSource

    # (the source's settings, what was delivered) -> the rows of the table, derived columns added
    Derive = Callable[["VendorSource", "Tables"], "Shaped"]


@dataclass(frozen=True)
class Delivered:
    """A table of the export, as it is delivered.

    headers: the columns that are used; one that is missing becomes a column of nulls. The first
        has to be there. Case, blanks, dots and underscores make no difference: `IsActive` is
        `is_active`, and `author.id` of nested JSON is `author_id`.
    files: stems of the names of files that hold it, lower case with underscores, besides its own
        name; `_data`, dates, parts (`_1`, `_2026-07`, `_page2`) and endings (.csv .json .jsonl
        .parquet .gz ...) taken off.
    records: where its rows are in a JSON document. `tickets[]`: the list `tickets`; a document that
        is a list itself, or one record, holds them too. `tickets[].comments[]`: a row for each
        comment, with the cells of its ticket as `tickets.id`, `tickets.status`; lists of the
        parents are not carried along. `tickets|results[]`: either key. With it only JSON files
        are taken for this table.
    time_zone: the zone of its times that carry no offset, where the vendor says it; None where
        every time carries one, or where the engagement has to say it.
    aliases: headers of other versions of the export -> the header here.
    written: further settings of its files: skip_after_header, encoding, ...
    """

    headers: tuple[str, ...]
    files: tuple[str, ...] = ()
    records: str = ""
    time_zone: str | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """A canonical table made of one delivered table; several may make the same canonical table.

    columns: canonical column -> header, or the settings of a column in an engagement's mapped
        source: from, values, otherwise, when_empty, constant, date, dates, where, ... A column
        whose headers were not delivered is not supplied, unless `when_empty` fills it. `needs`:
        for a derived column, headers or delivered tables, without any of which it is not supplied.
    cells: settings of cells for all columns: dates, missing, true_words, ...
    filter, latest, unpivot: as in a mapped source; a rule of `latest` whose column was not
        delivered does not apply.
    lookup: as in a mapped source, with `table` (a delivered one) in place of `source` or `path`.
    derive: only where settings cannot say it; it runs before lookup, filter, latest and unpivot.
    """

    table: str
    of: str
    columns: Mapping[str, Any]
    cells: Mapping[str, Any] = field(default_factory=dict)
    filter: tuple[Mapping[str, Any], ...] = ()
    latest: tuple[Mapping[str, Any], ...] = ()
    unpivot: Mapping[str, Any] | None = None
    lookup: tuple[Mapping[str, Any], ...] = ()
    derive: Derive | None = None


def satisfaction(mode: str, lowest: int, highest: int, **columns: Any) -> dict[str, Any]:
    """The columns of a table of surveys made of a help desk's own rating, more being better."""
    said = {"question_key": "csat", "mode": mode, "higher_is_better": True}
    said |= {"scale_min": lowest, "scale_max": highest}
    return {**{name: {"constant": value} for name, value in said.items()}, **columns}


@dataclass(frozen=True)
class Layout:
    """A vendor's export.

    name: the `reader`. export: which export it is, in words. version: the product's or its API's.
    documentation: the vendor's public page about it. faults: known faults of the export, and what
    is done about each. asks: True where the engagement has to name the questions of a survey.
    """

    name: str
    export: str
    version: str
    documentation: str
    faults: tuple[str, ...]
    tables: Mapping[str, Delivered]
    made: tuple[Made, ...]
    asks: bool = False


@dataclass(frozen=True)
class Tables:
    """What was delivered: text columns, every expected one there.

    rows: every table of the layout, without rows where it was not delivered.
    present: the expected headers that were delivered, by the tables that were.
    """

    rows: Mapping[str, pa.Table]
    present: Mapping[str, frozenset[str]]


@dataclass
class Shaped:
    """Rows with derived columns, and the number of delivered ones that are none of the table.

    older: of those, the copies of a record that was delivered again.
    """

    rows: pa.Table
    left_out: int = 0
    older: int = 0
    findings: list[Finding] = field(default_factory=list)
