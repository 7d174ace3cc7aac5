"""A HiGHS instance for the array path: silent, one thread, deterministic."""

from __future__ import annotations

import highspy


def quiet_highs(*, presolve: bool = True) -> highspy.Highs:
    """An empty instance. Without presolve a re-solve starts from the last basis."""
    highs: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("random_seed", 0)
    highs.setOptionValue("presolve", "choose" if presolve else "off")
    return highs
