"""Which segment a plan belongs to: platform reports carry no audience, so it is tagged on the plan (计划名称)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from adspend_datasets.cell import ALL
from adspend_datasets.errors import Fault, Place
from adspend_datasets.import_report import Notes
from adspend_datasets.lines import Lines
from adspend_datasets.mapping_proposal import maps, proposed_rule, template
from adspend_datasets.mapping_rule import TAGS, MappingRule, Tags
from adspend_datasets.text import Text, join

__all__ = ["MappingRule", "Tags", "map_plans"]

_MOST_NAMED = 50  # unmapped plans listed in the fault; the remedy says how many more
_NO_TAGS = Tags("", "", "", "")


def map_plans(
    lines: Lines, rules: Sequence[MappingRule], segments: Sequence[str] = (), slots: Sequence[str] = ()
) -> tuple[Lines, Notes]:
    """Fills segment, slot, lever and product of the lines whose segment comes from their plan.

    Args:
        lines: the rows of all files.
        rules: the first that matches a plan wins, exact ids before patterns.
        segments: the shop's, to propose a rule for plans that none matches.
        slots: the shop's, for the same.

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
    faults = (_unmatched(unmatched, place, segments, slots),) if unmatched else ()
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


def _unmatched(plans: Sequence[tuple[str, str]], place: Place, segments: Sequence[str], slots: Sequence[str]) -> Fault:
    law = Text(
        f"每个计划都要能对应到人群，有 {len(plans)} 个对应不上",
        f"every plan must map to a segment, {len(plans)} do not",
    )
    value = "、".join(name or identity for identity, name in plans[:_MOST_NAMED])
    return Fault(code="E-MAP-UNMATCHED", law=law, remedy=_remedy(plans, segments, slots), value=value, place=place)


def _remedy(plans: Sequence[tuple[str, str]], segments: Sequence[str], slots: Sequence[str]) -> Text:
    """One rule for the plans whose names have a common shape, and an entry to fill in for each of the others."""
    rule = proposed_rule([name for _, name in plans if name], segments, slots)
    rest = [plan for plan in plans if rule is None or not maps(rule, plan[1], segments, slots)]
    parts = []
    if rule is not None:
        entry, covered = f"[[mapping]]\nplan_name = '{rule.plan_name}'", len(plans) - len(rest)
        parts.append(
            Text(
                f"请在店铺文件里加入这条规则，对应其中 {covered} 个计划（请核对）：\n{entry}",
                f"add this rule to the shop file, it maps {covered} of them (check it):\n{entry}",
            )
        )
    if rest:
        example = "\n".join(template(*plan) for plan in rest[:_MOST_NAMED])
        more = len(rest) - _MOST_NAMED
        zh, en = (f"（另有 {more} 个）", f" ({more} more)") if more > 0 else ("", "")
        parts.append(
            Text(
                f"请在店铺文件里加入并填写 segment{zh}：\n{example}",
                f"add to the shop file and fill in segment{en}:\n{example}",
            )
        )
    return join(parts, zh="\n", en="\n")
