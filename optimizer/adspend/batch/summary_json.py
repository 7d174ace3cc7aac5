"""summary.json, schema ``adspend.batch/1``: the run's counts, totals and every shop's record, one a line."""

from __future__ import annotations

import json
from dataclasses import asdict

from adspend.batch.agency import NO_REBATE, AgencySplit, RebateTier
from adspend.batch.orders import FORM
from adspend.batch.reasons import find_reasons
from adspend.batch.record import to_json
from adspend.batch.summary import Summary


def summary_json(summary: Summary) -> str:
    """The document as text; equal summaries give equal bytes."""
    agency = summary.agency
    head: dict[str, object] = {
        "schema": FORM,
        "date": summary.date.isoformat(),
        "shops": len(summary.rows),
        "counts": {status.value: count for status, count in summary.counts.items()},
        "totals": totals(summary),
        "reasons": [
            {"severity": reason.severity, "code": reason.code, "shops": reason.shops, "planned_fen": reason.planned_fen}
            for reason in find_reasons(summary.records)
        ],
        "categories": {category: asdict(prior) for category, prior in summary.categories},
        "agency": None if agency is None else _agency(agency, summary),
    }
    lines = [f" {json.dumps(key)}: {_compact(value)}" for key, value in head.items()]
    records = ",\n".join(f"  {to_json(row.record)}" for row in summary.rows)
    return "{\n" + ",\n".join(lines) + f',\n "records": [\n{records}\n ]\n}}\n'


def _agency(split: AgencySplit, summary: Summary) -> dict[str, object]:
    following = split.next_tier
    change = None
    if following is not None:
        amounts = {name: getattr(following, name) for name in ("more_fen", "lost_fen", "net_change_fen")}
        change = {**_tier(following.tier), **amounts}
    return {
        "expected_net_fen": split.net_fen,
        "price": split.price,
        "recommended_fen": {row.record.name: row.recommended_fen for row in summary.rows},
        "spend_fen": split.spend_fen,
        "rebate_fen": split.rebate_fen,
        "tier": None if split.tier == NO_REBATE else _tier(split.tier),
        "next_tier": change,
        "own_rebate": None if split.own_rebate is None else _tier(split.own_rebate),
    }


def _tier(tier: RebateTier) -> dict[str, object]:
    return {"start_fen": tier.start_fen, "rate": float(tier.rate)}


def totals(summary: Summary) -> dict[str, int]:
    """Sums over the shops that have a plan, fen."""
    planned = summary.planned
    return {
        "budget_fen": sum(figures.budget_fen for figures in planned),
        "planned_fen": sum(figures.planned_fen for figures in planned),
        "expected_net_fen": sum(figures.expected_net_fen for figures in planned),
        "yesterday_fen": sum(figures.yesterday_fen or 0 for figures in planned),
    }


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False)
