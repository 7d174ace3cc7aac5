"""The benchmarks by name. A benchmark returns plain rows; writing them down is ``benchmarks.__main__``'s job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.allocation.certified_gap import certified_gap
from benchmarks.curves.backtest_online_ads import backtest_online_ads
from benchmarks.job.main_job import main_job
from benchmarks.job.sample_on_truth import sample_on_truth

Row = dict[str, str | int | float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A name, the question it answers, and how to run it (``smoke``: in seconds, to see that it works)."""

    name: str
    question: str
    run: Callable[[bool], list[Row]]


BENCHMARKS = (
    Benchmark(name="main_job", question="How long does the main job take, and how does it grow?", run=main_job),
    Benchmark(
        name="sample_on_truth",
        question="What is the bundled sample's plan worth on the curves the sample was made from?",
        run=sample_on_truth,
    ),
    Benchmark(
        name="certified_gap",
        question="How near to the proven optimum are plans with coupling limits, and what do simple splits lose?",
        run=certified_gap,
    ),
    Benchmark(
        name="backtest_online_ads",
        question="On real data, does a fitted curve forecast better than a constant return?",
        run=backtest_online_ads,
    ),
)
