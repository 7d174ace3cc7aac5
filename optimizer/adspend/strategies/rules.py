"""The shop's rules for one day: how far each cell may go, and the allowed budgets nearest to what is wished.

Strategies wish, the rules snap: paused or at least the minimum, whole steps, at most the cell's maximum, no more than
the caps on raises and on untested spends allow, and the budget in all. They are the platform's and the shop's, so
every strategy obeys them. A cell never observed has no history to be capped by: it may go as far as the shop lets any
cell go. Limits that couple cells (shares, stock, service ...) are held only by strategies that solve the
shop's own problem.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from adspend.caps import CellRange, cell_range
from adspend.history import UNSEEN, CellHistory
from adspend.money import floor_to_step
from adspend.problem import Ints
from adspend.shop import Shop
from adspend_models.bank import Floats, Grade


def open_ranges(shop: Shop, histories: Sequence[CellHistory]) -> tuple[CellRange, ...]:
    """The range of every cell for a strategy that grades no curve and may open any cell."""
    widest = CellRange(minimum_fen=shop.minimum_fen, most_fen=floor_to_step(shop.maximum_fen, shop.step_fen), key="max")
    ranges = {history: widest if history == UNSEEN else cell_range(shop, history, Grade.PASS) for history in histories}
    return tuple(ranges[history] for history in histories)


def most_of(ranges: Sequence[CellRange]) -> Ints:
    """The most that each cell may get, fen (n,); 0 where it may get nothing."""
    return np.array([found.most_fen if found.is_open else 0 for found in ranges], dtype=np.int64)


def snap(shop: Shop, wish: Floats, most: Ints) -> Ints:
    """Allowed budgets near the wish.

    A wish below half of the minimum is a pause. When the minimums of all wished cells exceed the budget, the smallest
    wishes are paused; when the wishes do, what is above the minimums shrinks in proportion. Steps lost to rounding go
    to the cells that lost most by it.

    Args:
        shop: its budget, minimum and step.
        wish: fen per cell, (n,); any number of at least 0.
        most: the most each cell may get, fen (n,), 0 or a multiple of the step (``most_of``).

    Returns:
        Fen, shape (n,).
    """
    step, least = shop.step_fen, shop.minimum_fen
    wish = np.minimum(np.nan_to_num(wish), most)
    order = np.argsort(-wish, kind="stable")
    is_wanted = (most >= least) & (wish >= least / 2)
    is_running = np.zeros(wish.size, dtype=np.bool_)
    is_running[order[is_wanted[order]][: shop.budget_fen // least]] = True
    above = np.where(is_running, np.maximum(wish - least, 0.0), 0.0)
    room = shop.budget_fen - least * int(is_running.sum())
    if above.sum() > room:
        above *= room / above.sum()
    steps = np.floor(above / step + 1e-9).astype(np.int64)  # a billionth of a step is rounding
    lost = above / step - steps
    spare = int(min(above.sum() + 1e-6, room) // step - steps.sum())
    can = is_running & (lost > 1e-6) & (least + (steps + 1) * step <= most)
    gets = np.argsort(-np.where(can, lost, -1.0), kind="stable")[: max(min(spare, int(can.sum())), 0)]
    steps[gets] += 1
    return np.where(is_running, least + steps * step, 0)


def with_seed(shop: Shop, seed: int) -> Shop:
    """The same shop with another seed for what is drawn in it."""
    return shop.model_copy(update={"shop": shop.shop.model_copy(update={"seed": seed})})


def evenly(shop: Shop) -> Floats:
    """The day's budget divided equally, fen (n,)."""
    n = len(shop.grid)
    return np.full(n, shop.budget_fen / n)


def wide_levels(shop: Shop, levels: Sequence[float], turn: int) -> Floats:
    """Test levels over the grid as a Latin square, fen (n,): each segment and each slot meets every level in turn.

    Level 1 is the spend at which the levels' mean is an even split.
    """
    columns = len(shop.cells.slots)
    row, column = np.divmod(np.arange(len(shop.grid)), columns)
    multiple = np.array(sorted(levels))[(row + column + turn) % len(levels)]
    return np.asarray(evenly(shop) * multiple / multiple.mean(), dtype=np.float64)
