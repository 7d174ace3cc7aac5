"""The ``batch`` command: many shops from a roster to plans and a reconciled summary."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from adspend.app.arguments import date_argument, minutes_argument, yuan_argument
from adspend.app.batch_progress import progress_bars
from adspend.app.batch_result import need_a_plan, print_summary, told
from adspend.app.read_inputs import calendar_file, policy_file
from adspend.app.rebate_arguments import rebate_arguments
from adspend.batch.foreign import refuse_foreign
from adspend.batch.orders import Orders
from adspend.batch.pooling import Categories, learn_categories
from adspend.batch.publish import publish, withdraw
from adspend.batch.roster import read_roster
from adspend.batch.run import opened, run_shops
from adspend.batch.shop_work import plan_shop
from adspend.batch.summary import summarise
from adspend.engine import Engine, LocalEngine
from adspend.money import fen
from adspend_datasets.errors import Fault, Place, UsageError
from adspend_datasets.text import Language, Text


def run_batch(
    shops: Path,
    reports: Path | None,
    date: str,
    out: Path,
    *,
    workers: int,
    dask: str | None,
    pool: bool,
    policy: Path | None,
    calendar: Path | None,
    agency_budget: str | None,
    agency_rebate: Sequence[str],
    shop_minutes: float,
    full: bool,
    language: Language,
    json_only: bool,
) -> None:
    """Plans every shop of the roster; a shop without a plan is a record with its reason, never a stopped run.

    Raises:
        UsageError: a wrong argument, a file that is not there, another run at work in ``out``, or files of
            others in its way there.
        BadDataError: a manifest or calendar that breaks its laws.
        NoPlanError: no shop has a plan, or the records do not account for every shop.
    """
    day, agency = date_argument(date), yuan_argument(agency_budget, "--agency-budget")
    tiers, minutes = rebate_arguments(agency_rebate), minutes_argument(shop_minutes, "--shop-minutes")
    rules, rules_file = policy_file(policy)
    festivals, festivals_file = calendar_file(calendar)
    jobs = read_roster(shops, _folder(reports))
    refuse_foreign(out, jobs, (shops, reports))
    with opened(out) as ledger, _engine(workers, dask) as engine, progress_bars(language, quiet=json_only) as bar:
        withdraw(out)
        categories: Categories = ()
        if pool:
            categories = learn_categories(
                jobs, day, ledger, engine, festivals=festivals, shop_minutes=minutes, progress=bar(LEARNING)
            )
        orders = Orders(
            date=day,
            out=out,
            language=language,
            full=full,
            policy=rules,
            policy_file=rules_file,
            categories=categories,
            shop_minutes=minutes,
            festivals=festivals,
            calendar=festivals_file,
        )
        outcome = run_shops(jobs, orders, ledger, engine, work=plan_shop, progress=bar(PLANNING))
        summary = summarise(day, ledger.records(), categories, None if agency is None else fen(agency), tiers)
        paths = publish(summary, out, language, full=full)
    if json_only:
        print(json.dumps(told(summary, outcome, paths), ensure_ascii=False))
    else:
        print_summary(summary, outcome, paths, language)
    need_a_plan(summary, paths)


LEARNING = Text("学习类目", "learning categories")
PLANNING = Text("规划店铺", "planning shops")


@contextmanager
def _engine(workers: int, dask: str | None) -> Iterator[Engine]:
    if dask is None:
        with LocalEngine(workers, load) as local:
            yield local
        return
    from adspend.dask_engine import DaskEngine

    with DaskEngine(dask) as cluster:
        yield cluster


def load() -> None:
    """Imports what a worker needs before the first shop is charged for it."""
    import gc

    import adspend.batch.pooling
    import adspend.batch.shop_work  # noqa: F401

    gc.freeze()  # what was imported lives as long as the process: the collector need not walk it for every shop


def _folder(path: Path | None) -> Path | None:
    if path is not None and not path.is_dir():
        law, remedy = Text("报表目录必须存在", "the folder must exist"), Text("请检查命令", "Check the command")
        place = Place(column="--reports")
        raise UsageError([Fault(code="E-FOLDER-MISSING", law=law, value=str(path), place=place, remedy=remedy)])
    return path
