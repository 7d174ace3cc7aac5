"""Unit slips (分 read as 元, a factor of 100) found from the numbers themselves.

Notation: c_t cost of day t, n_t impressions (else clicks, else orders) of day t, m_t the median over the 28 days
before t. A day whose c_t / m_t lies outside [1/20, 20] is a slip, unless the cost of one impression is usual: then
there was simply more or less traffic. The same is asked of each cell's cost (the median cell of the day decides) and of
GMV per order. The bounds and the 28 days are the project's fault catalogue (B12); 20 lies between a festival's
day-to-day change and the slip of 100.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adspend_datasets.errors import Fault
from adspend_datasets.import_report import Notes
from adspend_datasets.lines import Lines
from adspend_datasets.measures import FRAME_COLUMNS
from adspend_datasets.profile import FieldName, Profile
from adspend_datasets.raw_table import Mask
from adspend_datasets.row_codes import row_codes
from adspend_datasets.text import Text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Days = NDArray[np.datetime64]

MOST_RATIO = 20.0
_WINDOW = 28  # days
_FEWEST_DAYS = 4  # other days needed for a median to compare with
_FEWEST_ROWS = 5  # rows with impressions needed for a median CPM

_REMEDY = Text(
    "请核对该列单位是元还是分，不是元就换算或在平台文件里改 unit",
    "check whether the column is in yuan or fen; convert it or set unit in a profile",
)


def cpm_notes(lines: Lines, profile: Profile) -> Notes:
    """Checks one file's median CPM against what its platform can cost."""
    frame = lines.frame
    cost, shown = (frame[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in ("cost_fen", "impressions"))
    seen = (shown > 0) & (cost > 0)
    if int(seen.sum()) < _FEWEST_ROWS:
        return Notes()
    cpm = float(np.median(cost[seen] / shown[seen])) * 10  # fen per impression -> yuan per thousand
    where = lines.place(int(np.flatnonzero(seen)[0]), "cost")
    if profile.cpm_range and not profile.cpm_range[0] <= cpm <= profile.cpm_range[1]:
        low, high = profile.cpm_range
        law = Text(
            f"千次展示费用的中位数应在 {low:g} 到 {high:g} 元之间，疑似单位错误",
            f"the median CPM should lie between {low:g} and {high:g}, a unit error is likely",
        )
        return Notes(faults=(Fault(code="E-UNIT-CPM", law=law, remedy=_REMEDY, value=f"{cpm:.2f}", place=where),))
    if profile.cpm_usual and not profile.cpm_usual[0] <= cpm <= profile.cpm_usual[1]:
        warning = Text(
            f"{where.file} 千次展示费用的中位数是 {cpm:.2f}，不常见，请核对消耗的单位",
            f"{where.file}: the median CPM is {cpm:.2f}, which is unusual; check the unit of cost",
        )
        return Notes(warnings=(warning,))
    return Notes()


def jump_faults(lines: Lines) -> tuple[Fault, ...]:
    """Days on which cost, or GMV per order, is off by more than a factor of 20 against the days before."""
    faults: list[Fault] = []
    bases = lines.frame["basis"].to_numpy()
    for basis in sorted(set(bases.tolist())):
        chosen = bases == basis
        frame = lines.frame if chosen.all() else lines.frame[chosen]
        days, code = np.unique(frame["date"].to_numpy(), return_inverse=True)
        if len(days) <= _FEWEST_DAYS:
            continue
        names = ("cost_fen", "impressions", "clicks", "orders", "gmv_fen")
        day = {name: _sums(frame[name], code, len(days)) for name in names}
        cost = _positive(day["cost_fen"])
        unit_costs = [cost / _positive(day[traffic]) for traffic in ("orders", "clicks", "impressions")]
        total, worth, *units = _known_ratios(cost, day["gmv_fen"] / _positive(day["orders"]), *unit_costs)
        faults += _jumps(lines, frame, days, _cost_ratio(frame, code, total, units), "cost")
        faults += _jumps(lines, frame, days, worth, "gmv")
    return tuple(faults)


def _sums(column: pd.Series[int], code: Ints, size: int) -> Floats:
    """The sum of each code's rows, (size,); NaN where none is known."""
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    known = ~np.isnan(values)
    sums = np.bincount(code[known], values[known], minlength=size)
    return np.where(np.bincount(code[known], minlength=size) > 0, sums, np.nan)


def _positive(values: Floats) -> Floats:
    return np.where(values > 0, values, np.nan)


def _cost_ratio(frame: pd.DataFrame, code: Ints, total: Floats, units: Iterable[Floats]) -> Floats:
    """Each day's cost against the days before: the total's ratio, or the median cell's; 1 where traffic explains it.

    The last of ``units``, the ratios of the cost of one order, click and impression, that is known decides.
    """
    cell = row_codes(frame, ["segment", "slot", "lever"])
    shape = (len(total), int(cell.max()) + 1)
    cells = _sums(frame["cost_fen"], code * shape[1] + cell, shape[0] * shape[1]).reshape(shape)
    ratio = np.where(_is_off(total), total, _median(_ratios(_positive(cells)).T))
    explained = np.zeros(len(total), dtype=bool)
    for unit in units:
        explained = np.where(np.isnan(unit), explained, ~_is_off(unit))
    return np.where(explained, 1.0, ratio)


def _known_ratios(*columns: Floats) -> Floats:
    """``_ratios`` of each column over its known days alone, (columns, days): they move up, the unknown ones behind."""
    values = np.column_stack(columns)
    order = np.argsort(np.isnan(values), axis=0, kind="stable")
    ratios = np.empty(values.shape)
    np.put_along_axis(ratios, order, _ratios(np.take_along_axis(values, order, axis=0)), axis=0)
    return ratios.T


def _ratios(values: Floats) -> Floats:
    """Each value over the median of the 28 days before it, the first days over the median of the first 28 days.

    A median that followed both sides would let a file whose second half is in another unit through. Shape (days, m).
    """
    known = ~np.isnan(values)
    start = np.where(known[:_WINDOW].sum(axis=0) > _FEWEST_DAYS, _median(values[:_WINDOW]), np.nan)
    reference = np.tile(start, (len(values), 1))
    for t in range(_FEWEST_DAYS, len(values)):
        before = slice(max(t - _WINDOW, 0), t)
        reference[t] = np.where(known[before].sum(axis=0) >= _FEWEST_DAYS, _median(values[before]), start)
    with np.errstate(divide="ignore", invalid="ignore"):  # orders without GMV
        return np.asarray(values / reference, dtype=np.float64)


def _median(values: Floats) -> Floats:
    """The median of each column's known values; NaN where there are none."""
    ordered, column = np.sort(values, axis=0), np.arange(values.shape[1])  # NaN comes last
    count = (~np.isnan(values)).sum(axis=0)
    middle: Floats = (ordered[np.maximum(count - 1, 0) // 2, column] + ordered[count // 2, column]) / 2
    return middle


def _is_off(ratio: Floats) -> Mask:
    return (ratio > MOST_RATIO) | (ratio < 1 / MOST_RATIO)


def _jumps(lines: Lines, frame: pd.DataFrame, days: Days, ratios: Floats, field: FieldName) -> Iterable[Fault]:
    """A fault for each day that is off, at its largest value where it is too high, else at its smallest."""
    name = FRAME_COLUMNS[field]
    off = _is_off(ratios)
    for date, ratio in zip(pd.DatetimeIndex(days[off]), ratios[off].tolist(), strict=True):
        day = frame[frame["date"] == date]
        order = np.argsort(-day[name].astype(float).fillna(0).to_numpy(), kind="stable")
        index = int(day.index.to_numpy()[order[0 if ratio > 1 else -1]])
        factor = ratio if ratio > 1 else 1 / ratio
        zh, en = ("高", "above") if ratio > 1 else ("低", "below")
        law = Text(
            f"{date:%Y-%m-%d} 的数值不应比此前 28 天的中位数{zh} {MOST_RATIO:g} 倍以上，"
            f"疑似单位错误（约 {factor:.0f} 倍）",
            f"{date:%Y-%m-%d} should not be {MOST_RATIO:g} times {en} the median of the 28 days before it, "
            f"a unit error is likely (about {factor:.0f} times)",
        )
        yield Fault(code="E-UNIT-JUMP", law=law, remedy=_REMEDY, place=lines.place(index, field))
