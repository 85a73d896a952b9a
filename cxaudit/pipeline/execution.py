"""One notebook, executed by papermill in a kernel of this interpreter."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cxaudit.errors import CxauditError, Fault, Problem
from cxaudit.pipeline.failure import ERROR_FILE, EXTENSION, read_error
from cxaudit.pipeline.parameters import Parameters, as_given, check_parameters
from cxaudit.resources import PACKAGE

KERNEL = "python3"
# The kernel warns on every start that it listens on TCP without encryption. It does so on the
# loopback interface, with signed messages. What really goes wrong comes back through papermill.
KERNEL_ARGUMENTS = ["--IPKernelApp.log_level=50", f"--IPKernelApp.extra_extensions={EXTENSION}"]


def execute(notebook: Path, parameters: Parameters, executed: Path, error_file: Path) -> None:
    """Nothing; writes the executed notebook, as far as it came, to `executed`.

    What the notebook raised as a `CxauditError` is raised again here, the same kind with the same
    problems; anything else that stops it is a `Fault` naming the cell and the place.
    """
    import papermill
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient.exceptions import DeadKernelError

    check_parameters(notebook, parameters)
    # Whatever papermill logs about a failure is raised from here in our own words.
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    error_file.unlink(missing_ok=True)
    executed.parent.mkdir(parents=True, exist_ok=True)
    try:
        with _kernel_environment(error_file):
            papermill.execute_notebook(
                as_given(notebook),
                as_given(executed),
                dict(parameters),
                kernel_name=KERNEL,
                progress_bar=False,
                extra_arguments=KERNEL_ARGUMENTS,
                record_timing=False,
            )
    except papermill.PapermillExecutionError as error:
        raise _raised(notebook, error, error_file) from None
    except NoSuchKernel as error:
        raise Fault(f"There is no kernel '{KERNEL}'. 'cxaudit doctor' tells more.") from error
    except DeadKernelError as error:
        raise Fault(
            Problem(notebook.stem, "its kernel died", "", "Most often the memory was not enough.")
        ) from error
    _without_clock(executed)


def _raised(notebook: Path, error: Any, error_file: Path) -> CxauditError:
    written = read_error(error_file)
    if isinstance(written, CxauditError):
        return written
    what = written or error.ename
    return Fault(Problem(notebook.stem, f"crashed in cell [{error.exec_count}]", what))


@contextmanager
def _kernel_environment(error_file: Path) -> Iterator[None]:
    """The environment a kernel inherits: this very package first, and where to put an error."""
    path = os.pathsep.join(filter(None, [str(PACKAGE.parent), os.environ.get("PYTHONPATH")]))
    given = {"PYTHONPATH": path, ERROR_FILE: str(error_file.resolve())}
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _without_clock(executed: Path) -> None:
    """Nothing; drops times, machine paths and chance ids, so that a re-run gives the same bytes."""
    import nbformat

    notebook = nbformat.read(executed, as_version=4)
    notebook.metadata.pop("papermill", None)
    for number, cell in enumerate(notebook.cells):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            notebook.cells[number]["id"] = "injected-parameters"
    nbformat.write(notebook, executed)
