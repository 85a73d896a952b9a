"""A client's words, and the canonical ones they stand for."""

from __future__ import annotations

import pytest

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.proposal.traits import traits
from cxaudit.proposal.words import canonical_word, translated

TICKETS = canonical_tables()["tickets"].columns


@pytest.mark.parametrize(
    ("column", "word", "ours"),
    [
        ("status", "On Hold", "on_hold"),
        ("status", "Awaiting User Info", "pending"),
        ("status", "GESCHLOSSEN", "closed"),
        ("status", "Closed with explanation", "closed"),
        ("status", "Closed, then open", None),
        ("status", "Purple", None),
        ("channel", "E-Mail", "email"),
        ("channel", "WhatsApp", "messaging"),
        ("channel", "Self service", "self_service"),
        ("priority", "P1", "urgent"),
        ("priority", "3", None),
    ],
)
def test_what_a_word_stands_for(column: str, word: str, ours: str | None):
    assert canonical_word(word, column, TICKETS[column].enum) == ours


def test_codes_that_come_often_are_left_to_be_named():
    found = translated(traits("status", ["2"] * 9 + ["4"] * 9 + ["open"] * 9), TICKETS["status"])
    assert (found.known, found.unknown, found.unshown) == ({"open": "open"}, ("2", "4"), 0)


def test_a_rare_word_is_counted_and_not_shown():
    """Around a known phrase, or in place of one, somebody's name may stand."""
    cells = ["open"] * 30 + ["closed by Ann Example", "Bob Example"]
    found = translated(traits("status", cells), TICKETS["status"])
    assert (found.known, found.unknown, found.unshown) == ({"open": "open"}, (), 2)
    assert round(found.share, 2) == 0.97
