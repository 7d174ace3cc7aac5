"""The ``batch`` command's options and help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adspend.app.options import CalendarFile, DateOption, Json, LangOption, OutDir, PolicyFile, language_of, run_command
from adspend.batch.time_limit import SHOP_MINUTES

AgencyBudget = Annotated[
    str | None,
    typer.Option("--agency-budget", metavar="YUAN", help="在店铺间分配的总预算 / a budget to split over the shops"),
]
AgencyRebates = Annotated[
    list[str] | None,
    typer.Option("--agency-rebate", metavar="START=RATE", help="合计消耗的返点档，可多次 / rebate tier over all shops"),
]
ShopMinutes = Annotated[
    float, typer.Option("--shop-minutes", metavar="N", help="每店最多几分钟 / minutes a shop may take")
]


def batch(
    shops: Annotated[Path, typer.Argument(metavar="SHOPS", help="店铺文件夹或名册 CSV / shop files or manifest")],
    date: DateOption,
    out: OutDir,
    reports: Annotated[
        Path | None, typer.Option("--reports", metavar="DIR", help="报表目录：NAME.csv 或 NAME/ / folder of reports")
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, max=256, help="本机进程数 / processes")] = 1,
    dask: Annotated[
        str | None, typer.Option("--dask", metavar="tcp://HOST:PORT", help="Dask 调度器 / scheduler to run on")
    ] = None,
    pool: Annotated[
        bool, typer.Option("--pool/--no-pool", help="同类目店铺互相借力 / borrow strength within a category")
    ] = True,
    policy: PolicyFile = None,
    calendar: CalendarFile = None,
    agency_budget: AgencyBudget = None,
    agency_rebate: AgencyRebates = None,
    shop_minutes: ShopMinutes = SHOP_MINUTES,
    full: Annotated[
        bool, typer.Option("--full", help="每店另出工作簿与页面，约 0.2 MB / workbook and page for each shop")
    ] = False,
    lang: LangOption = None,
    json_only: Json = False,
) -> None:
    """批量：成百上千家店铺一次规划，中断后重跑同一命令即续跑。

    Plan many shops in one run; after an interruption the same command goes on where it stopped.

    退出码：有计划 0，一家都没有 3（原因见 summary.html）。 / Exit code: 0 with a plan, 3 where no shop has one.

    例 / Example:  adspend batch shops/ --reports reports/ --date 2026-11-23 --out plans/2026-11-23 --workers 2
    """
    language = language_of(lang)

    def work() -> None:
        from adspend.app.run_batch import run_batch

        run_batch(
            shops,
            reports,
            date,
            out,
            workers=workers,
            dask=dask,
            pool=pool,
            policy=policy,
            calendar=calendar,
            agency_budget=agency_budget,
            agency_rebate=agency_rebate or [],
            shop_minutes=shop_minutes,
            full=full,
            language=language,
            json_only=json_only,
        )

    run_command(work, language)
