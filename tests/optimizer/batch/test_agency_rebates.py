"""Rebate tiers over all shops: against every split, against a mixed-integer programme, and by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adspend.batch.agency import NO_REBATE, Point, RebateTier, spendable, spent, split_budget
from adspend.solver.highs import Outcome, new_model, run
from oracles.agency_grid import every_split, own_net, value

from .test_agency import Frontier, random_frontiers

Curve = list[Point]


def tiers_of(entries: list[tuple[int, Fraction]]) -> list[RebateTier]:
    return [RebateTier(start_fen=start, rate=rate) for start, rate in entries]


points = st.lists(st.tuples(st.integers(1, 8), st.integers(-12, 20)), max_size=4)
curves = st.lists(points, min_size=1, max_size=3)
rates = st.sampled_from([Fraction(0), Fraction(1, 50), Fraction(1, 7), Fraction(1, 2), Fraction(9, 10)])
ladders = st.builds(
    lambda starts, paid: tiers_of(list(zip(sorted(starts), sorted(paid), strict=False))),
    st.lists(st.integers(1, 30), max_size=3, unique=True),
    st.lists(rates, min_size=3, max_size=3),
)
caps = st.one_of(st.none(), st.integers(0, 26))


@settings(max_examples=200, deadline=None)
@given(curves, caps, ladders)
def test_no_split_in_whole_fen_nets_more(shops: list[Curve], budget: int | None, tiers: list[RebateTier]) -> None:
    """Points above and below the envelope, losing shops, tiers of one rate, starts within and beyond reach."""
    split = split_budget(shops, budget, tiers)
    worth = {budgets: value(shops, tiers, budgets) for budgets in every_split(shops, budget)}
    best = max(worth.values())
    assert worth[split.budgets] == best
    assert split.spend_fen == min(sum(budgets) for budgets, net in worth.items() if net == best)
    assert abs(split.net_fen - best) < 1.5, "a rebate is paid in whole fen, and the rest is rounded"
    reached = [tier for tier in (NO_REBATE, *tiers) if tier.start_fen <= split.spend_fen]
    assert split.tier == reached[-1]
    assert split.rebate_fen == int(reached[-1].rate * split.spend_fen)


@settings(max_examples=200, deadline=None)
@given(curves, caps, ladders)
def test_the_next_tier_is_the_best_split_that_reaches_it(
    shops: list[Curve], budget: int | None, tiers: list[RebateTier]
) -> None:
    """With as much more budget as it takes; spend that no shop can use is lost, and comes back at the tier's rate."""
    split = split_budget(shops, budget, tiers)
    above = [tier for tier in tiers if tier.start_fen > split.spend_fen]
    if not above:
        assert split.next_tier is None
        return
    found, start = split.next_tier, above[0].start_fen
    assert found is not None
    assert found.tier == above[0]
    usable = min(start, sum(max((spend for spend, _ in shop), default=0) for shop in shops))
    assert found.lost_fen == start - usable
    rate, within = above[0].rate, None if budget is None else max(usable, budget)
    there = {budgets: value(shops, [], budgets) + rate * sum(budgets) for budgets in every_split(shops, within)}
    best = max(net for budgets, net in there.items() if sum(budgets) >= usable)
    change = best - (1 - rate) * found.lost_fen - value(shops, tiers, split.budgets)
    assert abs(found.net_change_fen - change) <= Fraction(1, 2)
    spend = split.spend_fen + found.more_fen - found.lost_fen
    assert spend == min(sum(budgets) for budgets, net in there.items() if sum(budgets) >= usable and net == best)


def best_by_mip(frontiers: list[Frontier], budget: int, tiers: list[RebateTier]) -> float:
    """Mixtures of each shop's points, a binary for each tier, and the spend that the tier pays on."""
    model = new_model()
    ladder = [NO_REBATE, *tiers]
    chosen = [model.add_variable(f"z{t}", cat="Binary") for t in range(len(ladder))]
    paid = [model.add_variable(f"u{t}", 0) for t in range(len(ladder))]
    spend, net = [], []
    for j, frontier in enumerate(frontiers):
        weights = [model.add_variable(f"w{j}_{k}", 0, 1) for k in range(len(frontier))]
        model.addConstraint(pulp.lpSum(weights) <= 1)
        spend += [at / 1000 * weight for (at, _), weight in zip(frontier, weights, strict=True)]
        net += [gain / 1000 * weight for (_, gain), weight in zip(frontier, weights, strict=True)]
    model.addConstraint(pulp.lpSum(spend) <= budget / 1000)
    model.addConstraint(pulp.lpSum(paid) == pulp.lpSum(spend))
    model.addConstraint(pulp.lpSum(chosen) == 1)
    for tier, one, level in zip(ladder, chosen, paid, strict=True):
        model.addConstraint(level >= tier.start_fen / 1000 * one)
        model.addConstraint(level <= budget / 1000 * one)
    back = [float(tier.rate) * level for tier, level in zip(ladder, paid, strict=True)]
    model.setObjective(-pulp.lpSum(net) - pulp.lpSum(back))
    assert run(model, time_limit=60) is Outcome.OPTIMAL
    return -1000 * float(pulp.value(model.objective))


@pytest.mark.parametrize("seed", range(12))
def test_the_split_is_the_mixed_integer_programmes(seed: int) -> None:
    """Fifteen shops whose last money loses; tiers around what they would spend of their own."""
    rng = np.random.default_rng([3, seed])
    frontiers = random_frontiers(rng, 15)
    own = split_budget(frontiers, 10**9).spend_fen
    budget = int(own * rng.uniform(0.8, 1.5))
    entries = [(int(own * share), Fraction(pay, 100)) for share, pay in ((0.7, 1), (1.02, 4), (1.15, 10))]
    split = split_budget(frontiers, budget, tiers_of(entries))
    assert split.spend_fen <= budget
    exact = value(frontiers, tiers_of(entries), split.budgets)
    assert float(exact) == pytest.approx(best_by_mip(frontiers, budget, tiers_of(entries)), abs=0.05)
    assert abs(split.net_fen - exact) < 1.5


ONE: Curve = [(100_00, 200_00), (200_00, 190_00)]  # nets 2 a yuan for 100 yuan, then loses 0.1
TWO: Curve = [(100_00, 50_00), (200_00, 20_00)]  # nets 0.5 a yuan for 100 yuan, then loses 0.3


def test_a_tier_worth_its_loss_by_hand() -> None:
    """Without rebates 200 yuan net 250. A fifth from 350 on takes 100 more at -0.1 and 50 at -0.3: 225 + 70 = 295.

    A yuan more of the 350 loses 0.3 and brings 0.2, so 350 it is; a tenth would bring 35 and not pay: 225 + 35 = 260 it
    does, by 10, and a fiftieth (7) does not.
    """
    fifth, tenth, fiftieth = (tiers_of([(350_00, Fraction(1, n))]) for n in (5, 10, 50))
    split = split_budget([ONE, TWO], None, fifth)
    assert (split.budgets, split.net_fen, split.rebate_fen) == ((200_00, 150_00), 295_00, 70_00)
    assert (split.tier, split.next_tier, split.price) == (fifth[0], None, 0.0)
    assert split_budget([ONE, TWO], None, tenth).net_fen == 260_00
    left = split_budget([ONE, TWO], None, fiftieth)
    assert (left.budgets, left.net_fen, left.tier) == ((100_00, 100_00), 250_00, NO_REBATE)
    assert left.next_tier is not None
    assert (left.next_tier.more_fen, left.next_tier.net_change_fen) == (150_00, (225 + 7 - 250) * 100)


def test_the_price_has_the_rebate_by_hand() -> None:
    """At 250 yuan the next one loses 0.1 and brings 0.2."""
    split = split_budget([ONE, TWO], 250_00, tiers_of([(50_00, Fraction(1, 5))]))
    assert (split.budgets, split.price) == ((150_00, 100_00), pytest.approx(0.1))


def test_a_tier_beyond_all_shops_by_hand() -> None:
    """The shops can use 400 yuan and want 200. From 500 on half comes back: 210 - 100 lost + 250, against 250."""
    split = split_budget([ONE, TWO], None, tiers_of([(500_00, Fraction(1, 2))]))
    assert split.spend_fen == 200_00
    assert split.next_tier is not None
    assert (split.next_tier.more_fen, split.next_tier.lost_fen) == (300_00, 100_00)
    assert split.next_tier.net_change_fen == (210 - 100 + 250 - 250) * 100


@settings(max_examples=100, deadline=None)
@given(curves, caps, ladders, st.integers(1, 4))
def test_a_higher_rate_never_lowers_the_net(
    shops: list[Curve], budget: int | None, tiers: list[RebateTier], more: int
) -> None:
    """Nor does a lower start; fractions of a fen may fall."""
    plain = split_budget(shops, budget, tiers).net_fen
    higher = [RebateTier(start_fen=tier.start_fen, rate=tier.rate + Fraction(more, 50)) for tier in tiers]
    earlier = [RebateTier(start_fen=tier.start_fen * 2, rate=tier.rate) for tier in tiers]
    assert split_budget(shops, budget, higher).net_fen >= plain - 1
    assert split_budget(shops, budget, earlier).net_fen <= plain + 1


@settings(max_examples=100, deadline=None)
@given(curves, st.integers(0, 26), ladders)
def test_a_tier_no_one_reaches_changes_nothing(shops: list[Curve], budget: int, tiers: list[RebateTier]) -> None:
    """It is only spoken of."""
    plain = split_budget(shops, budget, tiers)
    more = split_budget(shops, budget, [*tiers, RebateTier(start_fen=10**6, rate=Fraction(99, 100))])
    names = ("budgets", "net_fen", "price", "rebate_fen", "tier")
    assert [getattr(more, name) for name in names] == [getattr(plain, name) for name in names]
    assert more.next_tier is not None


@given(curves, caps, ladders, st.randoms(use_true_random=False))
def test_the_order_of_shops_does_not_matter(
    shops: list[Curve], budget: int | None, tiers: list[RebateTier], rng: np.random.Generator
) -> None:
    order = list(range(len(shops)))
    rng.shuffle(order)
    plain, other = split_budget(shops, budget, tiers), split_budget([shops[k] for k in order], budget, tiers)
    assert (other.net_fen, other.spend_fen, other.price) == (plain.net_fen, plain.spend_fen, plain.price)


def test_distinct_slopes_are_taken_in_their_order() -> None:
    """Two slopes that differ in the twenty-sixth digit only: the steeper of the two shops gets the money."""
    wide = 10**13
    steep, flat = [(wide, wide - 1)], [(wide - 1, wide - 2)]
    assert split_budget([flat, steep], wide).budgets == (0, wide)
    assert split_budget([steep, flat], wide).budgets == (wide, 0)


def test_what_is_left_unspent_is_not_counted() -> None:
    """A frontier that is level, but for its bound's noise, ends where the level starts; one that only loses too."""
    assert spent([(100, 50_000_000), (200, 80_000_000), (300, 80_000_030), (400, 80_000_010)]) == (
        (100, 50_000_000),
        (200, 80_000_000),
    )
    assert spent([(200, -40), (100, -50), (300, -40)]) == ((100, -50), (200, -40))
    assert spent([]) == ()


def test_what_is_known_beyond_the_optimum_is_no_gain() -> None:
    """It begins where the shop stops, and nets no more: the noise of a bound would else be money worth spending."""
    frontier = [(100, 50_000_000), (200, 80_000_000), (300, 80_000_000)]
    beyond = [(200, 80_000_000), (250, 80_000_030), (300, 79_000_000)]
    assert spendable(frontier, beyond) == (*frontier[:2], (250, 80_000_000), (300, 79_000_000))
    assert split_budget([spendable(frontier, beyond)]).budgets == (200,)
    assert spendable(frontier[:2], beyond[:1]) == tuple(frontier[:2])
    assert spendable([], []) == ()


def test_a_tier_just_past_the_optimum_by_hand() -> None:
    """A shop nets 300 yuan on 100 and stops; 120 would net 299. A tenth from 110 on: 299.5 + 11 at 110, 311 at 120.

    Without what is known beyond, the ten yuan past 100 would count as lost: 300 - 10 + 11, ten times the true cost.
    """
    tenth = tiers_of([(110_00, Fraction(1, 10))])
    own, beyond = [(100_00, 300_00), (200_00, 300_00)], [(100_00, 300_00), (120_00, 299_00)]
    split = split_budget([spendable(own, beyond)], None, tenth)
    assert (split.budgets, split.net_fen, split.last_yuan) == ((120_00,), 311_00, Fraction(-1, 20))
    assert split.own_rebate == RebateTier(start_fen=100, rate=Fraction(1, 10))
    blind = split_budget([spent(own)], None, tenth)
    assert (blind.budgets, blind.net_fen) == ((100_00,), 300_00)
    assert blind.next_tier is not None
    assert (blind.next_tier.lost_fen, blind.next_tier.net_change_fen) == (10_00, 1_00)


def test_the_rebate_a_shop_has_to_count_on_by_hand() -> None:
    """The tier's own where its last yuan pays; twice what the last yuan loses where a start is reached at a loss."""
    at = [
        (own.rate if own else None) for own in (split_budget([ONE, TWO], None, tiers).own_rebate for tiers in LADDERS)
    ]
    assert at == [Fraction(1, 5), Fraction(3, 5), None, None]


LADDERS = [
    tiers_of([(210_00, Fraction(1, 5))]),  # 300 yuan, the last of which loses 0.1
    tiers_of([(350_00, Fraction(1, 5))]),  # the last of which loses 0.3
    tiers_of([(150_00, Fraction(1, 50))]),  # 200 yuan, where no yuan loses
    [],
]


@settings(max_examples=200, deadline=None)
@given(curves, caps, ladders)
def test_a_shop_that_counts_on_it_spends_its_budget(
    shops: list[Curve], budget: int | None, tiers: list[RebateTier]
) -> None:
    """No smaller spend is worth more to it, as long as no yuan loses so much that no rebate could pay for it."""
    split = split_budget(shops, budget, tiers)
    own = split.own_rebate
    if own is None:
        assert split.tier == NO_REBATE or split.last_yuan > 0
        return
    if split.last_yuan > -1:
        for shop, given_fen in zip(shops, split.budgets, strict=True):
            worth = [own_net(shop, spend) + own.rate * spend for spend in range(given_fen + 1)]
            assert worth[-1] == max(worth)
