"""The house has one way in: imports run one way, engines and heavy tools have one door."""

from __future__ import annotations

import ast
import json

import pytest

from .files import ROOT, imported, modules

# Each may import itself and what stands before it.
ORDER = (
    "errors",
    "resources",
    "periods",
    "sources",
    "engine",
    "privacy",
    "engagement",
    "run",
    "scorecards",
    "contracts",
    "simulate",
    "readers",
    "load",
    "proposal",
    "statistics",
    "facts",
    "indicators",
    "measure",
    "reconcile",
    "audit",
    "score",
    "explain",
    "charts",
    "report",
    "pipeline",
    "__main__",
)
ENGINES = {
    "duckdb",
    "pyspark",
    "spark",
    "postgres",
    "psycopg",
    "snowflake",
    "bigquery",
    "polars",
    "sqlite",
}
# Great Expectations computes on two engines; this is what the rules' queries are on the second.
RULES_ON_SPARK = "contracts/spark_operations.py"


def unit_of(module: str) -> str:
    """The unit a module of the package belongs to: its folder, or its own name."""
    return module.split("/")[0].removesuffix(".py")


def own_imports() -> list[tuple[str, int, str]]:
    """Module, line and imported unit, for every import of our own package."""
    found = []
    for module, tree in modules().items():
        for line, name in imported(tree):
            parts = name.split(".")
            if parts[0] == "cxaudit" and len(parts) > 1:
                found.append((module, line, parts[1]))
    return found


def test_every_unit_has_its_place_in_the_order() -> None:
    unknown = {unit_of(module) for module in modules()} - {*ORDER, "__init__"}
    assert not unknown, f"say in ORDER where these stand: {sorted(unknown)}"


def test_imports_run_one_way() -> None:
    against = [
        f"cxaudit/{module}:{line} imports {target}"
        for module, line, target in own_imports()
        if unit_of(module) != "__init__"
        and target in ORDER
        and ORDER.index(target) > ORDER.index(unit_of(module))
    ]
    assert not against, "\n".join(against)


def test_the_simulator_stands_on_errors_and_contracts_alone() -> None:
    others = [
        f"cxaudit/{module}:{line} imports {target}"
        for module, line, target in own_imports()
        if unit_of(module) == "simulate"
        and target not in {"simulate", "errors", "resources", "contracts"}
    ]
    assert not others, "\n".join(others)


def test_only_the_engine_unit_names_an_engine() -> None:
    named = []
    for module, tree in modules().items():
        if unit_of(module) == "engine" or module == RULES_ON_SPARK:
            continue
        named += [
            f"cxaudit/{module}:{line} imports {name}"
            for line, name in imported(tree)
            if ENGINES & set(name.split("."))
        ]
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in ENGINES:
                named.append(f"cxaudit/{module}:{node.lineno} uses .{node.attr}")
            if isinstance(node, ast.Call):
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                named += [
                    f"cxaudit/{module}:{node.lineno} passes '{value.value}'"
                    for value in given
                    if isinstance(value, ast.Constant) and value.value in ENGINES
                ]
    assert not named, "\n".join(named)


def test_great_expectations_stays_in_the_contracts() -> None:
    elsewhere = [
        f"cxaudit/{module}:{line}"
        for module, tree in modules().items()
        if unit_of(module) != "contracts"
        for line, name in imported(tree)
        if name.split(".")[0] == "great_expectations"
    ]
    assert not elsewhere, f"it takes seconds to import: {elsewhere}"


@pytest.mark.parametrize(
    "notebook", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem
)
def test_a_notebook_imports_only_cxaudit(notebook) -> None:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    names = {name.split(".")[0] for _, name in imported(ast.parse(code))}
    assert names <= {"cxaudit"}, f"{notebook.name} imports {sorted(names - {'cxaudit'})}"
