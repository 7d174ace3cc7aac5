"""One rule of the plan mapping (计划映射): which plans it is about, and their segment, slot, lever and product.

>>> rule = MappingRule(plan_name=r"_(?P<segment>新客|老客)_")
>>> rule.match("1789", "直播加热_新客_晚")
Tags(segment='新客', slot='', lever='', product='')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from adspend_datasets.slots import standard_slot
from adspend_datasets.text import Text

TAGS = ("segment", "slot", "lever", "product")


class Tags(NamedTuple):
    """What a rule says about a plan; "" where it says nothing."""

    segment: str
    slot: str
    lever: str
    product: str


class BadRule(ValueError):
    """A rule that cannot work: the law that it breaks, what stands there, and the way out."""

    def __init__(self, law: Text, value: str, remedy: Text) -> None:
        self.law, self.value, self.remedy = law, value, remedy
        super().__init__(f"{law.en}, but found {value!r}. {remedy.en}" if value else f"{law.en}. {remedy.en}")


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingRule:
    """One line of the plan mapping. The first rule that matches wins; exact ids go before patterns.

    ``plan_id`` is an exact id, ``plan_name`` a regular expression searched in the plan's name; one of the two is
    given. Named groups (segment, slot, lever, product) of the expression fill the fields left empty.
    """

    plan_id: str = ""
    plan_name: str = ""
    segment: str = ""
    slot: str = ""
    lever: str = ""
    product: str = ""

    def __post_init__(self) -> None:
        """Refuses rules that could match nothing, cannot be compiled, or give no segment."""
        if bool(self.plan_id) == bool(self.plan_name):
            raise _one_of_two(self)
        try:
            groups = set(re.compile(self.plan_name).groupindex)
        except re.error as error:
            raise _not_a_pattern(self.plan_name, str(error)) from None
        if groups - set(TAGS):
            raise _unknown_groups(groups - set(TAGS))
        if not self.segment and "segment" not in groups:
            raise _no_segment(self)

    def match(self, plan_id: str, plan_name: str) -> Tags | None:
        """The tags of a plan, the slot as everywhere ("08:00-10:00"), or None where the rule is not about it."""
        if self.plan_id:
            own = Tags(self.segment, standard_slot(self.slot), self.lever, self.product)
            return own if plan_id == self.plan_id else None
        found = re.search(self.plan_name, plan_name)
        if found is None:
            return None
        groups = found.groupdict(default="")
        segment, slot, lever, product = (getattr(self, tag) or groups.get(tag, "").strip() for tag in TAGS)
        return Tags(segment, standard_slot(slot), lever, product) if segment else None


def _one_of_two(rule: MappingRule) -> BadRule:
    return BadRule(
        Text("plan_id 与 plan_name 必须写且只写一个", "a mapping rule must have either plan_id or plan_name"),
        ", ".join(filter(None, (rule.plan_id, rule.plan_name))),
        Text("所有计划都算同一人群时写 plan_name = '.*'", "For all plans alike write plan_name = '.*'"),
    )


def _not_a_pattern(pattern: str, told: str) -> BadRule:
    return BadRule(
        Text("plan_name 必须是正则表达式", "plan_name must be a regular expression"),
        pattern,
        Text(
            "请检查括号是否成对，特殊字符前加 \\", f"Close every bracket, and put \\ before special characters ({told})"
        ),
    )


def _unknown_groups(groups: set[str]) -> BadRule:
    return BadRule(
        Text(f"命名组只能是 {'、'.join(TAGS)}", f"named groups must be among {', '.join(TAGS)}"),
        ", ".join(sorted(groups)),
        Text("请改名或去掉该组", "Rename the group or take it out"),
    )


def _no_segment(rule: MappingRule) -> BadRule:
    return BadRule(
        Text("规则必须给出人群，segment 不能为空", "a mapping rule must give a segment, it must not be empty"),
        rule.plan_id or rule.plan_name,
        Text(
            '请写 segment = "人群名"（[cells] segments 之一），或在 plan_name 里用 (?P<segment>…) 标出',
            'Write segment = "its name" (one of [cells] segments), or mark it in plan_name as (?P<segment>...)',
        ),
    )
