"""Market worlds: simulated shops whose true curves are known.

Two protocols, one wrapper per effect, each in its own file:

    Truth   what to expect: cells, order value, mean orders by date, cost and past, natural orders
            ``truth`` < ``weekday``, ``festival``, ``snowball``, ``seeding``, ``scaled`` with one of the effects
            ``hours``, ``creative``, ``fatigue``, ``learning``, ``drift``, ``hosts``, ``shock``, ``service``
    World   what happens: ``day(date, budgets, past)`` -> the day's rows
            ``noise`` < ``delivery``, ``overdelivery``, ``products``, ``stock``, ``refunds``

A truth is made noisy, then delivery, stock and refunds wrap the world:

    Refunded(UnderDelivered(NoisyWorld(SnowballTruth(WeekdayTruth(HillTruth(...))))))

State lives in the days that were executed, not in objects: effects with memory read it from ``past`` (the ``past``
module turns it into arrays), so every world is a pure function. Luck is keyed by (seed, effect, cell, date), so two
strategies that meet the same day meet the same luck, whatever they spent before (common random numbers).

``families`` and ``presets`` draw whole shops as ``MarketCase``; ``twin`` makes a world of a shop's fitted curves;
``day_report`` turns executed days into the report of a morning. ``samples`` writes the bundled sample reports.
"""
