"""The ``simulate`` command: strategies run day by day through a market with known truth, against the clairvoyant."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from adspend.app.arguments import shop_argument, strategy_arguments
from adspend.app.read_inputs import read_shop_reports
from adspend.app.terminal import working
from adspend.contest import CLAIRVOYANT_LABEL, Contest, hold_contest
from adspend.day import fitted_bank, known_report
from adspend.market_shop import market_shop
from adspend.outputs.simulate_json import known
from adspend.outputs.simulate_page import headline, percent
from adspend.outputs.write_simulate import write_simulation
from adspend.shop import Shop
from adspend.strategies.registry import builtin_strategies
from adspend.suite import MARKETS
from adspend_datasets.errors import BadDataError, Fault, Place, UsageError
from adspend_datasets.text import Language, Text
from adspend_models.market.festival import NO_FESTIVAL, FestivalCalendar
from adspend_models.market.twin import twin_world
from adspend_models.market.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where the strategies meet: a world, its shop, its first day and its festivals."""

    world: World
    shop: Shop
    name: Text
    first: datetime.date
    calendar: FestivalCalendar = NO_FESTIVAL


def run_simulate(
    market: str | None,
    twin: Sequence[Path],
    shop_path: Path | None,
    names: Sequence[str],
    out: Path,
    *,
    days: int,
    seed: int,
    language: Language,
    json_only: bool,
) -> None:
    """Finds the market and the strategies, runs them and writes; without ``--strategy`` every built-in one."""
    if (market is None) == (not twin):
        law = Text("--world 与 --twin 须且只须给一个", "exactly one of --world and --twin must be given")
        remedy = Text("例如 --world stationary:1", "For example --world stationary:1")
        raise UsageError([_fault("--world", law, remedy)])
    strategies = strategy_arguments(names or tuple(builtin_strategies()))
    with working(language, quiet=json_only) as say:
        if market is not None:
            stage = _stage_of_market(market, shop_path)
        else:
            say("读取报表并拟合曲线", "reading reports and fitting curves")
            stage = _stage_of_twin(twin, shop_path, seed)
        contest = hold_contest(
            stage.world,
            stage.shop,
            strategies,
            market=stage.name,
            first=stage.first,
            days=days,
            seed=seed,
            calendar=stage.calendar,
            progress=lambda label, done: say(f"{label.zh}：第 {done}/{days} 天", f"{label.en}: day {done}/{days}"),
        )
        paths = write_simulation(contest, out, language=language)
    if json_only:
        print(json.dumps(_summary(contest, paths), ensure_ascii=False))
    else:
        _print_contest(contest, paths, language)


def _stage_of_market(spec: str, shop_path: Path | None) -> Stage:
    """A shop of a family: FAMILY or FAMILY:SEED."""
    if shop_path is not None:
        law = Text("--world 自带店铺，不能再给 --shop", "a --world brings its own shop: --shop must not be given")
        raise UsageError([_fault("--shop", law, Text("去掉 --shop，或改用 --twin", "Drop --shop, or use --twin"))])
    name, _, typed = spec.partition(":")
    if name not in MARKETS or not (typed or "0").isdecimal():
        law = Text("须写成 市场族 或 市场族:种子", "a world must be written FAMILY or FAMILY:SEED")
        remedy = Text(f"可选：{'、'.join(MARKETS)}", f"Choose one of {', '.join(MARKETS)}")
        raise UsageError([_fault("--world", law, remedy, spec)])
    case = MARKETS[name](int(typed or "0"))
    words = Text(f"市场 {name}，种子 {case.seed}", f"market {name}, seed {case.seed}")
    return Stage(world=case.world, shop=market_shop(case), name=words, first=case.first, calendar=case.calendar)


def _stage_of_twin(reports: Sequence[Path], shop_path: Path | None, seed: int) -> Stage:
    """A world drawn from the shop's own fitted curves, from the day after its report; a cold start all the same."""
    if shop_path is None:
        law = Text("--twin 须同时给 --shop", "--twin needs --shop")
        raise UsageError([_fault("--shop", law, Text("例如 --shop shop.toml", "For example --shop shop.toml"))])
    shop = shop_argument(shop_path, None)
    report, _ = read_shop_reports(shop, reports)
    if report.last_date is None:
        law = Text("报表里没有可用的行", "the report must have rows")
        raise BadDataError([Fault(code="E-EMPTY", law=law, remedy=Text("请检查报表", "Check the report"))])
    first = report.last_date + datetime.timedelta(days=1)
    bank = fitted_bank(shop, known_report(shop, report, first), first)
    words = Text(f"本店孪生，种子 {seed}", f"twin of the shop, seed {seed}")
    world = twin_world(bank, seed, refund_rate=shop.economics.refund_rate)
    return Stage(world=world, shop=shop, name=words, first=first)


def _fault(option: str, law: Text, remedy: Text, value: str = "") -> Fault:
    return Fault(code="E-SIMULATE", law=law, value=value, place=Place(column=option), remedy=remedy)


def _summary(contest: Contest, paths: Sequence[Path]) -> dict[str, object]:
    """What a script wants to know of a contest."""
    return {
        "market": contest.market.en,
        "days": len(contest.best.cost),
        "clairvoyant_net": round(float(contest.best.expected.sum()), 2),
        "strategies": {
            entry.run.name: {
                "share": known(entry.share),
                "first_week": known(entry.first_week),
                "last_week": known(entry.last_week),
                "days_until_90": entry.days_until_90,
                "violations": int(entry.run.violations.sum()),
            }
            for entry in contest.entries
        },
        "files": [str(path) for path in paths],
    }


def _print_contest(contest: Contest, paths: Sequence[Path], language: Language) -> None:
    """The scores on standard output, and where the files are."""
    console = Console(soft_wrap=True, highlight=False)
    console.print(headline(contest).pick(language), markup=False)
    console.print(_table(contest, language))
    for path in paths:
        console.print(str(path), markup=False)


def _table(contest: Contest, language: Language) -> Table:
    table = Table(title=contest.market.pick(language))
    table.add_column(Text("策略", "strategy").pick(language))
    heads = (
        Text("期望净利润", "expected net"),
        Text("占先知", "share"),
        Text("第一周", "first week"),
        Text("最后一周", "last week"),
        Text("达到 90%", "days to 90 %"),
    )
    for head in heads:
        table.add_column(head.pick(language), justify="right")
    table.add_row(CLAIRVOYANT_LABEL.pick(language), f"{contest.best.expected.sum():,.0f}", "100%", "", "", "")
    for entry in contest.entries:
        until = "–" if entry.days_until_90 is None else str(entry.days_until_90)
        shares = (percent(entry.share), percent(entry.first_week), percent(entry.last_week))
        table.add_row(entry.label.pick(language), f"{entry.run.expected.sum():,.0f}", *shares, until)
    return table
