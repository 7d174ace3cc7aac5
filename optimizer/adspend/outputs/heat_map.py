"""The heat map of budgets: segments down, slots across, sums at the edges; plain values for a plain HTML table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from adspend.plan import Action, Plan, PlannedCell
from adspend_datasets.text import Text, join

FULL = (79, 154, 196)  # the largest budget, RGB: dark ink on it still has a contrast of 5.5 (WCAG 2.2 AA asks 4.5)
PALEST = 0.1  # share of FULL that the least budget gets, so that it differs from a pause
BEND = 0.75  # of the scale: below 1 small budgets stay apart


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatCell:
    """One field: what all levers of a segment and slot receive together; None planned where the shop has no such cell.

    ``planned`` is the one of them with the largest budget: its action is shown. ``change_fen`` is from what
    yesterday spent, None without a report. ``style`` is a CSS declaration.
    """

    planned: PlannedCell | None
    budget_fen: int
    change_fen: int | None
    style: str
    detail: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """Rows by segment in the plan's order, one field per slot, and the sums in fen."""

    slots: tuple[str, ...]
    rows: tuple[tuple[str, tuple[HeatCell, ...], int], ...]
    slot_sums: tuple[int, ...]
    total: int

    @property
    def moves(self) -> bool:
        """Whether any field says how far it moves from yesterday."""
        return any(field.change_fen is not None for _, fields, _ in self.rows for field in fields)


def heat_map(plan: Plan) -> HeatMap:
    """The plan's budgets by segment and slot."""
    groups = cells_by_field(plan.cells)
    segments, slots = (tuple(dict.fromkeys(key[axis] for key in groups)) for axis in (0, 1))
    most = max((_sum(cells) for cells in groups.values()), default=0) or 1
    rows = tuple(
        (segment, tuple(_field(groups.get((segment, slot), ()), most) for slot in slots), _part(groups, 0, segment))
        for segment in segments
    )
    return HeatMap(
        slots=slots,
        rows=rows,
        slot_sums=tuple(_part(groups, 1, slot) for slot in slots),
        total=plan.planned_fen,
    )


def cells_by_field(cells: Iterable[PlannedCell]) -> dict[tuple[str, str], tuple[PlannedCell, ...]]:
    """The cells of each (segment, slot); more than one where the shop plans levers apart."""
    groups: dict[tuple[str, str], tuple[PlannedCell, ...]] = {}
    for cell in cells:
        key = (cell.cell.segment, cell.cell.slot)
        groups[key] = (*groups.get(key, ()), cell)
    return groups


def _sum(cells: Iterable[PlannedCell]) -> int:
    return sum(cell.budget_fen for cell in cells)


def _part(groups: Mapping[tuple[str, str], tuple[PlannedCell, ...]], axis: int, name: str) -> int:
    return sum(_sum(cells) for key, cells in groups.items() if key[axis] == name)


def _field(cells: tuple[PlannedCell, ...], most: int) -> HeatCell:
    budget = _sum(cells)
    return HeatCell(
        planned=max(cells, key=lambda cell: (cell.budget_fen, cell.action is not Action.PAUSE), default=None),
        budget_fen=budget,
        change_fen=_change(cells),
        style=f"background:{_colour(budget / most)}" if budget else "",
        detail=join((_detail(cell, alone=len(cells) == 1) for cell in cells), zh="\n", en="\n"),
    )


def _change(cells: Iterable[PlannedCell]) -> int | None:
    changes = [cell.budget_fen - cell.yesterday_fen for cell in cells if cell.yesterday_fen is not None]
    return sum(changes) if changes else None


def _detail(cell: PlannedCell, *, alone: bool) -> Text:
    """What the field says when pointed at: the reason, after the lever's name where there are several."""
    name = "" if alone else f"{cell.cell.lever}: "
    return Text(name + cell.reason.zh, name + cell.reason.en)


def _colour(share: float) -> str:
    weight = PALEST + (1 - PALEST) * share**BEND
    red, green, blue = (round(255 - weight * (255 - channel)) for channel in FULL)
    return f"rgb({red},{green},{blue})"
