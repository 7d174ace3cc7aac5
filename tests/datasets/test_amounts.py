"""Amounts: what is written is what is read, to the fen, and nothing else is let through."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adspend_datasets.amounts import LARGEST, UNITS, format_yuan, parse_count, parse_fen, parse_rate
from adspend_datasets.refusal import RefusedValue

FEN = st.integers(min_value=0, max_value=LARGEST)
WIDE = str.maketrans("0123456789,.", "０１２３４５６７８９，．")


@given(FEN)
def test_parse_inverts_format(fen: int) -> None:
    amount = parse_fen(format_yuan(fen))
    assert (amount.value, amount.scaled, amount.rounded) == (fen, False, False)


@given(FEN, st.sampled_from(["", "￥", "¥", "¥ ", "CNY"]), st.sampled_from(["", "元", " 元", "RMB"]), st.booleans())
def test_dressing_does_not_change_the_amount(fen: int, before: str, after: str, wide: bool) -> None:
    plain = f"{fen // 100:,}.{fen % 100:02d}"
    text = f"\u00a0{before}{plain.translate(WIDE) if wide else plain}{after} "
    assert parse_fen(text).value == fen


@given(
    st.decimals(min_value=0, max_value=10**9, allow_nan=False, allow_infinity=False, places=6),
    st.sampled_from(sorted(UNITS)),
)
def test_units_agree_with_decimal_arithmetic(number: Decimal, unit: str) -> None:
    numerator, denominator = UNITS[unit]
    exact = number * numerator / denominator
    if exact <= LARGEST:
        amount = parse_fen(f"{number:f}", unit=unit)
        assert amount.value == int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
        assert amount.rounded == (exact != exact.to_integral_value())


@given(st.text(max_size=40) | st.from_regex(r"[-+(]?[0-9][0-9eE_.,%万亿 ]{0,12}\)?", fullmatch=True))
@example("nan")
@example("1e309")
@example("9" * 5000)
@example("٣")
@example("²")
def test_anything_else_raises_only_our_error(text: str) -> None:
    for parse in (parse_fen, parse_count, parse_rate):
        value, refusal = _outcome(parse, text)
        if refusal is None:
            assert 0 <= value <= LARGEST
        else:
            assert refusal.code in {"E-AMOUNT", "E-AMOUNT-NEG", "E-COUNT", "E-CURRENCY"}
            assert refusal.law.zh
            assert refusal.law.en


def _outcome(parse: Callable[[str], tuple[int, ...]], text: str) -> tuple[int, RefusedValue | None]:
    try:
        return parse(text)[0], None
    except RefusedValue as refusal:
        return 0, refusal


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1.2万", 1_200_000),
        ("1.2w", 1_200_000),
        ("3亿", 30_000_000_000),
        ("1，234.5", 123_450),
        (".5", 50),
        ("0.005", 1),
        ("0.0049", 0),
        ("007", 700),
    ],
)
def test_hand_computed_amounts(text: str, fen: int) -> None:
    assert parse_fen(text).value == fen


def test_thousandths_of_a_fen_as_the_platform_documents_them() -> None:
    """The wallet's own example: 174938000 is 1749.38 yuan."""
    assert parse_fen("174938000", unit="yuan_e5").value == 174_938
    assert parse_fen("1749380000", unit="micros").value == 174_938


@pytest.mark.parametrize(
    ("text", "code", "zh", "en"),
    [
        ("(123)", "E-AMOUNT-NEG", "不能为负", "not be negative"),
        ("-123", "E-AMOUNT-NEG", "不能为负", "not be negative"),
        ("－123", "E-AMOUNT-NEG", "退款或返点", "refund or rebate"),
        ("nan", "E-AMOUNT", "有限的数", "finite"),
        ("-inf", "E-AMOUNT", "有限的数", "finite"),
        ("1e309", "E-AMOUNT", "科学计数法", "scientific"),
        ("1_000", "E-AMOUNT", "下划线", "underscores"),
        ("1,23", "E-AMOUNT", "千分位", "thousands"),
        ("1.234,56", "E-AMOUNT", "千分位", "thousands"),
        ("12%", "E-AMOUNT", "百分比", "percentage"),
        ("9" * 21, "E-AMOUNT", "1000 亿", "100 billion"),
        ("100000000000.01", "E-AMOUNT", "1000 亿", "100 billion"),
        ("$5", "E-CURRENCY", "CNY", "CNY"),
        ("abc", "E-AMOUNT", "必须是一个数字", "must be a number"),
    ],
)
def test_each_refusal_has_its_own_words(text: str, code: str, zh: str, en: str) -> None:
    with pytest.raises(RefusedValue) as caught:
        parse_fen(text)
    words = caught.value
    assert words.code == code
    assert zh in words.law.zh + words.remedy.zh
    assert en in words.law.en + words.remedy.en


def test_ten_thousands_are_expanded_only_in_yuan() -> None:
    with pytest.raises(RefusedValue, match="only a column in yuan"):
        parse_fen("1.2万", unit="fen")
    with pytest.raises(RefusedValue, match="exact whole number"):
        parse_count("1.2万")


def test_counts_are_whole_unless_attribution_splits_them() -> None:
    assert parse_count("3.00").value == 3
    assert parse_count("2.5", fractions=True) == (3, False, True)
    with pytest.raises(RefusedValue, match="whole number"):
        parse_count("2.5")


def test_a_currency_is_stripped_only_where_it_is_the_shops() -> None:
    assert parse_fen("US$12.50", currency="USD").value == 1250
    with pytest.raises(RefusedValue, match="USD"):
        parse_fen("12元", currency="USD")
