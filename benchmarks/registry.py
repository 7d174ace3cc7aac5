"""The benchmarks by name. A benchmark returns plain rows; writing them down is ``benchmarks.__main__``'s job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.allocation.against_monolithic import against_monolithic
from benchmarks.allocation.against_peers import against_peers
from benchmarks.allocation.certified_gap import certified_gap
from benchmarks.allocation.scale import scale
from benchmarks.allocation.single_budget import single_budget
from benchmarks.allocation.what_if import what_if
from benchmarks.batch.batch_disturbed import batch_disturbed
from benchmarks.batch.batch_festival import batch_festival
from benchmarks.batch.batch_pooling import batch_pooling
from benchmarks.batch.batch_speed import batch_speed
from benchmarks.curves.against_nuts import against_nuts
from benchmarks.curves.backtest_conjura import backtest_conjura
from benchmarks.curves.backtest_online_ads import backtest_online_ads
from benchmarks.curves.crossfit_kag_facebook import crossfit_kag_facebook
from benchmarks.curves.designed_tests import designed_tests
from benchmarks.curves.fit_speed import fit_speed
from benchmarks.curves.known_truth import known_truth
from benchmarks.curves.own_days import own_days
from benchmarks.job.main_job import main_job
from benchmarks.job.sample_on_truth import sample_on_truth
from benchmarks.strategies.simulate_speed import simulate_speed
from benchmarks.strategies.strategies import strategies

Row = dict[str, str | int | float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A name, the question it answers, and how to run it (``smoke``: in seconds, to see that it works)."""

    name: str
    question: str
    run: Callable[[bool], list[Row]]
    shown: Callable[[Row], bool] = lambda _: True  # which rows the README shows; the result file has all


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
        name="single_budget",
        question="On a budget alone, does the allocator reach the exact optimum, and in the exact programme's time?",
        run=single_budget,
    ),
    Benchmark(
        name="against_monolithic",
        question="How does it compare with the whole problem as one piecewise MIP, 25 coupling limits, gap 0.1 %?",
        run=against_monolithic,
    ),
    Benchmark(
        name="against_peers",
        question="What do the algorithms of other tools reach on the same curves, and do they keep the limits?",
        run=against_peers,
        shown=lambda row: str(row["family"]).startswith("S") and row["box"] == "0..12 E" and int(row["cells"]) <= 240,
    ),
    Benchmark(name="scale", question="How do time, memory and gap grow from 96 to 240,000 cells?", run=scale),
    Benchmark(name="what_if", question="How fast is a warm answer to another budget, and how good?", run=what_if),
    Benchmark(
        name="known_truth",
        question="Where the truth is known, what are fitted curves worth, and do they keep their promises?",
        run=known_truth,
        shown=lambda row: row["method"] != "pooled Hill curves",
    ),
    Benchmark(
        name="fit_speed",
        question="How many curves a second on one core, against a loop of scipy's curve_fit?",
        run=fit_speed,
    ),
    Benchmark(
        name="against_nuts",
        question="How far is the fast fit from full Bayes (NUTS) on the same model?",
        run=against_nuts,
    ),
    Benchmark(
        name="designed_tests",
        question="Does a designed test teach as much as equal levels for half the money?",
        run=designed_tests,
    ),
    Benchmark(
        name="strategies",
        question="What share of a clairvoyant's profit do allocation strategies earn in markets with known truth?",
        run=strategies,
        shown=lambda row: row["markets"] == "all markets",
    ),
    Benchmark(
        name="own_days",
        question="Are curves fitted to this engine's own days right about spends that it did not try?",
        run=own_days,
    ),
    Benchmark(
        name="simulate_speed",
        question="How many policy-days a second does one core simulate, and where does a day's time go?",
        run=simulate_speed,
    ),
    Benchmark(
        name="batch_speed",
        question="How many shops a minute, what does a second process add, and what does it cost beside a bare loop?",
        run=batch_speed,
    ),
    Benchmark(
        name="batch_disturbed",
        question="What does a batch lose when a worker dies every five seconds and five shops are poison?",
        run=batch_disturbed,
    ),
    Benchmark(
        name="batch_pooling",
        question="What does a small shop gain from the shops of its category?",
        run=batch_pooling,
    ),
    Benchmark(
        name="batch_festival",
        question="What is a festival calendar worth to shops whose exports do not name the sale's days?",
        run=batch_festival,
    ),
    Benchmark(
        name="backtest_online_ads",
        question="On real data, does a fitted curve forecast better than a constant return?",
        run=backtest_online_ads,
    ),
    Benchmark(
        name="backtest_conjura",
        question="Do 60 days of a real brand's channels forecast the next 7 days' clicks from their spend?",
        run=backtest_conjura,
        shown=lambda row: int(row["days x channels"]) >= 100,
    ),
    Benchmark(
        name="crossfit_kag_facebook",
        question="On real ads in cells of three, does a pooled curve forecast better, and is any such cell trusted?",
        run=crossfit_kag_facebook,
    ),
)
