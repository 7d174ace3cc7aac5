"""A shop file that is not TOML is refused with the place in words."""

from __future__ import annotations

import pytest

from adspend.shop import parse_shop
from adspend_datasets.errors import BadDataError


@pytest.mark.parametrize(
    ("content", "zh", "en"),
    [
        (
            b'[shop]\nname = "s"\nslots = 20:00',
            "第 3 行第 11 列写法有误（Expected newline",
            "line 3, column 11 is not TOML (Expected newline",
        ),
        (b"[shop", "文件末尾写法有误（Expected ']'", "the end of the file is not TOML (Expected ']'"),
        ("人群".encode("gb18030"), "文件必须是 UTF-8 编码（'utf-8' codec", "the file must be in UTF-8 ('utf-8' codec"),
    ],
)
def test_a_slip_in_toml_is_placed_in_words_and_the_reader_s_own_are_kept(content: bytes, zh: str, en: str) -> None:
    with pytest.raises(BadDataError) as caught:
        parse_shop(content, file="shop.toml")
    assert caught.value.pick("zh").startswith(f"E-TOML shop.toml：{zh}")
    assert caught.value.pick("en").startswith(f"E-TOML shop.toml: {en}")
    assert "实际为" not in caught.value.pick("zh")
