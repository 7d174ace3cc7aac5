"""Which sheet, which header row and which profile: the combination that understands most of the file."""

from __future__ import annotations

from collections.abc import Sequence

from adspend_datasets.errors import BadDataError, Fault, Place
from adspend_datasets.headers import HeaderMatch, match_header, nearest
from adspend_datasets.profile import Profile
from adspend_datasets.raw_table import RawTable
from adspend_datasets.text import Text

_TITLE_LINES = 12  # a header stands below at most this many lines of title and filters
_FEWEST_KNOWN = 2  # with fewer known headers a profile does not fit at all, and naming its missing fields misleads


def choose_table(tables: Sequence[RawTable], profiles: Sequence[Profile], file: str) -> tuple[RawTable, HeaderMatch]:
    """Finds the one table that a profile understands.

    Returns:
        The table and its header match; the match may still miss required fields where no table is better.

    Raises:
        BadDataError: E-TABLE-EMPTY, E-HEADER-UNKNOWN, or E-XLSX-SHEETS where several sheets qualify.
    """
    found = [(table, _best(table, profiles)) for table in tables if len(table.cells)]
    if not found:
        raise _empty(file)
    complete = [(table, match) for table, match in found if not match.missing]
    if len(complete) > 1:
        raise _several(file, [table.sheet for table, _ in complete])
    if complete:
        return complete[0]
    table, match = max(found, key=lambda pair: len(pair[1].columns))
    if len(match.columns) < _FEWEST_KNOWN:
        raise BadDataError([_unknown(table, profiles)])
    return table, match


def _best(table: RawTable, profiles: Sequence[Profile]) -> HeaderMatch:
    """The match with the fewest required fields missing, then the most fields known; the first among equals."""
    matches: list[HeaderMatch] = []
    for profile in profiles:
        for row in range(min(_TITLE_LINES, len(table.cells))):
            match = match_header(table, row, profile)
            if not match.missing and len(match.columns) == table.cells.shape[1]:
                return match  # a field in every column: no later match knows more
            matches.append(match)
    complete = [match for match in matches if not match.missing]
    return max(complete or matches, key=lambda match: len(match.columns))


def _unknown(table: RawTable, profiles: Sequence[Profile]) -> Fault:
    """The fault of a table in which no header is known: garbled, or simply other names."""
    row = max(range(min(_TITLE_LINES, len(table.cells))), key=lambda index: sum(map(bool, table.cells[index])))
    present = [text for text in table.cells[row] if text]
    known = [header for profile in profiles for rule in profile.fields.values() for header in rule.headers]
    law = Text("表头里没有认识的列名", "the header must hold known column names")
    originals = [word for text in present if (word := original_word(text))]
    near = [name for text in originals or present if (name := nearest(known, [text]))][:5]
    zh, en = ("、".join(near), ", ".join(near)) if near else ("日期、消耗", "date, cost")
    if originals:
        remedy = Text(
            f"列名是乱码（原文可能是「{zh}」）：编码读错后又保存过，请从平台重新导出",
            f"the header is garbled (perhaps '{en}'): it was saved after a wrong decoding, export it again",
        )
    else:
        remedy = Text(f"最接近的已知列名：{zh}", f"nearest known headers: {en}")
    place = table.place(row, present[0] if present else "")
    return Fault(code="E-HEADER-UNKNOWN", law=law, remedy=remedy, value="、".join(present)[:60], place=place)


def original_word(text: str) -> str:
    """What can be restored of a header that was decoded wrongly, "" where it does not look like that.

    >>> original_word("娑堣€?"), original_word("æ¶ˆè€—"), original_word("渠道")
    ('消', '消耗', '')
    """
    kept = [letter for letter in text if letter not in "?\ufeff\ufffd"]
    for wrong, right in (("gb18030", "utf-8"), ("cp1252", "utf-8"), ("latin-1", "utf-8"), ("latin-1", "gb18030")):
        # byte 0x80 shows as € under GBK, though gb18030 writes € otherwise
        letters = [b"\x80" if a == "€" and wrong == "gb18030" else a.encode(wrong, "ignore") for a in kept]
        data = b"".join(letters)
        word = data.decode(right, "ignore")
        chinese = [letter for letter in word if "\u4e00" <= letter <= "\u9fff"]
        if word != text and chinese and 2 * len(word.encode(right)) > len(data) and not text.isascii():
            return word
    return ""


def _empty(file: str) -> BadDataError:
    law = Text("文件里必须有数据", "the file must hold data")
    remedy = Text("请检查导出的日期范围", "check the date range of the export")
    return BadDataError([Fault(code="E-TABLE-EMPTY", law=law, remedy=remedy, place=Place(file))])


def _several(file: str, sheets: Sequence[str]) -> BadDataError:
    law = Text("只能有一个工作表是报表", "only one sheet may be a report")
    remedy = Text("请只保留一个，或分成几个文件", "keep one of them, or save them as separate files")
    fault = Fault(code="E-XLSX-SHEETS", law=law, remedy=remedy, value="、".join(sheets), place=Place(file))
    return BadDataError([fault])
