"""Which stage (阶段) a shop is in: a pure function of the policy, the reports, the shop file and the date.

The stage is the first of the policy's list that is neither over nor closed. The same inputs always give the same
stage: nothing is remembered, yesterday's stage is found again from yesterday's reports. Of the shop file only today's
is known, so a stage that stock alone opens or closes is not seen to change.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adspend.plan import StageNote
from adspend.policy import Policy
from adspend.policy_stage import StageSection
from adspend.shop import Shop
from adspend_datasets.report import TrafficReport
from adspend_datasets.text import Text

Evidence = Callable[[float], float | None]  # posterior level -> share of yesterday's spend that is that sure


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage and why the shop is in it. ``section`` is None where the policy has no stages.

    ``passed`` holds for each stage before it in the list why that is over or closed.
    """

    section: StageSection | None
    index: int
    passed: tuple[Text, ...] = ()

    @property
    def why(self) -> Text:
        """The rule that ended the stage before, or that the list begins here."""
        return self.passed[-1] if self.passed else Text("第一个阶段", "the first stage of the list")

    @property
    def name(self) -> Text:
        """As a page shows it."""
        if self.section is None:
            return Text("测试与放量", "test and scale")
        return Text(self.section.name, self.section.name_en)


def find_stage(policy: Policy, shop: Shop, known: TrafficReport, date: datetime.date, evidence: Evidence) -> Stage:
    """The shop's stage on ``date``.

    Args:
        policy: its stages, in order; the last one is the stage when all are over.
        shop: its products' stock.
        known: the rows before ``date``.
        date: the day to plan.
        evidence: what the curves say; asked only where a rule needs it.
    """
    passed: list[Text] = []
    for index, section in enumerate(policy.stages):
        why = _closed(section, shop, date) or _over(section, known, evidence)
        if why is None:
            return Stage(section=section, index=index, passed=tuple(passed))
        passed.append(why)
    if not policy.stages:
        return Stage(section=None, index=-1)
    return Stage(section=policy.stages[-1], index=len(policy.stages) - 1, passed=tuple(passed))


def stage_note(now: Stage, before: Stage | None) -> StageNote:
    """The stage as a plan tells it; ``before`` is the stage of the report's last day, if there is a report.

    What changed it is why yesterday's stage is passed over today or, on the way back, that what kept today's stage away
    yesterday no longer does.
    """
    if before is None or now.index == before.index:
        return StageNote(name=now.name, reason=now.why)
    if now.index > before.index:
        return StageNote(name=now.name, reason=now.passed[before.index], changed_from=before.name)
    kept = before.passed[now.index]
    reason = Text(
        f"此前跳过「{now.name.zh}」的原因已不成立（{kept.zh}）",
        f"what kept '{now.name.en}' away no longer holds ({kept.en})",
    )
    return StageNote(name=now.name, reason=reason, changed_from=before.name)


def observed_days(known: TrafficReport) -> int:
    """How many days have any spend."""
    cost = known.rows["cost_fen"].to_numpy(dtype=np.float64, na_value=np.nan)
    return np.unique(_dates(known)[cost > 0]).size


def best_day_gmv(known: TrafficReport) -> float:
    """The largest GMV of a day, yuan; 0 without any."""
    gmv = known.rows["gmv_fen"].to_numpy(dtype=np.float64, na_value=np.nan)
    is_known = ~np.isnan(gmv)
    if not is_known.any():
        return 0.0
    day = np.unique(_dates(known)[is_known], return_inverse=True)[1]
    return float(np.bincount(day, gmv[is_known]).max()) / 100


def _dates(known: TrafficReport) -> NDArray[np.datetime64]:
    return known.rows["date"].to_numpy(dtype="datetime64[D]")


def _closed(section: StageSection, shop: Shop, date: datetime.date) -> Text | None:
    """Why the stage may not be entered on this date, if so."""
    if (section.start and date < section.start) or (section.end and date > section.end):
        window = f"{section.start or '…'} – {section.end or '…'}"
        return Text(f"{date} 不在「{section.name}」的日期窗口 {window} 内", f"{date} is outside {window}")
    stock = float(sum(product.stock + product.inbound for product in shop.products))
    if section.least_stock is not None and stock < section.least_stock:
        return Text(
            f"库存与在途共 {stock:,.0f} 单，少于「{section.name}」要求的 {section.least_stock:,.0f} 单",
            f"stock and inbound cover {stock:,.0f} orders, below the {section.least_stock:,.0f} that "
            f"'{section.name_en}' asks for",
        )
    return None


def _over(section: StageSection, known: TrafficReport, evidence: Evidence) -> Text | None:
    """The rule that ended the stage, if one did."""
    days = observed_days(known)
    if section.max_days is not None and days >= section.max_days:
        reached = "超过" if days > section.max_days else "达到"
        zh = f"已有 {days} 天数据，{reached}{section.name}期上限 {section.max_days} 天"
        return Text(zh, f"{days} days observed: '{section.name_en}' lasts at most {section.max_days}")
    if days < section.min_days:
        return None
    best = 0.0 if section.day_gmv is None else best_day_gmv(known)
    if section.day_gmv is not None and best >= section.day_gmv:
        return Text(
            f"最好一天 GMV {best:,.0f} 元，达到里程碑 {section.day_gmv:,.0f} 元",
            f"best day's GMV {best:,.0f} yuan reached the milestone of {section.day_gmv:,.0f}",
        )
    if section.sure_share is None:
        return None
    share = evidence(section.sure_chance)
    if share is None or share < section.sure_share:
        return None
    return Text(
        f"昨日花费的 {share:.0%} 在“下一元赚钱”的概率至少 {section.sure_chance:.0%} 的单元"
        f"（要求 {section.sure_share:.0%}）",
        f"{share:.0%} of yesterday's spend stands in cells whose next yuan pays with a probability of at least "
        f"{section.sure_chance:.0%} (asked: {section.sure_share:.0%})",
    )


def sure_share(marginal_draws: np.ndarray, spend_fen: np.ndarray, chance: float) -> float | None:
    """The share of ``spend_fen`` (n,) in cells whose marginal net (d, n) is above 0 in ``chance`` of the draws."""
    total = float(spend_fen.sum())
    if total == 0:
        return None
    sure = (marginal_draws > 0).mean(axis=0) >= chance
    return float(spend_fen[sure].sum()) / total
