"""One budget for many shops (总预算): each yuan goes where it earns most, with rebates that count over all shops.

Notation, in fen:

    l_j     the least that shop j may spend: 0, unless locks or floors of its own ask for more
    N_j(b)  what shop j nets when it spends b >= l_j, be it more than it would of its own: the upper concave envelope of
            its points
    F(s)    the most that the shops net when they spend s together: max sum_j N_j(b_j) with sum_j b_j = s
    L, W    where F begins (the sum of the l_j) and ends: more is lost, or more than they can spend
    B       the agency's budget, or L where it is less, which is said; W without one
    t       a rebate tier (代理商阶梯返点): from a total spend of L_t on, the share r_t of all of it comes back;
            no rebate is the tier L = 0, r = 0; a tier that starts higher never pays a lower rate

    maximise  F(s) + R(s)  over  L <= s <= min(B, W),  where  R(s) = s max {r_t : L_t <= s}

The N_j are concave and piecewise linear, so F consists of all their pieces, steepest first, and any s is split by
taking pieces in that order. R is a maximum over the tiers reached, and the maxima over s and t may change places:

    max_t  max {F(s) + r_t s : L_t <= s <= min(B, W)}

For one tier the function is concave. It is best where F's slope has fallen to -r_t, or at the end of the interval next
to that: pieces that lose money are taken as long as the rebate pays for them, and beyond that only to reach the start,
those that lose least first. The ends of pieces, the starts and B are whole fen, and with them every budget. Of equal
splits the one that spends less is taken.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from math import ceil

Point = tuple[int, int]  # spend and net value, fen
NOTHING: Point = (0, 0)
EXACT = 500_000  # a frontier's points are exact to a millionth each, and their differences to this part


@dataclass(frozen=True, slots=True, kw_only=True)
class RebateTier:
    """From a total spend of ``start_fen`` on, the share ``rate`` of all of it comes back."""

    start_fen: int
    rate: Fraction


NO_REBATE = RebateTier(start_fen=0, rate=Fraction(0))
OWN_START_FEN = 100  # of a rebate from the first yuan on
OWN_RATES = 1_000  # parts that its rate is rounded up to


@dataclass(frozen=True, slots=True, kw_only=True)
class NextTier:
    """What the tier above the one reached would take: at best ``more_fen`` more spend, for so much more net value.

    ``lost_fen`` of the spend is beyond where any shop's points end; it is counted as lost.
    """

    tier: RebateTier
    more_fen: int
    lost_fen: int
    net_change_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencySplit:
    """The split of a common budget.

    Attributes:
        budget_fen: what was to be split; None for no more limit than the shops' own.
        short_fen: how much more the shops have to spend than the budget to be split.
        budgets: by shop, fen.
        net_fen: expected, the rebate included.
        price: what one yuan more of the agency's budget would net, in the tier reached.
        rebate_fen: what comes back, whole fen.
        tier: the one reached; ``NO_REBATE`` where there is none.
        next_tier: the next one; None beyond the last.
        last_yuan: what the last one spent nets, without the rebate.
    """

    budget_fen: int | None = None
    short_fen: int = 0
    budgets: tuple[int, ...]
    net_fen: int
    price: float
    rebate_fen: int = 0
    tier: RebateTier = NO_REBATE
    next_tier: NextTier | None = None
    last_yuan: Fraction = Fraction(0)

    @property
    def spend_fen(self) -> int:
        """Of all shops."""
        return sum(self.budgets)

    @property
    def own_rebate(self) -> RebateTier | None:
        """What every shop has to count on of its own to spend its budget; None where no yuan loses.

        A shop spends past its own optimum only while a yuan brings back what it loses. The tier's rate does so where it
        pays for the last yuan; where yuans that lose more are spent to reach the start, it takes more. Between two of a
        shop's points a yuan may lose up to twice the mean. A higher rate changes nothing: the budget ends the spending.
        """
        if self.tier == NO_REBATE or self.last_yuan > 0:
            return None
        rate = max(self.tier.rate, -2 * self.last_yuan)
        return RebateTier(start_fen=OWN_START_FEN, rate=min(Fraction(ceil(rate * OWN_RATES), OWN_RATES), Fraction(1)))


def split_budget(
    curves: Sequence[Sequence[Point]],
    budget_fen: int | None = None,
    tiers: Sequence[RebateTier] = (),
    least: Sequence[Point] = (),
) -> AgencySplit:
    """The best split of a budget over shops with these points; a shop without any gets its least.

    Args:
        curves: by shop, what it nets at which spend.
        budget_fen: for all shops; None for no more limit than the shops' own.
        tiers: rebates on what all shops spend, none starting twice, none below the rate of a lower start.
        least: by shop, the least that it may spend and what that nets; nothing, where it is left out.

    >>> split = split_budget([[(100, 300), (200, 400)], [(100, 200)]], 150)
    >>> split.budgets, split.net_fen, split.price
    ((100, 50), 400, 2.0)
    >>> fifth = RebateTier(start_fen=300, rate=Fraction(1, 5))
    >>> split_budget([[(100, 300), (200, 400)], [(100, 90), (200, 70)]], tiers=[fifth]).budgets
    (200, 100)
    """
    merged = _Merged(curves, least or [NOTHING] * len(curves))
    most = merged.width if budget_fen is None else max(min(budget_fen, merged.width), merged.least)
    ladder = (NO_REBATE, *sorted(tiers, key=lambda tier: tier.start_fen))
    offers = [
        (merged.net(spend) + tier.rate * spend, -spend)
        for tier in ladder
        if tier.start_fen <= most
        for spend in [merged.best_spend(tier.rate, tier.start_fen, most)]
    ]
    value, spend = max(offers)[0], -max(offers)[1]
    reached = bisect_right(ladder, spend, key=lambda tier: tier.start_fen)
    tier = ladder[reached - 1]
    rebate = int(tier.rate * spend)
    return AgencySplit(
        budget_fen=budget_fen,
        short_fen=0 if budget_fen is None else max(merged.least - budget_fen, 0),
        budgets=merged.budgets(spend),
        net_fen=round(merged.net(spend)) + rebate,
        price=max(float(merged.slope(spend) + tier.rate), 0.0) if spend == budget_fen else 0.0,
        rebate_fen=rebate,
        tier=tier,
        next_tier=None if reached == len(ladder) else _reached(merged, ladder[reached], most, spend, value),
        last_yuan=merged.slope(spend - 1) if spend > merged.least else Fraction(0),
    )


def _reached(merged: _Merged, tier: RebateTier, most: int, spend: int, value: Fraction) -> NextTier:
    """The best split that reaches the tier, within ``most`` where that is enough, against the one chosen."""
    least = min(tier.start_fen, merged.width)
    there, lost = merged.best_spend(tier.rate, least, max(most, least)), tier.start_fen - least
    change = merged.net(there) + tier.rate * (there + lost) - lost - value
    return NextTier(tier=tier, more_fen=there + lost - spend, lost_fen=lost, net_change_fen=round(change))


def spendable(frontier: Sequence[Point], beyond: Sequence[Point]) -> tuple[Point, ...]:
    """A shop's points: what it spends of its own, and beyond that what it spends for others' sake, for no more net.

    >>> spendable([(100, 50), (200, 80), (300, 80)], [(210, 81), (250, 70)])
    ((100, 50), (200, 80), (210, 80), (250, 70))
    """
    own = spent(frontier)
    if not own:
        return ()
    end, most = own[-1]
    return (*own, *((spend, min(net, most)) for spend, net in beyond if spend > end))


def spent(frontier: Sequence[Point]) -> tuple[Point, ...]:
    """The part of a budget frontier that is spent: up to the first budget of the greatest net value.

    A larger budget nets no more because the shop leaves the rest of it, and nothing comes back of money not spent.

    >>> spent([(100, 50), (200, 80), (300, 80)])
    ((100, 50), (200, 80))
    """
    points = sorted(frontier)
    most = max((net for _, net in points), default=0)
    enough = most - abs(most) // EXACT - 1
    end = next((k for k, (_, net) in enumerate(points) if net >= enough), 0)
    return tuple(points[: end + 1])


class _Merged:
    """F: every shop's pieces (net value, width, shop), steepest first; of equally steep ones the first shop's.

    Two slopes that differ do so by at least 1 over the product of their widths. Scaled by more than that product, they
    keep their order as whole numbers, which sort ten times as fast as fractions.
    """

    def __init__(self, curves: Sequence[Sequence[Point]], least: Sequence[Point]) -> None:
        pieces = [
            (right[1] - left[1], right[0] - left[0], shop)
            for shop, (curve, start) in enumerate(zip(curves, least, strict=True))
            for left, right in pairwise(_envelope(curve, start))
        ]
        self.starts = [spend for spend, _ in least]
        self.least = sum(self.starts)
        bits = 2 * max((width for _, width, _ in pieces), default=1).bit_length()
        self.pieces = sorted(pieces, key=lambda piece: (piece[0] << bits) // piece[1], reverse=True)
        self.ends = list(accumulate((width for _, width, _ in self.pieces), initial=self.least))
        self.nets = list(accumulate((net for net, _, _ in self.pieces), initial=sum(net for _, net in least)))
        self.width = self.ends[-1]

    def best_spend(self, rate: Fraction, least: int, most: int) -> int:
        """The least spend from ``least`` to ``most`` that is best with a rebate of ``rate``."""
        paying = bisect_left(self.pieces, rate, key=lambda piece: -_slope(piece))
        return min(max(self.ends[paying], least), most)

    def net(self, spend: int) -> Fraction:
        """F(spend)."""
        whole, rest = self._cut(spend)
        return Fraction(self.nets[whole]) + (self.slope(spend) * rest if rest else 0)

    def slope(self, spend: int) -> Fraction:
        """What one fen more nets; 0 at the end."""
        whole, _ = self._cut(spend)
        return _slope(self.pieces[whole]) if whole < len(self.pieces) else Fraction(0)

    def budgets(self, spend: int) -> tuple[int, ...]:
        """Each shop's part of it."""
        whole, rest = self._cut(spend)
        budgets = list(self.starts)
        for _, width, shop in self.pieces[:whole]:
            budgets[shop] += width
        if rest:
            budgets[self.pieces[whole][2]] += rest
        return tuple(budgets)

    def _cut(self, spend: int) -> tuple[int, int]:
        """How many whole pieces are taken, and how much of the next."""
        whole = bisect_right(self.ends, spend) - 1
        return whole, spend - self.ends[whole]


def _slope(piece: tuple[int, int, int]) -> Fraction:
    return Fraction(piece[0], piece[1])


def _envelope(curve: Sequence[Point], start: Point) -> list[Point]:
    """The upper concave envelope of ``start`` and the points beyond it, by spend."""
    hull: list[Point] = []
    for point in sorted({start, *(point for point in curve if point[0] > start[0])}):
        if hull and hull[-1][0] == point[0]:
            hull.pop()  # sorted, so the later of equal spends nets more
        while len(hull) >= 2 and _above(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    return hull


def _above(left: Point, middle: Point, right: Point) -> bool:
    """Whether the line from ``left`` to ``right`` passes over ``middle``."""
    return (right[1] - left[1]) * (middle[0] - left[0]) >= (middle[1] - left[1]) * (right[0] - left[0])
