"""The shop file (店铺文件): TOML bytes become a validated, frozen ``Shop``.

This is the one place where a shop's keys, their laws and their defaults are written down; the bundled
``samples/shop.toml`` shows them with comments. Unknown keys are errors.
"""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from adspend.money import ceil_to_step, fen, floor_to_step
from adspend.shop_faults import BrokenLaw, shop_faults, toml_fault
from adspend_datasets.cell import Cell
from adspend_datasets.errors import BadDataError
from adspend_datasets.mapping import MappingRule


def _whole_fen(amount: Decimal) -> Decimal:
    fen(amount)
    return amount


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise BrokenLaw(
            "时区须为 IANA 名称，如 Asia/Shanghai", "a timezone must be an IANA name, such as Asia/Shanghai"
        )
    return name


MOST_YUAN = Decimal(10**11)  # beyond any shop: sums of fen then stay exact in 64-bit floats and integers alike
Yuan = Annotated[Decimal, Field(ge=0, le=MOST_YUAN, allow_inf_nan=False), AfterValidator(_whole_fen)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Cap = Annotated[float, Field(ge=0)]  # `inf` switches a cap off
Level = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
DEFAULT_PRIOR_ORDER_VALUE = 100.0  # yuan; only a cold start with no [prior] uses it, and its plan says so


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class ShopSection(_Section):
    """Who the plan is for. ``basis`` says which GMV the shop plans on: ad-attributed or the room's overall."""

    name: Name
    currency: Name = "CNY"
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Shanghai"
    platform: str = "qianchuan"
    basis: Literal["direct", "overall"] | None = None
    seed: int = Field(default=0, ge=0)


class EconomicsSection(_Section):
    """What remains of GMV. All are shares of GMV; ``return_cost_rate`` is the cost of a returned order."""

    gross_margin: Share
    refund_rate: Share = 0.0
    commission_rate: Share = 0.0
    shipping_rate: Share = 0.0
    return_cost_rate: Share = 0.0

    @model_validator(mode="after")
    def _something_remains(self) -> EconomicsSection:
        if self.net_value_rate <= 0:
            raise BrokenLaw(
                "(1-退款率)×(毛利率-佣金率)-运费率-退款率×退货成本率 必须大于 0，否则任何投放都亏损",
                "(1 - refund_rate) * (gross_margin - commission_rate) - shipping_rate - refund_rate * return_cost_rate "
                "must be above 0, or every yuan of advertising loses money",
            )
        return self

    @property
    def net_value_rate(self) -> float:
        """Net value before ad cost per yuan of GMV: (1 - r)(m - c) - s - r u."""
        kept = (1 - self.refund_rate) * (self.gross_margin - self.commission_rate)
        return kept - self.shipping_rate - self.refund_rate * self.return_cost_rate

    @property
    def break_even_roi(self) -> float:
        """GMV per yuan of ad cost at which a cell earns exactly nothing."""
        return 1 / self.net_value_rate


class PriorSection(_Section):
    """What to expect before any report: GMV per yuan at an ordinary spend, and the value of an order in yuan."""

    gmv_return: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    order_value: float = Field(default=DEFAULT_PRIOR_ORDER_VALUE, gt=0, allow_inf_nan=False)


class BudgetSection(_Section):
    """The day's budget in yuan."""

    daily: Yuan


class CellsSection(_Section):
    """Where money may go, and the platform's rules for one cell (yuan)."""

    segments: tuple[Name, ...] = Field(min_length=1)
    slots: tuple[Name, ...] = Field(min_length=1)
    min_if_active: Yuan = Decimal(0)
    max: Yuan | None = None
    step: Yuan = Decimal(1)
    max_active: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _consistent(self) -> CellsSection:
        for names in (self.segments, self.slots):
            if len(set(names)) != len(names):
                raise BrokenLaw("名称不得重复", "names must be distinct")
        if self.step <= 0:
            raise BrokenLaw("step 必须大于 0", "step must be above 0")
        if self.max is not None and self.max < self.min_if_active:
            raise BrokenLaw("必须满足 min_if_active ≤ max", "`min_if_active <= max` must hold")
        return self


class LimitsSection(_Section):
    """Safe defaults; ``inf`` switches a cap off."""

    max_raise_per_day: Cap = 0.5
    max_over_tested: Cap = 1.3
    roi_floor: float | None = Field(default=None, ge=0, allow_inf_nan=False)


class TestSection(_Section):
    """Money set aside to learn: the most of the day's budget that goes to tests once there is history."""

    share: Share = 0.2
    levels: tuple[Annotated[float, Field(gt=0, allow_inf_nan=False)], ...] = Field(
        default=(0.3, 1.0, 3.0), min_length=3
    )


class ShareSection(_Section):
    """Bounds on a group's share of the day's planned spend."""

    by: Literal["segment", "slot", "lever"]
    of: Name
    min: Share = 0.0
    max: Share = 1.0

    @model_validator(mode="after")
    def _ordered(self) -> ShareSection:
        if self.min > self.max:
            raise BrokenLaw("必须满足 min ≤ max", "`min <= max` must hold")
        return self


class LockSection(_Section):
    """A cell whose budget a person has decided; 0 keeps it paused."""

    segment: Name
    slot: Name
    budget: Yuan


class Shop(_Section):
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
    mapping: tuple[dict[str, str], ...] = ()

    @model_validator(mode="after")
    def _names_exist(self) -> Shop:
        for lock in self.locks:
            if lock.segment not in self.cells.segments or lock.slot not in self.cells.slots:
                name = f"{lock.segment} × {lock.slot}"
                raise BrokenLaw(
                    f"locks：「{name}」必须是 [cells] 中的单元", f"locks: '{name}' must be a cell of [cells]"
                )
            self._check_lock(lock)
        for share in self.shares:
            known = {"segment": self.cells.segments, "slot": self.cells.slots}.get(share.by)
            if known is not None and share.of not in known:
                raise BrokenLaw(
                    f"shares：「{share.of}」必须是 [cells] 中的 {share.by}",
                    f"shares: '{share.of}' must be a {share.by} of [cells]",
                )
        for by in ("segment", "slot", "lever"):
            least = sum(share.min for share in self.shares if share.by == by)
            if least > 1 + 1e-9:
                raise BrokenLaw(
                    f"shares：按 {by} 的各项 min 合计不得超过 1，实际为 {least:g}",
                    f"shares: the min of all shares by {by} must not exceed 1, but they sum to {least:g}",
                )
        self.rules  # noqa: B018  a bad mapping rule is found now, not at the first report
        return self

    def _check_lock(self, lock: LockSection) -> None:
        amount = fen(lock.budget)
        allowed = amount % self.step_fen == 0 and self.minimum_fen <= amount <= self.maximum_fen
        if amount and not allowed:
            name = f"{lock.segment} × {lock.slot}"
            raise BrokenLaw(
                f"locks：「{name}」须为 0，或在 [min_if_active, max] 内且为 step 的整数倍，实际为 {lock.budget}",
                f"locks: the locked budget of '{name}' must be 0 or a multiple of step within [min_if_active, max], "
                f"but is {lock.budget}",
            )

    @property
    def rules(self) -> tuple[MappingRule, ...]:
        """How plans map to cells, first match wins."""
        try:
            return tuple(MappingRule(**rule) for rule in self.mapping)
        except TypeError as error:
            raise ValueError(f"mapping: {error}") from error

    @property
    def grid(self) -> tuple[Cell, ...]:
        """Every cell of the shop, segments outermost."""
        return tuple(Cell(segment, slot) for segment in self.cells.segments for slot in self.cells.slots)

    @property
    def budget_fen(self) -> int:
        """The day's budget."""
        return fen(self.budget.daily)

    @property
    def step_fen(self) -> int:
        """Budgets are multiples of this."""
        return fen(self.cells.step)

    @property
    def minimum_fen(self) -> int:
        """The least budget of an active cell: at least one step."""
        return max(ceil_to_step(fen(self.cells.min_if_active), self.step_fen), self.step_fen)

    @property
    def maximum_fen(self) -> int:
        """The most any cell may get: the shop's maximum, else the whole budget."""
        most = self.budget_fen if self.cells.max is None else fen(self.cells.max)
        return floor_to_step(most, self.step_fen)

    def with_budget(self, daily: Decimal) -> Shop:
        """The same shop with another daily budget (yuan)."""
        return self.model_copy(update={"budget": BudgetSection(daily=daily)})


def parse_shop(content: bytes, *, file: str) -> Shop:
    """The shop in a TOML file's bytes.

    Raises:
        BadDataError: not UTF-8 TOML, an unknown or missing key, or a value outside its law; all faults at once.
    """
    try:
        document: dict[str, Any] = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadDataError([toml_fault(error, file)]) from error
    try:
        return Shop.model_validate(document)
    except ValidationError as error:
        raise BadDataError(shop_faults(error, Shop, file)) from error


def read_shop(path: Path) -> Shop:
    """The shop in a TOML file."""
    return parse_shop(path.read_bytes(), file=path.name)
