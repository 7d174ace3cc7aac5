"""The ``tune`` command: a search for a better policy. Heavy imports wait inside it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from adspend.app.options import Json, LangOption, OutDir, Reports, language_of, run_command


def tune(
    out: OutDir,
    reports: Reports = None,
    shop: Annotated[
        Path | None, typer.Option("--shop", metavar="SHOP.toml", help="店铺文件，配合报表 / shop file, with reports")
    ] = None,
    families: Annotated[
        str | None, typer.Option("--families", metavar="A,B", help="训练用的市场族，默认全部 / training families")
    ] = None,
    policy: Annotated[
        str | None,
        typer.Option("--policy", metavar="POLICY", help="要超过的策略：文件或内置名 / policy to beat: file or preset"),
    ] = None,
    numbers: Annotated[
        str | None, typer.Option("--numbers", metavar="A,B", help="只调这些参数，默认全部 / numbers to tune")
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
    language = language_of(lang)

    def work() -> None:
        from adspend.app.run_tune import run_tune, size_of
        from adspend.tuning.tune import TuneSettings

        size = size_of(worlds, fresh, cells, is_twin=shop is not None)
        settings = TuneSettings(trials=trials, batch=batch, seed=seed, days=days, candidates=candidates)
        tuned = partial(run_tune, policy=policy, numbers=numbers, count=workers, resume=resume)
        tuned(reports or [], shop, families, size, settings, out, language=language, json_only=json_only)

    run_command(work, language)
