"""A batch with a worker killed every few seconds and five poison shops, against the same batch left alone.

    python -c "from benchmarks.batch.batch_disturbed import disturbed; print(disturbed(FOLDER, 5000, seconds=5.0))"

FOLDER holds ``shops`` and ``reports`` of ``make_shops``. Both runs use two processes and no pooling. A poison shop
kills the process that works on it. Afterwards every file of every other shop must be the same, byte for byte.
"""

from __future__ import annotations

import os
import random
import signal
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil

from adspend.app.run_batch import load
from adspend.batch.orders import Orders
from adspend.batch.record import ShopRecord, Status
from adspend.batch.roster import Job, read_roster
from adspend.batch.run import Outcome, Work, opened, run_shops
from adspend.batch.shop_work import plan_shop
from adspend.engine import LocalEngine
from adspend.workers import workers
from benchmarks.batch.make_shops import PLAN_DATE, write_shops

POISON_SHOPS, PROCESSES = 5, 2


def batch_disturbed(smoke: bool) -> list[dict[str, str | int | float]]:
    """One row: shops, kills, how they ended, and how many files differ."""
    shops, seconds = (10, 20.0) if smoke else (240, 5.0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with workers(1) as pool:
            write_shops(folder, shops, pool, segments=2 if smoke else 6, slots=2 if smoke else 8)
        return [disturbed(folder, shops, seconds=seconds)]


def disturbed(folder: Path, shops: int, *, seconds: float) -> dict[str, str | int | float]:
    """Both runs over the first shops of ``folder``, where their plans go; a worker dies every ``seconds``."""
    jobs = read_roster(folder / "shops", folder / "reports")[:shops]
    poison = frozenset(job.name for job in jobs[:: max(len(jobs) // POISON_SHOPS, 1)][:POISON_SHOPS])
    calm, _ = _run(jobs, folder / "calm", plan_shop, None)
    rough, kills = _run(jobs, folder / "rough", partial(plan_or_die, poison), seconds)
    differing = sum(_differ(folder, job.name) for job in jobs if job.name not in poison)
    return {
        "shops": len(jobs),
        "workers killed": kills,
        "ok left alone": calm.counts[Status.OK],
        "ok": rough.counts[Status.OK],
        "quarantined": rough.counts[Status.QUARANTINED],
        "folders that differ": differing,
    }


def load_all() -> None:
    """What a worker needs, this module among it."""
    load()


def plan_or_die(poison: frozenset[str], job: Job, orders: Orders) -> ShopRecord:
    """The planner, but for poison shops, which kill its process."""
    if job.name in poison:
        os.kill(os.getpid(), signal.SIGKILL)
    return plan_shop(job, orders)


def _run(jobs: Sequence[Job], out: Path, work: Work, seconds: float | None) -> tuple[Outcome, int]:
    """A run, and how many workers were killed meanwhile."""
    over, kills = threading.Event(), [0]
    killer = threading.Thread(target=_kill_workers, args=(seconds, over, kills))
    orders = Orders(date=PLAN_DATE, out=out, language="zh")
    with opened(out) as ledger, LocalEngine(PROCESSES, load_all) as engine:
        if seconds is not None:
            killer.start()
        try:
            outcome = run_shops(jobs, orders, ledger, engine, work=work)
        finally:
            over.set()
    if seconds is not None:
        killer.join()
    return outcome, kills[0]


def _kill_workers(seconds: float, over: threading.Event, kills: list[int]) -> None:
    """Kills a random worker of this process every ``seconds`` until it is ``over``."""
    luck, me = random.Random(5), psutil.Process()
    while not over.wait(seconds):
        workers = [child for child in me.children() if _is_worker(child)]
        with suppress(psutil.Error, IndexError):  # none alive just now, or dead before it could be killed
            luck.choice(workers).kill()
            kills[0] += 1


def _is_worker(process: psutil.Process) -> bool:
    """Whether it is a worker and alive; one that poison has just killed is neither."""
    try:
        return "spawn_main" in " ".join(process.cmdline())
    except psutil.Error:
        return False


def _differ(folder: Path, name: str) -> bool:
    """Whether a shop's folder is not the same in both runs."""
    calm, rough = (
        {path.name: path.read_bytes() for path in (folder / run / name).iterdir()} for run in ("calm", "rough")
    )
    return calm != rough
