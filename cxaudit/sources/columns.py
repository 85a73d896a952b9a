"""How files are written and how one canonical column is made of their headers."""

from __future__ import annotations

import codecs
import re
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from cxaudit.errors import nearest

DATE_FORMATS = ("iso", "auto", "epoch_seconds", "epoch_milliseconds")


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"'{name}' is no IANA time zone. {nearest(name, available_timezones())}")
    ZoneInfo(name)
    return name


def _encoding(name: str) -> str:
    try:
        b"a".decode(name, "ignore")  # refuses what encodes no text, such as rot13
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        known = ("utf-8", "utf-16", "cp1252", "latin-1", "cp1250", "shift_jis", "gb18030")
        raise ValueError(f"'{name}' is no text encoding. {nearest(name, known)}") from None


def _date_format(name: str) -> str:
    if "%" not in name and name not in DATE_FORMATS:
        hint = nearest(name, DATE_FORMATS)
        raise ValueError(f"'{name}' is no date format. {hint} Or write it with % codes")
    if "%" in name and not _is_pattern(name):
        raise ValueError(f"'{name}' is no date format: one of its % codes means nothing")
    return name


def _is_pattern(text: str) -> bool:
    try:
        datetime.strptime("", text)
    except (re.error, ValueError) as error:
        return "does not match format" in str(error)
    return True


def _text(value: Any) -> Any:
    """A setting's value as the text a cell would hold; TOML's true is the word 'true'."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else value


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, (str, int, float, bool)) else value


def _file_mark(mark: str) -> str:
    if not mark.isascii() or mark.isalnum() or mark in "\0\r\n":
        raise ValueError("is to be one ASCII sign, no letter, digit or end of line")
    return mark


def _number_mark(mark: str) -> str:
    if mark.isalnum() or mark in "+-":
        raise ValueError("is to be a sign that no number begins with or is made of")
    return mark


def variable_name(name: str) -> str:
    """The name of an environment variable; refuses a URL, and does not repeat it."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise ValueError(
            "is to be the name of an environment variable that holds the URL; "
            "neither a URL nor a password belongs in the engagement"
        )
    return name


Zone = Annotated[str, AfterValidator(_zone)]
Encoding = Annotated[str, AfterValidator(_encoding)]
DateFormat = Annotated[str, AfterValidator(_date_format)]
Mark = Annotated[str, Field(min_length=1, max_length=1)]
FileMark = Annotated[Mark, AfterValidator(_file_mark)]
NumberMark = Annotated[Mark, AfterValidator(_number_mark)]
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
    delimiter: FileMark | None = None
    quote: FileMark = '"'
    escape: FileMark | None = None
    skip_lines: int = Field(default=0, ge=0)
    skip_after_header: int = Field(default=0, ge=0)
    sheet: str | None = None
    records: str | None = None

    @model_validator(mode="after")
    def _marks_differ(self) -> Self:
        if self.escape == self.quote:
            raise ValueError("'escape' is the quote; leave it out where quotes are doubled")
        delimiters = [self.delimiter] if self.delimiter else [",", "\t"]
        if self.quote in delimiters or self.escape in delimiters:
            raise ValueError("'delimiter', 'quote' and 'escape' are to be different signs")
        return self


class CellSettings(Settings):
    """How a cell's text is to be understood; None leaves it to the source."""

    missing: Words | None = None
    dates: DateFormat | None = None
    time_zone: Zone | None = None
    decimal: NumberMark | None = None
    thousands: NumberMark | None = None
    true_words: Words | None = None
    false_words: Words | None = None
    separator: Mark | None = None

    @model_validator(mode="after")
    def _numbers_can_be_read(self) -> Self:
        if self.decimal is not None and self.decimal == self.thousands:
            raise ValueError("'decimal' and 'thousands' are to be different signs")
        return self


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
    plus_seconds: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    where: Filter | None = None

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
        condition = self.where.column if self.where else None
        others = (self.date, self.time, self.equals, condition, *self.plus_seconds)
        return (*(self.headers or ()), *(name for name in others if name is not None))


def _column_settings(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: {"from": s} if isinstance(s, (str, list)) else s for name, s in value.items()}


ColumnMapping = Annotated[dict[str, ColumnSettings], BeforeValidator(_column_settings)]
