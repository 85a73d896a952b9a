"""What a wait in a queue came to: answered in time, given up, given up at once, or not over yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from cxaudit.indicators.declaration import Fact

SHORT_ABANDON_SECONDS = 5
# Channels in which people write and wait; in a chat both sides are there.
WRITTEN = ("email", "web_form", "messaging", "in_app", "social")
# What counts as answered in time where no scorecard says it: in figures of the context.
TARGET_SECONDS = {"phone": 20, "chat": 60}


def in_time(
    channel: ir.StringValue, wait: ir.IntegerValue, target_seconds: Mapping[str, int]
) -> ir.BooleanValue:
    """Whether a person came within the channel's target."""
    targets = [(channel == name, seconds) for name, seconds in sorted(target_seconds.items())]
    return (wait <= ibis.cases(*targets, else_=None)).fill_null(False)


def is_over(
    start: ir.IntegerValue, answered: ir.IntegerValue, ended: ir.IntegerValue, short_seconds: float
) -> ir.BooleanValue:
    """Whether the contact is over by as-of; null, no case, where somebody hung up at once."""
    gave_up_at_once = answered.isnull() & (ended - start < short_seconds)
    return ibis.ifelse(gave_up_at_once.fill_null(False), None, ended.notnull())


def wait_of(first_contacts: Fact) -> dict[str, ir.Value]:
    """`seconds` to the first answer by a person and `event`, 0 where there is none yet.

    Who hung up waited until then, everybody else without an answer still waits at as-of.
    """
    answered = first_contacts.first_response_at
    until = answered.fill_null(first_contacts.ended_at).fill_null(first_contacts.as_of)
    event = ibis.ifelse(answered.notnull(), 1, 0)
    return {"seconds": until - first_contacts.created_at, "event": event}
