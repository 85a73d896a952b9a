"""What the documents tell people to type exists, and what exists is told."""

from __future__ import annotations

import re

import click
import pytest

from cxaudit.__main__ import commands

from .files import ROOT, texts

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z]+):(?!=)", MAKEFILE, re.MULTILINE))
DOCUMENTS = {
    name: text
    for name, text in texts().items()
    if name.endswith((".md", ".yml", ".yaml")) and not name.startswith(("cxaudit/", "data_"))
}


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_every_make_command_in_a_document_exists(name: str) -> None:
    used = set(
        re.findall(r"(?:^|`|: |&& )make (?:-C \w+ )?([a-z]+)\b", DOCUMENTS[name], re.MULTILINE)
    )
    assert used <= TARGETS, f"{name}: the Makefile has no {sorted(used - TARGETS)}"


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_every_cxaudit_command_in_a_document_exists(name: str) -> None:
    for line in re.findall(
        r"(?:^|`|bin/)cxaudit ([a-z]+ ?[^`\n#|]*)", DOCUMENTS[name], re.MULTILINE
    ):
        command = commands.commands.get(line.split()[0])
        assert command, f"{name}: there is no command 'cxaudit {line.split()[0]}'"
        if isinstance(command, click.Group):
            command = command.commands.get(line.split()[1])
            assert command, f"{name}: there is no command 'cxaudit {line}'"
        known = {option for parameter in command.params for option in parameter.opts}
        unknown = set(re.findall(r"--[a-z-]+", line)) - known
        assert not unknown, f"{name}: 'cxaudit {line}' has no {sorted(unknown)}"


def test_the_readme_tells_every_command() -> None:
    untold = [name for name in commands.commands if f"`cxaudit {name}" not in README]
    assert not untold, f"the README's table lacks {untold}"


@pytest.mark.parametrize("name", sorted(commands.commands))
def test_a_command_and_its_options_have_help(name: str) -> None:
    command = commands.commands[name]
    assert command.help, f"cxaudit {name} has no help"
    bare = [
        parameter.name
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.help
    ]
    assert not bare, f"cxaudit {name}: options without help: {bare}"


def test_the_readme_tells_every_exit_code() -> None:
    from cxaudit.errors import CxauditError

    codes = {kind.exit_code for kind in CxauditError.__subclasses__()} | {0}
    told = {int(code) for code in re.findall(r"^\| (\d) \|", README, re.MULTILINE)}
    assert told == codes


@pytest.mark.parametrize("name", sorted(name for name in DOCUMENTS if name.endswith(".md")))
def test_every_link_inside_the_repository_leads_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", DOCUMENTS[name])
    broken = [
        link
        for link in links
        if "://" not in link and not (ROOT / name).parent.joinpath(link).exists()
    ]
    assert not broken, f"{name} links to {broken}"


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in folder.glob("[0-9]*.md")}
    assert pages == set(re.findall(r"\((\d{4}-[\w-]+\.md)\)", index))


def test_the_glossary_is_in_order_and_says_each_thing_once() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    terms = re.findall(r"^\| \*\*(.+?)\*\* \|", text, re.MULTILINE)
    assert terms == sorted(set(terms), key=str.lower)
