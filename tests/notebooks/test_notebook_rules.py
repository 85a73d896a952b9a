"""Every notebook of the workbook obeys the rules that make it a working paper."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest

import cxaudit
from cxaudit.pipeline.parameters import TYPES, declared_parameters
from cxaudit.pipeline.stages import STAGE_NAMES
from cxaudit.resources import resource

NOTEBOOKS = sorted(resource("notebooks").glob("*.ipynb"))
FEWEST_CELLS, MOST_CELLS, MOST_LINES = 15, 25, 12

pytestmark = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path: Path, kind: str = "") -> list[nbformat.NotebookNode]:
    read = nbformat.read(path, as_version=4)
    return [cell for cell in read.cells if kind in ("", cell.cell_type)]


def trees(path: Path) -> list[ast.Module]:
    return [ast.parse(cell.source) for cell in cells(path, "code")]


def shows_something(cell: nbformat.NotebookNode) -> bool:
    body = ast.parse(cell.source).body
    return bool(body) and isinstance(body[-1], ast.Expr)


def test_it_is_sound_and_as_long_as_a_reader_can_take(path: Path) -> None:
    nbformat.validate(nbformat.read(path, as_version=4))
    assert FEWEST_CELLS <= len(cells(path)) <= MOST_CELLS
    assert cells(path)[0].source.startswith("# "), "it begins with its title"


def test_it_is_committed_without_outputs_and_with_its_kernel(path: Path) -> None:
    for cell in cells(path, "code"):
        assert not cell.outputs and cell.execution_count is None, f"{cell.id} has outputs"
    assert nbformat.read(path, as_version=4).metadata.kernelspec.name == "python3"


def test_its_cell_ids_tell_where_they_are(path: Path) -> None:
    stem = path.stem.replace("_", "-")
    expected = [f"{stem}-{number:02d}" for number in range(1, len(cells(path)) + 1)]
    assert [cell.id for cell in cells(path)] == expected


def test_its_code_cells_are_short(path: Path) -> None:
    long = [cell.id for cell in cells(path, "code") if len(cell.source.splitlines()) > MOST_LINES]
    assert not long, f"over {MOST_LINES} lines: {long}"


def test_it_defines_no_function_and_names_everything_once(path: Path) -> None:
    nodes = [node for tree in trees(path) for node in ast.walk(tree)]
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    assert not [node.lineno for node in nodes if isinstance(node, definitions)]
    loops = (ast.For, ast.While, ast.With, ast.Try, ast.AugAssign, ast.Delete, ast.Global)
    assert not [node.lineno for node in nodes if isinstance(node, loops)], "no hidden state"
    assigned = [
        target.id
        for tree in trees(path)
        for statement in tree.body
        if isinstance(statement, (ast.Assign, ast.AnnAssign))
        for target in getattr(statement, "targets", [getattr(statement, "target", None)])
        if isinstance(target, ast.Name)
    ]
    assert len(assigned) == len(set(assigned)), f"assigned twice: {sorted(assigned)}"


def test_it_imports_cxaudit_alone_and_uses_names_that_exist(path: Path) -> None:
    nodes = [node for tree in trees(path) for node in ast.walk(tree)]
    imported = [a.name for node in nodes if isinstance(node, ast.Import) for a in node.names]
    assert imported == ["cxaudit"]
    assert not [node for node in nodes if isinstance(node, ast.ImportFrom)]
    used = {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "cxaudit"
    }
    assert used <= set(cxaudit.__all__)
    for name in used:
        assert callable(getattr(cxaudit, name))


def test_prose_comes_before_every_output(path: Path) -> None:
    everything = cells(path)
    for before, cell in zip(everything, everything[1:], strict=False):
        if cell.cell_type != "code" or not shows_something(cell):
            continue
        after_parameters = "parameters" in before.metadata.get("tags", [])
        assert before.cell_type == "markdown" or after_parameters, f"{cell.id} has no prose before"


def test_its_parameters_are_typed_and_explained(path: Path) -> None:
    declared = declared_parameters(path)
    expected = {"engagement", "period", "as_of", "workspace"}
    assert set(declared) == (expected | {"principle"} if path.stem == "principle" else expected)
    for name, parameter in declared.items():
        assert parameter["inferred_type_name"] in TYPES, f"{name} has no type"
        assert parameter["help"], f"{name} has no trailing comment"
    assert declared["engagement"]["default"] == '"demo"'


def test_it_is_a_stage_or_known_by_name(path: Path) -> None:
    assert path.stem in (*STAGE_NAMES, "principle", "explore")
