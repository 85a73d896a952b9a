"""CSV as clients really deliver it: nothing is lost silently, and what is wrong is said."""

from __future__ import annotations

import pytest

from cxaudit.errors import EngagementError, UnreadableData

from .conftest import Delivery

TWO = "id,customer,created\n1,a,2026-07-01T10:00:00Z\n2,b,2026-07-02T10:00:00Z\n"


def test_a_plain_file_is_loaded_with_the_types_of_the_table(client: Delivery) -> None:
    client.deliver("tickets.csv", TWO)
    client.tickets()
    assert client.cells("ticket_id") == ["1", "2"]
    assert client.cells("created_at")[0].isoformat() == "2026-07-01T10:00:00+00:00"
    assert client.ledger() == {
        "received": 2,
        "excluded": {},
        "loaded": 2,
        "supplied": ["ticket_id", "customer_id", "channel", "created_at", "created_by"],
    }
    assert client.result["inputs"][0]["rows"] == 2
    assert client.result["inputs"][0]["path"] == "tickets.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_declared_encodings_and_byte_order_marks_are_read(client: Delivery, encoding: str) -> None:
    client.deliver("tickets.csv", TWO.replace("1,a", "1,zoë").encode(encoding))
    client.tickets(encoding=encoding)
    assert client.cells("customer_id") == ["zoë", "b"]


def test_rows_that_do_not_decode_are_counted_with_their_numbers_and_the_rest_is_read(
    client: Delivery,
) -> None:
    row = "{},{},2026-07-01T10:00:00Z\n"
    rows = [row.format(i, "zoë" if i != 3 else "no\xeb").encode() for i in range(1, 9)]
    rows[2] = row.format(3, "noë").encode("cp1252")
    client.deliver("tickets.csv", b"id,customer,created\n" + b"".join(rows))
    client.tickets()
    assert client.ledger()["excluded"] == {"unreadable": 1}
    assert client.cells("ticket_id") == ["1", "2", "4", "5", "6", "7", "8"]
    (finding,) = client.noticed()
    assert finding["id"] == "load-undecodable-tickets"
    assert finding["positions"] == [{"path": "tickets.csv", "rows": [4]}]


def test_bytes_that_do_not_decode_in_unused_columns_cost_no_row(client: Delivery) -> None:
    text = b"id,customer,created,note\n1,a,2026-07-01T10:00:00Z,caf\xe9\n"
    client.deliver("tickets.csv", text)
    client.tickets()
    assert client.ledger()["loaded"] == 1
    assert client.findings() == {"load-undecodable-unused-tickets": 1}


def test_a_file_in_another_encoding_throughout_is_refused(client: Delivery) -> None:
    rows = "".join(f"{i},zoë,2026-07-01T10:00:00Z\n" for i in range(9))
    client.deliver("tickets.csv", ("id,customer,created\n" + rows).encode("cp1252"))
    with pytest.raises(UnreadableData, match="is not written in utf-8: 9 of 9 rows"):
        client.tickets()


def test_the_mark_of_another_encoding_is_recognised(client: Delivery) -> None:
    client.deliver("tickets.csv", TWO.encode("utf-16"))
    with pytest.raises(UnreadableData, match='Set encoding = "utf-16"'):
        client.tickets()


def test_rows_with_a_wrong_number_of_cells_are_counted(client: Delivery) -> None:
    client.deliver("tickets.csv", TWO + "3,c\n4,d,2026-07-01T10:00:00Z,more\n5,e,2026-07-03\n")
    client.tickets()
    assert client.ledger()["excluded"] == {"unreadable": 2}
    (finding,) = client.noticed()
    assert (finding["id"], finding["rows"]) == ("load-ragged-tickets", 2)
    assert finding["positions"] == [{"path": "tickets.csv", "rows": [4, 5]}]


def test_row_numbers_stay_right_below_ragged_rows(client: Delivery) -> None:
    client.deliver("tickets.csv", TWO + "3,c\n4,d,2026-07-01\n5,e,yesterday\n")
    client.tickets()
    unreadable = [f for f in client.result["findings"] if "unreadable-row" in f["id"]]
    assert unreadable[0]["positions"] == [{"path": "tickets.csv", "rows": [6]}]


def test_a_quote_that_is_never_closed_is_told(client: Delivery) -> None:
    client.deliver("tickets.csv", TWO + '3,"c,2026-07-01\n4,d,2026-07-01\n')
    client.tickets()
    assert client.cells("ticket_id") == ["1", "2"]
    assert client.ledger()["excluded"] == {"unreadable": 1}


def test_an_inch_mark_inside_a_cell_is_no_open_quote(client: Delivery) -> None:
    client.deliver("tickets.csv", TWO.replace("2,b", '2,5" screen'))
    client.tickets()
    assert client.cells("customer_id") == ["a", '5" screen']
    assert not client.findings()


def test_an_empty_file_is_refused(client: Delivery) -> None:
    client.deliver("tickets.csv", "")
    with pytest.raises(UnreadableData, match="tickets.csv: is empty"):
        client.tickets()


def test_a_header_without_rows_gives_an_empty_table_and_a_finding(client: Delivery) -> None:
    client.deliver("tickets.csv", "id,customer,created\n")
    client.tickets()
    assert client.ledger()["loaded"] == 0
    assert client.findings() == {"load-no-rows-tickets": 1}
    assert client.rows() == []


def test_a_missing_file_is_refused(client: Delivery) -> None:
    with pytest.raises(UnreadableData, match="tickets.csv: is not there"):
        client.tickets()


def test_an_optional_missing_file_is_a_finding(client: Delivery) -> None:
    client.tickets(required=False)
    assert client.result["tables"] == {}
    assert client.findings() == {"load-not-delivered-tickets": 1}


@pytest.mark.parametrize(("mark", "written"), [(";", ";"), ("\t", "\\t"), ("|", "|")])
def test_a_wrong_delimiter_is_recognised_and_the_right_one_named(
    client: Delivery, mark: str, written: str
) -> None:
    client.deliver("tickets.csv", TWO.replace(",", mark))
    with pytest.raises(UnreadableData) as caught:
        client.tickets()
    assert "one column only" in str(caught.value)
    assert f'delimiter = "{written}"' in str(caught.value)
    client.tickets(delimiter=mark)
    assert client.ledger()["loaded"] == 2


def test_lines_before_and_after_the_header_can_be_skipped(client: Delivery) -> None:
    text = "Export of 3 July\n\n" + TWO.replace("1,a,", "Number,Customer,Created\n1,a,")
    client.deliver("tickets.csv", text)
    client.tickets(skip_lines=2, skip_after_header=1)
    assert client.cells("ticket_id") == ["1", "2"]


def test_a_row_is_named_by_its_place_in_the_file_skipped_lines_and_all(client: Delivery) -> None:
    client.deliver("tickets.csv", "Export of 3 July\nfor the board\n" + TWO + "3,c\n")
    client.tickets(skip_lines=2)
    (finding,) = client.noticed()
    assert finding["positions"] == [{"path": "tickets.csv", "rows": [6]}]


def test_quotes_escapes_and_line_breaks_inside_cells(client: Delivery) -> None:
    client.deliver("tickets.csv", TWO.replace("1,a,", "1,'a, or\nb\\'s',"))
    client.tickets(quote="'", escape="\\")
    assert client.cells("customer_id") == ["a, or\nb's", "b"]


def test_unknown_headers_are_all_named_with_the_nearest(client: Delivery) -> None:
    client.deliver("tickets.csv", TWO)
    with pytest.raises(EngagementError) as caught:
        client.tickets(columns={"ticket_id": "idd", "created_at": "creatd"})
    text = str(caught.value)
    assert "no header 'idd' in tickets.csv. Did you mean 'id'?" in text
    assert "no header 'creatd' in tickets.csv. Did you mean 'created'?" in text


def test_a_file_without_a_header_shows_nobody_s_data(client: Delivery) -> None:
    client.deliver("tickets.csv", "7,ann@example.org,2026-07-01T10:00:00Z\n")
    with pytest.raises(EngagementError, match="copy the names from it") as caught:
        client.tickets()
    assert "ann@example.org" not in str(caught.value)


def test_unknown_columns_and_tables_are_named_with_the_nearest(client: Delivery) -> None:
    client.deliver("tickets.csv", TWO)
    with pytest.raises(EngagementError, match="no column 'tickt_id'. Did you mean 'ticket_id'?"):
        client.tickets(columns={"tickt_id": "id"})
    with pytest.raises(EngagementError, match="named 'tickts'. Did you mean 'tickets'?"):
        client.tickets(table="tickts")
    with pytest.raises(EngagementError, match="no table to load is named 'audit_manifest'"):
        client.tickets(table="audit_manifest")


def test_a_header_named_twice_is_refused_unless_the_mapping_tells_them_apart(
    client: Delivery,
) -> None:
    client.deliver("tickets.csv", "id,customer,created,kind,kind\n1,a,2026-07-01,x,y\n")
    with pytest.raises(EngagementError, match="'kind' occurs more than once"):
        client.tickets(columns={"category": "kind"})
    client.tickets(columns={"category": "kind", "subcategory": "kind#2"})
    assert (client.cells("category"), client.cells("subcategory")) == (["x"], ["y"])
    client.tickets(columns={"category": "kind#1"})
    assert client.cells("category") == ["x"]
    client.tickets()
    assert client.findings() == {"load-header-twice-tickets": 1}


def test_messages_are_kept_as_text_whatever_they_hold(client: Delivery) -> None:
    script, formula, long = "<script>alert(1)</script>", '=HYPERLINK("http://x")', "word " * 60_000
    cells = [script, formula.replace('"', '""'), long]
    text = "".join(f'{i},1,2026-07-01T10:00:00Z,"{cell}"\n' for i, cell in enumerate(cells))
    client.deliver("messages.csv", "id,ticket,at,text\n" + text)
    columns = {
        "message_id": "id",
        "ticket_id": "ticket",
        "at": "at",
        "author_type": {"constant": "agent"},
        "is_public": {"constant": True},
        "is_auto": {"constant": False},
        "text": "text",
    }
    client.load({"table": "messages", "path": "messages.csv", "columns": columns})
    assert client.cells("text", "messages") == [script, formula, long.strip()]


def test_a_message_longer_than_a_reading_block_is_read_whole(client: Delivery) -> None:
    long = "x" * (17 << 20)
    client.deliver("tickets.csv", TWO.replace("1,a,", f"1,{long},"))
    client.tickets()
    assert len(client.cells("customer_id")[0]) == len(long)


def test_binary_files_are_not_read_as_text(client: Delivery) -> None:
    client.deliver("tickets.csv", b"\x00\x01\x02\x03" * 99)
    with pytest.raises(UnreadableData, match="zero bytes"):
        client.tickets()


def test_problems_of_all_sources_come_at_once(client: Delivery) -> None:
    client.deliver("a.csv", "")
    client.deliver("c.csv", TWO)
    source = {"table": "tickets", "columns": {"ticket_id": "id"}}
    with pytest.raises(UnreadableData) as caught:
        client.load(*({**source, "path": f"{name}.csv"} for name in "abc"))
    assert "a.csv: is empty" in str(caught.value)
    assert "b.csv: is not there" in str(caught.value)
