"""YAML documents with the line on which each of their parts stands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

Steps = tuple[str | int, ...]


def read_with_lines(path: Path) -> tuple[Any, dict[Steps, int]]:
    """The content of a YAML file, and the line of each of its parts by the way that leads to it.

    Lines count from 1. Raises what PyYAML raises, and UnicodeDecodeError.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(path.read_text(encoding="utf-8-sig"))
    try:
        root = loader.get_single_node()
        if root is None:
            return None, {}
        lines: dict[Steps, int] = {}
        _walk(root, (), lines)
        return loader.construct_document(root), lines
    finally:
        loader.dispose()


def line_of(lines: Mapping[Steps, int], steps: Steps) -> int:
    """The line of a part, or of the nearest part around it that the file has; 0 of nothing."""
    for length in range(len(steps), -1, -1):
        if steps[:length] in lines:
            return lines[steps[:length]]
    return 0


def _walk(node: yaml.Node, steps: Steps, lines: dict[Steps, int]) -> None:
    lines.setdefault(steps, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            # A key stands where it is written, its value may begin on the next line.
            lines[*steps, key.value] = key.start_mark.line + 1
            _walk(value, (*steps, key.value), lines)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _walk(value, (*steps, number), lines)
