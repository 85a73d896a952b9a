"""The fact table of calibrations: two persons' reviews of one contact, each without the other's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ibis import _

from cxaudit.facts.declaration import FactTable

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.facts.tables import CheckedTables

SAME_CONTACT = ("calibrated_set_id", "contact_id")


def calibrations(tables: CheckedTables, contacts: ir.Table) -> ir.Table:
    """Pairs of persons who reviewed the same contact of a calibration set, each pair once.

    `first_points` and `second_points` are 100 times the share of the points that each gave;
    `set_size` is how many reviews the contact has. Reviews by a program are left out.
    """
    items = tables.in_scope("qa_reviews").filter(
        _.calibrated_set_id.notnull(), ~_.is_auto.fill_null(False), _.applicable
    )
    scored = items.group_by("review_id").agg(
        calibrated_set_id=_.calibrated_set_id.min(),
        contact_id=_.ticket_id.fill_null(_.call_id).fill_null("").min(),
        ticket_id=_.ticket_id.min(),
        agent_id=_.agent_id.min(),
        reviewer_id=_.reviewer_id.min(),
        reviewed_at=_.reviewed_at.max(),
        points=100 * _.score.cast("float64").sum() / _.max_score.cast("float64").sum(),
    )
    sizes = scored.group_by(SAME_CONTACT).agg(set_size=_.count())
    scored = scored.join(sizes, SAME_CONTACT)
    second = scored.select(
        *SAME_CONTACT,
        second_review_id=_.review_id,
        second_reviewer_id=_.reviewer_id,
        second_points=_.points,
        second_reviewed_at=_.reviewed_at,
    )
    pairs = scored.join(second, SAME_CONTACT).filter(
        _.review_id < _.second_review_id, _.reviewer_id != _.second_reviewer_id
    )
    return pairs.mutate(
        # A pair is complete with the later of its two reviews.
        reviewed_at=(_.reviewed_at > _.second_reviewed_at).ifelse(
            _.reviewed_at, _.second_reviewed_at
        )
    ).rename(first_review_id="review_id", first_reviewer_id="reviewer_id", first_points="points")


CALIBRATIONS = FactTable(
    name="calibrations",
    make=calibrations,
    key=("first_review_id", "second_review_id"),
    needs=("qa_reviews",),
    agents={"agent": "agent_id"},
    blocks={"set": "calibrated_set_id"},
)
