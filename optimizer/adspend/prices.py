"""What binds, and what one more unit of it is worth: shadow prices in words and money."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from adspend.caps import CAP_NAMES
from adspend.measures import Floats, usage
from adspend.plan import BindingLimit, Certificate
from adspend.price_ranges import PEOPLE_THINK_IN, PriceRange, price_ranges
from adspend.problem import MICRO_PER_FEN, Limit, Problem
from adspend_datasets.text import Text, counted

CAPS_TO_RELAX = set(CAP_NAMES) - {"test", "spent", "locked", "untested", "min_if_active"}  # what a person may loosen
WORTH_SAYING = 0.005  # yuan per 100: below, the price is the solver's noise


def binding_limits(
    problem: Problem, spend: Sequence[int], certificate: Certificate, held_by: Sequence[str], marginal: Floats
) -> tuple[BindingLimit, ...]:
    """The limits with a price, dearest first, then the caps of single cells.

    Args:
        problem: the day's problem.
        spend: the plan, fen.
        certificate: its prices.
        held_by: the cap at which each cell stands, "" for none; shape (n,).
        marginal: net yuan that the next yuan earns in each cell; shape (n,).
    """
    prices = dict(certificate.multipliers)
    multipliers = [float(prices.get(limit.key, 0)) for limit in problem.limits]
    ranges = price_ranges(problem, multipliers, list(prices))
    rows = [
        _priced(limit, use, ranges[limit.key])
        for limit, use in zip(problem.limits, usage(problem, spend), strict=True)
        if limit.key in ranges
    ]
    dearest = sorted((row for row in rows if row is not None), key=lambda row: -row[0])
    charge = spend_charges(problem, certificate)
    caps = [_cap(problem, key, held_by, marginal - charge) for key in dict.fromkeys(held_by) if key in CAPS_TO_RELAX]
    return tuple(row for _, row in dearest) + tuple(cap for cap in caps if cap is not None)


def spend_charges(problem: Problem, certificate: Certificate) -> Floats:
    """What the limits charge each cell for one more yuan of spend, yuan per yuan, shape (cells,)."""
    prices = dict(certificate.multipliers)
    charge = np.zeros(problem.size)
    for limit in problem.limits:
        if limit.spend is not None and limit.key in prices:
            charge += float(prices[limit.key]) * limit.spend / MICRO_PER_FEN
    return charge[: len(problem.cells)]


def _priced(limit: Limit, use: Fraction, worth: PriceRange) -> tuple[float, BindingLimit] | None:
    """A limit in words: what one more of it earns, what one less costs, how much is left."""
    most = max(worth.one_more, worth.one_less or 0.0)
    if most < WORTH_SAYING or not limit.unit.en:  # without a unit it only ties an option to the cells
        return None
    zh = f"再放宽 {worth.many} {limit.unit.zh}，约多赚 {worth.one_more:,.2f} 元"
    en = f"{worth.many} more {limit.unit.en} would earn {worth.one_more:,.2f} yuan"
    if limit.key == "budget":
        zh = f"预算再加 {worth.many} 元，约多赚 {worth.one_more:,.2f} 元净值"
        en = f"one more {worth.many} yuan earns {worth.one_more:,.2f} yuan net"
    if _is_least(limit):
        zh = f"下限降 {worth.many} {limit.unit.zh}，约多赚 {worth.one_more:,.2f} 元"
        en = f"{worth.many} {limit.unit.en} lower it would earn {worth.one_more:,.2f} yuan"
        if worth.one_less is not None:
            zh = f"{zh}；升 {worth.many} 则少赚 {worth.one_less:,.2f} 元"
            en = f"{en}, {worth.many} higher cost {worth.one_less:,.2f}"
    elif worth.one_less is not None:
        zh, en = (
            f"{zh}；少 {worth.many} 则少赚 {worth.one_less:,.2f} 元",
            f"{en}, {worth.many} fewer cost {worth.one_less:,.2f}",
        )
    left = float(limit.rhs - use) / limit.per_unit
    state = Text(f"剩余 {left:,.2f} {limit.unit.zh}", f"{left:,.2f} {limit.unit.en} left")
    return most, BindingLimit(key=limit.key, name=limit.name, used=state, price=Text(zh, en))


def _is_least(limit: Limit) -> bool:
    """Whether a limit says "at least": relaxing it means less of its unit."""
    return limit.key == "target_gmv" or limit.key.endswith(("/min", "/min_budget"))


def _cap(problem: Problem, key: str, held_by: Sequence[str], gain: Floats) -> BindingLimit | None:
    """The cells that stand at one kind of cap although their next yuan would earn more than elsewhere."""
    held = [i for i, cap in enumerate(held_by) if cap == key and gain[i] * PEOPLE_THINK_IN > WORTH_SAYING]
    if not held:
        return None
    best = max(held, key=lambda i: float(gain[i]))
    worth = float(gain[best]) * PEOPLE_THINK_IN
    label = problem.cells[best].label
    return BindingLimit(
        key=key,
        name=CAP_NAMES[key],
        used=Text(f"卡住 {len(held)} 个单元", f"holds {counted(len(held), 'cell')}"),
        price=Text(
            f"最值得放宽的是「{label}」：再加 100 元约多赚 {worth:,.2f} 元",
            f"best relaxed for '{label}': 100 more yuan there would earn {worth:,.2f}",
        ),
    )
