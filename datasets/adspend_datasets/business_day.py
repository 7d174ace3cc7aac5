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
from adspend_datasets.row_codes import row_codes
from adspend_datasets.slots import SlotGrid, parse_slot, slot_grid, slot_label
from adspend_datasets.text import Text

_HALF_HOUR = 30  # the platform's schedule grid
_WHOLE_DAY = -1  # the minute of a line without a time of day


class _Home(NamedTuple):
    """Where lines of one kind belong: slot, day shift, and what is odd about it."""

    slot: str
    shift: int = 0
    oddity: str = ""  # "astride" a border, "crossing" a border as a snapshot, "foreign": not a slot of the shop


def assign_slots(lines: Lines, slots: Sequence[str]) -> tuple[Lines, Notes]:
    """Fills ``slot`` and turns ``date`` into the business day.

    Args:
        lines: mapped lines.
        slots: the shop's slot labels; with none, timed lines keep slots of their own length.

    Returns:
        The lines, and E-SLOT-GRAIN for rows astride a border. Rows outside of every slot keep a label of their own,
        with a warning: no money disappears.

    Raises:
        BadDataError: E-SLOT-OVERLAP where the shop's slots overlap.
    """
    frame = lines.frame
    kinds = {
        "slot": frame["slot"].to_numpy(),
        "minute": frame["minute"].to_numpy(dtype=np.int64, na_value=_WHOLE_DAY),
        "length": frame["length"].to_numpy(dtype=np.int64, na_value=1),
        "snapshot": frame["snapshot"].to_numpy(),
    }
    codes = row_codes(pd.DataFrame(kinds), list(kinds))
    _, firsts = np.unique(codes, return_index=True)
    distinct = list(zip(*(column[firsts].tolist() for column in kinds.values()), strict=True))
    needs_grid = any(minute != _WHOLE_DAY or parse_slot(slot) for slot, minute, _, _ in distinct)
    grid = slot_grid(slots if needs_grid else ())
    known = frozenset(slots)
    homes = [_home(grid, known, *kind) for kind in distinct]
    if all(home == _Home(kind[0]) for home, kind in zip(homes, distinct, strict=True)):
        return lines, Notes()
    oddity = np.array([home.oddity for home in homes], dtype=np.str_)[codes]
    moved = frame.assign(
        slot=np.array([home.slot for home in homes], dtype=object)[codes],
        date=frame["date"] + np.array([home.shift for home in homes], dtype="timedelta64[D]")[codes],
    )
    return lines.with_frame(moved), _told(lines, oddity, moved["slot"]) + _moved_notes(lines, moved)


def _home(grid: SlotGrid, known: frozenset[str], slot: str, at: int, covered: int, snapshot: bool) -> _Home:
    """The home of all lines with one label, minute and length."""
    if slot:
        return _labelled(grid, known, slot, at)
    if at == _WHOLE_DAY:
        return _Home(ALL)
    found = grid.find(at, covered)
    if found:
        return _Home(*found)
    touched = grid.find(at) or (None if snapshot else grid.find(at + covered - 1))
    if touched:
        return _Home(*touched, "crossing") if snapshot else _Home("", 0, "astride")
    start, length = (at // _HALF_HOUR * _HALF_HOUR, _HALF_HOUR) if snapshot else (at, covered)
    return _Home(slot_label((start, start + length)), 0, "foreign" if known else "")


def _labelled(grid: SlotGrid, known: frozenset[str], slot: str, minute: int) -> _Home:
    """A line that says its slot: a part of a shop's slot goes into it, another label stays as it is."""
    span = parse_slot(slot)
    if slot in known or span is None or not grid.spans:
        shift = 0 if span is None or minute == _WHOLE_DAY else _nearest_day(span, minute)
        return _Home(slot, shift, "" if slot in known or not known or slot == ALL else "foreign")
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


def _told(lines: Lines, oddity: np.ndarray, slots: pd.Series[str]) -> Notes:
    """Faults for lines that fit no slot, once per time of day; a word about the odd ones that were kept."""
    if (oddity == "").all():
        return Notes()
    law = Text("一行数据必须完整落在一个时段内", "a row must lie wholly within one slot")
    remedy = Text("请在店铺文件的 [cells] slots 里改好时段", "correct the slots under [cells] in the shop file")
    faults: list[Fault] = []
    for index in _first_of_each_time(lines, oddity == "astride"):
        slot = str(lines.frame["slot"].to_numpy()[index])
        value = slot or slot_label((lines.number(index, "minute"),) * 2)[:5]
        place = lines.place(index, "slot" if slot else "time", "date", "captured_at")
        faults.append(Fault(code="E-SLOT-GRAIN", law=law, remedy=remedy, value=value, place=place))
    foreign = sorted(set(slots[oddity == "foreign"]))
    warning = Text(
        f"这些时段不在店铺文件里，原样保留：{'、'.join(foreign[:10])}",
        f"slots that the shop does not have are kept as they are: {', '.join(foreign[:10])}",
    )
    crossing = step(
        "跨时段边界的采集区间，计入开始的时段",
        "snapshot intervals across a slot border, counted where they begin",
        int((oddity == "crossing").sum()),
    )
    return Notes(faults=tuple(faults), warnings=(warning,) if foreign else ()) + crossing


def _first_of_each_time(lines: Lines, mask: Mask) -> list[int]:
    rows = lines.frame.loc[mask, ["origin", "slot", "minute"]].drop_duplicates()
    return [int(index) for index in rows.index]


def _moved_notes(lines: Lines, moved: pd.DataFrame) -> Notes:
    """Counts the rows moved; warns of the first and last business day, of which an export has only one half."""
    calendar, business = lines.frame["date"], moved["date"]
    shifted = business != calendar
    if not shifted.any():
        return Notes()
    over_midnight = moved["slot"].isin(moved["slot"][shifted])
    head, tail = business < calendar.min(), over_midnight & ~shifted & (business == calendar.max())
    days = sorted({f"{day:%Y-%m-%d}" for day in business[head | tail]})
    warning = Text(
        f"跨零点时段在首尾两天只有一半数据：{'、'.join(days)}",
        f"slots over midnight have only half their data at the ends of the file: {', '.join(days)}",
    )
    count = step("零点后的行归入前一个直播日", "rows moved to the business day of their slot", int(shifted.sum()))
    return Notes(warnings=(warning,) if days else ()) + count
