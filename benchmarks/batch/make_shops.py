"""Writes synthetic shops for a batch: ``python -m benchmarks.batch.make_shops OUT --shops 5000``.

Each is a shop of a market family (one family after another, the number is the seed) with 48 cells and 30 days of an
operator's own work: rough tests, then moves of 20 %. Shop files go to OUT/shops, canonical reports to OUT/reports, one
of each per shop. Same number, same bytes, whatever else is written; shops that are already there are left alone.
"""

from __future__ import annotations

import argparse
import datetime
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

from adspend.market_shop import market_shop, shop_file
from adspend.workers import workers
from adspend_models.market.case import MarketCase
from adspend_models.market.exports.canonical import canonical
from adspend_models.market.exports.rows import cell_days
from adspend_models.market.exports.sheet import Sheet, csv_bytes
from adspend_models.market.families import FAMILIES, FIRST
from adspend_models.market.operator_rule import OperatorRule, run

SEGMENTS, SLOTS, DAYS = 6, 8, 30
PLAN_DATE = FIRST + datetime.timedelta(days=DAYS)
LEVELS_FEN, START_FEN = (30_000, 50_000, 90_000), 50_000


def name_of(number: int) -> str:
    """The name of shop ``number``'s files."""
    return f"shop-{number:05d}"


def case_of(number: int, segments: int = SEGMENTS, slots: int = SLOTS) -> MarketCase:
    """Shop ``number``: the families take turns."""
    families = list(FAMILIES.values())
    return replace(families[number % len(families)](number, segments, slots), step=100)  # the platform's own step


def operator_of(case: MarketCase, budget_fen: int) -> OperatorRule:
    """Who has run the case's shop so far."""
    return OperatorRule(
        budget_fen=budget_fen,
        minimum_fen=case.min_if_active * 100,
        maximum_fen=case.max * 100,
        step_fen=10_000,
        levels_fen=LEVELS_FEN,
        start_fen=START_FEN,
        test_days=6,
        target_roi=1 / case.net_rate,
        seed=case.seed,
    )


def report_bytes(case: MarketCase, days: int) -> bytes:
    """The canonical report of the case's first ``days`` days, exported on the morning after."""
    past = run(case.world, operator_of(case, case.daily_budget * 100), first=case.first, days=days)
    rows = cell_days(past, exported=case.first + datetime.timedelta(days=days))
    plain = canonical(rows, seed=case.seed)
    phases = [case.calendar.name_of(datetime.date.fromisoformat(str(row[0]))) for row in plain.rows]
    tagged = tuple((*row, phase) for row, phase in zip(plain.rows, phases, strict=True))
    sheet = Sheet((*plain.header, "phase"), tagged)
    return csv_bytes(sheet, encoding="utf-8-sig", thousands=False, missing="", line_end="\n")


def write_shop(folder: Path, number: int, segments: int = SEGMENTS, slots: int = SLOTS, days: int = DAYS) -> None:
    """Writes shop ``number``'s two files, unless they are there."""
    shop, report = folder / "shops" / f"{name_of(number)}.toml", folder / "reports" / f"{name_of(number)}.csv"
    if shop.exists():
        return
    case = case_of(number, segments, slots)
    market_shop(case, guarded=True)  # refuses a file that no shop could have
    report.write_bytes(report_bytes(case, days))
    shop.write_text(shop_file(case, guarded=True, category=case.name), encoding="utf-8")


def write_shops(folder: Path, count: int, pool: Executor, *, segments: int = SEGMENTS, slots: int = SLOTS) -> None:
    """Writes shops 0 to ``count`` - 1."""
    for part in ("shops", "reports"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for future in [pool.submit(write_shop, folder, number, segments, slots) for number in range(count)]:
        future.result()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.batch.make_shops", description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--shops", type=int, default=5_000)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    with workers(options.workers) as pool:
        write_shops(options.out, options.shops, pool)


if __name__ == "__main__":
    main()
