"""The shop's limits as rows of the problem: one function each, written as the inequality it adds."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from adspend.money import fen
from adspend.problem import MICRO, MICRO_PER_FEN, Ints, Limit
from adspend.shop import Shop
from adspend.shop_sections import ShareSection
from adspend_datasets.cell import Cell
from adspend_datasets.text import Text

YUAN = Text("元", "yuan")


def shop_limits(shop: Shop, cells: Sequence[Cell]) -> tuple[Limit, ...]:
    """Every row that the shop file asks for."""
    limits = [budget_limit(shop.budget_fen, len(cells))]
    for share in shop.shares:
        limits += share_limits(share, cells)
    if shop.limits.roi_floor:
        limits.append(roi_floor_limit(shop.limits.roi_floor, len(cells)))
    if shop.objective.target_gmv is not None:
        limits.append(gmv_target_limit(fen(shop.objective.target_gmv), len(cells)))
    if shop.cells.max_active is not None:
        limits.append(most_active_limit(shop.cells.max_active, len(cells)))
    return tuple(limits)


def gmv_target_limit(target_fen: int, n: int) -> Limit:
    """Sum gmv_i(x_i) >= target."""
    return Limit(
        key="target_gmv",
        name=Text(f"GMV 目标 {target_fen / 100:,.0f} 元", f"GMV target of {target_fen / 100:,.0f} yuan"),
        rhs=-target_fen * MICRO_PER_FEN,
        gmv=np.full(n, -1, dtype=np.int64),
        unit=Text("元 GMV", "yuan of GMV"),
        per_unit=MICRO,
    )


def budget_limit(budget_fen: int, n: int) -> Limit:
    """Sum x_i <= B."""
    return Limit(
        key="budget",
        name=Text("当日预算", "daily budget"),
        rhs=budget_fen,
        spend=np.ones(n, dtype=np.int64),
        unit=YUAN,
        per_unit=100,
    )


def share_limits(share: ShareSection, cells: Sequence[Cell]) -> list[Limit]:
    """sum_{i in g} x_i <= U sum_i x_i and sum_{i in g} x_i >= L sum_i x_i: shares of the planned spend."""
    group = np.array([getattr(cell, share.by) == share.of for cell in cells], dtype=bool)
    return share_bounds(f"share/{share.by}/{share.of}", share.of, group, fraction_of(share.min), fraction_of(share.max))


def share_bounds(key: str, name: str, group: np.ndarray, least: Fraction, most: Fraction) -> list[Limit]:
    """The rows of a group's least and most share; a bound that forbids nothing has none."""
    limits = []
    if most < 1:
        limits.append(_share_row(f"{key}/max", name, group, most, least=False))
    if least > 0:
        limits.append(_share_row(f"{key}/min", name, group, least, least=True))
    return limits


def fraction_of(value: float) -> Fraction:
    """A typed decimal as the fraction it was meant to be: 0.35 is 7/20, not its binary neighbour, 0.33333333 is 1/3.

    Six decimals stay exact; more would make coefficients that no float counts exactly.
    """
    return Fraction(repr(value)).limit_denominator(10**6)


def _share_row(key: str, name: str, group: np.ndarray, bound: Fraction, *, least: bool) -> Limit:
    inside: Ints = np.where(group, bound.denominator - bound.numerator, -bound.numerator).astype(np.int64)
    zh, en = ("下限", "least") if least else ("上限", "most")
    return Limit(
        key=key,
        name=Text(f"「{name}」占比{zh} {float(bound):.0%}", f"{en} share of '{name}', {float(bound):.0%}"),
        rhs=0,
        spend=-inside if least else inside,
        unit=YUAN,
        per_unit=100 * bound.denominator,
    )


def roi_floor_limit(floor: float, n: int) -> Limit:
    """Sum gmv_i(x_i) >= rho sum x_i."""
    rho = fraction_of(floor)
    return Limit(
        key="roi_floor",
        name=Text(f"整体 ROI 不低于 {floor:g}", f"overall ROI of at least {floor:g}"),
        rhs=0,
        spend=np.full(n, rho.numerator * MICRO_PER_FEN, dtype=np.int64),
        gmv=np.full(n, -rho.denominator, dtype=np.int64),
        unit=Text("元 GMV", "yuan of GMV"),
        per_unit=MICRO * rho.denominator,
    )


def most_active_limit(most: int, n: int) -> Limit:
    """Sum 1(x_i > 0) <= K."""
    return Limit(
        key="max_active",
        name=Text(f"最多 {most} 个投放单元", f"at most {most} active cells"),
        rhs=most,
        active=np.ones(n, dtype=np.int64),
        unit=Text("个单元", "cells"),
    )
