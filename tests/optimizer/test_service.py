"""Customer service in a slot: against trying every day, and the worth of one more agent by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adspend_datasets.errors import BadDataError
from oracles.live_shops import CELLS, SLOTS, Tried, World, agree, daily, planned, shop_of, worlds

RICH = World(value=((900, 1800), (900, 1800), (600, 1200), (600, 1200)), orders=((12, 24),) * 4, gmv=((0, 0),) * 4)


def service(slot: str, agents: int, sessions: str, rate: str) -> str:
    return f'[[service]]\nslot = "{slot}"\nagents = {agents}\nsessions_per_agent = {sessions}\nconsult_rate = {rate}\n'


def orders_in(day: Tried, slot: str) -> int:
    return sum(o for (_, s), o in zip(CELLS, day.orders, strict=True) if s == slot)


@settings(max_examples=25, deadline=None)
@given(
    world=worlds,
    budget=daily,
    agents=st.tuples(st.integers(0, 5), st.integers(0, 5)),
    sessions=st.sampled_from(["4", "7.5", "20"]),
    rate=st.sampled_from(["0.5", "1.2", "2.0"]),
)
def test_no_slot_gets_more_consultations_than_its_agents_hold(
    world: World, budget: int, agents: tuple[int, int], sessions: str, rate: str
) -> None:
    sections = "".join(service(slot, k, sessions, rate) for slot, k in zip(SLOTS, agents, strict=True))

    def rule(day: Tried) -> int | None:
        held = [
            Fraction(rate) * orders_in(day, slot) <= k * Fraction(sessions)
            for slot, k in zip(SLOTS, agents, strict=True)
        ]
        return 0 if all(held) else None

    agree(world, sections, budget, rule)


def test_one_more_agent_by_hand() -> None:
    """An agent is 100 yuan of spend at 2 a yuan: he holds 8 sessions, 4 orders of 25 yuan that ask twice.

    In the evening a is full with 6 agents; with 4 it gets 400.
    """
    plan = planned(RICH, service(SLOTS[1], 4, "8", "2.0"), 2400)
    assert [cell.budget_fen // 100 for cell in plan.cells] == [600, 400, 600, 0]
    [limit] = [limit for limit in plan.binding if limit.key == f"service/{SLOTS[1]}"]
    assert limit.name.en == "service in 20:00-22:00, 4 agents"
    assert limit.used.en == "0.00 agents left"
    assert "would earn 200.00 yuan" in limit.price.en
    assert "1 名客服，约多赚 200.00 元；少 1 则少赚 200.00 元" in limit.price.zh


def test_agents_enough_have_no_price() -> None:
    plan = planned(RICH, service(SLOTS[1], 12, "8", "2.0"), 2400)
    assert [cell.budget_fen // 100 for cell in plan.cells] == [600, 600, 600, 600]
    assert not [limit for limit in plan.binding if limit.key.startswith("service")]


def test_faults_of_service_stand_at_their_keys() -> None:
    """A slot unknown, a slot named twice, and a rate of nothing: all at once."""
    with pytest.raises(BadDataError) as error:
        shop_of(service("x", 1, "1", "1") + 2 * service(SLOTS[0], 1, "1", "1"), 900)
    assert [fault.place.column for fault in error.value.faults] == ["service.0.slot", "service.2"]
    with pytest.raises(BadDataError) as error:
        shop_of(service(SLOTS[0], -1, "0", "0"), 900)
    places = {fault.place.column for fault in error.value.faults}
    assert places == {"service.0.agents", "service.0.sessions_per_agent", "service.0.consult_rate"}
