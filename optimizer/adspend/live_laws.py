"""What must hold between the livestream sections of a shop file and its cells.

Each function yields every law that is broken, with the key to look at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from adspend.live_sections import (
    FeeSection,
    GroupSection,
    HitsSection,
    HostSection,
    PlatformSection,
    ProductSection,
    RebateSection,
    ServiceSection,
    SpentSection,
)
from adspend.money import fen, yuan_text
from adspend.shop_faults import Finding
from adspend.shop_sections import CellsSection, LockSection
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


def rebate_findings(rebates: Sequence[RebateSection]) -> Iterator[Finding]:
    """Each tier starts somewhere else, and a higher tier pays no less: the plan takes the best tier it has reached."""
    order = sorted(range(len(rebates)), key=lambda k: rebates[k].start)
    for low, high in pairwise(order):
        start, rate = rebates[high].start, rebates[high].rate
        if start == rebates[low].start:
            law = Text(f"满 {start} 元的返点只能写一档", f"there must be one rebate tier from {start} yuan")
            yield Finding(f"rebates.{high}.start", law, str(start))
        elif rate < rebates[low].rate:
            law = Text("起点更高的返点档 rate 不得更低", "a rebate tier that starts higher must not pay a lower rate")
            yield Finding(f"rebates.{high}.rate", law, f"{rate:g}")


def spent_findings(
    spents: Sequence[SpentSection], locks: Sequence[LockSection], platform: PlatformSection, cells: CellsSection
) -> Iterator[Finding]:
    """No lock is below what the platform still takes for a cell that has spent money today."""
    spent_of = {(spent.segment, spent.slot): spent.spent for spent in spents}
    for k, lock in enumerate(locks):
        spent = spent_of.get((lock.segment, lock.slot))
        least = platform.least_fen(spent, cells.step_fen) if spent else 0
        if fen(lock.budget) < least:
            name = f"{lock.segment} × {lock.slot}"
            law = Text(
                f"「{name}」今日已花 {spent} 元，锁定预算不得少于 {yuan_text(least)} 元",
                f"'{name}' has spent {spent} yuan today: its locked budget must be at least {yuan_text(least)}",
            )
            yield Finding(f"locks.{k}.budget", law, str(lock.budget))


def _unknown(key: str, name: str) -> Text:
    return Text(f"「{name}」必须是 [cells] 的 {key} 之一", f"'{name}' must be one of the {key} of [cells]")
