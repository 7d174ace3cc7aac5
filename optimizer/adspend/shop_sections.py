"""The sections of a shop file: their keys, the law of each key, and its default.

``adspend.shop`` puts them together; ``adspend.shop_laws`` says what must hold between them.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from adspend.money import ceil_to_step, fen, floor_to_step
from adspend.shop_faults import BrokenLaw
from adspend_datasets.mapping_rule import BadRule, MappingRule
from adspend_datasets.slots import standard_slot
from adspend_datasets.text import Text


def _whole_fen(amount: Decimal) -> Decimal:
    try:
        fen(amount)
    except ValueError:
        raise BrokenLaw("金额最多两位小数", "an amount must have at most 2 decimals") from None
    return amount


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise BrokenLaw(
            "时区须为 IANA 名称，如 Asia/Shanghai", "a timezone must be an IANA name, such as Asia/Shanghai"
        )
    return name


def _sane_cap(value: float) -> float:
    if math.isfinite(value) and value > MOST_CAP:
        remedy = (f"写小数：{value:g}% 写成 {value / 100:g}", f"Write a fraction: {value:g} % is {value / 100:g}")
        raise BrokenLaw(
            f"不得大于 {MOST_CAP}（0.5 = 50%；inf = 不限）",
            f"the value must be at most {MOST_CAP} (0.5 is 50 %; inf switches the cap off)",
            remedy=Text(*remedy),
        )
    return value


def _three_levels(levels: tuple[float, ...]) -> tuple[float, ...]:
    if len(set(levels)) < 3:
        raise BrokenLaw("至少要有 3 个不同的测试档位", "there must be at least 3 different test levels")
    return levels


MOST_YUAN = Decimal(10**11)  # beyond any shop: sums of fen then stay exact in 64-bit floats and integers alike
Yuan = Annotated[Decimal, Field(ge=0, le=MOST_YUAN, allow_inf_nan=False), AfterValidator(_whole_fen)]
MOST_ROI = 1e6  # beyond any shop, and its row still fits in 64 bits
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
MOST_CAP = 10  # eleven-fold in a day, or ten times the tested range: beyond it a per cent was typed
Cap = Annotated[float, Field(ge=0), AfterValidator(_sane_cap)]  # `inf` switches a cap off
Level = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Levels = Annotated[tuple[Level, ...], Field(min_length=3), AfterValidator(_three_levels)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Slot = Annotated[Name, AfterValidator(standard_slot)]
DEFAULT_PRIOR_ORDER_VALUE = 100.0  # yuan; only a cold start with no [prior] uses it, and its plan says so


class Section(BaseModel):
    """A section of a TOML file: no unknown keys, and true is not 1."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth_values(cls, value: object) -> object:
        if isinstance(value, bool):
            raise BrokenLaw("不能是 true / false", "the value must not be true or false")
        return value


class ShopSection(Section):
    """Who the plan is for. ``basis`` says which GMV the shop plans on: ad-attributed or the room's overall.

    ``category`` is the trade (女装, 美妆) in which a batch pools shops; shops without one are pooled together.
    """

    name: Name
    category: Annotated[str, Field(max_length=100)] = ""
    currency: Name = "CNY"
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Shanghai"
    platform: str = "qianchuan"
    basis: Literal["direct", "overall"] | None = None
    seed: int = Field(default=0, ge=0)


class EconomicsSection(Section):
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


class PriorSection(Section):
    """What to expect before any report: GMV per yuan at an ordinary spend, and the value of an order in yuan."""

    gmv_return: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    order_value: float = Field(default=DEFAULT_PRIOR_ORDER_VALUE, gt=0, allow_inf_nan=False)


class BudgetSection(Section):
    """The day's budget in yuan."""

    daily: Yuan


class CellsSection(Section):
    """Where money may go, and the platform's rules for one cell (yuan)."""

    segments: tuple[Name, ...] = Field(min_length=1)
    slots: tuple[Slot, ...] = Field(min_length=1)
    min_if_active: Yuan = Decimal(0)
    max: Yuan | None = None
    step: Annotated[Yuan, Field(gt=0)] = Decimal(1)
    max_active: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _consistent(self) -> CellsSection:
        for names in (self.segments, self.slots):
            if len(set(names)) != len(names):
                raise BrokenLaw("名称不得重复", "names must be distinct")
        if self.max is not None and self.max < self.min_if_active:
            raise BrokenLaw("必须满足 min_if_active ≤ max", "`min_if_active <= max` must hold")
        if self.maximum_fen is not None and self.maximum_fen < self.minimum_fen:
            raise BrokenLaw(
                "min_if_active 与 max 之间必须有 step 的整数倍",
                "a multiple of step must lie between min_if_active and max",
            )
        return self

    @property
    def step_fen(self) -> int:
        """Budgets are multiples of this."""
        return fen(self.step)

    @property
    def minimum_fen(self) -> int:
        """The least budget of an active cell: at least one step."""
        return max(ceil_to_step(fen(self.min_if_active), self.step_fen), self.step_fen)

    @property
    def maximum_fen(self) -> int | None:
        """The most any cell may get, on the step grid; None where only the day's budget bounds it."""
        return None if self.max is None else floor_to_step(fen(self.max), self.step_fen)


class LimitsSection(Section):
    """Safe defaults; ``inf`` switches a cap off."""

    max_raise_per_day: Cap = 0.5
    max_over_tested: Cap = 1.3
    roi_floor: float | None = Field(default=None, ge=0, le=MOST_ROI, allow_inf_nan=False)


class TestSection(Section):
    """Money set aside to learn: the most of the day's budget that goes to tests once there is history."""

    share: Share = 0.2
    levels: Levels = (0.3, 1.0, 3.0)


class ShareSection(Section):
    """Bounds on a group's share of the day's planned spend."""

    by: Literal["segment", "slot", "lever"]
    of: Name
    min: Share = 0.0
    max: Share = 1.0

    @field_validator("of")
    @classmethod
    def _standard(cls, of: str, info: ValidationInfo) -> str:
        return standard_slot(of) if info.data.get("by") == "slot" else of

    @model_validator(mode="after")
    def _ordered(self) -> ShareSection:
        if self.min > self.max:
            raise BrokenLaw("必须满足 min ≤ max", "`min <= max` must hold")
        return self


class LockSection(Section):
    """A cell whose budget a person has decided; 0 keeps it paused."""

    segment: Name
    slot: Slot
    budget: Yuan


class MappingSection(Section):
    """How a plan's id or name says which cell it is: the fields of ``MappingRule``."""

    plan_id: str = ""
    plan_name: str = ""
    segment: str = ""
    slot: str = ""
    lever: str = ""
    product: str = ""

    @model_validator(mode="after")
    def _is_a_rule(self) -> MappingSection:
        try:
            self.rule  # noqa: B018  a bad rule is found now, not at the first report
        except BadRule as error:
            raise BrokenLaw(error.law.zh, error.law.en, value=error.value, remedy=error.remedy) from error
        return self

    @property
    def rule(self) -> MappingRule:
        """The rule."""
        return MappingRule(**self.model_dump())
