"""Headers against the names of columns."""

from __future__ import annotations

import pytest

from cxaudit.contracts.canonical import canonical_tables
from cxaudit.proposal.names import likeness, words_of

TABLES = canonical_tables()


def like(header: str, table: str, column: str):
    return likeness(header, TABLES[table], TABLES[table].columns[column])


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("TicketID", ("ticket", "id")),
        ("ticket_id", ("ticket", "id")),
        ("Créé le", ("cree", "le")),
        ("CSATScore", ("csat", "score")),
        ("Order_Region__c", ("order", "region")),
        ("subcategory", ("sub", "category")),
        ("category#2", ("category",)),
        ("", ()),
        ("###", ()),
        ("チケット", ("チケット",)),
    ],
)
def test_a_header_in_words(header: str, words: tuple[str, ...]):
    assert words_of(header) == words


@pytest.mark.parametrize(
    "header", ["ticket_id", "Ticket ID", "TICKETID", "ticketId", "Ticketnummer", "Case Number"]
)
def test_names_and_synonyms_are_names_however_they_are_written(header: str):
    found = like(header, "tickets", "ticket_id")
    assert found.is_name and found.score > 0.9


def test_words_that_mean_the_same_are_near_and_no_name():
    found = like("received_on", "tickets", "created_at")
    assert 0.5 < found.score < 0.9 and not found.is_name


def test_a_lone_id_is_no_name_of_what_only_refers_to_another_table():
    assert like("id", "tickets", "ticket_id").is_name
    assert like("id", "tickets", "group_id").score < 0.5


def test_a_word_of_the_name_that_is_lacking_counts():
    """'closed at' is not 'first closed at'."""
    assert like("closed_at", "tickets", "first_solved_at").score < 0.5
    assert like("closed_at", "tickets", "solved_at").score > 0.9


def test_the_second_of_two_headers_is_the_level_below():
    assert like("category#2", "tickets", "subcategory").score > 0.6
    assert not like("category#2", "tickets", "subcategory").is_name


def test_a_time_is_no_name_of_a_thing():
    assert like("queue", "calls", "queue").is_name
    assert not like("queue_time", "calls", "queue").is_name
    assert like("queue_time", "calls", "queue").score < 0.5


def test_a_state_may_be_called_by_one_of_its_words():
    assert like("is_solved", "tickets", "status").score > 0.7
    assert like("is_solved", "tickets", "resolution_code").score < 0.7
