"""Rate columns are not used, but a rate written in two ways shows that a file was patched together: refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from adspend_datasets.amounts import parse_rate
from adspend_datasets.errors import Fault
from adspend_datasets.headers import Column, HeaderMatch
from adspend_datasets.import_report import Notes
from adspend_datasets.profile import RATE_FIELDS
from adspend_datasets.raw_table import RawTable, parse_each
from adspend_datasets.text import Text

Rates = dict[str, tuple[int, bool]]


def check_rates(table: RawTable, match: HeaderMatch) -> Notes:
    """Finds rate columns that mix forms (12.3%, 0.123, 12.3) and names two rows of different form."""
    faults: list[Fault] = []
    for name in RATE_FIELDS:
        for column in match.columns.get(name, ()):
            faults += _mixed(table, match, column)
    return Notes(faults=tuple(faults))


def _mixed(table: RawTable, match: HeaderMatch, column: Column) -> Iterable[Fault]:
    texts = table.cells[:, column.index].tolist()
    rates, _ = parse_each((text for text in texts if text not in match.profile.missing_tokens), parse_rate)
    with_sign = [text for text in texts if text in rates and rates[text][1] and rates[text][0]]
    without = [text for text in texts if text in rates and not rates[text][1] and rates[text][0]]
    pair = (with_sign[0], without[0]) if with_sign and without else _two_scales(without, rates, column)
    if pair:
        law = Text(
            f"同一列比率只能有一种写法，这里有 {pair[0]} 也有 {pair[1]}",
            f"a rate column must be written in one way, here are both {pair[0]} and {pair[1]}",
        )
        remedy = Text("请统一成带 % 的写法", "write all of them with a percent sign")
        index = max(texts.index(pair[0]), texts.index(pair[1]))
        yield Fault(
            code="E-RATE-MIXED", law=law, remedy=remedy, value=texts[index], place=table.place(index, column.header)
        )


def _two_scales(without: Sequence[str], rates: Rates, column: Column) -> tuple[str, str] | None:
    """Signless rates of which some are fractions and some percentages: most are below 1, yet some are above.

    A column whose header says (%) may hold both 0.8 and 12.3, and so may any column whose usual value is above 1.
    """
    if column.unit == "percent" or not without:
        return None
    above = [text for text in without if rates[text][0] > 10**6]
    if not above or median(rates[text][0] for text in without) * 20 > median(rates[text][0] for text in above):
        return None
    return next(text for text in without if rates[text][0] <= 10**6), above[0]
