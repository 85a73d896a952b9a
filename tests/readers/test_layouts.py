"""Every vendor's layout says what it reads, and makes canonical columns of it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.errors import EngagementError, UnreadableData
from cxaudit.readers.layouts import layout
from cxaudit.readers.layouts.declaration import Made, Tables
from cxaudit.readers.mapping import setting_problems
from cxaudit.readers.vendor.files import renamed
from cxaudit.readers.vendor.settings import mapped_source
from cxaudit.sources import VendorSource, vendors

from .conftest import Delivery

TICKETS = "id,created_at,requester_id,status,via_channel,made_up\n"
# obligatory columns no vendor delivers, for an engagement to add under `columns`
NOT_EXPORTED = {
    ("genesys", "messages"): {"ticket_id"},
    ("twilio", "messages"): {"ticket_id"},
    ("amazon_connect", "messages"): {"ticket_id"},
    ("amazon_connect", "qa_reviews"): {"sample_method"},
}
# those that ask questions need to be told which
ASK_NOTHING = [vendor for vendor in vendors() if not layout(vendor).asks]
EVERY_MADE = [(vendor, made) for vendor in vendors() for made in layout(vendor).made]


@pytest.mark.parametrize("vendor", vendors())
def test_a_layout_says_where_it_comes_from(vendor: str) -> None:
    declared = layout(vendor)
    assert declared.name == vendor
    assert declared.documentation.startswith("https://")
    assert declared.export and declared.version and declared.faults


@pytest.mark.parametrize("vendor", vendors())
def test_a_table_is_known_by_its_first_header(vendor: str) -> None:
    for name, table in layout(vendor).tables.items():
        assert len(set(table.headers)) == len(table.headers), f"{name} names a header twice"
        assert set(table.aliases.values()) <= set(table.headers), f"{name}: alias for nothing"


@pytest.mark.parametrize("vendor", vendors())
def test_a_file_holds_one_list_of_records(vendor: str) -> None:
    """Tables told from one file are lists inside the same records; else rows would count twice."""
    outermost: dict[tuple[str, bool], set[str]] = {}
    for name, table in layout(vendor).tables.items():
        for stem in {name.lower(), *table.files}:
            where = outermost.setdefault((stem, bool(table.records)), set())
            where.add(table.records.split("[]")[0] if table.records else name)
    several = {stem: tables for (stem, _), tables in outermost.items() if len(tables) > 1}
    assert not several, f"files of these names would be read as several tables: {several}"


@pytest.mark.parametrize(
    ("vendor", "made"), EVERY_MADE, ids=lambda value: getattr(value, "table", value)
)
def test_what_is_made_fits_the_canonical_table(vendor: str, made: Made) -> None:
    declared = layout(vendor).tables[made.of]
    source = VendorSource.model_validate({"reader": vendor, "path": "x"})
    everything = {name: frozenset(t.headers) for name, t in layout(vendor).tables.items()}
    settings = mapped_source(source, made, declared, Tables({}, everything))
    assert not setting_problems(settings)
    columns = canonical_tables()[made.table].columns
    obligatory = {c.name for c in columns.values() if c.required == "table" and not c.nullable}
    lacking = obligatory - set(settings.columns) - NOT_EXPORTED.get((vendor, made.table), set())
    assert not lacking, f"{made.table} of {made.of} lacks the obligatory {sorted(lacking)}"
    for lookup in settings.lookup:
        assert lookup.path in layout(vendor).tables


@pytest.mark.parametrize("vendor", ASK_NOTHING)
def test_an_export_without_rows_is_read(client: Delivery, vendor: str) -> None:
    for name, table in layout(vendor).tables.items():
        nested = bool(table.records)
        text = "[]" if nested else ",".join(table.headers) + "\n"
        client.deliver(f"export/{name}.{'json' if nested else 'csv'}", text)
    files = {
        name: f"export/{name}.{'json' if table.records else 'csv'}"
        for name, table in layout(vendor).tables.items()
    }
    client.load({"reader": vendor, "files": files, "time_zone": "UTC"})
    made = {made.table for made in layout(vendor).made}
    assert set(client.result["tables"]) == made
    assert not any(entry["loaded"] for entry in client.result["tables"].values())


@pytest.mark.parametrize("vendor", ASK_NOTHING)
def test_a_record_of_nothing_but_its_key_is_accounted_for(client: Delivery, vendor: str) -> None:
    """What a vendor leaves out is missing; no row is lost, and nothing breaks."""
    files = {}
    for name, table in layout(vendor).tables.items():
        levels = table.records.split(".") if table.records else []
        if len([level for level in levels if level.endswith("[]")]) > 1:
            continue
        key = table.headers[0]
        text = json.dumps([{key: "1"}, {key: ""}]) if table.records else f"{key},x\n1,\n,\n"
        files[name] = f"export/{name}.{'json' if table.records else 'csv'}"
        client.deliver(files[name], text)
    client.load({"reader": vendor, "files": files, "time_zone": "UTC"})
    for table in client.result["tables"]:
        client.ledger(table)


def test_headers_agree_without_case_blanks_dots_and_underscores() -> None:
    declared = layout("salesforce").tables["Case"]
    delivered = ["id", "IS_DELETED", "contact_id", "Created Date", "ownerid", "colour"]
    assert renamed(delivered, declared) == {
        "id": "Id",
        "IS_DELETED": "IsDeleted",
        "contact_id": "ContactId",
        "Created Date": "CreatedDate",
        "ownerid": "OwnerId",
    }


def test_a_header_that_is_there_is_never_renamed_away() -> None:
    declared = layout("servicenow").tables["incident"]
    assert renamed(["sys_id", "number", "caller_id"], declared) == {"caller_id": "caller_id_value"}
    assert renamed(["number"], declared) == {"number": "sys_id"}
    assert not renamed(["sys_id", "caller_id", "caller_id_value"], declared)


def test_files_of_another_name_are_named_in_the_engagement(client: Delivery) -> None:
    client.deliver("export/everything.csv", TICKETS + "1,2026-07-01 10:00:00,7,open,web,x\n")
    files = {"ticket": "export/everything.csv"}
    client.load({"reader": "zendesk", "files": files})
    assert client.cells("ticket_id") == ["1"]
    with pytest.raises(EngagementError, match="no table 'tickit'. Did you mean 'ticket'?"):
        client.load({"reader": "zendesk", "files": {"tickit": "export/everything.csv"}})


def test_files_that_are_no_table_are_counted(client: Delivery) -> None:
    client.deliver("export/ticket.csv", TICKETS + "1,2026-07-01 10:00:00,7,open,web,x\n")
    client.deliver("export/brand.csv", "id\n1\n")
    client.load({"reader": "zendesk", "path": "export"})
    assert client.findings("unused-files") == {"load-unused-files-zendesk": 1}


def test_a_word_nobody_knows_is_counted_and_the_row_stays(client: Delivery) -> None:
    rows = "1,2026-07-01 10:00:00,7,waiting,fax,x\n2,2026-07-01 10:00:00,7,waiting,,x\n"
    client.deliver("export/ticket.csv", TICKETS + rows)
    source = {"reader": "zendesk", "path": "export"}
    client.load(source)
    assert client.cells("status") == ["unknown", "unknown"]
    assert client.cells("channel") == ["web_form", "web_form"]
    assert client.findings("tickets")["load-otherwise-tickets-channel"] == 1
    assert client.findings("tickets")["load-otherwise-tickets-status"] == 2
    words = {"status": {"waiting": "pending"}, "channel": {"fax": "phone"}}
    client.load({**source, "words": words, "default_channel": "chat"})
    assert client.cells("status") == ["pending", "pending"]
    assert client.cells("channel") == ["phone", "chat"]
    assert not client.findings("otherwise")


def test_words_and_columns_are_checked(client: Delivery) -> None:
    client.deliver("export/ticket.csv", TICKETS + "1,2026-07-01 10:00:00,7,open,web,x\n")
    source = {"reader": "zendesk", "path": "export"}
    with pytest.raises(EngagementError) as caught:
        client.load(
            {
                **source,
                "words": {"status": {"x": "opened"}, "colour": {"x": "y"}},
                "columns": {"tickets": {"categry": "made_up"}, "call": {"queue": "made_up"}},
            }
        )
    for expected in (
        "'opened' is no status. Did you mean 'open'?",
        "no column 'colour' takes a word of a list",
        "table tickets has no column 'categry'. Did you mean 'category'?",
        "the layout makes no table 'call'",
    ):
        assert expected in str(caught.value)
    columns = {"tickets": {"category": {"from": "made_up", "values": {"x": "billing"}}}}
    client.load({**source, "columns": columns})
    assert client.cells("category") == ["billing"]


def test_a_table_without_its_key_is_refused(client: Delivery) -> None:
    client.deliver("export/ticket.csv", "number,created_at\n1,2026-07-01 10:00:00\n")
    with pytest.raises(UnreadableData, match="table ticket has no column 'id'"):
        client.load({"reader": "zendesk", "path": "export"})


def test_of_a_header_that_occurs_twice_the_first_is_read(client: Delivery) -> None:
    text = "id,status,status,created_at\n1,open,closed,2026-07-01 10:00:00\n"
    client.deliver("export/ticket.csv", text)
    client.load({"reader": "zendesk", "path": "export"})
    assert client.cells("status") == ["open"]
    assert client.findings("header-first") == {"load-header-first-tickets": 1}


def test_files_written_another_way(client: Delivery) -> None:
    text = "id;status;created_at;subject\n1;open;01/07/2026 12:00;Zürich\n"
    client.deliver("export/ticket.csv", text.encode("cp1252"))
    written = {"encoding": "cp1252", "delimiter": ";", "dates": "%d/%m/%Y %H:%M"}
    columns = {"tickets": {"category": "subject"}}
    source = {"reader": "zendesk", "path": "export", "columns": columns, **written}
    client.load({**source, "time_zone": "Europe/Zurich"})
    (ticket,) = client.rows()
    assert ticket["created_at"].isoformat() == "2026-07-01T10:00:00+00:00"
    assert ticket["category"] == "Zürich"


def test_a_source_needs_a_place(client: Delivery) -> None:
    with pytest.raises(EngagementError, match="needs 'path'"):
        client.load({"reader": "zendesk"})


def test_naming_the_readers_imports_none_of_them() -> None:
    code = (
        "import sys; import cxaudit.readers as r; print(len(list(r.READERS)));"
        "print([m for m in sys.modules if m.startswith('cxaudit.readers.') or m == 'pyarrow'])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert told == [str(1 + len(vendors())), "[]"]
