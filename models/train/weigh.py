"""Weigh the dials of a run on drawings: how exactly each is matched, by how much of the picture it changes.

    python models/train/weigh.py --pack DIR --run RUN --bundle DIR

Of true values alone every dial is read about as exactly as the next, and log q(z|x) counts a spread of the neckline like one of the
length: what came first looked no more like the dialled garment than the two-hundredth best. So each dial's own log sigma (Encoder.log_variance)
is moved until log q ranks the garments of a kind as their pictures do: a softmax over the log-likelihoods of dialled points, and
the expected squared error of the pictures on coarse cells. Neither mu nor the decoder changes, and a dial's mean KL stays within KL_RANGE.
DIR is a bundle of the run's float nets, as export.py and describe.py leave it. Moves the encoder in RUN/polished.pt: export again.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from bundle import Bundle
from drawings import Drawings
from evaluate_drawn import posteriors
from latent import Dials, Points, Posteriors
from measures import coarse, queries
from progress import Progress

GARMENTS, POINTS, STEPS = 6000, 4000, 150
"""Drawings that stand for a store; points of each sort; steps of Adam."""
DIALLED = ("two dials turned by 1.5", "uniform dials", "standard normal")
"""Where points come from: as shoppers reach them."""
KL_RANGE = (0.8, 3.0)
"""Nats: a dial is not to become a needle; nor so wide that the aggregate, of which sigma is a part, is no longer a standard normal."""
WARMEST, COOLEST = 12.0, 2.0
"""Nats by which log-likelihoods are divided, first and at the end: with 1 the best garment takes nearly all, and no gradient is left."""
LEARNING_RATE, KL_WEIGHT = 0.05, 5.0


@dataclass(frozen=True)
class OfKind:
    """Points z [Q, n] of a kind, its garments' mu and log sigma [N, n], and how far their pictures are apart [Q, N], in 1/1000."""

    z: Tensor
    mu: Tensor
    log_sigma: Tensor
    apart: Tensor

    def expected(self, move: Tensor, warmth: float) -> Tensor:
        """Sum over the points of the error expected of their match, with log sigma moved by `move` [n]."""
        log_sigma = self.log_sigma + move
        precision = (-2 * log_sigma).exp()
        squared = (self.z**2) @ precision.T - 2 * self.z @ (self.mu * precision).T + (self.mu**2 * precision).sum(1)
        return (torch.softmax(-0.5 * (squared + 2 * log_sigma.sum(1)) / warmth, 1) * self.apart).sum()

    def kl(self, move: Tensor) -> Tensor:
        """Mean KL(q(z_d|x) || N(0, 1)) of every dial [n] in nats."""
        log_sigma = self.log_sigma + move
        return (0.5 * (self.mu**2 + (2 * log_sigma).exp() - 1) - log_sigma).mean(0)


def seen(bundle: Bundle, drawings: Drawings) -> list[OfKind]:
    """What there is to learn from: the first drawings of the pack as a store, and points dialled in it."""
    index = np.arange(min(GARMENTS, len(drawings)))
    parts = np.array_split(index, max(1, len(index) // 256))
    store = Posteriors.together(*(posteriors(bundle, drawings, part) for part in parts))
    pictures = np.concatenate([coarse(drawings.batch(part).pictures) for part in parts])
    points = Points.together(*(points for row, points in queries(store, Dials.of(bundle.manifest), POINTS).items() if row in DIALLED))
    drawn = np.concatenate([coarse(bundle.decode(points[i : i + 256]).picture()[0]) for i in range(0, len(points), 256)])
    groups = []
    for kind in [None] if store.kinds is None else np.unique(store.kinds):
        of_points = np.arange(len(points)) if kind is None else np.nonzero(points.kinds == kind)[0]
        garments = np.arange(len(store)) if kind is None else np.nonzero(store.kinds == kind)[0]
        a, b = drawn[of_points], pictures[garments]
        apart = ((a**2).sum(1)[:, None] - 2 * a @ b.T + (b**2).sum(1)) / a.shape[1]
        columns = (points.z[of_points], store.mu[garments], np.log(store.sigma[garments]), 1000 * apart)
        groups.append(OfKind(*(torch.from_numpy(column).float() for column in columns)))
    return groups


def moves(groups: list[OfKind]) -> Tensor:
    """By how much each dial's log sigma is to be moved [n]."""
    move = torch.zeros(groups[0].mu.shape[1], requires_grad=True)
    optimiser = torch.optim.Adam([move], LEARNING_RATE)
    bar, points, garments = Progress("weigh the dials", STEPS), sum(len(g.z) for g in groups), sum(len(g.mu) for g in groups)
    for step in range(STEPS):
        warmth = max(COOLEST, WARMEST * 0.985**step)
        error = sum(group.expected(move, warmth) for group in groups) / points
        kl = sum(group.kl(move) * len(group.mu) for group in groups) / garments
        outside = (F.relu(KL_RANGE[0] - kl) ** 2 + F.relu(kl - KL_RANGE[1]) ** 2).sum()
        optimiser.zero_grad()
        (error + KL_WEIGHT * outside).backward()
        optimiser.step()
        bar.step(1, f"expected error {error.item() / 1000:.5f}")
    return move.detach()


def weigh(pack: Path, run: Path, bundle: Path) -> Path:
    """Move the dials' own sigma in RUN/polished.pt. Returns that file."""
    move = moves(seen(Bundle(bundle, precision="float32"), Drawings(pack)))
    state = torch.load(run / "polished.pt", map_location="cpu", weights_only=True)
    state["encoder"]["log_variance"] += 2 * move
    aside = run / "polished.part"
    torch.save(state, aside)
    os.replace(aside, run / "polished.pt")
    return run / "polished.pt"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("pack", "run", "bundle"):
        parser.add_argument(f"--{option}", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 leaves it to torch")
    a = parser.parse_args()
    if a.threads:
        torch.set_num_threads(a.threads)
    weigh(a.pack, a.run, a.bundle)
