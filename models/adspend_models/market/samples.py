"""Writes the bundled sample reports (合成数据): ``python -m adspend_models.market.samples OUT_DIR --seed 20261123``.

A month of one invented livestream room, run by an operator who tests roughly and then moves budgets by 20 %, as every
platform would export it on the morning of 2026-11-23. Same seed, same bytes. The shop files beside the reports
are written by hand.
"""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Sequence
from pathlib import Path

from adspend_datasets.cell import Cell
from adspend_models.market.exports.canonical import canonical
from adspend_models.market.exports.overseas import google_ads, meta, tiktok_ads
from adspend_models.market.exports.qianchuan_board import qianchuan_board
from adspend_models.market.exports.qianchuan_standard import qianchuan_standard
from adspend_models.market.exports.qianchuan_uni import qianchuan_uni
from adspend_models.market.exports.rows import by_segment, cell_days
from adspend_models.market.exports.sheet import MISSING, Sheet, csv_bytes
from adspend_models.market.exports.workbook import xlsx_bytes
from adspend_models.market.operator_rule import OperatorRule, run
from adspend_models.market.sample_shop import sample_world, uni_world
from adspend_models.market.world import Day

SEED = 20261123
EXPORTED = datetime.date(2026, 11, 23)  # the morning after the last day
DAYS = 30
UNI_DAYS = 14
OVERSEAS_DAYS = 5
EVENING = ("18:00-20:00", "20:00-22:00", "22:00-26:00")

# Cells the operator never opened: in truth two lose money, one pays a little, and the last pays if given thousands.
IDLE = frozenset(
    (
        Cell("行为兴趣", "08:00-10:00"),
        Cell("智能放量", "08:00-10:00"),
        Cell("达人相似", "10:00-12:00"),
        Cell("智能放量", "22:00-26:00"),
    )
)
PAUSED = {Cell("抖音号粉丝", "08:00-10:00"): datetime.date(2026, 11, 5)}


def sample_days(seed: int) -> tuple[Day, ...]:
    """The room's month: 30,000 yuan a day at most, 300 to 6,000 per active cell, in steps of 100."""
    rule = OperatorRule(
        budget_fen=3_000_000,
        minimum_fen=30_000,
        maximum_fen=600_000,
        step_fen=10_000,
        levels_fen=(30_000, 70_000, 200_000),
        start_fen=90_000,
        test_days=6,
        target_roi=1 / ((1 - 0.46) * (0.54 - 0.02)),  # the break-even ROI of samples/shop.toml, 3.56
        seed=seed,
        idle=IDLE,
        paused=PAUSED,
    )
    return run(sample_world(seed), rule, first=EXPORTED - datetime.timedelta(days=DAYS), days=DAYS)


def uni_days(seed: int) -> tuple[Day, ...]:
    """Two weeks of the one-plan room: up to 20,000 yuan a day."""
    rule = OperatorRule(
        budget_fen=2_000_000,
        minimum_fen=30_000,
        maximum_fen=2_000_000,
        step_fen=10_000,
        levels_fen=(600_000, 900_000, 1_300_000),
        start_fen=1_000_000,
        test_days=6,
        target_roi=1 / ((1 - 0.46) * (0.54 - 0.02)),
        seed=seed,
    )
    return run(uni_world(seed), rule, first=EXPORTED - datetime.timedelta(days=UNI_DAYS), days=UNI_DAYS)


def sample_files(seed: int) -> dict[str, bytes]:
    """Every generated file by name."""
    days = sample_days(seed)
    rows = tuple(cell_days(days, exported=EXPORTED))
    standard = qianchuan_standard(rows, seed=seed)
    uni = qianchuan_uni(tuple(cell_days(uni_days(seed), exported=EXPORTED)), seed=seed)
    board = qianchuan_board(days[-1], slots=EVENING, seed=seed)
    abroad = tuple(by_segment(cell_days(days[-OVERSEAS_DAYS:], exported=EXPORTED)))
    return {
        "qianchuan_standard.csv": _chinese_csv(standard, "gb18030"),
        "qianchuan_standard.xlsx": _workbook(standard, as_text=False),
        "qianchuan_uni.xlsx": _workbook(uni, as_text=True),
        "qianchuan_board.csv": _chinese_csv(board, "utf-8-sig"),
        "canonical.csv": _plain_csv(canonical(rows, seed=seed), "utf-8-sig"),
        "tiktok_ads.csv": _plain_csv(tiktok_ads(abroad, seed=seed), "utf-8"),
        "meta.csv": _plain_csv(meta(abroad, seed=seed), "utf-8"),
        "google_ads.csv": _plain_csv(google_ads(abroad, seed=seed), "utf-8"),
    }


def _chinese_csv(sheet: Sheet, encoding: str) -> bytes:
    return csv_bytes(sheet, encoding=encoding, thousands=True, missing=MISSING, line_end="\r\n")


def _plain_csv(sheet: Sheet, encoding: str) -> bytes:
    return csv_bytes(sheet, encoding=encoding, thousands=False, missing="", line_end="\n")


def _workbook(sheet: Sheet, *, as_text: bool) -> bytes:
    title = "合成数据，非真实投放 (synthetic data)"
    return xlsx_bytes(sheet, name="Sheet1", title=title, created=EXPORTED, as_text=as_text)


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes every file to the directory, which is made if it does not exist."""
    parser = argparse.ArgumentParser(prog="python -m adspend_models.market.samples", description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    for name, content in sample_files(options.seed).items():
        (options.out / name).write_bytes(content)


if __name__ == "__main__":
    main()
