"""Refit + SLSQP: each cell's own curve, then sequential quadratic programming from the current split.

As users of Robyn (a local gradient method on point estimates, from the bounds or the current spend) and of
pymc-marketing (SciPy's SLSQP) do: smooth curves, boxes, the budget as the only limit, and what comes back is taken as
it is. It knows neither minimum nor steps; the answer is snapped to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, minimize

from adspend.shop import Shop
from adspend.strategies.refit import RefitSession, Refitted
from adspend_datasets.text import Text
from adspend_models.bank import Floats

LITTLE = 1e-6  # yuan: slopes of flat Hill curves are infinite at 0


@final
@dataclass(frozen=True, slots=True)
class RefitSlsqp:
    """A gradient method on point estimates."""

    name: ClassVar[str] = "refit-slsqp"
    label: ClassVar[Text] = Text(
        "逐单元拟合 + SLSQP（同 Robyn、pymc-marketing 用户）", "refit + SLSQP (as Robyn, pymc-marketing users)"
    )

    def open(self, shop: Shop, seed: int) -> RefitSession:
        """A run of days; there is no luck in it."""
        del seed
        return RefitSession(shop, climb)


def climb(given: Refitted) -> Floats:
    """Where SLSQP ends from the current split, yuan (n,)."""
    n = given.current.size
    unit = given.budget / n or 1.0  # amounts near 1, as SLSQP's tolerances want

    def loss(x: Floats) -> tuple[float, Floats]:
        cost = np.maximum(x * unit, LITTLE)
        net = given.rate * given.curves.gmv(cost) - cost
        return -float(net.sum()) / unit, 1 - given.rate * given.curves.slope(cost)

    scale = min(1.0, given.budget / max(float(given.current.sum()), LITTLE))  # over-delivery, or a smaller budget
    answer = minimize(
        loss,
        np.asarray(given.current * scale / unit, dtype=np.float64),
        jac=True,
        method="SLSQP",
        bounds=Bounds(np.zeros(n), given.most / unit),
        constraints=LinearConstraint(np.ones((1, n)), -np.inf, float(n)),
        options={"ftol": 1e-6, "maxiter": 200},
    )
    return np.clip(np.nan_to_num(np.asarray(answer.x, dtype=np.float64)), 0.0, given.most / unit) * unit
