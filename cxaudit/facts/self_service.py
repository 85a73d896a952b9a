"""The fact table of self-service: visits of known customers to the help centre or a bot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.actors import is_known
from cxaudit.facts.declaration import FactTable

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables

VISIT, CONTACT = 0, 1


def self_service(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Visits with a support intent, what the customer said of them, and the next contact after.

    `said_yes` and `said_no` are the customer's own words, both false for silence; `assisted_at` is
    the customer's next ticket or call, of the second of the visit's start or later.
    """
    visits = ibis.union(_help_centre(tables), _bots(tables)).filter(is_known(_.customer_id))
    created = contacts.select("customer_id", at=_.created_at)
    called = tables.in_scope("calls").select("customer_id", at=_.offered_at)
    assisted = ibis.union(created, called.cast(created.schema())).filter(is_known(_.customer_id))
    begun = visits.select("session_id", "is_bot", "customer_id", at=_.started_at, kind=VISIT)
    nobody = {"session_id": ibis.null("string"), "is_bot": ibis.null("boolean")}
    met = assisted.mutate(kind=CONTACT, **nobody).select(*begun.columns)
    story = ibis.union(begun, met.cast(begun.schema()))
    # Backwards from the latest: of one second the contact is seen before the visit it follows.
    backwards = ibis.cumulative_window(
        group_by="customer_id", order_by=[_.at.desc(), _.kind.desc()]
    )
    seen = story.mutate(assisted_at=_.at.min(where=_.kind == CONTACT).over(backwards))
    following = seen.filter(_.kind == VISIT).select("session_id", "is_bot", "assisted_at")
    joined = visits.left_join(following, ["session_id", "is_bot"])
    return joined.drop("session_id_right", "is_bot_right")


def _help_centre(tables: CheckedTables) -> ir.Table:
    """Visits of people to the help centre; where searches are counted, those that searched."""
    visits = tables.in_scope("kb_sessions").filter(~_.is_automated.fill_null(False))
    if tables.supplies("kb_sessions.n_searches"):
        visits = visits.filter(_.n_searches.fill_null(1) > 0)
    return visits.select(
        "session_id",
        "customer_id",
        "started_at",
        is_bot=False,
        said_yes=_.helpful.fill_null(False),
        said_no=(~_.helpful).fill_null(False),
    )


def _bots(tables: CheckedTables) -> ir.Table:
    """Sessions with a bot; where intents are recognised, those with one."""
    sessions = tables.in_scope("bot_sessions")
    if tables.supplies("bot_sessions.intent"):
        sessions = sessions.filter(is_known(_.intent))
    return sessions.select(
        "session_id",
        "customer_id",
        "started_at",
        is_bot=True,
        said_yes=(_.outcome == "resolved_confirmed").fill_null(False),
        said_no=_.outcome.isin(["handed_off", "abandoned", "error"]).fill_null(False),
    )


SELF_SERVICE = FactTable(
    name="self_service",
    make=self_service,
    key=("session_id", "is_bot"),
    needs=("kb_sessions", "bot_sessions"),
)
