"""The ``design-test`` command: a test sheet that says which cells, levels and days teach most."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from adspend.app.arguments import date_argument, existing_file, shop_argument, yuan_argument
from adspend.app.read_inputs import read_calendar, read_shop_reports
from adspend.app.terminal import working
from adspend.day import known_report
from adspend.design import TestDesign
from adspend.designer import design_test
from adspend.money import fen, yuan_text
from adspend.outputs.design_words import headline, stop_rule, worth_lines
from adspend.outputs.write_design import write_design
from adspend.plan import Notice
from adspend.policy import default_policy, read_policy
from adspend.report_notices import report_notices
from adspend_datasets.text import Language, Text


def run_design(
    reports: Sequence[Path],
    shop_path: Path,
    date: str,
    out: Path,
    *,
    budget: str | None,
    days: int,
    policy: Path | None,
    calendar: Path | None,
    language: Language,
    json_only: bool,
) -> None:
    """Reads, fits, designs and writes; without ``--test-budget`` the policy's share of the days' budgets."""
    day = date_argument(date)
    shop = shop_argument(shop_path, None)
    chosen = default_policy(shop) if policy is None else read_policy(existing_file(policy, "--policy"))
    given = yuan_argument(budget, "--test-budget")
    festivals = read_calendar(calendar)
    money = int(shop.budget_fen * chosen.test_share * days) if given is None else fen(given)
    with working(language, quiet=json_only) as say:
        say("读取报表", "reading reports")
        report, _ = read_shop_reports(shop, reports)
        notices = report_notices(shop, report, known_report(shop, report, day), day)
        say("拟合曲线", "fitting curves")
        design = design_test(
            shop,
            chosen,
            report,
            day,
            budget_fen=money,
            days=days,
            progress=lambda done, cells: say(f"比较测试方案 {done}/{cells}", f"comparing tests {done}/{cells}"),
            festivals=festivals,
        )
        paths = write_design(design, out, language=language)
    if json_only:
        print(json.dumps(_summary(design, notices, paths), ensure_ascii=False))
    else:
        _print_design(design, notices, paths, language)


def _summary(design: TestDesign, notices: Sequence[Notice], paths: Sequence[Path]) -> dict[str, object]:
    """What a script wants to know of a designed test."""
    return {
        "date": design.date.isoformat(),
        "days": design.days,
        "budget_fen": design.budget_fen,
        "cost_fen": design.cost_fen,
        "gain_fen": design.gain_fen,
        "cells": len(design.tests),
        "notices": [{"code": notice.code, "severity": notice.severity.value} for notice in notices],
        "files": [str(path) for path in paths],
    }


def _print_design(design: TestDesign, notices: Sequence[Notice], paths: Sequence[Path], language: Language) -> None:
    """The sheet on standard output: notices, the headline, a table, what it is worth, where the files are."""
    console = Console(soft_wrap=True, highlight=False)
    for notice in notices:
        console.print(f"[{notice.severity.value}] {notice.text.pick(language)}", markup=False)
    console.print(headline(design).pick(language), markup=False)
    if design.tests:
        console.print(_table(design, language))
        for line in worth_lines(design):
            console.print(f"  · {line.pick(language)}", markup=False)
    for path in paths:
        console.print(str(path), markup=False)


def _table(design: TestDesign, language: Language) -> Table:
    table = Table(title=f"{design.shop}  {Text('测试设计', 'test design').pick(language)}")
    heads = [
        (Text("单元", "cell"), "left"),
        *((Text(f"{date:%m-%d}", f"{date:%m-%d}"), "right") for date in design.dates),
        (Text("每天多赚", "learning a day"), "right"),
        (Text("改变预算", "change"), "right"),
        (Text("停投规则", "stop rule"), "left"),
    ]
    for head, side in heads:
        table.add_column(head.pick(language), justify="right" if side == "right" else "left")
    for test in design.tests:
        levels = (yuan_text(level) if level else "" for level in test.schedule_fen)
        words = stop_rule(test).pick(language)
        table.add_row(test.cell.label, *levels, yuan_text(test.gain_fen), f"{test.change:.0%}", words)
    return table
