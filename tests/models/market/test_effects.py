"""Effects on the mean: every wrapper reproduces days that were computed by hand from its equation."""

from __future__ import annotations

import datetime
import math

import numpy as np
import pytest

from adspend_datasets.cell import Cell
from adspend_models.market.creative import CreativeDecay
from adspend_models.market.day import Day
from adspend_models.market.drift import Drift
from adspend_models.market.fatigue import AudienceFatigue
from adspend_models.market.festival import FestivalCalendar, FestivalPhase, FestivalTruth, sale
from adspend_models.market.hosts import HostRota
from adspend_models.market.hours import HOURLY, HourProfile
from adspend_models.market.learning import LearningPhase
from adspend_models.market.luck import Floats
from adspend_models.market.scaled import ScaledTruth
from adspend_models.market.seeding import SeedingTruth
from adspend_models.market.service import ServiceRating
from adspend_models.market.shock import DayShock
from adspend_models.market.snowball import SnowballTruth
from adspend_models.market.truth import HillTruth, Truth
from oracles.made_days import day_number, made_day

CELLS = (Cell("a", "08:00-10:00"), Cell("a", "20:00-22:00"), Cell("b", "20:00-22:00"))
SIGMAS = 4.5  # a correct world fails one such check in 150,000 seeds; the seed is fixed


def concave() -> HillTruth:
    """40 x / (x + 1000) orders in every cell: 8 at 250 yuan, 20 at 1000, 30 at 3000."""
    full = (np.full(3, number) for number in (40.0, 1_000.0, 1.0, 300.0))
    ceiling, half, shape, value = full
    return HillTruth(cells=CELLS, ceiling=ceiling, half_cost=half, shape=shape, order_value=value)


def at_1000(truth: Truth, number: int, past: list[Day]) -> Floats:
    return truth.mean_orders(day_number(number), np.full(3, 1_000.0), past)


def snowball(**changes: float) -> SnowballTruth:
    numbers = {"followers": 0.5, "keep": 0.9, "reach": 0.1, "lift": 0.5, "half": 10.0} | changes
    return SnowballTruth(truth=concave(), share=np.array([0.5, 0.3, 0.2]), **numbers)


def test_three_days_of_a_snowball_by_hand() -> None:
    """20 orders leave 10 followers; the next day 9 of them remain and 10 orders leave 5 more."""
    truth = snowball()
    assert at_1000(truth, 0, []).tolist() == [20, 20, 20]
    assert truth.natural_orders(day_number(0), []).tolist() == [0, 0, 0]

    first = made_day(0, CELLS, [1_000, 0, 0], [12, 5, 3])
    assert truth.stock(day_number(1), [first]) == pytest.approx(10)
    assert at_1000(truth, 1, [first]) == pytest.approx([20 * 1.25] * 3)  # 1 + 0.5 * 10 / 20
    assert truth.natural_orders(day_number(1), [first]) == pytest.approx([0.5, 0.3, 0.2])  # 0.1 * 10 by share

    second = made_day(1, CELLS, [0, 0, 0], [4, 4, 2])
    assert truth.stock(day_number(2), [first, second]) == pytest.approx(14)
    assert at_1000(truth, 2, [first, second]) == pytest.approx([20 * (1 + 0.5 * 14 / 24)] * 3)
    assert truth.natural_orders(day_number(2), [first, second]) == pytest.approx([0.7, 0.42, 0.28])


def test_a_snowball_settles_where_the_geometric_series_ends() -> None:
    """With N orders a day the stock tends to followers * N / (1 - keep) = 0.5 * 20 / 0.1 = 100."""
    past = [made_day(k, CELLS, [0, 0, 0], [20, 0, 0]) for k in range(200)]
    assert snowball().stock(day_number(200), past) == pytest.approx(100)


def test_a_snowball_that_grows_without_bound_is_refused() -> None:
    with pytest.raises(ValueError, match=r"`keep \+ reach \* followers < 1` must hold, but got 1\.05"):
        snowball(reach=0.3)


def festival(calendar: FestivalCalendar) -> FestivalTruth:
    return FestivalTruth(truth=concave(), calendar=calendar)


def test_a_sale_by_hand() -> None:
    """At 1,400 yuan a burst day that costs 1.4 buys 1,000 yuan's worth, 20 orders, and 2.2 times as many convert."""
    truth = festival(sale("双11", day_number(7), build_up=2, days=1, encore=1))
    cost = np.full(3, 1_400.0)
    by_day = [float(truth.mean_orders(day_number(k), cost)[0]) for k in range(4, 10)]
    normal = 40 * 1_400 / 2_400
    before, after = 0.85 * 40 * 1_400 / 1.1 / (1_400 / 1.1 + 1_000), 1.1 * 40 * 1_400 / 1.05 / (1_400 / 1.05 + 1_000)
    assert by_day == pytest.approx([normal, before, before, 44.0, after, normal])
    assert [truth.calendar.name_of(day_number(k)) for k in (4, 6, 7, 8)] == ["", "双11蓄水", "双11爆发", "双11返场"]


def test_natural_orders_convert_like_the_rest_on_a_festival_day() -> None:
    truth = FestivalTruth(truth=snowball(), calendar=sale("618", day_number(1)))
    past = [made_day(0, CELLS, [0, 0, 0], [20, 0, 0])]
    assert truth.natural_orders(day_number(1), past) == pytest.approx([2.2 * 0.5, 2.2 * 0.3, 2.2 * 0.2])


def test_phases_that_overlap_or_end_before_they_start_are_refused() -> None:
    phase = sale("618", day_number(9)).phases[0]
    with pytest.raises(ValueError, match="618蓄水 must start after 618蓄水 ends"):
        FestivalCalendar(phases=(phase, phase))
    with pytest.raises(ValueError, match="`first <= last` must hold"):
        FestivalPhase(
            event="618", phase="爆发", first=day_number(1), last=day_number(0), cost=1, conversion=1, refund=1
        )


def test_seeding_by_hand() -> None:
    """A fifth comes later, half of it the next day, half the day after: 1,000 yuan bring 16 orders, then 2, then 2."""
    truth = SeedingTruth(truth=concave(), later=0.2, lags=(0.5, 0.5))
    past = [made_day(0, CELLS, [1_000, 0, 0], [0, 0, 0]), made_day(1, CELLS, [0, 3_000, 0], [0, 0, 0])]
    assert at_1000(truth, 0, []).tolist() == [16, 16, 16]
    assert truth.natural_orders(day_number(1), past[:1]) == pytest.approx([2, 0, 0])
    assert truth.natural_orders(day_number(2), past) == pytest.approx([2, 3, 0])
    assert truth.natural_orders(day_number(3), past) == pytest.approx([0, 3, 0])
    assert truth.natural_orders(day_number(9), past).tolist() == [0, 0, 0]


def test_seeding_loses_nothing_it_only_comes_later() -> None:
    """With the same cost every day, today's part and what a week sowed are the wrapped curve again."""
    truth = SeedingTruth(truth=concave(), later=0.3)
    past = [made_day(k, CELLS, [250, 1_000, 3_000], [0, 0, 0]) for k in range(7)]
    today = truth.mean_orders(day_number(7), np.array([250.0, 1_000.0, 3_000.0]), past)
    assert today + truth.natural_orders(day_number(7), past) == pytest.approx([8, 20, 30])


def test_what_was_sown_answers_to_the_day_it_was_sown_on() -> None:
    """Sown under a burst's conversion it keeps it; the outer effects of today are not applied to it."""
    inner = festival(sale("618", day_number(0)))
    truth = SeedingTruth(truth=inner, later=0.5, lags=(1.0,))
    past = [made_day(0, CELLS, [1_400, 0, 0], [0, 0, 0])]
    assert truth.natural_orders(day_number(1), past) == pytest.approx([0.5 * 44, 0, 0])


def test_what_was_sown_remembers_only_what_came_before_it() -> None:
    """Sown on day 1 under the fatigue of day 0: 1,000 yuan against a capacity of 1,000 halve the 20 orders."""
    tired = AudienceFatigue(cells=CELLS, capacity=np.full(3, 1_000.0), retention=0.0)
    inner = ScaledTruth(truth=concave(), effect=tired, natural=False)
    truth = SeedingTruth(truth=inner, later=0.5, lags=(1.0,))
    past = [made_day(k, CELLS, [1_000, 0, 1_000], [0, 0, 0]) for k in range(2)]
    assert truth.natural_orders(day_number(2), past) == pytest.approx([0.5 * 10, 0, 0.5 * 10])


def test_fatigue_by_hand() -> None:
    """Segment a spent 300 + 100 the day before yesterday and 200 yesterday: S = 0.5 * 400 + 200 = 400."""
    effect = AudienceFatigue(cells=CELLS, capacity=np.full(3, 400.0), retention=0.5)
    past = [made_day(0, CELLS, [300, 100, 0], [0, 0, 0]), made_day(1, CELLS, [200, 0, 1_200], [0, 0, 0])]
    assert effect.factor(day_number(2), past) == pytest.approx([0.5, 0.5, 0.25])
    assert effect.factor(day_number(3), past) == pytest.approx([1 / 1.5, 1 / 1.5, 1 / 2.5])
    assert effect.factor(day_number(0), []).tolist() == [1, 1, 1]


def test_creatives_by_hand() -> None:
    """They wear only on days they run: 0.7 after three of them; a day off changes nothing."""
    effect = CreativeDecay(cells=CELLS, half_life=3.0, floor=0.4, refresh=7)
    renewed = next(k for k in range(7) if day_number(k).toordinal() % 7 == 0)  # segment a's day
    past = [made_day(renewed + k, CELLS, [100, 100 if k else 0, 0], [0, 0, 0]) for k in range(3)]
    assert effect.factor(day_number(renewed), []).tolist() == [1, 1, 1]
    factor = effect.factor(day_number(renewed + 3), past)
    assert factor == pytest.approx([0.7, 0.4 + 0.6 * 2 ** (-2 / 3), 1])
    idle = made_day(renewed + 3, CELLS, [0, 0, 0], [0, 0, 0])
    assert effect.factor(day_number(renewed + 4), [*past, idle]).tolist() == factor.tolist()
    assert effect.factor(day_number(renewed + 7), past)[:2].tolist() == [1, 1]


def test_segments_do_not_replace_their_creatives_on_the_same_day() -> None:
    effect = CreativeDecay(cells=CELLS)
    past = [made_day(k, CELLS, [100, 100, 100], [0, 0, 0]) for k in range(7)]
    week = np.array([effect.factor(day_number(k), past[:k]) for k in range(1, 8)])
    assert np.argmax(week[:, 0]) != np.argmax(week[:, 2])


def test_the_learning_phase_by_hand() -> None:
    """Five of twenty orders: a quarter of the way from 0.6 to 1; twenty: learned; two days without cost: forgotten."""
    effect = LearningPhase(cells=CELLS, threshold=20, floor=0.6, forget=2)
    first = made_day(0, CELLS, [100, 100, 0], [5, 15, 9])
    assert effect.factor(day_number(0), []) == pytest.approx([0.6, 0.6, 0.6])
    assert effect.factor(day_number(1), [first]) == pytest.approx([0.7, 0.9, 0.6]), "natural orders teach nothing"
    second = made_day(1, CELLS, [0, 100, 100], [0, 30, 20])
    assert effect.factor(day_number(2), [first, second]) == pytest.approx([0.7, 1, 1])
    third = made_day(2, CELLS, [0, 100, 100], [0, 0, 0])
    assert effect.factor(day_number(3), [first, second, third]) == pytest.approx([0.6, 1, 1])
    restarted = made_day(3, CELLS, [100, 100, 100], [10, 0, 0])
    past = [first, second, third, restarted]
    assert effect.factor(day_number(4), past) == pytest.approx([0.8, 1, 1]), "the five orders before do not count"


def test_a_plan_that_pauses_for_less_than_the_memory_goes_on_where_it_was() -> None:
    effect = LearningPhase(cells=CELLS, threshold=20, floor=0.6, forget=2)
    one_day_off, two_days_off = (
        [made_day(0, CELLS, [100, 0, 0], [10, 0, 0]), made_day(back, CELLS, [100, 0, 0], [5, 0, 0])] for back in (2, 3)
    )
    assert effect.factor(day_number(3), one_day_off)[0] == pytest.approx(0.9)
    assert effect.factor(day_number(4), two_days_off)[0] == pytest.approx(0.7)


def test_the_shop_rating_by_hand() -> None:
    """Capacity 10 * 5 = 50 sessions; 100 orders ask for 100: overload 1; then 75: overload 0.5."""
    effect = ServiceRating(cells=CELLS, agents=10, sessions=5, consult_rate=1.0, penalty=0.2, memory=0.5, floor=0.65)
    past = [made_day(0, CELLS, [0, 0, 0], [60, 40, 0])]
    assert effect.factor(day_number(1), past) == pytest.approx([0.8] * 3)
    past.append(made_day(1, CELLS, [0, 0, 0], [75, 0, 0]))
    assert effect.factor(day_number(2), past) == pytest.approx([0.8] * 3)  # 1 - 0.2 * (0.5 * 1 + 0.5)
    past.append(made_day(2, CELLS, [0, 0, 0], [50, 0, 0]))
    assert effect.factor(day_number(3), past) == pytest.approx([0.9] * 3), "50 orders are no overload"
    past.append(made_day(3, CELLS, [0, 0, 0], [500, 0, 0]))
    assert effect.factor(day_number(4), past) == pytest.approx([0.65] * 3)


def test_hours_weigh_the_slots_and_the_weekend_lifts_the_day() -> None:
    """08-10: mean of 0.9 and 1.0; 20-22: mean of 1.3 and 1.2; relative to the three cells' mean."""
    effect = HourProfile(cells=CELLS, weekend=1.2)
    mean = (0.95 + 1.25 + 1.25) / 3
    assert effect.factor(day_number(0), []) == pytest.approx([0.95 / mean, 1.25 / mean, 1.25 / mean])
    assert effect.factor(day_number(5), []) == pytest.approx([1.2 * 0.95 / mean, 1.25 / mean, 1.25 / mean])
    assert len(HOURLY) == 24
    assert HourProfile(cells=(Cell("a", "晚场"),)).factor(day_number(0), []).tolist() == [1]


def test_drift_has_mean_one_the_stated_spread_and_forgets() -> None:
    """Over 2,000 knots: log-mean -sd^2/2 and log-sd within stated errors, and 40 days apart nothing is left."""
    effect = Drift(cells=CELLS, seed=4, sd=0.2, memory=14)
    steps = [effect.factor(day_number(5 + 20 * k), []) for k in range(2_000)]
    log = np.log(np.array(steps))
    error = 0.2 / math.sqrt(2_000) * 1.5  # neighbours share a knot: at most half as many again count
    assert np.all(abs(log.mean(axis=0) + 0.02) < SIGMAS * error)
    assert log.std(axis=0) == pytest.approx([0.2] * 3, rel=0.1)
    far = np.corrcoef(log[:-2, 0], log[2:, 0])[0, 1]
    assert abs(far) < SIGMAS / math.sqrt(2_000)
    days = np.log([effect.factor(day_number(k), []) for k in range(60)])
    assert abs(np.diff(days, axis=0)).max() < 0.2, "from one day to the next it moves little"


def test_every_host_takes_every_slot_in_turn_and_neighbours_share_one() -> None:
    effect = HostRota(cells=CELLS, seed=4, hosts=3)
    week = np.array([effect.on_duty(day_number(k)) for k in range(6)])
    assert [sorted(set(column)) for column in week.T.tolist()] == [[0, 1, 2]] * 3
    assert np.array_equal(week[:, 0], week[:, 1]), "two slots of one shift"
    factors = [effect.factor(day_number(k), []).tolist() for k in range(6)]
    assert factors[:3] == factors[3:]
    assert len({tuple(row) for row in factors}) == 3
    assert HostRota(cells=CELLS, seed=4, skill_sd=0, fit_sd=0).factor(day_number(0), []).tolist() == [1, 1, 1]


def test_a_day_shock_moves_all_cells_alike_and_averages_out() -> None:
    effect = DayShock(cells=CELLS, seed=4, sd=0.3)
    days = np.array([effect.factor(day_number(k), []) for k in range(3_000)])
    assert np.all(days == days[:, :1])
    spread = math.sqrt(math.expm1(0.09))
    assert abs(days[:, 0].mean() - 1) < SIGMAS * spread / math.sqrt(3_000)


def test_an_effect_on_the_advertisement_leaves_natural_orders_alone() -> None:
    past = [made_day(0, CELLS, [100, 100, 100], [20, 0, 0])]
    effect = LearningPhase(cells=CELLS, threshold=40, floor=0.5)
    paid, both = (ScaledTruth(truth=snowball(), effect=effect, natural=natural) for natural in (False, True))
    want = snowball().natural_orders(day_number(1), past)
    assert paid.natural_orders(day_number(1), past).tolist() == want.tolist()
    assert both.natural_orders(day_number(1), past) == pytest.approx(want * [0.75, 0.5, 0.5])
    assert at_1000(both, 1, past) == pytest.approx(at_1000(snowball(), 1, past) * [0.75, 0.5, 0.5])


@pytest.mark.parametrize(
    "effect",
    [
        AudienceFatigue(cells=CELLS, capacity=np.ones(3)),
        CreativeDecay(cells=CELLS),
        LearningPhase(cells=CELLS),
        ServiceRating(cells=CELLS),
    ],
    ids=lambda effect: type(effect).__name__,
)
def test_a_past_that_is_not_past_is_refused(effect: AudienceFatigue) -> None:
    """A world that reads its own future would leak it."""
    today = made_day(3, CELLS, [1, 1, 1], [1, 1, 1])
    with pytest.raises(ValueError, match="the past of 2026-06-04 must lie before it, but goes up to 2026-06-04"):
        effect.factor(day_number(3), [today])


def test_effects_read_dates_and_not_positions() -> None:
    """A day missing from the past counts as a day on which nothing was spent."""
    effect = AudienceFatigue(cells=CELLS, capacity=np.full(3, 400.0), retention=0.5)
    spent, idle = made_day(0, CELLS, [400, 0, 0], [0, 0, 0]), made_day(1, CELLS, [0, 0, 0], [0, 0, 0])
    date: datetime.date = day_number(2)
    assert effect.factor(date, [spent]).tolist() == effect.factor(date, [spent, idle]).tolist()
