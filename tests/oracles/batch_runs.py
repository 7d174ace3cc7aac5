"""Whole batches of real shops in the test's own process."""

from __future__ import annotations

import datetime
from pathlib import Path

from adspend.batch.orders import Orders
from adspend.batch.pooling import learn_categories
from adspend.batch.record import ShopRecord
from adspend.batch.roster import read_roster
from adspend.batch.run import Outcome, opened, run_shops
from adspend.batch.shop_work import plan_shop
from oracles.here_engine import HereEngine

DATE = datetime.date(2026, 6, 10)


def plan_here(folder: Path, out: Path) -> tuple[Outcome, dict[str, ShopRecord]]:
    """Learns and plans ``folder/shops``; the outcome, and the records by name."""
    jobs, engine = read_roster(folder / "shops", folder / "reports"), HereEngine()
    with opened(out) as ledger:
        categories = learn_categories(jobs, DATE, ledger, engine)
        orders = Orders(date=DATE, out=out, language="zh", categories=categories)
        outcome = run_shops(jobs, orders, ledger, engine, work=plan_shop)
        return outcome, {record.name: record for record in ledger.records()}
