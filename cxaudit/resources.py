"""Where the files that ship with the package are: notebooks, data contracts, scorecards."""

from __future__ import annotations

from pathlib import Path

from cxaudit.errors import Fault

PACKAGE = Path(__file__).parent


def resource(name: str) -> Path:
    """The folder or file `name`, inside the package in a wheel or beside it in a clone.

    Raises `Fault` where neither has it: the installation is broken.
    """
    for folder in (PACKAGE, PACKAGE.parent):  # beside an installed package lie strangers' folders
        if (folder / name).exists():
            return folder / name
    raise Fault(f"cxaudit: '{name}' is not in the installation. Install the package again.")
