"""What a reader of the numbers has to know about the data, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
from ibis import _

from cxaudit.facts.actors import decided

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables


def notes(tables: CheckedTables, contacts: ir.Table, tickets: ir.Table) -> list[dict[str, Any]]:
    """Who decided on the roles of authors, and counts of tickets in scope: id, rows, of."""
    found = _of_authors(tables)
    counts = _of_contacts(tables, contacts)
    total = counts.pop("tickets")
    found += [{"id": name, "rows": int(rows or 0), "of": total} for name, rows in counts.items()]
    waiting = tickets.filter(_.reason == "bot only", ~_.status.isin(["solved", "closed"]))
    count = tables.engine.fetch(waiting.agg(rows=_.count())).to_pylist()[0]["rows"]
    return [*found, {"id": "bot_only_not_solved", "rows": count, "of": total}]


def _of_authors(tables: CheckedTables) -> list[dict[str, Any]]:
    messages = tables.read("messages")
    rule = decided(tables.actors, messages.author_id)
    by_rule = messages.mutate(rule=rule).group_by("rule", "author_type").agg(rows=_.count())
    entries = tables.engine.fetch(by_rule).to_pylist()
    ordered = sorted(entries, key=lambda entry: (entry["rule"], str(entry["author_type"])))
    return [{"id": "message-authors", **entry} for entry in ordered]


def _of_contacts(tables: CheckedTables, contacts: ir.Table) -> dict[str, int]:
    quick = (_.first_response_at.epoch_seconds() - _.created_at.epoch_seconds()) < 5
    was_reopened = _.reopens > 0
    counted = contacts.agg(
        tickets=_.count(),
        status_unknown=(_.status == "unknown").sum(),
        spam_flag_unknown=_.is_spam.isnull().sum(),
        test_flag_unknown=_.is_test.isnull().sum(),
        category_missing=_.category.isnull().sum(),
        customer_unknown=(~_.customer_is_known).sum(),
        split_from_another=_.split_from.notnull().sum(),
        follow_up_of_another=_.follow_up_of.notnull().sum(),
        closed_by_a_rule_without_reply=_.closed_unanswered_at.notnull().sum(),
        # A code below 0 is nobody's: a cluster of its own.
        agent_of_reply_unknown=((_.replier < 0) & _.first_response_at.notnull()).sum(),
        agent_of_solve_unknown=((_.solver < 0) & _.first_solved_at.notnull()).sum(),
        first_reply_under_5_seconds=quick.sum(),
        first_reply_differs_from_delivered=_differs(
            _.first_response_at, _.delivered_response_at
        ).sum(),
        status_differs_from_delivered=(_.status != _.delivered_status).sum(),
        first_solve_differs_from_delivered=_differs(
            _.first_solved_at, _.delivered_first_solved_at
        ).sum(),
        last_solve_differs_from_delivered=_differs(_.solved_at, _.delivered_solved_at).sum(),
        reopened_differs_from_delivered=(was_reopened != (_.reopen_count > 0)).sum(),
        response_due_differs_from_delivered=_differs(
            _.own_response_due, _.delivered_response_due
        ).sum(),
        resolution_due_differs_from_delivered=_differs(
            _.own_resolution_due, _.delivered_resolution_due
        ).sum(),
    )
    return tables.engine.fetch(counted).to_pylist()[0]


def _differs(derived: ibis.Deferred, delivered: ibis.Deferred) -> ibis.Deferred:
    """Whether both are there and not the same."""
    return derived.notnull() & delivered.notnull() & (derived != delivered)
