"""A client's settings: who, which zone, as of when, which sources, which gates, what differs.

The file is `engagement.toml`; every problem in it is reported at once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, ConfigDict, Field, ValidationError, model_validator

from cxaudit.engine.settings import EngineSettings
from cxaudit.errors import EngagementError, Problem, nearest
from cxaudit.privacy import BOT, PSEUDONYM_BYTES, Privacy
from cxaudit.resources import PACKAGE
from cxaudit.sources import Settings, Source, parse_sources

FILE_NAME = "engagement.toml"
Channel = Literal[
    "phone", "email", "chat", "social", "self_service", "in_app", "web_form", "messaging"
]


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"is not an IANA time zone; {nearest(name, available_timezones())}")
    return name


def _with_offset(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("has no UTC offset; write it as 2026-10-03T06:00:00Z")
    return instant.astimezone(UTC)


class Client(Settings):
    """Who is audited, in which time zone, as of which instant."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    name: str
    time_zone: Annotated[str, AfterValidator(_known_zone)]
    as_of: Annotated[datetime, AfterValidator(_with_offset)]
    period: str | None = None
    currency: str | None = None


def any_of(patterns: Iterable[str]) -> str:
    """Patterns with * and ? as one regular expression over lower case, read alike everywhere."""
    plain = {"*": ".*", "?": "."}
    expressions = (
        "".join(plain.get(sign, re.escape(sign)) for sign in pattern.lower())
        for pattern in patterns
    )
    return f"^({'|'.join(expressions)})$"


class Actors(Settings):
    """Who among the authors is a bot or a former agent, and which of their replies are a rule's."""

    bot_ids: tuple[str, ...] = ()
    bot_patterns: tuple[str, ...] = ()
    bot_roles: tuple[str, ...] = ()
    former_agent_ids: tuple[str, ...] = ()
    automatic_within_seconds: Annotated[int, Field(ge=0)] = 0


class Scope(Settings):
    """Which cases are left to a bot: all that nobody of the service took up, or solved ones."""

    bot_only: Literal["any", "solved", "never"] = "any"


class Gates(Settings):
    """What makes an unattended run fail once the report is in place."""

    contract_severity: Literal["error", "warning"] | None = None
    minimum_coverage: Annotated[float, Field(ge=0, le=1)] | None = None
    principle_below: dict[str, float] = {}


class ContractSettings(Settings):
    """Which tables the audit cannot do without, and where the client's own contracts are."""

    required_tables: tuple[str, ...] = ("tickets",)
    folder: Path | None = None


class Comparison(Settings):
    """The mix of channels that periods are compared on; default: the first audit's own."""

    reference_mix: str | None = None


class Override(Settings):
    """A departure from the scorecard, of an indicator or of a principle's weight; printed with its
    reason.
    """

    indicator: str | None = None
    principle: str | None = None
    reason: Annotated[str, Field(min_length=10)]
    weight: Annotated[float, Field(ge=0)] | None = None
    anchors: dict[str, float] | None = None
    parameters: dict[str, float | int | str] | None = None

    @model_validator(mode="after")
    def _of_one_thing(self) -> Override:
        if (self.indicator is None) == (self.principle is None):
            raise ValueError("needs exactly one of 'indicator' or 'principle'")
        others = self.anchors is not None or self.parameters is not None
        if self.principle is not None and (others or not self.weight):
            raise ValueError("a principle's override has a 'weight' above 0 and nothing else")
        return self

    @property
    def subject(self) -> str:
        """The id of what is overridden."""
        return str(self.indicator or self.principle)


class SignOff(Settings):
    """Who prepared and who reviewed; without a reviewer other than the preparer: a DRAFT."""

    prepared_by: str | None = None
    reviewed_by: str | None = None


class Engagement(Settings):
    """All settings of one client, with the folder that relative paths start from."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    client: Client
    path: Path
    sources: tuple[Source, ...]
    channels: dict[Channel, Literal["calendar", "business"]] = {}
    delivered_actors: Actors = Field(default=Actors(), alias="actors")
    privacy: Privacy = Privacy()
    scope: Scope = Scope()
    engine: EngineSettings = EngineSettings()
    contracts: ContractSettings = ContractSettings()
    comparison: Comparison = Comparison()
    gates: Gates = Gates()
    overrides: tuple[Override, ...] = ()
    sign_off: SignOff = SignOff()

    @cached_property
    def folder(self) -> Path:
        """The folder of the engagement file."""
        return self.path.parent

    @property
    def as_of(self) -> datetime:
        """The instant the data are looked at from, in UTC."""
        return self.client.as_of

    @property
    def actors(self) -> Actors:
        """Who is a bot or a former agent, by the ids as the loaded tables hold them.

        Pseudonyms fit no pattern of the client's: which ids are bots is decided while loading.
        """
        salt, named = self.privacy.salt(), self.delivered_actors
        if salt is None:
            return named
        bots = (BOT + 2 * PSEUDONYM_BYTES * "?",) if named.bot_ids or named.bot_patterns else ()
        former = tuple(salt.pseudonym(id) for id in named.former_agent_ids)
        carried = {"bot_ids": (), "bot_patterns": bots, "former_agent_ids": former}
        return named.model_copy(update=carried)

    @property
    def contracts_folder(self) -> Path | None:
        """The folder of the client's own contracts, if there is one."""
        given = self.contracts.folder
        return None if given is None else self.folder / given

    @property
    def required_tables(self) -> tuple[str, ...]:
        """Tables whose failure stops the audit."""
        return self.contracts.required_tables


def find_engagement(where: str | Path) -> Path:
    """The engagement file at a path, in a folder, or in a folder of the workbook.

    Raises `EngagementError` naming every place that was looked at.
    """
    tried = []
    for root in (Path(), PACKAGE.parent, PACKAGE):
        place = (root / where).expanduser()
        path = place / FILE_NAME if place.is_dir() else place
        if path.is_file():
            return path.resolve()
        tried.append(str(path))
    raise EngagementError(
        Problem(
            "engagement",
            f"no {FILE_NAME} there",
            f"looked for {' and '.join(dict.fromkeys(tried))}",
            "Write one with 'cxaudit new FOLDER'.",
        )
    )


def open_engagement(where: str | Path) -> Engagement:
    """The engagement of a file or folder; raises `EngagementError` with every problem in it."""
    path = find_engagement(where)
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise EngagementError(
            Problem(str(path), "is not valid TOML", str(error), "Mend the line named.")
        ) from error
    declared = raw.pop("source", [])
    sources, problems = parse_sources(declared if isinstance(declared, list) else [], path.name)
    if not isinstance(declared, list):
        do = "Write each as [[source]], in double brackets."
        problems.append(Problem(f"{path.name}, source", "is not a list of tables", do=do))
    for ours, theirs in (("sources", "source"), ("overrides", "override"), ("path", "source")):
        if ours in raw:
            do = f"Did you mean '[[{theirs}]]'?"
            problems.append(Problem(f"{path.name}, {ours}", "is not a setting", "", do))
            raw.pop(ours)
    raw["overrides"] = raw.pop("override", [])
    try:
        engagement = Engagement.model_validate({**raw, "path": path, "sources": ()})
    except ValidationError as error:
        problems = [_problem(path.name, entry) for entry in error.errors()] + problems
    if problems:
        raise EngagementError(problems)
    return engagement.model_copy(update={"sources": tuple(sources)})


def seen_from(engagement: Engagement, as_of: str) -> Engagement:
    """The engagement looked at from another instant; raises `EngagementError` if it is none."""
    raw = {**engagement.client.model_dump(), "as_of": as_of}
    try:
        client = Client.model_validate(raw)
    except ValidationError as error:
        raise EngagementError([_problem("as-of", entry) for entry in error.errors()]) from error
    return engagement.model_copy(update={"client": client})


def _problem(file: str, error: Any) -> Problem:
    """A pydantic error in our words: place, fault, what was found, nearest valid key."""
    where = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        section = _section(error["loc"][:-1])
        key = str(error["loc"][-1])
        return Problem(f"{file}, {where}", "is not a setting", "", nearest(key, section))
    if error["type"] == "missing":
        return Problem(f"{file}, {where}", "is missing", "", "It has to be given.")
    found = "" if isinstance(error["input"], (dict, list)) else f"'{error['input']}'"
    return Problem(f"{file}, {where}", error["msg"].removeprefix("Value error, "), found)


def _section(place: tuple[Any, ...]) -> list[str]:
    parts: dict[str, type[Settings]] = {
        "client": Client,
        "actors": Actors,
        "privacy": Privacy,
        "scope": Scope,
        "engine": EngineSettings,
        "gates": Gates,
        "contracts": ContractSettings,
        "comparison": Comparison,
        "sign_off": SignOff,
        "overrides": Override,
    }
    if place:
        return list(parts[str(place[0])].model_fields)
    ours = ("path", "sources", "overrides")
    settings = [entry.alias or name for name, entry in Engagement.model_fields.items()]
    return [name for name in settings if name not in ours] + ["source", "override"]
