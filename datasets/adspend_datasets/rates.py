"""Rate columns are not used, but a rate written in two ways shows that a file was patched together: refused.

``12.3%`` beside ``0.123`` is plain to see. ``0.123`` beside ``12.3`` is told by the row itself: a click rate must be
clicks over impressions, or a hundred times that. A rule such as "above 1 means percent" is wrong for 0.8 %.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from adspend_datasets.amounts import parse_rate
from adspend_datasets.errors import Fault
from adspend_datasets.headers import Column, HeaderMatch
from adspend_datasets.import_report import Notes
from adspend_datasets.profile import RATE_FIELDS
from adspend_datasets.raw_table import RawTable, parse_each
from adspend_datasets.text import Text

_ROUNDING = 1e-4  # a rate is shown with two decimals of a percent
_SLACK = 0.02  # and platforms leave out some clicks as invalid

Rates = dict[str, tuple[int, bool]]


def check_rates(table: RawTable, match: HeaderMatch, measures: pd.DataFrame) -> Notes:
    """Finds rate columns that mix forms (12.3%, 0.123, 12.3) and names two rows of different form."""
    faults: list[Fault] = []
    for name in RATE_FIELDS:
        for column in match.columns.get(name, ()):
            texts: list[str] = table.cells[:, column.index].tolist()
            rates, _ = parse_each((text for text in texts if text not in match.profile.missing_tokens), parse_rate)
            pair = _signs(texts, rates)
            if pair is None and name == "ctr":
                pair = _scales(texts, rates, measures)
            faults += [_fault(table, column, texts, *pair)] if pair else []
    return Notes(faults=tuple(faults))


def _fault(table: RawTable, column: Column, texts: Sequence[str], first: int, second: int) -> Fault:
    law = Text(
        f"同一列比率只能有一种写法，这里有 {texts[first]} 也有 {texts[second]}",
        f"a rate column must be written in one way, here are both {texts[first]} and {texts[second]}",
    )
    remedy = Text("请统一成带 % 的写法", "write all of them with a percent sign")
    place = table.place(max(first, second), column.header)
    return Fault(code="E-RATE-MIXED", law=law, remedy=remedy, value=texts[max(first, second)], place=place)


def _signs(texts: Sequence[str], rates: Rates) -> tuple[int, int] | None:
    """The first rate with a percent sign and the first without; a zero needs no sign."""
    read = [(index, rates[text]) for index, text in enumerate(texts) if text in rates and rates[text][0]]
    return _first_of_both((index for index, rate in read if rate[1]), (index for index, rate in read if not rate[1]))


def _scales(texts: Sequence[str], rates: Rates, measures: pd.DataFrame) -> tuple[int, int] | None:
    """The first rate that is its row's clicks over impressions, and the first that is a hundred times that."""
    written = np.array([rates[text][0] / 10**6 if text in rates else np.nan for text in texts])
    shown = measures["impressions"].to_numpy(dtype=float, na_value=np.nan)
    clicks = measures["clicks"].to_numpy(dtype=float, na_value=np.nan)
    true = clicks / np.where(shown > 0, shown, np.nan)
    slack = _ROUNDING + _SLACK * true
    fraction, percent = np.abs(written - true) <= slack, np.abs(written / 100 - true) <= slack
    return _first_of_both(np.flatnonzero(fraction & ~percent), np.flatnonzero(percent & ~fraction))


def _first_of_both(one: Iterable[int], other: Iterable[int]) -> tuple[int, int] | None:
    first, second = next(iter(one), None), next(iter(other), None)
    return None if first is None or second is None else (int(first), int(second))
