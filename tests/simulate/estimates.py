"""Plain estimates of every indicator straight from a draw, written apart from cxaudit's own."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from cxaudit.simulate.answers import UNSAID, came_back_or_passed_on
from cxaudit.simulate.cases import NEVER
from cxaudit.simulate.days import simulated_days
from cxaudit.simulate.draw import Draw
from cxaudit.simulate.people_tables import customers_table
from cxaudit.simulate.service import CHANNELS, CURRENT, DAY, PREVIOUS, PRIORITIES, WITHDRAWN

Id = tuple[str, str]


def survival(seconds: np.ndarray, event: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.lexsort((~event, seconds))
    left = seconds.size - np.arange(seconds.size)
    return seconds[order], np.cumprod(1 - event[order] / left)


def quantile(seconds: np.ndarray, event: np.ndarray, q: float) -> float:
    times, alive = survival(seconds, event)
    return float(times[np.argmax(alive <= 1 - q + 1e-12)])


def alive_at(seconds: np.ndarray, event: np.ndarray, at: float) -> float:
    times, alive = survival(seconds, event)
    return float(alive[np.searchsorted(times, at, side="right") - 1])


class Estimates:
    """All estimates of one draw, by indicator and channel ('' for the whole)."""

    def __init__(self, draw: Draw):
        self.draw, self.cases, self.service = draw, draw.cases, draw.service
        days = simulated_days()
        self.as_of = days.as_of
        self.start, self.end = days.span_starts[CURRENT], days.span_starts[CURRENT + 1]
        cases, until = self.cases, draw.until_as_of
        self.replied, self.solved = until(cases.replied), until(cases.solved)
        self.reopened, self.again = until(cases.reopened), until(cases.solved_again)
        self.in_quarter = (cases.created >= self.start) & (cases.created < self.end)
        self.first_solved = (self.solved >= self.start) & (self.solved < self.end)

    def all(self) -> dict[Id, float]:
        found: dict[Id, float] = {}
        found |= self.speed() | self.resolution() | self.surveys()
        found |= self.returns() | self.consistency() | self.records()
        return found

    def _waiting(self, where: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        event = self.replied[where] < NEVER
        until = np.where(event, self.replied[where], self.as_of)
        return until - self.cases.created[where], event

    def speed(self) -> dict[Id, float]:
        cases, service = self.cases, self.service
        found: dict[Id, float] = {}
        ratios, sizes = [], []
        for channel, name in enumerate(CHANNELS):
            if name == "phone":
                continue
            of_channel = self.in_quarter & (cases.channel == channel)
            wait = self._waiting(of_channel)
            found["spd_first_response", name] = quantile(*wait, 0.5)
            found["spd_first_response_p90", name] = quantile(*wait, 0.9)
            for priority in range(len(PRIORITIES)):
                stratum = of_channel & (cases.priority == priority)
                wait = self._waiting(stratum)
                ratios.append(quantile(*wait, 0.9) / quantile(*wait, 0.5))
                sizes.append(stratum.sum())
        found["con_response_spread", ""] = float(np.average(ratios, weights=sizes))
        legs = []
        for promise, done in (
            (service.reply_promise, self.replied),
            (service.solve_promise, self.solved),
        ):
            due = cases.created + promise[cases.channel, cases.priority].astype(np.int64)
            case = (due >= self.start) & (due < self.end)
            legs.append((done[case] <= due[case]).mean())
        found["spd_sla_attainment", ""] = float(np.mean(legs))
        taken_up = self.in_quarter & (self.replied < NEVER)
        found["acc_right_first_routing", ""] = float((~cases.is_regrouped[taken_up]).mean())
        return found

    def resolution(self) -> dict[Id, float]:
        cases, horizon = self.cases, 30 * DAY
        last = np.where(self.reopened < NEVER, self.again, self.solved)[self.in_quarter]
        event = last < NEVER
        seconds = np.where(event, last, self.as_of) - cases.created[self.in_quarter]
        times, alive = survival(seconds, event)
        inside = times < horizon
        edges = np.concatenate([[0.0], times[inside], [horizon]])
        steps = np.concatenate([[1.0], alive[inside]])
        left = event & (cases.kind[self.in_quarter] == WITHDRAWN)
        order = np.argsort(seconds, kind="stable")
        at_risk = seconds.size - np.arange(seconds.size)
        before = np.concatenate([[1.0], np.cumprod(1 - event[order] / at_risk)[:-1]])
        incidence = np.cumsum(before * (event & ~left)[order] / at_risk)
        place = np.searchsorted(seconds[order], horizon, side="right") - 1
        final = np.where((self.reopened < NEVER) & (self.again < NEVER), self.again, self.solved)
        open_then = (cases.created <= self.end) & (final > self.end)
        promise = self.service.solve_promise[cases.channel, cases.priority][open_then]
        stale = self.end - cases.created[open_then] > np.maximum(14 * DAY, 2 * promise)
        return {
            ("spd_resolution_rmst", ""): float(np.sum(np.diff(edges) * steps)),
            ("qua_resolution_30d", ""): float(incidence[place]),
            ("spd_stale_backlog", ""): float(stale.mean()),
        }

    def latest(self, key: str) -> np.ndarray:
        """Places of the latest answers per case to a question, those given in the quarter."""
        invitations = self.draw.invitations
        given = np.flatnonzero(invitations.values[key] != UNSAID)
        order = given[np.lexsort((invitations.responded[given], invitations.case[given]))]
        case = invitations.case[order]
        order = order[np.append(case[1:] != case[:-1], True)]
        at = invitations.responded[order]
        return order[(at >= self.start) & (at < self.end)]

    def hits(self, key: str) -> tuple[np.ndarray, np.ndarray]:
        place = self.latest(key)
        return self.draw.invitations.values[key][place] >= self.service.items[key].top, place

    def surveys(self) -> dict[Id, float]:
        invitations, cases = self.draw.invitations, self.cases
        rated = {
            "qua_csat": "csat",
            "qua_fcr_customer": "resolved_first",
            "axs_ces": "ces",
            "emp_felt_understood": "empathy",
            "per_treated_individual": "individual",
            "acc_customer_rated": "accurate",
        }
        found = {(id, ""): float(self.hits(key)[0].mean()) for id, key in rated.items()}
        hit, place = self.hits("csat")
        complaint = cases.is_complaint[invitations.case[place]]
        found["qua_complaint_recovery", ""] = float(hit[complaint].mean())
        honest = [self.hits(key)[0].mean() for key in ("honest", "kept_informed")]
        found["tra_honesty_rated", ""] = float(np.mean(honest))
        place = self.latest("had_to_repeat")
        place = place[came_back_or_passed_on(cases)[invitations.case[place]]]
        repeated = invitations.values["had_to_repeat"][place]
        found["per_no_repeat_info", ""] = float((repeated == 0).mean())
        said = invitations.values["resolved"] == 1
        for id, answers, window in (
            ("imp_feedback_coverage", np.ones(said.size, dtype=bool), 14),
            ("tra_resolution_confirmed", said, 7),
        ):
            heard = np.full(len(cases), NEVER)
            np.minimum.at(heard, invitations.case[answers], invitations.responded[answers])
            due = self.first_solved & (self.solved + window * DAY < self.as_of)
            found[id, ""] = float((heard[due] <= self.solved[due] + window * DAY).mean())
        return found

    def returns(self) -> dict[Id, float]:
        cases, agents = self.cases, self.draw.agents
        solved, case = self.solved, self.first_solved
        event = self.reopened[case] < NEVER
        seconds = np.where(event, self.reopened[case], self.as_of) - solved[case]
        found = {("acc_reopen_14d", ""): 1 - alive_at(seconds, event, 14 * DAY)}
        found["qua_frontline_resolution", ""] = float((~cases.is_escalated[case]).mean())
        # One axis for all customers and categories: group x a long time + the instant.
        long = 1 << 33
        group = (cases.customer * 100 + cases.category) * long
        created = np.sort(group + cases.created)
        place = np.searchsorted(created, group + np.minimum(solved, long - 1), side="right")
        upcoming = created[np.minimum(place, created.size - 1)]
        has_next = (place < created.size) & (upcoming // long == group // long)
        following = np.where(has_next, upcoming % long, NEVER)
        solves = np.sort((group + solved)[solved < NEVER])
        place = np.searchsorted(solves, group + cases.created, side="right") - 1
        previous = solves[np.maximum(place, 0)]
        is_return = (place >= 0) & (previous // long == group // long)
        is_return &= cases.created - previous % long <= 7 * DAY
        back = np.minimum(following, self.reopened)
        case = self.first_solved & ~is_return
        event = back[case] < NEVER
        seconds = np.where(event, back[case], self.as_of) - solved[case]
        found["qua_fcr_observed", ""] = alive_at(seconds, event, 7 * DAY)
        order = np.argsort(group + cases.created, kind="stable")
        later, earlier = order[1:], order[:-1]
        same = group[later] == group[earlier]
        same &= cases.created[later] - cases.created[earlier] <= 30 * DAY
        same &= self.in_quarter[later] & (self.replied[later] < NEVER)
        same &= self.replied[earlier] < NEVER
        now, before = cases.agent[later[same]], cases.agent[earlier[same]]
        team = np.where(agents.team[now] == agents.team[before], 0.5, 0.0)
        found["per_continuity", ""] = float(np.where(now == before, 1.0, team).mean())
        count = [np.bincount(cases.category[cases.span == s]) for s in (PREVIOUS, CURRENT)]
        top = np.argsort(count[0])[::-1][:5]
        rate = (count[1][top].sum() / 92) / (count[0][top].sum() / 91)
        found["imp_top_driver_reduction", ""] = float(rate - 1)
        return found

    def consistency(self) -> dict[Id, float]:
        invitations, cases = self.draw.invitations, self.cases
        hit, place = self.hits("csat")
        score = 25.0 * (invitations.values["csat"][place] - 1)
        _, agent = np.unique(cases.agent[invitations.case[place]], return_inverse=True)
        size = np.bincount(agent)
        mean = np.bincount(agent, weights=score) / size
        between = np.sum(size * (mean - score.mean()) ** 2) / (size.size - 1)
        within = np.sum((score - mean[agent]) ** 2) / (score.size - size.size)
        average = (score.size - np.sum(size**2) / score.size) / (size.size - 1)
        ratio = between / within
        by_mail = invitations.mode[place] == 0
        channel = cases.channel[invitations.case[place]][by_mail]
        shares = np.array([hit[by_mail][channel == c].mean() for c in range(len(CHANNELS))])
        weight = np.bincount(channel) / channel.size
        gap = np.sum(weight * np.abs(shares - np.sum(weight * shares)))
        return {
            ("con_agent_icc", ""): float((ratio - 1) / (ratio + average - 1)),
            ("con_channel_gap", ""): float(gap),
            ("con_week_stability", ""): self._week_swing(hit, invitations.responded[place]),
        }

    def records(self) -> dict[Id, float]:
        table = customers_table(self.draw)
        usable = pc.and_(table["segment"].is_valid(), table["created_at"].is_valid())
        reachable = pc.or_(table["language"].is_valid(), table["preferred_channel"].is_valid())
        usable = pc.and_(pc.and_(usable, reachable), table["duplicate_of"].is_null())
        known = pc.is_in(self.draw.customer_ids, table.filter(usable)["customer_id"])
        known = known.to_numpy(zero_copy_only=False)
        share = known[self.cases.customer[self.in_quarter]].mean()
        return {("per_profile_360", ""): float(share)}

    def _week_swing(self, hit: np.ndarray, at: np.ndarray) -> float:
        days = simulated_days()
        _, week = np.unique(days.week[days.day_of(at)], return_inverse=True)
        size = np.bincount(week).astype(float)
        share = np.bincount(week, weights=hit) / size
        design = np.column_stack([np.ones(size.size), np.arange(size.size)])
        root = np.sqrt(size)[:, None]
        line = np.linalg.lstsq(root * design, root[:, 0] * share, rcond=None)[0]
        rest = np.sum(size * (share - design @ line) ** 2) / (size.size - 2)
        noise = hit.mean() * (1 - hit.mean())
        return float(np.sqrt(max(0.0, (rest - noise) / size.mean())))
