"""The ``benchmark`` command: strategies over many markets with known truth, against the clairvoyant; resumable."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from adspend.app.arguments import strategy_arguments
from adspend.app.code_digest import code_digest
from adspend.app.terminal import counting
from adspend.outputs.benchmark_page import day, headline, interval
from adspend.outputs.ledger import Ledger, open_ledger
from adspend.outputs.simulate_page import percent
from adspend.outputs.write_benchmark import write_benchmark
from adspend.standings import Group, groups
from adspend.suite import GRIDS, MARKETS, Outcome, Shops, Suite, published_suite, run_jobs, small_suite
from adspend.workers import workers as started_workers
from adspend_datasets.errors import Fault, Place, UsageError
from adspend_datasets.text import Language, Text

LEDGER = "jobs.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was typed; None leaves the suite's own. Families and strategies are separated by commas."""

    suite: str = "small"
    families: str | None = None
    strategies: str | None = None
    seeds: int | None = None
    days: int = 30
    cells: int | None = None


def run_benchmark(choice: Choice, out: Path, *, workers: int, language: Language, json_only: bool) -> None:
    """Runs the suite's jobs that ``out`` does not hold yet, writes and prints.

    Raises:
        NoPlanError: a shop's limits allow no plan.
        UsageError: no such family or strategy, a strategy that fails, a worker that was killed, or no profit anywhere.
    """
    suite = chosen_suite(choice)
    jobs = suite.jobs(code_digest)
    with open_ledger(out / LEDGER) as ledger:
        todo = [job for job in jobs if job.key not in ledger.done]
        with counting(language, len(jobs), done=len(jobs) - len(todo), quiet=json_only) as count:
            try:
                with started_workers(min(workers, max(len(todo), 1))) as executor:
                    run_jobs(todo, executor, _recording(ledger, suite.days, language, count), ahead=workers + 1)
            except BrokenProcessPool as error:
                raise _killed(str(error)) from error
        outcomes = [ledger.done[job.key] for job in jobs]
    found = groups(outcomes)
    if not found:
        raise _no_profit()
    paths = write_benchmark(suite, outcomes, found, out, language=language)
    if json_only:
        print(json.dumps(_summary(suite, found, outcomes, paths), ensure_ascii=False))
    else:
        _print(suite, found, outcomes, paths, language)


def chosen_suite(choice: Choice) -> Suite:
    """The named suite with what was typed in place of its own.

    Raises:
        UsageError: no such family or strategy.
    """
    suite = replace(published_suite() if choice.suite == "published" else small_suite(), days=choice.days)
    if choice.families is not None:
        names = _split(choice.families)
        unknown = [name for name in names if name not in MARKETS]
        if unknown or not names:
            law = Text("没有这个市场族", "there is no such family of markets")
            remedy = Text(f"可选：{'、'.join(MARKETS)}", f"Choose from {', '.join(MARKETS)}")
            raise UsageError([_fault("--families", law, remedy, ", ".join(unknown))])
        segments, slots = GRIDS[48]
        seeds = suite.shops[0].seeds
        shops = tuple(Shops(family=name, segments=segments, slots=slots, seeds=seeds) for name in names)
        suite = replace(suite, shops=shops)
    if choice.cells is not None:
        segments, slots = GRIDS[choice.cells]
        shops = tuple(dict.fromkeys(replace(some, segments=segments, slots=slots) for some in suite.shops))
        suite = replace(suite, shops=shops)
    if choice.seeds is not None:
        suite = replace(suite, shops=tuple(replace(some, seeds=choice.seeds) for some in suite.shops))
    if choice.strategies is not None:
        suite = replace(suite, strategies=_split(choice.strategies))
    strategy_arguments(suite.strategies)
    return suite


def _split(typed: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in typed.split(",") if name.strip()))


def _recording(
    ledger: Ledger, days: int, language: Language, count: Callable[[str], None]
) -> Callable[[Outcome], None]:
    """Writes each outcome down, then moves the bar; the rate is of this run."""
    start, done = time.monotonic(), 0

    def record(outcome: Outcome) -> None:
        nonlocal done
        ledger.record(outcome)
        done += 1
        rate = done * days / (time.monotonic() - start)
        count(Text(f"{rate:.1f} 策略日/秒", f"{rate:.1f} policy-days/s").pick(language))

    return record


def _killed(words: str) -> UsageError:
    law = Text("工作进程不得中途被终止", "a worker process must not be killed")
    remedy = Text(
        "请重跑同一命令（已完成的不重算），或减少 --workers",
        "Run the same command again (finished jobs are kept), or use fewer --workers",
    )
    return UsageError([_fault("--workers", law, remedy, words)])


def _no_profit() -> UsageError:
    law = Text("先知基线须在某个市场有盈利", "the clairvoyant must earn something in some market")
    return UsageError([_fault("--families", law, Text("请换市场族", "Choose other families"))])


def _fault(option: str, law: Text, remedy: Text, value: str = "") -> Fault:
    return Fault(code="E-BENCHMARK", law=law, value=value, place=Place(column=option), remedy=remedy)


def _summary(
    suite: Suite, found: Sequence[Group], outcomes: Sequence[Outcome], paths: Sequence[Path]
) -> dict[str, object]:
    """What a script wants to know of a benchmark."""
    return {
        "days": suite.days,
        "jobs": len(outcomes),
        "cpu_seconds": round(sum(outcome.seconds for outcome in outcomes), 1),
        "strategies": {
            standing.name: {
                "share": standing.share.value,
                "half_of_95": None if standing.worlds < 2 else standing.share.half,
                "last_week": standing.last_week.value,
                "worst_decile": standing.worst,
                "violations": standing.violations,
            }
            for standing in found[0].standings
        },
        "files": [str(path) for path in paths],
    }


def _print(
    suite: Suite, found: Sequence[Group], outcomes: Sequence[Outcome], paths: Sequence[Path], language: Language
) -> None:
    """The standings on standard output, and where the files are."""
    console = Console(soft_wrap=True, highlight=False)
    console.print(headline(suite, found[0]).pick(language), markup=False)
    console.print(_table(found[0], outcomes, language))
    for path in paths:
        console.print(str(path), markup=False)


def _table(group: Group, outcomes: Sequence[Outcome], language: Language) -> Table:
    table = Table(title=group.name.pick(language))
    table.add_column(Text("策略", "strategy").pick(language))
    heads = (
        Text("占先知", "share"),
        Text("落后第一名", "behind"),
        Text("最后一周", "last week"),
        Text("最差一成", "worst decile"),
        Text("达到 90%", "days to 90 %"),
        Text("违反规则", "rules broken"),
        Text("策略日/秒", "policy-days/s"),
    )
    for head in heads:
        table.add_column(head.pick(language), justify="right")
    for standing in group.standings:
        own = [outcome for outcome in outcomes if outcome.name == standing.name]
        speed = sum(outcome.job.days for outcome in own) / max(sum(outcome.seconds for outcome in own), 1e-9)
        table.add_row(
            standing.label.pick(language),
            interval(standing.share),
            "" if standing.behind is None else interval(standing.behind),
            percent(standing.last_week.value),
            percent(standing.worst),
            day(standing.days_until_90),
            str(standing.violations),
            f"{speed:.0f}",
        )
    return table
