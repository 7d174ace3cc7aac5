"""design.csv: one row per test day of a cell, in the order of the days, for the platform's back office."""

from __future__ import annotations

import csv
import io

from adspend.design import TestDesign
from adspend.outputs.design_words import stop_rule, why_tested
from adspend.outputs.plan_csv import as_text, exact_yuan
from adspend_datasets.festivals import TEST_PHASE
from adspend_datasets.text import Language

HEADER = (
    "date",
    "segment",
    "slot",
    "phase",
    "budget",
    "expected_orders",
    "stop_without_order_at",
    "cell_cost",
    "cell_learning_per_day",
    "change_chance",
    "power",
    "stop_rule",
    "reason",
)


def design_csv(design: TestDesign, language: Language) -> bytes:
    """The file's bytes: UTF-8 with a byte-order mark, so that Excel shows Chinese."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    for day, date in enumerate(design.dates):
        for test in design.tests:
            if test.schedule_fen[day]:
                writer.writerow(
                    (
                        date.isoformat(),
                        as_text(test.cell.segment),
                        as_text(test.cell.slot),
                        TEST_PHASE,
                        exact_yuan(test.schedule_fen[day]),
                        f"{test.mean_orders[day]:.2f}",
                        exact_yuan(test.stop_fen),
                        exact_yuan(test.cost_fen),
                        exact_yuan(test.gain_fen),
                        f"{test.change:.3f}",
                        f"{test.power:.3f}",
                        as_text(stop_rule(test).pick(language)),
                        as_text(why_tested(test).pick(language)),
                    )
                )
    return text.getvalue().encode("utf-8-sig")
