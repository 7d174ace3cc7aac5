"""Reading a curve file made elsewhere: ``segment,slot,cost,value`` and optionally ``orders,gmv``, one row per point.

``value`` is net value before ad cost, yuan per day; every measure is piecewise linear between the rows and 0 at cost 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from adspend.shop import MOST_YUAN, Shop
from adspend.table_curves import CurveRows, TableCurves
from adspend_datasets.cell import Cell
from adspend_datasets.errors import BadDataError, Fault, Place
from adspend_datasets.raw_table import RawTable
from adspend_datasets.source_file import read_source
from adspend_datasets.tables import file_tables
from adspend_datasets.text import Text

REQUIRED = ("segment", "slot", "cost", "value")
OPTIONAL = ("orders", "gmv")
MOST = 1e11  # yuan or orders: micro-units of it still fit in 64 bits
MOST = float(MOST_YUAN)  # of any number: in micro-units it still fits in 64 bits
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,17})?([eE][+-]?[0-9]{1,2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    row: int
    cost: float
    value: float
    orders: float
    gmv: float


def read_curve_file(path: Path, shop: Shop) -> TableCurves:
    """The shop's cells with the curves of a file.

    Raises:
        BadDataError: columns or cells unknown, text where a number belongs or a number beyond any shop, a cost repeated
            or with too many decimals, a measure that is not 0 at cost 0; every fault of the file at once.
    """
    table = file_tables(read_source(path)).tables[0]
    columns = _columns(table)
    faults: list[Fault] = []
    points: dict[Cell, list[_Point]] = {}
    known = set(shop.grid)
    for r in range(1, table.cells.shape[0]):
        texts = {name: str(table.cells[r, column]) for name, column in columns.items()}
        cell = Cell(texts["segment"], texts["slot"])
        if cell not in known:
            faults.append(_unknown_cell(table.place(r, "segment, slot"), cell))
            continue
        found = list(_number_faults(table, r, texts))
        faults += found
        if not found:
            points.setdefault(cell, []).append(_point(int(table.rows[r]), texts))
    for cell, rows in points.items():
        faults += _shape_faults(path.name, cell, rows)
    if faults:
        raise BadDataError(faults)
    return TableCurves(cells=shop.grid, rows=tuple(_rows(points.get(cell, [])) for cell in shop.grid))


def _columns(table: RawTable) -> dict[str, int]:
    header = [str(name).strip().lower() for name in table.cells[0]] if table.cells.size else []
    missing = [name for name in REQUIRED if name not in header]
    twice = [name for name in (*REQUIRED, *OPTIONAL) if header.count(name) > 1]
    laws = []
    if missing:
        laws.append(Text(f"必须有列 {'、'.join(missing)}", f"the columns {', '.join(missing)} must be there"))
    if twice:
        laws.append(Text(f"列 {'、'.join(twice)} 只能出现一次", f"the columns {', '.join(twice)} must occur once"))
    if laws:
        raise BadDataError([_column_fault(table.file, header, law) for law in laws])
    return {name: header.index(name) for name in (*REQUIRED, *OPTIONAL) if name in header}


def _column_fault(file: str, header: list[str], law: Text) -> Fault:
    remedy = Text(
        f"表头写成 {','.join(REQUIRED)}（可加 orders,gmv）", f"Write the header {','.join(REQUIRED)} (+ orders,gmv)"
    )
    return Fault(code="E-CURVE-COLUMNS", law=law, value=",".join(header), place=Place(file=file, row=1), remedy=remedy)


def _number_faults(table: RawTable, r: int, texts: dict[str, str]) -> Iterator[Fault]:
    for name, text in texts.items():
        if name in ("segment", "slot"):
            continue
        if not text and name in OPTIONAL:
            continue
        place = table.place(r, name)
        if not _NUMBER.fullmatch(text):
            yield _fault("E-CURVE-NUMBER", Text("必须是数字", "a number must stand here"), text, place)
            continue
        number = float(text)
        if name == "cost" and not (0 <= number <= MOST and round(number * 100) == round(number * 100, 6)):
            law = Text(
                f"花费必须在 0 到 {MOST:,.0f} 元之间、最多两位小数",
                f"a cost must be 0 to {MOST:,.0f} yuan with at most 2 decimals",
            )
            yield _fault("E-CURVE-COST", law, text, place)
        elif abs(number) > MOST:
            law = Text(f"绝对值不得超过 {MOST:,.0f}", f"a number must be within {MOST:,.0f}")
            yield _fault("E-CURVE-NUMBER", law, text, place)
        elif name in OPTIONAL and number < 0:
            yield _fault("E-CURVE-NEGATIVE", Text("不得小于 0", "orders and GMV must be at least 0"), text, place)


def _point(row: int, texts: dict[str, str]) -> _Point:
    number = {name: float(texts.get(name) or 0.0) for name in ("cost", "value", "orders", "gmv")}
    return _Point(row=row, **number)


def _shape_faults(file: str, cell: Cell, rows: list[_Point]) -> Iterator[Fault]:
    seen: set[float] = set()
    for point in rows:
        place = Place(file=file, row=point.row, column="cost")
        if point.cost in seen:
            law = Text(f"「{cell.label}」的每个花费只能出现一次", f"a cost must occur once for '{cell.label}'")
            yield _fault("E-CURVE-TWICE", law, f"{point.cost:g}", place)
        elif point.cost == 0 and (point.value or point.orders or point.gmv):
            law = Text("花费为 0 时一切必须为 0", "at cost 0 every measure must be 0")
            yield _fault("E-CURVE-ORIGIN", law, f"{point.value:g}", place)
        seen.add(point.cost)
    if seen == {0.0}:
        law = Text(f"「{cell.label}」必须有花费大于 0 的行", f"'{cell.label}' needs a row with a cost above 0")
        yield _fault("E-CURVE-EMPTY", law, "", Place(file=file, row=rows[0].row, column="cost"))


def _rows(points: list[_Point]) -> CurveRows | None:
    ordered = sorted((point for point in points if point.cost > 0), key=lambda point: point.cost)
    if not ordered:
        return None
    names = ("cost", "value", "orders", "gmv")
    return CurveRows(**{name: np.array([getattr(point, name) for point in ordered]) for name in names})


def _unknown_cell(place: Place, cell: Cell) -> Fault:
    law = Text("单元必须在店铺文件 [cells] 中", "the cell must be one of [cells] in the shop file")
    remedy = Text("请补进 segments / slots，或删去该行", "Add it to segments / slots, or delete the row")
    return Fault(code="E-CURVE-CELL", law=law, value=cell.label, place=place, remedy=remedy)


def _fault(code: str, law: Text, value: str, place: Place) -> Fault:
    return Fault(code=code, law=law, value=value, place=place, remedy=Text("请改正该行", "Correct the row"))
