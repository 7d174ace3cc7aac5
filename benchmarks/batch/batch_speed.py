"""How many shops a minute the batch command plans, what a second process adds, and what it costs beside a bare loop.

Shops of ``make_shops`` (48 cells, 30 days) through the real command, as a process of its own: seconds from start to
exit, processor seconds of all its processes, and their peak memory together. The bare loop reads, plans and writes the
same shops in one process with nothing around it. "5,000 shops" is the measured seconds per shop times 5,000, plus the
first pass over every category at its full size, by its measured seconds a shop.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from adspend.batch.orders import Orders
from adspend.batch.pooling import MOST_TEACHERS
from adspend.batch.roster import read_roster
from adspend.batch.shop_work import plan_shop
from adspend.workers import workers
from adspend_models.market.families import FAMILIES
from benchmarks.batch.make_shops import PLAN_DATE, write_shops

COMMAND = "import sys; from adspend.app.cli import main; sys.exit(main())"
TARGET_SHOPS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One command: wall and processor seconds, and peak megabytes of all processes together."""

    seconds: float
    core_seconds: float
    megabytes: float


def batch_speed(smoke: bool) -> list[dict[str, str | int | float]]:
    """One row per number of shops and processes."""
    sizes = (4,) if smoke else (100, 400)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with workers(1) as pool:
            write_shops(folder, sizes[-1], pool, segments=2 if smoke else 6, slots=2 if smoke else 8)
        return [row for shops in sizes for row in _rows(folder, shops)]


def _rows(folder: Path, shops: int) -> list[dict[str, str | int | float]]:
    manifest = folder / "roster.csv"
    lines = [f"{path.stem},shops/{path.name}" for path in sorted((folder / "shops").glob("*.toml"))[:shops]]
    manifest.write_text("\n".join(["name,shop", *lines]) + "\n", encoding="utf-8")
    loop = _bare_loop(folder, manifest)
    runs = {count: _command(folder, manifest, count, pool=False) for count in (1, 2)}
    gap = _median_gap(folder / f"out-{shops}-2-False")
    pooled = _command(folder, manifest, 2, pool=True)
    lesson = max(pooled.seconds - runs[2].seconds, 0.0) / min(shops, MOST_TEACHERS * len(FAMILIES))
    rows = []
    for count, run in runs.items():
        whole = run.seconds / shops * TARGET_SHOPS + (lesson * 2 / count) * MOST_TEACHERS * len(FAMILIES)
        rows.append(
            {
                "shops": shops,
                "processes": count,
                "shops a minute": round(60 * shops / run.seconds),
                "processor s a shop": round(run.core_seconds / shops, 3),
                "bare loop, s a shop": round(loop / shops, 3),
                "overhead %": round(100 * (run.core_seconds / loop - 1), 1),
                "parallel efficiency": round(runs[1].seconds / (count * run.seconds), 2),
                "peak MB": round(run.megabytes),
                "median gap %": round(100 * gap, 4),
                "5,000 shops, minutes": round(whole / 60, 1),
            }
        )
    return rows


def _bare_loop(folder: Path, manifest: Path) -> float:
    """Processor seconds of reading, planning and writing the shops one after another."""
    jobs = read_roster(manifest, folder / "reports")
    orders = Orders(date=PLAN_DATE, out=folder / "warm", language="zh")
    plan_shop(jobs[0], orders)  # imports and caches
    orders = Orders(date=PLAN_DATE, out=folder / f"loop-{len(jobs)}", language="zh")
    start = time.process_time()
    for job in jobs:
        plan_shop(job, orders)
    return time.process_time() - start


def _command(folder: Path, manifest: Path, count: int, *, pool: bool) -> Measured:
    shops = len(manifest.read_text(encoding="utf-8").splitlines()) - 1
    out = folder / f"out-{shops}-{count}-{pool}"
    arguments = [str(manifest), "--reports", str(folder / "reports"), "--date", PLAN_DATE.isoformat()]
    arguments += ["--out", str(out), "--workers", str(count), "--pool" if pool else "--no-pool", "--json"]
    start = time.perf_counter()
    process = psutil.Popen([sys.executable, "-c", COMMAND, "batch", *arguments], stdout=-3)
    peak, spent = 0.0, 0.0
    while process.poll() is None:
        try:
            family = [process, *process.children(recursive=True)]
            peak = max(peak, sum(member.memory_info().rss for member in family) / 2**20)
            spent = max(spent, sum(sum(member.cpu_times()[:2]) for member in family))
        except psutil.Error:
            pass  # one of them has just ended
        time.sleep(0.05)
    if process.returncode != 0:
        raise RuntimeError(f"adspend batch {' '.join(arguments)} failed")
    return Measured(seconds=time.perf_counter() - start, core_seconds=spent, megabytes=peak)


def _median_gap(out: Path) -> float:
    records = json.loads((out / "summary.json").read_text(encoding="utf-8"))["records"]
    return statistics.median(record["figures"]["gap"] for record in records if record["figures"])
