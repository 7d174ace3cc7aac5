"""What must hold between the livestream sections of a shop file and its cells.

Each function yields every law that is broken, with the key to look at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adspend.live_sections import (
    FeeSection,
    GroupSection,
    HitsSection,
    HostSection,
    ProductSection,
    ServiceSection,
    SpentSection,
)
from adspend.shop_faults import Finding
from adspend.shop_sections import CellsSection
from adspend_datasets.text import Text


def name_findings(
    section: str, entries: Sequence[ProductSection | GroupSection | FeeSection], cells: CellsSection
) -> Iterator[Finding]:
    """Names are distinct, and the segments and slots meant exist."""
    seen: set[tuple[str, str]] = set()
    for k, entry in enumerate(entries):
        name = (getattr(entry, "kind", ""), entry.name)
        if name in seen:
            yield Finding(f"{section}.{k}.name", Text(f"「{entry.name}」不得重复", f"'{entry.name}' must be distinct"))
        seen.add(name)
        for key, known in (("segments", cells.segments), ("slots", cells.slots)):
            for meant in getattr(entry, key):
                if meant not in known:
                    yield Finding(f"{section}.{k}.{key}", _unknown(key, meant), meant)


def place_findings(
    section: str, entries: Sequence[ServiceSection | HostSection | SpentSection], cells: CellsSection
) -> Iterator[Finding]:
    """The slot (and segment) meant exists and is named once."""
    seen: set[tuple[str, str]] = set()
    for k, entry in enumerate(entries):
        segment = getattr(entry, "segment", "")
        if entry.slot not in cells.slots:
            yield Finding(f"{section}.{k}.slot", _unknown("slots", entry.slot), entry.slot)
        if segment and segment not in cells.segments:
            yield Finding(f"{section}.{k}.segment", _unknown("segments", segment), segment)
        if (segment, entry.slot) in seen:
            yield Finding(f"{section}.{k}", Text(f"「{entry.slot}」只能写一次", f"'{entry.slot}' must be named once"))
        seen.add((segment, entry.slot))


def hit_findings(products: Sequence[ProductSection], hits: HitsSection) -> Iterator[Finding]:
    """As many candidates as the day needs hits."""
    candidates = sum(product.hit_stock is not None for product in products)
    if 0 < candidates < hits.min:
        law = Text(
            f"爆款候选（有 hit_stock 的产品）须不少于 hits.min，实际 {candidates} 个",
            f"there must be at least hits.min candidates (products with hit_stock), found {candidates}",
        )
        yield Finding("hits.min", law, str(hits.min))


def _unknown(key: str, name: str) -> Text:
    return Text(f"「{name}」必须是 [cells] 的 {key} 之一", f"'{name}' must be one of the {key} of [cells]")
