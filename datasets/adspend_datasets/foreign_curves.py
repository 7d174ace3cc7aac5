"""Reading the curves that another tool exported: one channel's points per day, in the tool's own outcome.

Notation: a row covers ``days`` days, spends x and yields y; new money starts at (x_0, y_0), usually (0, 0).

    cost = (x - x_0) / days          yuan per day
    outcome = (y - y_0) / days       GMV or orders per day

A curve must start at 0 and must not fall: expected curves of these tools do neither, so a table that does holds
something else (a baseline, several regions, draws instead of their mean), and the plan would be built on it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adspend_datasets.cell import Cell
from adspend_datasets.curve_profile import CurveProfile
from adspend_datasets.errors import BadDataError, Fault, Place
from adspend_datasets.raw_table import RawTable, capped
from adspend_datasets.slots import standard_slot
from adspend_datasets.text import Text

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
# Exports carry 32-bit floats, seven digits: what differs by less than this share of the curve's top is equal.
NOISE = 1e-6
SLOT_MARK = "|"
WHOLE_DAY = "ALL"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignPoint:
    """One point of a channel's curve, per day: ``cost`` in yuan, ``outcome`` in what the tool modelled."""

    row: int
    cell: Cell
    cost: float
    outcome: float


def foreign_points(table: RawTable, profile: CurveProfile, days: float) -> tuple[ForeignPoint, ...]:
    """The mean curves of an export, sorted by cell and rising cost, without the points at cost 0.

    Args:
        table: the file, its header in the first row.
        profile: the layout recognised.
        days: the days that one row's spend and outcome cover.

    Raises:
        BadDataError: a column missing or given twice, no number where one belongs, a curve that falls, does not start
            at 0 or has two outcomes at one cost; every fault of the file at once.
    """
    at = _columns(table, profile)
    faults: list[Fault] = []
    curves: dict[Cell, list[ForeignPoint]] = {}
    for r in range(1, table.cells.shape[0]):
        texts = {name: str(table.cells[r, column]) for name, column in at.items()}
        if any(name in at and texts[name].lower() != value for name, value in profile.keep.items()):
            continue
        found = [name for name in profile.columns if name not in _words(profile) and not _finite(texts[name])]
        faults += [_not_a_number(table.place(r, name), texts[name]) for name in found]
        if not found:
            point = _point(int(table.rows[r]), texts, profile, days)
            curves.setdefault(point.cell, []).append(point)
    kept = {cell: _above_the_start(points) for cell, points in curves.items()}
    for cell, points in kept.items():
        faults += _shape_faults(Place(table.file, column=profile.outcome, sheet=table.sheet), cell, points)
    if faults:
        raise BadDataError(capped(faults))
    return tuple(point for points in kept.values() for point in points if point.cost > 0)


def _columns(table: RawTable, profile: CurveProfile) -> dict[str, int]:
    header = [str(name).strip().lower() for name in table.cells[0]]
    place = Place(table.file, row=1, sheet=table.sheet)
    wanted = (*profile.columns, *profile.keep)
    if twice := [name for name in wanted if header.count(name) > 1]:
        law = Text(f"列 {'、'.join(twice)} 只能出现一次", f"the columns {', '.join(twice)} must occur once")
        remedy = Text("请删去多余的列", "Delete the column that is too many")
        raise BadDataError([Fault(code="E-CURVE-COLUMNS", law=law, place=place, remedy=remedy)])
    if profile.scaled_by and profile.scaled_by not in header:
        raise BadDataError([_no_scale(profile, place)])
    return {name: header.index(name) for name in wanted if name in header}


def _words(profile: CurveProfile) -> tuple[str, ...]:
    """Columns that hold words or that only mark the layout."""
    return (profile.channel, *profile.marks)


def _finite(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None and math.isfinite(float(text))


def _point(row: int, texts: dict[str, str], profile: CurveProfile, days: float) -> ForeignPoint:
    segment, mark, slot = (part.strip() for part in texts[profile.channel].partition(SLOT_MARK))
    scale = float(texts[profile.scaled_by]) if profile.scaled_by else 1.0
    from_cost, from_outcome = (
        (float(texts[profile.from_cost]), float(texts[profile.from_outcome])) if profile.from_cost else (0.0, 0.0)
    )
    return ForeignPoint(
        row=row,
        cell=Cell(segment, standard_slot(slot) if mark else WHOLE_DAY),
        cost=(float(texts[profile.cost]) * scale - from_cost) / days,
        outcome=(float(texts[profile.outcome]) - from_outcome) / days,
    )


def _above_the_start(points: Sequence[ForeignPoint]) -> list[ForeignPoint]:
    """The points from cost 0 on, by rising cost; before it lies money that is not spent tomorrow."""
    return sorted((point for point in points if point.cost >= 0), key=lambda point: (point.cost, point.outcome))


def _shape_faults(place: Place, cell: Cell, points: Sequence[ForeignPoint]) -> Iterator[Fault]:
    noise = NOISE * max((abs(point.outcome) for point in points), default=0.0)
    cost, outcome = 0.0, 0.0
    for point in points:
        here = Place(place.file, point.row, place.column, place.sheet)
        if point.cost == 0 and abs(point.outcome) > noise:
            yield _not_zero(here, cell, point.outcome)
        elif point.cost == cost > 0 and abs(point.outcome - outcome) > noise:
            yield _two_outcomes(here, cell, point)
        elif point.cost > 0 and point.outcome < outcome - noise:
            yield _falls(here, cell, outcome, point.outcome)
        cost, outcome = point.cost, point.outcome if point.cost else 0.0


def _no_scale(profile: CurveProfile, place: Place) -> Fault:
    return Fault(
        code="E-CURVE-SCALE",
        law=Text(
            f"必须有列 {profile.scaled_by}：列 {profile.cost} 是模型内部刻度，不是元",
            f"there must be a column {profile.scaled_by}: column {profile.cost} holds the model's units, not yuan",
        ),
        place=place,
        remedy=Text(
            f"请加列 {profile.scaled_by}（每个渠道一个单位等于多少元），例如取自 mmm.idata.constant_data.channel_scale",
            f"Add the column {profile.scaled_by} (yuan per unit of each channel), "
            "for example from mmm.idata.constant_data.channel_scale",
        ),
    )


def _not_a_number(place: Place, text: str) -> Fault:
    law = Text("必须是数字", "a number must stand here")
    return Fault(code="E-CURVE-NUMBER", law=law, value=text, place=place, remedy=Text("请改正该行", "Correct the row"))


def _not_zero(place: Place, cell: Cell, outcome: float) -> Fault:
    return Fault(
        code="E-CURVE-ORIGIN",
        law=Text(f"「{cell.label}」花费为 0 时产出必须为 0", f"'{cell.label}' must yield 0 at cost 0"),
        value=f"{outcome:g}",
        place=place,
        remedy=Text(
            "曲线含自然成交：请导出增量产出，或每行减去花费为 0 时的产出",
            "The curve holds a baseline: export the incremental outcome, or subtract the outcome at cost 0",
        ),
    )


def _two_outcomes(place: Place, cell: Cell, point: ForeignPoint) -> Fault:
    return Fault(
        code="E-CURVE-TWICE",
        law=Text(f"「{cell.label}」同一花费只能有一个产出", f"'{cell.label}' must have one outcome at one cost"),
        value=f"{point.cost:g} -> {point.outcome:g}",
        place=place,
        remedy=Text(
            "请只导出均值曲线（不要逐个样本），并按地区等其他维度汇总，或把它写进渠道名「人群|时段」",
            "Export the mean curve only (not its draws), and add up other dimensions such as regions, "
            "or name the channel 'segment|slot'",
        ),
    )


def _falls(place: Place, cell: Cell, before: float, after: float) -> Fault:
    return Fault(
        code="E-CURVE-FALLS",
        law=Text(f"「{cell.label}」的产出不得随花费下降", f"the outcome of '{cell.label}' must not fall as cost rises"),
        value=f"{before:g} -> {after:g}",
        place=place,
        remedy=Text(
            "请检查是否混入了别的曲线或区间行；确实下降时，请从下降处截断",
            "Check for rows of another curve or of an interval; if it truly falls, cut the curve there",
        ),
    )
