"""How far is the fast fit from full Bayes? The same model sampled by NUTS, its hyper-parameters unknown as well.

The fit takes point estimates of the spreads and the scatter, and Gaussians for what each cell says. NUTS (numpyro)
takes neither: same likelihood, same hierarchy, priors of the same weight and the same bounds on spreads (scaled inverse
chi-square of 4 cells or 2 levels) and on sizes. Judged on the published protocol of one-day commits: forty cells,
tested at 0.3, 1 and 3 even splits; then a day's budget is split on the mean curves. numpyro is the extra ``bayes``.
"""

from __future__ import annotations

import importlib.util
import os
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adspend_models.draws import draw_curves
from adspend_models.effects import CELL_SD, CELL_WEIGHT, FACTOR_SD, Effects
from adspend_models.empirical_bayes import learn
from adspend_models.pooling import FACTOR_WEIGHT, WIDEST
from adspend_models.sample import FURTHEST, Sample
from adspend_models.shapes import HILL
from benchmarks.curves.anchor_shops import EVEN, AnchorShop, draw_shop
from benchmarks.curves.designed_tests import GRID, best_split

Floats = NDArray[np.float64]

SEED = 20261123
WORLDS = 4
PROTOCOLS = ((5, 1), (20, 3))  # orders a cell in the whole test; passes through the levels
LEVELS = (0.3, 1.0, 3.0)
SEEN = EVEN * np.array([0.3, 0.6, 1.0, 1.7, 3.0])  # inside the tested range
WARMUP, DRAWS = 400, 600
TESTED = GRID[:, GRID[0] <= SEEN[-1] + 1e-9]  # spends up to the highest level tested
AT_ONCE = 50  # draws on the grid of spends
REMEDY = ".venv/bin/uv pip install 'numpyro>=0.19'"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Judged:
    """Draws of the curves, (d, n, 3), with what they took and how well they mixed."""

    theta: Floats
    seconds: float
    divergences: int = 0
    worst_rhat: float = 1.0


def against_nuts(smoke: bool) -> list[dict[str, str | int | float]]:
    """Two rows per protocol, fast fit and NUTS, means over worlds; one row with the remedy without numpyro."""
    if importlib.util.find_spec("numpyro") is None:
        return [{"test": "not run: numpyro is not installed", "fit": "NUTS", "remedy": REMEDY}]
    rows = []
    for orders, passes in PROTOCOLS[:1] if smoke else PROTOCOLS:
        found = [_world(seed, orders, passes, smoke=smoke) for seed in range(1 if smoke else WORLDS)]
        for index, name in enumerate(("empirical Bayes", "NUTS")):
            test = f"{orders} orders x 3 levels" + (f" x {passes} days" if passes > 1 else "")
            row: dict[str, str | int | float] = {"test": test, "fit": name, "worlds": len(found)}
            columns = [world[index] for world in found]
            rows.append(row | {key: _summary(key, [column[key] for column in columns]) for key in columns[0]})
    return rows


def _summary(key: str, values: list[float]) -> float:
    """The mean over worlds, or the worst of what must not be bad once."""
    return round(float(max(values) if key.startswith(("worst", "divergences")) else np.mean(values)), 4)


def _world(seed: int, orders: int, passes: int, *, smoke: bool) -> tuple[dict[str, float], dict[str, float]]:
    """Both fits of one world."""
    rng = np.random.default_rng([SEED, seed])
    shop = draw_shop(rng, segments=5, slots=8, levels=LEVELS * passes, orders_per_cell=orders)
    sample, effects, calendar = shop.laid_out()
    start = time.perf_counter()
    learned = learn(sample, effects, calendar)
    theta = draw_curves(learned.pooled, effects, DRAWS, rng)
    fast = _Judged(theta=theta, seconds=time.perf_counter() - start)
    full = _nuts(sample, effects, seed, warmup=50 if smoke else WARMUP, draws=50 if smoke else DRAWS)
    truth = shop.expected(np.tile(SEEN, (len(shop.cells), 1)))
    judge = _seen(full.theta, sample.reference)
    return tuple(  # type: ignore[return-value]
        _compare(_seen(fit.theta, sample.reference), judge, truth)
        | {
            "plan's share of the best %": 100 * _plan_share(shop, fit.theta, sample.reference, GRID),
            "same, spends as tested %": 100 * _plan_share(shop, fit.theta, sample.reference, TESTED),
        }
        | {"seconds": fit.seconds, "divergences": fit.divergences, "worst R-hat": fit.worst_rhat}
        for fit in (fast, full)
    )


def _seen(theta: Floats, reference: Floats) -> Floats:
    """Drawn curves at ``SEEN``, (d, n, m)."""
    curves = HILL.curves(theta[:, :, None, :], reference[:, None])
    return curves.value(np.tile(SEEN, (len(reference), 1)))


def _compare(ours: Floats, judge: Floats, truth: Floats) -> dict[str, float]:
    """How draws of curves lie to the judge's, and how both lie to the truth, inside the tested range."""
    mean, theirs = ours.mean(axis=0), judge.mean(axis=0)
    (low, high), (bottom, top) = (np.quantile(draws, (0.05, 0.95), axis=0) for draws in (ours, judge))
    return {
        "correlation of mean curves with NUTS": float(np.corrcoef(mean.ravel(), theirs.ravel())[0, 1]),
        "mean curve differs by % (mean)": 100 * float(np.abs(mean / theirs - 1).mean()),
        "in posterior sds (mean)": float((np.abs(mean - theirs) / judge.std(axis=0)).mean()),
        "width of 90 % intervals / NUTS (median)": float(np.median((high - low) / (top - bottom))),
        "truth inside 90 % intervals %": 100 * float(((low <= truth) & (truth <= high)).mean()),
    }


def _plan_share(shop: AnchorShop, theta: Floats, reference: Floats, grid: Floats) -> float:
    """True orders of a day's budget split on the mean curves over ``grid``, as a share of the best such split."""
    mean = np.zeros(grid.shape)
    for start in range(0, len(theta), AT_ONCE):
        curves = HILL.curves(theta[start : start + AT_ONCE, :, None, :], reference[:, None])
        mean += curves.value(grid).sum(axis=0) / len(theta)
    truth = shop.expected(grid)
    ours, best = (np.take_along_axis(truth, best_split(value)[:, None], axis=1).sum() for value in (mean, truth))
    return float(ours / best)


def _nuts(sample: Sample, effects: Effects, seed: int, *, warmup: int, draws: int) -> _Judged:
    """The model sampled by one chain on one core."""
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
    import jax
    import numpyro
    from numpyro.diagnostics import summary
    from numpyro.infer import MCMC, NUTS

    numpyro.enable_x64()
    start = time.perf_counter()
    kernel = NUTS(_model, target_accept_prob=0.95)
    chain = MCMC(kernel, num_warmup=warmup, num_samples=draws, progress_bar=False)
    chain.run(jax.random.PRNGKey(seed), sample, effects)
    samples = chain.get_samples()
    theta = np.asarray(samples["theta"], dtype=np.float64)
    seconds = time.perf_counter() - start
    own = {name: site for name, site in chain.get_samples(group_by_chain=True).items() if name != "corr_root"}
    mixed = summary(own)  # the correlation's root has entries that never change
    return _Judged(
        theta=np.clip(theta, -FURTHEST, FURTHEST),
        seconds=seconds,
        divergences=int(chain.get_extra_fields()["diverging"].sum()),
        worst_rhat=float(max(np.max(site["r_hat"]) for site in mixed.values())),
    )


def _model(sample: Sample, effects: Effects) -> None:
    """The hierarchy of ``pooling`` and the counts of ``likelihood``, in numpyro's words; z are whitened."""
    import jax.numpy as jnp
    import numpyro
    from numpyro import distributions as dist

    member = effects.family >= 0
    cell_sd = _spread("cell_sd", CELL_WEIGHT, np.array(CELL_SD))
    factor_sd = _spread("factor_sd", FACTOR_WEIGHT, np.tile(FACTOR_SD, (len(effects.factors), 1)))
    corr_root = numpyro.sample("corr_root", dist.LKJCholesky(3, 2.0))
    fixed = jnp.asarray(1.0 / np.sqrt(effects.precision))
    scale = jnp.where(member[:, None], factor_sd[np.maximum(effects.family, 0)], fixed)
    effect = effects.centre + scale * numpyro.sample("z_effect", dist.Normal(jnp.zeros(scale.shape), 1.0))
    z = numpyro.sample("z_cell", dist.Normal(jnp.zeros((len(sample.ok), 3)), 1.0))
    root = cell_sd[:, None] * corr_root
    theta = numpyro.deterministic("theta", effects.design @ effect + z @ root.T)
    typical = numpyro.sample("log_size", dist.Normal(np.log(8.0), 1.0))
    own = numpyro.sample("z_size", dist.Normal(jnp.zeros((len(sample.ok), 1)), 1.0))
    a, q, c = theta[:, :1], theta[:, 1:2], jnp.exp(theta[:, 2:])
    log_share = jnp.logaddexp(0.0, c * q) - jnp.logaddexp(0.0, c * (q - sample.log_ratio))
    mean = sample.reference[:, None] * jnp.exp(a + log_share)
    counts = dist.NegativeBinomial2(mean, jnp.exp(typical + 0.8 * own))
    numpyro.sample("orders", counts.mask(sample.ok), obs=sample.orders)


def _spread(name: str, weight: float, sd: Floats) -> Any:  # noqa: ANN401 - a jax array
    """Standard deviations up to ``WIDEST``; variances scaled inverse chi-square, as of ``weight`` cells with ``sd``."""
    import jax.numpy as jnp
    import numpyro
    from numpyro import distributions as dist

    spread = numpyro.sample(name, dist.Uniform(jnp.zeros(sd.shape), np.broadcast_to(WIDEST, sd.shape)))
    variance = dist.InverseGamma(weight / 2, weight / 2 * np.square(sd))
    numpyro.factor(f"{name}_prior", (variance.log_prob(spread**2) + jnp.log(spread)).sum())
    return spread
