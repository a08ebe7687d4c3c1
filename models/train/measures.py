"""What the evaluation measures, each on an opened bundle: fidelity, dials, matching, quantising."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from attributes import NAMED, measure
from bundle import Bundle, Decoded
from latent import Dials, Points, Posteriors, best, spearman
from losses import across, down
from pack import Pack

QUERIES, DRAWN_QUERIES = 10_000, 2_000
"""Points to rank garments for; and those among them that are decoded as well."""
TAUS = (0.25, 0.5, 1.0)
LEAST_SPREAD = 0.25
"""Spread of mu among the garments of a kind under which a dial is one that the kind lacks."""
COARSE = 16
"""Side at which pictures are compared when matching: what can be told apart at a glance, not pixel by pixel."""


def decibels(error: Tensor | np.ndarray | float) -> np.ndarray:
    """Mean squared error of values in 0..1 to dB."""
    return -10 * np.log10(np.maximum(np.asarray(error, float), 1e-12))


def coarse(pictures: Tensor) -> np.ndarray:
    """Pictures [N, 3, H, W] in 0..1, averaged to 16 x 16, as rows [N, 768]."""
    return F.interpolate(pictures, size=(COARSE, COARSE), mode="area").flatten(1).numpy()


def fidelity(bundle: Bundle, store: Pack, held_out: Tensor, posteriors: Posteriors) -> dict[str, float]:
    """How well held-out garments, decoded at mu, resemble their pictures. `posteriors` are those of the held-out."""
    picture, alpha = bundle.decode(posteriors.means()).picture()
    wanted, mask = store.pictures[held_out].float() / 255, store.masks[held_out] > 127
    if picture.shape[2:] != wanted.shape[2:]:
        wanted = F.interpolate(wanted, size=picture.shape[2:], mode="area")
        mask = F.interpolate(mask.float(), size=picture.shape[2:], mode="area") > 0.5
    squared = (picture - wanted) ** 2
    drawn = alpha > 0.5
    iou = (drawn & mask).sum((1, 2, 3)) / (drawn | mask).sum((1, 2, 3))
    inside = (squared * mask).sum((1, 2, 3)) / (3 * mask.sum((1, 2, 3)).clamp_min(1))
    error = float(squared.mean())
    likelihood = -0.5 * squared[0].numel() * (math.log(2 * math.pi * error) + 1)

    def energy(t: Tensor) -> float:
        return float(across(t).abs().mean() + down(t).abs().mean())

    return {
        "psnr": float(decibels(squared.mean((1, 2, 3))).mean()),
        "psnrInside": float(decibels(inside).mean()),
        "iou": float(iou.mean()),
        "edgeEnergyRatio": energy(picture) / energy(wanted),
        "negativeElboNats": -likelihood + float(posteriors.kl.sum(1).mean()),
        "meanSquaredError": error,
    }


def moved(posteriors: Posteriors, of: Posteriors | None = None) -> np.ndarray:
    """Which dials turn anything on which garments [N, n] of `of`, by what `posteriors` tell of their kinds.

    A conditional bundle has dials that a kind lacks (a skirt has no sleeves): mu stays where it is among its garments. Where
    the bundle knows no kinds, every dial turns everything.
    """
    garments = posteriors if of is None else of
    where = np.ones(garments.mu.shape, bool)
    for kind in [] if posteriors.kinds is None else np.unique(posteriors.kinds):
        alive = posteriors.mu[posteriors.kinds == kind].std(0) >= LEAST_SPREAD
        where[garments.kinds == kind] = alive
    # A dial that no kind has is measured among all of them, and found dead.
    return where | ~where.any(0)


def aggregate(posteriors: Posteriors, dials: Dials, scaled: Sequence[int] = ()) -> dict[str, float]:
    """The aggregated posterior on the dials, in spreads: the mean furthest from 0, the least and the largest spread.

    Each dial among the garments of the kinds that it turns, as `moved` says; but for those in `scaled`, which have a scale of
    their own: most garments have no print, and lie at the end of its dial.
    """
    where = moved(posteriors)
    count = where.sum(0)
    middle = np.where(where, posteriors.mu, 0).sum(0) / count
    variance = np.where(where, (posteriors.mu - middle) ** 2 + posteriors.sigma**2, 0).sum(0) / count
    mean = (middle - dials.mean) / dials.spread
    spread = np.sqrt(variance) / dials.spread
    mean, spread = np.delete(mean, scaled), np.delete(spread, scaled)
    return {"mean": float(np.abs(mean).max()), "spreadLeast": float(spread.min()), "spreadMost": float(spread.max())}


def as_set(points: Points, store: Posteriors) -> Points:
    """The points, but for dials that their kind lacks: nobody is shown those, so they stay where the kind's garments have them."""
    if points.kinds is None:
        return points
    z = points.z.copy()
    for kind in np.unique(points.kinds):
        mu = store.mu[store.kinds == kind]
        of_kind, lacked = points.kinds == kind, mu.std(0) < LEAST_SPREAD
        z[np.ix_(of_kind, lacked)] = mu.mean(0)[lacked]
    return Points(z, points.kinds)


def winner(points: Points, store: Posteriors) -> float:
    """Share of the points that are won by one and the same garment."""
    return float(np.bincount(best(points, store), minlength=len(store)).max() / len(points))


def named_dials(bundle: Bundle) -> dict[str, int]:
    """The dials of the manifest that are named after an attribute which attributes.py can measure."""
    names = [dial.get("name") for dial in bundle.manifest.get("dials", [])]
    return {name: names.index(name) for name in NAMED if name in names}


def correlations(bundle: Bundle, posteriors: Posteriors, attributes: np.ndarray) -> dict[str, float]:
    """Spearman correlation of each named dial's mu with its attribute."""
    table = spearman(posteriors.mu, attributes)
    return {name: float(table[d, NAMED.index(name)]) for name, d in named_dials(bundle).items()}


def as_shown(decoded: Decoded, sharpness: float) -> np.ndarray:
    """Attributes [N, 6] of decoded garments with the outline that the screen shows."""
    return measure(*decoded.picture(sharpness)).numpy()


def purity(bundle: Bundle, posteriors: Posteriors, dials: Dials, spread: np.ndarray, count: int = 300) -> tuple[dict[str, float], list[list[float]]]:
    """Turn one named dial of real garments by 1.5 spreads to either side, decode, and measure all attributes again.

    Returns each dial's own change over the sum of all, and the table of changes in spreads of the attribute.
    """
    rng = np.random.default_rng(2)
    some = posteriors[rng.choice(len(posteriors), min(count, len(posteriors)), replace=False)]
    where = moved(posteriors, some)
    sharpness, shares, table = bundle.manifest["decoder"]["sharpen"], {}, []
    for name, d in named_dials(bundle).items():
        ends = []
        for side in (-1.5, 1.5):
            base = some[where[:, d]].means()
            z = base.z.copy()
            z[:, d] = dials.mean[d] + side * dials.spread[d]
            ends.append(as_shown(bundle.decode(Points(z, base.kinds)), sharpness))
        change = np.abs(ends[1] - ends[0]).mean(0) / spread
        shares[name] = float(change[NAMED.index(name)] / change.sum())
        table.append(change.round(3).tolist())
    return shares, table


def queries(store: Posteriors, dials: Dials, count: int) -> dict[str, Points]:
    """Where a dialled point can come from, `count` of each: the rows of the matching table."""
    rng = np.random.default_rng(0)
    source = rng.choice(len(store), count)
    turned = store.mu[source].copy()
    for _ in range(2):
        d = rng.integers(0, turned.shape[1], count)
        turned[np.arange(count), d] += 1.5 * dials.spread[d] * rng.choice([-1, 1], count)
    return {
        "drawn from a posterior": store[source].draw(rng),
        "two dials turned by 1.5": as_set(Points(turned, store[source].kinds), store),
        "uniform dials": as_set(Points(dials.uniform(count, rng), store.some_kinds(count, rng)), store),
        "standard normal": as_set(Points(dials.normal(count, rng), store.some_kinds(count, rng)), store),
    }


def matching_table(bundle: Bundle, store: Posteriors, pictures: np.ndarray, dials: Dials) -> dict[str, dict[str, float]]:
    """Error between a dialled point's picture and its match's, by where the point comes from and by the rule of matching.

    `pictures` are the store's, coarse [N, 768]. `best possible` is the garment that looks most like the dialled picture; of a
    conditional bundle, among the kind that was dialled, as everything here.
    """
    rules = {"tau 0": ("log-likelihood", 0.0)} | {f"tau {tau:g}": ("log-likelihood", tau) for tau in TAUS}
    rules |= {"euclidean": ("euclidean", 0.0), "mahalanobis": ("mahalanobis", 0.0)}
    table = {}
    for row, points in queries(store, dials, DRAWN_QUERIES).items():
        drawn = coarse(bundle.decode(points).picture()[0])
        distance = ((drawn**2).sum(1)[:, None] - 2 * drawn @ pictures.T + (pictures**2).sum(1)) / pictures.shape[1]
        cells = {}
        for name, (rule, tau) in rules.items():
            found = best(points, store, rule, tau)
            cells[name] = float(distance[np.arange(len(points)), found].mean())
            cells[f"winner, {name}"] = float(np.bincount(found).max() / len(points))
        among = np.ma.array(distance, mask=points.other_kind(store))
        table[row] = cells | {"best possible": float(among.min(1).mean()), "random": float(among.mean())}
    return table


def recall(store: Posteriors, count: int = 4000) -> dict[str, float]:
    """Share of z ~ q(z|x) whose best match is x, by rule."""
    rng = np.random.default_rng(4)
    source = rng.choice(len(store), count)
    points = store[source].draw(rng)
    return {rule: float((best(points, store, rule) == source).mean()) for rule in ("log-likelihood", "euclidean", "mahalanobis")}


def encoder_error(store: Posteriors, truth: Posteriors, dials: Dials) -> dict:
    """How far a quantised encoder's posteriors are from the float one's: mu in sigmas, and how often the top match is the same."""
    error = (np.abs(store.mu - truth.mu) / truth.sigma).mean(0)
    same = {
        row: float((best(points, store) == best(points, truth)).mean()) for row, points in queries(truth, dials, DRAWN_QUERIES).items()
    }
    return {"mean": float(error.mean()), "worstDial": float(error.max()), "sameTop": float(np.mean(list(same.values()))), "sameTopBy": same}


def decoder_error(bundle: Bundle, truth: Bundle, points: Points) -> dict[str, float]:
    """A quantised decoder's pictures against the float one's at points, in dB: of the mean error, and of the worst picture."""
    error = ((bundle.decode(points).picture()[0] - truth.decode(points).picture()[0]) ** 2).mean((1, 2, 3))
    return {"mean": float(decibels(error.mean())), "worst": float(decibels(error.max()))}
