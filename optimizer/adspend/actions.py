"""The action (动作) that a budget means, given what the cell did yesterday."""

from __future__ import annotations

from adspend.plan import Action


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
