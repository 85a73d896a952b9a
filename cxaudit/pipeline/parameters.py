"""Parameters checked against the ones a notebook declares: papermill itself only warns."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cxaudit.errors import EngagementError, Fault, Problem, nearest

Parameters = Mapping[str, str | int | float | bool]

TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}


def declared_parameters(notebook: Path) -> dict[str, dict[str, Any]]:
    """The parameters a notebook declares: name to inferred type, default and help.

    Raises `Fault` where the notebook has no cell tagged `parameters`.
    """
    import papermill

    declared = papermill.inspect_notebook(as_given(notebook))
    if not declared:
        raise Fault(Problem(notebook.name, "has no cell tagged 'parameters'", "", "Restore it."))
    return declared


def check_parameters(notebook: Path, parameters: Parameters) -> None:
    """Nothing, where all parameters are known to the notebook and of its types.

    Raises `EngagementError` with every unknown name, its nearest valid one, and every wrong type.
    """
    declared = declared_parameters(notebook)
    problems = []
    for name, value in parameters.items():
        where = f"{notebook.stem}, parameter '{name}'"
        if name not in declared:
            problems.append(Problem(where, "is unknown", "", nearest(name, declared)))
            continue
        expected = declared_type(declared[name])
        # A bool is an int to Python, but never what a number asks for; a whole number is a float.
        fits = type(value) is expected or (expected is float and type(value) is int)
        if expected and not fits:
            found = f"{type(value).__name__} ({value!r})"
            problems.append(
                Problem(where, f"has to be {expected.__name__}", found, "Give one of that type.")
            )
    if problems:
        raise EngagementError(problems)


def read_parameters(notebook: Path, given: Mapping[str, str]) -> dict[str, Any]:
    """Texts as typed on a command line, as values of the types the notebook declares.

    What cannot be read stays a text, for `check_parameters` to refuse.
    """
    declared = declared_parameters(notebook)
    return {name: _value(text, declared.get(name)) for name, text in given.items()}


def declared_type(parameter: Mapping[str, Any]) -> type | None:
    """The type a parameter is annotated with, or else its default has; None if neither tells."""
    if named := TYPES.get(str(parameter["inferred_type_name"])):
        return named
    try:
        default = ast.literal_eval(parameter["default"])
    except (ValueError, SyntaxError):
        return None
    return type(default) if type(default) in TYPES.values() else None


def _value(text: str, parameter: Mapping[str, Any] | None) -> Any:
    expected = declared_type(parameter) if parameter else None
    if expected is bool:
        return {"true": True, "false": False}.get(text.lower(), text)
    if expected in (int, float):
        try:
            return expected(text)
        except ValueError:
            return text
    return text


def as_given(path: Path) -> str:
    """A path that papermill takes as it is; it would fill parameters into braces."""
    return str(path).replace("{", "{{").replace("}", "}}")
