"""The messages of tickets: who wrote what, when, publicly or not."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.simulate.cases import NEVER, NOBODY
from cxaudit.simulate.changes import BOT
from cxaudit.simulate.columns import flags, instants, named, numbered, table_of
from cxaudit.simulate.days import Ints
from cxaudit.simulate.draw import OUTSIDE, Draw
from cxaudit.simulate.service import CATEGORIES, CHANNELS, LANGUAGES, WITHDRAWN
from cxaudit.simulate.tickets import assigned_at
from cxaudit.simulate.words import ACTS, PLAIN, WARM, phrases

MAILER = "mailer"
AUTHORS = ("customer", "agent", "bot", "system")
CUSTOMER, AGENT, BY_BOT, BY_SYSTEM = range(4)
WITH_RECEIPT = ("email", "web_form", "in_app", "social")
WITH_BOT = ("chat", "messaging")
EXCHANGES = 0.45  # chance of another question and reply, up to four


@dataclass
class Messages:
    """Messages gathered in blocks of arrays."""

    draw: Draw
    blocks: list[tuple[np.ndarray, ...]] = field(default_factory=list)

    def add(
        self,
        act: str,
        at: Ints,
        author: int,
        where: np.ndarray,
        agent: Ints | None = None,
        *,
        is_public: bool = True,
        is_auto: bool = False,
    ) -> None:
        """Messages on the tickets in `where` that are written by as-of."""
        place = np.flatnonzero(where & (at <= self.draw.as_of))
        size = place.size
        writer = np.full(size, NOBODY) if agent is None else agent[place]
        numbers = (ACTS.index(act), author, int(is_public), int(is_auto), len(self.blocks))
        self.blocks.append((place, at[place], writer, *(np.full(size, n) for n in numbers)))


def messages_table(draw: Draw, *, with_words: bool = True) -> pa.Table:
    """The table `messages`: every message written by as-of, in order of time."""
    messages = Messages(draw)
    _beginning(messages)
    _middle(messages)
    _end(messages)
    columns = [np.concatenate(column) for column in zip(*messages.blocks, strict=True)]
    order = np.lexsort((columns[7], columns[0], columns[1]))
    place, at, writer, act, author, is_public, is_auto, _ = (column[order] for column in columns)
    cases = draw.tickets
    by_agent = named(draw.agent_ids, np.where(author == AGENT, writer, -1))
    by_customer = named(draw.customer_ids, np.where(author == CUSTOMER, cases.customer[place], -1))
    unknown = draw.scope[place] == OUTSIDE.index("requester missing")
    by_customer = pc.if_else(pa.array(unknown), pa.scalar(None, pa.string()), by_customer)
    machine = named(("", "", BOT, MAILER), np.where(author >= BY_BOT, author, -1))
    spoken = draw.languages[cases.customer[place]]
    made = {
        "message_id": numbered("M", np.arange(1, place.size + 1), 8),
        "ticket_id": named(draw.ticket_ids, place),
        "at": instants(at),
        "author_type": named(AUTHORS, author),
        "author_id": pc.coalesce(by_agent, by_customer, machine),
        "is_public": flags(is_public == 1),
        "is_auto": flags(is_auto == 1),
        "lang": named(LANGUAGES, spoken),
    }
    if with_words:
        made["text"] = _texts(draw, place, writer, act, spoken)
    return table_of("messages", made)


def _beginning(messages: Messages) -> None:
    draw, cases = messages.draw, messages.draw.tickets
    rng = draw.random("beginning")
    count = len(cases)
    taken = cases.replied < NEVER
    by_agent = draw.scope == OUTSIDE.index("created by an agent")
    by_bot = draw.scope == OUTSIDE.index("bot only")
    messages.add("opening", cases.created, CUSTOMER, ~by_agent)
    messages.add("first_reply", cases.created, AGENT, by_agent, cases.first_agent)
    written = np.isin(cases.channel, [CHANNELS.index(name) for name in WITH_RECEIPT])
    sent = cases.created + rng.integers(4, 25, count)
    messages.add("receipt", sent, BY_SYSTEM, written & ~by_bot, is_auto=True)
    answered = draw.until_as_of(cases.replied) < NEVER
    live = np.isin(cases.channel, [CHANNELS.index(name) for name in WITH_BOT])
    greeted = live & answered & (cases.replied - cases.created > 3) & ~by_agent
    messages.add("greeting_by_bot", cases.created + 2, BY_BOT, greeted, is_auto=True)
    messages.add("answer_by_bot", cases.created + 5, BY_BOT, by_bot)
    noted = taken & (rng.random(count) < 0.15)
    at = assigned_at(draw)
    messages.add("note", at, AGENT, noted, cases.first_agent, is_public=False)
    slow = (cases.replied - cases.created > 86400) & (rng.random(count) < 0.25)
    asked = cases.created + ((assigned_at(draw) - cases.created) * 0.8).astype(np.int64)
    messages.add("chase", asked, CUSTOMER, slow & taken)
    messages.add("first_reply", cases.replied, AGENT, taken, cases.first_agent)


def _middle(messages: Messages) -> None:
    draw, cases = messages.draw, messages.draw.tickets
    rng = draw.random("middle")
    taken = cases.replied < NEVER
    work = np.where(taken, cases.solved - cases.replied, 0)
    on = taken
    for step in range(4):
        on = on & (rng.random(len(cases)) < EXCHANGES)
        asked = cases.replied + (work * (0.12 + 0.2 * step)).astype(np.int64)
        replied = cases.replied + (work * (0.2 + 0.2 * step)).astype(np.int64)
        messages.add("question", asked, CUSTOMER, on)
        messages.add("reply", replied, AGENT, on, cases.agent)


def _end(messages: Messages) -> None:
    draw, cases = messages.draw, messages.draw.tickets
    rng = draw.random("end")
    count = len(cases)
    taken = cases.replied < NEVER
    messages.add("solution", cases.solved, AGENT, taken, cases.agent)
    stays = cases.reopened == NEVER
    grateful = taken & stays & (rng.random(count) < 0.08)
    messages.add("thanks", cases.solved + rng.integers(120, 7200, count), CUSTOMER, grateful)
    by_bot = draw.scope == OUTSIDE.index("bot only")
    left = (cases.kind == WITHDRAWN) & ~taken & ~by_bot & (rng.random(count) < 0.5)
    messages.add("withdrawal", cases.solved, CUSTOMER, left)
    back = cases.reopened < NEVER
    messages.add("return", cases.reopened, CUSTOMER, back)
    messages.add("solution", cases.solved_again, AGENT, back, cases.agent)


def _texts(draw: Draw, place: Ints, writer: Ints, act: Ints, language: Ints) -> pa.Array:
    """A text per message, by language, act, tone of the agent and topic."""
    rng = draw.random("words")
    known = phrases()
    shape = (len(LANGUAGES), len(ACTS), 2, len(CATEGORIES))
    first, count = np.zeros(shape, np.int64), np.ones(shape, np.int64)
    for key, start in known.first.items():
        first[key], count[key] = start, known.count[key]
    # Agents whom customers like are warm more often.
    liking = np.append(draw.agents.satisfaction / draw.service.agent_satisfaction, 0.0)
    is_warm = rng.standard_normal(place.size) < 0.3 + 0.7 * liking[writer]
    asked = (language, act, np.where(is_warm, WARM, PLAIN), draw.tickets.category[place])
    chosen = first[asked] + (rng.random(place.size) * count[asked]).astype(np.int64)
    texts = pa.array(list(known.texts), pa.string())
    return texts.take(pa.array(chosen))
