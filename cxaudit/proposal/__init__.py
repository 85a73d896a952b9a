"""Mapping help: delivered files → the entries of an engagement that would read them, proposed.

Headers and cells are held against the data contracts: names and synonyms, types, uniqueness, words,
and the keys that several files share. Nothing of a cell is shown but its shape, and in columns of a
few words, none of them personal, the words that have to be named.
"""

from __future__ import annotations

from cxaudit.proposal.entry import entries
from cxaudit.proposal.listing import listing
from cxaudit.proposal.proposing import Proposed, proposed

__all__ = ["Proposed", "entries", "listing", "proposed"]
