"""The ``adspend`` command. Heavy imports wait inside the commands, so that ``--help`` answers at once.

Exit codes: 0 done, 2 usage, 3 no plan is possible (tune: no better policy was found), 4 bad data. Errors go to standard
error, never as a traceback.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from adspend.app.batch_command import batch
from adspend.app.options import Budget, DateOption, Json, LangOption, OutDir, PolicyFile, Reports, ShopFile
from adspend.app.options import language_of as _language
from adspend.app.options import run_command as _run

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="抖音直播投流预算引擎：报表 → 响应曲线 → 有最优性证明的次日预算。\n\n"
    "From traffic reports to a certified daily budget plan for livestream shops.\n\n"
    "例 / Example:  adspend plan report.csv --shop shop.toml --date 2026-11-23 --out plans/",
)


@app.command()
def plan(
    shop: ShopFile,
    date: DateOption,
    out: OutDir,
    reports: Reports = None,
    budget: Budget = None,
    policy: PolicyFile = None,
    lang: LangOption = None,
    json_only: Json = False,
) -> None:
    """由报表生成次日投放计划；不给报表则安排冷启动测试日。

    Plan tomorrow's budgets from reports; without a report, plan the first test day.

    例 / Example:  adspend plan 千川报表.csv --shop shop.toml --date 2026-11-23 --out plans/2026-11-23
    """
    language = _language(lang)

    def work() -> None:
        from adspend.app.run_plan import run_plan

        run_plan(reports or [], shop, date, out, budget=budget, policy=policy, language=language, json_only=json_only)

    _run(work, language)


@app.command()
def allocate(
    curves: Annotated[
        Path, typer.Option("--curves", metavar="CURVES.csv", help="曲线表：segment,slot,cost,value / curve table")
    ],
    shop: ShopFile,
    out: OutDir,
    budget: Budget = None,
    date: Annotated[
        str | None,
        typer.Option("--date", metavar="YYYY-MM-DD", help="计划日期，默认今天 / default: today"),
    ] = None,
    curve_days: Annotated[
        int | None,
        typer.Option("--curve-days", min=1, help="他家曲线一行是几天 / days that a row of another tool's curve covers"),
    ] = None,
    curve_outcome: Annotated[
        Literal["gmv", "orders"] | None,
        typer.Option("--curve-outcome", help="他家曲线的产出：成交额或订单 / what another tool's curve promises"),
    ] = None,
    lang: LangOption = None,
    json_only: Json = False,
) -> None:
    """用其他工具导出的曲线直接分配预算。

    Allocate a budget on curves made elsewhere: columns segment,slot,cost,value and optionally orders,gmv, or the export
    of Meridian, Robyn or pymc-marketing together with --curve-days and --curve-outcome.

    例 / Example:  adspend allocate --curves curves.csv --shop shop.toml --budget 20000 --out plans/given
    """
    language = _language(lang)

    def work() -> None:
        from adspend.app.run_plan import run_allocate

        run_allocate(
            curves,
            shop,
            date,
            out,
            budget=budget,
            days=curve_days,
            outcome=curve_outcome,
            language=language,
            json_only=json_only,
        )

    _run(work, language)


@app.command()
def fit(
    reports: Annotated[list[Path], typer.Argument(metavar="REPORT...", help="平台导出的报表 / exported reports")],
    shop: ShopFile,
    date: DateOption,
    out: Annotated[Path, typer.Option("--out", metavar="CURVES.json", help="曲线文件 / curve file")],
    lang: LangOption = None,
    json_only: Json = False,
) -> None:
    """拟合响应曲线并给出评级。

    Fit the response curves and grade each: PASS, REVIEW or FAIL, with the reason.

    例 / Example:  adspend fit 千川报表.csv --shop shop.toml --date 2026-11-23 --out curves.json
    """
    language = _language(lang)

    def work() -> None:
        from adspend.app.run_fit import run_fit

        run_fit(reports, shop, date, out, language=language, json_only=json_only)

    _run(work, language)


@app.command("design-test")
def design_test(
    shop: ShopFile,
    date: Annotated[str, typer.Option("--date", metavar="YYYY-MM-DD", help="测试首日 / first day of the test")],
    out: OutDir,
    reports: Reports = None,
    test_budget: Annotated[
        str | None,
        typer.Option("--test-budget", metavar="YUAN", help="测试总花费上限，默认按策略比例 / most to spend in all"),
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=7, help="测试天数 / days of testing")] = 3,
    policy: PolicyFile = None,
    lang: LangOption = None,
    json_only: Json = False,
) -> None:
    """设计测试：哪些单元、什么档位、哪几天，最能改进之后的预算。

    Design a test: the cells, levels and days that most improve the plans after it, within a test budget.

    例 / Example:  adspend design-test 千川报表.csv --shop shop.toml --date 2026-11-23 --test-budget 6000 --out tests/
    """
    language = _language(lang)

    def work() -> None:
        from adspend.app.run_design import run_design

        files, typed = reports or [], test_budget
        run_design(
            files, shop, date, out, budget=typed, days=days, policy=policy, language=language, json_only=json_only
        )

    _run(work, language)


@app.command()
def simulate(
    out: OutDir,
    world: Annotated[
        str | None, typer.Option("--world", metavar="FAMILY[:SEED]", help="市场族与种子 / market family and its seed")
    ] = None,
    twin: Annotated[
        list[Path] | None, typer.Option("--twin", metavar="REPORT", help="用报表拟合的本店孪生 / a twin of your shop")
    ] = None,
    shop: Annotated[
        Path | None, typer.Option("--shop", metavar="SHOP.toml", help="店铺文件，配合 --twin / shop file, with --twin")
    ] = None,
    strategy: Annotated[
        list[str] | None,
        typer.Option("--strategy", metavar="NAME", help="策略名或 文件.py:类名，可多次 / name or file.py:Class"),
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="天数 / days")] = 30,
    seed: Annotated[int, typer.Option("--seed", min=0, help="策略自身的随机种子 / the strategies' own seed")] = 0,
    lang: LangOption = None,
    json_only: Json = False,
) -> None:
    """模拟：让策略在真相已知的市场里逐日投放，与先知基线比较。

    Run strategies day by day through a market with known curves, and compare them with the clairvoyant.

    例 / Example:  adspend simulate --world stationary:1 --strategy engine --strategy thompson --out runs/
    """
    language = _language(lang)

    def work() -> None:
        from adspend.app.run_simulate import run_simulate

        names = strategy or []
        run_simulate(world, twin or [], shop, names, out, days=days, seed=seed, language=language, json_only=json_only)

    _run(work, language)


app.command()(batch)


@app.command()
def benchmark(
    out: OutDir,
    suite: Annotated[
        Literal["small", "published"], typer.Option("--suite", help="小型或公布的基准 / which suite")
    ] = "small",
    families: Annotated[
        str | None, typer.Option("--families", metavar="A,B", help="市场族，逗号分隔 / families of markets")
    ] = None,
    strategies: Annotated[
        str | None, typer.Option("--strategies", metavar="A,B", help="策略名或 文件.py:类名 / names or files")
    ] = None,
    seeds: Annotated[int | None, typer.Option("--seeds", min=1, help="每族店铺数 / shops of each family")] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="天数 / days")] = 30,
    cells: Annotated[
        Literal["48", "96"] | None, typer.Option("--cells", help="每店单元数 / cells of each shop")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, max=256, help="进程数，默认核数 / processes")
    ] = None,
    lang: LangOption = None,
    json_only: Json = False,
) -> None:
    """基准：多类市场 × 多个店铺 × 多种策略，与先知基线比较；中断后重跑同一命令即接着算。

    Measure strategies over families of markets and seeds against the clairvoyant. Finished jobs are kept in
    DIR/jobs.jsonl: the same command goes on where it was stopped.

    例 / Example:  adspend benchmark --families stationary,festival --strategies engine,mine.py:Mine --out bench/
    """
    language = _language(lang)

    def work() -> None:
        from adspend.app.run_benchmark import Choice, run_benchmark

        chosen = Choice(
            suite=suite,
            families=families,
            strategies=strategies,
            seeds=seeds,
            days=days,
            cells=None if cells is None else int(cells),
        )
        run_benchmark(chosen, out, workers=workers or os.cpu_count() or 1, language=language, json_only=json_only)

    _run(work, language)


@app.command()
def tune(
    out: OutDir,
    reports: Reports = None,
    shop: Annotated[
        Path | None, typer.Option("--shop", metavar="SHOP.toml", help="店铺文件，配合报表 / shop file, with reports")
    ] = None,
    families: Annotated[
        str | None, typer.Option("--families", metavar="A,B", help="训练用的市场族，默认全部 / training families")
    ] = None,
    trials: Annotated[int, typer.Option("--trials", min=1, max=10_000, help="试验次数 / trials")] = 64,
    batch: Annotated[int, typer.Option("--batch", min=1, max=256, help="每批试验数 / trials a batch")] = 8,
    workers: Annotated[int, typer.Option("--workers", min=1, max=256, help="进程数，不影响结果 / processes")] = 1,
    seed: Annotated[int, typer.Option("--seed", min=0, help="搜索的随机种子 / the search's seed")] = 0,
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="每次模拟天数 / days of a run")] = 30,
    worlds: Annotated[
        int | None,
        typer.Option("--worlds", min=1, max=50, help="每族训练市场数，默认 2；孪生 12 / training worlds a family"),
    ] = None,
    fresh: Annotated[
        int | None,
        typer.Option("--fresh", min=1, max=100, help="每族复核市场数，默认 4；孪生 24 / held-out worlds a family"),
    ] = None,
    candidates: Annotated[int, typer.Option("--candidates", min=1, max=20, help="候选数 / candidates")] = 3,
    cells: Annotated[
        str, typer.Option("--cells", metavar="SEGMENTSxSLOTS", help="市场的单元数 / cells of a market")
    ] = "6x8",
    resume: Annotated[
        bool, typer.Option("--resume", help="续跑 --out 里的研究 / go on with the study in --out")
    ] = False,
    lang: LangOption = None,
    json_only: Json = False,
) -> None:
    """调参：在模拟市场或本店孪生上搜索更好的放量策略，在从未见过的市场上复核。

    Search a better policy on markets, or on twins of your shop (reports and --shop), and judge it on worlds never
    tuned on. Writes policy.toml only if it is better than the default there; otherwise says so and exits with 3.

    例 / Example:  adspend tune --trials 64 --workers 2 --out tuned/
    """
    language = _language(lang)

    def work() -> None:
        from adspend.app.run_tune import run_tune, size_of
        from adspend.tuning.tune import TuneSettings

        size = size_of(worlds, fresh, cells, is_twin=shop is not None)
        settings = TuneSettings(trials=trials, batch=batch, seed=seed, days=days, candidates=candidates)
        files, count = reports or [], workers
        run_tune(
            files,
            shop,
            families,
            size,
            settings,
            out,
            count=count,
            resume=resume,
            language=language,
            json_only=json_only,
        )

    _run(work, language)


@app.command()
def verify(
    plan_file: Annotated[Path, typer.Argument(metavar="plan.json", help="计划文件 / plan file")],
    lang: LangOption = None,
    json_only: Json = False,
) -> None:
    """独立检验一份计划：每条限制、每个数字和最优性证明。

    Check a plan independently: every limit, every number and the certificate, in exact arithmetic.

    例 / Example:  adspend verify plans/2026-11-23/plan.json
    """
    language = _language(lang)

    def work() -> None:
        from adspend.app.run_verify import run_verify

        run_verify(plan_file, language=language, json_only=json_only)

    _run(work, language)


def main() -> None:
    """The console script."""
    # Small matrices gain nothing from BLAS threads, which stall for seconds when the cores are busy; set before numpy.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    app()
