"""Things in a report that are allowed but that a person should look at; each is one warning."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from adspend_datasets.headers import HeaderMatch
from adspend_datasets.import_report import Notes, step
from adspend_datasets.names import look_alikes
from adspend_datasets.raw_table import RawTable
from adspend_datasets.report import MEASURE_COLUMNS, TrafficReport
from adspend_datasets.row_codes import row_codes
from adspend_datasets.text import Text

_PHONE_HEADER = re.compile(r"手机|电话|联系方式|phone|mobile|\btel\b|收货|姓名|身份证|地址", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+?86[- ]?)?1[3-9][0-9]{9}")


def oddity_warnings(report: TrafficReport) -> tuple[Text, ...]:
    """Warns of refunds above GMV, clicks above impressions, GMV without orders, look-alike names, mixed bases."""
    rows = report.rows
    value = {name: rows[name].array for name in MEASURE_COLUMNS}
    found = [
        (value["refund_fen"] > value["gmv_fen"], "退款大于成交", "refunds above GMV"),
        (value["clicks"] > value["impressions"], "点击多于展示", "more clicks than impressions"),
        ((value["gmv_fen"] > 0) & (value["orders"] == 0), "有成交金额却没有订单", "GMV without orders"),
    ]
    counted = [(int(mask.to_numpy(dtype=bool, na_value=False).sum()), zh, en) for mask, zh, en in found]
    warnings = [
        Text(f"有 {count} 行{zh}，请核对", f"{count} rows have {en}, check them") for count, zh, en in counted if count
    ]
    return (*warnings, *_names(rows), *_bases(rows))


def _names(rows: pd.DataFrame) -> Iterable[Text]:
    for column in ("segment", "slot", "product"):
        for group in look_alikes(rows[column].unique()):
            zh, en = "、".join(f"「{name}」" for name in group), ", ".join(f"'{name}'" for name in group)
            yield Text(
                f"{zh} 很像，是不是同一个？现按不同的算", f"{en} look alike, are they one? They count as different"
            )


def _bases(rows: pd.DataFrame) -> Iterable[Text]:
    if len(set(rows["basis"].tolist())) < 2:
        return
    cell = ["segment", "slot", "lever"]
    count = int(row_codes(rows, [*cell, "basis"]).max(initial=-1) - row_codes(rows, cell).max(initial=-1))
    if count:  # there are two bases, so a cell with both is one more pair
        yield Text(
            f"{count} 个投放单元既有直接成交又有整体成交，分开计算",
            f"{count} cells have both direct and overall GMV, which are kept apart",
        )


def unused_columns(table: RawTable, data: RawTable, match: HeaderMatch) -> Notes:
    """Counts the columns that are dropped, names those that hold personal data, and those that were second choice."""
    warnings = []
    for column in match.unknown:
        texts = [text for text in data.cells[:, column.index].tolist()[:200] if text]
        phones = sum(bool(_PHONE.fullmatch(text)) for text in texts)
        if _PHONE_HEADER.search(column.header) or 2 * phones > len(texts) > 0:
            warnings.append(
                Text(
                    f"{table.file} 的「{column.header}」像是个人信息，没有读取；请从导出里去掉",
                    f"{table.file}: '{column.header}' looks like personal data and was not read; leave it out",
                )
            )
    for column in match.second:
        warnings.append(
            Text(
                f"{table.file} 的「{column.header}」与另一列含义相同，没有采用",
                f"{table.file}: '{column.header}' means the same as another column and was not used",
            )
        )
    dropped = step("没有用到的列", "columns not used", len(match.unknown))
    return Notes(warnings=tuple(warnings)) + dropped
