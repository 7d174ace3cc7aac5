"""Slot labels (时段): half-hour ranges of a business day that may run past midnight, and free labels.

>>> parse_slot("20:00~22:00"), parse_slot("22:00-02:00"), parse_slot("晚场")
((1200, 1320), (1320, 1560), None)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from adspend_datasets.dates import DAY
from adspend_datasets.errors import BadDataError, Fault
from adspend_datasets.text import Text

_RANGE = re.compile(
    r"([0-9]{1,2})[:：]([0-5][0-9])(?::[0-9]{2})?\s*(?:-|~|～|—|–|至|到)+\s*([0-9]{1,2})[:：]([0-5][0-9])(?::[0-9]{2})?"
)
_LATEST = 30 * 60  # a business day ends by 06:00 of the next day (live rooms run 06:00 to 02:00)

Span = tuple[int, int]  # first minute, one past the last; minutes of the business day, the end may pass 1440


def parse_slot(label: str) -> Span | None:
    """The minutes of a slot label, or None where it is a free label. ``20:00-20:59`` counts to the full hour."""
    match = _RANGE.fullmatch(label.strip())
    if match is None:
        return None
    start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    end += end % 30 == 29  # an inclusive end: 20:59 means 21:00
    if end <= start:
        end += DAY
    return (start, end) if start < _LATEST and end <= start + DAY else None


def slot_label(span: Span) -> str:
    """The label of a span.

    >>> slot_label((1320, 1560))
    '22:00-26:00'
    """
    start, end = span
    return f"{start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}"


def standard_slot(label: str) -> str:
    """The one way in which a slot is written; a free label stays as it is.

    >>> standard_slot("8:00-10:00"), standard_slot("22:00~02:00"), standard_slot("晚场")
    ('08:00-10:00', '22:00-26:00', '晚场')
    """
    span = parse_slot(label)
    return label if span is None else slot_label(span)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotGrid:
    """A shop's slots: the labels as the shop writes them, and the minutes of those that are ranges."""

    labels: tuple[str, ...]
    spans: tuple[tuple[str, Span], ...]

    def find(self, minute: int, length: int = 1) -> tuple[str, int] | None:
        """The slot in which ``minute`` of a calendar day lies, and the day shift (0, or -1 after midnight).

        >>> grid = slot_grid(["22:00-26:00"])
        >>> grid.find(30), grid.find(24 * 60 + 30), grid.find(600)
        (('22:00-26:00', -1), ('22:00-26:00', 0), None)
        """
        for label, (start, end) in self.spans:
            for shift in (0, -1, 1):
                if start <= minute - shift * DAY and minute - shift * DAY + length <= end:
                    return label, shift
        return None


def slot_grid(labels: Sequence[str]) -> SlotGrid:
    """The grid of a shop's slot labels.

    Raises:
        BadDataError: E-SLOT-OVERLAP where two slots share a half-hour; a row there would belong to both.
    """
    spans = tuple((label, span) for label in labels if (span := parse_slot(label)) is not None)
    taken: dict[int, str] = {}
    for label, (start, end) in spans:
        for minute in range(start, end):
            other = taken.setdefault(minute % DAY, label)
            if other != label:
                raise BadDataError([_overlap(label, other)])
    return SlotGrid(labels=tuple(labels), spans=spans)


def _overlap(label: str, other: str) -> Fault:
    law = Text(f"时段不能重叠，它与 {other} 重叠", f"slots must not overlap, this one overlaps {other}")
    remedy = Text("请修改店铺文件的 [cells] slots", "correct [cells] slots in the shop file")
    return Fault(code="E-SLOT-OVERLAP", law=law, remedy=remedy, value=label)
