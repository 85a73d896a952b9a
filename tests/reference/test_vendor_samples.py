"""Samples of vendors' exports give the rows counted in them, and their page says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.vendor_samples import DOCUMENT, document, loaded, samples

pytestmark = pytest.mark.reference


@pytest.mark.parametrize(
    "sample", samples(), ids=lambda sample: f"{sample['reader']}, {sample['name']}"
)
def test_every_row_of_a_sample_is_accounted_for(
    sample: dict[str, Any], tmp_path: Path, reference_data: Path
) -> None:
    delivery = loaded(sample, reference_data, tmp_path)
    read = {
        table: [(entry := delivery.ledger(table))["received"], entry["loaded"]]
        for table in delivery.result["tables"]
    }
    assert read == sample["tables"], "the rows counted in the files are others"


def test_the_page_is_what_a_run_gives(reference_data: Path) -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(reference_data), (
        "run python -m benchmarks.vendor_samples"
    )
