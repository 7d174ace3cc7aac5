"""Tiny exports of three other platforms, so that no reader is locked to one: TikTok Ads, Meta Insights, Google Ads.

Column names are those of their reporting APIs. Their ad groups carry the segment and no slot; Google counts money
in micros, Meta and TikTok in the main unit.
"""

from __future__ import annotations

from collections.abc import Iterable

from adspend_models.market.exports.rows import CellDay, plan_id
from adspend_models.market.exports.sheet import Sheet, Value, ratio, yuan

MICROS_PER_FEN = 10_000

TIKTOK = (
    "stat_time_day",
    "adgroup_id",
    "adgroup_name",
    "spend",
    "impressions",
    "clicks",
    "conversion",
    "total_onsite_shopping_value",
)
META = (
    "date_start",
    "date_stop",
    "adset_id",
    "adset_name",
    "spend",
    "impressions",
    "inline_link_clicks",
    "actions[purchase]",
    "action_values[purchase]",
    "purchase_roas",
)
GOOGLE = (
    "segments.date",
    "ad_group.id",
    "ad_group.name",
    "metrics.cost_micros",
    "metrics.impressions",
    "metrics.clicks",
    "metrics.conversions",
    "metrics.conversions_value",
)


def tiktok_ads(rows: Iterable[CellDay], *, seed: int) -> Sheet:
    """TikTok Ads, ``report/integrated/get`` by ad group and day."""
    lines = ((f"{row.date} 00:00:00", *_name(row, seed, 19), yuan(row.cost_fen), *_results(row)) for row in rows)
    return Sheet(TIKTOK, tuple(lines))


def meta(rows: Iterable[CellDay], *, seed: int) -> Sheet:
    """Meta Insights by ad set, ``time_increment=1``, actions flattened to columns."""
    lines = (
        (
            *(str(row.date), str(row.date), *_name(row, seed, 18), yuan(row.cost_fen), *_results(row)),
            ratio(row.gmv_fen, row.cost_fen),
        )
        for row in rows
    )
    return Sheet(META, tuple(lines))


def google_ads(rows: Iterable[CellDay], *, seed: int) -> Sheet:
    """Google Ads by ad group and day; cost in micros of the account's currency."""
    lines = ((str(row.date), *_name(row, seed, 12), row.cost_fen * MICROS_PER_FEN, *_results(row)) for row in rows)
    return Sheet(GOOGLE, tuple(lines))


def _name(row: CellDay, seed: int, digits: int) -> tuple[Value, ...]:
    return (plan_id(row.cell, seed=seed)[:digits], row.cell.segment)


def _results(row: CellDay) -> tuple[Value, ...]:
    return (row.impressions, row.clicks, row.orders, yuan(row.gmv_fen))
