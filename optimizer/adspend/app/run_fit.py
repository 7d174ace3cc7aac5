"""The ``fit`` command: response curves with grades, as a table and a curve file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from adspend.app.arguments import date_argument, shop_argument
from adspend.app.read_inputs import read_shop_reports
from adspend.app.terminal import print_curves, working
from adspend.day import fitted_bank, known_report
from adspend.outputs.files import write_file
from adspend_datasets.text import Language
from adspend_models.bank_json import curves_to_json


def run_fit(
    reports: Sequence[Path], shop_path: Path, date: str, out: Path, *, language: Language, json_only: bool
) -> None:
    """Reads, fits, grades and writes the curve bank."""
    day = date_argument(date)
    shop = shop_argument(shop_path, None)
    with working(language, quiet=json_only) as say:
        say("读取报表", "reading reports")
        report, _ = read_shop_reports(shop, reports)
        say("拟合曲线", "fitting curves")
        bank = fitted_bank(shop, known_report(shop, report, day), day)
    text = curves_to_json(bank)
    write_file(out, text.encode("utf-8"))
    if json_only:
        print(json.dumps({"file": str(out), "cells": len(bank.cells)}, ensure_ascii=False))
    else:
        print_curves(bank, out, language)
