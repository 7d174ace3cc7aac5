"""Text columns of a table: names, ids, and the further breakdown that keeps two rows apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adspend_datasets.errors import Fault
from adspend_datasets.headers import Column, HeaderMatch
from adspend_datasets.import_report import Notes
from adspend_datasets.names import clean_id, clean_name, has_zero_tail, lost_digits
from adspend_datasets.profile import ID_FIELDS, NAME_FIELDS
from adspend_datasets.raw_table import Kind, RawTable, Texts, capped, faults_of, parse_each
from adspend_datasets.slots import parse_slot, slot_label
from adspend_datasets.text import Text

_BASES = {"direct": "direct", "overall": "overall", "直接": "direct", "整体": "overall"}
_JOINED = "·"  # between the values of a joined segment: 18-23·女


def read_texts(table: RawTable, match: HeaderMatch) -> tuple[pd.DataFrame, Notes]:
    """Reads every name and id of a table's rows.

    Returns:
        A frame with one column per id and name field, plus ``detail``; "" where missing. ``basis`` is always filled.
    """
    frame: dict[str, Texts] = {}
    notes = Notes()
    for name in ID_FIELDS + NAME_FIELDS:
        columns = match.columns.get(name, ())
        frame[name], faults = _read(table, columns, match, name in ID_FIELDS)
        notes += Notes(faults=faults)
    frame["detail"], faults = _read(table, match.detail, match, False)
    frame["slot"] = _translated(frame["slot"], {slot: _standard_slot(slot) for slot in set(frame["slot"])})
    frame["basis"], basis_faults = _basis(table, match, frame["basis"])
    return pd.DataFrame(frame), notes + Notes(faults=(*faults, *basis_faults))


def _read(
    table: RawTable, columns: tuple[Column, ...], match: HeaderMatch, ids: bool
) -> tuple[Texts, tuple[Fault, ...]]:
    """One field's values, those of several columns joined."""
    parts: list[list[str]] = []
    faults: list[Fault] = []
    for column in columns:
        texts = table.cells[:, column.index].tolist()
        parsed, refused = parse_each(texts, clean_id if ids else clean_name)
        parsed.update({text: "" for text in match.profile.missing_tokens & parsed.keys()})
        faults += faults_of(table, column.header, texts, refused)
        faults += _lost_digits(table, column) if ids else ()
        parts.append([parsed.get(text, "") for text in texts])
    if not parts:
        return np.full(len(table.cells), "", dtype=object), ()
    joined = parts[0] if len(parts) == 1 else [_JOINED.join(filter(None, row)) for row in zip(*parts, strict=True)]
    return np.array([*joined, None], dtype=object)[:-1], tuple(faults)  # the None keeps numpy from guessing a type


def _lost_digits(table: RawTable, column: Column) -> tuple[Fault, ...]:
    """Ids that a spreadsheet has rounded: long numbers in number cells, or zero tails in most of the long ids."""
    texts = table.cells[:, column.index].tolist()
    numbers = table.kinds[:, column.index] == Kind.NUMBER
    long = {text for text in set(texts) if text.isdigit() and len(text) >= 17}
    tails = {text for text in long if has_zero_tail(text)}
    if 2 * len(tails) < len(long):  # one id in a thousand ends in 000 by itself, half of them do not
        tails = set()
    return capped(
        [
            lost_digits().at(table.place(index, column.header), text)
            for index, text in enumerate(texts)
            if text in tails or (numbers[index] and len(text.split(".")[0]) > 15)
        ]
    )


def _standard_slot(slot: str) -> str:
    span = parse_slot(slot)
    return slot if span is None else slot_label(span)


def _translated(texts: Texts, words: dict[str, str]) -> Texts:
    return np.array([*(words[text] for text in texts), None], dtype=object)[:-1]


def _basis(table: RawTable, match: HeaderMatch, texts: Texts) -> tuple[Texts, tuple[Fault, ...]]:
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
    known = {text: words.get(text, "direct") for text in set(texts)}
    return _translated(texts, known), capped(faults)


def empty_names(table: RawTable, match: HeaderMatch, frame: pd.DataFrame) -> tuple[Fault, ...]:
    """Rows without a segment where none will come from their plan, and without a slot where other rows have one.

    A name that was refused is not reported again as missing.
    """
    law = Text("该格不能为空", "this cell must not be empty")
    remedy = Text("请逐行填满（不要合并单元格）", "fill every row, without merged cells")
    slots = match.profile.segment_source == "column" and bool((frame["slot"] != "").any())
    faults: list[Fault] = []
    for columns, needed in (
        (match.columns.get("segment", ()), ~frame["by_plan"] & (frame["segment"] == "")),
        (match.columns.get("slot", ()), (frame["slot"] == "") & slots),
    ):
        for index in np.flatnonzero(needed.to_numpy()).tolist():
            texts = [table.cells[index, column.index] for column in columns]
            if columns and all(text in match.profile.missing_tokens for text in texts):
                place = table.place(index, columns[0].header)
                faults.append(Fault(code="E-TEXT-EMPTY", law=law, remedy=remedy, place=place))
    return capped(faults)
