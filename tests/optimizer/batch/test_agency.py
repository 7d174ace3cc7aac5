"""The agency's budget goes where it earns most: against an LP solver, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from adspend.batch.agency import split_budget

Frontier = list[tuple[int, int]]


def random_frontiers(rng: np.random.Generator, shops: int) -> list[Frontier]:
    """Concave frontiers, some of them losing money at first."""
    frontiers = []
    for _ in range(shops):
        widths = rng.integers(1_000, 50_000, rng.integers(1, 8))
        slopes = np.sort(rng.uniform(-0.5, 3.0, widths.size))[::-1]
        budgets, nets = np.cumsum(widths), np.rint(np.cumsum(widths * slopes)).astype(int)
        frontiers.append(list(zip(budgets.tolist(), nets.tolist(), strict=True)))
    return frontiers


def best_by_lp(frontiers: list[Frontier], budget: int, least: Frontier | None = None) -> float:
    """The most that mixtures of each shop's points, its least or (0, 0) among them, net within the budget."""
    starts = least or [(0, 0)] * len(frontiers)
    points = [
        [start, *(point for point in frontier if point[0] > start[0])]
        for start, frontier in zip(starts, frontiers, strict=True)
    ]
    flat = np.array([point for shop in points for point in shop], dtype=float)
    whose = np.concatenate([np.full(len(shop), j) for j, shop in enumerate(points)])
    one_each = (whose == np.arange(len(points))[:, None]).astype(float)
    answer = linprog(-flat[:, 1], A_ub=flat[None, :, 0], b_ub=[budget], A_eq=one_each, b_eq=np.ones(len(points)))
    return float(-answer.fun)


@pytest.mark.parametrize("seed", range(25))
def test_the_split_is_the_linear_programmes(seed: int) -> None:
    """Net value equal to the LP's, to the rounding of a fen; the sum within the budget."""
    rng = np.random.default_rng(seed)
    frontiers = random_frontiers(rng, 12)
    budget = int(rng.integers(0, 1_500_000))
    split = split_budget(frontiers, budget)
    assert sum(split.budgets) <= budget
    assert split.net_fen == pytest.approx(best_by_lp(frontiers, budget), abs=1.0)


@pytest.mark.parametrize("seed", range(25))
def test_every_shop_gets_the_least_that_it_has_to_spend(seed: int) -> None:
    """The LP in which mixtures begin there; a budget below the sum is named and every shop gets just that."""
    rng = np.random.default_rng(seed)
    frontiers = random_frontiers(rng, 12)
    least = [(int(spend), int(rng.integers(-9_000, 9_000))) for spend in rng.integers(0, 30_000, 12)]
    total = sum(spend for spend, _ in least)
    budget = total + int(rng.integers(0, 1_000_000))
    split = split_budget(frontiers, budget, least=least)
    assert sum(split.budgets) <= budget
    assert all(part >= start for part, (start, _) in zip(split.budgets, least, strict=True))
    assert split.net_fen == pytest.approx(best_by_lp(frontiers, budget, least), abs=1.0)
    short = split_budget(frontiers, total - 1, least=least)
    assert (short.short_fen, short.budgets) == (1, tuple(start for start, _ in least))
    assert (split.short_fen, short.net_fen) == (0, sum(net for _, net in least))


@pytest.mark.parametrize("seed", range(5))
def test_the_price_is_what_one_yuan_more_nets(seed: int) -> None:
    rng = np.random.default_rng(seed)
    frontiers = random_frontiers(rng, 6)
    split, more = split_budget(frontiers, 100_000), split_budget(frontiers, 100_100)
    assert more.net_fen - split.net_fen == pytest.approx(100 * split.price, abs=1.5)


def test_money_that_earns_nothing_is_left() -> None:
    """Two shops, one of which only loses; a dip in a frontier is bridged; no shop, no money."""
    split = split_budget([[(100, -50), (200, -60)], [(100, 50), (200, 300)], []], 1_000)
    assert split.budgets == (0, 200, 0)
    assert (split.net_fen, split.price) == (300, 0.0)
    assert split_budget([], 100).budgets == ()
