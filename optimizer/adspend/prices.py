"""What binds, and what one more unit of it is worth: shadow prices in words and money."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from adspend.aim import AIM_WORDS, Aim, AimWords, fill
from adspend.caps import CAP_NAMES
from adspend.measures import Floats, usage
from adspend.money import yuan_text
from adspend.plan import BindingLimit, Certificate
from adspend.price_ranges import PEOPLE_THINK_IN, PriceRange, price_ranges
from adspend.problem import Limit, Problem
from adspend.shop import Shop
from adspend_datasets.text import Text, counted

CAPS_TO_RELAX = set(CAP_NAMES) - {"test", "spent", "locked", "untested", "min_if_active"}  # what a person may loosen
WORTH_SAYING = 0.005  # yuan per 100: below, the price is the solver's noise


def binding_limits(
    aim: Aim, problem: Problem, spend: Sequence[int], certificate: Certificate, held_by: Sequence[str], worth: Floats
) -> tuple[BindingLimit, ...]:
    """The limits with a price, dearest first, then the caps of single cells.

    Args:
        aim: what the prices are paid in.
        problem: the day's problem.
        spend: the plan, fen.
        certificate: its prices.
        held_by: the cap at which each cell stands, "" for none; shape (n,).
        worth: of each cell's next yuan (``yields``); shape (n,).
    """
    words = AIM_WORDS[aim]
    prices = dict(certificate.multipliers)
    multipliers = [float(prices.get(limit.key, 0)) for limit in problem.limits]
    ranges = price_ranges(problem, multipliers, list(prices))
    rows = [
        _priced(words, limit, use, ranges[limit.key])
        for limit, use in zip(problem.limits, usage(problem, spend), strict=True)
        if limit.key in ranges
    ]
    dearest = sorted((row for row in rows if row is not None), key=lambda row: -row[0])
    caps = [_cap(words, problem, key, held_by, worth) for key in dict.fromkeys(held_by) if key in CAPS_TO_RELAX]
    return tuple(row for _, row in dearest) + tuple(cap for cap in caps if cap is not None)


def budget_below_minimum(shop: Shop) -> tuple[BindingLimit, ...]:
    """The platform's minimum, where it alone keeps every cell from money: no price tells that."""
    if not shop.is_below_minimum:
        return ()
    budget, least = yuan_text(shop.budget_fen), yuan_text(shop.minimum_fen)
    return (
        BindingLimit(
            key="min_if_active",
            name=CAP_NAMES["min_if_active"],
            used=Text(f"预算只有 {budget} 元", f"the budget is {budget}"),
            price=Text(f"预算到 {least} 元才能投第一个单元", f"the first cell takes a budget of {least}"),
        ),
    )


def _priced(words: AimWords, limit: Limit, use: Fraction, worth: PriceRange) -> tuple[float, BindingLimit] | None:
    """A limit in words: what one more of it earns, what one less costs, how much is left."""
    most = max(worth.one_more, worth.one_less or 0.0)
    if most < WORTH_SAYING or not limit.unit.en:  # without a unit it only ties an option to the cells
        return None
    gain = fill(words.budget_more if limit.key == "budget" else words.more, amount=f"{worth.one_more:,.2f}")
    zh = f"再放宽 {worth.many} {limit.unit.zh}，{gain.zh}"
    en = f"{worth.many} more {limit.unit.en} {gain.en}"
    if limit.key == "budget":
        zh, en = f"预算再加 {worth.many} 元，{gain.zh}", f"one more {worth.many} yuan {gain.en}"
    tighter = Text("少", "fewer")
    if _is_least(limit):
        zh, en = f"下限降 {worth.many} {limit.unit.zh}，{gain.zh}", f"{worth.many} {limit.unit.en} lower it {gain.en}"
        tighter = Text("升", "higher")
    if worth.one_less is not None:
        loss = fill(words.less, amount=f"{worth.one_less:,.2f}")
        zh = f"{zh}；{tighter.zh} {worth.many} 则{loss.zh}"
        en = f"{en}, {worth.many} {tighter.en} {loss.en}"
    left = float(limit.rhs - use) / limit.per_unit
    state = Text(f"剩余 {left:,.2f} {limit.unit.zh}", f"{left:,.2f} {limit.unit.en} left")
    return most, BindingLimit(key=limit.key, name=limit.name, used=state, price=Text(zh, en))


def _is_least(limit: Limit) -> bool:
    """Whether a limit says "at least": relaxing it means less of its unit."""
    return limit.key == "target_gmv" or limit.key.endswith(("/min", "/min_budget"))


def _cap(words: AimWords, problem: Problem, key: str, held_by: Sequence[str], gain: Floats) -> BindingLimit | None:
    """The cells that stand at one kind of cap although their next yuan would earn more than elsewhere."""
    held = [i for i, cap in enumerate(held_by) if cap == key and gain[i] * PEOPLE_THINK_IN > WORTH_SAYING]
    if not held:
        return None
    best = max(held, key=lambda i: float(gain[i]))
    label = problem.cells[best].label
    worth = fill(words.more, amount=f"{float(gain[best]) * PEOPLE_THINK_IN:,.2f}")
    return BindingLimit(
        key=key,
        name=CAP_NAMES[key],
        used=Text(f"卡住 {len(held)} 个单元", f"holds {counted(len(held), 'cell')}"),
        price=Text(
            f"最值得放宽的是「{label}」：再加 {PEOPLE_THINK_IN} 元{worth.zh}",
            f"best relaxed for '{label}': {PEOPLE_THINK_IN} more yuan there {worth.en}",
        ),
    )
