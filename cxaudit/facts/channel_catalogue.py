"""The fact table of channels offered: one walk-through of the ways to reach the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ibis import _

from cxaudit.facts.declaration import FactTable

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables


def channel_catalogue(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """The channels seen, how many people looked, and the demand for each.

    `created` counts the tickets by the channel, `preferred` the customers who would rather use it:
    tickets cannot tell of a channel that is not offered.
    """
    created = contacts.group_by("channel").agg(created=_.count())
    wanted = tables.in_scope("customers").filter(_.preferred_channel.notnull())
    preferred = wanted.group_by(wanted=_.preferred_channel).agg(preferred=_.count())
    rows = tables.in_scope("channel_catalogue").select(
        "channel",
        "offered",
        "entry_homepage",
        "entry_in_app",
        "observed_at",
        "not_applicable_reason",
        is_usable=_.wcag_level.isin(["AA", "AAA"]).fill_null(False),
        observers=_.observer_ids.length(),
    )
    rows = rows.left_join(created, "channel").drop("channel_right")
    rows = rows.left_join(preferred, rows.channel == preferred.wanted).drop("wanted")
    return rows.mutate(created=_.created.fill_null(0), preferred=_.preferred.fill_null(0))


CHANNEL_CATALOGUE = FactTable(
    name="channel_catalogue",
    make=channel_catalogue,
    key=("channel",),
    needs=("channel_catalogue",),
)
