"""The price of money (资金影子价格): what the budget's last yuan earns when cells choose among a few spends."""

from __future__ import annotations

import numpy as np

from adspend_models.bank import Floats


def price_of_money(value: Floats, spend: Floats, budget: float) -> float:
    """Net yuan that the last yuan of ``budget`` earns when every cell takes its best of the choices, at least 0.

    Args:
        value: Expected net value before ad cost, yuan, (n, K).
        spend: The choices, yuan, (n, K).
        budget: Yuan.
    """
    rows = np.arange(len(value))

    def total(price: float) -> float:
        return float(spend[rows, (value - (1.0 + price) * spend).argmax(axis=1)].sum())

    low, high = 0.0, float(np.max(value[:, 1:] / spend[:, 1:], initial=0.0))
    if total(low) <= budget:
        return 0.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if total(middle) > budget else (low, middle)
    return high
