"""Every way to split a budget over a few small shops, in whole fen and exact fractions: the oracle of the split."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product

from adspend.batch.agency import Point, RebateTier


def own_net(curve: Sequence[Point], spend: int) -> Fraction:
    """The best that a mixture of two of the shop's points, (0, 0) among them, nets at this spend."""
    points = [(0, 0), *curve]
    found = [Fraction(net) for at, net in points if at == spend]
    for low, net in points:
        for high, more in points:
            if low < spend < high:
                found.append(net + Fraction(more - net, high - low) * (spend - low))
    return max(found)


def comes_back(tiers: Sequence[RebateTier], spend: int) -> Fraction:
    """The rebate on a total spend: of the last tier whose start is reached."""
    reached = [tier for tier in tiers if tier.start_fen <= spend]
    return max(reached, key=lambda tier: tier.start_fen).rate * spend if reached else Fraction(0)


def value(curves: Sequence[Sequence[Point]], tiers: Sequence[RebateTier], budgets: Sequence[int]) -> Fraction:
    """What a split nets, rebate included."""
    own = sum((own_net(curve, budget) for curve, budget in zip(curves, budgets, strict=True)), Fraction(0))
    return own + comes_back(tiers, sum(budgets))


def every_split(curves: Sequence[Sequence[Point]], most: int | None) -> Iterator[tuple[int, ...]]:
    """All budgets in whole fen, each within its shop's curve, together within ``most``."""
    ends = [max((spend for spend, _ in curve), default=0) for curve in curves]
    for budgets in product(*(range(end + 1) for end in ends)):
        if most is None or sum(budgets) <= most:
            yield budgets
