"""What a tuning says of itself: the verdict in a sentence, shares as percents, differences as points."""

from __future__ import annotations

import numpy as np

from adspend.tuning.rescore import Paired
from adspend.tuning.tune import Tuned
from adspend_datasets.text import Text


def verdict_words(tuned: Tuned) -> Text:
    """Whether there is a policy to recommend, and by how much it is better."""
    paired = tuned.verdict
    if paired is None:
        return Text(
            "没有一个不同于默认策略的试验跑完全部市场：不推荐，未写 policy.toml。",
            "No trial but the default's was scored in full: nothing to recommend, no policy.toml written.",
        )
    zh = f"在 {len(paired.worlds)} 个从未用于调参的市场上，"
    en = f"On {len(paired.worlds)} worlds never used in tuning "
    ours, default, gain = share_words(paired.ours), share_words(paired.default), gain_words(paired)
    zh += f"新策略拿到先知基线的 {ours}，默认策略 {default}；差 {gain.zh}"
    en += f"the new policy earns {ours} of the clairvoyant's profit, the default {default}; difference {gain.en}"
    if paired.is_better:
        return Text(f"{zh}。推荐新策略。", f"{en}. The new policy is recommended.")
    return Text(
        f"{zh}，不能说优于默认：不推荐，未写 policy.toml。",
        f"{en}, not surely better than the default: not recommended, no policy.toml written.",
    )


def gain_words(paired: Paired) -> Text:
    """The paired difference with its interval."""
    low, high = paired.interval
    return Text(
        f"{points(paired.mean)} 个百分点（配对 95% 区间 {points(low)} 至 {points(high)}）",
        f"{points(paired.mean)} points (paired 95 % interval {points(low)} to {points(high)})",
    )


def share_words(shares: tuple[float, ...]) -> str:
    """The mean share.

    >>> share_words((0.5, 0.75))
    '62.5%'
    """
    return f"{np.mean(shares):.1%}"


def points(share: float) -> str:
    """A difference of shares in percentage points.

    >>> points(0.0312), points(-0.004)
    ('+3.1', '-0.4')
    """
    return f"{100 * share:+.1f}"
