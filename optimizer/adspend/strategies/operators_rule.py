"""The operators' rule (投手规则): plus or minus 20 % on recent ROI, and two rules that kill a cell for good.

    first day      an even split
    every day      ROI of the last 3 days >= 1.15 break-even: +20 %;  < 0.85 break-even: -20 %;  else hold
    no order       spent 3 order values without one: paused for good
    low ROI        3 active days in a row, each below half of the break-even ROI: paused for good

Moves are of the budgets set the day before, which an operator sees in the platform. What killed cells leave is spent
only as far as the raises of the others take it up. Sources (operators' lore, none of it measured): moves of 10-20 %
after 3 days above target; kill at N order values without an order; kill after 3 days below a line; the hour rule of one
public tool draws that line at half of the target.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import ClassVar, final

import numpy as np

from adspend.problem import Ints
from adspend.shop import Shop
from adspend.strategies.observed import Bools, Observed, observe
from adspend.strategies.rules import evenly, most_of, open_ranges, snap
from adspend_datasets.report import TrafficReport
from adspend_datasets.text import Text
from adspend_models.bank import Floats


@final
@dataclass(frozen=True, slots=True)
class OperatorsRule:
    """Thresholds are multiples of the shop's break-even ROI; ``kill_orders`` counts order values."""

    name: ClassVar[str] = "operators-rule"
    label: ClassVar[Text] = Text("投手 ±20% 规则", "operators' +/-20 % rule")

    raise_by: float = 1.2
    cut_by: float = 0.8
    good: float = 1.15
    bad: float = 0.85
    line: float = 0.5
    days: int = 3
    kill_orders: float = 3.0

    def open(self, shop: Shop, seed: int) -> _Session:
        """A run of days; there is no luck in it."""
        del seed
        return _Session(self, shop, evenly(shop))


@dataclass(slots=True)
class _Session:
    rule: OperatorsRule
    shop: Shop
    wish: Floats  # the budgets last set, fen; before the first day the even split
    dead: Bools = field(init=False)  # cells paused for good

    def __post_init__(self) -> None:
        self.dead = np.zeros(self.wish.size, dtype=np.bool_)

    def budgets(self, date: datetime.date, report: TrafficReport) -> Ints:
        """Yesterday's budgets, moved."""
        seen = observe(self.shop, report, date)
        if len(seen.day):
            self.dead |= self._killed(seen)
            self.wish = np.where(self.dead, 0.0, self.wish * self._move(seen))
        chosen = snap(self.shop, self.wish, most_of(open_ranges(self.shop, seen.histories())))
        self.wish = chosen.astype(np.float64)
        return chosen

    def _move(self, seen: Observed) -> Floats:
        rule, target = self.rule, self.shop.economics.break_even_roi
        roi = seen.roi(rule.days)
        return np.where(roi >= rule.good * target, rule.raise_by, np.where(roi < rule.bad * target, rule.cut_by, 1.0))

    def _killed(self, seen: Observed) -> Bools:
        rule = self.rule
        spent, orders, gmv = (np.nansum(column, axis=0) for column in (seen.cost, seen.orders, seen.gmv))
        value = gmv.sum() / orders.sum() if orders.sum() else self.shop.prior.order_value
        no_order = (orders == 0) & (spent >= rule.kill_orders * value)
        floor = rule.line * self.shop.economics.break_even_roi
        below = seen.active & (np.nan_to_num(seen.gmv) < floor * np.nan_to_num(seen.cost))
        losing = below[-rule.days :].all(axis=0) & (len(seen.day) >= rule.days)
        return np.asarray(no_order | losing)
