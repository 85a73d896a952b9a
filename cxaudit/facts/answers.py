"""The fact table of answers: the latest answer per ticket and survey question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

from cxaudit.facts.actors import is_known
from cxaudit.facts.declaration import FactTable
from cxaudit.facts.population import instant
from cxaudit.facts.response import weighted

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables
    from cxaudit.periods import Period

DAY_SECONDS = 86_400
CARRIED = (
    "ticket_id",
    "is_complaint",
    "complaint_upheld",
    "assignee_id",
    "first_solved_at",
    "reopened_at",
    "was_regrouped",
    "earlier_created_at",
    "created_at",
)


def answers(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Answers given by as-of, the latest per ticket and question, with what their ticket was.

    One without a value is kept only where there is none with a value: it counts as missing.
    Adds `is_top`: whether the answer is in the top two (5 points: 4, 5; 7 points: 6, 7; 0 to
    10: 8 to 10; two values: the better; CES: 5 to 7 of 7, else above the middle), null where
    no rule covers the scale; `score`, the answer on 0 to 100, turned so that more is better;
    `delay_band` and `usual_delay_band`, see `_with_usual_delay`; and `weight`, see
    `facts.response.weighted`.
    """
    given = tables.engine.cached(_given(tables, contacts))
    return weighted(tables, _with_usual_delay(given, given), contacts)


def invitations(tables: CheckedTables, contacts: ir.Table, period: Period) -> ir.Table:
    """Invitations sent in the period, one per ticket and question, shaped as answers.

    `responded_at` and `value` are null where nobody had answered by as-of; `weight` is null.
    """
    sent = _until_as_of(tables).filter(
        _.sent_at >= instant(period.start_at), _.sent_at < instant(period.end_at)
    )
    asked = _with_case(tables, _latest(sent), contacts).mutate(weight=ibis.null("float64"))
    return _with_usual_delay(asked, _given(tables, contacts))


def _given(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """The answers given by as-of, the latest per ticket and question, with their ticket."""
    given = _until_as_of(tables).filter(_.responded_at.notnull())
    return _with_case(tables, _latest(given), contacts)


def _until_as_of(tables: CheckedTables) -> ir.Table:
    """The surveys in scope; an answer given after as-of has not been given yet."""
    surveys = tables.in_scope("surveys")
    is_given = (surveys.responded_at <= instant(tables.run.engagement.as_of)).fill_null(False)
    return surveys.mutate(
        responded_at=ibis.ifelse(is_given, surveys.responded_at, None),
        value=ibis.ifelse(is_given, surveys.value, None),
    )


def _latest(surveys: ir.Table) -> ir.Table:
    """One row per ticket and question: the latest answer with a value, else the latest."""
    alone = ibis.ifelse(_.ticket_id.isnull(), _.invite_id, None)
    per_case = ibis.window(
        group_by=[_.ticket_id, alone, _.question_key],
        order_by=[
            _.value.isnull(),
            _.responded_at.isnull(),
            _.responded_at.desc(),
            _.invite_id.desc(),
        ],
    )
    latest = surveys.mutate(place=ibis.row_number().over(per_case)).filter(_.place == 0)
    return latest.drop("place")


def _with_case(tables: CheckedTables, surveys: ir.Table, contacts: ir.Table) -> ir.Table:
    """The rows with what their ticket was, who is asked about, and what is at the top."""
    own = [name for name in surveys.columns if name == "ticket_id" or name not in CARRIED]
    tickets = contacts.select(*CARRIED).rename(parent_id="ticket_id")
    handed = tables.in_scope("bot_sessions").filter(_.outcome == "handed_off")
    handed = handed.filter(_.ticket_id.notnull()).select(handed_id=_.ticket_id).distinct()
    joined = surveys.select(own).left_join(tickets, surveys.ticket_id == tickets.parent_id)
    joined = joined.left_join(handed, joined.ticket_id == handed.handed_id)
    respondent = ibis.ifelse(is_known(_.agent_id), _.agent_id, _.assignee_id)
    since_solve = _.responded_at.epoch_seconds() - _.first_solved_at.epoch_seconds()
    delay = _.delay_days.fill_null(since_solve.cast("float64") / DAY_SECONDS)
    # within a day, within a week, later
    band = ibis.cases((delay < 1, 0), (delay < 7, 1), (delay.notnull(), 2), else_=None)
    return (
        _scored(joined)
        .mutate(respondent=respondent, was_handed_over=_.handed_id.notnull(), delay_band=band)
        .drop("parent_id", "handed_id")
    )


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


def _with_usual_delay(answers: ir.Table, given: ir.Table) -> ir.Table:
    """The answers with their question's usual delay band, null where no delay is known.

    It is the band of most answers given with a value, over all periods, so that all periods
    compare alike; of two with as many the sooner.
    """
    known = given.filter(_.delay_band.notnull(), _.value.notnull())
    counted = known.group_by("question_key", "delay_band").agg(given=_.count())
    most = ibis.window(group_by=_.question_key, order_by=[_.given.desc(), _.delay_band])
    ranked = counted.mutate(place=ibis.row_number().over(most)).filter(_.place == 0)
    usual = ranked.select(usual_key=_.question_key, usual_delay_band=_.delay_band)
    return answers.left_join(usual, answers.question_key == usual.usual_key).drop("usual_key")


ANSWERS = FactTable(
    name="answers",
    make=answers,
    key=("invite_id", "question_key"),
    needs=("surveys",),
    agents={"agent": "respondent"},
)
