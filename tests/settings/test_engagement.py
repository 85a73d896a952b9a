"""A client's settings: read, refused with every problem at once, and told the nearest name."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cxaudit.engagement import FILE_NAME, open_engagement
from cxaudit.errors import EngagementError
from cxaudit.run import open_run

CLIENT = """[client]
id = "acme"
name = "Acme"
time_zone = "Europe/Berlin"
as_of = 2026-10-03T08:00:00+02:00
"""


def write(folder: Path, text: str) -> Path:
    (folder / FILE_NAME).write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(EngagementError) as error:
        open_engagement(write(folder, text))
    assert error.value.exit_code == 2
    return [str(problem) for problem in error.value.problems]


def test_the_least_that_an_engagement_needs(tmp_path: Path) -> None:
    engagement = open_engagement(write(tmp_path, CLIENT))
    assert engagement.as_of == datetime(2026, 10, 3, 6, tzinfo=UTC), "in UTC"
    assert engagement.required_tables == ("tickets",)
    assert engagement.folder == tmp_path.resolve()
    assert engagement.scope.bot_only == "any"


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(CLIENT, encoding="utf-8-sig")
    assert open_engagement(tmp_path / FILE_NAME).client.id == "acme"


def test_every_problem_is_told_at_once_with_the_nearest_name(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        """chanels = {}
[client]
id = "a b"
nam = "Acme"
time_zone = "Europe/Berln"
as_of = 2026-10-03T08:00:00
[actors]
bot_idz = ["a"]
[gates]
minimum_coverage = 1.5
[scope]
bot_only = "sometimes"
[[override]]
indicator = "qua_csat"
reason = "short"
[[source]]
name = "tickets"
""",
    )
    said = "\n".join(found)
    for words in (
        "client.id",
        "client.nam: is not a setting. Did you mean 'name'?",
        "client.name: is missing",
        "client.time_zone: is not an IANA time zone",
        "Did you mean 'Europe/Berlin'?",
        "client.as_of: has no UTC offset",
        "actors.bot_idz: is not a setting. Did you mean 'bot_ids'?",
        "gates.minimum_coverage",
        "scope.bot_only",
        "overrides.0.reason",
        "chanels: is not a setting. Did you mean 'channels'?",
        "source",
    ):
        assert words in said, f"{words!r} is not in:\n{said}"
    assert all(FILE_NAME in problem for problem in found), "each says where"


@pytest.mark.parametrize("part", ["as_of", "id", "name", "time_zone"])
def test_what_an_audit_cannot_do_without(part: str, tmp_path: Path) -> None:
    text = "\n".join(line for line in CLIENT.splitlines() if not line.startswith(part))
    assert problems(tmp_path, text) == [
        f"{FILE_NAME}, client.{part}: is missing. It has to be given."
    ]


def test_an_instant_without_an_offset_is_refused(tmp_path: Path) -> None:
    found = problems(tmp_path, CLIENT.replace("+02:00", ""))
    assert len(found) == 1
    assert "2026-10-03T06:00:00Z" in found[0], "says how to write it"


def test_a_part_that_is_no_table_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path, CLIENT + '\n[actors]\nbot_ids = "robot"\n')
    assert problems(tmp_path, 'client = "acme"\n')


def test_sources_in_single_brackets_are_told_apart(tmp_path: Path) -> None:
    found = problems(tmp_path, CLIENT + '[source]\ntable = "tickets"\n')
    assert found == [
        f"{FILE_NAME}, source: is not a list of tables. "
        "Write each as [[source]], in double brackets."
    ]


def test_a_channel_has_a_clock_of_two(tmp_path: Path) -> None:
    text = CLIENT + '\n[channels]\nemail = "business"\nchat = "calendar"\n'
    assert open_engagement(write(tmp_path, text)).channels == {
        "email": "business",
        "chat": "calendar",
    }
    assert problems(tmp_path, CLIENT + '\n[channels]\nfax = "business"\n')
    assert problems(tmp_path, CLIENT + '\n[channels]\nemail = "office"\n')


def test_text_that_is_not_toml_says_which_line(tmp_path: Path) -> None:
    found = problems(tmp_path, "[client\n")
    assert "not valid TOML" in found[0]
    assert "line 1" in found[0]


def test_an_engagement_that_is_not_there_names_every_place(tmp_path: Path) -> None:
    with pytest.raises(EngagementError, match="nowhere.*cxaudit new"):
        open_engagement(tmp_path / "nowhere")


def test_overrides_are_read_with_their_reason(tmp_path: Path) -> None:
    text = CLIENT + (
        '[[override]]\nindicator = "qua_fcr_observed"\nreason = "fixed by contract"\n'
        "parameters = { window_days = 14 }\n"
    )
    (override,) = open_engagement(write(tmp_path, text)).overrides
    assert (override.indicator, override.parameters) == ("qua_fcr_observed", {"window_days": 14})


def test_a_run_takes_the_period_of_the_call_before_that_of_the_engagement(tmp_path: Path) -> None:
    write(tmp_path, CLIENT + 'period = "2026Q2"\n')
    assert open_run(tmp_path).period.label == "2026Q2"
    run = open_run(tmp_path, "2026Q3", tmp_path / "work")
    assert (run.period.label, run.period.time_zone) == ("2026Q3", "Europe/Berlin")
    assert run.folder("1_load") == (tmp_path / "work" / "1_load").resolve()


def test_a_run_without_any_period_says_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(EngagementError, match="--period 2026Q3"):
        open_run(write(tmp_path, CLIENT))
