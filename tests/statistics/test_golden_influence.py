"""Influence columns and two-way variances against numbers worked by hand for eight tickets."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from cxaudit.statistics import (
    cumulative_incidence,
    mean,
    quantile_ratio,
    ratio,
    share,
    survival_mean,
    two_way,
    variance_share,
)
from cxaudit.statistics.influence import Influence, joined
from cxaudit.statistics.life_table import LifeTable
from cxaudit.statistics.survival import log_density

# customer part, agent part (leave-one-out), row part, used
Parts = tuple[float, float, float, float]


def natural(estimate, slope: float) -> Influence:
    """The influence of an estimate taken back from its scale to the natural one."""
    return estimate.influence.scaled(slope)


def check(column: Influence, values: list[float], parts: Parts) -> None:
    np.testing.assert_allclose(column.value, values, atol=5e-11, rtol=0)
    assert abs(column.value.sum()) < 1e-12, "an influence column sums to zero"
    spread = two_way(column)
    found = (spread.customer, spread.agent, spread.row, spread.variance)
    np.testing.assert_allclose(found, parts, atol=6e-11, rtol=0)


def test_share(eight):
    estimate = share(eight)
    assert estimate.value == 0.625
    hit, miss = 0.046875, -0.078125
    parts = (0.0091552734, 0.0829861111, 0.0292968750, 0.0829861111)
    column = natural(estimate, 0.625 * 0.375)
    check(column, [hit, miss, hit, hit, miss, hit, hit, miss], parts)
    assert estimate.se == pytest.approx(math.sqrt(0.08298611111111111) / (0.625 * 0.375))


def test_degrees_of_freedom_come_from_effective_clusters(eight):
    estimate = share(eight)
    assert estimate.effective_customers == pytest.approx(64 / 14)
    assert estimate.effective_agents == pytest.approx(64 / 22)
    assert estimate.df == pytest.approx(64 / 22 - 1)


def test_ratio(eight):
    estimate = ratio(eight)
    assert estimate.value == pytest.approx(25 / 35)
    expected = [
        0.0040816327, -0.0244897959, 0.0122448980, 0.0408163265,
        -0.0530612245, 0.0326530612, 0.0122448980, -0.0244897959,
    ]  # fmt: skip
    parts = (0.0024156601, 0.0137862557, 0.0070637234, 0.0137862557)
    check(natural(estimate, 25 / 35), expected, parts)


def test_ratio_that_is_a_share_of_items_has_limits_inside_0_to_1(eight):
    estimate = ratio(eight, bounded=True)
    assert estimate.scale == "logit"
    assert 0 < estimate.low < 25 / 35 < estimate.high < 1


def test_mean(eight):
    estimate = mean(eight)
    assert (estimate.value, estimate.scale) == (59.375, "identity")
    expected = [
        5.078125, -1.171875, 1.953125, 5.078125, -4.296875, 1.953125, -1.171875, -7.421875,
    ]  # fmt: skip
    parts = (121.6888427734, 538.3246527778, 135.4980468750, 538.3246527778)
    check(estimate.influence, expected, parts)


def test_share_standardised_to_a_fixed_mix_is_the_weighted_sum_of_its_strata(eight):
    stratum = eight.columns["stratum"]
    legs = [share(eight.only(stratum == s)) for s in (0, 1)]
    assert 0.6 * legs[0].value + 0.4 * legs[1].value == pytest.approx(0.65)
    columns = [
        natural(leg, mix * leg.value * (1 - leg.value))
        for mix, leg in zip((0.6, 0.4), legs, strict=True)
    ]
    expected = [0.0375, -0.1125, 0.0375, 0.0375, -0.05, 0.05, 0.05, -0.05]
    check(joined(columns), expected, (0.0121093750, 0.0648, 0.0268750000, 0.0648))


def test_difference_of_two_shares_with_shared_clusters(eight):
    first, second = (share(eight.only(eight.columns["stratum"] == s)) for s in (0, 1))
    column = joined([natural(first, -0.75 * 0.25), natural(second, 0.25)])
    assert second.value - first.value == -0.25
    expected = [-0.0625, 0.1875, -0.0625, -0.0625, -0.125, 0.125, 0.125, -0.125]
    check(column, expected, (0.0878906250, 0.18, 0.1093750000, 0.18))


SURVIVAL_AT_4 = [-0.05625, -0.05625, 0.01875, -0.07125, -0.07125, 0.07875, 0.07875, 0.07875]
SURVIVAL_PARTS = (0.0804023437, 0.08046, 0.0354375, 0.1254248437)


def life_table(cases) -> LifeTable:
    return LifeTable.of(cases.numbers("seconds"), cases.numbers("event"))


def test_life_table_by_hand(eight):
    table = life_table(eight)
    assert table.times.tolist() == [1, 2, 3, 4, 5, 6, 8]
    assert table.at_risk.tolist() == [8, 7, 5, 4, 3, 2, 1]
    assert table.events.tolist() == [1, 1, 1, 1, 0, 1, 0]
    np.testing.assert_allclose(table.survival, [0.875, 0.75, 0.6, 0.45, 0.45, 0.225, 0.225])
    np.testing.assert_allclose(
        np.cumsum(table.hazard_term)[:4], [1 / 56, 1 / 56 + 1 / 42, 0.0916666667, 0.175]
    )


def test_survival_at_4(eight):
    table = life_table(eight)
    assert table.survival_at(4) == pytest.approx(0.45)
    check(eight.influence(table.survival_influence(4)), SURVIVAL_AT_4, SURVIVAL_PARTS)


def test_sums_of_survival_influence_by_customer_and_agent(eight):
    psi = life_table(eight).survival_influence(4)
    by_customer = np.bincount(eight.customer, weights=psi)
    by_agent = np.bincount(eight.agent, weights=psi)
    np.testing.assert_allclose(by_customer, [-0.1125, 0.01875, -0.1425, 0.07875, 0.1575])
    np.testing.assert_allclose(by_agent, [-0.10875, -0.04875, 0.1575])


def test_incidence_by_4_is_the_mirror_of_survival(eight):
    estimate = cumulative_incidence(eight, 4)
    assert estimate.value == pytest.approx(0.55)
    check(natural(estimate, 0.55 * 0.45), [-x for x in SURVIVAL_AT_4], SURVIVAL_PARTS)


def test_restricted_mean_to_6(eight):
    estimate = survival_mean(eight, 6)
    assert estimate.value == pytest.approx(4.125)
    expected = [
        -0.390625, -0.265625, 0.109375, -0.190625, -0.040625, 0.259375, 0.259375, 0.259375,
    ]  # fmt: skip
    parts = (1.0406005859, 1.0540527778, 0.4749218750, 1.6197314887)
    check(natural(estimate, 4.125), expected, parts)


def test_log_median_without_censoring_with_the_band_from_a_quarter_to_three_quarters(eight):
    table = LifeTable.of(eight.numbers("seconds"), np.ones(8))
    median = table.first_at_or_below(0.5)
    band = (0.25, 0.75)
    low, high = table.first_at_or_below(band[1]), table.first_at_or_below(band[0])
    assert (median, low, high) == (3, 2, 5)
    density = log_density(0.5, band, low, median, high)
    assert density == pytest.approx(0.5456783340)
    column = eight.influence(table.survival_influence(median) / density)
    parts = (0.1639821690, 0.4291231161, 0.1049485882, 0.4881566969)
    check(column, [-0.1145363415] * 4 + [0.1145363415] * 4, parts)


def test_log_median_with_censoring_with_the_band_from_a_quarter_to_three_quarters(eight):
    table = life_table(eight)
    median = table.first_at_or_below(0.5)
    band = (0.25, 0.75)
    low, high = table.first_at_or_below(band[1]), table.first_at_or_below(band[0])
    assert (median, low, high) == (4, 2, 6)
    density = log_density(0.5, band, low, median, high)
    assert density == pytest.approx(0.5 / math.log(3))
    expected = [-0.1235938825, -0.1235938825, 0.0411979608, -0.1565522511, -0.1565522511]
    parts = (0.3881661009, 0.3884444535, 0.1710850152, 0.6055255393)
    column = eight.influence(table.survival_influence(median) / density)
    check(column, expected + [0.1730314355] * 3, parts)


def test_variance_share(eight):
    estimate = variance_share(eight, min_per_agent=2)
    assert estimate.value == pytest.approx(0.5997277059)
    assert (estimate.groups, estimate.cases, estimate.scale) == (3, 8, "log F")
    # Three agents: normal theory, 2/2 + 2/5, is more than the variance seen between them (0.512).
    assert estimate.se**2 == pytest.approx(1.4)
    assert two_way(estimate.influence).variance == pytest.approx(1.4), "what composites see"


def test_influence_of_the_variance_share_before_scaling(eight):
    estimate = variance_share(eight, min_per_agent=2)
    expected = np.array([
        0.2731110393, 0.0374937154, -0.0788605186, 0.2731110393,
        -0.0953440350, -0.2582399627, -0.3742781728, 0.2230068951,
    ])  # fmt: skip
    factor = estimate.influence.value[0] / expected[0]
    np.testing.assert_allclose(estimate.influence.value, factor * expected, atol=5e-10)
    by_agent = np.bincount(eight.agent, weights=expected)
    assert 3 / 2 * np.sum(by_agent**2) == pytest.approx(0.5118343407)


def test_limits_of_the_variance_share_are_the_exact_f_limits_when_not_stretched(eight):
    estimate = variance_share(eight, min_per_agent=2)
    ratio_f, average, upper = 4.9330357143, 2.625, 8.433620739432778  # F(.975; 2, 5)
    low = ratio_f / upper
    assert estimate.low == max(0.0, (low - 1) / (low + average - 1)) == 0.0
    assert 0.95 < estimate.high < 1


def test_influence_of_a_sum_of_ratios_sums_to_zero_and_follows_the_chain_rule(eight):
    estimate = quantile_ratio([(1.0, eight)], lower=0.25, upper=0.5)
    assert estimate.value == 2.0  # 4 over 2
    assert abs(estimate.influence.value.sum()) < 1e-12


def test_one_way_on_customers_when_agents_are_not_known(eight):
    estimate = share(replace(eight, agent=None))
    column = natural(estimate, 0.625 * 0.375)
    assert two_way(column).variance == pytest.approx(0.0091552734375)
    assert estimate.df == pytest.approx(64 / 14 - 1)
    assert estimate.effective_agents is None
    assert estimate.method == "Wilson, customers only"
