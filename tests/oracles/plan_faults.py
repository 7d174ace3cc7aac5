"""Ways to break a valid plan document, and the rule that must catch each.

A fault changes one thing and lets everything that follows from it follow (totals, bound, expectations), so that only
the rule it breaks can catch it. ``FAULTS`` holds them by name.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from adspend.problem import Table
from oracles.brute_force import usage
from oracles.plan_documents import Draft, Habit, random_price

Document = dict[str, Any]
Inject = Callable[[np.random.Generator, Draft], Document]
Path = tuple[str | int, ...]


class NoPlaceError(Exception):
    """A plan has no place for a fault: no cell that could break in this way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A way to break a plan: one of ``rules`` must be found, and besides them none but ``also``.

    ``inject`` raises ``NoPlaceError`` where the plan has no place for the fault.
    """

    inject: Inject
    rules: frozenset[str]
    also: frozenset[str]


FAULTS: dict[str, Fault] = {}
COLUMNS = ("spend", "objective", "value", "orders", "gmv")


def breaks(*rules: str, also: tuple[str, ...] = ()) -> Callable[[Inject], Inject]:
    """Registers a fault under its function's name."""

    def register(inject: Inject) -> Inject:
        FAULTS[inject.__name__] = Fault(inject=inject, rules=frozenset(rules), also=frozenset(also))
        return inject

    return register


def edited(document: Document, path: Path, value: object) -> Document:
    """The document with another value at a place."""
    holder: Any = document
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return document


def _one(rng: np.random.Generator, items: list[Any]) -> Any:  # noqa: ANN401  an item
    if not items:
        raise NoPlaceError
    return items[int(rng.integers(len(items)))]


def _cell(rng: np.random.Generator, draft: Draft, fits: Callable[[Table, int], bool]) -> tuple[int, Table]:
    """A random cell that is not fixed and whose table and spend fit."""
    tables, fixed = draft.problem.tables, draft.problem.fixed
    found = [(i, t) for i, t in enumerate(tables) if t is not None and fixed[i] < 0 and fits(t, draft.spend[i])]
    chosen: tuple[int, Table] = _one(rng, found)
    return chosen


def anything(table: Table, spend: int) -> bool:  # noqa: ARG001
    """Fits every cell that has a table."""
    return True


def _with_table(draft: Draft, i: int, table: Table | None) -> Draft:
    tables = (*draft.problem.tables[:i], table, *draft.problem.tables[i + 1 :])
    return replace(draft, problem=replace(draft.problem, tables=tables))


def _points(table: Table, keep: np.ndarray) -> Table:
    return replace(table, **{name: getattr(table, name)[keep] for name in COLUMNS})


@breaks("P2")
def the_total_or_the_budget_is_off_by_a_fen(rng: np.random.Generator, draft: Draft) -> Document:
    total = sum(draft.spend)
    return edited(draft.document(), *_one(rng, [(("planned_fen",), total + 1), (("budget_fen",), total - 1)]))


@breaks("P3")
def a_budget_is_above_the_maximum(rng: np.random.Generator, draft: Draft) -> Document:
    """The table loses its points from the budget on."""
    i, table = _cell(rng, draft, lambda table, x: x > table.minimum)
    return _with_table(draft, i, _points(table, table.spend < draft.spend[i])).document()


@breaks("P4")
def a_budget_is_below_the_minimum(rng: np.random.Generator, draft: Draft) -> Document:
    """The table loses its points up to the budget."""
    i, table = _cell(rng, draft, lambda table, x: 0 < x < table.maximum)
    return _with_table(draft, i, _points(table, table.spend > draft.spend[i])).document()


@breaks("P5", also=("P14",))
def a_limit_is_broken_by_the_least_amount(rng: np.random.Generator, draft: Draft) -> Document:
    """The right-hand side is the greatest integer below what the plan uses; the bound follows, so P14 may see it."""
    limits = list(draft.problem.limits)
    r = int(rng.integers(len(limits)))
    used = sum((usage(limits[r], i, draft.measures(i)) for i in range(len(draft.spend))), Fraction(0))
    limits[r] = replace(limits[r], rhs=math.ceil(used) - 1)
    return replace(draft, problem=replace(draft.problem, limits=tuple(limits))).document()


@breaks("P6")
def a_cell_occurs_twice(rng: np.random.Generator, draft: Draft) -> Document:
    document = draft.document()
    cells = document["cells"]
    one, other = _one(rng, [(cells[0], cell) for cell in cells[1:]])
    one |= {key: other[key] for key in ("segment", "slot", "lever")}
    return document


@breaks("P6", also=("P14",))
def a_limit_occurs_twice(rng: np.random.Generator, draft: Draft) -> Document:
    document = draft.document()
    document["limits"].append(_one(rng, document["limits"]))
    return document


@breaks("P6")
def a_limit_has_a_coefficient_too_many_or_few(rng: np.random.Generator, draft: Draft) -> Document:
    r, measure = int(rng.integers(len(draft.problem.limits))), _one(rng, ["spend", "orders", "gmv", "active"])
    return edited(draft.document(), ("limits", r, measure), [0] * (len(draft.spend) + _one(rng, [-1, 1])))


@breaks("P7")
def a_table_does_not_rise_or_not_fit(rng: np.random.Generator, draft: Draft) -> Document:
    i, table = _cell(rng, draft, lambda table, _: table.spend.size > 1)
    document = draft.document()
    cell, spend = document["cells"][i], table.spend.tolist()
    changes: list[Callable[[], object]] = [
        lambda: cell["curve"].update(spend_fen=[spend[0], *spend[:-1]]),
        lambda: cell["curve"].update(spend_fen=spend[::-1]),
        lambda: cell["curve"].update(spend_fen=[0, *spend[1:]]) or cell.update(minimum_fen=0),
        lambda: cell["curve"]["gmv_micro"].append(0),
        lambda: cell["curve"]["value_micro"].pop(),
        lambda: cell.update(minimum_fen=spend[0] - 1),
        lambda: cell.update(maximum_fen=spend[-1] + 1),
        lambda: cell.update(maximum_fen=None),
        lambda: cell.update(curve=None),
        lambda: cell.update(curve={key: {} if key == "more" else [] for key in cell["curve"]}),
        lambda: cell.update(
            curve={key: {} if key == "more" else [] for key in cell["curve"]}, minimum_fen=None, maximum_fen=None
        ),
    ]
    _one(rng, changes)()
    return document


@breaks("P8")
def an_action_does_not_agree(rng: np.random.Generator, draft: Draft) -> Document:
    """Each action beside numbers that it cannot describe."""
    i, step = int(rng.integers(len(draft.spend))), draft.problem.step_fen
    spend, document = draft.spend[i], draft.document()
    never = [("raise", spend), ("raise", None), ("cut", spend), ("cut", None), ("hold", None), ("hold", spend + step)]
    never += [("pause", spend), ("start", 1), ("raise", spend + 1), ("cut", max(0, spend - 1))]
    if spend == 0:
        never = [(action, _one(rng, [None, 0, 5])) for action in ("test", "start", "raise", "hold", "cut")]
    action, yesterday = _one(rng, never)
    return edited(edited(document, ("cells", i, "action"), action), ("cells", i, "yesterday_fen"), yesterday)


@breaks("P8")
def a_fail_cell_rises(rng: np.random.Generator, draft: Draft) -> Document:
    i, _ = _cell(rng, draft, lambda _, x: x > 1)
    close = max(1, draft.spend[i] - draft.problem.step_fen + 1)  # within a step: a hold, but one that rises
    choices = [("start", 0), ("start", None), ("raise", draft.spend[i] - 1), ("hold", close)]
    action, yesterday = _one(rng, choices)
    habits = list(draft.habits)
    habits[i] = Habit(action=action, yesterday_fen=yesterday, grade="FAIL")
    return replace(draft, habits=tuple(habits)).document()


@breaks("P9", also=("P14",))
def a_fixed_cell_gets_something_else(rng: np.random.Generator, draft: Draft) -> Document:
    """A person's lock says another spend of the table; the bound follows, so P14 may see it."""
    i, table = _cell(rng, draft, anything)
    fixed = draft.problem.fixed.copy()
    fixed[i] = _one(rng, [x for x in (0, table.minimum, table.maximum) if x != draft.spend[i]])
    return replace(draft, problem=replace(draft.problem, fixed=fixed)).document()


@breaks("P9")
def a_cell_is_fixed_where_it_has_no_curve(rng: np.random.Generator, draft: Draft) -> Document:
    i, table = _cell(rng, draft, anything)
    return edited(draft.document(), ("cells", i, "fixed_fen"), table.maximum + draft.problem.step_fen)


@breaks("P10", also=("P8",))
def a_budget_is_off_the_step(rng: np.random.Generator, draft: Draft) -> Document:
    """The platform's step is another one; a coarser step never turns a hold into anything else."""
    steps = [draft.problem.step_fen * k for k in (2, 3, 5, 7)]
    wrong = _one(rng, [step for step in steps if any(x % step for x in draft.spend)])
    return edited(draft.document(), ("step_fen",), wrong)


@breaks("P11")
def a_cell_without_a_curve_gets_money(rng: np.random.Generator, draft: Draft) -> Document:
    i, _ = _cell(rng, draft, lambda _, x: x > 0)
    return _with_table(draft, i, None).document()


@breaks("P12")
def an_expectation_is_off(rng: np.random.Generator, draft: Draft) -> Document:
    """By a fen, or by a millionth of the orders."""
    i, document = int(rng.integers(len(draft.spend))), draft.document()
    key = _one(rng, ["expected_net_fen", "expected_gmv_fen", "expected_orders"])
    told = document["cells"][i][key]
    more = told * 1e-6 or 1e-9
    return edited(document, ("cells", i, key), told + (more if key == "expected_orders" else _one(rng, [-1, 1])))


@breaks("P12", "P13", also=("P14",))
def a_curve_is_better_than_it_was(rng: np.random.Generator, draft: Draft) -> Document:
    """The table at a planned point promises a yuan more, the plan does not."""
    i, table = _cell(rng, draft, lambda table, x: x in table.spend)
    document = draft.document()
    document["cells"][i]["curve"][_one(rng, ["objective_micro", "value_micro"])][
        int(np.searchsorted(table.spend, draft.spend[i]))
    ] += 1_000_000
    return document


@breaks("P13")
def the_value_is_off(rng: np.random.Generator, draft: Draft) -> Document:
    """By a micro-yuan, or by 1e-8 of itself in the float."""
    document = draft.document()
    stored = document["certificate"]
    key = _one(rng, ["value_micro", "value"])
    more = _one(rng, [-1, 1]) * (1 if key == "value_micro" else stored["value"] * 1e-8 or 1e-6)
    return edited(document, ("certificate", key), stored[key] + more)


@breaks("P14")
def the_bound_or_gap_is_off(rng: np.random.Generator, draft: Draft) -> Document:
    """By a micro-yuan, or by 1e-8 of itself in a float."""
    document = draft.document()
    stored = document["certificate"]
    key = _one(rng, ["bound_micro", "bound", "gap"])
    more = _one(rng, [-1, 1]) * (1 if key == "bound_micro" else stored[key] * 1e-8 or 1e-6)
    return edited(document, ("certificate", key), stored[key] + more)


@breaks("P14")
def the_certificate_is_made_to_look_better(rng: np.random.Generator, draft: Draft) -> Document:
    """Bound and gap agree with each other and with the value, but not with the multipliers."""
    document = draft.document()
    stored = document["certificate"]
    if stored["bound_micro"] == stored["value_micro"]:
        raise NoPlaceError
    bound = int(rng.integers(stored["value_micro"], stored["bound_micro"]))
    stored |= {"bound_micro": bound, "bound": bound / 1_000_000}
    stored["gap"] = (bound - stored["value_micro"]) / abs(bound) if bound else 0.0
    return document


@breaks("P14")
def a_multiplier_is_negative(rng: np.random.Generator, draft: Draft) -> Document:
    """The rest of the certificate follows, as it would from a solver's wrong sign."""
    limit = _one(rng, list(draft.problem.limits))
    return replace(draft, prices={**draft.prices, limit.key: -random_price(rng, limit) - Fraction(1, 10**6)}).document()


@breaks("P14")
def a_multiplier_is_not_a_fraction_of_a_known_limit(rng: np.random.Generator, draft: Draft) -> Document:
    key = _one(rng, [limit.key for limit in draft.problem.limits])
    text = _one(rng, ["-1", "1/0", "1/00", "0.5", "1e9", "1e999999999", "", " 1", "1\n", "+1", "1/-2", "nan", "½", "٣"])
    wrong = _one(rng, [(key, text), (key, 1), (key, None), (key, 0.5), (key, "9" * 1_001), ("weather", "0")])
    return edited(draft.document(), ("certificate", "multipliers", wrong[0]), wrong[1])


@breaks("P14")
def a_multiplier_is_another_than_the_bound_was_made_with(rng: np.random.Generator, draft: Draft) -> Document:
    limit = _one(rng, list(draft.problem.limits))
    other = replace(draft, prices={**draft.prices, limit.key: random_price(rng, limit)}).document()
    document = draft.document()
    if other["certificate"]["bound_micro"] == document["certificate"]["bound_micro"]:
        raise NoPlaceError
    return edited(document, ("certificate", "multipliers"), other["certificate"]["multipliers"])
