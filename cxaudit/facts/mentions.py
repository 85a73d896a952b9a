"""The fact table of mentions: what people wrote about the service in public, and who answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.declaration import FactTable
from cxaudit.facts.population import instant

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables


def mentions(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Mentions that ask for something, with `answered_at`, a person's first public reply."""
    as_of = instant(tables.run.engagement.as_of)
    answered_at = _.first_human_response_at
    return (
        tables.in_scope("social_mentions")
        .filter(_.is_actionable)
        .select(
            "mention_id",
            "author_id",
            "ticket_id",
            mentioned_at=_["at"],
            answered_at=ibis.ifelse(answered_at <= as_of, answered_at, None),
            channel=ibis.literal("social"),
        )
    )


MENTIONS = FactTable(
    name="mentions",
    make=mentions,
    key=("mention_id",),
    needs=("social_mentions",),
    customer="author_id",
)
