"""The changes of tickets: status, assignee, group, priority, escalation, merge."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.simulate.cases import NEVER, NOBODY
from cxaudit.simulate.columns import instants, named, numbered, table_of
from cxaudit.simulate.days import Ints
from cxaudit.simulate.draw import OUTSIDE, Draw
from cxaudit.simulate.service import IGNORED, PRIORITIES, WITHDRAWN
from cxaudit.simulate.tickets import (
    AUTO_CLOSE,
    GROUPS,
    SPECIALISTS,
    assigned_at,
    closed_at,
    escalated_at,
    first_team,
    pauses,
    queue_of,
)

BOT = "bot_lumi"
SYSTEM = "system"
ACTORS = ("agent", "customer", "system", "bot")
AGENT, CUSTOMER, BY_SYSTEM, BY_BOT = range(4)
TYPES = ("status", "assignee", "group", "priority", "sla", "merge", "approval", "escalation")


@dataclass
class Changes:
    """Changes gathered in blocks; each column is a list of arrays of one length per block."""

    draw: Draw
    vocabulary: list[str] = field(default_factory=list)
    blocks: list[tuple[np.ndarray, ...]] = field(default_factory=list)

    def word(self, text: str | None) -> int:
        """The number of a value in the vocabulary; -1 for none."""
        if text is None:
            return -1
        if text not in self.vocabulary:
            self.vocabulary.append(text)
        return self.vocabulary.index(text)

    def words(self, texts: tuple[str, ...] | list[str]) -> Ints:
        """The numbers of several values."""
        return np.array([self.word(text) for text in texts], dtype=np.int64)

    def add(
        self,
        type_: str,
        at: Ints,
        before: Ints | str | None,
        after: Ints | str | None,
        actor: int,
        where: np.ndarray,
        agent: Ints | None = None,
    ) -> None:
        """Changes of the tickets in `where` that happen by as-of."""
        place = np.flatnonzero(where & (at <= self.draw.as_of))
        size = place.size

        def values(value: Ints | str | None) -> Ints:
            if isinstance(value, np.ndarray):
                return value[place]
            return np.full(size, self.word(value))

        acting = np.full(size, NOBODY) if agent is None else agent[place]
        self.blocks.append(
            (
                place,
                at[place],
                np.full(size, TYPES.index(type_)),
                values(before),
                values(after),
                np.full(size, actor),
                acting,
                np.full(size, len(self.blocks)),
            )
        )


def ticket_events_table(draw: Draw) -> pa.Table:
    """The table `ticket_events`: every change that happened by as-of, in order."""
    changes = Changes(draw)
    _opening(changes)
    _handling(changes)
    _ending(changes)
    columns = [np.concatenate(column) for column in zip(*changes.blocks, strict=True)]
    order = np.lexsort((columns[7], columns[0], columns[1]))
    place, at, type_, before, after, actor, agent, _ = (column[order] for column in columns)
    by_agent = named(draw.agent_ids, np.where(actor == AGENT, agent, -1))
    by_machine = named(("", "", SYSTEM, BOT), np.where(actor >= BY_SYSTEM, actor, -1))
    return table_of(
        "ticket_events",
        {
            "event_id": numbered("E", np.arange(1, place.size + 1), 8),
            "ticket_id": named(draw.ticket_ids, place),
            "at": instants(at),
            "type": named(TYPES, type_),
            "from_value": named(changes.vocabulary, before),
            "to_value": named(changes.vocabulary, after),
            "actor_type": named(ACTORS, actor),
            "actor_id": pc.coalesce(by_agent, by_machine),
        },
    )


def _opening(changes: Changes) -> None:
    draw, cases = changes.draw, changes.draw.tickets
    every = np.ones(len(cases), dtype=bool)
    by_agent = draw.scope == OUTSIDE.index("created by an agent")
    by_bot = draw.scope == OUTSIDE.index("bot only")
    merged = draw.merged_into >= 0
    taken = cases.replied < NEVER
    assigned = assigned_at(draw)
    team = first_team(draw)
    groups, agents = changes.words(GROUPS), changes.words(draw.agent_ids.to_pylist())
    levels = changes.words(PRIORITIES)
    raised = (draw.random("triage").random(len(cases)) < 0.03) & (cases.priority > 0)
    ids = np.full(len(cases), -1)
    tickets = draw.ticket_ids.to_pylist()
    for place in np.flatnonzero(merged):
        ids[place] = changes.word(tickets[draw.merged_into[place]])
    changes.add("status", cases.created, None, "new", CUSTOMER, ~by_agent)
    changes.add("status", cases.created, None, "new", AGENT, by_agent, cases.first_agent)
    changes.add("group", cases.created, None, groups[team], BY_SYSTEM, every & ~by_bot)
    urgent = cases.priority >= PRIORITIES.index("high")
    changes.add("sla", cases.created, None, "standard", BY_SYSTEM, urgent & ~by_bot)
    lower = levels[np.maximum(cases.priority - 1, 0)]
    at = np.minimum(cases.created + 30, assigned)
    changes.add("priority", at, lower, levels[cases.priority], BY_SYSTEM, raised & ~by_bot)
    first = agents[cases.first_agent]
    changes.add("assignee", assigned, None, first, AGENT, taken, cases.first_agent)
    queue = queue_of(draw)
    waits = ~taken & (queue != NOBODY)
    changes.add("assignee", cases.created, None, agents[queue], BY_SYSTEM, waits)
    changes.add("status", assigned, "new", "open", AGENT, taken, cases.first_agent)
    changes.add("merge", cases.solved, None, ids, BY_SYSTEM, merged)


def _handling(changes: Changes) -> None:
    draw, cases = changes.draw, changes.draw.tickets
    rng = draw.random("handling")
    taken = cases.replied < NEVER
    groups, agents = changes.words(GROUPS), changes.words(draw.agent_ids.to_pylist())
    teams = draw.agents.team
    first, last = cases.first_agent, cases.agent
    passed = cases.passed_on
    before, after = groups[teams[first]], groups[teams[last]]
    changes.add("group", passed, before, after, AGENT, cases.is_regrouped, first)
    changes.add("assignee", passed, agents[first], agents[last], AGENT, cases.is_passed_on, first)
    is_approval = rng.random(len(cases)) < 0.25
    raised = cases.is_escalated & taken
    at = escalated_at(draw)
    changes.add("approval", at, None, "supervisor", AGENT, raised & is_approval, last)
    changes.add("escalation", at, None, SPECIALISTS, AGENT, raised & ~is_approval, last)
    for status, begins, ends, where in pauses(draw):
        waker = CUSTOMER if status == "pending" else AGENT
        changes.add("status", begins, "open", status, AGENT, where, last)
        changes.add("status", ends, status, "open", waker, where, last)


def _ending(changes: Changes) -> None:
    draw, cases = changes.draw, changes.draw.tickets
    taken = cases.replied < NEVER
    by_bot = draw.scope == OUTSIDE.index("bot only")
    withdrawn = (cases.kind == WITHDRAWN) & ~taken
    changes.add("status", cases.solved, "open", "solved", AGENT, taken, cases.agent)
    changes.add("status", cases.solved, "new", "solved", BY_BOT, by_bot)
    changes.add("status", cases.solved, "new", "solved", CUSTOMER, withdrawn & ~by_bot)
    ignored = (cases.kind == IGNORED) & ~taken
    changes.add("status", cases.solved, "new", "closed", BY_SYSTEM, ignored)
    shut = cases.solved + AUTO_CLOSE
    back = cases.reopened < NEVER
    late = back & (cases.reopened > shut)
    changes.add("status", shut, "solved", "closed", BY_SYSTEM, late)
    solved, closed = changes.word("solved"), changes.word("closed")
    before = np.where(late, closed, solved)
    changes.add("status", cases.reopened, before, "open", CUSTOMER, back)
    changes.add("status", cases.solved_again, "open", "solved", AGENT, back, cases.agent)
    end = closed_at(draw)
    changes.add("status", end, "solved", "closed", BY_SYSTEM, ~ignored)
