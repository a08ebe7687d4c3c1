"""Posteriors of a store, and what ranks a store's garments for a dialled point. See models/BUNDLE.md for the dials."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

QUERIES_AT_ONCE = 1000
"""Keeps a block of scores (queries x garments, float64) under 100 MB for a store of ten thousand."""


@dataclass(frozen=True)
class Posteriors:
    """Diagonal Gaussians: `mu` and `sigma`, both [N, n] float64.

    Of a conditional bundle also the kind [N] that each was encoded as: a point of one kind is matched among that kind alone.
    """

    mu: np.ndarray
    sigma: np.ndarray
    kinds: np.ndarray | None = None

    def __getitem__(self, index: np.ndarray) -> Posteriors:
        return Posteriors(self.mu[index], self.sigma[index], None if self.kinds is None else self.kinds[index])

    def __len__(self) -> int:
        return len(self.mu)

    @staticmethod
    def together(*parts: Posteriors) -> Posteriors:
        """One after another."""
        kinds = None if parts[0].kinds is None else np.concatenate([p.kinds for p in parts])
        return Posteriors(np.concatenate([p.mu for p in parts]), np.concatenate([p.sigma for p in parts]), kinds)

    @property
    def kl(self) -> np.ndarray:
        """KL(q(z_d|x) || N(0, 1)) in nats [N, n]."""
        return 0.5 * (self.mu**2 + self.sigma**2 - 1) - np.log(self.sigma)

    def draw(self, rng: np.random.Generator) -> Points:
        """One z from each posterior."""
        return Points(self.mu + self.sigma * rng.standard_normal(self.mu.shape), self.kinds)

    def means(self) -> Points:
        """The mean of each posterior."""
        return Points(self.mu, self.kinds)

    def some_kinds(self, count: int, rng: np.random.Generator) -> np.ndarray | None:
        """Kinds [count] as often as they are in the store; None where the bundle knows no kinds."""
        return None if self.kinds is None else self.kinds[rng.choice(len(self), count)]

    def unusual(self, limit: float = 5.0, least: float = 0.1) -> np.ndarray:
        """Which garments' mean log sigma lies further than `limit` robust spreads from the median [N].

        A spread is taken as `least` at the least: where sigma is bounded nearly all are alike, and none is unusual.
        """
        mean = np.log(self.sigma).mean(1)
        away = np.abs(mean - np.median(mean))
        return away > limit * max(1.4826 * np.median(away), least)


@dataclass(frozen=True)
class Points:
    """Latents `z` [N, n] and, for a conditional bundle, the kind [N] that each is drawn as."""

    z: np.ndarray
    kinds: np.ndarray | None = None

    def __getitem__(self, index: np.ndarray | slice) -> Points:
        return Points(self.z[index], None if self.kinds is None else self.kinds[index])

    def __len__(self) -> int:
        return len(self.z)

    @staticmethod
    def together(*parts: Points) -> Points:
        """One after another."""
        kinds = None if parts[0].kinds is None else np.concatenate([p.kinds for p in parts])
        return Points(np.concatenate([p.z for p in parts]), kinds)

    def other_kind(self, store: Posteriors) -> np.ndarray | bool:
        """Which garments [Q, N] of a store a point is not matched with, for they are of another kind."""
        return False if self.kinds is None else self.kinds[:, None] != store.kinds[None]


@dataclass(frozen=True)
class Dials:
    """z = mean + spread * u * reach / a, for u in [-a, a]; all [n]."""

    mean: np.ndarray
    spread: np.ndarray
    reach: np.ndarray
    a: float

    def to_z(self, u: np.ndarray) -> np.ndarray:
        """Settings [..., n] to latents."""
        return self.mean + self.spread * u * self.reach / self.a

    def uniform(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Latents [count, n] of dials set uniformly at random."""
        return self.to_z(rng.uniform(-self.a, self.a, (count, len(self.mean))))

    def normal(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Latents [count, n] from the standard normal, mapped by mean and spread."""
        return self.mean + self.spread * rng.standard_normal((count, len(self.mean)))

    @classmethod
    def of(cls, manifest: dict) -> Dials:
        """Read from a manifest; without `dials` the dial is z itself."""
        n, a = manifest["latentDim"], manifest["range"]
        dials = manifest.get("dials") or [{"mean": 0.0, "spread": 1.0, "reach": a}] * n
        return cls(*(np.array([d[key] for d in dials], float) for key in ("mean", "spread", "reach")), a)


def score(z: np.ndarray, store: Posteriors, rule: str = "log-likelihood", tau: float = 0.0) -> np.ndarray:
    """Scores [Q, N] of garments for points z [Q, n], the larger the better.

    `log-likelihood` is log N(z; mu, sigma^2 + tau^2), `mahalanobis` its squared term alone, `euclidean` -|z - mu|^2.
    """
    if rule == "euclidean":
        return 2 * z @ store.mu.T - (store.mu**2).sum(1) - (z**2).sum(1)[:, None]
    variance = store.sigma**2 + tau**2
    squared = (z**2) @ (1 / variance).T - 2 * z @ (store.mu / variance).T + (store.mu**2 / variance).sum(1)
    if rule == "mahalanobis":
        return -0.5 * squared
    return -0.5 * (squared + np.log(variance).sum(1)) - 0.5 * z.shape[1] * math.log(2 * math.pi)


def blocks(count: int) -> Iterator[slice]:
    """Slices that cover `count` queries, QUERIES_AT_ONCE at a time."""
    for start in range(0, count, QUERIES_AT_ONCE):
        yield slice(start, min(start + QUERIES_AT_ONCE, count))


def best(points: Points, store: Posteriors, rule: str = "log-likelihood", tau: float = 0.0) -> np.ndarray:
    """The best match [Q] of every point, among the garments of its kind."""
    found = []
    for block in blocks(len(points)):
        some = points[block]
        found.append(np.where(some.other_kind(store), -np.inf, score(some.z, store, rule, tau)).argmax(1))
    return np.concatenate(found)


def ranks(values: np.ndarray) -> np.ndarray:
    """Ranks along the first axis; equal values share no rank, which is well enough for measurements."""
    return np.argsort(np.argsort(values, 0), 0).astype(float)


def spearman(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Rank correlations [A, B] of the columns of a [N, A] and b [N, B]."""
    both = np.corrcoef(np.concatenate([ranks(a), ranks(b)], 1).T)
    return both[: a.shape[1], a.shape[1] :]
