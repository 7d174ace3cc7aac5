"""Differencing undoes accumulation: snapshots made from known increments give the increments back."""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from adspend_datasets.readers import read_reports

HEADER = "采集时间,主播,直播间ID,整体消耗(元),直播间整体曝光次数,整体成交订单数,整体成交金额(元),实时在线人数,GPM(元)"
Steps = list[tuple[int, int]]  # cost in fen and orders of each interval
START = datetime.datetime(2026, 11, 22, 20, 0)


def snapshots(increments: Steps, *, room: str, start: datetime.datetime, minutes: int) -> list[str]:
    """Rows of running totals; increment k falls into the interval that ends at start + k * minutes."""
    rows: list[str] = []
    cost = orders = 0
    for index, (fen, count) in enumerate(increments):
        cost, orders = cost + fen, orders + count
        at = start + datetime.timedelta(minutes=minutes * index)
        rows.append(f"{at:%Y-%m-%d %H:%M:%S},甲,{room},{cost / 100:.2f},{cost // 5},{orders},{orders * 300}.00,88,12.5")
    return rows


STEPS = st.lists(
    st.tuples(st.sampled_from([0]) | st.integers(1000, 10**6), st.integers(0, 40)), min_size=1, max_size=12
)


@given(STEPS, STEPS, st.sampled_from([5, 30]), st.booleans(), st.randoms())
@settings(max_examples=25, deadline=None)
def test_increments_come_back(first: Steps, second: Steps, minutes: int,
                              rooms: bool, rng: object) -> None:  # fmt: skip
    """Two sessions, the second a day later; with room ids, or told apart by the gap and the fall of every total."""
    second = [(0, 0), *second]  # a board that watches from the beginning sees the zeros
    tomorrow = START + datetime.timedelta(days=1)
    rows = snapshots(first, room="1" if rooms else "-", start=START, minutes=minutes)
    rows += snapshots(second, room="2" if rooms else "-", start=tomorrow, minutes=minutes)
    rng.shuffle(rows)  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "board.csv"
        path.write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
        report, story = read_reports([path], slots=["19:30-20:00", "20:00-27:00"])
    expected = {20: first, 21: second}
    halves = {22: (first[:1], first[1:]), 23: ([], second[1:])}
    assert story.sums.cost_fen == sum(fen for steps in expected.values() for fen, _ in steps)
    assert story.sums.orders == sum(count for steps in expected.values() for _, count in steps)
    for day, (before, after) in halves.items():
        chosen = report.rows[report.rows["date"].dt.day == day].set_index("slot")["cost_fen"]
        assert chosen.get("19:30-20:00", 0) == sum(fen for fen, _ in before)
        assert chosen.get("20:00-27:00", 0) == sum(fen for fen, _ in after)


def test_hand_computed_evening(tmp_path: Path) -> None:
    """Anchor: totals 100, 250, 250, 400 over midnight are 100, 150, 0, 150; a missing total is bridged."""
    rows = [
        "2026-11-22 23:00,甲,1,0.00,0,0,0.00,9,-",
        "2026-11-22 23:30,甲,1,100.00,5000,1,300.00,9,-",
        "2026-11-23 00:00,甲,1,250.00,9000,2,600.00,9,-",
        "2026-11-23 00:30,甲,1,-,9000,2,600.00,9,-",
        "2026-11-23 01:00,甲,1,400.00,15000,3,900.00,9,-",
    ]
    path = tmp_path / "board.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    report, _ = read_reports([path])
    assert report.rows["slot"].tolist() == ["23:00-23:30", "23:30-24:00", "00:00-00:30", "00:30-01:00"]
    assert report.rows["orders"].tolist() == [1, 1, 0, 1]
    assert report.rows["cost_fen"].isna().tolist() == [False, False, True, False]
    assert report.rows["cost_fen"].dropna().tolist() == [10_000, 15_000, 15_000]
    assert set(report.rows["basis"]) == {"overall"}


def test_a_period_file_is_not_differenced(tmp_path: Path) -> None:
    header = "日期,时段开始,时段结束,主播,整体消耗(元),整体成交订单数,整体成交金额(元)"
    rows = ["2026-11-22,20:00,20:30,甲,100.00,2,600.00", "2026-11-22,20:30,21:00,甲,90.00,1,300.00"]
    path = tmp_path / "board.csv"
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    report, _ = read_reports([path], slots=["20:00-22:00"])
    assert report.rows["cost_fen"].tolist() == [19_000]
