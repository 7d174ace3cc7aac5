"""The prior (先验): what a shop believes about its curves before any report, in three numbers an operator knows."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """The centre of the fit's weak hyper-priors; all that a cold start has.

    It fixes the scale of the unknown, not the answer: with five cells of ten days each the data decide.

    Attributes:
        reference_cost: A typical cost of one cell on one day, yuan.
        gmv_return: GMV per yuan of cost (ROI) at the reference cost.
        order_value: GMV per order, yuan.

    Raises:
        ValueError: When a number is not finite and positive.
    """

    reference_cost: float
    gmv_return: float
    order_value: float

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
