"""Text columns of a table: names, ids, and the further breakdown that keeps two rows apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adspend_datasets.errors import Fault
from adspend_datasets.headers import Column, HeaderMatch
from adspend_datasets.import_report import Notes
from adspend_datasets.lines import FrameColumns, Lines
from adspend_datasets.names import clean_id, clean_name, has_zero_tail, lost_digits
from adspend_datasets.profile import ID_FIELDS, NAME_FIELDS
from adspend_datasets.raw_table import Kind, RawTable, capped, faults_of, parse_each
from adspend_datasets.slots import standard_slot
from adspend_datasets.text import Text

_BASES = {"direct": "direct", "overall": "overall", "直接": "direct", "整体": "overall"}
_JOINED = "·"  # between the values of a joined segment: 18-23·女


def read_texts(table: RawTable, match: HeaderMatch) -> tuple[FrameColumns, Notes]:
    """Reads every name and id of a table's rows.

    Returns:
        One str column (n,) per id and name field, plus ``detail``; "" where missing. ``basis`` is always filled.
    """
    fields: dict[str, tuple[Column, ...]] = {name: match.columns.get(name, ()) for name in ID_FIELDS + NAME_FIELDS}
    fields["detail"] = match.detail
    nothing = [""] * len(table.cells)
    frame = dict.fromkeys(fields, _str_array(nothing))
    written = nothing  # of the basis
    faults: list[Fault] = []
    for name, columns in fields.items():
        if not columns:
            continue
        texts, refused = _read(table, columns, match, name in ID_FIELDS)
        faults += refused
        if name == "basis":
            written = texts
        else:
            frame[name] = _str_array(_standard_slots(texts) if name == "slot" else texts)
    basis, refused = _basis(table, match, written)
    return {**frame, "basis": _str_array(basis)}, Notes(faults=(*faults, *refused))


def _str_array(texts: list[str]) -> pd.api.extensions.ExtensionArray:
    return pd.array(np.array(texts, dtype=object), dtype="str")


def _read(
    table: RawTable, columns: tuple[Column, ...], match: HeaderMatch, ids: bool
) -> tuple[list[str], tuple[Fault, ...]]:
    """One field's values, those of several columns joined."""
    parts: list[list[str]] = []
    faults: list[Fault] = []
    for column in columns:
        texts = table.cells[:, column.index].tolist()
        parsed, refused = parse_each(texts, clean_id if ids else clean_name)
        parsed.update({text: "" for text in match.profile.missing_tokens & parsed.keys()})
        faults += faults_of(table, column.header, texts, refused)
        faults += _lost_digits(table, column) if ids else ()
        parsed.update(dict.fromkeys(refused, ""))
        parts.append([*map(parsed.__getitem__, texts)])
    joined = parts[0] if len(parts) == 1 else [_JOINED.join(filter(None, row)) for row in zip(*parts, strict=True)]
    return joined, tuple(faults)


def _lost_digits(table: RawTable, column: Column) -> tuple[Fault, ...]:
    """Ids that a spreadsheet has rounded: long numbers in number cells, or zero tails in most of the long ids."""
    texts = table.cells[:, column.index].tolist()
    numbers = table.kinds[:, column.index] == Kind.NUMBER
    long = {text for text in set(texts) if text.isdigit() and len(text) >= 17}
    tails = {text for text in long if has_zero_tail(text)}
    if 2 * len(tails) < len(long):  # one id in a thousand ends in 000 by itself, half of them do not
        tails = set()
    if not tails and not numbers.any():
        return ()
    return capped(
        [
            lost_digits().at(table.place(index, column.header), text)
            for index, text in enumerate(texts)
            if text in tails or (numbers[index] and len(text.split(".")[0]) > 15)
        ]
    )


def _standard_slots(texts: list[str]) -> list[str]:
    standard = {text: standard_slot(text) for text in set(texts)}
    return [standard[text] for text in texts]


def _basis(table: RawTable, match: HeaderMatch, texts: list[str]) -> tuple[list[str], tuple[Fault, ...]]:
    """What GMV counts in each row: the profile's basis where the file does not say."""
    rule = match.profile.fields.get("basis")
    words = {"": match.profile.basis, **_BASES, **(rule.values if rule else {})}
    unknown = [index for index, text in enumerate(texts) if text not in words]
    law = Text("成交口径必须是「直接」或「整体」", "the basis must be 'direct' or 'overall'")
    remedy = Text("请改成 direct 或 overall", "write direct or overall")
    header = match.columns["basis"][0].header if unknown else ""
    faults = [
        Fault(code="E-BASIS", law=law, remedy=remedy, value=texts[index], place=table.place(index, header))
        for index in unknown
    ]
    return [words.get(text, "direct") for text in texts], capped(faults)


def empty_names(table: RawTable, match: HeaderMatch, lines: Lines) -> tuple[Fault, ...]:
    """Rows without a segment where none will come from their plan, and without a slot where other rows have one.

    A name that was refused is not reported again as missing.
    """
    law = Text("该格不能为空", "this cell must not be empty")
    remedy = Text("请逐行填满（不要合并单元格）", "fill every row, without merged cells")
    segment, slot, by_plan = (lines.frame[name].to_numpy() for name in ("segment", "slot", "by_plan"))
    no_slot = slot == ""
    slots = match.profile.segment_source == "column" and not no_slot.all()
    faults: list[Fault] = []
    for columns, needed in (
        (match.columns.get("segment", ()), ~by_plan & (segment == "")),
        (match.columns.get("slot", ()), no_slot & slots),
    ):
        for index in np.flatnonzero(needed).tolist():
            texts = [table.cells[index, column.index] for column in columns]
            if columns and all(text in match.profile.missing_tokens for text in texts):
                place = table.place(index, columns[0].header)
                faults.append(Fault(code="E-TEXT-EMPTY", law=law, remedy=remedy, place=place))
    return capped(faults)
