"""The shop file (店铺文件): TOML bytes become a validated, frozen ``Shop``.

Its keys, their laws and their defaults are written down in ``adspend.shop_sections``; the bundled ``samples/shop.toml``
shows them with comments. Unknown keys are errors.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError, model_validator

from adspend.live_laws import hit_findings, name_findings, place_findings, rebate_findings, spent_findings
from adspend.live_sections import (
    FeeSection,
    GroupSection,
    HitsSection,
    HostSection,
    ObjectiveSection,
    PlatformSection,
    ProductSection,
    RebateSection,
    ServiceSection,
    SpentSection,
)
from adspend.money import fen, floor_to_step
from adspend.shop_faults import BrokenLaws, Finding, shop_faults
from adspend.shop_laws import lock_findings, share_findings
from adspend.shop_sections import (
    MOST_YUAN,
    BudgetSection,
    CellsSection,
    EconomicsSection,
    LimitsSection,
    LockSection,
    MappingSection,
    PriorSection,
    Section,
    ShareSection,
    ShopSection,
    TestSection,
)
from adspend.toml_faults import read_toml
from adspend_datasets.cell import Cell
from adspend_datasets.errors import BadDataError
from adspend_datasets.mapping import MappingRule

__all__ = ["MOST_YUAN", "ShareSection", "Shop", "parse_shop", "read_shop"]


class Shop(Section):
    """A shop file, validated."""

    shop: ShopSection
    economics: EconomicsSection
    budget: BudgetSection
    cells: CellsSection
    limits: LimitsSection = LimitsSection()
    test: TestSection = TestSection()
    prior: PriorSection = PriorSection()
    shares: tuple[ShareSection, ...] = ()
    locks: tuple[LockSection, ...] = ()
    mapping: tuple[MappingSection, ...] = ()
    objective: ObjectiveSection = ObjectiveSection()
    products: tuple[ProductSection, ...] = ()
    hits: HitsSection = HitsSection()
    service: tuple[ServiceSection, ...] = ()
    groups: tuple[GroupSection, ...] = ()
    rebates: tuple[RebateSection, ...] = ()
    fees: tuple[FeeSection, ...] = ()
    hosts: tuple[HostSection, ...] = ()
    spent: tuple[SpentSection, ...] = ()
    platform: PlatformSection = PlatformSection()

    @model_validator(mode="after")
    def _sections_agree(self) -> Shop:
        findings = [
            *lock_findings(self.locks, self.cells),
            *share_findings(self.shares, self.cells),
            *self._live_findings(),
        ]
        if findings:
            raise BrokenLaws(findings)
        return self

    def _live_findings(self) -> Iterator[Finding]:
        for name in ("products", "groups", "fees"):
            yield from name_findings(name, getattr(self, name), self.cells)
        for name in ("service", "hosts", "spent"):
            yield from place_findings(name, getattr(self, name), self.cells)
        yield from hit_findings(self.products, self.hits)
        yield from rebate_findings(self.rebates)
        yield from spent_findings(self.spent, self.locks, self.platform, self.cells)

    @property
    def rules(self) -> tuple[MappingRule, ...]:
        """How plans map to cells, first match wins."""
        return tuple(entry.rule for entry in self.mapping)

    @property
    def grid(self) -> tuple[Cell, ...]:
        """Every cell of the shop, segments outermost."""
        return _grid(self.cells.segments, self.cells.slots)

    @property
    def budget_fen(self) -> int:
        """The day's budget."""
        return fen(self.budget.daily)

    @property
    def step_fen(self) -> int:
        """Budgets are multiples of this."""
        return self.cells.step_fen

    @property
    def minimum_fen(self) -> int:
        """The least budget of an active cell: at least one step."""
        return self.cells.minimum_fen

    @property
    def is_below_minimum(self) -> bool:
        """Whether the whole budget does not pay for one active cell."""
        return self.budget_fen < self.minimum_fen

    @property
    def maximum_fen(self) -> int:
        """The most any cell may get: the shop's maximum, else the whole budget."""
        most = self.cells.maximum_fen
        return floor_to_step(self.budget_fen, self.step_fen) if most is None else most

    def with_budget(self, daily: Decimal) -> Shop:
        """The same shop with another daily budget (yuan)."""
        return self.model_copy(update={"budget": BudgetSection(daily=daily)})


@lru_cache(maxsize=64)  # asked for hundreds of times a day, of few shops
def _grid(segments: tuple[str, ...], slots: tuple[str, ...]) -> tuple[Cell, ...]:
    return tuple(Cell(segment, slot) for segment in segments for slot in slots)


def parse_shop(content: bytes, *, file: str) -> Shop:
    """The shop in a TOML file's bytes.

    Raises:
        BadDataError: not UTF-8 TOML, an unknown or missing key, or a value outside its law; all faults at once.
    """
    document = read_toml(content, file)
    try:
        return Shop.model_validate(document)
    except ValidationError as error:
        raise BadDataError(shop_faults(error, Shop, file)) from error


def read_shop(path: Path) -> Shop:
    """The shop in a TOML file."""
    return parse_shop(path.read_bytes(), file=path.name)
