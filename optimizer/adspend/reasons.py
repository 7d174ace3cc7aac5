"""One sentence per cell: why it gets what it gets, with the numbers behind it."""

from __future__ import annotations

from dataclasses import dataclass

from adspend.aim import AIM_WORDS, Aim, fill
from adspend.caps import CAP_NAMES
from adspend.gains import net_words, next_yuan_words
from adspend.gates import Gate
from adspend.money import short_yuan
from adspend.plan import Action
from adspend_datasets.text import Text
from adspend_models.bank import Grade, Grading

CHEAP = 0.005  # per yuan: limits that ask for less than this are not what stops a cell


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFacts:
    """What a reason is made of. ``brings`` and ``asked`` are those of ``yields``; money is fen."""

    aim: Aim
    action: Action
    budget_fen: int
    net_fen: int
    gmv_fen: int
    brings: float  # of the next yuan
    asked: float  # what the limits ask it to bring
    held_by: str  # the cap at which the cell stands, "" for none
    grading: Grading
    promise: float | None  # of a test: posterior probability that it earns money
    average_at_least: float | None  # of a paused open cell: the most that a yuan brings on average
    gate: Gate | None  # where a losing cell would pay beyond its cap
    most_fen: int  # the cell's cap
    cold: bool
    minimum_fen: int  # of an active cell
    day_fen: int  # the day's budget
    worth: float = 0.0  # of a test: what it teaches, yuan per planned day ...
    horizon: float = 0.0  # ... for this many days


def reason(facts: CellFacts) -> Text:
    """The sentence."""
    if facts.held_by == "locked":
        return Text("人工锁定", "locked by a person")
    if facts.action is Action.PAUSE:
        return _paused(facts)
    if facts.action is Action.TEST:
        return _test(facts)
    return _running(facts)


def _test(facts: CellFacts) -> Text:
    odds = f"{facts.promise or 0:.0%}"
    amount = short_yuan(facts.budget_fen)
    if facts.cold:
        return Text(
            f"冷启动测试日：{amount} 元是本单元的测试档位，各人群与时段错开三档，以便看出加钱后的效果",
            f"cold-start test day: {amount} is this cell's level; levels alternate over segments and slots so that "
            "tomorrow shows what more money does",
        )
    days, worth = f"{facts.horizon:g}", f"{facts.worth:,.1f}"
    zh = f"测试 {amount} 元：盈利概率 {odds}，学到的每天值 {worth} 元（按 {days} 天计）"
    en = f"test with {amount}: {odds} likely to earn money; what it teaches is worth {worth} yuan a day for {days} days"
    if facts.grading.grade is Grade.FAIL:
        words = facts.grading.fact or facts.grading.reasons[0]
        return Text(f"{zh}；{words.zh}", f"{en}; {words.en}")
    return Text(zh, en)


def _paused(facts: CellFacts) -> Text:
    if facts.day_fen < facts.minimum_fen:
        day, least = short_yuan(facts.day_fen), short_yuan(facts.minimum_fen)
        return Text(
            f"当日预算 {day} 元低于起投门槛 {least} 元，投不了",
            f"the day's budget, {day}, is below the platform minimum of a cell, {least}",
        )
    if facts.held_by == "untested":
        return Text(
            "从未测试，今天的测试额度给了更值得测的单元，或测了也学不到值钱的",
            "never tested; today's test money teaches more elsewhere, or a test here would not pay",
        )
    if facts.held_by == "grade":
        words = facts.grading.reasons[0]
        return Text(f"曲线不可信，暂停：{words.zh}", f"curve not trusted, paused: {words.en}")
    if facts.held_by == "no_curve":
        return Text("没有给出曲线，不投", "no curve given, so no money")
    if facts.held_by == "min_if_active" and facts.average_at_least is None:
        return Text("允许的上限低于起投门槛", "the most it may get is below the platform minimum")
    if facts.gate is not None and facts.aim is Aim.NET:
        return _gated(facts, facts.gate)
    best, aim_words = facts.average_at_least or 0.0, AIM_WORDS[facts.aim]
    if best <= 0 or (facts.aim is Aim.COST and facts.asked == 0):
        return fill(aim_words.useless, loss=-best)
    return fill(aim_words.outdone, best=best, asked=facts.asked)


def _gated(facts: CellFacts, gate: Gate) -> Text:
    most, spend, net = short_yuan(facts.most_fen), short_yuan(gate.spend_fen), short_yuan(gate.net_fen)
    return Text(
        f"今天最多可投 {most} 元，全程亏；曲线显示投到约 {spend} 元可净赚 {net} 元，认可请加 [[locks]] 锁定",
        f"at most {most} allowed today, all at a loss; near {spend} it would net {net}: a [[locks]] entry approves it",
    )


def _running(facts: CellFacts) -> Text:
    aim_words, next_yuan = AIM_WORDS[facts.aim], next_yuan_words(facts.brings)
    net, gmv = net_words(short_yuan(facts.net_fen)), short_yuan(facts.gmv_fen)
    gain = fill(aim_words.running, net=net, gmv=gmv, next=next_yuan, brings=facts.brings)
    cap = CAP_NAMES.get(facts.held_by)
    if cap is not None and facts.brings > facts.asked:
        why = Text(f"，还想加，但被{cap.zh}挡住", f"; worth more, but held by {cap.en}")
    elif facts.held_by == "learning":
        why = Text("，学习期内只做小幅调整", "; in its learning phase, so changed little")
    elif facts.held_by == "min_if_active":
        why = Text("，按起投门槛维持", "; kept at the platform minimum")
    elif facts.asked < CHEAP:
        is_said = facts.aim is Aim.NET and facts.brings <= -CHEAP  # by what the next yuan loses
        why = Text("", "") if is_said else aim_words.enough
    elif facts.action is Action.CUT:
        why = aim_words.cut
    else:
        why = aim_words.level
    tail = Text("", "")
    if facts.grading.grade is Grade.REVIEW:
        words = facts.grading.reasons[0]
        tail = Text(f"（曲线需复核：{words.zh}）", f" (curve to review: {words.en})")
    return Text(gain.zh + why.zh + tail.zh, gain.en + why.en + tail.en)
