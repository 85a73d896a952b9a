"""pyproject.toml is the one source of dependencies; environment.yml and the lock agree with it."""

from __future__ import annotations

import re
import tomllib

import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from .files import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
CONDA_NAMES = {"ibis-duckdb": "ibis-framework", "python-duckdb": "duckdb"}
# conda-forge has no, or only old, versions of these: pip brings them.
LEFT_TO_PIP = {"open-data-contract-standard", "tzdata"}


def declared() -> dict[str, Requirement]:
    """The requirements of the project, of its tests and of its extras, by name."""
    extras = PROJECT["optional-dependencies"].values()
    texts = [*PROJECT["dependencies"], *(text for extra in extras for text in extra)]
    requirements = [Requirement(text) for text in texts]
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


def conda() -> dict[str, SpecifierSet]:
    """The packages that environment.yml takes from conda's channels, by their Python name."""
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    lines = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    split = [re.fullmatch(r"([a-z0-9-]+)(.*)", line).groups() for line in lines]
    return {CONDA_NAMES.get(name, name): SpecifierSet(versions) for name, versions in split}


def locked() -> dict[str, list[tuple[Version, str, int]]]:
    """Version, marker and number of hashes of every pin in the lock, by name."""
    pins: dict[str, list[tuple[Version, str, int]]] = {}
    for block in re.split(r"\n(?=[a-z0-9])", LOCK):
        head = re.match(r"([a-z0-9._-]+)==(\S+)(?: ; (.*?))? \\\n", block)
        assert head, f"not a pin with hashes: {block[:60]!r}"
        hashes = re.findall(r"--hash=sha256:[0-9a-f]{64}", block)
        pins.setdefault(head[1], []).append((Version(head[2]), head[3] or "", len(hashes)))
    return pins


def bounds(specifiers: SpecifierSet, operators: tuple[str, ...]) -> set[str]:
    """The bounds of a range that use one of the operators."""
    return {str(entry) for entry in specifiers if entry.operator in operators}


def test_conda_takes_only_what_the_project_declares() -> None:
    unknown = set(conda()) - set(declared()) - {"python", "pip"}
    assert not unknown, f"environment.yml names {sorted(unknown)}, pyproject.toml does not"


def test_conda_brings_every_dependency_that_is_not_left_to_pip() -> None:
    runtime = {canonicalize_name(Requirement(text).name) for text in PROJECT["dependencies"]}
    assert runtime - set(conda()) == LEFT_TO_PIP


def test_conda_keeps_every_upper_bound() -> None:
    for name, versions in conda().items():
        if name in declared():
            ours = bounds(declared()[name].specifier, ("<", "<=", "!="))
            assert bounds(versions, ("<", "<=", "!=")) == ours, name


def test_conda_asks_for_nothing_newer_than_the_project_does() -> None:
    for name, versions in conda().items():
        if name in declared():
            ours = bounds(declared()[name].specifier, (">=", ">", "=="))
            assert bounds(versions, (">=", ">", "==")) <= ours, name


def test_conda_and_project_ask_for_the_same_python() -> None:
    assert conda()["python"] == SpecifierSet(PROJECT["requires-python"])


def test_conda_installs_the_workbook_itself() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert {"pip": ["-e .[test]"]} in environment["dependencies"]
    assert environment["channels"] == ["conda-forge", "nodefaults"]


def test_every_pin_of_the_lock_has_hashes() -> None:
    bare = [name for name, pins in locked().items() for *_, hashes in pins if not hashes]
    assert not bare


def test_the_lock_names_no_place() -> None:
    assert "://" not in LOCK
    assert not re.search(r"^-", LOCK, re.MULTILINE), "no options such as an index in the lock"


def test_the_lock_holds_what_the_project_declares() -> None:
    pins = locked()
    assert set(declared()) <= set(pins), "run make lock"
    for name, requirement in declared().items():
        for version, marker, _ in pins[name]:
            assert version in requirement.specifier, f"{name} {version} {marker}: run make lock"


def test_drivers_come_beside_ibis_and_great_expectations_not_with_them() -> None:
    """Their own extras ask for an older Spark; a resolver then takes an older Ibis."""
    extras = PROJECT["optional-dependencies"]
    assert {Requirement(text).name for text in extras["spark"]} == {"pyspark"}
    assert {Requirement(text).name for text in extras["postgres"]} == {"psycopg"}
    assert not declared()["great-expectations"].extras


def test_the_pins_that_hold_the_engine_together_are_there() -> None:
    assert Version("30.18") not in declared()["sqlglot"].specifier
    assert Version("2.0") not in declared()["duckdb"].specifier
    assert declared()["ibis-framework"].extras == {"duckdb"}
