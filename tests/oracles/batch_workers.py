"""Workers for tests of batches: a planner that plans nothing, that keeps a diary, and that some shops kill.

Functions of a module, so that processes of their own can run them. What a shop's report says decides what happens:
``POISON`` kills the process that works on it, ``HANG`` keeps it for ever.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from adspend.batch.folders import found_record, put_folder
from adspend.batch.orders import Orders, job_key
from adspend.batch.record import Figures, ShopRecord, Status
from adspend.batch.roster import Job, read_roster
from adspend.batch.run import Outcome, opened, run_shops
from adspend.batch.time_limit import SHOP_MINUTES
from adspend.engine import LocalEngine

POISON, HANG = "POISON", "HANG"
DIARY = "diary"  # in the folder of the shops: a line "begin NAME PID" or "end NAME PID" each
PAUSE = 0.01  # seconds of make-believe work
PLAN_DATE = date(2026, 7, 1)


def made_up_shops(folder: Path, count: int, poisoned: Sequence[int] = (), poison: str = POISON) -> None:
    """Shop files and reports that only these workers can use."""
    for part in ("shops", "reports"):
        (folder / part).mkdir(parents=True)
    for number in range(count):
        name = f"shop-{number:03d}"
        (folder / "shops" / f"{name}.toml").write_text(f'[shop]\nname = "{name}"\n', encoding="utf-8")
        (folder / "reports" / f"{name}.csv").write_text(poison if number in poisoned else str(number), encoding="utf-8")


def diary(folder: Path) -> list[tuple[str, str, int]]:
    """What the workers wrote down: (begin or end, shop, process)."""
    path = folder / DIARY
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [(word, name, int(process)) for word, name, process in (line.split() for line in lines)]


def made_up(job: Job, orders: Orders) -> ShopRecord:
    """A record whose numbers are the report's size."""
    key = job_key(job, orders)
    done = found_record(orders.out, job.name, key)
    if done is not None:
        return done
    _note(job, "begin")
    _die_or_hang(job)
    time.sleep(PAUSE)
    size = int(job.reports[0].read_text(encoding="utf-8"))
    figures = Figures(
        budget_fen=size,
        planned_fen=size,
        expected_net_fen=size,
        yesterday_fen=None,
        yesterday_net_fen=None,
        gap=0.0,
        grades=(0, 0, 0),
        binding=(),
        frontier=(),
    )
    record = ShopRecord(name=job.name, key=key, status=Status.OK, figures=figures)
    record = put_folder(orders.out, record, {"plan.json": b"{}" * size, "plan.csv": b"," * size}, run=orders.run)
    _note(job, "end")
    return record


def _die_or_hang(job: Job) -> None:
    told = "".join(path.read_text(encoding="utf-8") for path in job.reports)
    if POISON in told:
        os.kill(os.getpid(), signal.SIGKILL)
    while HANG in told:
        time.sleep(1.0)


def _note(job: Job, word: str) -> None:
    with (job.shop.parent.parent / DIARY).open("a", encoding="utf-8") as file:
        file.write(f"{word} {job.name} {os.getpid()}\n")


def run_made_up(folder: Path, out: Path, count: int, shop_minutes: float = SHOP_MINUTES) -> Outcome:
    """A whole run of made-up shops on ``count`` processes."""
    jobs = read_roster(folder / "shops", folder / "reports")
    orders = Orders(date=PLAN_DATE, out=out, language="zh", shop_minutes=shop_minutes)
    with opened(out) as ledger, LocalEngine(count) as engine:
        return run_shops(jobs, orders, ledger, engine, work=made_up)


def contents(out: Path) -> dict[str, bytes]:
    """Every published file under ``out``: the run's own state left out."""
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and not path.name.startswith("batch.")
    }


if __name__ == "__main__":
    run_made_up(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
