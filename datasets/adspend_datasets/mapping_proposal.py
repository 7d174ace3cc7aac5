r"""What to write for plans that no rule maps: one rule where their names have a common shape, else one for each plan.

>>> names = ["直播_新客_20:00-22:00_1", "直播_老客_8:00-10:00_2"]
>>> rule = proposed_rule(names, ["新客", "老客"], ["08:00-10:00", "20:00-22:00"])
>>> rule.match("", "直播_老客_8:00-10:00_2")
Tags(segment='老客', slot='08:00-10:00', lever='', product='')
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from adspend_datasets.mapping_rule import MappingRule
from adspend_datasets.slots import parse_slot

_RANGE = r"\d{1,2}:\d{2}-\d{1,2}:\d{2}"
LEAST_PLANS = 2  # one name has no common shape


def proposed_rule(names: Sequence[str], segments: Sequence[str], slots: Sequence[str]) -> MappingRule | None:
    """The rule that finds a known segment, and a known slot where names hold one, in most names; None in hardly any."""
    rules = [MappingRule(plan_name=pattern) for pattern in _patterns(segments, slots)]
    counts = [sum(maps(rule, name, segments, slots) for name in names) for rule in rules]
    best = max(counts, default=0)
    return rules[counts.index(best)] if best >= LEAST_PLANS else None


def maps(rule: MappingRule, name: str, segments: Sequence[str], slots: Sequence[str]) -> bool:
    """Whether the rule leads a plan's name to a segment of the shop, and to a slot of it or none."""
    tags = rule.match("", name)
    return tags is not None and tags.segment in segments and tags.slot in ("", *slots)


def _patterns(segments: Sequence[str], slots: Sequence[str]) -> Iterator[str]:
    """From the one that says most to the one that says least."""
    if not segments:
        return
    segment = f"(?P<segment>{_either(segments)})"
    free = [label for label in slots if parse_slot(label) is None]
    ranges = [_RANGE] if len(free) < len(slots) else []
    if slots:
        slot = f"(?P<slot>{'|'.join([*ranges, *([_either(free)] if free else [])])})"
        yield f"{segment}.*?{slot}"
        yield f"{slot}.*?{segment}"
    yield segment


def _either(names: Sequence[str]) -> str:
    """One of the names, the longest first: 新客 must not be found in 新客户."""
    return "|".join(re.escape(name).replace("'", ".") for name in sorted(names, key=lambda name: (-len(name), name)))


def template(plan_id: str, plan_name: str) -> str:
    """A [[mapping]] entry for a plan, to be pasted and filled in; the quotes are TOML's literal ones."""
    if not plan_name:
        return f"[[mapping]]\nplan_id = '{plan_id}'\nsegment = \"\""
    pattern = re.escape(plan_name).replace("'", ".")
    return f"[[mapping]]\nplan_name = '^{pattern}$'\nsegment = \"\""
