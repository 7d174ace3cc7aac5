"""Names and ids as text: normalised the same way everywhere, hidden characters refused, look-alikes noticed."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from adspend_datasets.refusal import RefusedValue
from adspend_datasets.text import Text

LONGEST_NAME = 100  # characters; platforms allow plan names of 50-100, more is a damaged file
_FORMULA_TEXT = re.compile(r'="(.*)"', re.DOTALL)  # how exports keep Excel from turning an id into a number
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{2}")
_JOINERS = "\u200c\u200d"  # hold emoji together
_RISKY_START = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "'")

# Traditional letters that occur in the names of audiences, slots and goods, each before its simplified form. The
# standard library knows no such table; a pair that is not listed costs a warning, nothing else.
_PAIRS = (
    "裝装褲裤連连長长風风飾饰襪袜護护膚肤妝妆養养嬰婴兒儿電电腦脑機机數数碼码運运動动戶户車车圖图書书寵宠糧粮飲饮藥药齒齿潔洁"
    "櫃柜燈灯鋼钢銀银鑽钻韓韩東东國国際际員员會会價价優优貨货購购買买賣卖場场時时間间後后關关絲丝團团達达訂订單单選选熱热銷销"
    "體体驗验網网紅红藍蓝綠绿黃黄雙双歲岁齡龄愛爱興兴廣广標标準准類类歐欧華华麗丽萬万億亿級级層层區区廠厂點点邊边氣气淨净"
)
_SIMPLIFIED = str.maketrans(_PAIRS[::2], _PAIRS[1::2])

_RETYPE = Text("请删除该名称里的隐藏字符", "remove the hidden characters from the name")


def clean_name(text: str) -> str:
    r"""A name as it is compared and stored: NFC, no outer blanks, without a spreadsheet's text marks.

    Raises:
        RefusedValue: E-TEXT for control, direction or replacement characters, or more than 100 characters.

    >>> clean_name(' 女装\u3000'), clean_name('="1789"'), clean_name("'=SUM"), clean_name("\t1789")
    ('女装', '1789', '=SUM', '1789')
    """
    name = text.strip()
    if name.isascii() and name.isalnum() and len(name) <= LONGEST_NAME:
        return name
    if name.startswith("'"):
        name = name[1:]
    elif wrapped := _FORMULA_TEXT.fullmatch(name):
        name = wrapped[1]
    name = unicodedata.normalize("NFC", name.strip())
    hidden = next((letter for letter in name if _is_hidden(letter)), None)
    if hidden is not None:
        law = Text(
            f"名称里不能有隐藏字符 U+{ord(hidden):04X}",
            f"a name must not hold the hidden character U+{ord(hidden):04X}",
        )
        raise RefusedValue("E-TEXT", law, _RETYPE)
    if "\ufffd" in name or "锟斤拷" in name:
        law = Text("名称不能是乱码", "a name must not be garbled")
        raise RefusedValue("E-TEXT", law, Text("文字已丢失，请从平台重新导出", "its letters are lost, export it again"))
    if len(name) > LONGEST_NAME:
        law = Text(f"名称不能超过 {LONGEST_NAME} 个字", f"a name must have at most {LONGEST_NAME} characters")
        raise RefusedValue("E-TEXT", law, Text("请缩短名称", "shorten the name"))
    return name


def guarded_name(name: str) -> str:
    """The name for a CSV cell: a leading sign that a spreadsheet would run as a formula gets an apostrophe.

    >>> clean_name(guarded_name("=1+1"))
    '=1+1'
    """
    return f"'{name}" if name.startswith(_RISKY_START) else name


def clean_id(text: str) -> str:
    """An id as text.

    Raises:
        RefusedValue: E-ID-PREC where a spreadsheet has turned it into a rounded number.

    >>> clean_id('="1789000000000000123"')
    '1789000000000000123'
    """
    name = clean_name(text)
    if _SCIENTIFIC.fullmatch(name):
        raise lost_digits()
    return name


def lost_digits() -> RefusedValue:
    """The refusal of an id whose tail a spreadsheet has replaced by zeros (it keeps 15 digits)."""
    law = Text(
        "ID 必须是完整的文本，Excel 只保留 15 位数字", "an id must be complete text, a spreadsheet keeps 15 digits"
    )
    remedy = Text(
        "请从平台重新导出，不要用 Excel 打开后再保存", "export it again and do not save it from a spreadsheet"
    )
    return RefusedValue("E-ID-PREC", law, remedy)


def has_zero_tail(name: str) -> bool:
    """Whether an id of 17 digits or more has only zeros after the 15th.

    >>> has_zero_tail("7310000000000000000"), has_zero_tail("7310000000000000123")
    (True, False)
    """
    return len(name) >= 17 and name.isdigit() and not name[15:].strip("0")


def look_alikes(names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Groups of different names that a person may have meant as one: width, case, blanks, or traditional letters.

    >>> look_alikes(["女装", "女裝", "女裤", "VIP", "ＶＩＰ", "vip "])
    (('VIP', 'vip ', 'ＶＩＰ'), ('女装', '女裝'))
    """
    groups: dict[str, set[str]] = defaultdict(set)
    for name in names:
        folded = "".join(unicodedata.normalize("NFKC", name).casefold().split())
        groups[folded.translate(_SIMPLIFIED)].add(name)
    return tuple(sorted(tuple(sorted(members)) for members in groups.values() if len(members) > 1))


def _is_hidden(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") and letter not in _JOINERS
