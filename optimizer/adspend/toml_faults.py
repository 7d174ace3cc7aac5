"""A file that should be TOML in UTF-8, read; or what is wrong with it: where, the line's text, and how to write it."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from adspend_datasets.errors import BadDataError, Fault, Place
from adspend_datasets.text import Text

_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")  # the parser's only word of where, before Python 3.14
_TWICE = ("Cannot overwrite", "Cannot declare", "Cannot mutate", "Duplicate")  # how it begins on a key written twice
_LONGEST = 80  # of a line shown


def read_toml(content: bytes, file: str) -> dict[str, Any]:
    """The document in a file's bytes.

    Raises:
        BadDataError: E-TOML where it is not UTF-8, or not TOML.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadDataError([_encoding_fault(content, error.start, file)]) from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadDataError([_toml_fault(str(error), text.splitlines(), file)]) from error
    except (ValueError, RecursionError) as error:  # Python's own, of no line: 5,000 digits, 3,000 open brackets
        raise BadDataError([_beyond_fault(file)]) from error


def _beyond_fault(file: str) -> Fault:
    return Fault(
        code="E-TOML",
        law=Text(
            "数字不得有几千位，括号不得嵌套几千层",
            "no number may have thousands of digits, no bracket be nested as deep",
        ),
        place=Place(file),
        remedy=Text("请重新导出或改正文件", "Export the file again, or correct it"),
    )


def _encoding_fault(content: bytes, start: int, file: str) -> Fault:
    row = content.count(b"\n", 0, start) + 1
    line = content.split(b"\n")[row - 1].decode("gb18030", errors="replace")
    return Fault(
        code="E-TOML",
        law=Text("文件必须是 UTF-8 编码", "the file must be in UTF-8"),
        value=_shown(line),
        place=Place(file, row),
        remedy=Text(
            "请另存为 UTF-8（记事本：另存为，编码选 UTF-8；现在多半是 GBK / ANSI）",
            "Save it as UTF-8 (Notepad: Save as, encoding UTF-8; it is probably GBK / ANSI now)",
        ),
    )


def _toml_fault(told: str, lines: list[str], file: str) -> Fault:
    found = _PLACE.search(told)
    row, column = (int(found[1]), found[2]) if found else (max(len(lines), 1), "")
    line = lines[row - 1] if row <= len(lines) else ""
    law = Text("这一行必须是 TOML 写法", "the line must be TOML")
    remedy = Text(
        '数字写成 0.54、30000（不写逗号、万、%），文字加英文引号，如 "20:00-22:00"，引号和括号要成对',
        "Write numbers as 0.54 or 30000 (no commas, units or per cent signs), texts in straight quotes, e.g. "
        '"20:00-22:00", and close every quote and bracket',
    )
    if told.startswith(_TWICE):
        law = Text("每一项、每一节只能写一次", "each key and each section must be written once")
        remedy = Text("请删去其中一处", "Take one of them out")
    return Fault(code="E-TOML", law=law, value=_shown(line), place=Place(file, row, column), remedy=remedy)


def _shown(line: str) -> str:
    text = line.strip()
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
