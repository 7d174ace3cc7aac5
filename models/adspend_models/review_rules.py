"""Why a person should look at a curve before money follows it: doubts that the data leave, with their size.

Thresholds are the fault catalogue's (B2, B5 to B10, B15, A20) where it has one; the others say where they come from.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from adspend_datasets.festivals import festival_of
from adspend_datasets.text import Text
from adspend_models.demand_rules import DEMAND_RULES
from adspend_models.evidence import RECENT_DAYS, CellEvidence
from adspend_models.fail_rules import STALE_DAYS, Z_95, falling, no_response, response_can_be_judged
from adspend_models.misfit import UNLIKELY
from adspend_models.wording import date_of, figure, percent, yuan

FEW_ORDERS = 30  # 1 / sqrt(30) = 18 %: with fewer, a cell's level is not known to +-30 % with 90 % confidence
WIDE_BAND = 0.6  # +-30 %: as much as operators raise a budget in one step, so the step drowns in the doubt
TOP_DAY_SHARE = 0.6  # of the GMV (fault catalogue, B6) ...
TOP_DAY_EXCESS = 2.0  # ... and at this many times the day's share of cost: a dear day should carry much GMV
TRIMMED_SHARE = 0.2  # a fifth of the GMV rests on days that no usual order explains
MISSING_SHARE = 0.2  # one day in five
RECENT_SHARE = 0.5  # half of the orders
DRIFT_CLEARLY = 2.6  # standard errors: one sound cell in a hundred
DRIFT_MATERIAL = 0.2  # as much as operators move a budget in one step


def within_noise(evidence: CellEvidence) -> Text | None:
    """B2: the response is not told from noise yet (what ``fail_rules`` refuses outright is not repeated)."""
    low = evidence.elasticity - Z_95 * evidence.elasticity_error
    if not response_can_be_judged(evidence) or low > 0 or falling(evidence) or no_response(evidence):
        return None
    high = evidence.elasticity + Z_95 * evidence.elasticity_error
    value, levels, days = evidence.elasticity, evidence.levels, evidence.usable_days
    return Text(
        f"{levels} 个花费档位、{days} 天的差别仍在噪声之内（弹性 {value:.2f}，95% 区间 {low:.2f}～{high:.2f}）",
        f"{levels} spend levels on {days} days differ by no more than noise (elasticity {value:.2f}, 95 % interval "
        f"{low:.2f} to {high:.2f})",
    )


def curve_misses(evidence: CellEvidence) -> Text | None:
    """The days do not lie along the curve, beyond noise."""
    if evidence.misfit_chance >= UNLIKELY:
        return None
    cost, seen, expected = yuan(evidence.misfit_cost), figure(evidence.misfit_seen), figure(evidence.misfit_expected)
    return Text(
        f"曲线与实际数据不符：日花费约 {cost} 元时实际 {seen} 单/天、曲线预计 {expected} 单/天（若曲线正确，"
        f"偏差如此之大的概率低于 {UNLIKELY:.0%}）；改用按实际花费档位得出的只升不降的折线",
        f"curve misses the observed days: around {cost} yuan a day it expects {expected} orders and {seen} were seen "
        f"(under {UNLIKELY:.0%} likely were it right); a rising line through the spend levels is used instead",
    )


def few_orders(evidence: CellEvidence) -> Text | None:
    """Counts too small to know the level."""
    if not 0 < evidence.orders < FEW_ORDERS:
        return None
    return Text(
        f"订单太少：{evidence.usable_days} 天共 {evidence.orders:.0f} 单（建议至少 {FEW_ORDERS} 单）",
        f"few orders: {evidence.orders:.0f} on {evidence.usable_days} days (at least {FEW_ORDERS} advised)",
    )


def one_day_carries(evidence: CellEvidence) -> Text | None:
    """B6: one day, or one order, makes most of the GMV."""
    heavy = evidence.top_gmv_share >= TOP_DAY_SHARE
    if not heavy or evidence.top_gmv_share < TOP_DAY_EXCESS * evidence.top_cost_share:
        return None
    share, cost, day = percent(evidence.top_gmv_share), percent(evidence.top_cost_share), date_of(evidence.top_day)
    one = evidence.top_orders == 1
    return Text(
        f"{day} {'这一单' if one else '这一天'}占 GMV 的 {share}，而花费只占 {cost}；请核实是否异常单",
        f"{'one order' if one else 'one day'} ({day}) carries {share} of the GMV on {cost} of the cost: check for an "
        "unusual order",
    )


def outlier_value(evidence: CellEvidence) -> Text | None:
    """B6: orders far above the usual value; the curve counts them at a plausible value only."""
    if evidence.trimmed_share < TRIMMED_SHARE:
        return None
    share, value = percent(evidence.trimmed_share), yuan(evidence.order_value)
    return Text(
        f"GMV 的 {share} 来自远高于常见客单价的异常大单，曲线只按每单 {value} 元计",
        f"{share} of the GMV comes from orders far above the usual value; the curve counts {value} yuan an order",
    )


def refunds_exceed(evidence: CellEvidence) -> Text | None:
    """B7: more refunded than sold."""
    if evidence.refund <= evidence.refund_gmv or evidence.refund == 0:
        return None
    refund, gmv = yuan(evidence.refund), yuan(evidence.refund_gmv)
    return Text(
        f"退款 {refund} 元超过 GMV {gmv} 元，净成交为负；先处理退款再放量",
        f"refunds of {refund} yuan exceed the GMV of {gmv} yuan: net sales are negative; mend that before scaling",
    )


def drifting(evidence: CellEvidence) -> Text | None:
    """The cell is not what it was: orders at the same cost moved, the days all cells share left out."""
    change, days = float(np.expm1(evidence.drift)), evidence.drift_days
    clear = abs(evidence.drift) > DRIFT_CLEARLY * evidence.drift_error and abs(change) >= DRIFT_MATERIAL
    if not clear or not response_can_be_judged(evidence) or evidence.usable_days < STALE_DAYS:
        return None
    size = percent(abs(change))
    return Text(
        f"同样花费下，{days} 天里订单{'上升' if change > 0 else '下降'}了约 {size}；曲线是这段时间的平均，近期请重测",
        f"orders at the same cost have {'risen' if change > 0 else 'fallen'} by about {size} over {days} days: the "
        "curve is their average; test again",
    )


def mixed_phases(evidence: CellEvidence) -> Text | None:
    """B9: festival days and normal days in one curve."""
    phases = sorted({festival_of(phase) for phase in evidence.phases})
    if len(phases) < 2:
        return None
    zh = "、".join(phase or "日常" for phase in phases)
    en = ", ".join(phase or "normal days" for phase in phases)
    return Text(
        f"混用了不同阶段的数据（{zh}），大促与日常的曲线不能互相代替",
        f"days of different phases are mixed ({en}): a festival's curve does not hold on a normal day",
    )


def growing_old(evidence: CellEvidence) -> Text | None:
    """B10: the last test is one window old."""
    if not STALE_DAYS <= evidence.age < 2 * STALE_DAYS:
        return None
    return Text(
        f"最近一次有花费是 {evidence.age} 天前（超过 {STALE_DAYS} 天），曲线可能已变",
        f"the last day with cost was {evidence.age} days ago (over {STALE_DAYS}): the curve may have moved",
    )


def natural_traffic(evidence: CellEvidence) -> Text | None:
    """B15: orders come without cost."""
    if evidence.natural_orders <= 0:
        return None
    return Text(
        f"不花钱的日子也有订单（约 {evidence.natural_orders:.2g} 单/天），属自然流量，已从曲线中扣除",
        f"orders come on days without cost (about {evidence.natural_orders:.2g} a day): natural traffic, kept out of "
        "the curve",
    )


def convex(evidence: CellEvidence) -> Text | None:
    """B5: returns still increase at the highest cost tested."""
    if evidence.convex_chance <= 0.5:
        return None
    high = yuan(evidence.highest_cost)
    return Text(
        f"到最高测试花费 {high} 元时边际回报可能仍在上升（概率 {percent(evidence.convex_chance)}），更高处只是推测",
        f"returns may still be increasing at the highest tested cost, {high} yuan (chance "
        f"{percent(evidence.convex_chance)}): beyond it the curve is a guess",
    )


def gaps(evidence: CellEvidence) -> Text | None:
    """A20: too many days missing."""
    if evidence.missing_days <= MISSING_SHARE * evidence.span_days:
        return None
    missing, span = evidence.missing_days, evidence.span_days
    return Text(
        f"{span} 天中缺 {missing} 天数据（缺失不按 0 计）",
        f"{missing} of {span} days are missing or incomplete (missing is not counted as 0)",
    )


def immature(evidence: CellEvidence) -> Text | None:
    """B8: refunds of recent days are still coming in."""
    if evidence.recent_share <= RECENT_SHARE:
        return None
    share = percent(evidence.recent_share)
    return Text(
        f"{share} 的订单来自最近 {RECENT_DAYS} 天，退款尚未到齐，实际净成交会更低",
        f"{share} of the orders are from the last {RECENT_DAYS} days, whose refunds are still coming in: net sales "
        "will be lower",
    )


def wide_band(evidence: CellEvidence) -> Text | None:
    """The posterior is wide where the cell usually spends."""
    if evidence.band <= WIDE_BAND:
        return None
    cost, half = yuan(evidence.median_cost), percent(0.5 * evidence.band)
    return Text(
        f"日花费 {cost} 元处的预计订单仍有约 ±{half} 的不确定（80% 区间）",
        f"expected orders at {cost} yuan a day are uncertain by about +-{half} (80 % band)",
    )


REVIEW_RULES: tuple[Callable[[CellEvidence], Text | None], ...] = (
    refunds_exceed,
    one_day_carries,
    outlier_value,
    within_noise,
    curve_misses,
    *DEMAND_RULES,
    few_orders,
    wide_band,
    drifting,
    growing_old,
    mixed_phases,
    natural_traffic,
    gaps,
    convex,
    immature,
)

# The phases' effects are divided out, natural orders kept out.
MILD_RULES = frozenset({mixed_phases, natural_traffic})
