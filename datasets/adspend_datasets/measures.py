"""Measure columns to integers: each distinct text parsed once, missing kept missing, every conversion counted."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adspend_datasets.amounts import Amount, format_yuan, parse_count, parse_fen
from adspend_datasets.headers import Column, HeaderMatch
from adspend_datasets.import_report import Notes, step
from adspend_datasets.profile import MONEY_FIELDS, FieldName
from adspend_datasets.raw_table import RawTable, faults_of, parse_each

# The frame column of each measure field.
FRAME_COLUMNS: dict[FieldName, str] = {
    "cost": "cost_fen",
    "impressions": "impressions",
    "clicks": "clicks",
    "orders": "orders",
    "gmv": "gmv_fen",
    "refund_gmv": "refund_fen",
}

# Whole columns of plain digits, one number a line.
_YUAN = re.compile(r"(?:[0-9]{1,11}(?:\.[0-9]{1,2})?\n)+")
_CENTS = re.compile(r"(?:[0-9]{1,11}\.[0-9]{2}\n)+")
_COUNT = re.compile(r"(?:[0-9]{1,12}\n)+")


class _Read(NamedTuple):
    values: pd.arrays.IntegerArray
    notes: Notes


def read_measures(table: RawTable, match: HeaderMatch, currency: str) -> tuple[pd.DataFrame, Notes]:
    """Reads every measure of a table's rows.

    Returns:
        A frame with the columns cost_fen, impressions, clicks, orders, gmv_fen and refund_fen as Int64, one row per
        row of the table, <NA> where missing or refused; and what was converted or refused.
    """
    frame: dict[str, pd.arrays.IntegerArray] = {}
    notes = Notes()
    size = len(table.cells)
    for name, frame_column in FRAME_COLUMNS.items():
        columns = match.columns.get(name)
        if columns is None:
            frame[frame_column] = pd.arrays.IntegerArray(np.zeros(size, dtype=np.int64), np.ones(size, dtype=bool))
            continue
        read = _read(table, columns[0], name in MONEY_FIELDS, match, currency)
        frame[frame_column] = read.values
        notes += read.notes
    return pd.DataFrame(frame), notes


def _read(table: RawTable, column: Column, money: bool, match: HeaderMatch, currency: str) -> _Read:
    missing = match.profile.missing_tokens
    texts: list[str] = table.cells[:, column.index].tolist()
    values, mask = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=bool)
    present = texts
    if not missing.isdisjoint(texts):
        mask[:] = [text in missing for text in texts]
        present = [text for text in texts if text not in missing]
    plain = _plain(present, column.unit)
    if plain is not None:
        values[~mask] = plain
        return _Read(pd.arrays.IntegerArray(values, mask), Notes())
    parse: Callable[[str], Amount]
    if money:
        parse = partial(parse_fen, unit=column.unit, currency=currency)
    else:
        parse = partial(parse_count, fractions=column.unit == "fractional_count")
    parsed, refused = parse_each(present, parse)
    nothing = Amount(0)
    values[:] = [parsed.get(text, nothing).value for text in texts]
    mask |= np.array([text in refused for text in texts], dtype=bool)
    notes = Notes(faults=faults_of(table, column.header, texts, refused)) + _conversions(column.header, texts, parsed)
    return _Read(pd.arrays.IntegerArray(values, mask), notes)


def _plain(texts: list[str], unit: str) -> NDArray[np.int64] | None:
    """The values of a column in which every text is plain digits, None otherwise.

    It gives what the parsers of ``amounts`` give, at once for a whole column: up to 13 digits a float is exact, so
    rounding its hundredfold is too.
    """
    column = "\n".join([*texts, ""])
    if column.count("\n") != len(texts):
        return None  # a cell of two lines
    if unit == "count" and _COUNT.fullmatch(column):
        return np.fromstring(column, dtype=np.int64, sep="\n")
    if unit == "yuan" and _CENTS.fullmatch(column):  # with both decimals written, yuan are fen with a point inside
        return np.fromstring(column.replace(".", ""), dtype=np.int64, sep="\n")
    if unit == "yuan" and _YUAN.fullmatch(column):
        return np.rint(np.fromstring(column, sep="\n") * 100).astype(np.int64)
    return None


def _conversions(header: str, texts: list[str], parsed: dict[str, Amount]) -> Notes:
    """Says how often 万 was expanded, with an example, and how often digits below the unit were rounded away."""
    scaled = [text for text in texts if text in parsed and parsed[text].scaled]
    rounded = [text for text in texts if text in parsed and parsed[text].rounded]
    notes = Notes()
    if scaled:
        example = f"{scaled[0]} → {format_yuan(parsed[scaled[0]].value)}"
        notes += step(f"「{header}」展开万/亿：{example} 元", f"{header}: 万/亿 expanded, {example}", len(scaled))
    return notes + step(f"「{header}」四舍五入到最小单位", f"{header}: rounded to the smallest unit", len(rounded))
