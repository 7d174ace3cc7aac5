"""A file that is not TOML in UTF-8 is told where and how in both languages, never in the parser's words."""

from __future__ import annotations

import re

import pytest

from adspend.toml_faults import read_toml
from adspend_datasets.errors import BadDataError, Fault

HEAD = '[economics]\nname = "店"\n'


def fault_of(content: bytes) -> Fault:
    with pytest.raises(BadDataError) as caught:
        read_toml(content, "shop.toml")
    (fault,) = caught.value.faults
    return fault


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_good_file_is_what_it_says_with_and_without_a_byte_order_mark(mark: str) -> None:
    assert read_toml((mark + HEAD).encode(), "shop.toml") == {"economics": {"name": "店"}}


def test_a_file_in_gbk_is_told_to_be_saved_as_utf_8() -> None:
    """The line is shown as it was written."""
    fault = fault_of(HEAD.encode("gbk"))
    assert (fault.code, fault.place.row, fault.value) == ("E-TOML", 2, 'name = "店"')
    assert "另存为 UTF-8" in fault.remedy.zh
    assert "as UTF-8" in fault.remedy.en


@pytest.mark.parametrize(
    "line", ["gross_margin = 0,54", "daily = 30,000", "daily = 3万", "share = 54%", "slot = 20:00"]
)
def test_a_number_written_otherwise_is_shown_with_its_line_and_how_to_write_it(line: str) -> None:
    fault = fault_of((HEAD + line + "\nlast = 1\n").encode())
    assert (fault.code, fault.place.row, fault.value) == ("E-TOML", 3, line)
    assert fault.place.column.isdigit()
    for words in (fault.remedy.zh, fault.remedy.en):
        assert "0.54" in words
        assert "30000" in words


@pytest.mark.parametrize("rest", ["slots = [1, 2", 'text = """never closed'])
def test_a_file_that_breaks_off_is_told_at_its_end(rest: str) -> None:
    fault = fault_of((HEAD + rest).encode())
    assert (fault.code, fault.place.row, fault.value) == ("E-TOML", 3, rest)


@pytest.mark.parametrize("again", ['name = "乙"', "[economics]"])
def test_a_key_or_section_written_twice_is_said_to_be(again: str) -> None:
    fault = fault_of((HEAD + again + "\n").encode())
    assert "只能写一次" in fault.law.zh
    assert "once" in fault.law.en
    assert fault.remedy.zh == "请删去其中一处"
    assert fault.place.row == 3


def test_chinese_words_hold_no_english_of_the_parser() -> None:
    """What is left in Latin letters is the code, the file, the line itself and the encodings' names."""
    for content in (HEAD.encode("gbk"), (HEAD + "daily = 3万").encode()):
        words = re.sub(r"E-[A-Z]+|shop\.toml|'.*?'|TOML|UTF-8|GBK|ANSI", "", fault_of(content).pick("zh"))
        assert re.findall(r"[A-Za-z]{3,}", words) == []
