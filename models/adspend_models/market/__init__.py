"""Market worlds: simulated shops whose true curves are known.

Two protocols, one wrapper per effect, each in its own file:

    Truth   what to expect: cells, order value, mean orders by date and cost   (``truth``, ``weekday``)
    World   what happens: ``day(date, budgets)`` -> the day's rows   (``world``, ``noise``, ``delivery``, ``refunds``)

A truth is made noisy, then delivery and refunds wrap the world:

    Refunded(UnderDelivered(NoisyWorld(WeekdayTruth(HillTruth(...)))))

Luck is keyed by (seed, effect, cell, date), so two strategies that meet the same day meet the same luck, whatever
they spent before (common random numbers). ``samples`` writes the bundled sample reports from such a world.
"""
