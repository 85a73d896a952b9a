"""The fact table of actions: what the service set out to improve, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.business_time import second
from cxaudit.facts.declaration import FactTable
from cxaudit.facts.kept_audits import kept_changes
from cxaudit.facts.population import instant

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables

WEIGHTS = {"low": 1.0, "medium": 2.0, "high": 3.0}


def actions(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Improvement actions as they stood at as-of.

    `is_proven`: its effect was verified, with a reference to the evidence. `has_improved`: its
    target improved in the period after the one it was closed in, null where no audit of that is
    kept. `impact_weight` is 1, 2 or 3 for a low, medium or high impact.
    """
    as_of = instant(tables.run.engagement.as_of)
    proven = (_.verified == "yes") & (_.verification_ref.strip() != "")
    rows = tables.in_scope("improvement_actions").select(
        "action_id",
        "due_at",
        "rebased_due_at",
        "target_indicator",
        closed_at=ibis.ifelse(_.closed_at <= as_of, _.closed_at, None),
        is_proven=proven.fill_null(False),
        impact_weight=_.impact.cases(*WEIGHTS.items()),
    )
    changes = tables.engine.table(kept_changes(tables.run))
    joined = rows.left_join(
        changes,
        [
            rows.target_indicator == changes.changed_indicator,
            second(rows.closed_at) >= changes.changed_from,
            second(rows.closed_at) < changes.changed_until,
        ],
    )
    # Audits of a quarter and of its months may both tell: one that saw it improve will do.
    seen = joined.group_by("action_id").agg(has_improved=_.has_improved.any())
    return rows.left_join(seen, "action_id").drop("action_id_right")


ACTIONS = FactTable(
    name="actions", make=actions, key=("action_id",), needs=("improvement_actions",)
)
