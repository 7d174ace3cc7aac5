"""The prior (先验): what a shop believes about its curves before any report, in three numbers an operator knows.

A shop that is planned among many of its trade also knows what they found (``CategoryPrior``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryPrior:
    """What the shops of one category have in common (``category_prior``), for the coordinates (a, q, l).

    Attributes:
        centre: The category's typical shop: a less the log of the shop's own expected return (``Prior.order_return``),
            q and l.
        sd: How far a shop's typical curve lies from it, log units.
        cell_sd: How far a cell lies from what its shop shares, log units.
        shops: How many shops it was learned from.

    Raises:
        ValueError: When a number is not finite, or a spread not positive.
    """

    centre: tuple[float, float, float]
    sd: tuple[float, float, float]
    cell_sd: tuple[float, float, float]
    shops: int

    def __post_init__(self) -> None:
        """Refuses what no category can have."""
        if not all(map(math.isfinite, (*self.centre, *self.sd, *self.cell_sd))) or min(*self.sd, *self.cell_sd) <= 0:
            raise ValueError(f"a category's numbers must be finite and its spreads above 0, but got {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """The centre of the fit's weak hyper-priors; all that a cold start has.

    It fixes the scale of the unknown, not the answer: with five cells of ten days each the data decide.

    Attributes:
        reference_cost: A typical cost of one cell on one day, yuan.
        gmv_return: GMV per yuan of cost (ROI) at the reference cost.
        order_value: GMV per order, yuan.
        category: What other shops of its trade found; None where the shop stands alone.

    Raises:
        ValueError: When a number is not finite and positive.
    """

    reference_cost: float
    gmv_return: float
    order_value: float
    category: CategoryPrior | None = None

    def __post_init__(self) -> None:
        """Refuses numbers that no shop can mean."""
        for name in ("reference_cost", "gmv_return", "order_value"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                raise ValueError(f"{name} must be finite and above 0, but got {value}; state what the shop expects")

    @property
    def order_return(self) -> float:
        """Orders per yuan of cost at the reference cost."""
        return self.gmv_return / self.order_value
