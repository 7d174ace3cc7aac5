"""The morning of the plan: curves, histories, and the range and test of each cell."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from adspend.adjusted_curves import adjusted
from adspend.bank_curves import BankCurves
from adspend.basis import one_basis
from adspend.caps import CellRange, cell_range, spent_range
from adspend.exploration import Test, propose_tests
from adspend.formulate import locked_spends
from adspend.history import UNSEEN, CellHistory, histories
from adspend.policy import Policy
from adspend.shop import Shop
from adspend.table_curves import TableCurves
from adspend.value_curves import ValueCurves
from adspend_datasets.cell import Cell
from adspend_datasets.report import TrafficReport
from adspend_models.fit import fit_curves
from adspend_models.posterior import PosteriorBank
from adspend_models.prior import Prior
from adspend_models.shapes import SHAPES, Shape

DRAWS = 200  # of the posterior: a plan's; simulations take fewer


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Day:
    """What is known before the money is split. ``last_date`` is the report's last day, None without a report.

    ``cold`` says that nothing has been observed yet, so that the day is there to learn. ``strangers`` are cells of the
    report that the shop file does not name: they help the fit and receive nothing.
    """

    shop: Shop
    date: datetime.date
    curves: ValueCurves
    histories: tuple[CellHistory, ...]
    ranges: tuple[CellRange, ...]
    tests: tuple[Test, ...]
    last_date: datetime.date | None
    cold: bool
    strangers: tuple[Cell, ...] = ()


def prior_of(shop: Shop) -> Prior:
    """What the shop file says to expect before any data: break-even at an even split, unless it says otherwise."""
    even = shop.budget_fen / 100 / len(shop.grid)
    return Prior(
        reference_cost=max(even, shop.minimum_fen / 100),
        gmv_return=shop.prior.gmv_return or shop.economics.break_even_roi,
        order_value=shop.prior.order_value,
    )


def known_report(shop: Shop, report: TrafficReport, date: datetime.date) -> TrafficReport:
    """The rows that a plan for ``date`` may rest on: earlier days, one basis, the shop's cells."""
    return one_basis(shop, replace(report, rows=report.rows[report.rows["date"] < np.datetime64(date)]))


def fitted_bank(
    shop: Shop, known: TrafficReport, date: datetime.date, *, shapes: Sequence[Shape] = SHAPES, draws: int = DRAWS
) -> PosteriorBank:
    """The shop's curves for ``date``, fitted on ``known``; fewer shapes and draws are faster and coarser."""
    rng = np.random.default_rng(shop.shop.seed)
    return fit_curves(known, shop.grid, plan_date=date, prior=prior_of(shop), rng=rng, draws=draws, shapes=shapes)


def observed_day(
    shop: Shop,
    policy: Policy,
    report: TrafficReport,
    date: datetime.date,
    *,
    shapes: Sequence[Shape] = SHAPES,
    draws: int = DRAWS,
) -> Day:
    """The day after a report: curves fitted on the rows before ``date``, ranges from history, tests from the policy."""
    known = known_report(shop, report, date)
    bank = fitted_bank(shop, known, date, shapes=shapes, draws=draws)
    curves = adjusted(shop, BankCurves(bank=bank, net_value_rate=shop.economics.net_value_rate))
    grid, own = shop.grid, set(shop.grid)
    past = histories(known, grid)
    running = {(spent.segment, spent.slot) for spent in shop.spent if spent.spent}  # too late to test in
    started = {i for i, cell in enumerate(grid) if (cell.segment, cell.slot) in running}
    locked = frozenset(locked_spends(shop)) | started
    return Day(
        shop=shop,
        date=date,
        curves=curves,
        histories=past,
        ranges=tuple(
            spent_range(shop, cell, cell_range(shop, h, g.grade))
            for cell, h, g in zip(grid, past, bank.gradings, strict=True)
        ),
        tests=propose_tests(shop, policy, curves, past, date=date, locked=locked),
        last_date=known.last_date,
        cold=known.rows.empty,
        strangers=tuple(cell for cell in known.cells if cell not in own),
    )


def given_day(shop: Shop, curves: TableCurves, date: datetime.date) -> Day:
    """A day planned on curves made elsewhere: no history, so only the shop's own bounds and the curves' ends hold."""
    return Day(
        shop=shop,
        date=date,
        curves=adjusted(shop, curves),
        histories=(UNSEEN,) * len(curves.cells),
        ranges=tuple(
            spent_range(shop, cell, _given_range(shop, curves.end_fen(i))) for i, cell in enumerate(curves.cells)
        ),
        tests=(),
        last_date=None,
        cold=False,
    )


def _given_range(shop: Shop, end_fen: int) -> CellRange:
    if end_fen == 0:
        return CellRange(minimum_fen=shop.minimum_fen, most_fen=0, key="no_curve")
    most = min(shop.maximum_fen, end_fen // shop.step_fen * shop.step_fen)
    return CellRange(
        minimum_fen=shop.minimum_fen, most_fen=most, key="max" if most == shop.maximum_fen else "curve_end"
    )
