"""The report in a real browser, offline: what a reader sees, hears, prints and is spared."""

import re
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe

KINDS = ("invented", "hostile", "empty")
SECTIONS = [
    "answer", "changed", "months", "where", "maturity", "principles", "data", "surveys",
    "robustness", "not-assessed", "method", "indicators", "examples", "glossary", "manifest",
]  # fmt: skip
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@contextmanager
def opened(browser, path, width=1280, **settings):
    """The page, with everything it asked for and complained about."""
    context = browser.new_context(
        offline=True, viewport={"width": width, "height": 900}, **settings
    )
    page = context.new_page()
    page.heard = []
    page.on("request", lambda request: page.heard.append(f"request {request.url}"))
    page.on("console", lambda message: page.heard.append(f"console {message.text}"))
    page.on("dialog", lambda dialog: page.heard.append(f"dialog {dialog.message}"))
    page.on("pageerror", lambda error: page.heard.append(f"error {error}"))
    page.goto(path.as_uri())
    yield page
    context.close()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_asked_of_the_network_and_nothing_complains(browser, reports, kind):
    with opened(browser, reports[kind]) as page:
        assert page.heard == [f"request {reports[kind].as_uri()}"]


def test_hostile_strings_are_shown_and_do_nothing(browser, reports):
    with opened(browser, reports["hostile"]) as page:
        assert page.title().startswith("<script>document.title="), "the name is text in the title"
        assert page.locator("script, img, iframe, object, link, form").count() == 0
        handlers = "e => [...e.attributes].filter(a => a.name.startsWith('on')).length"
        assert page.evaluate(f"[...document.querySelectorAll('*')].filter({handlers}).length") == 0
        assert "{{ 7*7 }}" in page.locator("header.cover").inner_text(), "not evaluated"
        assert "\u202e" not in page.content(), "nothing turns the reading direction round"


def test_the_page_has_no_script_and_says_so(reports):
    page = reports["invented"].read_text("utf-8")
    assert "<script" not in page
    assert re.search(
        r'http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;', page
    )
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!#)""", page), "a reference leaves the file"
    assert not re.search(r"url\((?!#)", page)


@pytest.mark.parametrize("kind", KINDS)
def test_ten_principles_and_every_section_are_there(browser, reports, kind):
    with opened(browser, reports[kind]) as page:
        assert page.locator("table.scorecard tr.principle").count() == 10
        assert page.locator("main > section").evaluate_all("all => all.map(s => s.id)") == SECTIONS
        assert page.locator("h1").count() == 1
        assert page.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize("kind", KINDS)
def test_every_link_leads_to_a_place_that_exists_once(browser, reports, kind):
    with opened(browser, reports[kind]) as page:
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        links = page.evaluate(
            "[...document.querySelectorAll('a')].map(a => a.getAttribute('href'))"
        )
        assert len(ids) == len(set(ids)), sorted({i for i in ids if ids.count(i) > 1})
        assert not {link for link in links if link[1:] not in ids}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_nothing_scrolls_sideways(browser, reports, kind, width):
    with opened(browser, reports[kind], width=width) as page:
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_text_twice_as_large_still_fits(browser, reports):
    with opened(browser, reports["invented"], width=720) as page:
        page.evaluate("document.documentElement.style.zoom = 2")
        assert page.evaluate("document.documentElement.scrollWidth") <= 720


@pytest.mark.parametrize(
    ("kind", "width", "scheme"),
    [
        ("invented", 1440, "light"),
        ("invented", 1440, "dark"),
        ("invented", 360, "light"),
        ("hostile", 768, "dark"),
        ("empty", 1440, "light"),
    ],
)
def test_axe_finds_nothing(browser, reports, kind, width, scheme):
    with opened(browser, reports[kind], width=width, color_scheme=scheme) as page:
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()


def test_contents_stay_within_reach_on_a_phone(browser, reports):
    with opened(browser, reports["invented"], width=360) as page:
        page.evaluate("document.getElementById('method').scrollIntoView()")
        box = page.locator("nav").bounding_box()
        assert box and 0 <= box["y"] < 10, "the contents scrolled away"
        heading = page.locator("#method h2").bounding_box()
        assert heading and heading["y"] >= box["height"], "the contents cover the heading"


def test_the_first_tab_offers_to_skip_the_contents(browser, reports):
    with opened(browser, reports["invented"]) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"


def test_each_drawing_says_in_words_what_it_shows(browser, reports):
    with opened(browser, reports["invented"]) as page:
        labels = page.locator("table.scorecard svg[role=img]").evaluate_all(
            "all => all.map(s => s.getAttribute('aria-label'))"
        )
        assert labels[0] == "Speed: 38 of 100, 95 % interval 33 to 43, assessed".replace(" %", " %")
        assert labels[-1].endswith("not assessed")


def test_every_figure_of_a_principle_has_base_interval_and_evidence(browser, reports):
    with opened(browser, reports["invented"]) as page:
        facts = page.locator("#acc_reopen_14d .facts").inner_text().replace("\u00a0", " ")
        for part in ("3.1 % of 7,020", "2.5 to 3.7 %", "84 (80 to 88)", "Evidence\nB"):
            assert part in facts, facts


def test_small_groups_are_not_printed_anywhere(browser, reports):
    with opened(browser, reports["invented"]) as page:
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        rows = page.get_by_role("row").filter(has_text="Social media").all_inner_texts()
        assert any("fewer than 10 cases" in row for row in rows)
        assert not any("50 %" in row.replace("\u00a0", " ") and "of 6" in row for row in rows)


def test_it_prints_on_several_a4_pages_with_the_details_open(browser, reports, tmp_path):
    with opened(browser, reports["invented"]) as page:
        target = tmp_path / "report.pdf"
        page.pdf(path=target, prefer_css_page_size=True, print_background=True, tagged=True)
        content = target.read_bytes()
        sizes = {
            tuple(round(float(n)) for n in box.split()[2:])
            for box in re.findall(rb"/MediaBox \[([^\]]+)\]", content)
        }
        assert sizes == {(595, 842)} or sizes == {(596, 842)}, sizes
        assert 8 <= len(re.findall(rb"/Type /Page\b", content)) <= 60
        assert b"/StructTreeRoot" in content
        page.emulate_media(media="print")
        closed = page.locator("#qua_csat details .worked").first
        assert (closed.bounding_box() or {"height": 0})["height"] > 40, (
            "details stay closed on paper"
        )


def test_the_report_is_light(reports):
    assert reports["invented"].stat().st_size < 400_000
