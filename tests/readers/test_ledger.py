"""Every row received is loaded or excluded for one reason, and the order of rows means nothing."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxaudit.contracts.canonical import canonical_tables

from .conftest import TICKET_COLUMNS, Delivery

HEADER = "id,customer,created,state,tags\n"
SOURCE: dict[str, Any] = {
    "table": "tickets",
    "path": "in/*.csv",
    "time_zone": "Europe/Rome",
    "filter": [{"column": "state", "not_in": ["test"]}],
    "columns": {**TICKET_COLUMNS, "status": "state", "kb_article_ids": "tags"},
}
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "3", ""]),
        st.sampled_from(["a", "b", ""]),
        st.sampled_from(["2026-07-01", "2026-10-25 02:30:00", "soon", ""]),
        st.sampled_from(["open", "solved", "test", "lost", ""]),
        st.sampled_from(["k1;k2", "k2", "", "more,cells"]),
    ).map(",".join),
    max_size=12,
)
SHUFFLED = ROWS.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows)))


def loaded(*parts: list[str], **changes: Any) -> tuple[bytes, dict[str, Any]]:
    """The Parquet file and ledger of rows delivered in one or more files."""
    with tempfile.TemporaryDirectory() as folder:
        client = Delivery(Path(folder))
        for number, rows in enumerate(parts):
            client.deliver(f"in/{number}.csv", HEADER + "".join(f"{row}\n" for row in rows))
        client.load({**SOURCE, **changes})
        return client.file("tickets").read_bytes(), client.ledger()


@settings(max_examples=60, deadline=None)
@given(
    ROWS.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))), st.integers(0, 12)
)
def test_rows_in_another_order_or_split_over_two_files_give_the_same_bytes(
    rows: tuple[list[str], list[str]], cut: int
) -> None:
    given_rows, shuffled = rows
    expected, ledger = loaded(given_rows)
    assert ledger["received"] == len(given_rows)
    assert loaded(shuffled) == (expected, ledger)
    assert loaded(given_rows[:cut], given_rows[cut:]) == (expected, ledger)


@settings(max_examples=30, deadline=None)
@given(SHUFFLED)
def test_the_latest_row_does_not_depend_on_order(rows: tuple[list[str], list[str]]) -> None:
    latest = {"per": "id", "by": "created"}
    before, after = (loaded(order, latest=latest) for order in rows)
    assert before == after
    assert before[1]["received"] == len(rows[0])


def test_exact_duplicates_leave_one_copy_and_differing_copies_all_stay(client: Delivery) -> None:
    row = "1,a,2026-07-01,open,k1;k2\n"
    client.deliver("in/0.csv", HEADER + row + row + row.replace("open", "solved"))
    client.deliver("in/1.csv", HEADER + row)
    client.load(SOURCE)
    assert client.ledger()["excluded"] == {"exact duplicate": 2}
    assert client.cells("status") == ["open", "solved"]


def test_the_file_has_the_columns_and_types_of_its_table(client: Delivery) -> None:
    import pyarrow.parquet as pq

    client.deliver("in/0.csv", HEADER)
    client.load(SOURCE)
    assert pq.read_schema(client.file("tickets")).equals(
        canonical_tables()["tickets"].arrow_schema()
    )


def test_rows_are_sorted_by_their_key(client: Delivery) -> None:
    rows = [f"{n},a,2026-07-01,open,\n" for n in ("10", "9", "1")]
    for order in itertools.permutations(rows):
        client.deliver("in/0.csv", HEADER + "".join(order))
        client.load(SOURCE)
        assert client.cells("ticket_id") == ["1", "10", "9"]


def test_tables_no_longer_supplied_leave_the_folder(client: Delivery) -> None:
    client.deliver("in/0.csv", HEADER + "1,a,2026-07-01,open,\n")
    customers = {"customer_id": "customer"}
    client.load(SOURCE, {**SOURCE, "table": "customers", "columns": customers})
    assert client.file("customers").exists()
    client.load(SOURCE)
    assert not client.file("customers").exists()


def test_a_failed_load_leaves_the_last_one_untouched(client: Delivery) -> None:
    from cxaudit.errors import UnreadableData

    client.deliver("in/0.csv", HEADER + "1,a,2026-07-01,open,\n")
    client.load(SOURCE)
    before = client.file("tickets").read_bytes()
    client.deliver("in/1.csv", "")
    with pytest.raises(UnreadableData):
        client.load(SOURCE)
    assert client.file("tickets").read_bytes() == before


def test_messages_of_findings_depend_on_counts_alone(client: Delivery) -> None:
    rows = ["1,a,soon,open,\n", "2,b,2026-07-01,lost,\n"]
    messages = []
    for order in (rows, rows[::-1]):
        client.deliver("in/0.csv", HEADER + "".join(order))
        client.load(SOURCE)
        messages.append([f["message"] for f in client.noticed()])
    assert messages[0] == messages[1]
    assert len(messages[0]) == 2


def test_the_stage_returns_small_frames(client: Delivery) -> None:
    client.deliver("in/0.csv", HEADER + "1,a,2026-07-01,open,\n2,b,soon,open,\n")
    result = client.load(SOURCE)
    assert result.inputs["rows"].tolist() == [2]
    assert result.ledger.to_dict("records") == [
        {"table": "tickets", "received": 2, "unreadable": 1, "loaded": 1}
    ]
    assert result.findings["id"].tolist() == [
        "load-ids-as-delivered",
        "load-unreadable-row-tickets-created_at",
    ]
