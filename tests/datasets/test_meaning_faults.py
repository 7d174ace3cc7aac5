"""Reports that are formally right but mean something else: doubled, of another shop, in another unit: refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from oracles.bad_reports import (
    HEADER,
    PLAN_ROWS,
    PLANS,
    ROWS,
    RULES,
    BadReport,
    assert_refused,
    bad,
    csv_file,
    history,
    text_of,
    two_files,
)

GOOD = text_of(HEADER, ROWS)
MAPPED = {"rules": RULES}


SNAPSHOTS = "采集时间,主播,整体消耗(元),整体成交金额(元),整体成交订单数"

MEANING = [
    bad(
        "A19 same key, other numbers",
        "E-DUP-CONFLICT",
        "6:cost",
        "report.csv 第 3 行",
        "report.csv, row 3",
        csv_file(GOOD + ROWS[1].replace("500.00", "501.00")),
    ),
    bad(
        "A19 two exports disagree",
        "E-DUP-CONFLICT",
        "2:orders",
        "a.csv 第 3 行",
        "a.csv, row 3",
        two_files(GOOD, text_of(HEADER, [ROWS[1].replace(",8,", ",9,")])),
    ),
    bad(
        "A19 same key, one of them without orders",
        "E-DUP-CONFLICT",
        "6:orders",
        "report.csv 第 3 行",
        "report.csv, row 3",
        csv_file(GOOD + ROWS[1].replace(",8,", ",,")),
    ),
    bad(
        "day and hour together",
        "E-DUP-GRAIN",
        "2:日期",
        "全天又有分时",
        "whole and by the hour",
        csv_file(text_of(PLANS, [PLAN_ROWS[0], PLAN_ROWS[0].replace("2026-11-20", "2026-11-20 20:00")])),
        **MAPPED,
    ),
    bad(
        "A25 other shop",
        "E-SHOP",
        "4:shop",
        "「甲店」",
        "'甲店'",
        csv_file(text_of(HEADER + ",shop", [*(r + ",甲店" for r in ROWS[:2]), *(r + ",乙店" for r in ROWS[2:])])),
        shop="甲店",
    ),
    bad(
        "A25 two shops, none asked for",
        "E-SHOP",
        "4:shop",
        "「甲店」",
        "'甲店'",
        csv_file(text_of(HEADER + ",shop", [*(r + ",甲店" for r in ROWS[:2]), *(r + ",乙店" for r in ROWS[2:])])),
    ),
    bad(
        "plans without a rule",
        "E-MAP-UNMATCHED",
        ":计划名称",
        "plan_name = '^新品_达人_晚$'",
        "[[mapping]]",
        csv_file(text_of(PLANS, [*PLAN_ROWS, "2026-11-21,1,新品_达人_晚,1.00,30,2,0,0"])),
        **MAPPED,
    ),
    bad(
        "B12 分 read as 元 by CPM",
        "E-UNIT-CPM",
        "2:消耗(元)",
        "疑似单位错误",
        "unit error",
        csv_file(text_of(PLANS, [f"2026-11-{d:02d},1,直播_新客_晚,30000.00,6000,200,4,1200.00" for d in range(1, 7)])),
        **MAPPED,
    ),
    bad(
        "B12 元 read as 分 by CPM",
        "E-UNIT-CPM",
        "2:消耗(元)",
        "1 到 1000 元",
        "between 1 and 1000",
        csv_file(text_of(PLANS, [f"2026-11-{d:02d},1,直播_新客_晚,3.00,6000,200,4,1200.00" for d in range(1, 7)])),
        **MAPPED,
    ),
    bad(
        "B12 one day in 分",
        "E-UNIT-JUMP",
        "10:cost",
        "约 100 倍",
        "about 100 times",
        csv_file(history(lambda d: "30000.00" if d == 9 else "300.00")),
    ),
    bad(
        "B12 second half in 分",
        "E-UNIT-JUMP",
        "8:cost",
        "2026-11-07",
        "2026-11-07",
        csv_file(history(lambda d: "30000.00" if d > 6 else "300.00", traffic=False)),
    ),
    bad(
        "B12 GMV in 分",
        "E-UNIT-JUMP",
        "13:gmv",
        "约 100 倍",
        "28 days before",
        csv_file(history(lambda _: "300.00", lambda d: "120000" if d == 12 else "1200.00")),
    ),
    bad(
        "hour over a slot's border",
        "E-SLOT-GRAIN",
        "2:小时",
        "完整落在一个时段",
        "wholly within one slot",
        csv_file(text_of(PLANS + ",小时", [PLAN_ROWS[0] + ",20:00"])),
        rules=RULES,
        slots=["20:30-22:30"],
    ),
    bad(
        "a label over a slot's border",
        "E-SLOT-GRAIN",
        "2:slot",
        "[cells] slots",
        "'20:00-22:00'",
        csv_file(GOOD),
        slots=["18:00-21:00", "21:00-24:00"],
    ),
    bad(
        "a period in a Meta export",
        "E-DATE-RANGE",
        "2:Reporting ends",
        "分天",
        "one day, not a period",
        csv_file("Reporting starts,Reporting ends,Ad set,Amount spent,Purchases\n2026-11-01,2026-11-30,a,5,1\n"),
    ),
    bad(
        "a snapshot without a time",
        "E-DATE",
        "2:采集时间",
        "必须带时刻",
        "time of day",
        csv_file(text_of(SNAPSHOTS, ["2026-11-20,甲,100,300,1"])),
    ),
    bad(
        "overlapping slots",
        "E-SLOT-OVERLAP",
        "",
        "22:00-26:00 重叠",
        "overlaps 22:00-26:00",
        csv_file(GOOD),
        slots=["22:00-26:00", "00:00-02:00"],
    ),
    bad(
        "falling running total",
        "E-CUM-DOWN",
        "3:整体消耗(元)",
        "不能变小",
        "must not fall",
        csv_file(text_of(SNAPSHOTS, ["2026-11-20 20:00,甲,100,300,1", "2026-11-20 20:30,甲,90,400,2"])),
    ),
    bad(
        "unclear session",
        "E-CUM-GAP",
        "3:采集时间",
        "直播间ID",
        "room id",
        csv_file(text_of(SNAPSHOTS, ["2026-11-20 20:00,甲,100,300,1", "2026-11-20 22:00,甲,190,400,2"])),
    ),
    bad("unknown platform", "E-PROFILE", "", "平台", "platform", csv_file(GOOD), platform="kuaishou"),
]


@pytest.mark.parametrize("case", MEANING, ids=lambda case: case.name)
def test_fault_has_code_row_column_and_words(case: BadReport, tmp_path: Path) -> None:
    assert_refused(case, tmp_path)
