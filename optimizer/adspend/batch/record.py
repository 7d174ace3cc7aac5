"""The record (批次记录): what a batch knows of one shop, whether a plan came of it or not."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from adspend_datasets.text import Text


class Status(StrEnum):
    """How a shop ended."""

    OK = "ok"  # a plan was made, checked and written
    SKIPPED = "skipped"  # there was nothing to plan from
    FAILED = "failed"  # bad data, or no plan is possible
    QUARANTINED = "quarantined"  # its process died time and again


PASSING = frozenset(
    {"E-INTERNAL", "E-IO", "E-FILE-MISSING", "E-FILE-CHANGED"}
)  # faults that the data may not be guilty of


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A notice of the plan, or the reason why there is none."""

    code: str
    severity: str  # REVIEW or WARN; ERROR of a reason
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A plan in short. Money in fen.

    Attributes:
        budget_fen: the day's budget.
        planned_fen: what the plan spends.
        expected_net_fen: after ad cost.
        yesterday_fen: spent on the report's last day; None without one.
        yesterday_net_fen: what that spend is expected to net on the same curves.
        gap: at most this share below the optimum.
        grades: cells per grade, in the order of ``Grade``.
        binding: names of the limits that hold the plan back, dearest first.
        frontier: (budget, net value), what other budgets would earn (``shop_frontier``).
        least: (budget, net value) of the least that locks and floors take, whatever is tested; (0, 0) for nothing.
        beyond: (spend, net value) where the shop spends more than it would of its own.
        own_rebates: whether rebates of the shop's own may be part of those net values.
    """

    budget_fen: int
    planned_fen: int
    expected_net_fen: int
    yesterday_fen: int | None
    yesterday_net_fen: int | None
    gap: float
    grades: tuple[int, ...]
    binding: tuple[Text, ...]
    frontier: tuple[tuple[int, int], ...]
    least: tuple[int, int] = (0, 0)
    beyond: tuple[tuple[int, int], ...] = ()
    own_rebates: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopRecord:
    """One shop of a batch: ``key`` is the hash of all that its result depends on; ``figures`` where a plan was made.

    ``files`` are the (name, SHA-256) of what lies beside the record in the shop's folder.
    """

    name: str
    key: str
    status: Status
    shop: str = ""
    category: str = ""
    remarks: tuple[Remark, ...] = ()
    figures: Figures | None = None
    files: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Refuses a plan without figures, and figures without a plan."""
        if (self.status is Status.OK) != (self.figures is not None):
            raise ValueError(f"a record has figures where there is a plan, but {self.name} is {self.status}")

    @property
    def is_final(self) -> bool:
        """Whether the same inputs would give it again: not where a process died, memory ran out or a disk failed."""
        return self.status is not Status.QUARANTINED and PASSING.isdisjoint(remark.code for remark in self.remarks)

    @property
    def reviews(self) -> int:
        """Notices that need a person's approval."""
        return sum(remark.severity == "REVIEW" for remark in self.remarks)


def to_json(record: ShopRecord) -> str:
    """The record as one line; equal records give equal lines."""
    return json.dumps(asdict(record), ensure_ascii=False, sort_keys=True, allow_nan=False)


def from_json(line: str) -> ShopRecord:
    """The record of ``to_json``'s line.

    Raises:
        ValueError, KeyError, TypeError: it is none.
    """
    value: dict[str, Any] = json.loads(line)
    remarks = tuple(Remark(**{**remark, "text": Text(**remark["text"])}) for remark in value["remarks"])
    figures = value["figures"]
    if figures is not None:
        figures["grades"] = tuple(figures["grades"])
        figures["binding"] = tuple(Text(**name) for name in figures["binding"])
        for name in ("frontier", "beyond"):
            figures[name] = tuple((budget, net) for budget, net in figures.get(name, ()))
        figures["least"] = tuple(figures.get("least", (0, 0)))
    own = {"status": Status(value["status"]), "remarks": remarks, "figures": figures and Figures(**figures)}
    files = tuple((name, digest) for name, digest in value.get("files", ()))
    return ShopRecord(**{**value, **own, "files": files})
