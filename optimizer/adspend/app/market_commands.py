"""The commands that run strategies through markets with known truth. Heavy imports wait inside them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from adspend.app.options import Json, LangOption, OutDir, language_of, run_command


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
    language = language_of(lang)

    def work() -> None:
        from adspend.app.run_simulate import run_simulate

        names = strategy or []
        run_simulate(world, twin or [], shop, names, out, days=days, seed=seed, language=language, json_only=json_only)

    run_command(work, language)


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
    language = language_of(lang)

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

    run_command(work, language)
