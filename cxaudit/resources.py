"""Where the files that ship with the package are: notebooks, data contracts, scorecards."""

from __future__ import annotations

from pathlib import Path

from cxaudit.errors import Fault

PACKAGE = Path(__file__).parent


def resource(name: str) -> Path:
    """The folder or file `name`, beside the package in a clone or inside it in a wheel.

    Raises `Fault` where neither has it: the installation is broken.
    """
    for folder in (PACKAGE.parent, PACKAGE):
        if (folder / name).exists():
            return folder / name
    raise Fault(f"cxaudit: '{name}' is not in the installation. Install the package again.")
