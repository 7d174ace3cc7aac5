"""Which family of curves a shop's days ask for: Hill, unless another forecasts days left out clearly better.

Families mostly agree inside the tested range and differ beyond it, where no data speak; a choice made on noise would
make tomorrow's plan jump for no reason. So another family must beat Hill by two standard errors of the difference of
scores, summed over all days of all cells, and by 4 in all: below that the error itself is not to be trusted (Sivula,
Magnusson and Vehtari 2020).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adspend_datasets.text import Text

Floats = NDArray[np.float64]

CLEARLY = 2.0  # standard errors
SMALL = 4.0  # log score; a smaller lead is no lead


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeScore:
    """A family's mean log predictive density of a day left out, and its lead over the first with its error."""

    name: Text
    score: float
    lead: float
    lead_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeChoice:
    """The chosen family's index, the reason in words, and every family's score."""

    index: int
    reason: Text
    scores: tuple[ShapeScore, ...]


def choose_shape(names: Sequence[Text], scores: Sequence[Floats], among: Sequence[int] | None = None) -> ShapeChoice:
    """The choice among families, the default first; ``scores`` of the same days for each.

    Only families ``among`` these indices may be chosen (default: all); the scores of the others are for the record.
    """
    days = max(len(scores[0]), 1)
    table = tuple(
        ShapeScore(
            name=name,
            score=float(score.sum() / days),
            lead=float((score - scores[0]).sum()),
            lead_error=float(np.sqrt(days) * np.std(score - scores[0])) if len(score) else 0.0,
        )
        for name, score in zip(names, scores, strict=True)
    )
    leads = {i: table[i] for i in (range(len(table)) if among is None else among)}
    better = [i for i, row in leads.items() if row.lead > max(CLEARLY * row.lead_error, SMALL)]
    index = max(better, key=lambda i: table[i].lead, default=0)
    return ShapeChoice(index=index, reason=_reason(table, index), scores=table)


def _reason(table: Sequence[ShapeScore], index: int) -> Text:
    """Why this family, with its numbers."""
    if len(table) == 1:
        return Text(f"按 {table[0].name.zh} 曲线拟合", f"fitted as {table[0].name.en} curves")
    if index == 0:
        best = max(table[1:], key=lambda row: row.lead)
        return Text(
            f"{table[0].name.zh}：留一天预测中没有明显更好的曲线族（最接近的{best.name.zh}得分差 {best.lead:+.1f} ± "
            f"{best.lead_error:.1f}）",
            f"{table[0].name.en}: no family forecasts left-out days clearly better (nearest: {best.name.en}, "
            f"{best.lead:+.1f} +- {best.lead_error:.1f})",
        )
    row = table[index]
    return Text(
        f"{row.name.zh}：留一天预测明显好于 {table[0].name.zh}（得分差 {row.lead:+.1f} ± {row.lead_error:.1f}）",
        f"{row.name.en}: forecasts left-out days clearly better than {table[0].name.en} ({row.lead:+.1f} +- "
        f"{row.lead_error:.1f})",
    )
