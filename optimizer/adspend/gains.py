"""Gains and losses in words: a loss is said to be lost, never to be earned with a minus sign."""

from __future__ import annotations

from adspend_datasets.text import Text


def net_words(amount: str) -> Text:
    """A net amount, as text, in a sentence.

    >>> net_words("812").zh, net_words("-1,835.98").zh
    ('净赚 812 元', '净亏 1,835.98 元')
    """
    if amount.startswith("-"):
        return Text(f"净亏 {amount[1:]} 元", f"loss {amount[1:]}")
    return Text(f"净赚 {amount} 元", f"net {amount}")


def expected_words(amount: str) -> Text:
    """The same as what is expected of money.

    >>> expected_words("12").en, expected_words("-12").en
    ('expect to net 12', 'expect to lose 12')
    """
    verb = "lose" if amount.startswith("-") else "net"
    return Text(f"预期{net_words(amount).zh}", f"expect to {verb} {amount.removeprefix('-')}")


def next_yuan_words(net: float) -> Text:
    """What the next yuan nets.

    >>> next_yuan_words(0.07).en, next_yuan_words(-0.05).en, next_yuan_words(-0.001).en
    ('the next yuan nets 0.07', 'one more yuan would lose 0.05', 'the next yuan breaks even')
    """
    size = f"{abs(net):.2f}"
    if float(size) == 0:
        return Text("已到临界点", "the next yuan breaks even")
    if net < 0:
        return Text(f"再多花 1 元约亏 {size} 元", f"one more yuan would lose {size}")
    return Text(f"下一元净赚 {size} 元", f"the next yuan nets {size}")
