"""The `[[source]]` tables of an engagement: where a client's rows are and how to read them."""

from __future__ import annotations

import codecs
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from cxaudit.errors import Problem, nearest

DATE_FORMATS = ("iso", "auto", "epoch_seconds", "epoch_milliseconds")


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"'{name}' is no IANA time zone. {nearest(name, available_timezones())}")
    ZoneInfo(name)
    return name


def _encoding(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        known = ("utf-8", "utf-16", "cp1252", "latin-1", "cp1250", "shift_jis", "gb18030")
        raise ValueError(f"'{name}' is no text encoding. {nearest(name, known)}") from None


def _date_format(name: str) -> str:
    if "%" not in name and name not in DATE_FORMATS:
        hint = nearest(name, DATE_FORMATS)
        raise ValueError(f"'{name}' is no date format. {hint} Or write it with % codes")
    return name


def _text(value: Any) -> Any:
    """A setting's value as the text a cell would hold; TOML's true is the word 'true'."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else value


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, (str, int, float, bool)) else value


Zone = Annotated[str, AfterValidator(_zone)]
Encoding = Annotated[str, AfterValidator(_encoding)]
DateFormat = Annotated[str, AfterValidator(_date_format)]
Mark = Annotated[str, Field(min_length=1, max_length=1)]
Word = Annotated[str, BeforeValidator(_text)]
Words = Annotated[tuple[Word, ...], BeforeValidator(_listed)]
Headers = Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)]


class Settings(BaseModel):
    """A table of settings in which an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FileSettings(Settings):
    """How the delivered files are written, before any meaning is given to a column."""

    path: Headers
    format: Literal["csv", "tsv", "json", "jsonl", "excel", "parquet"] | None = None
    encoding: Encoding = "utf-8"
    delimiter: Mark | None = None
    quote: Mark = '"'
    escape: Mark | None = None
    skip_lines: int = Field(default=0, ge=0)
    skip_after_header: int = Field(default=0, ge=0)
    sheet: str | None = None
    records: str | None = None


class CellSettings(Settings):
    """How a cell's text is to be understood; None leaves it to the source."""

    missing: Words | None = None
    dates: DateFormat | None = None
    time_zone: Zone | None = None
    decimal: Mark | None = None
    thousands: Mark | None = None
    true_words: Words | None = None
    false_words: Words | None = None
    separator: Mark | None = None


class ColumnSettings(CellSettings):
    """Where one canonical column comes from: one header, several joined, or a constant."""

    headers: Headers | None = Field(None, alias="from")
    join: str = "-"
    constant: Word | None = None
    date: str | None = None
    time: str | None = None
    equals: str | None = None
    then: Word | None = None
    values: dict[str, Word] | None = None
    otherwise: Word | None = None
    when_empty: Word | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> ColumnSettings:
        origins = [self.headers is not None, self.constant is not None, self.date is not None]
        if sum(origins) != 1:
            raise ValueError("needs exactly one of 'from', 'constant' or 'date' (with 'time')")
        if (self.date is None) != (self.time is None):
            raise ValueError("'date' and 'time' belong together")
        if (self.equals is None) != (self.then is None):
            raise ValueError("'equals' and 'then' belong together")
        if self.equals is not None and (self.headers is None or len(self.headers) > 1):
            raise ValueError("'equals' compares with the one header named in 'from'")
        return self

    def used_headers(self) -> tuple[str, ...]:
        """The headers of the file that this column is made from."""
        others = (self.date, self.time, self.equals)
        return (*(self.headers or ()), *(name for name in others if name is not None))


class Filter(Settings):
    """A condition a row must meet to be loaded."""

    column: str
    is_in: Words | None = Field(None, alias="in")
    not_in: Words | None = None
    empty: bool | None = None
    at_least: float | None = None
    below: float | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Filter:
        conditions = (self.is_in, self.not_in, self.empty, self.at_least, self.below)
        if all(condition is None for condition in conditions):
            raise ValueError("needs one of 'in', 'not_in', 'empty', 'at_least', 'below'")
        return self


class Latest(Settings):
    """Of the rows with one key, only those latest by a column are loaded."""

    per: Headers
    by: str
    kind: Literal["instant", "number", "text"] = Field("instant", alias="as")


class Unpivot(Settings):
    """Several columns become rows: {key = header} turned into a key and a value column."""

    columns: dict[str, str] = Field(min_length=1)
    key: str = "key"
    value: str = "value"
    keep_empty: bool = True


class Lookup(Settings):
    """Columns fetched from another file, or another source's file, by equal cells."""

    source: str | None = None
    path: str | None = None
    match: dict[str, str] = Field(min_length=1)
    take: dict[str, str] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_place(self) -> Lookup:
        if (self.source is None) == (self.path is None):
            raise ValueError("needs exactly one of 'source' (the name of another source) or 'path'")
        return self


def _column_settings(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: {"from": s} if isinstance(s, (str, list)) else s for name, s in value.items()}


class MappedSource(FileSettings, CellSettings):
    """Files of any layout, each canonical column mapped from their headers."""

    reader: Literal["mapped"] = "mapped"
    table: str
    name: str
    required: bool = True
    columns: Annotated[dict[str, ColumnSettings], BeforeValidator(_column_settings)] = Field(
        min_length=1
    )
    filter: tuple[Filter, ...] = ()
    latest: Latest | None = None
    unpivot: Unpivot | None = None
    lookup: tuple[Lookup, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _named_by_table(cls, raw: Any) -> Any:
        return {"name": raw.get("table"), **raw} if isinstance(raw, dict) else raw


class ZendeskSource(Settings):
    """A folder that holds Zendesk's tables in Fivetran's layout."""

    reader: Literal["zendesk"]
    path: str
    name: str = "zendesk"
    required: bool = True
    time_zone: Zone = "UTC"
    channels: dict[str, str] = Field(default_factory=dict)
    default_channel: str = "web_form"
    ticket_columns: dict[str, str] = Field(default_factory=dict)
    team: str = "all"


Source = MappedSource | ZendeskSource
SOURCES: dict[str, type[MappedSource] | type[ZendeskSource]] = {
    "mapped": MappedSource,
    "zendesk": ZendeskSource,
}


def parse_sources(raw: list[dict[str, Any]], where: str) -> tuple[list[Source], list[Problem]]:
    """The sources an engagement declares, and every problem found in their settings."""
    sources: list[Source] = []
    problems: list[Problem] = []
    for number, entry in enumerate(raw, start=1):
        place = f"{where}, [[source]] {number}"
        if not isinstance(entry, dict):
            problems.append(Problem(place, "is not a table of settings"))
            continue
        label = entry.get("name") or entry.get("table") or entry.get("reader")
        place += f" ({label})" if isinstance(label, str) else ""
        reader = entry.get("reader", "mapped")
        if reader not in SOURCES:
            what = f"no reader is named '{reader}'"
            problems.append(Problem(place, what, do=nearest(str(reader), SOURCES)))
            continue
        try:
            sources.append(SOURCES[reader].model_validate(entry))
        except ValidationError as error:
            problems.extend(_problem(place, SOURCES[reader], details) for details in error.errors())
    problems.extend(_wrong_names(sources, raw, where))
    return sources, problems


def _problem(place: str, model: type[BaseModel], details: Any) -> Problem:
    *path, last = details["loc"] or ("",)
    where = ", ".join([place, *(_part(part) for part in path)])
    if details["type"] == "extra_forbidden":
        valid = _keys(model, path)
        return Problem(where, f"unknown key '{last}'", do=nearest(str(last), valid))
    if details["type"] == "missing":
        return Problem(where, f"key '{last}' is missing", do="Add it.")
    message = details["msg"].removeprefix("Value error, ")
    at = f"{where}, {_part(last)}" if last != "" else where
    return Problem(at, message[:1].lower() + message[1:])


def _part(part: str | int) -> str:
    """A step of a path as people count: the first entry of a list is number 1."""
    return f"number {part + 1}" if isinstance(part, int) else part


def _keys(model: type[BaseModel], path: list[str | int]) -> list[str]:
    """The keys valid at a place inside a source's settings."""
    inner: dict[str, type[BaseModel]] = {
        "columns": ColumnSettings,
        "filter": Filter,
        "latest": Latest,
        "unpivot": Unpivot,
        "lookup": Lookup,
    }
    at = inner.get(str(path[0]), model) if path else model
    return [field.alias or name for name, field in at.model_fields.items()]


def _wrong_names(sources: list[Source], raw: list[Any], where: str) -> list[Problem]:
    """The look-ups that name no source; one whose own settings are wrong counts as named."""
    entries = [entry for entry in raw if isinstance(entry, dict)]
    names = {str(e.get("name") or e.get("table")) for e in entries if e.get("reader") != "zendesk"}
    return [
        Problem(
            f"{where}, source '{source.name}', lookup",
            f"no source is named '{lookup.source}'",
            do=nearest(lookup.source, names),
        )
        for source in sources
        if isinstance(source, MappedSource)
        for lookup in source.lookup
        if lookup.source is not None and lookup.source not in names
    ]
