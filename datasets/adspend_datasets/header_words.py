"""A header taken apart: its bare name, and the unit or currency it states in brackets.

>>> header_words("消耗（万元）")
HeaderWords(name='消耗', unit='wan', currency='CNY')
>>> header_words("Amount spent (USD)").currency, header_words("直接退款金额(7天)").name
('USD', '直接退款金额(7天)')
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from adspend_datasets.amounts import CURRENCIES

# What a header may state in brackets: the unit of a bare number, and the currency.
_STATED = {
    "元": ("yuan", "CNY"), "万元": ("wan", "CNY"), "分": ("fen", "CNY"), "千分之一分": ("yuan_e5", "CNY"),
    "micros": ("micros", ""), "fen": ("fen", "CNY"), "yuan": ("yuan", "CNY"), "cents": ("fen", ""),
    "次": ("count", ""), "个": ("count", ""), "单": ("count", ""), "人": ("count", ""), "%": ("percent", ""),
    **{token.casefold(): ("yuan", currency) for token, currency in CURRENCIES.items() if token != "元"},
}  # fmt: skip
_BRACKETED = re.compile(r"(.+?)(?:[(\[【]([^()\[\]【】]+)[)\]】]|[/_]([^/_]+))")
_INVISIBLE = "\ufeff\u200b\u200e\u200f"


class HeaderWords(NamedTuple):
    """A normalised header name, the stated unit ("" if none) and the stated currency ("" if none)."""

    name: str
    unit: str
    currency: str


@lru_cache(maxsize=4096)
def header_words(header: str) -> HeaderWords:
    """Takes a header apart; width, case, blanks and invisible marks do not matter."""
    text = unicodedata.normalize("NFKC", header).strip(_INVISIBLE)
    bare = "".join(text.split()).casefold().strip("'\"*")
    match = _BRACKETED.fullmatch(bare)
    if match:
        stated = _STATED.get(match[2] or match[3])
        if stated is not None:
            return HeaderWords(match[1], *stated)
    return HeaderWords(bare, "", "")
