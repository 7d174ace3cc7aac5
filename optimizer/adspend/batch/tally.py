"""The tally (合计): what the plans of some shops come to, of a whole run or of each category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adspend.batch.record import ShopRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Sums over shops. Money in fen.

    Attributes:
        shops: all of them.
        without_plan: those that have none.
        to_approve: those whose plan a person must approve.
        yesterday_fen: spent on the reports' last days.
        budget_fen: the day's budgets.
        planned_fen: what the plans spend.
        expected_net_fen: after ad cost.
        gain_fen: what the plans are expected to net more than yesterday's spend, over the shops that have both.
    """

    shops: int
    without_plan: int
    to_approve: int
    yesterday_fen: int
    budget_fen: int
    planned_fen: int
    expected_net_fen: int
    gain_fen: int


def tally(records: Sequence[ShopRecord]) -> Tally:
    """The sums over these shops."""
    planned = [record.figures for record in records if record.figures is not None]
    gains = [f.expected_net_fen - f.yesterday_net_fen for f in planned if f.yesterday_net_fen is not None]
    return Tally(
        shops=len(records),
        without_plan=len(records) - len(planned),
        to_approve=sum(record.reviews > 0 for record in records),
        yesterday_fen=sum(figures.yesterday_fen or 0 for figures in planned),
        budget_fen=sum(figures.budget_fen for figures in planned),
        planned_fen=sum(figures.planned_fen for figures in planned),
        expected_net_fen=sum(figures.expected_net_fen for figures in planned),
        gain_fen=sum(gains),
    )


def by_category(records: Sequence[ShopRecord]) -> dict[str, Tally]:
    """The sums of each category, those that plan most money first; "" are shops that name none."""
    found: dict[str, list[ShopRecord]] = {}
    for record in records:
        found.setdefault(record.category, []).append(record)
    tallies = {category: tally(having) for category, having in found.items()}
    return dict(sorted(tallies.items(), key=lambda item: (-item[1].planned_fen, item[0])))
