"""Why a curve must not be acted on: each rule names what is missing, ``TEST_ADVICE`` the test that would cure it.

Thresholds are the fault catalogue's (B1, B3, B4, B10, B12, B16) where it has one; the others say where they come from.
"""

from __future__ import annotations

from collections.abc import Callable

from adspend_datasets.text import Text
from adspend_models.evidence import CellEvidence
from adspend_models.habit import FAIR_CHANCE_DAYS
from adspend_models.wording import figure, yuan

FEWEST_DAYS = 3  # a curve with three parameters needs three costs
STALE_DAYS = 14  # N: platforms' refund windows and creatives' lives are at most this long; FAIL from 2 N
RULE_OF_THREE = 3.0  # e^-3 = 5 %: no event in n trials bounds the rate by 3 / n
TYPICAL_ELASTICITY = 0.7  # of orders in cost, at usual costs (online_ads 0.74, conjura 0.6 to 1.1)
Z_90, Z_95 = 1.645, 1.960  # half-widths of central 90 % and 95 % intervals, in standard errors


def wrong_unit(evidence: CellEvidence) -> Text | None:
    """B12: costs that look like fen among yuan; the days are left out of the fit."""
    if evidence.unit_suspects == 0:
        return None
    times = evidence.unit_ratio if evidence.unit_ratio > 1 else 1.0 / evidence.unit_ratio
    days = evidence.unit_suspects
    return Text(
        f"疑似单位错误：{days} 天的花费与中位数相差约 {times:.0f} 倍而订单没有跟着变；请核对分/元后重新导入",
        f"suspected unit error: on {days} days cost is about {times:.0f} times off the median while orders did not "
        "follow; check fen against yuan and import again",
    )


def not_converged(evidence: CellEvidence) -> Text | None:
    """B16: the curve did not settle."""
    if evidence.converged:
        return None
    return Text("拟合未收敛，曲线不可用；请沿用上一版曲线", "the fit did not converge: keep using the previous curve")


def too_few_days(evidence: CellEvidence) -> Text | None:
    """Fewer usable days than the curve has parameters."""
    if evidence.usable_days >= FEWEST_DAYS:
        return None
    return Text(
        f"只有 {evidence.usable_days} 天可用数据，至少要 {FEWEST_DAYS} 天",
        f"only {evidence.usable_days} usable days; at least {FEWEST_DAYS} are needed",
    )


def one_level(evidence: CellEvidence) -> Text | None:
    """B1: one spend level says nothing about more money."""
    if evidence.levels != 1:
        return None
    return Text("只有一个花费档位，无法判断加钱后的效果", "only one spend level: what more money does cannot be told")


def no_orders(evidence: CellEvidence) -> Text | None:
    """B3: no order at all; the rule of three bounds what the cell can give."""
    if evidence.orders > 0 or evidence.usable_days == 0:
        return None
    most = RULE_OF_THREE / evidence.total_cost
    bound, roi = figure(most), figure(most * evidence.order_value)
    days, cost = evidence.usable_days, yuan(evidence.total_cost)
    return Text(
        f"{days} 天共花 {cost} 元，0 单；95% 把握每元不超过 {bound} 单（ROI 不超过 {roi}）",
        f"no order on {days} days and {cost} yuan: with 95 % confidence at most {bound} orders per yuan "
        f"(ROI at most {roi})",
    )


def falling(evidence: CellEvidence) -> Text | None:
    """B4: orders fall as cost rises, beyond noise."""
    high = evidence.elasticity + Z_90 * evidence.elasticity_error
    if not response_can_be_judged(evidence) or high >= 0:
        return None
    value = evidence.elasticity
    return Text(
        f"花得越多订单越少（弹性 {value:.2f}，90% 上限 {high:.2f}）；曲线按不下降拟合，请先查明原因",
        f"orders fall as cost rises (elasticity {value:.2f}, 90 % at most {high:.2f}); the curve is fitted as rising: "
        "find the cause first",
    )


def no_response(evidence: CellEvidence) -> Text | None:
    """Orders do not follow cost, although the data had a fair chance to show it.

    Refused when the 90 % interval of the elasticity holds 0, the estimate lies nearer to no response than to a typical
    one, and either the interval excludes orders in proportion to cost or two weeks have passed.
    """
    half = Z_90 * evidence.elasticity_error
    low, high = evidence.elasticity - half, evidence.elasticity + half
    near_none = low <= 0 <= high and evidence.elasticity < 0.5 * TYPICAL_ELASTICITY
    fair = high < 1.0 or evidence.usable_days >= FAIR_CHANCE_DAYS
    if not (response_can_be_judged(evidence) and near_none and fair):
        return None
    value, days = evidence.elasticity, evidence.usable_days
    return Text(
        f"{days} 天里看不出订单随花费变化（弹性 {value:.2f}，90% 区间 {low:.2f}～{high:.2f} 含 0），与随机波动无异",
        f"over {days} days orders do not follow cost (elasticity {value:.2f}, 90 % interval {low:.2f} to {high:.2f} "
        "holds 0): no better than noise",
    )


def too_old(evidence: CellEvidence) -> Text | None:
    """B10: the last test is two windows old."""
    if evidence.age < 2 * STALE_DAYS:
        return None
    return Text(
        f"曲线已过期：最近一次有花费是 {evidence.age} 天前（上限 {2 * STALE_DAYS} 天）",
        f"stale: the last day with cost was {evidence.age} days ago (limit {2 * STALE_DAYS})",
    )


def response_can_be_judged(evidence: CellEvidence) -> bool:
    """Whether the elasticity means anything: orders, days and more than one level."""
    return evidence.orders > 0 and evidence.levels > 1 and evidence.usable_days >= FEWEST_DAYS


FAIL_RULES: tuple[Callable[[CellEvidence], Text | None], ...] = (
    wrong_unit,
    not_converged,
    no_orders,
    too_few_days,
    one_level,
    falling,
    no_response,
    too_old,
)

# What more days, levels or money cure; the others found something wrong. ``no_response`` asks for levels further apart:
# a noisy cell breaks it for a while, and never testing such cells cost 4 points of the clairvoyant on made markets.
THIN_RULES = frozenset({no_orders, too_few_days, one_level, no_response, too_old})


def never_tested(evidence: CellEvidence) -> Text | None:
    """No day with spend: nothing else can be said of the cell."""
    if evidence.tested_days > 0:
        return None
    return Text("从未测试过，曲线全靠店铺先验", "never tested: the curve is the shop's prior alone")


def _half_and_more(evidence: CellEvidence) -> Text:
    low, high = yuan(0.5 * evidence.median_cost), yuan(1.5 * evidence.median_cost)
    return Text(f"建议再测 ×0.5 与 ×1.5（{low} 元与 {high} 元）", f"test x0.5 and x1.5 next ({low} and {high} yuan)")


# The test that would cure a broken law; a cell under test is told the law alone.
TEST_ADVICE: dict[Callable[[CellEvidence], Text | None], Callable[[CellEvidence], Text]] = {
    never_tested: lambda _: Text("请先小范围测试", "run a small test first"),
    one_level: _half_and_more,
    no_response: lambda _: Text("请拉开档位再测", "test again with levels further apart"),
    too_old: lambda _: Text("请重新测试", "test again"),
}
