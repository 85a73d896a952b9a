"""One notebook in a real kernel: parameters, errors that come back as themselves, same bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from cxaudit.errors import AuditStopped, CxauditError, EngagementError, Fault, Problem
from cxaudit.pipeline.execution import execute

NotebookMaker = Callable[..., Path]


def run(notebook: Path, **parameters: str | int | float | bool) -> Path:
    executed = notebook.parent / "executed" / "trial.ipynb"
    execute(notebook, parameters, executed, notebook.parent / "error.json")
    return executed


def failure(notebook: Path) -> CxauditError:
    with pytest.raises(CxauditError) as caught:
        run(notebook)
    return caught.value


def test_an_executed_notebook_holds_the_parameters_given_and_no_clock(
    notebook: NotebookMaker,
) -> None:
    path = notebook("print(period)")
    executed = run(path, period="2026Q2")
    read = nbformat.read(executed, as_version=4)
    assert read.cells[-1].outputs[0].text == "2026Q2\n"
    first = executed.read_bytes()
    run(path, period="2026Q2")
    assert executed.read_bytes() == first, "the same notebook run again must give the same bytes"


def test_the_kernel_says_nothing_on_the_terminal(
    notebook: NotebookMaker, capfd: pytest.CaptureFixture[str]
) -> None:
    run(notebook("1 + 1"))
    assert capfd.readouterr().err == ""


def test_a_path_with_braces_is_taken_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "a {period} folder"
    folder.mkdir()
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cell = nbformat.v4.new_code_cell("period: str = ''", metadata={"tags": ["parameters"]})
    nbformat.write(
        nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel}),
        folder / "trial.ipynb",
    )
    assert run(folder / "trial.ipynb", period="2026Q2").is_file()


def test_an_error_of_ours_comes_back_with_its_kind_and_problems(notebook: NotebookMaker) -> None:
    error = failure(
        notebook(
            "from cxaudit.errors import AuditStopped, Problem\n"
            "raise AuditStopped([Problem('tickets', 'has no row', '0', 'Export again.'), 'more'])"
        )
    )
    assert type(error) is AuditStopped
    assert error.problems == (Problem("tickets", "has no row", "0", "Export again."), "more")


def test_a_crash_is_a_fault_that_names_cell_and_place_but_never_a_value(
    notebook: NotebookMaker,
) -> None:
    crash = notebook(
        "from cxaudit.periods import parse_period\nparse_period('2026', 'A Secret').start_at"
    )
    error = failure(crash)
    assert type(error) is Fault
    assert "trial: crashed in cell [2]" in str(error)
    assert "cxaudit/periods.py, line" in str(error)
    assert "Secret" not in str(error)
    kept = (crash.parent / "executed" / "trial.ipynb").read_text(encoding="utf-8")
    assert "Secret" in kept, "the kept notebook shows the whole error"


def test_a_kernel_that_dies_is_a_fault(notebook: NotebookMaker) -> None:
    error = failure(notebook("import os\nos._exit(3)"))
    assert type(error) is Fault
    assert "kernel died" in str(error)


def test_an_error_of_an_earlier_run_is_not_taken_for_this_one(notebook: NotebookMaker) -> None:
    failure(notebook("from cxaudit.errors import AuditStopped\nraise AuditStopped('old')"))
    error = failure(notebook("import sys\nsys.exit('now')"))
    assert "old" not in str(error)


def test_all_wrong_parameters_are_refused_at_once_with_the_nearest_name(
    notebook: NotebookMaker,
) -> None:
    path = notebook("1", parameters='period: str = ""\nweeks: int = 3\nshare: float = 0.5')
    with pytest.raises(EngagementError) as caught:
        run(path, perod="2026Q3", weeks="three", share=1)
    assert [str(problem) for problem in caught.value.problems] == [
        "trial, parameter 'perod': is unknown. Did you mean 'period'?",
        "trial, parameter 'weeks': has to be int. Found: str ('three'). Give one of that type.",
    ]
    with pytest.raises(EngagementError, match="has to be int. Found: bool"):
        run(path, weeks=True)


def test_a_notebook_without_declared_parameters_is_a_fault(notebook: NotebookMaker) -> None:
    with pytest.raises(Fault, match="has no cell tagged 'parameters'"):
        run(notebook("1", parameters="# nothing declared"), period="2026Q3")
