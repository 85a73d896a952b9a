"""Whether this machine can run an audit: versions, kernel, writable folders, browser."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from cxaudit.errors import CxauditError
from cxaudit.pipeline.surroundings import time_zone_databases
from cxaudit.resources import resource
from cxaudit.run import cache_folder

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
KERNEL_CHECK = "import sys, cxaudit\nprint(sys.executable)"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: fine, or not, and whether an audit needs it."""

    what: str
    is_fine: bool
    text: str
    is_needed: bool = True

    def __str__(self) -> str:
        mark = "ok" if self.is_fine else "FAIL" if self.is_needed else "note"
        return f"{mark:<5} {self.what:<20} {self.text}"


def examine(reports: Path) -> Iterator[Finding]:
    """What was found, one thing after the other; the kernel last, it takes seconds."""
    yield Finding("python", sys.version_info >= (3, 11), sys.version.split()[0])
    yield from _packages()
    yield from _files()
    yield _writable("cache folder", cache_folder())
    yield _writable("reports folder", reports.resolve())
    databases = time_zone_databases()
    text = f"system {databases['system'] or 'none'}, package {databases['package'] or 'none'}"
    yield Finding("time zone database", any(databases.values()), text)
    yield _browser()
    yield _kernel()


def _packages() -> Iterator[Finding]:
    """Each declared requirement against what is installed."""
    try:
        declared = requires("cxaudit") or []
    except PackageNotFoundError:
        yield Finding("cxaudit", False, "is not installed here. Run: pip install -e .")
        return
    from packaging.requirements import Requirement

    for requirement in map(Requirement, declared):
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        asked = str(requirement.specifier) or "any version"
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            yield Finding(requirement.name, False, f"missing, {asked} needed")
            continue
        fits = requirement.specifier.contains(found, prereleases=True)
        yield Finding(requirement.name, fits, found if fits else f"{found}, {asked} needed")


def _files() -> Iterator[Finding]:
    for name in ("notebooks", "data_contracts"):
        try:
            yield Finding(name, True, str(resource(name)))
        except CxauditError as error:
            yield Finding(name, False, str(error))


def _writable(what: str, folder: Path) -> Finding:
    """Whether a file can be made in a folder; where it does not exist, in the nearest that does."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            return Finding(what, True, str(folder))
    except OSError as error:
        return Finding(what, False, f"{there}: {error.strerror}")


def _browser() -> Finding:
    given = os.environ.get("BROWSER_PATH")
    found = given if given and os.access(given, os.X_OK) else None
    found = found or next(filter(None, map(shutil.which, BROWSERS)), None)
    missing = "none found; only the report's own tests need one. BROWSER_PATH names one elsewhere"
    return Finding("browser", found is not None, found or missing, is_needed=False)


def _kernel() -> Finding:
    """Whether a notebook runs here, in this very interpreter."""
    import nbformat

    from cxaudit.pipeline.execution import KERNEL, execute

    cells = [nbformat.v4.new_code_cell('note: str = ""', metadata={"tags": ["parameters"]})]
    cells.append(nbformat.v4.new_code_cell(KERNEL_CHECK))
    specification = {"name": KERNEL, "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": specification})
    with tempfile.TemporaryDirectory() as place:
        source, executed = Path(place) / "check.ipynb", Path(place) / "executed.ipynb"
        nbformat.write(notebook, source)
        try:
            execute(source, {}, executed, Path(place) / "error.json")
        except CxauditError as error:
            return Finding("kernel", False, str(error))
        output = nbformat.read(executed, as_version=4).cells[-1].outputs[0].text.strip()
    same = os.path.realpath(output) == os.path.realpath(sys.executable)
    text = output if same else f"starts {output}, not {sys.executable}"
    return Finding("kernel", same, text)
