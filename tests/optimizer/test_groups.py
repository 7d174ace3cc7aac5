"""Groups (FACT fields, levers, accounts, brands): against trying every day, and their prices by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adspend_datasets.errors import BadDataError
from oracles.live_shops import CELLS, SLOTS, Tried, World, agree, daily, planned, shop_of, worlds

RICH = World(value=((900, 1800), (900, 1800), (600, 1200), (600, 1200)), orders=((0, 0),) * 4, gmv=((3000, 6000),) * 4)


def group(name: str, *lines: str, kind: str = "lever") -> str:
    return "\n".join(["[[groups]]", f'kind = "{kind}"', f'name = "{name}"', *lines, ""])


def of_segment(amounts: tuple[int, ...], segment: str) -> int:
    return sum(x for (s, _), x in zip(CELLS, amounts, strict=True) if s == segment)


@settings(max_examples=25, deadline=None)
@given(world=worlds, budget=daily, least=st.sampled_from(["0.0", "0.2", "0.45"]), most=st.sampled_from(["0.5", "0.7"]))
def test_a_group_s_share_is_of_the_planned_spend(world: World, budget: int, least: str, most: str) -> None:
    def rule(day: Tried) -> int | None:
        inside = of_segment(day.spend, "a")
        return 0 if Fraction(least) * day.total <= inside <= Fraction(most) * day.total else None

    agree(world, group("boost", 'segments = ["a"]', f"min = {least}", f"max = {most}"), budget, rule)


@settings(max_examples=25, deadline=None)
@given(world=worlds, budget=daily, ends=st.tuples(st.integers(0, 900), st.integers(0, 900)).map(sorted))
def test_a_group_s_budget_lies_between_its_bounds(world: World, budget: int, ends: list[int]) -> None:
    """Bounds off the step grid too; where no day meets them, neither finds one."""

    def rule(day: Tried) -> int | None:
        evening = sum(x for (_, slot), x in zip(CELLS, day.spend, strict=True) if slot == SLOTS[1])
        return 0 if ends[0] <= evening <= ends[1] else None

    section = group(
        "A", f'slots = ["{SLOTS[1]}"]', f"min_budget = {ends[0]}", f"max_budget = {ends[1]}", kind="account"
    )
    agree(world, section, budget, rule)


@settings(max_examples=25, deadline=None)
@given(world=worlds, budget=daily, rates=st.sampled_from([("0.02", "0.0"), ("0.1", "0.05"), ("0.3", "0.2")]))
def test_commission_costs_its_rate_of_gmv_and_groups_add_up(world: World, budget: int, rates: tuple[str, str]) -> None:
    """One group is segment a, the other everything: a's GMV pays both."""
    sections = group("F", 'segments = ["a"]', f"commission_rate = {rates[0]}", kind="field")
    sections += group("X", f"commission_rate = {rates[1]}", kind="brand")

    def rule(day: Tried) -> Fraction:
        return -Fraction(rates[0]) * of_segment(day.gmv, "a") - Fraction(rates[1]) * sum(day.gmv)

    agree(world, sections, budget, rule)


def test_a_lever_s_cap_and_its_price_by_hand() -> None:
    """A nets 2 a yuan, b 1, 2,400 in all: at most 700 for a leaves 700 + 1,200; 100 more for a earn 200."""
    plan = planned(RICH, group("追投", 'segments = ["a"]', "max_budget = 700"), 2400)
    assert sum(cell.budget_fen for cell in plan.cells[:2]) == 700_00
    assert plan.planned_fen == 1900_00
    [limit] = [limit for limit in plan.binding if limit.key == "group/lever/追投/max_budget"]
    assert limit.name.zh == "「追投」预算上限 700 元"
    assert limit.price.zh == "再放宽 100 元，约多赚 200.00 元；少 100 则少赚 200.00 元"


def test_a_least_budget_is_relaxed_downwards() -> None:
    """B must get 900 of 1,500: 100 less there earn 2 - 1 a yuan elsewhere, 100 more cost as much."""
    plan = planned(RICH, group("B", 'segments = ["b"]', "min_budget = 900", kind="brand"), 1500)
    assert sum(cell.budget_fen for cell in plan.cells[2:]) == 900_00
    [limit] = [limit for limit in plan.binding if limit.key == "group/brand/B/min_budget"]
    assert limit.price.en == "100 yuan lower it would earn 100.00 yuan, 100 higher cost 100.00"
    assert limit.price.zh == "下限降 100 元，约多赚 100.00 元；升 100 则少赚 100.00 元"


def test_commission_lowers_what_the_cell_is_expected_to_net() -> None:
    """600 yuan in a bring 6,000 of GMV: 1,800 - 600 - 5 % of 6,000 = 900."""
    plan = planned(RICH, group("C", 'segments = ["a"]', "commission_rate = 0.05", kind="field"), 2400)
    assert [cell.expected_net_fen for cell in plan.cells] == [900_00, 900_00, 600_00, 600_00]


@pytest.mark.parametrize(
    ("section", "place", "zh", "en"),
    [
        (group("g", "min = 0.5", "max = 0.4"), "groups.0", "必须满足 min ≤ max", "`min <= max` and"),
        (group("g", "min_budget = 5", "max_budget = 4"), "groups.0", "min_budget ≤ max_budget", "<= max_budget` must"),
        (group("g", 'segments = ["z"]'), "groups.0.segments", "「z」必须是 [cells] 的 segments", "one of the segments"),
        (group("g", 'slots = ["z"]'), "groups.0.slots", "「z」必须是 [cells] 的 slots", "'z' must be one of the slots"),
        (2 * group("g"), "groups.1.name", "「g」不得重复", "'g' must be distinct"),
        (
            group("g", kind="other"),
            "groups.0.kind",
            "只能是 'field'、'lever'、'account'、'brand'",
            "'lever', 'account'",
        ),
    ],
)
def test_each_fault_says_its_law_at_its_key(section: str, place: str, zh: str, en: str) -> None:
    with pytest.raises(BadDataError) as error:
        shop_of(section, 900)
    [fault] = error.value.faults
    assert fault.place.column == place
    assert zh in fault.law.zh
    assert en in fault.law.en


def test_one_name_may_stand_for_two_kinds() -> None:
    assert len(shop_of(group("g") + group("g", kind="brand"), 900).groups) == 2


def test_a_share_by_lever_is_sent_to_groups() -> None:
    with pytest.raises(BadDataError) as error:
        shop_of('[[shares]]\nby = "lever"\nof = "随心推"\nmax = 0.3\n', 900)
    [fault] = error.value.faults
    assert fault.remedy is not None
    assert '[[groups]]，kind = "lever"' in fault.remedy.zh
    assert '[[groups]] with kind = "lever"' in fault.remedy.en
