"""Money: integer fen inside, yuan at the edges, no floats in between.

>>> fen(Decimal("12.34")), yuan_text(123456789)
(1234, '1,234,567.89')
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

FEN_PER_YUAN = 100


@lru_cache(maxsize=4096)  # a shop's few amounts are asked for thousands of times a day
def fen(yuan: Decimal) -> int:
    """Whole fen of an amount in yuan.

    Raises:
        ValueError: the amount has a fraction of a fen.
    """
    scaled = yuan * FEN_PER_YUAN
    whole = int(scaled)
    if scaled != whole:
        raise ValueError(f"an amount must have at most 2 decimals, but got {yuan} yuan")
    return whole


def nearest_fen(yuan: float) -> int:
    """The nearest fen of a computed amount (an expectation, never a budget)."""
    return int((Decimal(repr(float(yuan))) * FEN_PER_YUAN).to_integral_value(rounding=ROUND_HALF_EVEN))


def floor_to_step(amount_fen: int, step_fen: int) -> int:
    """The largest multiple of the step not above the amount.

    >>> floor_to_step(12_345, 100)
    12300
    """
    return amount_fen // step_fen * step_fen


def ceil_to_step(amount_fen: int, step_fen: int) -> int:
    """The least multiple of the step not below the amount."""
    return -(-amount_fen // step_fen) * step_fen


def yuan_text(amount_fen: int) -> str:
    """An amount as people read it, exact.

    >>> yuan_text(-5)
    '-0.05'
    """
    sign = "-" if amount_fen < 0 else ""
    whole, rest = divmod(abs(amount_fen), FEN_PER_YUAN)
    return f"{sign}{whole:,}.{rest:02d}"


def short_yuan(amount_fen: float) -> str:
    """An amount rounded for a sentence: whole yuan from 100 yuan up, else 2 decimals.

    >>> short_yuan(1234567), short_yuan(1234)
    ('12,346', '12.34')
    """
    return f"{amount_fen / FEN_PER_YUAN:,.0f}" if abs(amount_fen) >= 10_000 else f"{amount_fen / FEN_PER_YUAN:,.2f}"
