"""One proposed column → its lines in an engagement, with what needs a look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cxaudit.contracts.canonical import Column
from cxaudit.proposal import toml
from cxaudit.proposal.assignment import Match
from cxaudit.proposal.fit import says_who
from cxaudit.proposal.names import is_state, words_of
from cxaudit.proposal.traits import Traits
from cxaudit.proposal.vocabulary import FLAG, OPPOSITES
from cxaudit.proposal.words import Translation, translated
from cxaudit.readers.cells import FALSE_WORDS, TRUE_WORDS

# Where no header says it: what is usual, to be confirmed.
ASSUMED: Mapping[tuple[str, str], tuple[str | bool | int, str]] = {
    ("tickets", "created_by"): ("customer", "no header says who opened it"),
    ("tickets", "channel"): ("email", "no header says how it came in"),
    ("messages", "is_public"): (True, "no header tells internal notes apart"),
    ("messages", "is_auto"): (False, "no header tells automatic messages apart"),
    ("calls", "channel"): ("phone", "no header says so"),
    ("calls", "queue"): ("all", "no header names the queue"),
    ("surveys", "question_key"): ("csat", "what was asked: csat, ces, nps, resolved, ..."),
    ("surveys", "mode"): ("email", "how it was asked"),
    ("surveys", "higher_is_better"): (True, "a higher number is a better answer"),
    ("agents", "team_id"): ("all", "no header names the team"),
    ("qa_reviews", "sample_method"): ("random", "how the cases were drawn"),
    ("qa_reviews", "form_version"): ("1", "one form throughout"),
    ("qa_reviews", "applicable"): (True, "every item applies"),
}

NAME_THE_WORDS = "LOOK: name its words in 'values', or compare it with the customer by 'equals'"
LARGEST_ON_A_SCALE = 1000


@dataclass
class ColumnEntry:
    """Settings of one column: `settings` as TOML says them, remarks, and words that are not known.

    A bare header is a text. `is_active`: false where it is only a guess, written as a comment.
    """

    column: str
    settings: toml.Value
    remarks: list[str] = field(default_factory=list)
    unknown_words: tuple[str, ...] = ()
    enum: tuple[str, ...] = ()
    is_active: bool = True

    def lines(self) -> list[str]:
        """The lines of the entry that fit beside others."""
        remark = f"  # {toml.readable('; '.join(self.remarks))}" if self.remarks else ""
        line = f"{toml.key(self.column)} = {toml.value(self.settings)}{remark}"
        lines = [line if self.is_active else f"# {line}"]
        if self.unknown_words:
            words = ", ".join(toml.quoted(toml.readable(word)) for word in self.unknown_words)
            lines.append(f"#   LOOK: say in 'values' what stands for what: {words}")
            lines.append(f"#   to be read as one of {', '.join(self.enum)}")
        return lines


def column_entry(
    match: Match,
    column: Column,
    traits: Traits,
    header: str,
    day: tuple[str, Traits] | None,
    is_personal: bool,
) -> ColumnEntry:
    """The entry of a matched column; of one that is personal no word is named.

    header: as a mapping names it. day: the header and the traits of the day of a time of day.
    """
    entry = ColumnEntry(column.name, header, [match.confidence], enum=column.enum)
    # a guess is left to be uncommented, but for what the table cannot be read without
    entry.is_active = match.confidence != "low" or not column.nullable
    if traits.kind == "clock" and column.type == "instant":
        _clock(entry, traits, header, day)
    elif column.type in ("integer", "decimal"):
        _number(entry, traits, header)
    elif column.type == "boolean" and traits.yes_and_no:
        _flag(entry, traits, header)
    elif column.enum and is_personal:
        entry.is_active = False
        entry.remarks.append(NAME_THE_WORDS)
    elif column.enum:
        _words(entry, column, traits, header)
    entry.remarks += ["personal"] if is_personal else []
    if match.confidence == "low" and entry.is_active:
        entry.remarks.append("LOOK: obligatory, and no more than a guess")
    return entry


def _clock(entry: ColumnEntry, traits: Traits, header: str, day: tuple[str, Traits] | None) -> None:
    if day is None or day[1].written is None or traits.written is None:
        entry.is_active = False
        entry.remarks.append("a time of day: name the column of its day as 'date'")
        return
    date = "%Y-%m-%d" if day[1].written.dates == "iso" else day[1].written.dates
    settings: dict[str, toml.Value] = {"date": day[0], "time": header}
    settings["dates"] = f"{date} {traits.written.dates.removeprefix('clock ')}"
    if traits.missing:
        settings["missing"] = list(traits.missing)
        entry.remarks.append("LOOK: midnight is read as none")
    entry.settings = settings


def _number(entry: ColumnEntry, traits: Traits, header: str) -> None:
    settings: dict[str, toml.Value] = {"from": header}
    if traits.decimal != ".":
        settings["decimal"] = traits.decimal
    if traits.thousands:
        settings["thousands"] = traits.thousands
    entry.settings = settings if len(settings) > 1 else header


def _flag(entry: ColumnEntry, traits: Traits, header: str) -> None:
    yes, no = traits.yes_and_no or ("", "")
    contrary = {word for name in OPPOSITES.get(entry.column, ()) for word in words_of(name)} - FLAG
    if contrary & set(words_of(header)):
        entry.settings = {"from": header, "true_words": [no], "false_words": [yes]}
        entry.remarks.append("LOOK: it says the contrary, so yes and no change places")
        return
    if yes in TRUE_WORDS and no in FALSE_WORDS:
        return
    entry.settings = {"from": header, "true_words": [yes], "false_words": [no]}
    entry.remarks.append("LOOK: its words for yes and no")


def _words(entry: ColumnEntry, column: Column, traits: Traits, header: str) -> None:
    if traits.kind == "yes or no" and is_state(column):
        yes, no = traits.yes_and_no or ("", "")
        ours = "closed" if "closed" in header.lower() else "solved"
        pairs = {word: ours if word.casefold() == yes else "open" for word in sorted(traits.words)}
        entry.settings = {"from": header, "values": pairs, "when_empty": "unknown"}
        entry.remarks.append("LOOK: yes and no as a status")
        return
    translation = translated(traits, column)
    _translated(entry, header, translation)
    if says_who(column) or entry.remarks[0] == "low":
        # what is not known there may as well be somebody's name
        entry.unknown_words = ()


def _translated(entry: ColumnEntry, header: str, translation: Translation) -> None:
    if translation.is_needed and translation.known:
        entry.settings = {"from": header, "values": translation.known}
        entry.remarks.append("LOOK: the words")
    entry.unknown_words = translation.unknown
    if translation.unshown:
        count = translation.unshown
        entry.remarks.append(f"LOOK: {count:,} {'word' if count == 1 else 'words'} not known")


def assumed(table: str, column: Column, value: Traits | None) -> ColumnEntry:
    """The entry of an obligatory column that no header was found for.

    value: the traits of the answers of a survey, whose extremes tell its scale.
    """
    name = column.name
    if (table, name) in ASSUMED:
        constant, why = ASSUMED[table, name]
        return ColumnEntry(name, {"constant": constant}, [f"ASSUMED: {why}"])
    if name in ("scale_min", "scale_max", "max_score") and value and value.highest is not None:
        extreme = (value.lowest if name == "scale_min" else value.highest) or 0.0
        if abs(extreme) <= LARGEST_ON_A_SCALE:
            seen = ["ASSUMED: the extreme of the answers seen"]
            return ColumnEntry(name, {"constant": int(extreme)}, seen)
    remark = "SET: obligatory, and no header was found for it"
    return ColumnEntry(name, "", [remark], is_active=False)
