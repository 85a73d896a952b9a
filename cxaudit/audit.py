"""The audit: the result that notebooks and the report draw. Saved as `audit.json`."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from cxaudit.errors import Fault
from cxaudit.resources import PACKAGE

SCHEMA = PACKAGE / "audit.schema.json"
DIGITS = 12


@dataclass(frozen=True)
class Audit:
    """One audit as data, in the shape of `audit.schema.json`; nothing volatile is in it."""

    data: dict[str, Any]

    @cached_property
    def principles(self) -> pd.DataFrame:
        """One row per principle: state, score with limits, grade, coverage, evidence."""
        columns = ["name", "state", "score", "low", "high", "grade", "coverage", "evidence"]
        return pd.DataFrame(self.data["principles"])[[*columns, "reason"]]

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """One row per indicator as a whole: state, estimate with limits, utility, evidence."""
        columns = ["id", "principle", "state", "cases", "estimate", "low", "high", "unit"]
        whole = [entry for entry in self.data["indicators"] if not entry["slice"]]
        return pd.DataFrame(whole)[[*columns, "utility", "evidence", "reason"]]

    def frame(self, part: str) -> pd.DataFrame:
        """One row per entry of a part that is a list, such as 'maturity' or 'nonresponse'."""
        return pd.DataFrame(self.data[part])

    def save(self, path: Path) -> None:
        """Write the audit; raises `Fault` where it is not in the shape of the schema."""
        import jsonschema

        data = rounded(self.data)
        schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        errors = list(jsonschema.Draft202012Validator(schema).iter_errors(data))
        if errors:
            raise Fault(
                [f"audit.json, {error.json_path}: {error.message[:200]}" for error in errors]
            )
        text = json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False)
        path.write_text(text + "\n", encoding="utf-8")


def open_audit(path: Path) -> Audit:
    """The audit in a file that `Audit.save` wrote."""
    return Audit(json.loads(path.read_text(encoding="utf-8")))


def rounded(value: Any) -> Any:
    """The value with floats at 12 significant digits, infinities and NaN as null."""
    if isinstance(value, dict):
        return {key: rounded(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(entry) for entry in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") + 0.0 if math.isfinite(value) else None
    return value
