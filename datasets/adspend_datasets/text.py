"""Sentences in two languages: everything an operator reads is a ``Text``.

Operators read Chinese, engineers and the field's literature English. A sentence is therefore built once, in both
languages, where its numbers are known, and the edge (command line, page, workbook) picks one.

>>> Text(zh="预算", en="budget").pick("en")
'budget'
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """One sentence or label in Chinese and in English."""

    zh: str
    en: str

    def pick(self, language: Language) -> str:
        """The sentence in ``language``."""
        return self.zh if language == "zh" else self.en


def same(words: str) -> Text:
    """A ``Text`` that reads the same in both languages: ids, names, numbers."""
    return Text(zh=words, en=words)


def join(texts: Iterable[Text], *, zh: str = "；", en: str = "; ") -> Text:
    """The sentences one after another.

    >>> join([same("a"), same("b")]).en
    'a; b'
    """
    parts = list(texts)
    return Text(zh=zh.join(part.zh for part in parts), en=en.join(part.en for part in parts))


def counted(count: int, noun: str) -> str:
    """A count with its English noun.

    >>> counted(1, "cell"), counted(3, "cell")
    ('1 cell', '3 cells')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
