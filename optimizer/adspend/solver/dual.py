"""The best prices of the limits: the Lagrangian dual, minimised by cutting planes in a moving box.

The dual D(p) = p.rhs + sum_i max_k [objective_i(k) - p.use_i(k)] is convex and piecewise linear in the R prices. Every
evaluation yields a cut for each group of cells (Kelley 1960, disaggregated); the master LP over the cuts, confined to
a box around the best prices so far (Marsten, Hogan and Blankenship 1975, "The Boxstep method"), proposes the next
prices. It needs some twenty evaluations, each O(nK): the way to price shops of any size. One limit alone needs no
master LP (``one_price``).
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from adspend.lagrangian import best_choices
from adspend.measures import Floats, Grid
from adspend.solver.one_price import one_price
from adspend.solver.quiet import quiet_highs

GROUPS = 50  # more groups: fewer evaluations, larger master; 1 needs twice as many evaluations
TOLERANCE = 1e-6  # of the bound
MOST_EVALUATIONS = 100
SMALLEST_BOX, FIRST_BOX, LARGEST_BOX = 1e-7, 0.02, 1e3  # of a price that would charge the whole bound


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dual:
    """Prices (micro-yuan per unit, shape (R,)) and the bound they prove (micro-yuan).

    ``possible`` is False where the bound is below anything that a plan could earn: then there is none.
    """

    prices: Floats
    bound: float
    possible: bool = True


class _Master:
    """The LP over the cuts, in prices scaled so that 1 charges the whole bound. Columns: R prices, then G groups."""

    def __init__(self, rhs: Floats, groups: int) -> None:
        self.rows, self.groups = rhs.size, groups
        self.highs = quiet_highs(presolve=False)
        self.highs.setOptionValue("primal_feasibility_tolerance", 1e-10)  # summed over the groups it must stay small
        n = self.rows + groups
        lower = np.concatenate([np.zeros(self.rows), np.full(groups, -highspy.kHighsInf)])
        self.highs.addVars(n, lower, np.full(n, highspy.kHighsInf))
        self.highs.changeColsCost(n, np.arange(n, dtype=np.int32), np.concatenate([rhs, np.ones(groups)]))

    def add(self, objective: Floats, use: Floats) -> None:
        """Cuts ``w_g >= objective_g - price.use_g``; shapes (G,) and (R, G)."""
        values = np.concatenate([use.T, np.ones((self.groups, 1))], axis=1)
        prices = np.broadcast_to(np.arange(self.rows), (self.groups, self.rows))
        index = np.concatenate([prices, self.rows + np.arange(self.groups)[:, None]], axis=1)
        start = np.arange(self.groups) * (self.rows + 1)
        self.highs.addRows(
            self.groups,
            objective,
            np.full(self.groups, highspy.kHighsInf),
            values.size,
            start.astype(np.int32),
            index.ravel().astype(np.int32),
            values.ravel(),
        )

    def solve(self, low: Floats, high: Floats) -> tuple[float, Floats] | None:
        """The least value the cuts allow within the box, and where."""
        self.highs.changeColsBounds(self.rows, np.arange(self.rows, dtype=np.int32), low, high)
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        at = np.array(self.highs.getSolution().col_value[: self.rows])
        return self.highs.getInfo().objective_function_value, at.clip(low, high)


class _Evaluator:
    """The dual function and its cuts by group."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        n = grid.maximum.size
        self.groups = min(GROUPS, n)
        self.group = np.arange(n) % self.groups
        self.order = np.argsort(self.group, kind="stable")
        self.starts = np.searchsorted(self.group[self.order], np.arange(self.groups))
        self.calls = 0

    def __call__(self, prices: Floats) -> tuple[float, Floats, Floats]:
        """The dual at the prices; objective (G,) and use (R, G) of what the groups choose there."""
        choices = best_choices(self.grid, prices)
        self.calls += 1
        use = self.grid.use_at(np.arange(choices.point.size), choices.point)
        bound = float(choices.net.sum() + prices @ self.grid.rhs)
        return bound, self._by_group(choices.net + prices @ use), self._by_group(use)

    def _by_group(self, amounts: Floats) -> Floats:
        return np.asarray(np.add.reduceat(amounts[..., self.order], self.starts, axis=-1))


def minimise_dual(grid: Grid, start: Floats | None = None) -> Dual:
    """Prices whose bound is within about ``TOLERANCE`` of the best that one price vector can prove.

    Where limits conflict the bound falls without end; the search stops once it has proven that there is no plan.

    Args:
        grid: the problem's arrays, at least one cell.
        start: prices of a similar problem; near ones save evaluations.
    """
    if grid.rhs.size == 0:
        return Dual(prices=np.zeros(0), bound=float(best_choices(grid, np.zeros(0)).net.sum()))
    least = float(np.minimum(grid.columns["objective"], 0.0).min(axis=1, initial=0.0).sum()) - 1.0
    if grid.rhs.size == 1:
        price, bound = one_price(grid, least)
        return Dual(prices=np.array([price]), bound=bound, possible=bound >= least)
    evaluate = _Evaluator(grid)
    best = np.zeros(grid.rhs.size) if start is None else start
    bound, objective, use = evaluate(best)
    size = np.maximum(np.maximum(np.abs(grid.rhs), np.abs(use).sum(axis=1)), 1.0)
    worth = max(float(np.abs(grid.columns["objective"]).max(axis=1, initial=0.0).sum()), 1.0)
    master = _Master(grid.rhs / size, evaluate.groups)
    master.add(objective / worth, use / size[:, None])
    box = np.maximum(best * size / worth * 0.3, FIRST_BOX)
    while evaluate.calls < MOST_EVALUATIONS and box.max() > SMALLEST_BOX and bound >= least:
        center = best * size / worth
        low, high = np.maximum(center - box, 0.0), center + box
        proposal = master.solve(low, high)
        if proposal is None:
            break
        promised = bound - proposal[0] * worth
        if promised <= TOLERANCE * abs(bound):
            if _inside(proposal[1], low, high) or box.max() > LARGEST_BOX:
                break
            box = box * 4
            continue
        at = proposal[1] * worth / size
        value, objective, use = evaluate(at)
        master.add(objective / worth, use / size[:, None])
        if value < bound - 0.1 * promised:
            box = box * (1.5 if bound - value > 0.5 * promised else 1.0)
            best, bound = at, value
        else:
            box = box / 2
    return Dual(prices=best, bound=bound, possible=bound >= least)


def _inside(at: Floats, low: Floats, high: Floats) -> bool:
    """Whether the box plays no part in a proposal: only at price 0 may it touch."""
    margin = 1e-9 * (high - low)
    return bool(((at < high - margin) & ((at > low + margin) | (low == 0))).all())
