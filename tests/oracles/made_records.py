"""Records of made-up shops: every status, several categories, remarks of each severity, shops that lose money."""

from __future__ import annotations

import random

from adspend.batch.record import Figures, Remark, ShopRecord, Status
from adspend_datasets.text import Text, same

CATEGORIES = ("美妆", "服饰", "食品", "")
CODES = (("BIG-RAISE", "REVIEW"), ("CURVES-REVIEW", "REVIEW"), ("CURVES-REVIEW", "WARN"), ("UNSPENT", "WARN"))


def remark(code: str, severity: str, words: str) -> Remark:
    """A remark whose words are the same in both languages."""
    return Remark(code=code, severity=severity, text=same(words))


def made_record(
    name: str,
    *,
    status: Status = Status.OK,
    category: str = "",
    planned: int = 0,
    budget: int = 0,
    net: int = 0,
    yesterday: tuple[int, int] | None = None,
    remarks: tuple[Remark, ...] = (),
    binding: tuple[Text, ...] = (same("日预算"),),
    frontier: tuple[tuple[int, int], ...] = ((100, 100),),
) -> ShopRecord:
    """One record; ``yesterday`` is (spent, its net), all in fen."""
    figures = Figures(
        budget_fen=budget,
        planned_fen=planned,
        expected_net_fen=net,
        yesterday_fen=None if yesterday is None else yesterday[0],
        yesterday_net_fen=None if yesterday is None else yesterday[1],
        gap=0.0,
        grades=(1, 2, 3),
        binding=binding,
        frontier=frontier,
    )
    return ShopRecord(
        name=name,
        key="",
        status=status,
        shop=f"店铺 {name}",
        category=category,
        remarks=remarks,
        figures=figures if status is Status.OK else None,
    )


def made_records(count: int, seed: int) -> tuple[ShopRecord, ...]:
    """Records by name, one in ten without a plan."""
    luck = random.Random(seed)
    return tuple(_made(f"shop-{number:03d}", luck) for number in range(count))


def _made(name: str, luck: random.Random) -> ShopRecord:
    category = luck.choice(CATEGORIES)
    if luck.random() < 0.1:
        status = luck.choice((Status.FAILED, Status.SKIPPED, Status.QUARANTINED))
        return made_record(name, status=status, category=category, remarks=(remark("E-DATE", "ERROR", f"{name}!"),))
    budget = luck.randrange(10_000, 9_000_000)
    codes = [pair for pair in CODES if luck.random() < 0.3]
    return made_record(
        name,
        category=category,
        budget=budget,
        planned=luck.randrange(budget),
        net=luck.randrange(-500_000, 5_000_000),
        yesterday=None if luck.random() < 0.1 else (luck.randrange(budget), luck.randrange(-500_000, 5_000_000)),
        remarks=tuple(remark(code, severity, f"{code} {name}") for code, severity in codes),
    )
