"""The laws of a report's numbers, as a pandera schema: checked lazily, every broken cell listed at once.

The readers refuse most breaches earlier, with the file's row; this schema is the last gate, and the one that tables
made elsewhere pass as well. pandera takes half a second to import, so it is imported when first needed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from adspend_datasets.errors import Fault, Place
from adspend_datasets.raw_table import capped
from adspend_datasets.report import COLUMNS, MEASURE_COLUMNS, TrafficReport
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
    import pandera.errors

    try:
        _schema().validate(report.rows, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        rows = [None if pd.isna(index) else int(index) + 1 for index in cases["index"].tolist()]
        columns = zip(
            cases["check"].astype(str),
            cases["column"].astype(str),
            rows,
            cases["failure_case"].astype(str),
            strict=True,
        )
        return capped([_fault(*case) for case in columns])
    return ()


def _fault(check: str, column: str, row: int | None, value: str) -> Fault:
    law = _LAWS.get(check, Text(f"必须满足 {check}", f"{check} must hold"))
    return Fault(code="E-SCHEMA", law=law, remedy=_REMEDY, value=value, place=Place("", row, column))


@cache
def _schema() -> pa.DataFrameSchema:
    import pandera.pandas as pa

    def not_negative(column: pd.Series[int]) -> pd.Series[bool]:
        return column >= 0

    def known_day(column: pd.Series[pd.Timestamp]) -> pd.Series[bool]:
        return (column == column.dt.normalize()) & column.dt.year.between(2000, 2099)

    def named(column: pd.Series[str]) -> pd.Series[bool]:
        return column != ""

    def known_basis(column: pd.Series[str]) -> pd.Series[bool]:
        return column.isin(["direct", "overall"])

    checks: dict[str, Callable[..., Any]] = {"date": known_day, "segment": named, "slot": named, "basis": known_basis}
    measures = {name: pa.Column("Int64", pa.Check(not_negative), nullable=True) for name in MEASURE_COLUMNS}
    texts = {
        name: pa.Column(None, pa.Check(checks[name]) if name in checks else None)
        for name in COLUMNS
        if name not in MEASURE_COLUMNS
    }
    return pa.DataFrameSchema(
        {name: {**measures, **texts}[name] for name in COLUMNS}, unique=_KEY, strict=True, ordered=True
    )
