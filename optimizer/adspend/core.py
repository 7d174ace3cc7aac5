"""The core: the cells and points worth searching, given the limits' prices.

At good prices most cells of a large problem have one point that beats all others by far, and stay there. The points
nearest to being chosen, and the cells that own them, are the core (Pisinger 1995, "A minimal algorithm for the
multiple-choice knapsack problem", expands such a core as far as needed).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from adspend.lagrangian import OFF, Choices, best_choices, net_values
from adspend.measures import Floats, Grid
from adspend.solver.columns import ColumnModel

FEASIBLE = 1e-7  # of a limit's size: an LP that oversteps its limits by less oversteps none
GROWTH = 5


def core_model(grid: Grid, prices: Floats, most_points: int) -> ColumnModel:
    """The LP over about ``most_points`` points, more where those cannot meet the limits."""
    choice = best_choices(grid, prices)
    own = np.arange(grid.spend.shape[1]) < grid.points[:, None]
    loss = np.where(own, choice.net[:, None] - net_values(grid, prices), np.inf)
    while True:
        chosen = own if most_points >= own.sum() else _nearest(grid, loss, choice, most_points)
        model = ColumnModel(grid, chosen, choice.point)
        answer = model.solve()
        if most_points >= own.sum() or (answer is not None and answer.overstep <= FEASIBLE):
            return model
        most_points *= GROWTH


def narrowed(grid: Grid, prices: Floats, margin: float, most_points: int) -> ColumnModel | None:
    """The LP over the points that lose at most ``margin`` (micro-yuan) against their cell's choice.

    None where that would be more than ``most_points`` points.

    A plan that beats the best known by anything uses no point that loses more than the gap between bound and value
    (reduced-cost fixing), so with a margin of the gap or more none is lost.
    """
    choice = best_choices(grid, prices)
    own = np.arange(grid.spend.shape[1]) < grid.points[:, None]
    on = choice.point != OFF
    chosen = own & (choice.net[:, None] - net_values(grid, prices) <= margin)
    undecided = (chosen.sum(axis=1) > on) | (on & ~grid.must_run & (choice.net <= margin))
    chosen &= undecided[:, None]
    return ColumnModel(grid, chosen, choice.point) if chosen.sum() <= most_points else None


def _nearest(grid: Grid, loss: Floats, choice: Choices, most: int) -> NDArray[np.bool_]:
    """The ``most`` alternatives that lose least, and the choices of their cells; shape (n, K).

    Turning off is an alternative too: it loses what the choice nets, and brings its cell into the core.
    """
    on = choice.point != OFF
    others = loss.copy()
    others[on, choice.point[on]] = np.inf
    turned_off = np.where(on & ~grid.must_run, choice.net, np.inf)
    threshold = np.partition(np.concatenate([others.ravel(), turned_off]), most)[most]
    chosen: NDArray[np.bool_] = others <= threshold
    core = on & (chosen.any(axis=1) | (turned_off <= threshold))
    chosen[core, choice.point[core]] = True
    return chosen
