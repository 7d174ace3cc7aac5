"""The ``fit`` command: response curves with grades, as a page, a table and a curve file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from adspend.app.arguments import date_argument, shop_argument
from adspend.app.read_inputs import read_calendar, read_shop_reports
from adspend.app.terminal import print_curves, working
from adspend.day import fitted_bank, known_report
from adspend.notices import festival_notice
from adspend.outputs.curve_csv import curve_csv
from adspend.outputs.curve_page import curve_page
from adspend.outputs.files import write_file
from adspend.refunds import refund_notices
from adspend.report_notices import report_notices
from adspend.shop import Shop
from adspend_datasets.festivals import days_by_festival
from adspend_datasets.text import Language
from adspend_models.bank_json import curves_to_json
from adspend_models.posterior import PosteriorBank


def run_fit(
    reports: Sequence[Path],
    shop_path: Path,
    date: str,
    out: Path,
    *,
    calendar: Path | None,
    language: Language,
    json_only: bool,
) -> None:
    """Reads, fits, grades and writes the curve bank.

    Args:
        reports: Exported reports.
        shop_path: The shop file.
        date: The day the curves are for, YYYY-MM-DD.
        out: A file that ends in .json, for the curve file alone; anything else is a directory for all three files.
        calendar: The festival calendar; None without one.
        language: What a person reads.
        json_only: Whether to print one JSON line instead of the table.
    """
    day = date_argument(date)
    shop, festivals = shop_argument(shop_path, None), read_calendar(calendar)
    with working(language, quiet=json_only) as say:
        say("读取报表", "reading reports")
        report, _ = read_shop_reports(shop, reports)
        say("拟合曲线", "fitting curves")
        known = known_report(shop, report, day)
        bank = fitted_bank(shop, known, day, festivals=festivals)
        factor, days = bank.hyper.phases.get(bank.plan_phase), days_by_festival(festivals.tagged(known))
        festival = festival_notice(bank.plan_phase, factor, days)
        of_report = (*report_notices(shop, report, known, day), *refund_notices(shop, known, day))
        notices = (*of_report, *([festival] if festival else []))
        say("写文件", "writing files")
        files = _write(bank, shop, out, language)
    if json_only:
        names = [str(file) for file in files]
        codes = [notice.code for notice in notices]
        summary = {"file": names[0], "files": names, "cells": len(bank.cells), "notices": codes}
        print(json.dumps(summary, ensure_ascii=False))
    else:
        print_curves(bank, notices, files, language)


def _write(bank: PosteriorBank, shop: Shop, out: Path, language: Language) -> tuple[Path, ...]:
    """The curve file first: it is what other programs wait for."""
    document = curves_to_json(bank).encode("utf-8")
    if out.suffix.lower() == ".json" and not out.is_dir():
        return (write_file(out, document),)
    return (
        write_file(out / "curves.json", document),
        write_file(out / "curves.csv", curve_csv(bank, shop.economics.net_value_rate)),
        write_file(out / "curves.html", curve_page(bank, shop, language).encode("utf-8")),
    )
