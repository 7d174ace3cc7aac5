"""Reading a curve file: ``segment,slot,cost,value`` and optionally ``orders,gmv,grade``, one row per point.

``value`` is net value before ad cost, yuan per day; every measure is piecewise linear between the rows and 0 at cost 0.
``grade`` is the cell's, as ``adspend fit`` writes it: PASS, REVIEW or FAIL.
The export of another tool (``adspend_datasets.curve_profile``) is read too: there a channel is a segment, and the
tool's outcome becomes value by the shop's economics:

    orders = outcome, gmv = order_value x orders      where the tool modelled orders
    gmv = outcome                                     where it modelled GMV
    value = net_value_rate x gmv
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from adspend.money import nearest_fen
from adspend.shop import MOST_YUAN, Shop
from adspend.table_curves import CurveRows, TableCurves
from adspend_datasets.cell import Cell
from adspend_datasets.curve_profile import CurveProfile, Outcome, curve_profiles, recognised, unsaid
from adspend_datasets.errors import BadDataError, Fault, Place, UsageError
from adspend_datasets.foreign_curves import ForeignPoint, foreign_points
from adspend_datasets.raw_table import RawTable, capped
from adspend_datasets.slots import standard_slot
from adspend_datasets.source_file import read_source
from adspend_datasets.tables import file_tables
from adspend_datasets.text import Text
from adspend_models.bank import Grade

REQUIRED = ("segment", "slot", "cost", "value")
OPTIONAL = ("orders", "gmv")
NAMES = ("segment", "slot", "grade")  # the columns that hold no number
MOST = float(MOST_YUAN)  # of any number: in micro-units it still fits in 64 bits
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,17})?([eE][+-]?[0-9]{1,2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    row: int
    cost: float
    value: float
    orders: float
    gmv: float


def read_curve_file(path: Path, shop: Shop, *, days: int | None = None, outcome: Outcome | None = None) -> TableCurves:
    """The shop's cells with the curves of a file.

    Args:
        path: the file.
        shop: its cells and economics.
        days: of another tool's export only: the days that one row's spend and outcome cover.
        outcome: of another tool's export only: what the tool modelled.

    Raises:
        UsageError: another tool's export without ``days`` or ``outcome``, or a file of our own with them.
        BadDataError: columns or cells unknown, text where a number belongs or a number beyond any shop, a cost repeated
            or with too many decimals, a measure that is not 0 at cost 0; every fault of the file at once.
    """
    table = file_tables(read_source(path)).tables[0]
    header = _header(table)
    profile = None if set(REQUIRED) <= set(header) else recognised(header)
    if profile is not None:
        return _read_foreign(table, shop, profile, days, outcome)
    columns = _columns(table, header)
    if days is not None or outcome is not None:
        raise UsageError([_already_per_day()])
    return _read_own(table, shop, columns)


def _read_own(table: RawTable, shop: Shop, columns: dict[str, int]) -> TableCurves:
    faults: list[Fault] = []
    points: dict[Cell, list[_Point]] = {}
    grades: dict[Cell, Grade] = {}
    known = set(shop.grid)
    for r in range(1, table.cells.shape[0]):
        texts = {name: str(table.cells[r, column]) for name, column in columns.items()}
        cell = Cell(texts["segment"], standard_slot(texts["slot"]))
        if cell not in known:
            faults.append(_unknown_cell(table.place(r, "segment, slot"), cell))
            continue
        found = [*_number_faults(table, r, texts), *_grade_faults(table, r, texts, grades.get(cell))]
        faults += found
        if not found:
            points.setdefault(cell, []).append(_point(int(table.rows[r]), texts))
            if "grade" in texts:
                grades[cell] = Grade(texts["grade"])
    for cell, rows in points.items():
        faults += _shape_faults(table.file, cell, rows)
    if faults:
        raise BadDataError(faults)
    return TableCurves(
        cells=shop.grid,
        rows=tuple(_rows(points.get(cell, [])) for cell in shop.grid),
        grades=tuple(grades.get(cell) for cell in shop.grid),
    )


def _read_foreign(
    table: RawTable, shop: Shop, profile: CurveProfile, days: int | None, outcome: Outcome | None
) -> TableCurves:
    if days is None or outcome is None:
        raise UsageError(list(unsaid(table.file, profile, days, outcome)))
    if outcome == "orders" and "order_value" not in shop.prior.model_fields_set:
        raise BadDataError([_no_order_value(table.file)])
    found = foreign_points(table, profile, days)
    known = set(shop.grid)
    faults = [
        _unknown_cell(Place(table.file, p.row, profile.channel), p.cell) for p in _firsts(found) if p.cell not in known
    ]
    faults += [_too_much(Place(table.file, p.row, profile.outcome), p) for p in found if max(p.cost, p.outcome) > MOST]
    if faults:
        raise BadDataError(capped(faults))
    points: dict[Cell, dict[int, _Point]] = {}
    for p in found:
        points.setdefault(p.cell, {})[nearest_fen(p.cost)] = _worth(p, shop, outcome)  # the last within a fen stays
    rows = tuple(_rows(points.get(cell, {}).values()) for cell in shop.grid)
    what = Text("成交额", "GMV") if outcome == "gmv" else Text("订单数", "orders")
    origin = Text(
        f"{profile.title.zh}，产出为{what.zh}，每 {days} 天折成日均，未经本引擎检验",
        f"{profile.title.en}: {what.en} over {days} days made daily, not judged here",
    )
    return TableCurves(cells=shop.grid, rows=rows, origin=origin)


def _worth(point: ForeignPoint, shop: Shop, outcome: Outcome) -> _Point:
    """A tool's point in the shop's money. Orders stay 0 where the tool knows only GMV: nothing is made up."""
    orders = point.outcome if outcome == "orders" else 0.0
    gmv = point.outcome if outcome == "gmv" else shop.prior.order_value * point.outcome
    cost = nearest_fen(point.cost) / 100
    return _Point(row=point.row, cost=cost, value=shop.economics.net_value_rate * gmv, orders=orders, gmv=gmv)


def _header(table: RawTable) -> list[str]:
    return [str(name).strip().lower() for name in table.cells[0]] if table.cells.size else []


def _columns(table: RawTable, header: list[str]) -> dict[str, int]:
    missing = [name for name in REQUIRED if name not in header]
    twice = [name for name in (*REQUIRED, *OPTIONAL, "grade") if header.count(name) > 1]
    laws = []
    if missing:
        laws.append(Text(f"必须有列 {'、'.join(missing)}", f"the columns {', '.join(missing)} must be there"))
    if twice:
        laws.append(Text(f"列 {'、'.join(twice)} 只能出现一次", f"the columns {', '.join(twice)} must occur once"))
    if laws:
        raise BadDataError([_column_fault(table.file, header, law) for law in laws])
    return {name: header.index(name) for name in (*REQUIRED, *OPTIONAL, "grade") if name in header}


def _column_fault(file: str, header: list[str], law: Text) -> Fault:
    tools = [" + ".join(profile.required) for profile in curve_profiles()]
    remedy = Text(
        f"表头写成 {','.join(REQUIRED)}（可加 orders,gmv,grade），或用以下工具导出的列：{'；'.join(tools)}",
        f"Write the header {','.join(REQUIRED)} (+ orders,gmv,grade), or use a tool's columns: {'; '.join(tools)}",
    )
    return Fault(code="E-CURVE-COLUMNS", law=law, value=",".join(header), place=Place(file=file, row=1), remedy=remedy)


def _number_faults(table: RawTable, r: int, texts: dict[str, str]) -> Iterator[Fault]:
    for name, text in texts.items():
        if name in NAMES or (not text and name in OPTIONAL):
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


def _grade_faults(table: RawTable, r: int, texts: dict[str, str], before: Grade | None) -> Iterator[Fault]:
    text = texts.get("grade")
    if text is None or text == before:
        return
    if text not in list(Grade):
        names = list(Grade)
        law = Text(f"评级只能是 {'、'.join(names)}", f"a grade must be one of {', '.join(names)}")
        yield _fault("E-CURVE-GRADE", law, text, table.place(r, "grade"))
    elif before is not None:
        law = Text(f"同一单元的评级必须一致，前面为 {before}", f"a cell must have one grade, it was {before} before")
        yield _fault("E-CURVE-GRADE", law, text, table.place(r, "grade"))


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


def _firsts(points: Iterable[ForeignPoint]) -> list[ForeignPoint]:
    """The first point of every cell: a channel that the shop does not know is said once, not for every point."""
    return list({point.cell: point for point in reversed(list(points))}.values())[::-1]


def _rows(points: Iterable[_Point]) -> CurveRows | None:
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


def _already_per_day() -> Fault:
    return Fault(
        code="E-CURVE-UNIT",
        law=Text(
            "表头为 segment,slot,cost,value 的文件已是每天的净值",
            "a file of segment,slot,cost,value is per day already",
        ),
        place=Place(column="--curve-days, --curve-outcome"),
        remedy=Text("请去掉这两个参数", "Leave these two options out"),
    )


def _no_order_value(file: str) -> Fault:
    return Fault(
        code="E-CURVE-ORDER-VALUE",
        law=Text(
            "订单数要折成钱，店铺文件必须写明客单价", "orders become money only if the shop file says what one is worth"
        ),
        place=Place(file, column="--curve-outcome"),
        remedy=Text("在 [prior] 写 order_value = 元", "Write order_value = yuan under [prior]"),
    )


def _too_much(place: Place, point: ForeignPoint) -> Fault:
    law = Text(f"每天不得超过 {MOST:,.0f}", f"a day's spend and outcome must be within {MOST:,.0f}")
    return _fault("E-CURVE-NUMBER", law, f"{point.cost:g}, {point.outcome:g}", place)
