"""curves.csv: the fitted curves as a table, for spreadsheets, scripts and ``adspend allocate --curves``.

One row per cell and cost, yuan per day. ``value`` is net value before ad cost, the column that ``allocate`` splits by,
and is 0 at cost 0. ``tested`` is false beyond the largest cost a cell has tried; ``allocate`` takes every row at its
word, so delete those rows to keep a budget within what was tried. A cell graded FAIL it gives nothing.
"""

from __future__ import annotations

import csv
import io

import numpy as np

from adspend.money import nearest_fen
from adspend.outputs.plan_csv import as_text, exact_yuan
from adspend_models.bank_table import BankTable, bank_table
from adspend_models.posterior import PosteriorBank

HEADER = (
    "segment",
    "slot",
    "lever",
    "cost",
    "value",
    "orders",
    "gmv",
    "orders_low",
    "orders_high",
    "tested",
    "grade",
)


def curve_csv(bank: PosteriorBank, net_value_rate: float) -> bytes:
    """The file's bytes: UTF-8 with a byte-order mark, so that Excel shows Chinese.

    Args:
        bank: The fitted curves.
        net_value_rate: Net value before ad cost per yuan of GMV.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    table = bank_table(bank)
    for i in range(len(bank.cells)):
        for j in np.unique(table.cost[i], return_index=True)[1]:  # below 0.4 yuan two costs may be the same fen
            writer.writerow(_row(bank, table, i, j, net_value_rate))
    return text.getvalue().encode("utf-8-sig")


def _row(bank: PosteriorBank, table: BankTable, i: int, j: np.intp, net_value_rate: float) -> tuple[str, ...]:
    cell, orders = bank.cells[i], table.orders[i, j]
    gmv = float(orders * bank.order_value[i])
    return (
        as_text(cell.segment),
        as_text(cell.slot),
        as_text(cell.lever),
        _yuan(float(table.cost[i, j])),
        _yuan(gmv * net_value_rate),
        _count(orders),
        _yuan(gmv),
        _count(table.low[i, j]),
        _count(table.high[i, j]),
        "true" if table.tested[i, j] else "false",
        bank.gradings[i].grade.value,
    )


def _yuan(amount: float) -> str:
    return exact_yuan(nearest_fen(amount))


def _count(orders: np.float64) -> str:
    """Expected orders; 4 decimals are finer than any band."""
    return f"{orders:.4f}"
