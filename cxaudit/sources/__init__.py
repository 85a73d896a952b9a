"""The `[[source]]` tables of an engagement: where a client's rows are and how to read them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
    model_validator,
)

from cxaudit.errors import Problem, nearest
from cxaudit.sources.columns import (
    CellSettings,
    ColumnMapping,
    ColumnSettings,
    FileSettings,
    Filter,
    Headers,
    Settings,
    variable_name,
)
from cxaudit.sources.questions import Question
from cxaudit.sources.vendors import VendorSource, vendors

__all__ = [
    "CellSettings",
    "ColumnSettings",
    "DatabaseSource",
    "FileSettings",
    "Filter",
    "Latest",
    "Lookup",
    "MappedSource",
    "Question",
    "SOURCES",
    "Settings",
    "Source",
    "Unpivot",
    "VendorSource",
    "parse_sources",
    "vendors",
]


class Latest(Settings):
    """Of the rows with one key, only those latest by a column are loaded; a further rule decides
    among those that are equal.
    """

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


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


class MappedTable(CellSettings):
    """A canonical table, each column of it mapped from the headers of what is delivered."""

    table: str
    name: str
    required: bool = True
    columns: Annotated[ColumnMapping, Field(min_length=1)]
    filter: tuple[Filter, ...] = ()
    latest: Annotated[tuple[Latest, ...], BeforeValidator(_as_list)] = ()
    unpivot: Unpivot | None = None
    lookup: tuple[Lookup, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _named_by_table(cls, raw: Any) -> Any:
        return {"name": raw.get("table"), **raw} if isinstance(raw, dict) else raw


class MappedSource(FileSettings, MappedTable):
    """Files of any layout, each canonical column mapped from their headers."""

    reader: Literal["mapped"] = "mapped"


class DatabaseSource(MappedTable):
    """A table or a query of a database, each canonical column mapped from its columns.

    url_variable: the environment variable that holds the database's URL.
    """

    reader: Literal["database"]
    url_variable: Annotated[str, AfterValidator(variable_name)]
    relation: str | None = None
    query: str | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> DatabaseSource:
        if (self.relation is None) == (self.query is None):
            raise ValueError("needs exactly one of 'relation' (a table or view) or 'query'")
        return self

    def as_file(self, path: str) -> MappedSource:
        """The same table mapped from a Parquet file that holds what the database delivered."""
        own = {"reader", "url_variable", "relation", "query"}
        kept = {name: getattr(self, name) for name in self.model_fields_set - own}
        return MappedSource.model_construct(
            path=(path,), format="parquet", **{"name": self.name, **kept}
        )


Source = MappedSource | DatabaseSource | VendorSource
SOURCES: dict[str, type[MappedSource] | type[DatabaseSource] | type[VendorSource]] = {
    "mapped": MappedSource,
    "database": DatabaseSource,
    **dict.fromkeys(vendors(), VendorSource),
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
        if not isinstance(reader, str) or reader not in SOURCES:
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
    at = Filter if path[2:] == ["where"] else at
    return [field.alias or name for name, field in at.model_fields.items()]


def _wrong_names(sources: list[Source], raw: list[Any], where: str) -> list[Problem]:
    """The look-ups that name no source; one whose own settings are wrong counts as named."""
    entries = [entry for entry in raw if isinstance(entry, dict)]
    mapped = [entry for entry in entries if entry.get("reader") not in vendors()]
    names = {str(entry.get("name") or entry.get("table")) for entry in mapped}
    return [
        Problem(
            f"{where}, source '{source.name}', lookup",
            f"no source is named '{lookup.source}'",
            do=nearest(lookup.source, names),
        )
        for source in sources
        if isinstance(source, MappedTable)
        for lookup in source.lookup
        if lookup.source is not None and lookup.source not in names
    ]
