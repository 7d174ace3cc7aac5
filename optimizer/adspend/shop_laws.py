"""What must hold between the sections of a shop file: locks and shares that make sense together.

Each function yields every law that is broken, with the key to look at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from adspend.money import fen
from adspend.shop_faults import EXAMPLE, Finding
from adspend.shop_sections import CellsSection, LockSection, ShareSection
from adspend_datasets.text import Text

AS_A_GROUP = Text(
    '把该投放方式所在的单元写成 [[groups]]，kind = "lever"，用 min / max 设占比',
    'Write the cells that the lever runs in as [[groups]] with kind = "lever"; its min and max bound the share',
)
ROUNDING = 1e-9  # typed shares are decimals, their sum is a float


def lock_findings(locks: Sequence[LockSection], cells: CellsSection) -> Iterator[Finding]:
    """Each locked cell exists and is locked once, at 0 or at a budget that the platform takes."""
    seen: set[tuple[str, str]] = set()
    for k, lock in enumerate(locks):
        key, name = f"locks.{k}", f"{lock.segment} × {lock.slot}"
        if lock.segment not in cells.segments or lock.slot not in cells.slots:
            yield Finding(key, Text(f"「{name}」必须是 [cells] 中的单元", f"'{name}' must be a cell of [cells]"))
        if (lock.segment, lock.slot) in seen:
            yield Finding(key, Text(f"「{name}」只能锁定一次", f"'{name}' must be locked once only"))
        seen.add((lock.segment, lock.slot))
        if not _may_be_locked_at(fen(lock.budget), cells):
            law = Text(
                f"「{name}」的锁定预算须为 0，或在 [min_if_active, max] 内且为 step 的整数倍",
                f"the locked budget of '{name}' must be 0 or a multiple of step within [min_if_active, max]",
            )
            yield Finding(f"{key}.budget", law, str(lock.budget))


def _may_be_locked_at(amount: int, cells: CellsSection) -> bool:
    most = cells.maximum_fen
    within = cells.minimum_fen <= amount and (most is None or amount <= most)
    return amount == 0 or (within and amount % cells.step_fen == 0)


def share_findings(shares: Sequence[ShareSection], cells: CellsSection) -> Iterator[Finding]:
    """Each group exists and is bounded once, and the bounds of all groups together leave a plan possible."""
    groups: Mapping[str, tuple[str, ...]] = {"segment": cells.segments, "slot": cells.slots, "lever": ()}
    seen: set[tuple[str, str]] = set()
    for k, share in enumerate(shares):
        if share.of not in groups[share.by]:
            remedy = AS_A_GROUP if share.by == "lever" else EXAMPLE
            yield Finding(f"shares.{k}.of", _unknown(share), remedy=remedy)
        if (share.by, share.of) in seen:
            law = Text(
                f"{share.by}「{share.of}」只能写一条，min 与 max 写在一起",
                f"{share.by} '{share.of}' must have one entry, with min and max in it",
            )
            yield Finding(f"shares.{k}", law)
        seen.add((share.by, share.of))
    for by, names in groups.items():
        yield from _sums(by, names, {share.of: share for share in shares if share.by == by and share.of in names})


def _unknown(share: ShareSection) -> Text:
    if share.by == "lever":
        return Text(
            "目前不能按 lever 设占比：投放单元是人群 × 时段，不分 lever",
            "shares by lever are not possible yet: a cell is a segment in a slot, whatever the lever",
        )
    return Text(f"「{share.of}」必须是 [cells] 中的 {share.by}", f"'{share.of}' must be a {share.by} of [cells]")


def _sums(by: str, names: Sequence[str], bounds: Mapping[str, ShareSection]) -> Iterator[Finding]:
    least, most = (sum(getattr(share, end) for share in bounds.values()) for end in ("min", "max"))
    if least > 1 + ROUNDING:
        law = Text(
            f"按 {by} 的各项 min 合计不得超过 1，实际为 {least:g}",
            f"the min of all shares by {by} must not exceed 1, but they sum to {least:g}",
        )
        yield Finding("shares", law)
    if bounds and len(bounds) == len(names) and most < 1 - ROUNDING:
        law = Text(
            f"每个 {by} 都有 max 时合计不得小于 1，否则一分钱也花不出去，实际为 {most:g}",
            f"where every {by} has a max they must sum to at least 1, or nothing can be spent: they sum to {most:g}",
        )
        yield Finding("shares", law)
