"""A whole plan made by hand: six segments by eight slots, with hostile names, tests, pauses, notices and charts.

The plan is optimal by construction and knows nothing of the engine's solver: every cell takes its best spend at one
price of money, and the budget is what they take together plus a little. So its certificate is known (the price), its
bound is the plan's value plus the price of what is left, and the independent checker must accept it.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np

from adspend.plan import (
    Action,
    BindingLimit,
    Certificate,
    Comparison,
    CurveChart,
    FrontierPoint,
    InputFile,
    Notice,
    Plan,
    PlannedCell,
    Severity,
    StageNote,
)  # fmt: skip
from adspend.problem import MICRO, MICRO_PER_FEN, Limit, Problem, Table
from adspend.proof import Proof
from adspend_datasets.cell import Cell
from adspend_datasets.text import Text
from adspend_models.bank import Grade, Grading
from oracles.brute_force import lagrangian_bound, measures

SCRIPT, FORMULA = "</script><b>x", "=1+1"  # names that must stay names
SEGMENTS = ("新客", "老客", "抖音号粉丝", "达人相似人群", SCRIPT, FORMULA)
SLOTS = ("06:00-08:00", "08:00-10:00", "10:00-12:00", "12:00-14:00", "14:00-18:00", "18:00-20:00", "20:00-22:00",
         "22:00-26:00")  # fmt: skip
STEP = MINIMUM = 10_000  # fen
TEST_FEN, RESTART_FEN = 30_000, 60_000
MAXIMUM = 600_000
PRICE = Fraction(3_500)  # micro-yuan per fen: the next yuan nets 0.35 wherever no cap holds
LEFT_FEN = 20_000  # of the budget, unspent
NET_PER_GMV, ORDER_YUAN = 0.25, 92.5
PRICES = (9_000, 6_000, 4_500, 3_500, 2_500, 1_500, 700, 0)  # of the frontier's points, dear money first

GRADE_REASONS = {
    Grade.PASS: Text("近 30 天、8 档花费，订单仅随机波动", "30 days over 8 spends, luck only"),
    Grade.REVIEW: Text("只有 4 档花费，弹性区间偏宽", "4 spends only, the elasticity is wide"),
    Grade.FAIL: Text("从未测试或与花费无关，先小范围测试", "untested, or blind to spend: test it first"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """One cell's past and its true Hill curve: ``top`` and ``half`` in yuan."""

    yesterday_fen: int | None  # None: never observed; 0: rested
    grade: Grade
    is_test: bool
    top: float
    half: float

    @property
    def most_fen(self) -> int:
        """Half as much again as yesterday, on the step grid; yesterday where the curve has failed."""
        if not self.yesterday_fen:
            return RESTART_FEN if self.yesterday_fen == 0 else 0
        share = Fraction(1) if self.grade is Grade.FAIL else Fraction(3, 2)
        return min(MAXIMUM, int(self.yesterday_fen * share) // STEP * STEP)

    def value(self, yuan: float) -> float:
        """Net value before ad cost, yuan per day."""
        return self.top * yuan**1.6 / (yuan**1.6 + self.half**1.6)


def sample_plan(
    segments: Sequence[str] = SEGMENTS, slots: Sequence[str] = SLOTS, levers: Sequence[str] = ("",)
) -> Plan:
    """The plan for 2026-11-23; by default of 48 cells."""
    cells = tuple(Cell(*key) for key in product(segments, slots, levers))
    habits = [_habit(i) for i in range(len(cells))]
    fixed = np.array([TEST_FEN if habit.is_test else -1 for habit in habits], dtype=np.int64)
    tables = tuple(_table(habit) for habit in habits)
    spend = [_best(table, int(lock), PRICE) for table, lock in zip(tables, fixed, strict=True)]
    budget = sum(spend) + LEFT_FEN
    problem = Problem(cells=cells, tables=tables, limits=_limits(len(cells), budget), step_fen=STEP, fixed=fixed)
    planned = tuple(_planned(problem, i, habit, spend[i]) for i, habit in enumerate(habits))
    return Plan(
        shop="示例旗舰店 <i>&amp;",
        currency="CNY",
        date=datetime.date(2026, 11, 23),
        stage=StageNote(name=Text("放量", "scale"), reason=Text("已观察 7 天", "7 days observed")),
        budget_fen=budget,
        problem=problem,
        cells=planned,
        certificate=_certificate(problem, spend),
        formulation=Text("按同一资金价格逐单元取最优", "each cell at its best spend at one price of money"),
        binding=_binding(cells[0].label),
        comparisons=_comparisons(planned, habits),
        frontier=_frontier(problem),
        notices=_notices(),
        inputs=(
            InputFile(name="千川_2026-11.csv", sha256="ab" * 32, rows=1440),
            InputFile(name='"><script>window.hacked=1</script>.xlsx', sha256="cd" * 32, rows=7),
        ),
        versions=(("adspend", "0.1.0"), ("numpy", "2.4.6"), ("python", "3.11.7")),
        seed=7,
        break_even_roi=1 / NET_PER_GMV,
    )


def large_plan() -> Plan:
    """288 cells: 12 segments by 24 hours."""
    return sample_plan(
        [f"人群包{i:02d}" for i in range(12)], [f"{hour:02d}:00-{hour + 1:02d}:00" for hour in range(24)]
    )


def one_cell_plan() -> Plan:
    """The least plan: one cell."""
    return sample_plan(["新客"], ["20:00-22:00"])


def _habit(i: int) -> Habit:
    """Every kind occurs: of 12 cells one is untested, one a test, one FAIL, two REVIEW, one on the grid, one rested."""
    kind = (5 * i + 3) % 12
    grades = {0: Grade.FAIL, 1: Grade.FAIL, 2: Grade.FAIL, 5: Grade.REVIEW, 9: Grade.REVIEW}
    size = 300 + 140 * (7 * i % 17) + 0.37 * (i % 3)  # odd fen: costs are never on the step grid
    return Habit(
        yesterday_fen={0: None, 1: None, 6: 120_000, 7: 0}.get(kind, round(size * 100)),
        grade=grades.get(kind, Grade.PASS),
        is_test=kind == 1,
        top=900.0 + 450.0 * ((11 * i + 5) % 13),
        half=500.0 + 130.0 * (3 * i % 11),
    )


def _table(habit: Habit) -> Table | None:
    """Up to 13 points of the curve on the step grid; None for a cell that may receive nothing."""
    least, most = (TEST_FEN, TEST_FEN) if habit.is_test else (MINIMUM, habit.most_fen)
    if most < least:
        return None
    spend = np.unique(np.linspace(least, most, 13).astype(np.int64) // STEP * STEP)
    value = np.array([round(habit.value(x / 100) * MICRO) for x in spend.tolist()], dtype=np.int64)
    gmv = np.rint(value / NET_PER_GMV).astype(np.int64)
    orders = np.rint(gmv / ORDER_YUAN).astype(np.int64)
    return Table(spend=spend, objective=value - spend * MICRO_PER_FEN, value=value, orders=orders, gmv=gmv)


def _best(table: Table | None, fixed: int, price: Fraction) -> int:
    """The spend that earns most when every fen costs ``price``; nothing on a tie."""
    if fixed >= 0 or table is None:
        return max(fixed, 0)
    earned = [(0, 0), *zip(table.spend.tolist(), table.objective.tolist(), strict=True)]
    return int(max(earned, key=lambda point: (point[1] - price * point[0], -point[0]))[0])


def _limits(n: int, budget_fen: int) -> tuple[Limit, ...]:
    ones, yuan = np.ones(n, dtype=np.int64), Text("元", "yuan")
    return (
        Limit(key="budget", name=Text("当日预算", "daily budget"), rhs=budget_fen, spend=ones, unit=yuan, per_unit=100),
        Limit(key="max_active", name=Text("最多投放单元", "most active cells"), rhs=n, active=ones),
    )


def _planned(problem: Problem, i: int, habit: Habit, spend: int) -> PlannedCell:
    at = measures(problem.tables[i], spend)
    net = round(at.value / MICRO_PER_FEN - at.spend)
    held = ("max_raise_per_day",) if spend == habit.most_fen > 0 else ()
    action = _action(habit, spend)
    return PlannedCell(
        cell=problem.cells[i],
        action=action,
        budget_fen=spend,
        yesterday_fen=habit.yesterday_fen,
        expected_orders=float(at.orders / MICRO),
        expected_gmv_fen=round(at.gmv / MICRO_PER_FEN),
        expected_net_fen=net,
        p10_net_fen=net - round(at.value / MICRO_PER_FEN * Fraction(7, 20)),
        marginal_return=_marginal(habit, spend),
        grading=Grading(grade=habit.grade, reasons=(GRADE_REASONS[habit.grade],)),
        limits=("test",) if habit.is_test else (*held, "budget") if spend else (),
        reason=_reason(action, net, held=bool(held)),
        chart=_chart(habit),
    )


def _action(habit: Habit, spend: int) -> Action:
    if spend == 0 or habit.is_test:
        return Action.TEST if spend else Action.PAUSE
    before = habit.yesterday_fen or 0
    if before and abs(spend - before) < STEP:
        return Action.HOLD
    return Action.CUT if spend < before else Action.RAISE if before else Action.START


def _marginal(habit: Habit, spend: int) -> float | None:
    """Net yuan that the next yuan earns; None at nothing."""
    return habit.value(spend / 100 + 1) - habit.value(spend / 100) - 1 if spend else None


def _reason(action: Action, net_fen: int, *, held: bool) -> Text:
    if action is Action.PAUSE:
        return Text("任何投法都赚不到资金价格，不如给其他单元", "earns less than the price of money at every spend")
    if action is Action.TEST:
        return Text("测试 300 元：看出加钱后的效果", "test with 300 to see what more money does")
    tail = Text("，还想加，但被单日加幅上限挡住", ", held by the raise cap") if held else Text("", "")
    return Text(f"预计净赚 {net_fen / 100:.2f} 元{tail.zh}", f"expected net {net_fen / 100:.2f}{tail.en}")


def _chart(habit: Habit) -> CurveChart:
    tested = 0.0 if habit.yesterday_fen is None else (habit.yesterday_fen or RESTART_FEN) / 100 * 1.2
    cost = tuple(round(max(tested * 1.3, 900.0) * k / 24, 2) for k in range(25))
    mean = tuple(round(habit.value(x), 2) for x in cost)
    days = [round(tested * (0.4 + 0.6 * k / 11), 2) for k in range(12)] if tested else []
    return CurveChart(
        cost=cost,
        mean=mean,
        low=tuple(round(0.74 * y, 2) for y in mean),
        high=tuple(round(1.31 * y, 2) for y in mean),
        points=tuple((x, round(habit.value(x) * (1 + 0.25 * math.sin(7.3 * k)), 2)) for k, x in enumerate(days)),
        tested=round(tested, 2),
    )


def _certificate(problem: Problem, spend: Sequence[int]) -> Certificate:
    earned = sum((measures(t, x).objective for t, x in zip(problem.tables, spend, strict=True)), Fraction(0))
    bound = math.ceil(lagrangian_bound(problem, {"budget": PRICE}))
    return Certificate(
        value_micro=math.floor(earned),
        bound_micro=bound,
        multipliers=(("budget", PRICE),),
        proof=Proof(vectors=((PRICE,) + (Fraction(0),) * (len(problem.limits) - 1),)),
    )


def _comparisons(cells: Sequence[PlannedCell], habits: Sequence[Habit]) -> tuple[Comparison, ...]:
    planned = sum(cell.budget_fen for cell in cells)
    yesterday = [habit.yesterday_fen or 0 for habit in habits]
    ways = {
        Text("昨日实际消耗", "yesterday's spend"): yesterday,
        Text("平均分配（同总额）", "even split, same total"): [planned // len(cells)] * len(cells),
    }
    own = Comparison(
        name=Text("本计划", "this plan"),
        cost_fen=planned,
        expected_orders=sum(cell.expected_orders for cell in cells),
        expected_gmv_fen=sum(cell.expected_gmv_fen for cell in cells),
        expected_net_fen=sum(cell.expected_net_fen for cell in cells),
    )
    return (own, *(_comparison(name, way, habits) for name, way in ways.items()))


def _comparison(name: Text, way: Sequence[int], habits: Sequence[Habit]) -> Comparison:
    value = sum(habit.value(x / 100) for habit, x in zip(habits, way, strict=True))
    return Comparison(
        name=name,
        cost_fen=sum(way),
        expected_orders=value / NET_PER_GMV / ORDER_YUAN,
        expected_gmv_fen=round(value / NET_PER_GMV * 100),
        expected_net_fen=round(value * 100) - sum(way),
    )


def _frontier(problem: Problem) -> tuple[FrontierPoint, ...]:
    """What the cells take together at other prices of money, and what they net: points of the true frontier."""
    locks = problem.fixed.tolist()
    points = {}
    for price in PRICES:
        spend = [_best(table, lock, Fraction(price)) for table, lock in zip(problem.tables, locks, strict=True)]
        net = sum((measures(t, x).objective for t, x in zip(problem.tables, spend, strict=True)), Fraction(0))
        points[sum(spend)] = round(net / MICRO_PER_FEN)
    return tuple(FrontierPoint(budget_fen=budget, net_fen=points[budget]) for budget in sorted(points))


def _binding(label: str) -> tuple[BindingLimit, ...]:
    return (
        BindingLimit(
            key="budget",
            name=Text("当日预算", "daily budget"),
            used=Text("剩余 200.00 元", "200.00 yuan left"),
            price=Text("预算再加 100 元，约多赚 35.00 元净值", "one more 100 yuan earns 35.00 yuan net"),
        ),
        BindingLimit(
            key="max_raise_per_day",
            name=Text("单日加幅上限", "day-on-day raise cap"),
            used=Text("卡住 9 个单元", "holds 9 cells"),
            price=Text(f"最值得放宽的是「{label}」：再加 100 元约多赚 88.10 元",
                       f"best relaxed for '{label}': 100 more yuan there would earn 88.10"),
        ),
    )  # fmt: skip


def _notices() -> tuple[Notice, ...]:
    """A WARN before a REVIEW, so that an output has to sort them."""
    review = Text("多个在投单元的曲线需复核", "several funded cells rest on curves to review")
    return (
        Notice(code="STALE", severity=Severity.WARN, text=Text("报表截至 2 天前", "the report ends 2 days before")),
        Notice(code="CURVES-REVIEW", severity=Severity.REVIEW, text=review),
        Notice(code="NAMES", severity=Severity.WARN, text=Text(f"人群名「{SCRIPT}」", f"segment '{SCRIPT}'")),
    )
