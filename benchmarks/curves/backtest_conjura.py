"""Three real brands, daily spend and clicks by channel: fit on 60 days, forecast the next 7 from their spend alone.

Data: ``../shared/data/conjura`` (Anderson 2024, figshare 25314841, CC BY 4.0). A brand is a shop and a segment, a
channel a slot, a click an order of value 1. The window rolls forward by 14 days. A forecast gets the day's cost per
channel and nothing else after the window; days without cost are not forecast. Nothing was tuned on the results.

Whether spend follows demand is asked twice, both sides relative to the window before: the rank correlation of a day's
whole spend with what yesterday's fit missed (clicks over forecast, the first day of each window's forecasts), and, over
all forecast days, with visits that no advertisement bought (direct and organic search).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import spearmanr

from adspend_datasets.cell import Cell
from adspend_models.fit import fit_curves
from adspend_models.prior import Prior
from benchmarks.curves.counts_report import counts_report

Floats = NDArray[np.float64]
Row = dict[str, str | int | float]

DATA = Path(__file__).parents[3] / "shared" / "data" / "conjura" / "conjura_dev_3brands.csv"
UNBOUGHT = ["DIRECT_CLICKS", "ORGANIC_SEARCH_CLICKS"]
WINDOW, AHEAD, STEP, RECENT = 60, 7, 14, 7  # days
LEAST_DAYS = 8  # a channel with fewer days of cost in the window is in its first week: not forecast by any method
SEED = 25314841
METHODS = ("curve", "constant return", "last 7 days' return", "last value", "power law")


def backtest_conjura(smoke: bool) -> list[Row]:
    """Rows: brand, channel, and for each method WAPE and bias in percent; brands also say what spend follows."""
    if not DATA.exists():
        raise FileNotFoundError(f"{DATA} is not there")
    raw = pd.read_csv(DATA, parse_dates=["DATE_DAY"])
    brands = {}
    for _, brand in raw.groupby("ORGANISATION_ID"):
        days = _channel_days(brand)
        unbought = brand.set_index("DATE_DAY")[UNBOUGHT].sum(axis=1)
        origins = list(_origins(days))[: 2 if smoke else None]
        forecasts = pd.concat([_forecast(days, origin) for origin in origins], ignore_index=True)
        brands[str(days["segment"].iloc[0])] = (forecasts, _follows(days, unbought, forecasts))
    every = pd.concat([forecasts for forecasts, _ in brands.values()])
    rows = [_errors("all", "all", every, None)]
    for name, (forecasts, follows) in brands.items():
        rows.append(_errors(name, "all", forecasts, follows))
        rows += [_errors(name, str(channel), part, None) for channel, part in forecasts.groupby("slot")]
    return rows


def _channel_days(brand: pd.DataFrame) -> pd.DataFrame:
    """One row per day and channel whose cost and clicks are both reported."""
    channels = [name.removesuffix("_SPEND") for name in brand.columns if name.endswith("_SPEND")]
    parts = [
        pd.DataFrame(
            {
                "date": brand["DATE_DAY"],
                "segment": brand["ORGANISATION_SUBVERTICAL"],
                "slot": channel.lower().replace("_", " "),
                "cost": brand[f"{channel}_SPEND"].round(2),
                "count": brand[f"{channel}_CLICKS"],
            }
        )
        for channel in channels
    ]
    return pd.concat(parts, ignore_index=True).dropna()


def _origins(days: pd.DataFrame) -> Iterator[pd.Timestamp]:
    """The first forecast day of each window."""
    first, last = days["date"].min(), days["date"].max()
    origin = first + pd.Timedelta(days=WINDOW)
    while origin + pd.Timedelta(days=AHEAD - 1) <= last:
        yield origin
        origin += pd.Timedelta(days=STEP)


def _forecast(days: pd.DataFrame, origin: pd.Timestamp) -> pd.DataFrame:
    """Actual and forecast clicks per channel and day, from the window before ``origin``."""
    past = days[(days["date"] < origin) & (days["date"] >= origin - pd.Timedelta(days=WINDOW))]
    spent = past[past["cost"] > 0].groupby("slot").size()
    next_days = days[(days["date"] >= origin) & (days["date"] < origin + pd.Timedelta(days=AHEAD))]
    asked = next_days[(next_days["cost"] > 0) & next_days["slot"].isin(spent[spent >= LEAST_DAYS].index)]
    recent = past[past["date"] >= origin - pd.Timedelta(days=RECENT)]
    return asked.assign(
        origin=origin,
        ahead=(asked["date"] - origin).dt.days,
        outside=asked["cost"] > asked["slot"].map(past.groupby("slot")["cost"].max()),
        **{
            "curve": _by_curve(past, asked),
            "constant return": _by_channel(past, asked, _constant_return),
            "last 7 days' return": _by_channel(past, asked, _constant_return, recent),
            "last value": _by_channel(past, asked, _last_value),
            "power law": _by_channel(past, asked, _power_law),
        },
    )


def _by_curve(past: pd.DataFrame, asked: pd.DataFrame) -> Floats:
    """A fit for each day asked: the weekday and the distance from the window are the day's own."""
    spent = past[past["cost"] > 0]
    prior = Prior(
        reference_cost=float(spent["cost"].median()),
        gmv_return=float(max(spent["count"].sum(), 1) / spent["cost"].sum()),
        order_value=1.0,
    )
    report, clicks = counts_report(past), pd.Series(0.0, index=asked.index)
    for date, part in asked.groupby("date"):
        plan_date = datetime.date.fromordinal(pd.Timestamp(str(date)).toordinal())
        cells = [Cell(*key) for key in part[["segment", "slot"]].itertuples(index=False, name=None)]
        bank = fit_curves(report, cells, plan_date=plan_date, prior=prior, rng=np.random.default_rng(SEED))
        clicks[part.index] = bank.mean_orders(part[["cost"]].to_numpy(dtype=float))[:, 0]
    return np.asarray(clicks, dtype=np.float64)


def _by_channel(
    past: pd.DataFrame,
    asked: pd.DataFrame,
    method: Callable[[pd.DataFrame, Floats], Floats | None],
    preferred: pd.DataFrame | None = None,
) -> Floats:
    """``method`` on each channel's ``preferred`` days, or on its whole window where those give no forecast."""
    clicks = pd.Series(0.0, index=asked.index)
    for channel, part in asked.groupby("slot"):
        cost = part["cost"].to_numpy(dtype=float)
        made = None
        for known in (past if preferred is None else preferred, past):
            if made is None:
                made = method(known[known["slot"] == channel], cost)
        clicks[part.index] = np.zeros(cost.size) if made is None else made
    return np.asarray(clicks, dtype=np.float64)


def _constant_return(known: pd.DataFrame, cost: Floats) -> Floats | None:
    """The clicks per unit of cost so far, times the cost; None without cost."""
    spent = known[known["cost"] > 0]
    return None if spent.empty else float(spent["count"].sum() / spent["cost"].sum()) * cost


def _last_value(known: pd.DataFrame, cost: Floats) -> Floats | None:
    """The clicks of the last day with cost, whatever the cost is now."""
    spent = known[known["cost"] > 0].sort_values("date")
    return None if spent.empty else np.full(cost.size, float(spent["count"].iloc[-1]))


def _power_law(known: pd.DataFrame, cost: Floats) -> Floats | None:
    """Least squares on logs, days without clicks left out, taken back by Duan's smearing (JASA 1983, 605-610)."""
    seen = known[(known["cost"] > 0) & (known["count"] > 0)]
    if seen["cost"].nunique() < 3:
        return _constant_return(known, cost)
    x, y = np.log(seen["cost"].to_numpy(dtype=float)), np.log(seen["count"].to_numpy(dtype=float))
    slope, level = np.polyfit(x, y, 1)
    smear = float(np.exp(y - level - slope * x).mean())
    made: Floats = smear * np.exp(level + slope * np.log(cost))
    return made


def _follows(days: pd.DataFrame, unbought: pd.Series[float], forecasts: pd.DataFrame) -> tuple[float, float]:
    """Rank correlations of a day's spend with yesterday's miss, and with visits that nobody bought."""
    spend = days.groupby("date")["cost"].sum()
    # closed="left" leaves the day itself out: what the window knew.
    window = f"{WINDOW}D"
    more = spend / spend.rolling(window, closed="left").mean()
    visits = unbought / unbought.rolling(window, closed="left").mean()
    first = forecasts[forecasts["ahead"] == 0].groupby("date")[["count", "curve"]].sum()
    missed = spearmanr(more[first.index], first["count"] / first["curve"]).statistic
    every = forecasts["date"].unique()
    return round(float(missed), 2), round(float(spearmanr(more[every], visits[every]).statistic), 2)


def _errors(brand: str, channel: str, part: pd.DataFrame, follows: tuple[float, float] | None) -> Row:
    total = max(float(part["count"].sum()), 1.0)
    row: Row = {
        "brand": brand,
        "channel": channel,
        "days x channels": len(part),
        "clicks": int(part["count"].sum()),
        "spend outside tested %": round(100 * float(part["outside"].mean()), 1),
    }
    for method in METHODS:
        row[f"{method}: WAPE %"] = round(100 * float((part[method] - part["count"]).abs().sum()) / total, 1)
        row[f"{method}: bias %"] = round(100 * (float(part[method].sum()) / total - 1), 1)
    wrong = part[list(METHODS)].sub(part["count"], axis=0).abs().groupby([part["segment"], part["origin"]]).sum()
    won = wrong["curve"] < wrong["last 7 days' return"]
    row["windows won against last 7 days' return %"] = round(100 * float(won.mean()), 1)
    row["rank correlation of spend with yesterday's miss"] = follows[0] if follows else ""
    row["rank correlation of spend with unbought visits"] = follows[1] if follows else ""
    return row
