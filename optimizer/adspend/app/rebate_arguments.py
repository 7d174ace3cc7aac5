"""The agency's rebate tiers from what was typed: ``--agency-rebate START=RATE``, one for each tier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import pairwise

from adspend.batch.agency import RebateTier
from adspend.money import fen, yuan_text
from adspend.shop import MOST_YUAN
from adspend_datasets.errors import Fault, Place, UsageError
from adspend_datasets.text import Text

OPTION = "--agency-rebate"
FINEST_RATE = 6  # decimals: finer than any contract


def rebate_arguments(typed: Sequence[str]) -> tuple[RebateTier, ...]:
    """The tiers, by start.

    Raises:
        UsageError: not START=RATE, a start or rate outside its law, two tiers of one start, or a rate that falls; all
            faults at once.
    """
    found: list[tuple[RebateTier, str]] = []
    faults: list[Fault] = []
    for words in typed:
        tier = _tier(words)
        if tier is None:
            faults.append(_malformed(words))
        else:
            found.append((tier, words))
    found.sort(key=lambda pair: pair[0].start_fen)
    faults.extend(_order_faults(found))
    if faults:
        raise UsageError(faults)
    return tuple(tier for tier, _ in found)


def _tier(words: str) -> RebateTier | None:
    start, _, rate = words.partition("=")
    try:
        amount, share = Decimal(start), Decimal(rate)
        allowed = 0 < amount <= MOST_YUAN and 0 <= share < 1 and share == round(share, FINEST_RATE)
        return RebateTier(start_fen=fen(amount), rate=Fraction(share)) if allowed else None
    except (InvalidOperation, ValueError):
        return None


def _malformed(words: str) -> Fault:
    law = Text(
        f"返点档必须写成 起点元=比例：起点大于 0、最多两位小数，比例不小于 0、小于 1、最多 {FINEST_RATE} 位小数",
        "a rebate tier must be START=RATE: START yuan above 0 with at most 2 decimals, RATE at least 0, below 1, with "
        f"at most {FINEST_RATE} decimals",
    )
    return _fault(law, words, Text(f"例如 {OPTION} 1000000=0.02", f"For example {OPTION} 1000000=0.02"))


def _order_faults(tiers: Sequence[tuple[RebateTier, str]]) -> Iterator[Fault]:
    for (low, before), (high, words) in pairwise(tiers):
        start = yuan_text(high.start_fen)
        if high.start_fen == low.start_fen:
            law = Text(f"满 {start} 元的返点只能写一档", f"there must be one rebate tier from {start} yuan")
            yield _fault(law, f"{before}, {words}", Text("请删去其中一档", "Leave one of them out"))
        elif high.rate < low.rate:
            law = Text(
                f"起点更高的返点档比例不得低于「{before}」",
                f"a tier that starts higher must not pay less than {before}",
            )
            yield _fault(law, words, Text("请核对返点政策", "Check the rebate agreement"))


def _fault(law: Text, value: str, remedy: Text) -> Fault:
    return Fault(code="E-AGENCY-REBATE", law=law, value=value, place=Place(column=OPTION), remedy=remedy)
