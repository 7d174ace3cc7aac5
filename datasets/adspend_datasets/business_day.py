"""Every line gets its slot and its business day: a livestream belongs to the day on which its slot begins.

With the shop's slot 22:00-26:00, a row of 11-23 at 00:30 is business of 11-22. Lines are moved, never split, so sums
keep to the fen; a line that lies across the border of a slot cannot be split and is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from adspend_datasets.cell import ALL
from adspend_datasets.dates import DAY
from adspend_datasets.errors import Fault
from adspend_datasets.import_report import Notes, step
from adspend_datasets.lines import Lines
from adspend_datasets.raw_table import Mask
from adspend_datasets.slots import SlotGrid, parse_slot, slot_grid, slot_label
from adspend_datasets.text import Text

_HALF_HOUR = 30  # the platform's schedule grid
_WHOLE_DAY = -1  # the minute of a line without a time of day


class _Home(NamedTuple):
    """Where lines of one kind belong: slot, day shift, and what is odd about it."""

    slot: str
    shift: int = 0
    oddity: str = ""  # "outside" every slot, "astride" a border, "crossing" a border as a snapshot, "foreign" label


def assign_slots(lines: Lines, slots: Sequence[str]) -> tuple[Lines, Notes]:
    """Fills ``slot`` and turns ``date`` into the business day.

    Args:
        lines: mapped lines.
        slots: the shop's slot labels; with none, timed lines keep slots of their own length.

    Returns:
        The lines; E-SLOT-GRAIN for rows astride a border, E-SLOT-OUTSIDE for spend outside of every slot.

    Raises:
        BadDataError: E-SLOT-OVERLAP where the shop's slots overlap.
    """
    frame = lines.frame
    kinds = pd.DataFrame(
        {
            "slot": frame["slot"],
            "minute": frame["minute"].fillna(_WHOLE_DAY).astype("int64"),
            "length": frame["length"].fillna(1).astype("int64"),
            "snapshot": frame["snapshot"],
        }
    )
    codes = kinds.groupby(list(kinds.columns), sort=False).ngroup().to_numpy()
    _, firsts = np.unique(codes, return_index=True)
    needs_grid = bool(frame["minute"].notna().any()) or any(parse_slot(slot) for slot in frame["slot"].unique())
    grid = slot_grid(slots if needs_grid else ())
    known = frozenset(slots)
    homes = [_home(grid, known, *kind) for kind in kinds.iloc[firsts].itertuples(index=False, name=None)]
    chosen = [homes[code] for code in codes]
    oddity = np.array([home.oddity for home in chosen], dtype=object)
    moved = frame.assign(
        slot=[home.slot for home in chosen],
        date=frame["date"] + pd.to_timedelta([home.shift for home in chosen], unit="D"),
    )
    outside = oddity == "outside"
    idle = outside & (frame["cost_fen"].fillna(0) == 0).to_numpy()
    notes = _told(lines, oddity, outside & ~idle) + _idle_notes(lines, idle) + _moved_notes(chosen)
    return lines.with_frame(moved.loc[~idle]), notes


def _home(grid: SlotGrid, known: frozenset[str], slot: str, at: int, covered: int, snapshot: bool) -> _Home:
    """The home of all lines with one label, minute and length."""
    if slot:
        return _labelled(grid, known, slot, at)
    if at == _WHOLE_DAY:
        return _Home(ALL)
    if not grid.spans:
        start = at // _HALF_HOUR * _HALF_HOUR if snapshot else at
        return _Home(slot_label((start, start + (_HALF_HOUR if snapshot else covered))))
    found = grid.find(at, covered)
    if found:
        return _Home(*found)
    found = grid.find(at)
    if found and snapshot:
        return _Home(*found, "crossing")
    if found or (not snapshot and grid.find(at + covered - 1)):
        return _Home(slot, 0, "astride")
    return _Home(slot, 0, "outside")


def _labelled(grid: SlotGrid, known: frozenset[str], slot: str, minute: int) -> _Home:
    """A line that says its slot: a part of a shop's slot goes into it, another label stays as it is."""
    span = parse_slot(slot)
    if slot in known or span is None or not grid.spans:
        shift = 0 if span is None or minute == _WHOLE_DAY else _nearest_day(span, minute)
        return _Home(slot, shift, "" if slot in known or not known else "foreign")
    found = grid.find(span[0], span[1] - span[0])
    if found:
        return _Home(*found)
    astride = grid.find(span[0]) or grid.find(span[1] - 1)
    return _Home(slot, 0, "astride" if astride else "foreign")


def _nearest_day(span: tuple[int, int], minute: int) -> int:
    """The day shift under which ``minute`` lies in, or nearest to, the span: sales trickle in after a slot ends."""
    start, end = span
    distance = {shift: max(start - (minute - shift * DAY), minute - shift * DAY - end + 1, 0) for shift in (0, -1)}
    return min(distance, key=lambda shift: distance[shift])


def _told(lines: Lines, oddity: np.ndarray, spent_outside: Mask) -> Notes:
    """Faults for lines that fit no slot, once per time of day; a word about the odd ones that were kept."""
    remedy = Text(
        "请在店铺文件的 [cells] slots 里加上或改好时段", "add or correct slots under [cells] in the shop file"
    )
    astride = Text("一行数据必须完整落在一个时段内", "a row must lie wholly within one slot")
    outside = Text("有消耗的时间必须属于某个时段", "time with spend must belong to a slot")
    faults: list[Fault] = []
    for mask, code, law in ((oddity == "astride", "E-SLOT-GRAIN", astride), (spent_outside, "E-SLOT-OUTSIDE", outside)):
        for index in _first_of_each_time(lines, mask):
            slot = str(lines.frame["slot"].to_numpy()[index])
            value = slot or slot_label((lines.number(index, "minute"),) * 2)[:5]
            place = lines.place(index, "slot" if slot else "time", "date", "captured_at")
            faults.append(Fault(code=code, law=law, remedy=remedy, value=value, place=place))
    foreign = sorted(set(lines.frame["slot"][oddity == "foreign"]))
    warning = Text(
        f"这些时段不在店铺文件里，原样保留：{'、'.join(foreign[:10])}",
        f"slots that the shop does not have are kept as they are: {', '.join(foreign[:10])}",
    )
    crossing = int((oddity == "crossing").sum())
    said = step(
        "跨时段边界的采集区间，计入开始的时段",
        "snapshot intervals across a slot border, counted where they begin",
        crossing,
    )
    return Notes(faults=tuple(faults), warnings=(warning,) if foreign else ()) + said


def _first_of_each_time(lines: Lines, mask: Mask) -> list[int]:
    rows = lines.frame.loc[mask, ["origin", "slot", "minute"]].drop_duplicates()
    return [int(index) for index in rows.index]


def _idle_notes(lines: Lines, idle: Mask) -> Notes:
    """Lines without cost outside of every slot are left out, and what they sold is said."""
    orders = int(lines.frame["orders"][idle].fillna(0).sum())
    gmv = int(lines.frame["gmv_fen"][idle].fillna(0).sum())
    warning = Text(
        f"时段之外没有消耗的行不计入，其中有 {orders} 单、{gmv / 100:,.2f} 元成交",
        f"rows outside all slots without spend are left out; they hold {orders} orders and {gmv / 100:,.2f} of GMV",
    )
    notes = Notes(warnings=(warning,)) if orders or gmv else Notes()
    return notes + step("去掉时段之外没有消耗的行", "rows without spend outside all slots dropped", int(idle.sum()))


def _moved_notes(chosen: Sequence[_Home]) -> Notes:
    moved = sum(home.shift != 0 for home in chosen)
    return step("零点后的行归入前一个直播日", "rows after midnight moved to the business day of their slot", moved)
