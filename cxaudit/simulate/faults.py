"""Known faults in the delivered rows, so that the ledger and the quarantine have work to do.

They are rows of their own beside the simulated ones; the truths are not touched.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.simulate.layouts import TICKETS

DUPLICATES = {"tickets": 6, "ticket_events": 12, "messages": 20, "surveys": 10}
REVERSED, UNKNOWN_CHANNELS, UNREADABLE, CONFLICTING = 8, 3, 2, 2
STRAYS = {"ticket_events": 5, "messages": 4}
OFF_SCALE, BEFORE_SENT = 6, 3


@dataclass(frozen=True)
class PlantedFault:
    """So many rows of a table with one fault, and what is to become of them."""

    table: str
    fault: str
    rows: int
    becomes: str


def with_faults(tables: dict[str, pa.Table]) -> tuple[dict[str, pa.Table], list[PlantedFault]]:
    """The delivered tables with faulty rows put in, and the list of the faults."""
    spoilt = dict(tables)
    planted: list[PlantedFault] = []
    for name, count in STRAYS.items():
        spoilt[name] = pa.concat_tables([spoilt[name], _strays(spoilt[name], name, count)])
        planted.append(PlantedFault(name, "ticket unknown", count, "quarantined"))
    spoilt["tickets"], found = _tickets(spoilt["tickets"])
    planted += found
    spoilt["surveys"], found = _surveys(spoilt["surveys"])
    planted += found
    for name, count in DUPLICATES.items():
        step = max(1, tables[name].num_rows // (count + 1))
        copies = tables[name].take([step * (n + 1) for n in range(count)])
        spoilt[name] = pa.concat_tables([spoilt[name], copies])
        planted.append(PlantedFault(name, "exact duplicate", count, "excluded"))
    return spoilt, planted


def _tickets(table: pa.Table) -> tuple[pa.Table, list[PlantedFault]]:
    heads = TICKETS.headers
    extra, planted = [], []
    count = REVERSED + UNKNOWN_CHANNELS + UNREADABLE
    unsolved = pc.and_(
        pc.equal(table[heads["resolution_code"]], "withdrawn_by_customer"),
        pc.greater(table[heads["created_at"]], "2026-07-03"),
    )
    models = table.filter(pc.fill_null(unsolved, False)).slice(0, count)
    ids = pa.array([f"T9{number:06d}" for number in range(count)])
    models = _replaced(models, heads["ticket_id"], ids)
    part = models.slice(0, REVERSED)
    early = pa.array(["2026-07-02 00:00:00"] * REVERSED)
    for column in ("solved_at", "first_solved_at"):
        part = _replaced(part, heads[column], early)
    extra.append(part)
    planted.append(PlantedFault("tickets", "solved before created", REVERSED, "quarantined"))
    part = models.slice(REVERSED, UNKNOWN_CHANNELS)
    extra.append(_replaced(part, heads["channel"], pa.array(["Fax"] * UNKNOWN_CHANNELS)))
    planted.append(PlantedFault("tickets", "unknown channel", UNKNOWN_CHANNELS, "excluded"))
    part = models.slice(REVERSED + UNKNOWN_CHANNELS, UNREADABLE)
    extra.append(_replaced(part, heads["created_at"], pa.array(["n/a"] * UNREADABLE)))
    planted.append(PlantedFault("tickets", "time of creation unreadable", UNREADABLE, "excluded"))
    spam = table.filter(pc.equal(table[heads["is_spam"]], "yes")).slice(0, CONFLICTING)
    extra.append(_replaced(spam, heads["category"], pa.array(["delivery_2"] * CONFLICTING)))
    rows = 2 * CONFLICTING
    planted.append(PlantedFault("tickets", "one id, two contents", rows, "quarantined"))
    return pa.concat_tables([table, *extra]), planted


def _surveys(table: pa.Table) -> tuple[pa.Table, list[PlantedFault]]:
    answered = table.filter(
        pc.and_(
            pc.equal(table["question_key"], "csat"), pc.greater(table["responded_at"], "2026-08")
        )
    )
    count = OFF_SCALE + BEFORE_SENT
    models = answered.slice(0, count)
    models = _replaced(
        models, "invite_id", pa.array([f"I9{number:06d}" for number in range(count)])
    )
    off_scale = _replaced(models.slice(0, OFF_SCALE), "value", pa.array(["9"] * OFF_SCALE))
    early = models.slice(OFF_SCALE, BEFORE_SENT)
    early = _replaced(early, "responded_at", pa.array(["2026-07-03 10:00:00"] * BEFORE_SENT))
    planted = [
        PlantedFault("surveys", "value off its scale", OFF_SCALE, "quarantined"),
        PlantedFault("surveys", "answered before sent", BEFORE_SENT, "quarantined"),
    ]
    return pa.concat_tables([table, off_scale, early]), planted


def _strays(table: pa.Table, name: str, count: int) -> pa.Table:
    """Copies of rows under new ids that name a ticket nobody knows."""
    id_column, ticket = {
        "ticket_events": ("event_id", "ticket_id"),
        "messages": ("id", "ticket"),
    }[name]
    rows = table.slice(100, count)
    ids = pa.array([f"{name[0].upper()}9{number:07d}" for number in range(count)])
    return _replaced(_replaced(rows, id_column, ids), ticket, pa.array(["T8888888"] * count))


def _replaced(table: pa.Table, column: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(column), column, pa.chunked_array([values]))
