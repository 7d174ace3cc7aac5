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
from adspend.app.market_commands import benchmark, simulate
from adspend.app.options import (
    Budget,
    CalendarFile,
    DateOption,
    Json,
    LangOption,
    OutDir,
    PolicyFile,
    Reports,
    ShopFile,
)
from adspend.app.options import language_of as _language
from adspend.app.options import run_command as _run
from adspend.app.tune_command import tune

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
    calendar: CalendarFile = None,
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

        run_plan(
            reports or [],
            shop,
            date,
            out,
            budget=budget,
            policy=policy,
            calendar=calendar,
            language=language,
            json_only=json_only,
        )

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

    Allocate a budget on curves made elsewhere: columns segment,slot,cost,value and perhaps orders,gmv,grade, or the
    export of Meridian, Robyn or pymc-marketing together with --curve-days and --curve-outcome.

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
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="DIR",
            help="输出目录；FILE.json 只写曲线文件 / directory; FILE.json for the curve file alone",
        ),
    ],
    calendar: CalendarFile = None,
    lang: LangOption = None,
    json_only: Json = False,
) -> None:
    """拟合响应曲线并给出评级。

    Fit the response curves and grade each: PASS, REVIEW or FAIL, with the reason; a page, a table and a curve file.

    例 / Example:  adspend fit 千川报表.csv --shop shop.toml --date 2026-11-23 --out curves/2026-11-23
    """
    language = _language(lang)

    def work() -> None:
        from adspend.app.run_fit import run_fit

        run_fit(reports, shop, date, out, calendar=calendar, language=language, json_only=json_only)

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
    calendar: CalendarFile = None,
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

        run_design(
            reports or [],
            shop,
            date,
            out,
            budget=test_budget,
            days=days,
            policy=policy,
            calendar=calendar,
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


app.command()(simulate)
app.command()(benchmark)
app.command()(tune)
app.command()(batch)


def main() -> None:
    """The console script."""
    # Small matrices gain nothing from BLAS threads, which stall for seconds when the cores are busy; set before numpy.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    app()
