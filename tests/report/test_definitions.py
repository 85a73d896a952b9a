"""The pages of docs/indicators agree with scorecard, indicators and worked examples."""

from pathlib import Path

import pytest

from cxaudit.indicators import CONTEXT, INDICATORS
from cxaudit.report import definitions, examples

ROOT = Path(__file__).parents[2]
PAGES = definitions.pages()


def test_there_is_one_page_for_each_indicator_and_each_figure_beside():
    expected = {f"{id}.md" for id in (*INDICATORS, *CONTEXT)} | {definitions.INDEX}
    assert set(PAGES) == expected
    assert {path.name for path in (ROOT / definitions.FOLDER).glob("*.md")} == expected


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_is_as_its_sources_make_it(name):
    page = (ROOT / definitions.FOLDER / name).read_text(encoding="utf-8")
    assert page == PAGES[name], "run: python -m cxaudit.report.definitions"


def test_the_index_names_every_indicator_by_principle():
    index = PAGES[definitions.INDEX]
    assert index.index("## Empathy") < index.index("## Speed") < index.index("never scored")
    for id in (*INDICATORS, *CONTEXT):
        assert f"]({id}.md)" in index, id


@pytest.mark.parametrize("id", sorted(INDICATORS))
def test_a_page_tells_all_that_is_laid_down(id):
    page = PAGES[f"{id}.md"]
    headings = ("Definition", "Who counts, and when", "Anchors", "To mind", "Worked by hand")
    for heading in headings:
        assert f"\n## {heading}\n" in page, heading
    for fact in ("- Minimum:", "- Statistic:", "- Needs:", "### expected"):
        assert fact in page, fact


def test_a_worked_example_is_read_whole():
    example = examples.examples()["spd_first_response"]
    assert [table.name for table in example.tables] == ["tickets", "messages"]
    assert example.tables[0].columns[:2] == ("ticket_id", "created_at")
    assert len(example.tables[0].rows) == 7
    value = {row[0]: row[1:] for row in example.expected.rows}["value"]
    assert value == ("10800", "S falls to 3/4 after 1 h and to 1/2 after 3 h: the median")
