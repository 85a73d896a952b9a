"""Faults to put into the small client's delivery: each a function of the client."""

from __future__ import annotations

from collections.abc import Callable

from .small_client import Client

SPOILT = 200  # a ticket of 2026Q3


def in_one_row(table: str, **cells: str) -> Callable[[Client], None]:
    """A fault: these cells of one row, a header's blanks written as underscores."""
    return in_rows(range(SPOILT, SPOILT + 1), table, **cells)


def in_rows(numbers: range, table: str, **cells: str) -> Callable[[Client], None]:
    """A fault: these cells of some rows."""

    def spoil(client: Client) -> None:
        for number in numbers:
            row = client.rows(table)[number]
            given = {header.replace("_", " "): cell for header, cell in cells.items()}
            assert given.keys() <= row.keys()
            row.update(given)

    return spoil


def delivered_as(table: str, content: bytes | None) -> Callable[[Client], None]:
    """A fault: a table's file holds this and nothing else; None is no file."""
    return lambda client: client.files.update({table: content})


def rewritten(table: str, change: Callable[[str], bytes]) -> Callable[[Client], None]:
    """A fault in how a table's file is written."""
    return lambda client: client.files.update({table: change(client.csv(table))})


def engaged(old: str, new: str) -> Callable[[Client], None]:
    """A fault in the engagement."""
    return lambda client: client.replace(old, new)


def header_only(table: str) -> Callable[[Client], None]:
    return rewritten(table, lambda text: text.splitlines(keepends=True)[0].encode())


def second_header(old: str) -> Callable[[Client], None]:
    """A fault: the header of another column is written again in place of one."""
    return rewritten("tickets", lambda text: text.replace(old, "state", 1).encode())


def with_other_encoding(numbers: range) -> Callable[[Client], None]:
    """A fault: the letters of some messages are written in another encoding than the rest."""

    def change(text: str) -> bytes:
        header, *lines = text.splitlines(keepends=True)
        for number in range(len(lines)):
            lines[number] = lines[number].replace("order", "café")
        encoded = (
            line.encode("cp1252" if number in numbers else "utf-8")
            for number, line in enumerate(lines)
        )
        return header.encode() + b"".join(encoded)

    return rewritten("messages", change)


def repeated(**cells: str) -> Callable[[Client], None]:
    """A fault: a ticket delivered twice, with some cells that differ."""

    def spoil(client: Client) -> None:
        client.tickets.append({**client.tickets[SPOILT], **cells})

    return spoil


def of_period(label: str) -> Callable[[Client], None]:
    def spoil(client: Client) -> None:
        client.period = label

    return spoil
