"""The fact table of articles: the published knowledge base, as it stands at as-of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.declaration import FactTable
from cxaudit.facts.population import instant

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables


def articles(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Articles published by as-of that were viewed, with `checked_at`: the last check that counts.

    A check counts where it has a reviewer; without reviewers, where no other article was changed
    in the same instant, as a program does that touches them all.
    """
    as_of = instant(tables.run.engagement.as_of)
    rows = tables.in_scope("kb_articles")
    rows = rows.filter(_.published_at <= as_of, _.views > 0)
    if tables.supplies("kb_articles.reviewer_id"):
        counts = rows.reviewer_id.notnull()
    else:
        alike = ibis.window(group_by="updated_at")
        rows = rows.mutate(changed_together=_.count().over(alike))
        counts = rows.updated_at.isnull() | (rows.changed_together == 1)
    return rows.select(
        "article_id",
        "views",
        "open_incorrect_flags",
        checked_at=ibis.ifelse(counts & (rows.reviewed_at <= as_of), rows.reviewed_at, None),
    )


ARTICLES = FactTable(name="articles", make=articles, key=("article_id",), needs=("kb_articles",))
