"""Typed values from what was typed on the command line."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from zoneinfo import ZoneInfo

from adspend.money import fen
from adspend.shop import MOST_YUAN, Shop, read_shop
from adspend.strategies.registry import load_strategy
from adspend.strategies.strategy import Strategy
from adspend_datasets.errors import Fault, Place, UsageError
from adspend_datasets.text import Text

SHORTEST_MINUTES, LONGEST_MINUTES = 0.01, 1440  # a day


def date_argument(typed: str) -> datetime.date:
    """The date of ``--date``.

    Raises:
        UsageError: not an ISO date.
    """
    try:
        return datetime.date.fromisoformat(typed)
    except ValueError:
        law = Text("日期必须写成 YYYY-MM-DD", "a date must be written YYYY-MM-DD")
        raise UsageError([_fault("E-DATE", "--date", law, typed, "2026-11-23")]) from None


def today(shop: Shop) -> datetime.date:
    """The shop's calendar day, never the machine's."""
    return datetime.datetime.now(ZoneInfo(shop.shop.timezone)).date()


def shop_argument(path: Path, budget: str | None) -> Shop:
    """The shop of ``--shop`` with the budget of ``--budget``.

    Raises:
        UsageError: no such file, or not an amount of at most 2 decimals.
        BadDataError: the shop file breaks its laws.
    """
    existing_file(path, "--shop")
    shop = read_shop(path)
    amount = yuan_argument(budget, "--budget")
    return shop if amount is None else shop.with_budget(amount)


def yuan_argument(typed: str | None, option: str) -> Decimal | None:
    """An amount of money; None where nothing was typed.

    Raises:
        UsageError: not an amount of at most 2 decimals.
    """
    if typed is None:
        return None
    try:
        amount = Decimal(typed)
        allowed = 0 <= amount <= MOST_YUAN and fen(amount) >= 0
    except (InvalidOperation, ValueError):
        allowed = False
    if not allowed:
        law = Text("预算必须是不小于 0、最多两位小数的元", "a budget must be yuan, at least 0, with at most 2 decimals")
        raise UsageError([_fault("E-BUDGET", option, law, typed, "25000")])
    return amount


def minutes_argument(typed: float, option: str) -> float:
    """A time limit.

    Raises:
        UsageError: no number of minutes between a hundredth and a day.
    """
    if not SHORTEST_MINUTES <= typed <= LONGEST_MINUTES:  # nan is neither
        law = Text(
            f"分钟数须在 {SHORTEST_MINUTES} 与 {LONGEST_MINUTES:,} 之间",
            f"minutes must be between {SHORTEST_MINUTES} and {LONGEST_MINUTES:,}",
        )
        raise UsageError([_fault("E-MINUTES", option, law, f"{typed:g}", "15")])
    return typed


def existing_file(path: Path, option: str) -> Path:
    """The path, if a file is there.

    Raises:
        UsageError: there is none.
    """
    if not path.is_file():
        law = Text("文件必须存在", "the file must exist")
        raise UsageError([_fault("E-FILE-MISSING", option, law, str(path), "")])
    return path


def strategy_arguments(specs: Sequence[str]) -> list[Strategy]:
    """What the specs name, each once; files tell strategies apart by name.

    Raises:
        UsageError: no such strategy, a broken one, or two of one name.
    """
    found = [load_strategy(spec) for spec in dict.fromkeys(specs)]
    names = [strategy.name for strategy in found]
    if len(set(names)) < len(names):
        law = Text("各策略的 name 不得相同", "the strategies' names must be distinct")
        remedy = Text("请给自己的策略另取 name", "Give your own strategy another name")
        place = Place(column="--strategy")
        raise UsageError([Fault(code="E-STRATEGY", law=law, value=", ".join(names), place=place, remedy=remedy)])
    return found


def _fault(code: str, option: str, law: Text, value: str, example: str) -> Fault:
    remedy = Text("请检查命令", "Check the command")
    if example:
        remedy = Text(f"例如 {option} {example}", f"For example {option} {example}")
    return Fault(code=code, law=law, value=value, place=Place(column=option), remedy=remedy)
