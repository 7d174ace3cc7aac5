"""Describing a solved day cell by cell: action, expectations, what holds it, and the reason in words."""

from __future__ import annotations

from adspend.actions import action
from adspend.aim import Aim
from adspend.charts import curve_charts
from adspend.day import Day
from adspend.formulate import Formulation
from adspend.gates import gates
from adspend.measures import Floats, exact
from adspend.outcome import marginals, outcome
from adspend.plan import Action, Certificate, PlannedCell
from adspend.problem import MICRO, MICRO_PER_FEN, Problem
from adspend.reasons import CellFacts, reason
from adspend.yields import yields


class CellView:
    """The day and its answer side by side, to describe one cell at a time."""

    def __init__(self, day: Day, formulation: Formulation, spend: tuple[int, ...], certificate: Certificate) -> None:
        self.day, self.formulation, self.spend = day, formulation, spend[: len(day.ranges)]
        self.p10 = outcome(day.curves, self.spend).p10
        self.aim = Aim(day.shop.objective.mode)
        self.marginal, gmv = marginals(day.curves, self.spend, day.shop.step_fen)
        self.yields = yields(self.aim, formulation.problem, certificate, self.marginal, gmv)
        self.gates = gates(day.shop, day.curves, day.histories, day.ranges)
        self.charts = curve_charts(day.curves, day.shop, formulation.problem)
        self.tests = {test.index: test for test in day.tests}
        self.held_by = tuple(self._held_by(i) for i in range(len(self.spend)))
        self.binding = {key for key, _ in certificate.multipliers}

    def _held_by(self, i: int) -> str:
        """The cap at which cell i stands."""
        spend, cap = self.spend[i], self.day.ranges[i]
        if i in self.formulation.tests:
            return "test"
        if self.formulation.problem.fixed[i] >= 0:
            return "locked"
        if not cap.is_open:
            return cap.key if cap.key in ("untested", "grade", "no_curve") else "min_if_active"
        if spend == cap.most_fen:
            return cap.key
        if spend != cap.minimum_fen:
            return ""
        return "min_if_active" if spend == self.day.shop.minimum_fen else cap.key

    def cell(self, i: int) -> PlannedCell:
        """Everything the plan says of cell i."""
        problem, spend = self.formulation.problem, self.spend[i]
        table = problem.tables[i]
        word = self._action(i)
        net = round(exact(table, "value", spend) / MICRO_PER_FEN - spend)
        gmv = round(exact(table, "gmv", spend) / MICRO_PER_FEN)
        return PlannedCell(
            cell=problem.cells[i],
            action=word,
            budget_fen=spend,
            yesterday_fen=None if self.day.last_date is None else self.day.histories[i].yesterday_fen,
            expected_orders=float(exact(table, "orders", spend) / MICRO),
            expected_gmv_fen=gmv,
            expected_net_fen=net,
            p10_net_fen=round(float(self.p10[i]) * 100) if spend else 0,
            marginal_return=float(self.marginal[i]) if spend else None,
            grading=self.day.curves.gradings[i],
            limits=self._limits(i),
            reason=reason(self._facts(i, word, net, gmv)),
            chart=self.charts[i],
        )

    def _action(self, i: int) -> Action:
        yesterday, step = self.day.histories[i].yesterday_fen, self.day.shop.step_fen
        return action(self.spend[i], yesterday, step, is_test=i in self.formulation.tests)

    def _limits(self, i: int) -> tuple[str, ...]:
        """The keys of what holds cell i: its own cap, then the priced rows that charge it."""
        held = [self.held_by[i]] if self.held_by[i] else []
        rows = [limit.key for limit in self.formulation.problem.limits if limit.key in self.binding]
        return tuple(held + [key for key in rows if self._charges(key, i)])

    def _charges(self, key: str, i: int) -> bool:
        limit = next(limit for limit in self.formulation.problem.limits if limit.key == key)
        return any(row[i] > 0 for row in limit.columns.values())

    def _facts(self, i: int, word: Action, net: int, gmv: int) -> CellFacts:
        test = self.tests.get(i)
        return CellFacts(
            aim=self.aim,
            action=word,
            budget_fen=self.spend[i],
            net_fen=net,
            gmv_fen=gmv,
            brings=float(self.yields.brings[i]),
            asked=float(self.yields.asked[i]),
            held_by=self.held_by[i],
            grading=self.day.curves.gradings[i],
            promise=test.promise if test else None,
            worth=test.worth if test else 0.0,
            horizon=test.horizon if test else 0.0,
            average_at_least=best_average(self.aim, self.formulation.problem, i),
            gate=self.gates[i],
            most_fen=self.day.ranges[i].most_fen,
            cold=self.day.cold,
            minimum_fen=self.day.shop.minimum_fen,
            day_fen=self.day.shop.budget_fen,
        )


def best_average(aim: Aim, problem: Problem, i: int) -> float | None:
    """The most that cell i brings per yuan (net, or GMV where the aim is not net); None when it may receive nothing."""
    table = problem.tables[i]
    if table is None:
        return None
    brought = table.objective if aim is Aim.NET else table.gmv
    ratio: Floats = brought / (table.spend * float(MICRO_PER_FEN))
    return float(ratio.max())
