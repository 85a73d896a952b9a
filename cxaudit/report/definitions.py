"""The definition of every indicator as a page of its own: `python -m cxaudit.report.definitions`.

Definition, question, who counts, clock, anchors with their provenance, minimum, what to read it
with, and the example worked by hand. The pages are made from the scorecard, the indicators and the
examples; a test says that they agree.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cxaudit.indicators import CONTEXT, INDICATORS, Indicator
from cxaudit.report.examples import Example, examples
from cxaudit.report.method import anchor_rows
from cxaudit.report.numbers import SPACE
from cxaudit.report.words import capital, listed, table_name, words
from cxaudit.scorecards import open_scorecard

FOLDER = Path("docs") / "indicators"
INDEX = "README.md"
MADE_BY = "Made by `python -m cxaudit.report.definitions`; changed where it comes from, not here."


def pages() -> dict[str, str]:
    """Every page by the name of its file: one per indicator and figure beside, and the index."""
    scorecard = open_scorecard()
    entries = {entry["id"]: entry for entry in scorecard["indicators"]}
    worked = examples()
    made = {
        f"{id}.md": _page(_of_indicator(entries[id], found, scorecard, entries, worked[id]))
        for id, found in INDICATORS.items()
    }
    made |= {f"{id}.md": _page(_of_context(found, worked[id])) for id, found in CONTEXT.items()}
    made[INDEX] = _page(_index(scorecard))
    return made


def write_pages(folder: Path) -> int:
    """The number of pages, written to a folder; a page of no indicator is removed from it."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for path in folder.glob("*.md"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    return len(made)


def _page(lines: Iterable[str]) -> str:
    text = "\n".join(lines).replace(SPACE, " ")
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _index(scorecard: Mapping[str, Any]) -> Iterator[str]:
    yield "# The indicators"
    yield ""
    yield "One page each: what is asked, who counts, when, against what, and an example worked by"
    yield f"hand that the tests recompute. {MADE_BY}"
    for principle in scorecard["principles"]:
        entries = [e for e in scorecard["indicators"] if e["principle"] == principle["id"]]
        yield f"\n## {principle['name']}\n"
        yield f"{words()['principles'][principle['id']]['asks']}\n"
        yield "| indicator | weight | what it asks |"
        yield "|---|---|---|"
        for entry in entries:
            is_there = entry["id"] in INDICATORS
            name = f"[{entry['name']}]({entry['id']}.md)" if is_there else entry["name"]
            core = ", core" if entry["core"] else ""
            state = "" if is_there else f" *{_absent(entry)}*"
            yield f"| {name} | {entry['weight']:g}{core} | {entry['question']}{state} |"
    yield "\n## Figures beside, never scored\n"
    yield "| figure | what it is |"
    yield "|---|---|"
    for id, found in CONTEXT.items():
        yield f"| [{context_name(id)}]({id}.md) | {_first_sentence(found.definition)} |"


def _of_indicator(
    entry: Mapping[str, Any],
    found: Indicator,
    scorecard: Mapping[str, Any],
    entries: Mapping[str, Mapping[str, Any]],
    example: Example,
) -> Iterator[str]:
    names = {principle["id"]: principle["name"] for principle in scorecard["principles"]}
    core = ", core" if entry["core"] else ""
    status = "" if entry["status"] == "scored" else f" Status: {entry['status']}."
    yield f"# {entry['name']}\n"
    yield f"`{entry['id']}`: {names[entry['principle']]}, weight {entry['weight']:g}{core}.{status}"
    yield f"[All indicators]({INDEX})\n"
    yield f"**{entry['question']}**\n"
    yield from _definition(found.definition)
    yield from _clock(found)
    yield "\n## Who counts, and when\n"
    yield f"- Cases: {entry['cases']}"
    if entry["period_anchor"]:
        yield f"- In the period by: `{entry['period_anchor']}`"
    for name, text in entry["value"].items():
        if text is not None:
            yield f"- {capital(name.replace('_', ' '))}: {text}"
    yield f"- Statistic: {entry['statistic'].replace('_', ' ')}, interval {entry['interval']}"
    yield f"- Settings: {_listed(entry['parameters'])}"
    yield f"- Minimum: {_listed(entry['minimum'])}"
    yield from _needs(entry)
    yield from _anchors(entry, scorecard["sources"])
    yield "\n## To mind\n"
    yield f"{entry['caveat'] or 'Nothing in particular.'}\n"
    if entry["read_with"]:
        yield f"Read with: {listed(_link(id, entries) for id in entry['read_with'])}."
    yield from _worked(example)


def _of_context(found: Indicator, example: Example) -> Iterator[str]:
    yield f"# {context_name(found.id)}\n"
    yield f"`{found.id}`: a figure beside the indicators, never scored."
    yield f"[All indicators]({INDEX})\n"
    yield from _definition(found.definition)
    yield from _clock(found)
    yield from _worked(example)


def context_name(id: str) -> str:
    """The name of a figure beside the indicators."""
    return str(words()["context"].get(id, capital(id.replace("_", " "))))


def _definition(text: str) -> Iterator[str]:
    yield "## Definition\n"
    yield "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def _clock(found: Indicator) -> Iterator[str]:
    if found.clock:
        yield f"\nClock: {words()['clocks'][found.clock]}."


def _needs(entry: Mapping[str, Any]) -> Iterator[str]:
    yield f"- Needs: {', '.join(f'`{name}`' for name in entry['requires'])}"
    for use in entry["uses_if_present"]:
        tables = dict.fromkeys(column.split(".")[0] for column in use["columns"])
        yield f"- Uses {listed(map(table_name, tables))} where supplied. Without: {use['fallback']}"


def _anchors(entry: Mapping[str, Any], sources: Mapping[str, Any]) -> Iterator[str]:
    rows = anchor_rows(entry)
    yield "\n## Anchors\n"
    if not rows:
        yield "None: it is shown, not scored."
        return
    better = "More" if entry["direction"] == "higher" else "Less"
    scale = ", on a logarithmic scale" if entry["anchor_scale"] == "log" else ""
    yield f"{better} is better{scale}. H: house judgement; S and digits: a published source.\n"
    yield "| | floor (0) | typical (50) | target (75) | world class (100) |"
    yield "|---|---|---|---|---|"
    for row in rows:
        yield f"| {row.channel} | {' | '.join(f'{v} ({origin})' for v, origin in row.cells)} |"
    named = set(re.findall(r"S\d+", str(entry["provenance"])))
    if named:
        yield ""
    for code in sorted(named):
        source = sources[code]
        yield f"- {code}: {source['text']} {source.get('url') or ''}".rstrip()


def _worked(example: Example) -> Iterator[str]:
    yield "\n## Worked by hand\n"
    yield example.markdown


def _link(id: str, entries: Mapping[str, Mapping[str, Any]]) -> str:
    name = entries[id]["name"] if id in entries else id
    return f"[{name}]({id}.md)" if id in INDICATORS else str(name)


def _absent(entry: Mapping[str, Any]) -> str:
    return "refused" if entry["status"] == "refused" else "not computed yet"


def _listed(settings: Mapping[str, Any]) -> str:
    said = [f"{name} {_plain(v)}" for name, v in settings.items() if v is not None]
    return "; ".join(said) or "none"


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_plain(part)}" for name, part in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _first_sentence(text: str) -> str:
    return " ".join(text.split("\n\n")[0].split())


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    print(f"{write_pages(target)} pages in {target}")
