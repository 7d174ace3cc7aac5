"""What a way to spend is expected to bring, on the curves themselves (not the tables): the page's common yardstick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from adspend.measures import Floats
from adspend.value_curves import ValueCurves

P10 = 0.1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """Expectations per cell, shape (n,); money in yuan. ``draws`` are net values per posterior draw, shape (d, n)."""

    orders: Floats
    gmv: Floats
    net: Floats
    draws: Floats

    @property
    def p10(self) -> Floats:
        """The net value that a tenth of the posterior stays below, per cell."""
        return np.asarray(np.quantile(self.draws, P10, axis=0), dtype=np.float64)

    @property
    def total_p10(self) -> float:
        """The same for the whole day: cells are drawn together, so this is not the sum of the cells' own."""
        return float(np.quantile(self.draws.sum(axis=1), P10))


def outcome(curves: ValueCurves, spend_fen: Sequence[int] | Floats) -> Outcome:
    """Expectations at one spend per cell (fen)."""
    cost = np.asarray(spend_fen, dtype=np.float64) / 100
    expected = curves.expected(cost[:, None])
    draws = curves.value_draws(cost[:, None])[:, :, 0] - cost
    return Outcome(orders=expected.orders[:, 0], gmv=expected.gmv[:, 0], net=expected.value[:, 0] - cost, draws=draws)


def marginals(curves: ValueCurves, spend_fen: Sequence[int], step_fen: int) -> tuple[Floats, Floats]:
    """Net yuan and yuan of GMV of each cell's next yuan, over the next step or 1 % of the spend, shape (n,) each."""
    cost = np.asarray(spend_fen, dtype=np.float64) / 100
    ahead = np.maximum(step_fen / 100, cost * 0.01)
    expected = curves.expected(np.stack([cost, cost + ahead], axis=1))
    value, gmv = (np.asarray((it[:, 1] - it[:, 0]) / ahead) for it in (expected.value, expected.gmv))
    return value - 1.0, gmv
