"""What is proposed about a table → a `[[source]]` entry of an engagement, with comments."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from cxaudit.contracts.canonical import Table, canonical_tables
from cxaudit.proposal import toml
from cxaudit.proposal.column_entries import ColumnEntry, assumed, column_entry
from cxaudit.proposal.proposing import Proposed
from cxaudit.proposal.traits import Traits
from cxaudit.proposal.vendors import read_by

WIDTH = 96


def entries(found: Sequence[Proposed], folder: Path, time_zone: str = "") -> str:
    """The entries of all tables as the text of an engagement whose file is in the folder.

    time_zone: IANA name, for times that carry no offset; without it they are left to be set.
    """
    exports = _exports(found)
    covered = {path for files in exports.values() for path in files}
    own = [one for one in found if one.sample.path.resolve() not in covered]
    made = [_vendor_entry(*place, files, folder) for place, files in exports.items()]
    return "\n".join([*made, *(_entry(one, own, folder, time_zone) for one in own)])


def _exports(found: Sequence[Proposed]) -> dict[tuple[str, Path], list[Path]]:
    """The vendors' exports, by vendor and folder, with those of the files that its reader takes."""
    files = [one.sample.path.resolve() for one in found]
    places = dict.fromkeys((o.vendor, o.sample.path.resolve().parent) for o in found if o.vendor)
    taken = {place: read_by(*place) for place in places}
    exports = {place: [file for file in files if file in taken[place]] for place in places}
    return {place: of_it for place, of_it in exports.items() if of_it}


def _vendor_entry(vendor: str, place: Path, files: Sequence[Path], folder: Path) -> str:
    """One entry for a vendor's whole export: the folder, where nothing else is in it."""
    names = sorted({toml.readable(file.name) for file in files})
    head = [f"An export of {vendor}: {', '.join(names)}", "See docs/readers for what it reads."]
    rest = {file for file in place.iterdir() if file.is_file()} - set(files)
    paths = [_path(file, folder) for file in sorted(set(files))] if rest else _path(place, folder)
    lines = ["[[source]]", f"reader = {toml.quoted(vendor)}", f"path = {toml.value(paths)}"]
    zone = '# time_zone = "Europe/Paris"  # SET: if its times carry no offset, the zone they are in'
    return "\n".join([*toml.commented(head), *lines, zone]) + "\n"


def _entry(one: Proposed, found: Sequence[Proposed], folder: Path, time_zone: str) -> str:
    sample = one.sample
    looked = f"{sample.rows:,} {'row' if sample.rows == 1 else 'rows'} looked at" + (
        "" if sample.is_whole else ", of more"
    )
    head = [f"{_shown(sample.name)}: {len(sample.columns):,} columns, {looked}"]
    head += [f"LOOK: {remark}" for remark in sample.remarks]
    if one.vendor:
        head.append(f'This looks like an export of {one.vendor}: reader = "{one.vendor}" reads it.')
    if not sample.has_header:
        head.append(
            "Its first line is no header: ask for the export with one. Nothing is proposed."
        )
        return "\n".join(toml.commented(head)) + "\n"
    if one.assignment is None:
        head.append("It is like no table of data_contracts/. Nothing is proposed.")
        return "\n".join(toml.commented(head)) + "\n"
    table = canonical_tables()[one.assignment.table]
    if one.assignment.confidence != "high":
        head.append(f"LOOK: {one.assignment.confidence} confidence that this is {table.name}")
    columns = _columns(one, table)
    lines = toml.commented(head) + ["[[source]]", f"table = {toml.quoted(table.name)}"]
    same = [other for other in found if other.assignment and other.assignment.table == table.name]
    if len(same) > 1:
        lines.append(f"name = {toml.quoted(f'{table.name}_{same.index(one) + 1}')}")
    lines.append(f"path = {toml.quoted(_path(sample.path, folder))}")
    lines += [f"{name} = {toml.value(given)}" for name, given in sample.written.items()]
    lines += _times(one, columns, time_zone) + _missing(one, columns) + _latest(one)
    lookup, by_lookup = _lookup(one, found)
    lines += lookup
    lines += ["[source.columns]", *(line for entry in columns for line in entry.lines())]
    present = {entry.column for entry in columns if entry.is_active}
    lines += by_lookup
    present |= {"author_type"} if by_lookup else set()
    absent = [c for c in table.columns.values() if not c.nullable and c.name not in present]
    values = one.assignment.by_column.get("value") or one.assignment.by_column.get("score")
    answers = sample.column(values.header) if values else None
    for column in absent:
        lines += assumed(table.name, column, answers).lines()
    return "\n".join([*lines, *_left(one)]) + "\n"


def _path(path: Path, folder: Path) -> str:
    """The path from the engagement's folder, or the whole one where the file is elsewhere."""
    relative = Path(os.path.relpath(path.resolve(), folder.resolve()))
    return path.resolve().as_posix() if relative.parts[:1] == ("..",) else relative.as_posix()


def _shown(name: str) -> str:
    return toml.readable(name.split("/")[-1])


def named(header: str, one: Proposed) -> str:
    """A header as a mapping names it: the first of two of one name is 'Name#1'."""
    twice = any(traits.header == f"{header}#2" for traits in one.sample.columns)
    return f"{header}#1" if twice else header


def _columns(one: Proposed, table: Table) -> list[ColumnEntry]:
    """The matched columns in the contract's order."""
    assert one.assignment is not None
    found = one.assignment.by_column
    made = []
    for column in table.columns.values():
        if column.name not in found:
            continue
        match = found[column.name]
        traits = one.sample.column(match.header)
        day = None
        if match.header in one.days:
            header = one.days[match.header]
            day = (named(header, one), one.sample.column(header))
        entry = column_entry(
            match, column, traits, named(match.header, one), day, match.header in one.personal
        )
        if one.key and one.key.joined and column.name == table.key[0]:
            entry.settings = [named(header, one) for header in one.key.joined]
            entry.remarks.append("LOOK: rows share it; together these are a key")
        elif one.key and not one.key.latest and column.name == table.key[0]:
            entry.remarks.append("LOOK: rows share it, and which of them counts is not known")
        made.append(entry)
    return made


def _timed(one: Proposed, columns: Sequence[ColumnEntry]) -> list[Traits]:
    """The delivered columns that active entries read times from."""
    assert one.assignment is not None
    active = {entry.column for entry in columns if entry.is_active}
    of = [m for m in one.assignment.matches if m.column in active]
    return [t for m in of if (t := one.sample.column(m.header)).kind in ("time", "clock")]


def _times(one: Proposed, columns: list[ColumnEntry], time_zone: str) -> list[str]:
    """The format most of the times are in, and their zone; others get theirs in their column."""
    timed = [t for t in _timed(one, columns) if t.written and t.kind == "time"]
    formats = Counter(t.written.dates for t in timed if t.written and not t.written.rival)
    usual = max(sorted(formats), key=lambda name: formats[name]) if formats else "iso"
    lines = [f"dates = {toml.quoted(usual)}"] if usual != "iso" else []
    assert one.assignment is not None
    by_column = one.assignment.by_column
    for entry in columns:
        match = by_column[entry.column]
        traits = one.sample.column(match.header)
        if traits.kind != "time" or traits.written is None or not isinstance(entry.settings, str):
            continue
        if traits.written.rival:
            entry.settings = {"from": entry.settings, "dates": "auto"}
            both = f"{traits.written.dates} or {traits.written.rival}"
            entry.remarks.append(f"LOOK: {both}: these cells do not tell, set dates")
        elif traits.written.dates != usual:
            entry.settings = {"from": entry.settings, "dates": traits.written.dates}
    naive = [t for t in _timed(one, columns) if t.written and not t.written.is_aware]
    if naive and time_zone:
        lines.append(f"time_zone = {toml.quoted(time_zone)}")
    elif naive:
        remark = "SET: the zone of its times, which carry no offset; without it they are refused"
        lines.append(f'# time_zone = "Europe/Paris"  # {remark}')
    return lines


def _missing(one: Proposed, columns: Sequence[ColumnEntry]) -> list[str]:
    """The words that mean there is none, in the columns used."""
    assert one.assignment is not None
    used = [one.sample.column(match.header) for match in one.assignment.matches]
    words = {word for traits in used if traits.kind != "clock" for word in traits.missing}
    return [f"missing = {toml.value(sorted(words))}  # LOOK: words for none"] if words else []


def _latest(one: Proposed) -> list[str]:
    assert one.assignment is not None
    if one.key is None or not one.key.latest:
        return []
    key = canonical_tables()[one.assignment.table].key[0]
    header = one.assignment.by_column[key].header
    by = one.sample.column(one.key.latest)
    rule: dict[str, toml.Value] = {"per": named(header, one), "by": named(by.header, one)}
    if by.kind != "time":
        rule["as"] = "number"
    remark = "LOOK: rows share the key; the newest of each counts"
    return [f"latest = {toml.value(rule)}  # {remark}"]


def _lookup(one: Proposed, found: Sequence[Proposed]) -> tuple[list[str], list[str]]:
    """Who wrote a message, where no header says it: the ticket's customer or else an agent."""
    own = one.assignment.by_column if one.assignment else {}
    is_message = one.assignment is not None and one.assignment.table == "messages"
    if not is_message or "author_type" in own or not {"author_id", "ticket_id"} <= set(own):
        return [], []
    others = [o for o in found if o.assignment and o.assignment.table == "tickets"]
    their = others[0].assignment.by_column if len(others) == 1 and others[0].assignment else {}
    if not {"ticket_id", "customer_id"} <= set(their):
        return [], []
    match = {named(own["ticket_id"].header, one): named(their["ticket_id"].header, others[0])}
    take = {"the ticket's customer": named(their["customer_id"].header, others[0])}
    lookup = ["[[source.lookup]]", 'source = "tickets"']
    lookup += [f"match = {toml.value(match)}", f"take = {toml.value(take)}"]
    who: dict[str, toml.Value] = {"from": named(own["author_id"].header, one)}
    who |= {"equals": "the ticket's customer", "then": "customer", "otherwise": "agent"}
    remark = "LOOK: whoever is not the ticket's customer is taken for an agent"
    return lookup, [f"author_type = {toml.value(who)}  # {remark}"]


def _left(one: Proposed) -> list[str]:
    """What is not mapped, so that nothing is overlooked."""
    used = set(one.matches)
    headers = [t.header for t in one.sample.columns if t.header not in used]
    if not headers:
        return []
    lines, line = [], "not mapped:"
    for number, header in enumerate(headers):
        word = f" {toml.readable(header)}" + ("," if number < len(headers) - 1 else "")
        if len(line) + len(word) > WIDTH:
            lines.append(line)
            line = " "
        line += word
    return toml.commented([*lines, line])
