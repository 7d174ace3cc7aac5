"""The encoding of a text file, decided without guessing: byte order mark, then strict UTF-8, then strict GB18030.

Statistical detectors were tried and read short GBK files as Big5. GB18030 however accepts much damaged UTF-8 and
turns it into wrong characters, so a file that is not UTF-8 as a whole must have no line that is Chinese in UTF-8.
And a file with a word or two of GBK can pass for UTF-8 ("双11" for "˫11"): where GB18030 gives Chinese, UTF-8 must give
something that people write.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from adspend_datasets.errors import BadDataError, Fault, Place
from adspend_datasets.text import Text

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

LAW = Text("整个文件必须是同一种编码", "the whole file must be in one encoding")
REMEDY = Text("请用 Excel 另存为「CSV UTF-8」", "save it from Excel as 'CSV UTF-8'")


class Decoded(NamedTuple):
    """A file's text without its byte order mark, and the encoding it was in."""

    text: str
    encoding: str


def decode(data: bytes, file: str) -> Decoded:
    r"""Decodes a text file.

    Raises:
        BadDataError: E-FILE-ENC at the first line that does not fit the rest of the file.

    >>> decode("消耗".encode("gbk"), "a.csv")
    Decoded(text='消耗', encoding='gb18030')
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Decoded(_strict(data, encoding, file), encoding)
    try:
        text = data.decode("utf-8")
        return _short_gbk(data, text) or Decoded(text, "utf-8")
    except UnicodeDecodeError:
        _refuse_mixture(data, file)
        return Decoded(_strict(data, "gb18030", file), "gb18030")


# Two letters side by side of an alphabet (Latin with one beyond ASCII, Greek, Cyrillic, Hebrew and Arabic), a Latin-1
# sign, or a letter of three bytes (all of Chinese): exports in UTF-8 have them, a word or two of GBK hardly ever does.
_WRITTEN = re.compile(
    "[A-Za-z][\u00c0-\u017f]|[\u00c0-\u017f][A-Za-z\u00c0-\u017f]|[\u0370-\u03ff]{2}|[\u0400-\u04ff]{2}"
    "|[\u0590-\u06ff]{2}|[\u00a0-\u00bf\u00d7\u0800-\U0010ffff]"
)


def _short_gbk(data: bytes, text: str) -> Decoded | None:
    """The text in GB18030, where that is Chinese and what UTF-8 makes of it (``text``) is nothing that people write."""
    if text.isascii() or _WRITTEN.search(text):
        return None
    try:
        chinese = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return Decoded(chinese, "gb18030") if _is_common_chinese(chinese) else None


def _strict(data: bytes, encoding: str, file: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, errors="replace")
        raise _broken(file, before.count("\n") + 1, data[error.start]) from None


def _refuse_mixture(data: bytes, file: str) -> None:
    """Refuses Chinese lines in UTF-8 beside lines that are not UTF-8, naming the first line of the fewer kind."""
    utf8, other = [], []
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.isascii():
            continue
        try:
            letters = line.decode("utf-8")
        except UnicodeDecodeError as error:
            other.append((number, line[error.start]))
        else:
            if _is_common_chinese(letters):
                utf8.append((number, next(byte for byte in line if byte > 127)))
    if utf8:
        raise _broken(file, *(utf8 if len(utf8) < len(other) else other)[0])


def _is_common_chinese(letters: str) -> bool:
    """Whether a line that passes as UTF-8 is Chinese that people write, which proves UTF-8.

    A line of GBK can pass by chance ("联通"), but then it decodes to Greek, Cyrillic or rare letters.
    """
    try:
        letters.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return all(letter.isascii() or letter >= "\u3000" for letter in letters)


def _broken(file: str, row: int, byte: int) -> BadDataError:
    return BadDataError(
        [Fault(code="E-FILE-ENC", law=LAW, remedy=REMEDY, value=f"0x{byte:02x}", place=Place(file, row))]
    )
