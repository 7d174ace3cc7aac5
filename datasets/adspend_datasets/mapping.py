"""Which segment a plan belongs to: platform reports carry no audience, so it is tagged on the plan (计划名称).

>>> rule = MappingRule(plan_name=r"_(?P<segment>新客|老客)_")
>>> rule.match("1789", "直播加热_新客_晚")
Tags(segment='新客', slot='', lever='', product='')
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import pandas as pd

from adspend_datasets.cell import ALL
from adspend_datasets.errors import Fault, Place
from adspend_datasets.import_report import Notes
from adspend_datasets.lines import Lines
from adspend_datasets.text import Text

TAGS = ("segment", "slot", "lever", "product")
_MOST_NAMED = 50  # unmapped plans listed in the fault; the remedy says how many more


class Tags(NamedTuple):
    """What a rule says about a plan; "" where it says nothing."""

    segment: str
    slot: str
    lever: str
    product: str


_NO_TAGS = Tags("", "", "", "")


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
            raise ValueError(
                f"a mapping rule must have either plan_id or plan_name, got {self!r}; use plan_name = '.*' for all"
            )
        try:
            groups = set(re.compile(self.plan_name).groupindex)
        except re.error as error:
            raise ValueError(f"plan_name must be a regular expression, got {self.plan_name!r}: {error}") from None
        if groups - set(TAGS):
            raise ValueError(f"named groups must be among {TAGS}, got {sorted(groups - set(TAGS))}")
        if not self.segment and "segment" not in groups:
            raise ValueError(f"a mapping rule must give a segment, as a value or a named group, got {self!r}")

    def match(self, plan_id: str, plan_name: str) -> Tags | None:
        """The tags of a plan, or None where the rule is not about it."""
        if self.plan_id:
            return Tags(self.segment, self.slot, self.lever, self.product) if plan_id == self.plan_id else None
        found = re.search(self.plan_name, plan_name)
        if found is None:
            return None
        groups = found.groupdict(default="")
        values = [getattr(self, tag) or groups.get(tag, "").strip() for tag in TAGS]
        return Tags(*values) if values[0] else None


def map_plans(lines: Lines, rules: Sequence[MappingRule]) -> tuple[Lines, Notes]:
    """Fills segment, slot, lever and product of the lines whose segment comes from their plan.

    Returns:
        The lines tagged (a file's own slot, lever or product stays where the rule gives none). Plans that no rule
        matches: E-MAP-UNMATCHED, once, for all of them; or a warning where their profile has a default segment,
        which is there already (全域 plans take no audience).
    """
    chosen = lines.frame["by_plan"]
    if not chosen.any():
        return lines, Notes()
    plans = lines.frame.loc[chosen, ["plan_id", "plan_name", "segment"]]
    ordered = sorted(rules, key=lambda rule: not rule.plan_id)
    found = {plan: _tags(plan, ordered) for plan in plans.drop_duplicates().itertuples(index=False, name=None)}
    rows = [found[plan] or _NO_TAGS for plan in zip(*(plans[name] for name in plans), strict=True)]
    filled = pd.DataFrame(rows, columns=list(TAGS), index=plans.index, dtype=object)
    filled = filled.reindex(lines.frame.index, fill_value="")
    frame = lines.frame.assign(**{tag: filled[tag].where(filled[tag] != "", lines.frame[tag]) for tag in TAGS})
    place = replace(lines.place(int(plans.index[0]), "plan_name", "plan_id"), row=None)
    unmatched = [plan[:2] for plan, tags in found.items() if tags is None and not plan[2]]
    faults = (_unmatched(unmatched, place),) if unmatched else ()
    defaulted = [plan[1] or plan[0] for plan, tags in found.items() if tags is None and plan[2]]
    return lines.with_frame(frame), Notes(faults=faults, warnings=(_defaulted(defaulted),) if defaulted else ())


def _tags(plan: tuple[str, str, str], rules: Sequence[MappingRule]) -> Tags | None:
    return next((tags for rule in rules if (tags := rule.match(*plan[:2])) is not None), None)


def _defaulted(plans: Sequence[str]) -> Text:
    zh, en = "、".join(plans[:10]), ", ".join(plans[:10])
    return Text(
        f"{len(plans)} 个计划没有对应的人群，按不分人群（{ALL}）计：{zh}",
        f"{len(plans)} plans without a mapping count as all segments ({ALL}): {en}",
    )


def _unmatched(plans: Sequence[tuple[str, str]], place: Place) -> Fault:
    law = Text(
        f"每个计划都要能对应到人群，有 {len(plans)} 个对应不上",
        f"every plan must map to a segment, {len(plans)} do not",
    )
    example = "\n".join(_template(*plan) for plan in plans[:_MOST_NAMED])
    more = len(plans) - _MOST_NAMED
    zh, en = (f"（另有 {more} 个）", f" ({more} more)") if more > 0 else ("", "")
    remedy = Text(
        f"请在店铺文件里加入并填写 segment{zh}：\n{example}",
        f"add to the shop file and fill in segment{en}:\n{example}",
    )
    value = "、".join(name or identity for identity, name in plans[:_MOST_NAMED])
    return Fault(code="E-MAP-UNMATCHED", law=law, remedy=remedy, value=value, place=place)


def _template(plan_id: str, plan_name: str) -> str:
    """A [[mapping]] entry for a plan, to be pasted and filled in; the quotes are TOML's literal ones."""
    if not plan_name:
        return f"[[mapping]]\nplan_id = '{plan_id}'\nsegment = \"\""
    pattern = re.escape(plan_name).replace("'", ".")
    return f"[[mapping]]\nplan_name = '^{pattern}$'\nsegment = \"\""
