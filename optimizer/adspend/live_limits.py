"""Livestream limits as rows and options: products and hits, service, groups, rebate tiers, opening fees, money spent.

| limit | rows (o: orders, x: spend, z: active, h, u, y: options) |
|---|---|
| stock of p | sum share o <= stock + inbound - safety + (hit_stock - stock) h_p |
| hits | min <= sum h_p <= max |
| service of slot t | sum consult_rate o <= agents x sessions |
| group g | min sum x <= sum_g x <= max sum x, min_budget <= sum_g x <= max_budget |
| rebate tiers | u_j in {0} U [start_j, next start], sum u_j <= sum x, at most one u_j; worth rate_j u_j |
| opening fee | sum_g z <= size_g y; costs fee y |
| spent today | z_i >= 1 (its minimum is raised by ``caps``) |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from adspend.limits import YUAN, fraction_of, share_bounds
from adspend.live_sections import FeeSection, ProductSection, ScopedSection
from adspend.money import ceil_to_step, fen
from adspend.problem import MICRO, MICRO_PER_FEN, Ints, Limit, Option, Table
from adspend.shop import Shop
from adspend_datasets.cell import Cell
from adspend_datasets.text import Text

FINEST_ORDER_SHARE = 10**4  # 0.01 %: no report tells a product's share finer, and its stock then fits in 64 bits
REBATE = "rebate/"  # what the keys of rebate tiers start with
PIECES, AGENTS = Text("件", "units"), Text("名客服", "agents")


@dataclass(slots=True)
class LiveLimits:
    """Rows over the cells and the options beside them, as they are collected."""

    shop: Shop
    cells: Sequence[Cell]
    options: list[Option] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    rows: list[tuple[Limit, Mapping[str, Mapping[int, int]]]] = field(default_factory=list)

    def limits(self, others: Sequence[Limit]) -> tuple[Limit, ...]:
        """Every row over cells and options; ``others`` are rows over the cells alone."""
        n, m = len(self.cells), len(self.options)
        found = [_widened(limit, m) for limit in others]
        for limit, on_options in self.rows:
            wide = _widened(limit, m).columns
            for name, coefficients in on_options.items():
                column = wide.setdefault(name, np.zeros(n + m, dtype=np.int64))
                for j, coefficient in coefficients.items():
                    column[n + j] = coefficient
            found.append(limit.with_columns(wide))
        return tuple(found)

    def option(self, key: str, name: Text, spend: Sequence[int], worth_micro: Sequence[int]) -> int:
        """A new decision; its levels (fen) and what they are worth."""
        nothing = np.zeros(len(spend), dtype=np.int64)
        worth = np.array(worth_micro, dtype=np.int64)
        level = np.array(spend, dtype=np.int64)
        self.options.append(Option(key=key, name=name))
        self.tables.append(Table(spend=level, objective=worth, value=nothing, orders=nothing, gmv=nothing))
        return len(self.options) - 1

    def inside(self, section: ScopedSection) -> Ints:
        """1 for each cell that a section means, shape (n,)."""
        return np.array([section.covers(cell) for cell in self.cells], dtype=np.int64)


def live_limits(shop: Shop, cells: Sequence[Cell]) -> LiveLimits:
    """Everything that the livestream sections of a shop file ask for."""
    live = LiveLimits(shop, cells)
    _products(live)
    _service(live)
    _groups(live)
    _rebates(live)
    for fee in shop.fees:
        _fee(live, fee)
    _spent(live)
    return live


def _widened(limit: Limit, m: int) -> Limit:
    wide = {name: np.pad(column, (0, m)) for name, column in limit.columns.items()}
    return limit.with_columns(wide) if m else limit


def _products(live: LiveLimits) -> None:
    hits: dict[int, int] = {}
    for product in live.shop.products:
        hit = _stock(live, product)
        if hit is not None:
            hits[hit] = 1
    if hits:
        bounds = live.shop.hits
        unit, name = Text("个爆款", "hits"), Text(f"每日爆款 {bounds.min}–{bounds.max} 个", "the day's hits")
        nothing = np.zeros(len(live.cells), dtype=np.int64)
        for key, rhs, sign in (("hits/max", bounds.max, 1), ("hits/min", -bounds.min, -1)):
            row = Limit(key=key, name=name, rhs=rhs, active=nothing, unit=unit)
            live.rows.append((row, {"active": {j: sign for j in hits}}))


def _stock(live: LiveLimits, product: ProductSection) -> int | None:
    share = Fraction(repr(product.order_share)).limit_denominator(FINEST_ORDER_SHARE)
    per_unit = MICRO * share.denominator
    hit = None
    if product.hit_stock is not None:
        words = Text(f"今日爆款「{product.name}」", f"'{product.name}' as a hit of the day")
        cost = -fen(product.hit_cost) * MICRO_PER_FEN
        hit = live.option(f"hit/{product.name}", words, [live.shop.step_fen], [cost])
    row = Limit(
        key=f"stock/{product.name}",
        name=Text(f"「{product.name}」库存", f"stock of '{product.name}'"),
        rhs=(product.stock + product.inbound - product.safety) * per_unit,
        orders=live.inside(product) * share.numerator,
        unit=PIECES,
        per_unit=per_unit,
    )
    more = 0 if product.hit_stock is None else (product.hit_stock - product.stock) * per_unit
    live.rows.append((row, {} if hit is None else {"active": {hit: -more}}))
    return hit


def _service(live: LiveLimits) -> None:
    for service in live.shop.service:
        rate, sessions = fraction_of(service.consult_rate), fraction_of(service.sessions_per_agent)
        per_agent = int(sessions * rate.denominator * MICRO)
        row = Limit(
            key=f"service/{service.slot}",
            name=Text(
                f"「{service.slot}」客服 {service.agents} 人", f"service in {service.slot}, {service.agents} agents"
            ),
            rhs=service.agents * per_agent,
            orders=np.array([cell.slot == service.slot for cell in live.cells]).astype(np.int64) * rate.numerator,
            unit=AGENTS,
            per_unit=per_agent,
        )
        live.rows.append((row, {}))


def _groups(live: LiveLimits) -> None:
    for group in live.shop.groups:
        inside, key = live.inside(group), f"group/{group.kind}/{group.name}"
        for limit in share_bounds(key, group.name, inside > 0, fraction_of(group.min), fraction_of(group.max)):
            live.rows.append((limit, {}))
        bounds = [("max_budget", 1, group.max_budget), ("min_budget", -1, group.min_budget or None)]
        for name, sign, amount in bounds:
            if amount is not None:
                zh, en = ("上限", "most") if sign > 0 else ("下限", "least")
                words = Text(f"「{group.name}」预算{zh} {amount} 元", f"{en} budget of '{group.name}', {amount} yuan")
                rhs = sign * fen(amount)
                row = Limit(key=f"{key}/{name}", name=words, rhs=rhs, spend=sign * inside, unit=YUAN, per_unit=100)
                live.rows.append((row, {}))


def _rebates(live: LiveLimits) -> None:
    """Tier j's level is the spend it pays on; thresholds are rounded up to the step."""
    tiers = sorted(live.shop.rebates, key=lambda tier: tier.start)
    if not tiers:
        return
    step, most = live.shop.step_fen, live.shop.budget_fen // live.shop.step_fen * live.shop.step_fen
    starts = [ceil_to_step(fen(tier.start), step) for tier in tiers]
    reached: dict[int, int] = {}
    for tier, start, end in zip(tiers, starts, [*starts[1:], most], strict=True):
        levels = sorted({start, min(max(end, start), most)})
        if start <= most and tier.rate:
            rate = fraction_of(tier.rate)
            words = Text(
                f"返点档：满 {tier.start} 元返 {tier.rate:.1%}", f"rebate tier: {tier.rate:.1%} from {tier.start}"
            )
            worth = [int(rate * level * MICRO_PER_FEN) for level in levels]
            reached[live.option(f"{REBATE}{tier.start}", words, levels, worth)] = 1
    if reached:
        n = len(live.cells)
        spent = -np.ones(n, dtype=np.int64)
        words = Text("返点按实际投放计", "rebates are paid on planned spend")
        live.rows.append((Limit(key="rebate/spend", name=words, rhs=0, spend=spent), {"spend": reached}))
        one = Limit(
            key="rebate/one", name=Text("只取一档返点", "one rebate tier"), rhs=1, active=np.zeros(n, dtype=np.int64)
        )
        live.rows.append((one, {"active": reached}))


def is_rebate(option: Option) -> bool:
    """Whether the decision is to reach a rebate tier."""
    return option.key.startswith(REBATE)


def _fee(live: LiveLimits, fee: FeeSection) -> None:
    inside = live.inside(fee)
    words = Text(f"开播费「{fee.name}」{fee.fee} 元", f"opening fee '{fee.name}', {fee.fee} yuan")
    opened = live.option(f"fee/{fee.name}", words, [live.shop.step_fen], [-fen(fee.fee) * MICRO_PER_FEN])
    row = Limit(key=f"fee/{fee.name}", name=words, rhs=0, active=inside)
    live.rows.append((row, {"active": {opened: -int(inside.sum())}}))


def _spent(live: LiveLimits) -> None:
    for spent in live.shop.spent:
        if not spent.spent:
            continue
        at = np.array([(cell.segment, cell.slot) == (spent.segment, spent.slot) for cell in live.cells])
        words = Text(
            f"「{spent.segment} × {spent.slot}」今日已花，不能停", f"'{spent.segment} x {spent.slot}' has spent today"
        )
        key = f"spent/{spent.segment}/{spent.slot}"
        live.rows.append((Limit(key=key, name=words, rhs=-1, active=-at.astype(np.int64)), {}))
