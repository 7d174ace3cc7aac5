"""The action (动作) that a budget means, given what the cell did yesterday, and the order to carry actions out in."""

from __future__ import annotations

from collections.abc import Iterable

from adspend.plan import Action, PlannedCell


def action(budget_fen: int, yesterday_fen: int, step_fen: int, *, is_test: bool) -> Action:
    """The word for the change. A difference of less than a step is a hold: costs are never on the grid."""
    if budget_fen == 0:
        return Action.PAUSE
    if is_test:
        return Action.TEST
    if yesterday_fen == 0:
        return Action.START
    if abs(budget_fen - yesterday_fen) < step_fen:
        return Action.HOLD
    return Action.RAISE if budget_fen > yesterday_fen else Action.CUT


def in_order(cells: Iterable[PlannedCell]) -> list[PlannedCell]:
    """The cells as an operator carries them out: stop-loss first, so that money is freed before it is spent again.

    Pauses of running cells, cuts, holds, then whatever takes more; cells that rest on rest last. In each of these the
    largest budget comes first, or the largest spend of yesterday where there is none.
    """
    return sorted(cells, key=lambda cell: (_turn(cell), -cell.budget_fen, -(cell.yesterday_fen or 0)))


def _turn(cell: PlannedCell) -> int:
    yesterday = cell.yesterday_fen or 0
    if cell.action is Action.PAUSE:
        return 0 if yesterday else 4
    if cell.action is Action.HOLD:
        return 2
    return 1 if cell.budget_fen < yesterday else 3
