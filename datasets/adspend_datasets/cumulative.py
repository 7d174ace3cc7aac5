"""Live-board files are running totals: each snapshot minus the one before it is what happened in between.

The totals start at zero with every live session. With a room id (直播间ID) a session is a room. Without one a session
ends at a gap after which every total is smaller. Snapshots come every 1, 5 or 30 minutes, so a gap above an hour has
lost at least one; totals that then go on growing could be either, and are refused.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adspend_datasets.dates import DAY
from adspend_datasets.errors import Fault
from adspend_datasets.import_report import Notes, step
from adspend_datasets.lines import Lines
from adspend_datasets.profile import FieldName
from adspend_datasets.raw_table import capped
from adspend_datasets.report import MEASURE_COLUMNS
from adspend_datasets.text import Text

_SESSION_KEY = ["shop", "room_id", "plan_id", "plan_name", "segment", "lever", "product", "basis", "detail"]
_LONGEST_GAP = 60  # minutes: twice the coarsest snapshot grid of the live board (1, 5 or 30 minutes)
_FIELDS: tuple[FieldName, ...] = ("cost", "impressions", "clicks", "orders", "gmv", "refund_gmv")

Values = NDArray[np.float64]


class _Session(NamedTuple):
    """Increments of one key's snapshots: values (k, 6), start minutes (k,), and (row, column) of impossible ones."""

    increments: Values
    starts: NDArray[np.int64]
    falling: list[tuple[int, int]]
    unclear: list[int]


def difference(lines: Lines) -> tuple[Lines, Notes]:
    """Turns the running totals of a snapshot file into increments.

    An increment is dated by the beginning of its interval, the first of a session by the minute before its snapshot.
    Rates and head-counts of the moment are no measures of the report and are never differenced.

    Returns:
        The lines with increments; E-CUM-DOWN where a total falls, E-CUM-GAP where a gap leaves two readings.
    """
    frame = lines.frame
    times = _days(frame) * DAY + frame["minute"].fillna(0).to_numpy(np.int64)
    totals = frame[list(MEASURE_COLUMNS)].to_numpy(dtype=float, na_value=np.nan)
    increments, starts = np.empty_like(totals), times.copy()
    faults: list[Fault] = []
    for _, group in frame.groupby(_SESSION_KEY, sort=False):
        at = group.index.to_numpy()[np.argsort(times[group.index], kind="stable")]
        session = _increments(times[at], totals[at], room=bool(group["room_id"].iat[0]))
        increments[at], starts[at] = session.increments, session.starts
        faults += [_falling(lines, int(at[row]), column) for row, column in session.falling]
        faults += [_unclear(lines, int(at[row])) for row in session.unclear]
    changed = {name: pd.array(increments[:, k], dtype="Int64") for k, name in enumerate(MEASURE_COLUMNS)}
    moved = frame.assign(
        **changed,
        date=(starts // DAY).astype("datetime64[D]").astype("datetime64[us]"),
        minute=pd.array(starts % DAY, dtype="Int64"),
        length=pd.array(np.maximum(times - starts, 1), dtype="Int64"),
        snapshot=True,
    )
    idle = (totals == 0).any(axis=1) & ((totals == 0) | np.isnan(totals)).all(axis=1)  # before the first spend
    done = step("实时大屏累计值改为区间增量", "running totals of the live board differenced", len(frame))
    return lines.with_frame(moved[~idle]), Notes(faults=capped(faults)) + done


def _days(frame: pd.DataFrame) -> NDArray[np.int64]:
    return frame["date"].to_numpy().astype("datetime64[D]").astype(np.int64)


def _increments(times: NDArray[np.int64], totals: Values, room: bool) -> _Session:
    """Differences one key's snapshots in time order; a missing total stays missing and is bridged by the next."""
    increments, starts = np.empty_like(totals), times.copy()
    falling: list[tuple[int, int]] = []
    unclear: list[int] = []
    last = np.zeros(totals.shape[1])
    for row, total in enumerate(totals):
        known = ~np.isnan(total)
        falls = known & (total < last)
        fresh = row == 0
        if not room and not fresh and times[row] - times[row - 1] > _LONGEST_GAP:
            fresh = not last.any() or bool(falls.any() and not (known & (total > last)).any())
            if fresh:
                last, falls = np.zeros_like(last), np.zeros_like(falls)
            else:
                unclear.append(row)
        starts[row] = times[row] - 1 if fresh else times[row - 1]
        falling += [(row, int(column)) for column in np.flatnonzero(falls)]
        increments[row] = total - last
        last = np.where(known, total, last)
    return _Session(increments, starts, falling, unclear)


def _falling(lines: Lines, index: int, column: int) -> Fault:
    law = Text("累计值不能变小", "a running total must not fall")
    remedy = Text(
        "是否混入了另一场直播？请补上「直播间ID」列或删去该行",
        "another session mixed in? Add the room id or drop the row",
    )
    value = str(lines.frame[MEASURE_COLUMNS[column]].iat[index])
    return Fault(code="E-CUM-DOWN", law=law, remedy=remedy, value=value, place=lines.place(index, _FIELDS[column]))


def _unclear(lines: Lines, index: int) -> Fault:
    law = Text(
        "间隔超过一小时后，累计值看不出是同一场还是新一场",
        "after a gap of over an hour it is unclear if this is a new session",
    )
    remedy = Text("请补上「直播间ID」列", "add the room id column")
    return Fault(code="E-CUM-GAP", law=law, remedy=remedy, place=lines.place(index, "captured_at"))
