"""The published benchmark of allocation strategies: ``adspend benchmark --suite published``, its standings as rows.

Every family of markets at 48 cells and one at 96, eight shops each, thirty days from a cold start; in each shop the
clairvoyant and every built-in strategy, all with the same luck. The suite keeps its finished jobs in
``build/strategies`` (not in the repository): stopped, it goes on where it was.
"""

from __future__ import annotations

import math
import os
from dataclasses import replace
from pathlib import Path

from adspend.app.code_digest import code_digest
from adspend.outputs.ledger import open_ledger
from adspend.outputs.write_benchmark import write_benchmark
from adspend.standings import Group, Mean, groups
from adspend.suite import Outcome, Shops, Suite, published_suite, run_jobs
from adspend.workers import workers

Row = dict[str, str | int | float]

OUT = Path(__file__).parents[2] / "build" / "strategies"


def strategies(smoke: bool) -> list[Row]:
    """One row per group of worlds and strategy, all markets first, best strategy first."""
    if not smoke:
        return measured(published_suite(), OUT, count=os.cpu_count() or 1)
    small = tuple(Shops(family=name, segments=2, slots=3, seeds=2) for name in ("stationary", "everything"))
    outcomes: list[Outcome] = []
    with workers(1) as executor:
        run_jobs(replace(published_suite(), shops=small, days=3).jobs(lambda _: ""), executor, outcomes.append)
    return [row for group in groups(outcomes) for row in _rows(group, outcomes)]


def measured(suite: Suite, out: Path, *, count: int) -> list[Row]:
    """Runs what ``out`` does not hold yet on ``count`` processes, writes the files of ``adspend benchmark``."""
    jobs = suite.jobs(code_digest)
    with open_ledger(out / "jobs.jsonl") as ledger:
        todo = [job for job in jobs if job.key not in ledger.done]

        def record(outcome: Outcome) -> None:
            ledger.record(outcome)
            print(f"  {outcome.job.family}:{outcome.job.seed} {outcome.name} {outcome.seconds:.1f} s", flush=True)

        with workers(count) as executor:
            run_jobs(todo, executor, record, ahead=count + 1)
        outcomes = [ledger.done[job.key] for job in jobs]
    found = groups(outcomes)
    write_benchmark(suite, outcomes, found, out, language="en")
    return [row for group in found for row in _rows(group, outcomes)]


def _rows(group: Group, outcomes: list[Outcome]) -> list[Row]:
    rows: list[Row] = []
    for standing in group.standings:
        own = [outcome for outcome in group.of(outcomes) if outcome.name == standing.name]
        rows.append(
            {
                "markets": group.name.en,
                "strategy": standing.label.en,
                "worlds": standing.worlds,
                "share of clairvoyant %": _interval(standing.share),
                "behind the best %": "" if standing.behind is None else _interval(standing.behind),
                "first week %": round(100 * standing.first_week, 1),
                "last week %": round(100 * standing.last_week.value, 1),
                "worst decile %": round(100 * standing.worst, 1),
                "days to 90 %": "never" if math.isinf(standing.days_until_90) else int(standing.days_until_90),
                "violations": standing.violations,
                "spent on tests %": "" if standing.test_share is None else round(100 * standing.test_share, 1),
                "policy-days per second": round(
                    sum(outcome.job.days for outcome in own) / sum(outcome.seconds for outcome in own), 1
                ),
            }
        )
    return rows


def _interval(mean: Mean) -> str:
    """A mean and the half-width of its 95 % interval, in percent."""
    return f"{100 * mean.value:.1f}" + ("" if math.isnan(mean.half) else f" ± {100 * mean.half:.1f}")
