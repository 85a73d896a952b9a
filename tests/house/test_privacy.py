"""Nothing of the machine a file was written on, and nothing of a client, is in the repository."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from .files import ROOT, texts

LARGEST_BYTES = 600_000
MAY_LEAVE = {
    "report.html",
    "audit.json",
    "manifest.json",
    "validation.json",
    "junit.xml",
    "contracts.sarif",
    "summary.md",
}


def places_of_this_machine() -> set[str]:
    """Where this clone lies and which package indexes this machine was told to use."""
    parent, temporary = ROOT.parent, Path(tempfile.gettempdir()).resolve()
    places = {f"{ROOT}/"}
    if len(parent.parts) > 1 and parent != temporary:
        places.add(f"{parent}/")
    if len(Path.home().parts) > 2:
        places.add(f"{Path.home()}/")
    settings = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True
    ).stdout
    hosts = set(re.findall(r"https?://(?:[^/@\s']+@)?([^/:\s']+)", settings))
    return places | hosts - {"localhost"}


def test_no_file_names_this_machine() -> None:
    places = places_of_this_machine()
    naming = [name for name, text in texts().items() if any(place in text for place in places)]
    assert not naming, f"a path or package index of this machine is named in {naming}"


def test_no_file_names_somebodys_home() -> None:
    home = re.compile(r"/(?:home|Users)/[a-z][\w.-]+/")
    naming = [name for name, text in texts().items() if home.search(text)]
    assert not naming, f"a home folder is named in {naming}"


def test_no_file_is_large() -> None:
    large = [name for name, text in texts().items() if len(text.encode()) > LARGEST_BYTES]
    assert not large, f"data are made, not committed: {large}"


def test_reports_are_not_committed() -> None:
    inside = [name for name in texts() if name.startswith("reports/")]
    assert inside == ["reports/README.md"]


def test_the_nightly_jobs_keep_only_what_may_leave_the_house() -> None:
    github = yaml.safe_load(texts()[".github/workflows/nightly-audit.yml"])
    uploads = [
        line
        for step in github["jobs"]["audit"]["steps"]
        if "upload-artifact" in step.get("uses", "")
        for line in step["with"]["path"].split()
    ]
    gitlab = yaml.safe_load(texts()[".gitlab/nightly-audit.yml"])
    kept = gitlab["nightly audit"]["artifacts"]["paths"]
    assert uploads and kept
    assert {path.split("/")[-1] for path in [*uploads, *kept]} == MAY_LEAVE
    assert not [path for path in [*uploads, *kept] if not path.startswith("reports/*/")]
