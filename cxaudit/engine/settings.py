"""The `[engine]` section of an engagement: which engine, where it is, how much memory it may use.

Secrets are never in the file: it names the environment variable that holds the server's URL.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from cxaudit.errors import Problem, nearest
from cxaudit.sources.columns import Settings, variable_name

Kind = Literal["duckdb", "spark", "postgres"]
KINDS: dict[str, frozenset[str]] = {
    "duckdb": frozenset({"memory"}),
    "spark": frozenset({"memory", "master", "options"}),
    "postgres": frozenset({"memory", "url_variable"}),
}
# The driver's module and the extra of our package that brings it.
DRIVERS = {"spark": ("pyspark", "spark"), "postgres": ("psycopg", "postgres")}
MEMORY_VARIABLE = "CXAUDIT_MEMORY_LIMIT"


def _kind(name: str) -> str:
    if name not in KINDS:
        raise ValueError(f"is no engine; {nearest(name, KINDS)}")
    return name


def _memory(text: str) -> str:
    if not re.fullmatch(r"[1-9]\d*\s*[MGT]B", text, re.IGNORECASE):
        raise ValueError("is no amount of memory; write it like 4GB or 800MB")
    return text.upper().replace(" ", "")


class EngineSettings(Settings):
    """Which engine computes, and what it needs to be told.

    memory: of DuckDB in all, of the driver of a Spark session started here, of each sort of
    PostgreSQL. master: Spark's master, default all cores of this machine. options: further
    settings of the Spark session. url_variable: the environment variable with PostgreSQL's URL.
    """

    kind: Annotated[str, AfterValidator(_kind)] = "duckdb"
    memory: Annotated[str, AfterValidator(_memory)] | None = None
    master: str | None = None
    options: Mapping[str, str] = Field(default_factory=dict)
    url_variable: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _name_of_a_variable(cls, raw: Any) -> Any:
        """Refuses a URL before anything repeats it: it may hold a password."""
        given = raw.get("url_variable") if isinstance(raw, dict) else None
        if isinstance(given, str):
            try:
                variable_name(given)
            except ValueError as error:
                raise ValueError(f"url_variable {error}") from None
        return raw

    @model_validator(mode="after")
    def _fits_the_engine(self) -> EngineSettings:
        others = {name for name in self.model_fields_set if name != "kind"} - KINDS[self.kind]
        if others:
            known = ", ".join(sorted(KINDS[self.kind]))
            raise ValueError(
                f"{', '.join(sorted(others))} says nothing to kind = '{self.kind}', "
                f"which takes {known}"
            )
        if self.kind == "postgres" and self.url_variable is None:
            raise ValueError("kind = 'postgres' needs url_variable, the name of a variable")
        return self

    @property
    def memory_limit(self) -> str | None:
        """The memory it may use: the machine's own setting CXAUDIT_MEMORY_LIMIT goes first."""
        return os.environ.get(MEMORY_VARIABLE) or self.memory


def problems_of(settings: EngineSettings) -> list[Problem]:
    """What keeps the engine from being opened on this machine, as far as a glance tells."""
    problems = []
    if settings.kind in DRIVERS:
        problems += driver_missing("engine.kind", *DRIVERS[settings.kind])
    if settings.url_variable is not None:
        problems += variable_missing("engine.url_variable", settings.url_variable)
    return problems


def driver_missing(where: str, module: str, extra: str) -> list[Problem]:
    """The problem that a driver is not installed, with the command that installs it."""
    if find_spec(module) is not None:
        return []
    do = f"Install it: python -m pip install 'cxaudit[{extra}]'."
    return [Problem(where, f"the package {module} is not installed", do=do)]


def variable_missing(where: str, name: str) -> list[Problem]:
    """The problem that the environment variable with a URL is not set."""
    if os.environ.get(name):
        return []
    do = f"Set it: export {name}=postgresql://user:password@host/database."
    return [Problem(where, f"the environment variable {name} is not set", do=do)]
