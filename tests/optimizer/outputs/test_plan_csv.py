"""plan.csv read back by the standard library says exactly what the plan says, and no cell of it can run."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from adspend.caps import CAP_NAMES
from adspend.outputs.plan_csv import as_text, exact_yuan, plan_csv
from adspend.plan import Action, Plan, PlannedCell
from adspend_datasets.names import clean_name
from adspend_datasets.text import Language
from oracles.sample_plan import FORMULA, sample_plan

HEADER = (
    "date,segment,slot,action,budget,yesterday,expected_orders,expected_gmv,expected_net,p10_net,marginal_return,"
    "limits,reason"
)
RISKY = "=+-@\t\r\n\0＝＋－＠"


def rows(plan: Plan, language: Language = "zh") -> list[dict[str, str]]:
    """The file as a script would read it."""
    return list(csv.DictReader(io.StringIO(plan_csv(plan, language).decode("utf-8-sig"), newline="")))


def beside(plan: Plan, language: Language = "zh") -> list[tuple[dict[str, str], PlannedCell]]:
    """The file's rows, each with the cell of its segment and slot."""
    cells = {(cell.cell.segment, cell.cell.slot): cell for cell in plan.cells}
    return [(row, cells[row["segment"].removeprefix("'"), row["slot"]]) for row in rows(plan, language)]


def fen(yuan: str) -> int:
    """An amount read back; fails on more than 2 decimals."""
    scaled = Decimal(yuan) * 100
    assert scaled == int(scaled)
    return int(scaled)


def test_the_file_opens_in_excel_and_has_the_contract_s_columns(sample: Plan) -> None:
    content = plan_csv(sample, "zh")
    assert content.startswith(b"\xef\xbb\xbf"), "without its mark Excel shows garbage for Chinese"
    assert content.decode("utf-8-sig").split("\r\n")[0] == HEADER


def test_every_amount_reads_back_to_the_fen(sample: Plan) -> None:
    read = rows(sample)
    assert len(read) == len(sample.cells) == 48
    assert len({(row["segment"], row["slot"]) for row in read}) == 48
    for row, cell in beside(sample):
        assert fen(row["budget"] or "0") == cell.budget_fen
        assert (fen(row["yesterday"]) if row["yesterday"] else None) == cell.yesterday_fen
        assert fen(row["expected_gmv"]) == cell.expected_gmv_fen
        assert fen(row["expected_net"]) == cell.expected_net_fen
        assert fen(row["p10_net"]) == cell.p10_net_fen
        assert abs(float(row["expected_orders"]) - cell.expected_orders) <= 0.005
        assert row["date"] == "2026-11-23"
    assert sum(fen(row["budget"] or "0") for row in read) == sample.planned_fen


def test_a_pause_has_an_empty_budget_because_zero_may_mean_unlimited(sample: Plan) -> None:
    read = rows(sample)
    assert {row["action"] for row in read} == {action.value for action in Action}
    for row in read:
        assert (row["budget"] == "") == (row["action"] == "pause"), row
        assert row["budget"] not in ("0", "0.00")


def test_unknown_is_empty_and_zero_is_zero(sample: Plan) -> None:
    known = {cell.yesterday_fen for cell in sample.cells}
    assert {None, 0} < known, "the sample must hold both"
    for row, cell in beside(sample):
        assert (row["yesterday"] == "") == (cell.yesterday_fen is None)
        assert (row["marginal_return"] == "") == (cell.marginal_return is None)


def test_limits_are_keys_that_can_be_looked_up(sample: Plan) -> None:
    known = CAP_NAMES.keys() | {limit.key for limit in sample.problem.limits}
    found = {key for row in rows(sample) for key in row["limits"].split("|") if key}
    assert found == {"budget", "max_raise_per_day", "test"}
    assert found <= known


def test_the_reason_is_in_the_chosen_language_and_nothing_else_changes(sample: Plan) -> None:
    zh, en = rows(sample, "zh"), rows(sample, "en")
    assert all(row["reason"] == cell.reason.zh for row, cell in beside(sample, "zh"))
    assert all(row["reason"] == cell.reason.en for row, cell in beside(sample, "en"))
    assert [row | {"reason": ""} for row in zh] == [row | {"reason": ""} for row in en]


def test_names_that_look_like_formulas_commas_and_line_breaks_survive() -> None:
    names = [FORMULA, 'a,"b"', "two\nlines", "-5", "@SUM(A1)", "'quoted", " =1"]
    read = rows(sample_plan(names, ["20:00-22:00"]))
    expected = ["'=1+1", 'a,"b"', "two\nlines", "'-5", "'@SUM(A1)", "''quoted", "' =1"]
    assert sorted(row["segment"] for row in read) == sorted(expected)


def test_an_operator_frees_money_before_spending_it(sample: Plan) -> None:
    """Row by row from the top: running cells are paused and cut, then held, then tests, starts and raises."""
    moves = [
        (row["action"], fen(row["budget"] or "0") - fen(row["yesterday"] or "0"))
        for row in rows(sample)
        if row["action"] != "hold"
    ]
    signs = [(move > 0) - (move < 0) for _, move in moves]
    busy = [sign for sign in signs if sign]
    assert busy == sorted(busy)
    assert {-1, 1} <= set(busy)
    assert signs[-1] == 0, "a cell that rests on comes last"
    stops = [word == "pause" for word, move in moves if move < 0]
    assert stops == sorted(stops, reverse=True)
    assert any(stops)


@given(st.text(alphabet=RISKY + " 'a新1", max_size=6))
def test_no_text_begins_like_a_formula(words: str) -> None:
    written = as_text(words)
    assert written.lstrip(" ")[:1] not in set(RISKY)
    assert written in (words, f"'{words}")


@given(st.text(alphabet="=+-@＝＋－＠'a新 1", min_size=1, max_size=6))
def test_our_own_reader_gives_a_guarded_name_back(words: str) -> None:
    """What the plan calls a cell is what tomorrow's report, made from this file, will call it."""
    name = words.strip()
    assert clean_name(as_text(name)) == name


@given(st.integers(-(10**17), 10**17))
def test_yuan_are_exact_at_any_size(amount_fen: int) -> None:
    text = exact_yuan(amount_fen)
    assert fen(text) == amount_fen
    assert len(text.rpartition(".")[2]) == 2
