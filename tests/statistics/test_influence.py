"""Two-way variances and covariances: floors, leverage, missing dimensions, invariances."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2, norm

from cxaudit.statistics import (
    Cases,
    Influence,
    covariance,
    cumulative_incidence,
    effective_clusters,
    gap,
    mean,
    quantile_ratio,
    share,
    survival_mean,
    survival_quantile,
    two_way,
    variance_share,
    week_spread,
)
from cxaudit.statistics.influence import chance_factor, contrast, variance_of_parts
from cxaudit.statistics.intervals import t_quantile


def service(seed: int = 1, size: int = 600) -> Cases:
    """A small service: 12 agents of unequal size, customers who come back, every column."""
    rng = np.random.default_rng(seed)
    agent = rng.choice(12, size, p=np.arange(1, 13) / 78)
    customer = rng.integers(0, 300, size)
    mood = rng.normal(size=12)[agent] * 0.4 + rng.normal(size=300)[customer] * 0.5
    hit = (rng.random(size) < 1 / (1 + np.exp(-1 - mood))).astype(float)
    columns = {
        "hit": hit,
        "value": hit,
        "seconds": np.round(np.exp(8 + mood + rng.normal(size=size))),
        "event": (rng.random(size) < 0.8).astype(float),
        "week": rng.integers(0, 12, size).astype(float),
        "group": rng.integers(0, 3, size).astype(float),
    }
    return Cases(customer, agent, np.arange(size), columns)


STATISTICS = {
    "share": share,
    "mean": lambda cases: mean(cases, bounds=(0.0, 1.0)),
    "survival_quantile": lambda cases: survival_quantile(cases, 0.5),
    "survival_mean": lambda cases: survival_mean(cases, 9000.0),
    "cumulative_incidence": lambda cases: cumulative_incidence(cases, 5000.0),
    "variance_share": lambda cases: variance_share(cases, 10),
    "week_spread": lambda cases: week_spread(cases, 20),
    "quantile_ratio": lambda cases: quantile_ratio([(1.0, cases)]),
    "gap": lambda cases: gap(cases, 50),
}


def numbers(estimate) -> list[float]:
    found = (estimate.value, estimate.low, estimate.high, estimate.se or 0.0, estimate.df)
    return [np.inf if number is None else number for number in found]


@pytest.mark.parametrize("name", STATISTICS)
def test_order_of_rows_does_not_matter(name):
    cases = service()
    shuffled = cases.only(np.random.default_rng(5).permutation(len(cases)))
    one, other = (numbers(STATISTICS[name](c)) for c in (cases, shuffled))
    assert one == pytest.approx(other, rel=1e-11)


@pytest.mark.parametrize("name", STATISTICS)
def test_names_of_agents_and_customers_do_not_matter(name):
    cases = service()
    rng = np.random.default_rng(6)
    agents, customers = rng.permutation(5000)[:12], rng.permutation(9000)[:300]
    other_names = Cases(
        customers[cases.customer], agents[cases.agent], cases.row + 10**9, cases.columns
    )
    one, other = (numbers(STATISTICS[name](c)) for c in (cases, other_names))
    assert one == pytest.approx(other, rel=1e-11)


@pytest.mark.parametrize("name", ["share", "mean", "survival_mean", "cumulative_incidence"])
def test_service_doubled_under_new_names_has_the_same_value_and_half_the_variance(name):
    cases = service(size=3000)
    double = Cases(
        np.concatenate([cases.customer, cases.customer + 1000]),
        np.concatenate([cases.agent, cases.agent + 1000]),
        np.concatenate([cases.row, cases.row + 10**6]),
        {key: np.tile(column, 2) for key, column in cases.columns.items()},
    )
    one, two = STATISTICS[name](cases), STATISTICS[name](double)
    assert two.value == pytest.approx(one.value)
    # Twice the clusters, so a little less leverage each: between 0.4 and 0.5.
    assert 0.38 < two.se**2 / one.se**2 <= 0.5


@pytest.mark.parametrize("name", [n for n in STATISTICS if n not in ("gap", "week_spread")])
def test_influences_sum_to_zero_and_give_the_standard_error(name):
    estimate = STATISTICS[name](service())
    values = estimate.influence.value
    assert abs(values.sum()) < 1e-9 * np.abs(values).max() * np.sqrt(values.size)
    assert two_way(estimate.influence).variance == pytest.approx(estimate.se**2)


def test_effective_clusters_of_equal_and_of_unequal_sizes():
    assert effective_clusters(np.array([4, 4, 9, 9])) == 2
    assert effective_clusters(np.array([1, 1, 1, 2])) == pytest.approx(16 / 10)
    assert effective_clusters(np.array([], dtype=int)) == 0


def test_agent_with_all_cases_leaves_one_degree_of_freedom():
    cases = Cases(np.arange(9), np.zeros(9, dtype=int), np.arange(9), {"hit": np.arange(9) % 2.0})
    estimate = share(cases)
    assert estimate.df == 1
    assert estimate.low < 0.1 and estimate.high > 0.9


def test_messages_of_one_ticket_count_as_one_row():
    customer, ticket = np.array([0, 1, 2, 3]), np.array([0, 0, 1, 1])
    value = np.array([0.1, -0.1, 0.2, -0.2])
    spread = two_way(Influence(customer, customer, ticket, value))
    assert spread.row == pytest.approx(0)


def test_empty_column_has_no_variance():
    nothing = np.array([], dtype=int)
    with pytest.raises(ValueError, match="without cases"):
        two_way(Influence(nothing, nothing, nothing, np.array([])))


def test_covariance_agrees_with_dense_matrices():
    cases = service()
    columns = [
        share(cases).influence,
        survival_mean(cases, 9000.0).influence,
        share(cases.only(cases.columns["group"] == 1)).influence,
    ]
    customer, agent, row = covariance(columns)
    sums = np.zeros((300, 3))
    shares = np.zeros((12, 3))
    rows = np.zeros((600, 3))
    for k, column in enumerate(columns):
        n = column.value.size
        present = np.unique(column.customer).size
        np.add.at(sums[:, k], column.customer, column.value * np.sqrt(present / (present - 1)))
        leverage = np.bincount(column.agent, minlength=12) / n
        shares[:, k] = np.bincount(column.agent, weights=column.value, minlength=12)
        shares[:, k] /= 1 - leverage
        rows[column.row, k] = column.value
    np.testing.assert_allclose(customer, sums.T @ sums, rtol=1e-10)
    np.testing.assert_allclose(agent, shares.T @ shares, rtol=1e-10)
    np.testing.assert_allclose(row, rows.T @ rows, rtol=1e-10)


def test_diagonal_of_the_covariance_is_the_two_way_variance():
    column = share(service()).influence
    customer, agent, row = (part[0, 0] for part in covariance([column]))
    spread = two_way(column)
    assert max(customer + agent - row, customer, agent) == pytest.approx(spread.variance)


def test_column_without_agents_keeps_the_variance_of_its_customers():
    cases = service()
    with_agents = share(cases).influence
    without = Influence(with_agents.customer, None, with_agents.row, with_agents.value)
    customer, agent, row = covariance([with_agents, without])
    assert agent[1, 1] == row[1, 1] == agent[0, 1] == row[0, 1] == 0
    assert customer[0, 0] == customer[1, 1] == pytest.approx(two_way(without).variance)


def test_columns_without_shared_clusters_are_uncorrelated():
    column = share(service()).influence
    apart = Influence(column.customer + 999, column.agent + 999, column.row + 999, column.value)
    for part in covariance([column, apart]):
        assert part[0, 1] == 0


def test_no_columns_no_covariance():
    assert [part.shape for part in covariance([])] == [(0, 0)] * 3


def test_indicator_with_agents_only_is_clustered_by_agent_alone():
    """Each row a customer of its own: the leave-one-out agent part, df of the effective agents."""
    cases = service()
    own = Cases(np.arange(len(cases)), cases.agent, np.arange(len(cases)), cases.columns)
    spread = two_way(share(own).influence)
    assert spread.variance == pytest.approx(spread.agent, rel=0.01)
    assert spread.variance >= spread.agent
    assert spread.df == pytest.approx(effective_clusters(cases.agent) - 1)


def test_several_cases_of_a_row_do_not_lessen_the_variance_of_agents():
    """Items of one review share its row: the floor keeps what the agents vary."""
    cases = service()
    items = Cases(np.arange(len(cases)), cases.agent, np.arange(len(cases)) // 4, cases.columns)
    spread = two_way(share(items).influence)
    assert spread.variance >= spread.agent


def test_day_with_every_case_of_its_own_is_as_wide_as_rows_say():
    cases = service()
    rows = np.arange(len(cases))
    spread = two_way(share(Cases(rows, rows, rows, cases.columns)).influence)
    assert spread.variance == pytest.approx(spread.row, rel=0.01)


@pytest.mark.parametrize("name", ["share", "mean", "survival_mean", "cumulative_incidence"])
def test_clusters_doubled_leave_the_estimate_and_halve_the_variance(name):
    """All clusters doubled: the same estimate, variance by half (up to G / (G - 1))."""
    cases = service()
    once = STATISTICS[name](Cases(cases.customer, None, cases.row, cases.columns))
    twice = Cases(
        np.concatenate([cases.customer, cases.customer + 1000]),
        None,
        np.concatenate([cases.row, cases.row + 10_000]),
        {key: np.concatenate([column, column]) for key, column in cases.columns.items()},
    )
    doubled = STATISTICS[name](twice)
    clusters = np.unique(cases.customer).size
    correction = (2 * clusters / (2 * clusters - 1)) / (clusters / (clusters - 1))
    assert doubled.value == pytest.approx(once.value)
    assert doubled.se == pytest.approx(once.se / np.sqrt(2) * np.sqrt(correction))


# --- degrees of freedom ----------------------------------------------------------------------


def parts(agent: float | None, agents: float | None = 12.0, **others: float):
    """Variance and degrees of freedom where customers have 2, rows 1.5, agents by chance 1.8."""
    known = {"customer": 2.0, "row": 1.5, "by_chance": 1.8, "customers": 200.0, **others}
    return variance_of_parts(agent=agent, agents=agents, **known)


def test_agents_who_differ_bring_their_variance_and_their_degrees_of_freedom():
    assert parts(agent=3.0) == (2.0 + 3.0 - 1.5, 11.0)


def test_agents_who_differ_as_by_chance_leave_the_customers_variance():
    assert parts(agent=1.15 * 1.8 - 1e-9) == (2.0, 199.0)
    assert parts(agent=1.15 * 1.8 + 1e-9)[1] == 11.0


def test_rows_of_several_cases_are_not_undercut():
    """Items of a review, each a customer of its own: what the review's items share counts."""
    assert parts(agent=1.0, customer=0.7) == (1.5, 199.0)


def test_too_few_agents_do_not_show_that_they_do_not_differ():
    assert parts(agent=1.0, agents=4.0) == (2.0, 3.0)


def test_without_variance_the_fewer_clusters_count():
    nothing = {"customer": 0.0, "row": 0.0, "by_chance": 0.0}
    assert parts(agent=0.0, **nothing) == (0.0, 11.0)
    assert parts(agent=0.0, **nothing, customers=8.0) == (0.0, 7.0)


def test_one_dimension_has_its_own_degrees_of_freedom():
    assert parts(agent=None, agents=None) == (2.0, 199.0)
    assert parts(agent=None, agents=None, customers=1.0) == (2.0, 1.0)


@pytest.mark.parametrize("agents", [5.0, 6.7, 12.0, 40.0])
@pytest.mark.parametrize("excess", [0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0])
def test_limits_cover_by_normal_theory_however_much_agents_differ(agents, excess):
    """Equal agents, rows of variance 1: the agent part is 1 + excess times a chi square."""
    places = (np.arange(1000) + 0.5) / 1000
    leverage = agents / (agents - 1)
    inside = []
    for part in (1 + excess) * chi2.ppf(places, agents - 1) / (agents - 1) * leverage:
        variance, df = variance_of_parts(1.0, part, 1.0, leverage, 1e6, agents)
        inside.append(2 * norm.cdf(t_quantile(df) * np.sqrt(variance / (1 + excess))) - 1)
    assert 0.94 <= np.mean(inside) <= 0.975


def test_agent_part_by_chance_is_the_rows_variance_over_what_leverage_leaves():
    """Agents of 3/4 and 1/4 of the cases: 3/4 / (1/4) + 1/4 / (3/4)."""
    codes = np.array([0, 0, 0, 1])
    column = Influence(np.arange(4), codes, np.arange(4), np.zeros(4))
    assert chance_factor(column) == pytest.approx(3 + 1 / 3)
    assert chance_factor(Influence(np.arange(4), None, np.arange(4), np.zeros(4))) == 0.0


def test_contrast_of_two_periods_is_that_of_both_columns_together(eight):
    """Shares of rows 5-8 less rows 1-4; the largest of three forms is the variance."""
    late = eight.columns["stratum"] == 1
    columns = []
    for mask in (late, ~late):
        half = eight.only(mask)
        p = half.columns["hit"].mean()
        columns.append(half.influence((half.columns["hit"] - p) / len(half)))
    variance, df = contrast(columns, (1.0, -1.0))
    customer, agent, row = covariance(columns)
    steps = np.array([1.0, -1.0])
    forms = [float(steps @ form @ steps) for form in (customer + agent - row, customer, agent)]
    assert variance == pytest.approx(max(forms))
    assert df == pytest.approx(16 / 8 - 1), "the later rows have two agents worth two"


def test_what_agents_do_to_both_periods_cancels_and_leaves_the_customers_degrees_of_freedom():
    """The same agents' levels in both periods: the difference has none of their variance."""
    rng = np.random.default_rng(5)
    level = np.repeat([0.3, 0.9], 6)
    columns = []
    for period in range(2):
        agent = rng.integers(0, 12, 3000)
        hit = (rng.random(3000) < level[agent]).astype(float)
        rows = np.arange(3000) + 3000 * period
        columns.append(Cases(rows, agent, rows, {}).influence((hit - hit.mean()) / 3000))
    one, df_of_one = contrast(columns[:1], (1.0,))
    both, df_of_both = contrast(columns, (1.0, -1.0))
    assert both < 0.2 * one
    assert df_of_one < 12
    assert df_of_both > 1000
