"""What stands in each part of the report, before it is drawn."""

import pytest

from cxaudit.indicators import CONTEXT, INDICATORS
from cxaudit.report import axis, beside, highlights, indicators, method, missing, quality
from cxaudit.score.rows import IN_SECONDS
from cxaudit.scorecards import open_scorecard


@pytest.fixture
def cards(saved, scorecard):
    return indicators.cards(saved["audit"], scorecard)


@pytest.fixture
def gaps(saved, cards):
    return missing.gaps(cards, saved["validation"])


ANCHORS = {"floor": 86400, "typical": 43200, "target": 14400, "world": 3600}


@pytest.mark.parametrize(
    ("value", "place"),
    [(21600, 65.77), (86400, 0), (200000, 0), (3600, 100), (60, 100), (43200, 50), (0, 100)],
)
def test_a_waiting_time_is_placed_between_its_anchors_on_a_logarithm(value, place):
    assert axis.place(value, ANCHORS, "log") == pytest.approx(place, abs=0.01)


def test_a_share_is_placed_on_straight_lines():
    anchors = {"floor": 0.5, "typical": 0.7, "target": 0.75, "world": 0.8}
    assert axis.place(0.72, anchors, "linear") == pytest.approx(60)


def test_a_dot_beyond_the_scale_stays_on_the_drawing():
    assert axis.across(-20) == axis.across(0) == 2.5
    assert axis.across(140) == axis.across(100) == 97.5


def test_an_indicator_measured_by_channel_speaks_of_its_poorest_channel(cards):
    card = cards["spd_first_response_p90"]
    assert card.sentence.replace("\u00a0", " ") == (
        "One customer in ten waits more than 96 days for a person’s first reply by e-mail "
        "(4,210 cases)"
    )
    assert "in chat" in card.best_sentence
    assert card.reference("target").replace("\u00a0", " ") == "12 h"


def test_parts_of_fewer_than_ten_cases_are_not_printed(cards):
    small = {p.name: p.suppressed for p in cards["qua_csat"].by("channel")}
    assert small == {"Chat": False, "E-mail": False, "Social media": True}


def test_what_is_left_out_is_counted(cards):
    assert cards["qua_resolution_30d"].left_out == ("120\u00a0cases without the value needed",)
    assert cards["spd_sla_attainment"].left_out == ("212\u00a0cases not yet due at as-of",)


def test_things_to_look_at_are_assessed_and_furthest_below_target(cards):
    assert [item.anchor for item in highlights.to_look_at(cards.values())] == [
        "spd_first_response_p90", "spd_stale_backlog", "spd_sla_attainment",
    ]  # fmt: skip


def test_strengths_reach_their_target_beyond_chance_first(cards):
    assert [item.anchor for item in highlights.strengths(cards.values())] == [
        "acc_right_first_routing", "acc_reopen_14d", "con_response_spread",
    ]  # fmt: skip


def test_a_strength_is_typical_with_its_whole_interval(saved, scorecard):
    row = next(r for r in saved["audit"]["indicators"] if r["id"] == "acc_reopen_14d")
    row |= {"utility": 99, "utility_low": 49}
    found = highlights.strengths(indicators.cards(saved["audit"], scorecard).values())
    assert "acc_reopen_14d" not in [item.anchor for item in found]


def test_only_what_a_reason_names_as_absent_is_asked_for(gaps):
    assert [item.text for item in highlights.to_add(missing.wanted(gaps))] == ["Customer records"]
    assert missing.unasked(gaps)[0] == "“Was the information correct and complete?”"


def test_too_few_cases_ask_for_no_data(gaps):
    said = {gap.card.id: (gap.said, gap.needs) for gap in gaps}
    assert said["tra_honesty_rated"] == ("Too little data: 31 answers; 80 needed", ())
    assert said["per_continuity"] == ("Too little data: 44 cases; 80 needed", ())


@pytest.mark.parametrize(
    ("reason", "asked"),
    [
        (
            "not supplied: tickets.first_solved_at, tickets.escalated | ticket_events.type",
            "tickets with the time of the first solution and either escalations or the kind of "
            "event in ticket histories",
        ),
        ("not supplied: tickets.solved_at", "tickets with the time of the last solution"),
        (
            "not supplied: tickets.sla_resolution_due_at | tickets.sla_first_response_due_at",
            "tickets with either the promised time of solution or the promised time of the first "
            "reply",
        ),
        ("no data of the kind: customers, messages", "customer records, messages with author"),
    ],
)
def test_absent_columns_and_tables_are_asked_for_in_plain_words(saved, scorecard, reason, asked):
    row = next(r for r in saved["audit"]["indicators"] if r["id"] == "qua_resolution_30d")
    row |= {"state": "not assessed", "reason": reason, "utility": None}
    found = missing.gaps(indicators.cards(saved["audit"], scorecard), saved["validation"])
    needs = next(gap.needs for gap in found if gap.card.id == "qua_resolution_30d")
    assert ", ".join(need.text for need in needs).startswith(asked)


def test_a_table_that_broke_its_contract_is_what_is_asked_for(saved, scorecard):
    saved["validation"]["unusable"] = ["surveys"]
    row = next(r for r in saved["audit"]["indicators"] if r["id"] == "axs_ces")
    row["reason"] = "no data of the kind: surveys"
    found = missing.gaps(indicators.cards(saved["audit"], scorecard), saved["validation"])
    needs = next(gap.needs for gap in found if gap.card.id == "axs_ces")
    assert needs[0].text == "surveys that keep their contract"


def test_the_ledger_says_when_it_does_not_add_up(saved, cards):
    whole = quality.quality(saved["audit"], saved["validation"], saved["load"], cards)
    assert all(row.adds_up for row in whole.ledger)
    assert "each accounted for" in whole.title
    saved["audit"]["tables"][0]["kept"] -= 1
    broken = quality.quality(saved["audit"], saved["validation"], saved["load"], cards)
    assert "not all accounted for" in broken.title


def test_a_failed_rule_is_told_once(saved, cards):
    message = saved["validation"]["checks"][0]["message"]
    saved["audit"]["findings"].append({**saved["audit"]["findings"][0], "text": message})
    whole = quality.quality(saved["audit"], saved["validation"], saved["load"], cards)
    assert [finding["title"] for finding in whole.findings] == ["Replies in under 5 seconds"]


def test_what_is_unknown_in_the_tickets_is_said_in_words(saved, cards):
    whole = quality.quality(saved["audit"], saved["validation"], saved["load"], cards)
    assert whole.notes == (("tickets whose status is unknown", 40, 8012),)


def test_figures_beside_are_grouped_and_leave_small_channels_out(saved):
    [(group, rows)] = beside.beside(saved["audit"])
    assert group == "Waiting for a first reply"
    assert [(row.name, row.channel) for row in rows] == [
        ("Answered by a person within 24 hours", ""),
        ("Answered by a person within 24 hours", "E-mail"),
        ("Typical wait (median) among the answered alone", ""),
    ]
    assert str(rows[0].figure).replace("\u00a0", " ") == "61.2 % (57.0 to 65.0 %)"


def test_failed_rules_and_those_that_could_not_run_are_both_listed(saved, cards):
    whole = quality.quality(saved["audit"], saved["validation"], saved["load"], cards)
    assert [(check["severity"], check["state"]) for check in whole.failed] == [
        ("error", "failed"), ("warning", "could not run"),
    ]  # fmt: skip
    assert whole.declared == 1


def test_house_judgement_is_counted_point_by_point(saved, scorecard):
    row = next(r for r in saved["audit"]["indicators"] if r["id"] == "qua_fcr_customer")
    saved["audit"]["indicators"] = [row]
    found = method.method(indicators.cards(saved["audit"], scorecard), scorecard)
    assert (found.points, found.house) == (4, 1)
    assert [code for code, _ in found.sources] == ["S01", "S02"]


def test_departures_from_the_scorecard_stand_beside_the_houses_values(saved, scorecard, cards):
    own = {
        "indicator": "qua_csat", "reason": "agreed", "weight": 2.0, "anchors": {"target": 0.9},
        "house": {"weight": 1.0, "anchors": {"target": 0.87}},
    }  # fmt: skip
    found = method.method(cards, scorecard, [own])
    assert found.overrides == (
        (
            "Customer satisfaction (CSAT)",
            "weight 2.0 instead of 1.0, anchor target 0.9 instead of 0.87",
            "agreed",
        ),
    )


def test_every_figure_of_time_says_its_clock():
    declared = INDICATORS | CONTEXT
    in_seconds = [e["id"] for e in open_scorecard()["indicators"] if e["unit"] == "seconds"]
    beside_them = [id for id, found in CONTEXT.items() if found.statistic in IN_SECONDS]
    silent = {id for id in (*in_seconds, *beside_them) if not declared[id].clock}
    assert silent == set(), "a time without its clock can be read either way"


def test_the_time_on_the_other_clock_stands_beside_an_indicator(saved):
    row = saved["audit"]["context"][-1] | {"clock": "business"}
    by_channel = {"id": "first_response_in_business_time", "slice": {"channel": "email"}}
    whole = {"id": "resolution_median_in_business_time", "slice": {}}
    few = whole | {"id": "next_reply_in_calendar_time", "cases": 4}
    found = beside.other_clocks({"context": [row | part for part in (by_channel, whole, few)]})
    assert set(found) == {"spd_first_response", "spd_resolution_rmst"}, "4 cases are not printed"
    first = found["spd_first_response"][0]
    assert (first.channel, first.clock) == ("E-mail", "opening hours")
