"""The rules in which a tool's definitions may differ from ours; each is a cause that can be tested.

To test one, our definition is computed again with that rule done their way: see `ours`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One difference: `cause` as it is printed, what they do and what we do."""

    cause: str
    theirs: str
    ours: str


SCOPE = Rule(
    "out of our scope",
    "every ticket delivered counts",
    "deleted, merged, spam, test and requester-less tickets and others leave, each with its reason",
)
SET_ASIDE = Rule(
    "set aside by a contract",
    "every row delivered counts",
    "rows that break a contract are set aside, with their reasons",
)
BOTS = Rule(
    "bot counted as an agent",
    "who has the role of an agent is one",
    "a bot is named in the engagement, and is no person",
)
FORMER = Rule(
    "author was an agent when writing",
    "the role as of now: a former agent is a customer",
    "the role at the time of writing",
)
REQUESTER = Rule(
    "requester is an agent",
    "an agent's comments on an own ticket are an agent's",
    "the requester of a ticket is its customer",
)
UNKNOWN = Rule(
    "author not among the users",
    "comments by users who were not delivered are left out",
    "they are messages all the same",
)
RECEIPTS = Rule(
    "automatic acknowledgement counted",
    "an automatic message is a comment like another",
    "an automatic message is no reply",
)
OPENING = Rule(
    "opening comment is no reply",
    "the first public comment counts as a reply only where a private note came before it",
    "an agent's first public message is a reply, wherever it stands",
)
EARLY = Rule(
    "reply older than its ticket",
    "a reply before the ticket's creation counts, with a negative time",
    "a reply before the ticket's creation is none",
)
AUTOMATED = Rule(
    "automated closure counted as a resolution",
    "whoever or whatever closes a ticket resolves it",
    "a rule or a bot that closes a ticket nobody has replied to resolves nothing",
)
NOT_SOLVED_NOW = Rule(
    "solved once, not solved now",
    "the last solve counts though the ticket is open again, but not in business hours",
    "an open ticket has no resolution yet: it is censored; its first solve stands on both clocks",
)
CLOSED_AGAIN = Rule(
    "closed again without a solve",
    "only a change to 'solved' ends a ticket that was ever solved",
    "every change from an active status to solved or closed ends it",
)
BILLED = Rule(
    "open: billed to as-of by them, censored by us",
    "what an open ticket has waited by as-of is its waiting time",
    "the wait of an open ticket is not over: it is at least so long",
)
FIRST_STATUS = Rule(
    "status before the first change",
    "time counts from the first change of status that was recorded",
    "time counts from the creation: what a ticket was before its first change, else open",
)
NO_HISTORY = Rule(
    "no history of changes",
    "a ticket without changes of status waited 0 minutes",
    "a ticket without changes of status says nothing",
)
UNSOLVED = Rule(
    "never solved: no reopens of theirs",
    "a ticket that was never solved or closed has no number of reopens",
    "it was reopened 0 times",
)
NO_WORD = Rule(
    "reopened without a word of the customer",
    "whoever reopens",
    "a reopen is the customer's: who wrote after the solve",
)
SOLVES = Rule(
    "reopen counted as solves minus one",
    "reopens are the solves but one, never below 0",
    "reopens are the transitions from solved or closed to an active status",
)
SCHEDULE = Rule(
    "schedule set later",
    "until a schedule is set the default one holds, or, if it is set within 5 s, none",
    "a ticket's first schedule holds from its creation",
)

AUTHORS = (BOTS, FORMER, REQUESTER, UNKNOWN)
UNEXPLAINED = "unexplained"
