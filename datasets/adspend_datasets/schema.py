"""The laws of a report's numbers: whether they hold, and as a pandera schema every cell that breaks one.

The readers refuse most breaches earlier, with the file's row; these laws are the last gate, and the one that tables
made elsewhere pass as well. pandera takes half a second to import and longer than the rest of the gate to run, so it
is asked only where a law is broken, to list every cell at once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from adspend_datasets.errors import Fault, Place
from adspend_datasets.raw_table import capped
from adspend_datasets.report import COLUMNS, MEASURE_COLUMNS, TrafficReport
from adspend_datasets.row_codes import row_codes
from adspend_datasets.text import Text

if TYPE_CHECKING:
    import pandera.pandas as pa

_KEY = ["date", "segment", "slot", "lever", "product", "basis"]
_LAWS = {
    "not_negative": Text("数值不能为负", "a value must not be negative"),
    "known_day": Text("日期必须是 2000 到 2099 年的整天", "a date must be a whole day of 2000 to 2099"),
    "named": Text("人群和时段不能为空", "segment and slot must not be empty"),
    "known_basis": Text("成交口径必须是 direct 或 overall", "the basis must be direct or overall"),
    "multiple_fields_uniqueness": Text("一个单元一天只能有一行", "a cell must have one row per day"),
}
_REMEDY = Text("请检查该文件的这一列", "check this column of the file")


def schema_faults(report: TrafficReport) -> tuple[Fault, ...]:
    """Every breach of the report's laws; the row is the report's row, 1 = first."""
    return () if _lawful(report.rows) else _breaches(report.rows)


def _lawful(rows: pd.DataFrame) -> bool:
    """Whether columns and types are those that readers make, every check holds, and no key occurs twice."""
    if tuple(rows.columns) != COLUMNS or rows["date"].dtype.kind != "M":
        return False
    values: dict[str, Any] = {name: rows[name].to_numpy() for name in COLUMNS if name not in MEASURE_COLUMNS}
    if any(pd.isna(texts).any() for texts in values.values()):
        return False
    values["date"] = pd.Series(np.unique(values["date"]))  # each day once
    for name in MEASURE_COLUMNS:
        values[name] = rows[name].array
        if values[name].dtype != "Int64":
            return False
    if not all(check(values[name]).all() for name, check in _CHECKS.items()):  # a missing measure breaks no law
        return False
    return int(row_codes(rows, _KEY).max(initial=-1)) + 1 == len(rows)


def _breaches(rows: pd.DataFrame) -> tuple[Fault, ...]:
    """What pandera finds."""
    import pandera.errors

    try:
        _schema().validate(rows, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        indices = [None if pd.isna(index) else int(index) + 1 for index in cases["index"].tolist()]
        columns = zip(
            cases["check"].astype(str),
            cases["column"].astype(str),
            indices,
            cases["failure_case"].astype(str),
            strict=True,
        )
        return capped([_fault(*case) for case in columns])
    return ()


def _fault(check: str, column: str, row: int | None, value: str) -> Fault:
    law = _LAWS.get(check, Text(f"必须满足 {check}", f"{check} must hold"))
    return Fault(code="E-SCHEMA", law=law, remedy=_REMEDY, value=value, place=Place("", row, column))


# A check takes a column's values, as a series or, all but the day's, as an array.


def _not_negative(column: pd.Series[int]) -> pd.Series[bool]:
    return column >= 0


def _known_day(column: pd.Series[pd.Timestamp]) -> pd.Series[bool]:
    return (column == column.dt.normalize()) & column.dt.year.between(2000, 2099)


def _named(column: pd.Series[str]) -> pd.Series[bool]:
    return column != ""


def _known_basis(column: pd.Series[str]) -> pd.Series[bool]:
    return (column == "direct") | (column == "overall")


_CHECKS: dict[str, Callable[..., Any]] = {
    "date": _known_day,
    "segment": _named,
    "slot": _named,
    "basis": _known_basis,
    **dict.fromkeys(MEASURE_COLUMNS, _not_negative),
}


@cache
def _schema() -> pa.DataFrameSchema:
    import pandera.pandas as pa

    def column(name: str) -> pa.Column:
        check = _CHECKS.get(name)
        named = pa.Check(check, name=check.__name__.removeprefix("_")) if check else None
        return pa.Column("Int64", named, nullable=True) if name in MEASURE_COLUMNS else pa.Column(None, named)

    return pa.DataFrameSchema({name: column(name) for name in COLUMNS}, unique=_KEY, strict=True, ordered=True)
