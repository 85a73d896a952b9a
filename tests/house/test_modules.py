"""Modules are small, documented, honestly named, and silence no check without a reason."""

from __future__ import annotations

import ast
import re

from .files import ROOT, modules, texts

MOST_LINES = 300
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "common", "base", "core", "manager", "misc"}
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
SILENCERS = re.compile(r"#\s*(type:\s*ignore|noqa)|except (Base)?Exception\b")


def test_no_module_is_over_300_lines() -> None:
    long = {
        name: text.count("\n")
        for name, text in texts().items()
        if name.startswith(("cxaudit/", "benchmarks/"))
        and name.endswith(".py")
        and text.count("\n") > MOST_LINES
    }
    assert not long, f"look for the second duty in {long}"


def test_no_module_is_named_after_nothing() -> None:
    parts = {
        name: {part.removesuffix(".py") for part in name.split("/")}
        for name in texts()
        if name.endswith(".py")
    }
    empty = sorted(name for name, words in parts.items() if words & EMPTY_NAMES)
    assert not empty, f"a name says what is inside: {empty}"


def test_everything_public_has_a_docstring() -> None:
    """A method is documented where its interface is: once in the unit, for all that have it."""
    trees = modules()
    documented = {
        (module.split("/")[0], node.name)
        for module, tree in trees.items()
        for node in methods(tree)
        if ast.get_docstring(node)
    }
    bare = [f"cxaudit/{module}" for module, tree in trees.items() if not ast.get_docstring(tree)]
    for module, tree in trees.items():
        nodes = [node for node in tree.body if isinstance(node, DEFINITIONS)]
        bare += [
            f"cxaudit/{module}:{node.lineno} {node.name}"
            for node in nodes
            if is_public(node) and not ast.get_docstring(node)
        ]
        bare += [
            f"cxaudit/{module}:{node.lineno} {node.name}"
            for node in methods(tree)
            if (module.split("/")[0], node.name) not in documented
        ]
    assert not bare, "without a docstring:\n" + "\n".join(bare)


def methods(tree: ast.Module) -> list[ast.FunctionDef]:
    """The public methods of a module's public classes."""
    return [
        node
        for owner in tree.body
        if isinstance(owner, ast.ClassDef) and is_public(owner)
        for node in owner.body
        if isinstance(node, ast.FunctionDef) and is_public(node)
    ]


def is_public(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    """Whether a definition is there for others to use."""
    return not node.name.startswith("_")


def test_a_silenced_check_has_its_reason_beside_it() -> None:
    unexplained = []
    for name, text in texts().items():
        if not name.endswith(".py") or name == "tests/house/test_modules.py":
            continue
        lines = text.splitlines()
        for number, line in enumerate(lines, start=1):
            found = SILENCERS.search(line)
            if not found:
                continue
            beside = re.sub(r"[#\[\]():,]|\b[a-z-]+\d*\b(?=\])", " ", line[found.end() :])
            above = lines[number - 2].strip() if number > 1 else ""
            if len(beside.split()) < 3 and not above.startswith("#"):
                unexplained.append(f"{name}:{number}")
    assert not unexplained, f"say why in a comment: {unexplained}"


def test_every_test_folder_is_found_by_pytest() -> None:
    stray = [
        name
        for name in texts()
        if name.startswith("tests/")
        and name.endswith(".py")
        and re.search(r"^def test_", texts()[name], re.MULTILINE)
        and not (ROOT / name).name.startswith("test_")
    ]
    assert not stray, f"pytest collects test_*.py only: {stray}"
