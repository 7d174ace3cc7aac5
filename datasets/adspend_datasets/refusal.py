"""A value that a parser refuses, with law and remedy; whoever knows the place makes it a ``Fault``."""

from __future__ import annotations

from adspend_datasets.errors import Fault, Place
from adspend_datasets.text import Text


class RefusedValue(ValueError):
    """The only error that a value parser raises: it never lets a foreign exception or a wrong number through."""

    def __init__(self, code: str, law: Text, remedy: Text) -> None:
        self.code = code
        self.law = law
        self.remedy = remedy
        super().__init__(f"{law.en}; {remedy.en}")

    def at(self, place: Place, value: str) -> Fault:
        """The refusal as a fault at ``place``; a long value is cut to 60 characters so that a line stays readable."""
        shown = value if len(value) <= 60 else value[:60] + "…"
        return Fault(code=self.code, law=self.law, remedy=self.remedy, value=shown, place=place)
