"""Names: cleaned the same way however they were typed, refused where letters hide, compared by look."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adspend_datasets.names import clean_id, clean_name, guarded_name, look_alikes
from adspend_datasets.refusal import RefusedValue

LETTERS = st.characters(exclude_categories=["Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"], exclude_characters="\ufffd")
RISKY = st.builds(str.__add__, st.sampled_from(["=", "+", "-", "@", "'", "", '="']), st.text(LETTERS, max_size=20))


def clean_or_none(text: str) -> str | None:
    try:
        return clean_name(text)
    except RefusedValue:
        return None


@given(RISKY)
def test_a_name_survives_the_guard_against_formulas(text: str) -> None:
    name = clean_or_none(text)
    if name is not None:
        guarded = guarded_name(name)
        assert clean_name(guarded) == name
        assert not guarded.startswith(("=", "+", "-", "@"))


@given(st.text(LETTERS, max_size=40))
def test_normal_form_and_blanks_do_not_matter(text: str) -> None:
    plain = clean_or_none(text)
    assert clean_or_none(unicodedata.normalize("NFD", f"\u3000 {text} ")) == plain or text.strip().startswith(
        ("'", "=")
    )


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\x00", "\x1b", "\u2066", "\ufeff", "\u2028"])
def test_hidden_letters_are_refused_by_number(hidden: str) -> None:
    with pytest.raises(RefusedValue, match=f"U\\+{ord(hidden):04X}"):
        clean_name(f"女{hidden}装")


def test_emoji_are_names() -> None:
    assert clean_name("👩‍👩‍👧家庭") == "👩‍👩‍👧家庭"


@pytest.mark.parametrize("text", ["7.31E+18", "1.789e18"])
def test_ids_in_scientific_notation_are_refused(text: str) -> None:
    with pytest.raises(RefusedValue, match="15 digits"):
        clean_id(text)


@pytest.mark.parametrize("text", ["3E9", "abc1E+18", "12345678901234567890"])
def test_other_ids_are_text(text: str) -> None:
    assert clean_id(text) == text


def test_look_alikes_are_grouped_by_look_only() -> None:
    names = ["女装", "女裝", "女裤", "新客", "新 客", "VIP", "vip", "ＶＩＰ", "老客"]
    assert look_alikes(names) == (("VIP", "vip", "ＶＩＰ"), ("女装", "女裝"), ("新 客", "新客"))
