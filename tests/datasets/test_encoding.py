"""Encodings are decided, not guessed: what was written in UTF-8, UTF-16 or GB18030 comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from adspend_datasets.encoding import decode
from adspend_datasets.errors import BadDataError

WORDS = ("für", "Café", "Köln", "ÉTÉ", "Łódź", "à·b", "Москва", "Ελλάδα", "שלום", "عرض", "Women’s", "5×3", "€")
HANZI = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5, codec="gb2312"), min_size=1)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_unicode_always_comes_back(text: str) -> None:
    """With a mark, whatever the text; without one, unless the same bytes are common Chinese in GBK."""
    assume(not text.startswith(("\ufeff", "\ufffe")))
    assume(text.isascii() or not is_common_in_gbk(text.encode()))
    assert decode(text.encode(), "a.csv").text == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_unicode_with_a_mark_always_comes_back(text: str) -> None:
    assert decode(text.encode("utf-8-sig"), "a.csv") == (text, "utf-8-sig")
    assert decode(text.encode("utf-16"), "a.csv") == (text, "utf-16")


@given(st.text(), HANZI, st.text())
@example("˫", "双", "11")
def test_utf8_with_a_chinese_letter_is_never_taken_for_gbk(before: str, hanzi: str, after: str) -> None:
    text = before + hanzi + after
    assume(not text.startswith(("\ufeff", "\ufffe")))
    assert decode(text.encode(), "a.csv") == (text, "utf-8")


@pytest.mark.parametrize("word", WORDS)
def test_words_of_other_alphabets_stay_utf8(word: str) -> None:
    """Also where their bytes are Chinese in GBK, as "für" is "f眉r"."""
    text = f"name,cost\n{word},1\n"
    assert decode(text.encode(), "a.csv") == (text, "utf-8")


@pytest.mark.parametrize("word", ["双11", "双品", "双", "小A", "女", "没", "品11"])
def test_a_word_of_gbk_among_ascii_is_read_as_chinese(word: str) -> None:
    """Its bytes are valid UTF-8 too, as 双11 is "˫11"; nobody writes that."""
    text = f"phase,start,end\n{word},2026-11-01,2026-11-11\n"
    assert text.encode("gbk").decode("utf-8") != text
    assert decode(text.encode("gbk"), "a.csv") == (text, "gb18030")


def is_common_in_gbk(data: bytes) -> bool:
    try:
        return bool(data.decode("gb18030").encode("gb2312"))
    except UnicodeError:
        return False


@given(st.lists(HANZI, min_size=1, max_size=5))
@example(["日期", "消耗"])
@example(["丁", "渚斤丁"])
def test_gbk_comes_back(words: list[str]) -> None:
    """Chinese text in GBK, one word a line; a line that is common Chinese in UTF-8 too is undecidable."""
    text = "\n".join(words)
    assume(not any(reads_as_chinese(word.encode("gbk")) for word in words))
    data = text.encode("gbk")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        assert decode(data, "a.csv") == (text, "gb18030")


def reads_as_chinese(data: bytes) -> bool:
    try:
        data.decode("utf-8").encode("gb2312")
    except UnicodeError:
        return False
    return True


def test_the_famous_word_is_not_taken_for_utf8_among_others() -> None:
    """联通 in GBK is two valid two-byte UTF-8 letters; beside another line it must not count as proof of UTF-8."""
    assert decode("联通\n消耗\n".encode("gbk"), "a.csv").text == "联通\n消耗\n"


@given(st.lists(HANZI, min_size=3, max_size=6), st.data())
def test_one_foreign_line_is_found(words: list[str], data: st.DataObject) -> None:
    """A GBK line among UTF-8 lines is named by its number."""
    index = data.draw(st.integers(0, len(words) - 1))
    lines = [word.encode() for word in words]
    lines[index] = words[index].encode("gbk")
    try:
        b"\n".join(lines).decode("utf-8")
    except UnicodeDecodeError:
        with pytest.raises(BadDataError) as caught:
            decode(b"\n".join(lines), "a.csv")
        assert [(fault.code, fault.place.row) for fault in caught.value.faults] == [("E-FILE-ENC", index + 1)]


def test_a_broken_byte_in_gbk_is_named() -> None:
    data = "日期\n".encode("gbk") + b"\xff\n"
    with pytest.raises(BadDataError, match=r"a\.csv, row 2: the whole file must be in one encoding, but found '0xff'"):
        decode(data, "a.csv")


def test_half_a_utf16_letter_is_refused() -> None:
    with pytest.raises(BadDataError, match="E-FILE-ENC"):
        decode("日期".encode("utf-16")[:-1], "a.csv")
