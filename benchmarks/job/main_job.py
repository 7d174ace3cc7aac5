"""The main job on one shop: read 60 days of reports, fit, plan, check and write, at four sizes.

Warm: the second run in one process (imports done). Cold: the ``adspend plan`` command from start to exit, with the peak
memory of its process. The largest size, 12 segments x 24 slots, is the target: at most 5 s warm, 500 MB, and
``adspend --help`` within 0.4 s.
"""

from __future__ import annotations

import datetime
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

from adspend.app.read_inputs import read_shop_reports
from adspend.outputs.write import write_plan
from adspend.planner import make_plan
from adspend.policy import default_policy
from adspend.shop import read_shop

SEED = 7
DAYS = 60
PLAN_DATE = datetime.date(2026, 11, 23)
SIZES = ((6, 6), (8, 9), (12, 12), (12, 24))
COMMAND = "import sys; from adspend.app.cli import main; sys.exit(main())"


def main_job(smoke: bool) -> list[dict[str, str | int | float]]:
    """One row per size: seconds by phase, cold seconds, peak megabytes, and the help's seconds."""
    help_seconds = statistics.median(_command("--help")[0] for _ in range(3 if smoke else 10))
    return [_size(segments, slots, help_seconds) for segments, slots in (SIZES[:1] if smoke else SIZES)]


def _size(segments: int, slots: int, help_seconds: float) -> dict[str, str | int | float]:
    with tempfile.TemporaryDirectory() as folder:
        report, shop, out = (Path(folder) / name for name in ("report.csv", "shop.toml", "plan"))
        rows = write_shop(segments, slots, report, shop)
        warm = [_phases(report, shop, out) for _ in range(3)][1:]
        best = min(warm, key=lambda phases: sum(phases.values()))
        arguments = ("plan", str(report), "--shop", str(shop), "--date", PLAN_DATE.isoformat(), "--out", str(out))
        cold, megabytes = _command(*arguments)
    return {
        "cells": segments * slots,
        "report rows": rows,
        **{f"{phase} s": round(seconds, 2) for phase, seconds in best.items()},
        "warm total s": round(sum(best.values()), 2),
        "cold command s": round(cold, 2),
        "peak MB": round(megabytes),
        "--help s": round(help_seconds, 2),
    }


def _phases(report_path: Path, shop_path: Path, out: Path) -> dict[str, float]:
    marks = [time.perf_counter()]
    shop = read_shop(shop_path)
    report, _ = read_shop_reports(shop, [report_path])
    marks.append(time.perf_counter())
    plan = make_plan(shop, default_policy(shop), report, PLAN_DATE)
    marks.append(time.perf_counter())
    write_plan(plan, out, language="zh")
    marks.append(time.perf_counter())
    names = ("read", "fit + allocate + explain", "check + write")
    return {name: after - before for name, before, after in zip(names, marks, marks[1:], strict=False)}


def _command(*arguments: str) -> tuple[float, float]:
    """Seconds and peak megabytes of the command in a process of its own."""
    start = time.perf_counter()
    process = psutil.Popen([sys.executable, "-c", COMMAND, *arguments], stdout=-3, stderr=-3)
    peak = 0
    while process.poll() is None:
        try:
            peak = max(peak, process.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.005)
    if process.wait() != 0:
        raise RuntimeError(f"adspend {' '.join(arguments)} failed")
    return time.perf_counter() - start, peak / 2**20


def write_shop(segments: int, slots: int, report: Path, shop: Path) -> int:
    """A synthetic shop: Hill truth with segment and slot effects, negative-binomial orders. Returns the row count."""
    rng = np.random.default_rng([SEED, segments, slots])
    names = [f"人群{i:02d}" for i in range(segments)]
    hours = [f"{h:02d}:00-{h + 1:02d}:00" for h in range(2, 2 + slots)]
    shape = (segments, slots)
    effects = rng.normal(0, 0.25, (segments, 1)) + rng.normal(0, 0.2, (1, slots)) + rng.normal(0, 0.15, shape)
    roi, half, value = 4.2 * np.exp(effects), 900 * np.exp(rng.normal(0, 0.3, shape)), 320.0
    exponent = rng.uniform(1, 2.4, (segments, 1))
    lines = ["date,segment,slot,cost,impressions,clicks,orders,gmv,refund_gmv"]
    for day in range(DAYS, 0, -1):
        date = PLAN_DATE - datetime.timedelta(days=day)
        cost = half * rng.choice([0.3, 0.5, 0.8, 1.2, 1.6], shape) * rng.uniform(0.9, 1.0, shape)
        mean = 2 * roi * half / value * cost**exponent / (half**exponent + cost**exponent)
        orders = rng.negative_binomial(10, 10 / (10 + mean))
        gmv = orders * value * rng.uniform(0.8, 1.2, shape)
        for i, j in np.ndindex(shape):
            seen = f"{int(cost[i, j] * 20)},{int(cost[i, j])},{orders[i, j]},{gmv[i, j]:.2f},"
            lines.append(f"{date},{names[i]},{hours[j]},{cost[i, j]:.2f},{seen}")
    report.write_text("\n".join(lines) + "\n", encoding="utf-8")
    shop.write_text(_shop_file(names, hours), encoding="utf-8")
    return len(lines) - 1


def _shop_file(names: list[str], hours: list[str]) -> str:
    def quoted(words: list[str]) -> str:
        return "[" + ", ".join(f'"{word}"' for word in words) + "]"

    cells = len(names) * len(hours)
    return (
        '[shop]\nname = "synthetic"\n[economics]\ngross_margin = 0.54\nrefund_rate = 0.46\ncommission_rate = 0.02\n'
        f"[budget]\ndaily = {700 * cells}\n[cells]\nsegments = {quoted(names)}\nslots = {quoted(hours)}\n"
        f"min_if_active = 300\nmax = 6000\nstep = 100\nmax_active = {2 * cells // 3}\n[limits]\nroi_floor = 3.8\n"
        f'[[shares]]\nby = "segment"\nof = "{names[0]}"\nmax = 0.1\n'
        f'[[shares]]\nby = "slot"\nof = "{hours[-1]}"\nmax = 0.2\n'
    )
