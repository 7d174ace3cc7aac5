"""The live board (直播大屏): half-hour snapshots of one evening, across midnight.

Most columns are cumulative from the start of the evening and must be differenced to get slots; people online, the
ROI and GPM are states or ratios and must not be. The business day is the day the evening began.

A cell's cost and audience are spread over its slot by keyed luck, and every order falls into a keyed half-hour, so the
differences add up to the world's rows of those slots exactly.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np

from adspend_datasets.cell import Cell
from adspend_models.market.exports.sheet import Sheet, Value, ratio, yuan
from adspend_models.market.luck import Ints, uniforms
from adspend_models.market.world import Day

HEADER = (
    "采集时间",
    "主播",
    "整体消耗(元)",
    "整体支付ROI",
    "整体成交金额(元)",
    "整体成交订单数",
    "直播间整体曝光次数",
    "直播间整体观看人数",
    "实时在线人数",
    "GPM(元)",
)
MINUTES = 30
MINUTES_WATCHED = 4  # how long a viewer stays on average; turns viewers per half-hour into people online
ANCHOR = "示例主播A"


def qianchuan_board(day: Day, *, slots: Sequence[str], seed: int) -> Sheet:
    """The evening made of ``slots``, which follow each other without a gap or not."""
    spans = {slot: half_hours(slot) for slot in slots}
    first, last = min(span.start for span in spans.values()), max(span.stop for span in spans.values())
    gained = np.zeros((last - first, 5), dtype=np.int64)  # cost, GMV, orders, impressions, viewers
    for i, cell in enumerate(day.cells):
        if cell.slot in spans:
            span = spans[cell.slot]
            gained[span.start - first : span.stop - first] += _spread(day, i, cell, len(span), seed)
    total = np.vstack([np.zeros(5, dtype=np.int64), gained.cumsum(axis=0)])
    viewers = np.concatenate([[0], gained[:, 4]])
    return Sheet(HEADER, tuple(_line(day.date, first + k, total[k], int(viewers[k])) for k in range(len(total))))


def half_hours(slot: str) -> range:
    """The half-hours of a slot, counted from midnight of the business day.

    >>> half_hours("22:00-26:00")
    range(44, 52)
    """
    hours = [moment.split(":") for moment in slot.split("-")]
    start, stop = (int(hour) * 2 + int(minute) // MINUTES for hour, minute in hours)
    return range(start, stop)


def _spread(day: Day, i: int, cell: Cell, parts: int, seed: int) -> Ints:
    """What each half-hour of the cell's slot gained; shape (parts, 5)."""
    weight = 0.5 + uniforms(parts, seed=seed, effect="board", cell=cell, date=day.date)
    until = np.concatenate([[0.0], weight.cumsum() / weight.sum()])
    until[-1] = 1.0  # the last half-hour takes the rest, whatever the rounding
    values = day.order_fen[i]
    luck = uniforms(values.size, seed=seed, effect="board order", cell=cell, date=day.date)
    part = np.searchsorted(until, luck, side="right") - 1
    spread = np.zeros((parts, 5), dtype=np.int64)
    spread[:, 0] = np.diff(np.floor(until * day.cost_fen[i]))
    np.add.at(spread[:, 1], part, values)
    spread[:, 2] = np.bincount(part, minlength=parts)
    spread[:, 3] = np.diff(np.floor(until * day.impressions[i]))
    spread[:, 4] = np.diff(np.floor(until * day.clicks[i]))
    return spread


def _line(date: datetime.date, half_hour: int, total: Ints, viewers: int) -> tuple[Value, ...]:
    taken = datetime.datetime.combine(date, datetime.time()) + datetime.timedelta(minutes=MINUTES * half_hour)
    cost, gmv, orders, shown, watched = (int(number) for number in total)
    online = viewers * MINUTES_WATCHED // MINUTES
    gpm = ratio(gmv, watched * 100, times=1000)
    return (str(taken), ANCHOR, yuan(cost), ratio(gmv, cost), yuan(gmv), orders, shown, watched, online, gpm)
