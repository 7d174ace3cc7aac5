"""Amounts as people and platforms write them, read exactly: money to integer fen, counts, and rates.

One regular expression decides what an amount is; ``float()`` is never asked, because it takes ``nan``, ``inf``,
``1e309`` and ``1_000``. All arithmetic is on integers.

>>> parse_fen("￥1，234.50").value
123450
>>> parse_fen("1.2万").value
1200000
>>> parse_fen("174938000", unit="yuan_e5").value
174938
"""

from __future__ import annotations

import re
from typing import NamedTuple

from adspend_datasets.refusal import RefusedValue
from adspend_datasets.text import Text

# How many fen one written unit is, as (numerator, denominator). "yuan" is the main unit of any currency.
# yuan_e5: 千分之一分, as in wallet and suggest_* fields of the platform's API; micros: Google Ads cost_micros.
UNITS = {"yuan": (100, 1), "wan": (1_000_000, 1), "fen": (1, 1), "micros": (1, 10_000), "yuan_e5": (1, 1_000)}
SCALES = {"": 1, "万": 10**4, "萬": 10**4, "w": 10**4, "W": 10**4, "亿": 10**8, "億": 10**8}
CURRENCIES = {
    "¥": "CNY", "元": "CNY", "CNY": "CNY", "RMB": "CNY", "人民币": "CNY", "$": "USD", "US$": "USD", "USD": "USD",
    "美元": "USD", "€": "EUR", "EUR": "EUR", "£": "GBP", "GBP": "GBP", "HK$": "HKD", "HKD": "HKD",
}  # fmt: skip
LARGEST = 10**13  # fen or counts in one value: 200,000 rows of it still add up inside a 64-bit integer

_WIDE = str.maketrans("０１２３４５６７８９，．％－（）￥＄−\u3000\u00a0\u2007\u2009\u202f", "0123456789,.%-()¥$-     ")
_TOKEN = "|".join(sorted(map(re.escape, CURRENCIES), key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?P<before>{_TOKEN})?\s*(?P<whole>[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,6}}|[0-9]{{1,20}}|(?=\.[0-9]))"
    rf"(?:\.(?P<fraction>[0-9]{{1,20}}))?\s*(?P<scale>[万萬wW亿億]?)\s*(?P<after>{_TOKEN})?"
)


class Amount(NamedTuple):
    """An amount read: integer value, and whether a 万 was expanded or digits beyond the unit were rounded."""

    value: int
    scaled: bool = False
    rounded: bool = False


def parse_fen(text: str, *, unit: str = "yuan", currency: str = "CNY") -> Amount:
    """Reads money.

    Args:
        text: the cell as written; not a missing token.
        unit: what a bare number counts, a key of ``UNITS``.
        currency: the currency the amount must be in; a sign of another one is refused.

    Returns:
        Integer fen (hundredths of the currency's main unit), rounded half up.

    Raises:
        RefusedValue: anything that is not one plain non-negative amount.
    """
    match = _match(text)
    written = {CURRENCIES[token] for token in match.group("before", "after") if token}
    if written - {currency}:
        raise _refused("E-CURRENCY", f"金额必须是 {currency}", f"amounts must be in {currency}", _ONE_CURRENCY)
    scale = SCALES[match["scale"]]
    if scale > 1 and unit != "yuan":
        raise _refused(
            "E-AMOUNT", "只有以元为单位的列可以写「万」「亿」", "only a column in yuan may use 万 or 亿", _PLAIN
        )
    numerator, denominator = UNITS[unit]
    return _integer(match, numerator * scale, denominator, scaled=scale > 1)


def parse_count(text: str, *, fractions: bool = False) -> Amount:
    """Reads a count.

    Args:
        text: the cell as written; not a missing token.
        fractions: whether attribution may split a count (Google Ads conversions); it is then rounded half up.

    Raises:
        RefusedValue: not a plain non-negative whole number. ``1.2万`` is refused: it is a display, already rounded.

    >>> parse_count("1,204.0").value
    1204
    """
    match = _match(text)
    if match["scale"] or match["before"] or match["after"]:
        raise _refused("E-COUNT", "次数必须是精确的整数", "a count must be an exact whole number", _PLAIN)
    amount = _integer(match, 1, 1)
    if amount.rounded and not fractions:
        raise _refused("E-COUNT", "次数必须是整数", "a count must be a whole number", _PLAIN)
    return amount


def parse_rate(text: str) -> tuple[int, bool]:
    """Reads a rate to parts per million of the number as written, and says whether it carried a percent sign.

    >>> parse_rate("12.3%"), parse_rate("0.123")
    ((12300000, True), (123000, False))
    """
    bare = text.translate(_WIDE).strip()
    match = _match(bare.removesuffix("%"))
    return _integer(match, 10**6, 1).value, bare.endswith("%")


def format_yuan(fen: int) -> str:
    """Integer fen as yuan with two decimals; ``parse_fen`` reads it back to the same integer.

    >>> format_yuan(123450)
    '1234.50'
    """
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _match(text: str) -> re.Match[str]:
    bare = text.translate(_WIDE).strip()
    match = _AMOUNT.fullmatch(bare)
    if match is None:
        raise _explanation(bare)
    return match


def _integer(match: re.Match[str], numerator: int, denominator: int, *, scaled: bool = False) -> Amount:
    fraction = match["fraction"] or ""
    digits = int((match["whole"].replace(",", "") + fraction) or "0")
    divisor = denominator * 10 ** len(fraction)
    value, rest = divmod(2 * digits * numerator + divisor, 2 * divisor)
    if value > LARGEST:
        raise _refused("E-AMOUNT", "数值不能超过 1000 亿元", "a value must be at most 100 billion yuan", _PLAIN)
    return Amount(value, scaled, rest != divisor)


_PLAIN = Text("请按 1234.56 的形式填写原始数字", "write the exact number plainly, as in 1234.56")
_ONE_CURRENCY = Text("请只导出一个币种的报表", "export a report in one currency only")
_NEGATIVE = Text(
    "是否为退款或返点调整？请放到退款列，或删去该行", "a refund or rebate adjustment? Use the refund column or drop it"
)

# What is written instead of an amount, in the order tried: pattern, code, what must hold, remedy.
_EXPLANATIONS = (
    (r"[-+(]*(nan|inf|infinity)\)*", "E-AMOUNT", "数值必须是有限的数", "a value must be a finite number", _PLAIN),
    (r"[(-].*[0-9].*", "E-AMOUNT-NEG", "数值不能为负", "a value must not be negative", _NEGATIVE),
    (r"[0-9_]*_[0-9_.]*", "E-AMOUNT", "数字里不能有下划线", "a number must not contain underscores", _PLAIN),
    (r"[0-9.]+e[-+]?[0-9]+", "E-AMOUNT", "不能用科学计数法，它会丢掉位数",
     "scientific notation is not accepted, it loses digits", _PLAIN),
    (r"[0-9.,]+ *%", "E-AMOUNT", "这一列不是百分比", "this column is not a percentage", _PLAIN),
    (r"[0-9]{21,}.*", "E-AMOUNT", "数值不能超过 1000 亿元", "a value must be at most 100 billion yuan", _PLAIN),
    (r"[0-9., ]+", "E-AMOUNT", "千分位必须每三位一个逗号，小数点用 .",
     "thousands go in threes with commas, and the decimal point is '.'", _PLAIN),
)  # fmt: skip


def _explanation(bare: str) -> RefusedValue:
    for pattern, code, zh, en, remedy in _EXPLANATIONS:
        if re.fullmatch(pattern, bare, re.IGNORECASE | re.DOTALL):
            return _refused(code, zh, en, remedy)
    return _refused("E-AMOUNT", "必须是一个数字", "a value must be a number", _PLAIN)


def _refused(code: str, zh: str, en: str, remedy: Text) -> RefusedValue:
    return RefusedValue(code, Text(zh, en), remedy)
