"""One matched table to lines: every column read, totals checked, what is not used reported."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from adspend_datasets.cell import ALL
from adspend_datasets.cumulative import difference
from adspend_datasets.data_rows import data_rows
from adspend_datasets.duplicates import drop_repeats
from adspend_datasets.errors import Fault
from adspend_datasets.headers import HeaderMatch
from adspend_datasets.import_report import Notes
from adspend_datasets.lines import LINE_COLUMNS, FrameColumns, Lines, Origin
from adspend_datasets.measures import read_measures
from adspend_datasets.moments import read_moments
from adspend_datasets.names import clean_name
from adspend_datasets.oddities import unused_columns
from adspend_datasets.plausibility import cpm_notes
from adspend_datasets.profile import FieldName
from adspend_datasets.rates import check_rates
from adspend_datasets.raw_table import RawTable
from adspend_datasets.report import MEASURE_COLUMNS
from adspend_datasets.text import Text
from adspend_datasets.text_columns import empty_names, read_texts
from adspend_datasets.totals import check_totals


def table_lines(table: RawTable, match: HeaderMatch, *, mapped: bool, shop: str, currency: str) -> tuple[Lines, Notes]:
    """Reads a table.

    Args:
        table: the table.
        match: its header, complete.
        mapped: whether plan mapping rules are given.
        shop: the shop the file must be of, "" for any.
        currency: the currency its money must be in.

    Returns:
        Its lines, repeats dropped and running totals differenced, and everything that was found.

    Raises:
        BadDataError: E-TABLE-EMPTY.
    """
    rows, notes = data_rows(table, match)
    data = rows.data
    moments, moment_notes = read_moments(data, match)
    texts, text_notes = read_texts(data, match)
    measures, measure_notes = read_measures(data, match, currency)
    numbers = {name: measures[name].array for name in MEASURE_COLUMNS}
    columns = {**moments, **texts, **numbers, **_segment(texts, match, mapped)}
    columns |= {"origin": 0, "row": data.rows, "snapshot": False, "rest": _rest(data, match)}
    headers = {name: found[0].header for name, found in match.columns.items()}
    origin = Origin(file=table.file, sheet=table.sheet, headers=headers)
    lines = Lines(frame=pd.DataFrame({name: columns[name] for name in LINE_COLUMNS}), origins=(origin,))
    notes += moment_notes + measure_notes
    unsound = bool(notes.faults)  # what needs sound rows, dates and numbers would only report the same faults again
    notes += text_notes + check_rates(data, match, measures) + unused_columns(table, data, match)
    notes += Notes(faults=empty_names(data, match, lines))
    currencies = texts["currency"].tolist()
    notes += Notes(faults=(*_foreign_shop(lines, shop), *_foreign_currency(lines, currencies, currency)))
    if unsound:
        return lines, notes
    return _finished(lines, match, notes + check_totals(rows, measures, match, currency))


def _finished(lines: Lines, match: HeaderMatch, notes: Notes) -> tuple[Lines, Notes]:
    """Repeats dropped, running totals differenced, the cost of an impression checked."""
    lines, repeat_notes = drop_repeats(lines, same=("rest",))
    notes += repeat_notes
    if match.profile.cumulative and "captured_at" in match.columns and not repeat_notes.faults:
        lines, cumulative_notes = difference(lines)
        notes += cumulative_notes
    return lines, notes + cpm_notes(lines, match.profile)


def _segment(texts: FrameColumns, match: HeaderMatch, mapped: bool) -> dict[str, Any]:
    """Decides where segments come from: the file's column, the plan mapping, or one default for all.

    Where a mapping decides, a breakdown column of the file (age ...) only keeps rows apart until they are summed.
    """
    has_plan = bool(match.columns.keys() & {"plan_id", "plan_name"})
    if match.profile.segment_source == "column":
        return {"by_plan": False}
    default = match.profile.default_segment
    if has_plan and mapped:
        detail = pd.Series(texts["detail"]) + "\n" + pd.Series(texts["segment"])
        return {"by_plan": True, "detail": detail, "segment": default}
    if "segment" in match.columns:
        return {"by_plan": False}
    if has_plan and not default:
        return {"by_plan": True}
    return {"by_plan": False, "segment": default or ALL}


def _rest(data: RawTable, match: HeaderMatch) -> np.ndarray:
    """One code per distinct content of the columns that are not used."""
    if not match.unknown:
        return np.zeros(len(data.cells), dtype=np.int64)
    contents = data.cells[:, [column.index for column in match.unknown]].tolist()
    return pd.factorize(np.array([*map(tuple, contents), None], dtype=object)[:-1])[0].astype(np.int64)


def _foreign_shop(lines: Lines, shop: str) -> tuple[Fault, ...]:
    """Rows of another shop, or of several shops where none is asked for."""
    names = lines.frame["shop"].tolist()
    wanted = clean_name(shop) if shop else next((name for name in names if name), "")
    law = Text(f"文件必须属于店铺「{wanted}」", f"the file must be of the shop '{wanted}'")
    remedy = Text("请换成该店铺的报表，或改 --shop", "give a report of this shop, or choose the other shop")
    return _foreign(lines, names, wanted, "E-SHOP", law, remedy, "shop")


def _foreign_currency(lines: Lines, names: Iterable[str], currency: str) -> tuple[Fault, ...]:
    law = Text(f"金额必须是 {currency}", f"amounts must be in {currency}")
    remedy = Text("请按店铺币种导出，或改店铺的 currency", "export in the shop's currency, or set its currency")
    return _foreign(lines, [name.upper() for name in names], currency, "E-CURRENCY", law, remedy, "currency")


def _foreign(
    lines: Lines, values: list[str], wanted: str, code: str, law: Text, remedy: Text, field: FieldName
) -> tuple[Fault, ...]:
    """One fault for each other value, at its first row."""
    return tuple(
        Fault(
            code=code,
            law=law,
            remedy=remedy,
            value=value,
            place=lines.place(values.index(value), field),
        )
        for value in dict.fromkeys(values)
        if value and value != wanted
    )
