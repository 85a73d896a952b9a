"""The fact table of answers: the latest answer per ticket and survey question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.actors import is_known
from cxaudit.facts.declaration import FactTable
from cxaudit.facts.population import instant

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables

CARRIED = (
    "ticket_id",
    "is_complaint",
    "assignee_id",
    "first_solved_at",
    "was_regrouped",
    "earlier_created_at",
    "created_at",
)


def answers(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Answers given by as-of, the latest per ticket and question, with what their ticket was.

    One without a value is kept only where there is none with a value: it counts as missing.
    Adds `is_top`: whether the answer is in the top two (5 points: 4, 5; 7 points: 6, 7; 0 to
    10: 8 to 10; two values: the better; CES: 5 to 7 of 7, else above the middle), null where
    no rule covers the scale; and `score`, the answer on 0 to 100, turned so that more is better.
    """
    given = tables.in_scope("surveys").filter(
        _.responded_at <= instant(tables.run.engagement.as_of)
    )
    alone = ibis.ifelse(_.ticket_id.isnull(), _.invite_id, None)
    per_case = ibis.window(
        group_by=[_.ticket_id, alone, _.question_key],
        order_by=[_.value.isnull(), _.responded_at.desc(), _.invite_id.desc()],
    )
    latest = given.mutate(place=ibis.row_number().over(per_case)).filter(_.place == 0)
    latest = latest.drop("place", *(c for c in CARRIED if c in latest.columns and c != "ticket_id"))
    tickets = contacts.select(*CARRIED).rename(parent_id="ticket_id")
    joined = latest.left_join(tickets, latest.ticket_id == tickets.parent_id).drop("parent_id")
    respondent = ibis.ifelse(is_known(_.agent_id), _.agent_id, _.assignee_id)
    return _scored(joined).mutate(respondent=respondent)


def _scored(answers: ir.Table) -> ir.Table:
    turned = ibis.ifelse(_.higher_is_better, _.value, _.scale_min + _.scale_max - _.value)
    span = _.scale_max - _.scale_min
    middle = (_.scale_max + _.scale_min) / 2
    points = (_.scale_min * 1000 + _.scale_max).cast("int64")
    answers = answers.mutate(turned=turned, points=points, span=span, middle=middle)
    is_effort = _.question_key == "ces"
    top_two = ibis.cases(
        (is_effort & (_.points == 1007), _.turned >= 5),
        (is_effort, _.turned > _.middle),
        (_.points == 1005, _.turned >= 4),
        (_.points == 1007, _.turned >= 6),
        (_.points == 10, _.turned >= 8),
        (_.span == 1, _.turned == _.scale_max),
        else_=None,
    )
    return answers.mutate(is_top=top_two, score=100 * (_.turned - _.scale_min) / _.span).drop(
        "turned", "points", "span", "middle"
    )


ANSWERS = FactTable(
    name="answers",
    make=answers,
    key=("invite_id", "question_key"),
    needs=("surveys",),
    agents={"agent": "respondent"},
)
