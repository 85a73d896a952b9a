"""The simulated tables: coherent, nothing after as-of, and as the contracts want them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.simulate import simulate_tables
from cxaudit.simulate.cases import NEVER
from cxaudit.simulate.draw import IN_SCOPE, Draw, draw
from cxaudit.simulate.service import AS_OF, Service
from cxaudit.simulate.tables import TABLES, tables_of

SMALL = Service(tickets_per_quarter=800)
# What lies ahead of as-of by its nature.
AHEAD = {
    ("tickets", "sla_first_response_due_at"),
    ("tickets", "sla_resolution_due_at"),
    ("commitments", "due_at"),
    ("improvement_actions", "due_at"),
    ("improvement_actions", "rebased_due_at"),
}


@pytest.fixture(scope="module")
def drawn() -> Draw:
    return draw(SMALL, 7)


@pytest.fixture(scope="module")
def tables(drawn: Draw) -> dict[str, pa.Table]:
    return tables_of(drawn)


def test_every_input_table_is_made_and_filled(tables: dict[str, pa.Table]) -> None:
    inputs = {name for name, table in canonical_tables().items() if table.source == "input"}
    assert set(TABLES) == inputs
    assert not [name for name, table in tables.items() if table.num_rows == 0]


@pytest.mark.parametrize("name", TABLES)
def test_table_keeps_its_contract(name: str, tables: dict[str, pa.Table]) -> None:
    contract, table = canonical_tables()[name], tables[name]
    for column in contract.columns.values():
        if not column.nullable:
            assert column.name in table.column_names, f"{name}.{column.name} is obligatory"
            assert table[column.name].null_count == 0, f"{name}.{column.name} has empty cells"
        if column.enum and column.name in table.column_names:
            found = set(pc.unique(table[column.name]).drop_null().to_pylist())
            assert found <= set(column.enum), f"{name}.{column.name}: words not in the list"
    key = [column for column in contract.key if column in table.column_names]
    assert table.group_by(key).aggregate([]).num_rows == table.num_rows, f"{name}: key repeats"


@pytest.mark.parametrize("name", TABLES)
def test_nothing_happens_after_as_of(name: str, tables: dict[str, pa.Table]) -> None:
    as_of = pa.scalar(AS_OF).cast(pa.timestamp("us", "UTC"))
    for field in tables[name].schema:
        if pa.types.is_timestamp(field.type) and (name, field.name) not in AHEAD:
            latest = pc.max(tables[name][field.name])
            assert not latest.is_valid or latest.as_py() <= as_of.as_py(), f"{name}.{field.name}"


@pytest.mark.parametrize(
    ("child", "column", "parent", "key", "least"),
    [
        ("ticket_events", "ticket_id", "tickets", "ticket_id", 1.0),
        ("messages", "ticket_id", "tickets", "ticket_id", 1.0),
        ("surveys", "ticket_id", "tickets", "ticket_id", 1.0),
        ("surveys", "agent_id", "agents", "agent_id", 1.0),
        ("tickets", "assignee_id", "agents", "agent_id", 1.0),
        ("tickets", "group_id", "groups", "group_id", 1.0),
        ("tickets", "customer_id", "customers", "customer_id", 0.99),
        ("tickets", "merged_into", "tickets", "ticket_id", 1.0),
        ("outreach", "event_id", "service_events", "event_id", 1.0),
        ("outreach", "invite_id", "surveys", "invite_id", 1.0),
        ("calls", "ticket_id", "tickets", "ticket_id", 1.0),
        ("kb_sessions", "ticket_id", "tickets", "ticket_id", 1.0),
    ],
)
def test_ids_lead_somewhere(
    tables: dict[str, pa.Table], child: str, column: str, parent: str, key: str, least: float
) -> None:
    given = tables[child][column].drop_null()
    found = pc.is_in(given, value_set=pc.unique(tables[parent][key]))
    assert pc.mean(found).as_py() >= least


def test_first_human_reply_in_the_messages_is_that_of_the_case(
    drawn: Draw, tables: dict[str, pa.Table]
) -> None:
    messages = tables["messages"]
    human = pc.and_(pc.equal(messages["author_type"], "agent"), messages["is_public"])
    human = pc.and_(human, pc.invert(messages["is_auto"]))
    first = messages.filter(human).group_by("ticket_id").aggregate([("at", "min")])
    seen = dict(
        zip(
            first["ticket_id"].to_pylist(),
            (first["at_min"].cast(pa.int64()).to_numpy() // 1_000_000).tolist(),
            strict=True,
        )
    )
    in_scope = np.flatnonzero(drawn.scope == IN_SCOPE)
    replied = drawn.until_as_of(drawn.tickets.replied)
    ids = drawn.ticket_ids.to_pylist()
    wrong = [p for p in in_scope if seen.get(ids[p], NEVER) != replied[p]]
    assert not wrong, f"{len(wrong)} tickets whose messages tell another first reply"


def test_solves_and_reopens_in_the_events_are_those_of_the_case(
    drawn: Draw, tables: dict[str, pa.Table]
) -> None:
    events = tables["ticket_events"]
    status = events.filter(pc.equal(events["type"], "status"))
    done = pa.array(["solved", "closed"])
    back = pc.and_(
        pc.is_in(status["from_value"], done), pc.invert(pc.is_in(status["to_value"], done))
    )
    solved = status.filter(pc.equal(status["to_value"], "solved"))
    assert len(pc.unique(solved["ticket_id"])) == int(
        np.sum((drawn.tickets.solved <= drawn.as_of) & (drawn.tickets.kind != 3))
    )
    assert status.filter(back).num_rows == int(np.sum(drawn.tickets.reopened <= drawn.as_of))


def test_delivered_status_is_that_of_the_last_change(tables: dict[str, pa.Table]) -> None:
    events = tables["ticket_events"]
    status = events.filter(pc.equal(events["type"], "status")).select(
        ["ticket_id", "event_id", "to_value"]
    )
    last = status.group_by("ticket_id").aggregate([("event_id", "max")])
    final = last.join(
        status, keys=["ticket_id", "event_id_max"], right_keys=["ticket_id", "event_id"]
    )
    known = dict(zip(final["ticket_id"].to_pylist(), final["to_value"].to_pylist(), strict=True))
    tickets = tables["tickets"]
    pairs = zip(tickets["ticket_id"].to_pylist(), tickets["status"].to_pylist(), strict=True)
    wrong = [ticket for ticket, delivered in pairs if known[ticket] != delivered]
    assert not wrong, f"{len(wrong)} tickets whose status is not that of their last change"


def test_a_bot_speaks_only_where_a_person_answered_or_nobody_had_to(
    drawn: Draw, tables: dict[str, pa.Table]
) -> None:
    messages = tables["messages"]
    by_bot = set(messages.filter(pc.equal(messages["author_type"], "bot"))["ticket_id"].to_pylist())
    by_agent = set(
        messages.filter(pc.equal(messages["author_type"], "agent"))["ticket_id"].to_pylist()
    )
    left_out = tables["tickets"].filter(tables["tickets"]["is_bot_only"])["ticket_id"].to_pylist()
    assert by_bot - by_agent <= set(left_out)


def test_what_is_drawn_for_one_table_does_not_change_another() -> None:
    alone = simulate_tables(3, ["surveys"], service=SMALL)["surveys"]
    together = simulate_tables(3, ["messages", "customers", "surveys"], service=SMALL)["surveys"]
    assert alone.equals(together)


def test_shape_of_the_service(drawn: Draw, tables: dict[str, pa.Table]) -> None:
    tickets = tables["tickets"]
    assert len(pc.unique(tables["agents"]["team_id"])) >= 6
    assert 60 <= tables["agents"].num_rows <= 80
    assert len(pc.unique(tickets["channel"])) == 7
    assert len(pc.unique(tickets["language"])) == 4
    in_quarter = np.sum(drawn.tickets.span == 5)
    assert in_quarter == pytest.approx(SMALL.tickets_per_quarter, rel=0.1)


def test_unknown_table_is_refused() -> None:
    with pytest.raises(KeyError, match="no table 'survey'"):
        simulate_tables(1, ["survey"], service=SMALL)
