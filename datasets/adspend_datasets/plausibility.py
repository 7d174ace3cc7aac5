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

from adspend_datasets.errors import Fault
from adspend_datasets.import_report import Notes
from adspend_datasets.lines import Lines
from adspend_datasets.measures import FRAME_COLUMNS
from adspend_datasets.profile import FieldName, Profile
from adspend_datasets.text import Text

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
    seen = (frame["impressions"] > 0).fillna(False) & (frame["cost_fen"] > 0).fillna(False)
    if int(seen.sum()) < _FEWEST_ROWS:
        return Notes()
    cost, shown = frame.loc[seen, "cost_fen"].astype(float), frame.loc[seen, "impressions"].astype(float)
    cpm = float((cost / shown).median()) * 10  # fen per impression -> yuan per thousand
    where = lines.place(int(np.flatnonzero(seen.to_numpy())[0]), "cost")
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
    for _, frame in lines.frame.groupby("basis", sort=True):
        if frame["date"].nunique() <= _FEWEST_DAYS:
            continue
        day = frame.groupby("date")[["cost_fen", "impressions", "clicks", "orders", "gmv_fen"]].sum(min_count=1)
        day = day.astype("Float64").astype(float)
        worth = _ratio(day["gmv_fen"] / day["orders"].where(day["orders"] > 0))
        cost = _cost_ratio(frame, day)
        faults += _jumps(lines, frame, cost[_is_off(cost)], "cost")
        faults += _jumps(lines, frame, worth[_is_off(worth)], "gmv")
    return tuple(faults)


def _cost_ratio(frame: pd.DataFrame, day: pd.DataFrame) -> pd.Series[float]:
    """Each day's cost against the days before: the total's ratio, or the median cell's; 1 where traffic explains it."""
    total = _ratio(day["cost_fen"].where(day["cost_fen"] > 0))
    costs = frame.assign(cost=frame["cost_fen"].astype(float))
    cells = costs.pivot_table(index="date", columns=["segment", "slot", "lever"], values="cost", aggfunc="sum")
    cells = cells.reindex(day.index)
    cell = _ratios(cells.where(cells > 0)).median(axis=1)
    ratio = total.where(_is_off(total), cell)
    explained = pd.Series(False, index=day.index)
    for traffic in ("orders", "clicks", "impressions"):  # the last one that is known decides
        unit = _ratio((day["cost_fen"] / day[traffic].where(day[traffic] > 0)).where(day["cost_fen"] > 0))
        explained = explained.where(unit.isna(), ~_is_off(unit))
    return ratio.where(~explained, 1.0)


def _ratio(values: pd.Series[float]) -> pd.Series[float]:
    known = values.dropna()
    return _ratios(known.to_frame()).iloc[:, 0].reindex(values.index)


def _ratios(values: pd.DataFrame) -> pd.DataFrame:
    """Each value over the median of the 28 days before it, the first days over the median of the first 28 days.

    A median that followed both sides would let a file whose second half is in another unit through.
    """
    before = values.rolling(_WINDOW, min_periods=_FEWEST_DAYS).median().shift(1).to_numpy()
    first = values.head(_WINDOW)
    start = first.median().where(first.count() > _FEWEST_DAYS).to_numpy()
    reference = pd.DataFrame(np.where(np.isnan(before), start, before), index=values.index, columns=values.columns)
    return values / reference


def _is_off(ratio: pd.Series[float]) -> pd.Series[bool]:
    return (ratio > MOST_RATIO) | (ratio < 1 / MOST_RATIO)


def _jumps(lines: Lines, frame: pd.DataFrame, off: pd.Series[float], field: FieldName) -> Iterable[Fault]:
    """A fault for each day that is off, at its largest value where it is too high, else at its smallest."""
    name = FRAME_COLUMNS[field]
    for date, ratio in off.items():
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
