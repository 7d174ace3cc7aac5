"""Ten platforms whose return per dollar changes with spend, by tiers: an outside team's published optima.

A graduate course project (UT Austin, Optimization I) had an LP and an SOS2 MIP solved by Gurobi. Its estimates and its
answers are those of ``NathanArimilli24/marketing-budget-optimization`` at 1f3e3bc (``data/roi_company1.csv``,
``roi_company2.csv``, ``min_amount.csv``, ``roi_monthly.csv``, ``output/monthly_allocation.csv``). The rules: at most
10 million dollars in all and 3 per platform, Print + TV at most Facebook + Email, social at least twice search.

Units: 1 million dollars is 3,000,000 fen, so that the thirds of the answers are whole; the step is 100 fen.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from adspend.certificate import certify
from adspend.limits import budget_limit
from adspend.problem import MICRO_PER_FEN, Ints, Limit, Problem, Table
from adspend.solve import allocate
from adspend_datasets.cell import Cell
from oracles.brute_force import feasible, objective
from oracles.hand_problems import ints, row

MILLION, STEP, CAP = 3_000_000, 100, 3  # fen per million dollars, fen, million dollars

# Of each platform its tiers: return per dollar, and the spend up to which it holds (million dollars).
FIRM_1 = """
Print     .0345 to 0.7, .0305 to 2.7, .0276 to 4.7, .0234
TV        .0608 to 4.3, .0503
SEO       .0288 to 3.6, .0269
AdWords   .0419 to 2, .0358 to 2.3, .029
Facebook  .0187 to 1, .015 to 1.8, .0131
LinkedIn  .0257 to 0.7, .0223 to 2.7, .0204 to 4.8, .0192
Instagram .0574 to 2.9, .0498
Snapchat  .0278 to 2.2, .0243 to 2.7, .0203
Twitter   .0407 to 2.3, .0354 to 3.4, .0293
Email     .0493 to 5.9, .0405
"""
FIRM_2 = """
Print     .0475 to 2.6, .0478
TV        .0204 to 1.8, .0272 to 3.8, .0169
SEO       .0284 to 2.4, .036 to 3.1, .0222
AdWords   .0467 to 1.2, .0445 to 3.4, .0546 to 4.9, .0504
Facebook  .0433 to 4.6, .0496
LinkedIn  .0443 to 5.3, .0492
Instagram .0297 to 1.6, .0293
Snapchat  .0171 to 0.9, .0142 to 1.9, .0157 to 2.5, .018
Twitter   .0337 to 1.3, .0277 to 1.9, .0301
Email     .0246 to 1.9, .0235 to 2.9, .0288
"""
FEBRUARY = """
Print     .0497 to 2.3, .0401 to 3.8, .0357
TV        .0126 to 1.5, .0132 to 2.7, .0132 to 3.4, .0133
SEO       .0201 to 2.3, .0198 to 3.2, .0146 to 5.3, .0187
AdWords   .0448 to 2.1, .0558
Facebook  .0382 to 0.8, .028 to 1.8, .0333
LinkedIn  .0401 to 0.5, .0349 to 2.1, .0308
Instagram .0307 to 5.5, .0275
Snapchat  .033 to 5.4, .036
Twitter   .0291 to 0.7, .0301 to 1.6, .0277
Email     .0321 to 1.5, .0268 to 1.9, .0229
"""
AUGUST = """
Print     .0482 to 1, .0419 to 2.2, .0392 to 3.5, .0322
TV        .005 to 1.3, .005 to 2.4, .0054 to 3.9, .005
SEO       .039 to 2.4, .0388 to 3.6, .0473
AdWords   .0492 to 1.7, .0548 to 3.2, .0489 to 3.8, .0639
Facebook  .0342 to 0.6, .0306 to 1, .0312
LinkedIn  .0546 to 1.1, .0674 to 3.2, .0598
Instagram .0173 to 4.7, .0139
Snapchat  .0397 to 6, .0324
Twitter   .0514 to 2.6, .0576
Email     .0076 to 2.1, .0075 to 2.4, .0077 to 3.7, .0081
"""
OCTOBER = """
Print     .0716 to 1.8, .066 to 3.6, .0613 to 5.6, .055
TV        .0158 to 1.3, .0174 to 3, .0145
SEO       .0296 to 1.3, .0362 to 3, .0362 to 3.4, .0354
AdWords   .0293 to 1.2, .0297 to 2.2, .0291 to 3, .0252
Facebook  .057 to 3.2, .0711
LinkedIn  .0644 to 1.6, .0709 to 2.7, .0822 to 4.5, .0882
Instagram .0395 to 3.4, .0472
Snapchat  .0151 to 1.6, .0132
Twitter   .0481 to 1.5, .0446 to 2.6, .0471 to 3.3, .0528
Email     .0437 to 1.1, .0378 to 3.2, .0326
"""
PLATFORMS = ("Print", "TV", "SEO", "AdWords", "Facebook", "LinkedIn", "Instagram", "Snapchat", "Twitter", "Email")
LEAST = ("0.3", "0.3", "0.6", "0.8", "0.4", "0.2", "0.7", "0.8", "0.3", "0.5")  # if anything; min_amount.csv
ANY = ("0",) * 10  # any spend from one step on


def tiers(line: str) -> list[tuple[Fraction, Fraction]]:
    """A platform's tiers as (return per dollar, end in fen), cut at the cap."""
    found = []
    for tier in line.split(maxsplit=1)[1].split(","):
        rate, _, end = tier.partition(" to ")
        found.append((Fraction(rate.strip()), min(Fraction(end or CAP), Fraction(CAP)) * MILLION))
    return found


def returned(line: str, spend: int) -> Fraction:
    """What ``spend`` fen return, fen: each tier filled in turn."""
    total, start = Fraction(0), Fraction(0)
    for rate, end in tiers(line):
        total += rate * max(Fraction(0), min(end, Fraction(spend)) - start)
        start = end
    return total


def platform(line: str, least: str) -> Table:
    """The platform's return at its least spend, at the ends of its tiers and at the cap: exact in micro-yuan."""
    first = max(int(Fraction(least) * MILLION), STEP)
    spend = ints(*sorted({first, *(int(end) for _, end in tiers(line) if end > first)}))
    micro = [returned(line, int(x)) * MICRO_PER_FEN for x in spend]
    assert all(amount.denominator == 1 for amount in micro)
    gain, zero = ints(*map(int, micro)), np.zeros_like(spend)
    return Table(spend=spend, objective=gain, value=gain, orders=zero, gmv=zero)


def signed(**signs: int) -> Ints:
    return ints(*(signs.get(name, 0) for name in PLATFORMS))


def rules(budget: str) -> tuple[Limit, ...]:
    old, web = {"Print": 1, "TV": 1}, {"Facebook": -1, "Email": -1}
    search = {"SEO": 2, "AdWords": 2}
    social = {"Facebook": -1, "LinkedIn": -1, "Instagram": -1, "Snapchat": -1, "Twitter": -1}
    return (
        budget_limit(int(Fraction(budget) * MILLION), len(PLATFORMS)),
        row("print and tv", 0, spend=signed(**old, **web)),
        row("search", 0, spend=signed(**search, **social)),
    )


def media(estimates: str, *, budget: str = "10", least: tuple[str, ...] = ANY) -> Problem:
    """The problem that a table of tiers makes."""
    lines = estimates.strip().splitlines()
    assert tuple(line.split()[0] for line in lines) == PLATFORMS
    return Problem(
        cells=tuple(Cell(name, "ALL") for name in PLATFORMS),
        tables=tuple(platform(line, low) for line, low in zip(lines, least, strict=True)),
        limits=rules(budget),
        step_fen=STEP,
        fixed=ints(*[-1] * len(PLATFORMS)),
    )


def millions(made: Problem, spend: tuple[int, ...]) -> float:
    """The plan's return, million dollars."""
    return float(objective(made, spend)) / MICRO_PER_FEN / MILLION


def in_fen(**amounts: str) -> tuple[int, ...]:
    """A published plan (million dollars)."""
    return tuple(int(Fraction(amounts.get(name, "0")) * MILLION) for name in PLATFORMS)


BEST_1 = in_fen(TV="3", Instagram="3", Email="3", AdWords="1")
BEST_2 = in_fen(Print="3", Facebook="3", AdWords="7/3", LinkedIn="5/3")


def test_falling_returns_are_an_lp() -> None:
    """Firm 1: TV 3, Instagram 3, Email 3, AdWords 1 return 0.543640.

    By hand: 3 x .0608 + (2.9 x .0574 + .1 x .0498) + 3 x .0493 + .0419. Concave, so the prices prove it to the
    micro-yuan.
    """
    made = media(FIRM_1)
    allocation = allocate(made)
    assert allocation.spend == BEST_1
    assert millions(made, allocation.spend) == pytest.approx(0.543640, abs=1e-12)
    assert certify(made, allocation).gap < 1e-9


@pytest.mark.parametrize("least", [ANY, LEAST])
def test_rising_returns_with_and_without_least_amounts(least: tuple[str, ...]) -> None:
    """Firm 2: Print 3, Facebook 3, AdWords 7/3, LinkedIn 5/3 return 0.4528267; least amounts change nothing.

    By hand: (2.6 x .0475 + .4 x .0478) + 3 x .0433 + (1.2 x .0467 + 17/15 x .0445) + 5/3 x .0443.
    """
    made = media(FIRM_2, least=least)
    spend = allocate(made).spend
    assert spend == BEST_2
    assert millions(made, spend) == pytest.approx(0.45282666667, abs=1e-11)


def test_believing_the_wrong_firm_costs_half() -> None:
    """Each firm's returns of the other's best plan: 0.274903 of 0.543640 and 0.277720 of 0.452827."""
    one, two = media(FIRM_1), media(FIRM_2)
    assert millions(one, allocate(two).spend) == pytest.approx(0.274903, abs=5e-7)
    assert millions(two, allocate(one).spend) == pytest.approx(0.277720, abs=5e-7)


@pytest.mark.parametrize(
    ("estimates", "budget", "published", "spend"),
    [
        (FEBRUARY, "10.2697", 0.4207, in_fen(Print="2.6197", AdWords="2.55", Facebook="3", LinkedIn="2.1")),
        (
            AUGUST,
            "11.903",
            0.6167,
            in_fen(Print=".6", AdWords="3", Facebook=".6", LinkedIn="3", Snapchat="1.703", Twitter="3"),
        ),
        (OCTOBER, "12.5373", 0.7483, in_fen(Print="3", Facebook="3", LinkedIn="3", Twitter="3", Email=".5373")),
    ],
    ids=["February", "August", "October"],
)
def test_months_of_rising_tiers(estimates: str, budget: str, published: float, spend: tuple[int, ...]) -> None:
    """Months with a least amount, where tiers rise: the published plan, or one of the same return."""
    made = media(estimates, budget=budget, least=LEAST)
    found = allocate(made).spend
    assert feasible(made, found) == []
    assert feasible(made, spend) == []
    assert objective(made, found) == objective(made, spend), f"got {found}, want {spend}"
    assert millions(made, found) == pytest.approx(published, abs=5e-5)


def test_tiers_are_filled_in_order_and_least_amounts_cost() -> None:
    """February proves both: AdWords pays .0448 up to 2.1, then .0558, and Snapchat's first 0.8 is not worth it.

    A model free to fill the best tiers first believes in 0.428218; without least amounts the month returns 0.420890;
    the plan returns 0.420730.
    """
    out_of_order = FEBRUARY.replace(".0448 to 2.1, .0558", ".0558 to 0.9, .0448")
    out_of_order = out_of_order.replace(".0382 to 0.8, .028 to 1.8, .0333", ".0382 to 0.8, .0333 to 2, .028")
    values = {
        name: millions(made, allocate(made).spend)
        for name, made in {
            "believed": media(out_of_order, budget="10.2697"),
            "free": media(FEBRUARY, budget="10.2697"),
            "least": media(FEBRUARY, budget="10.2697", least=LEAST),
        }.items()
    }
    assert values == pytest.approx({"believed": 0.428218, "free": 0.420890, "least": 0.420730}, abs=5e-7)
