"""Numbers as people read them in reasons."""

from __future__ import annotations

import datetime


def yuan(amount: float) -> str:
    """An amount with as many decimals as it deserves.

    >>> yuan(1769.7), yuan(12.5), yuan(0.031)
    ('1,770', '12.50', '0.031')
    """
    if abs(amount) >= 100:
        return f"{amount:,.0f}"
    return f"{amount:.2f}" if abs(amount) >= 1 or amount == 0 else f"{amount:.2g}"


def figure(number: float) -> str:
    """A number of any size with two digits that matter, never in powers of ten.

    >>> figure(22577.3), figure(9.66), figure(0.2676)
    ('22,577', '9.7', '0.27')
    """
    return f"{number:,.0f}" if abs(number) >= 10 else f"{number:.2g}"


def percent(share: float) -> str:
    """A share as whole percent.

    >>> percent(0.347)
    '35%'
    """
    return f"{share:.0%}"


def date_of(ordinal: int) -> str:
    """An ordinal as an ISO date.

    >>> date_of(datetime.date(2026, 6, 18).toordinal())
    '2026-06-18'
    """
    return datetime.date.fromordinal(ordinal).isoformat()
