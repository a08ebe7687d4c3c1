"""Weigh the dials of a run on drawings: how exactly each is matched, by how much of the picture it changes.

    python models/train/weigh.py --pack DIR --run RUN --bundle DIR

Of true values alone every dial is read about as exactly as the next, and log q(z|x) counts a spread of the neckline like one of the
length: what came first looked no more like the dialled garment than the two-hundredth best. So log sigma, each dial's own
(Encoder.log_variance) and how far it swings with the garment, is moved until log q ranks the garments of a kind as their pictures do: a
softmax over the log-likelihoods of dialled points, and the expected squared error of the pictures on coarse cells. A sleeve's length is seen on a coat, and hardly
on a polo; darkness on white cloth. Neither mu nor the decoder changes, and a dial's mean KL stays within KL_RANGE.
DIR is a bundle of the run's float nets, as export.py and describe.py leave it. Moves the encoder in RUN/polished.pt: export again.
"""

from __future__ import annotations

import argparse
import copy
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from bundle import Bundle
from drawings import Drawings
from evaluate_drawn import posteriors
from export import load_nets
from latent import Dials, Points, Posteriors
from measures import coarse, queries
from nets import LOG_VARIANCE_SWING, TaughtEncoder
from progress import Progress

GARMENTS, POINTS, STEPS = 8000, 6000, 240
"""Drawings that stand for a store; points of each sort; steps of Adam."""
DIALLED = ("two dials turned by 1.5", "uniform dials", "standard normal")
"""Where points come from: as shoppers reach them."""
KL_RANGE = (0.8, 3.0)
"""Nats: a dial is not to become a needle; nor so wide that the aggregate, of which sigma is a part, is no longer a standard normal."""
WARMEST, COOLEST = 12.0, 2.0
"""Nats by which log-likelihoods are divided, first and at the end: with 1 the best garment takes nearly all, and no gradient is left."""
LEARNING_RATE, SWING_RATE, KL_WEIGHT = 0.05, 0.01, 5.0


@dataclass(frozen=True)
class OfKind:
    """Points z [Q, n] of a kind, its garments' mu and log sigma [N, n], what the encoder's last layers for named and for own dials go
    by [N, mixed] and [N, own], and how far their pictures are apart [Q, N], in 1/1000."""

    z: Tensor
    mu: Tensor
    log_sigma: Tensor
    mixed: Tensor
    own: Tensor
    apart: Tensor

    def expected(self, log_sigma: Tensor, warmth: float) -> Tensor:
        """Sum over the points of the error expected of their match, were log sigma [N, n] so."""
        precision = (-2 * log_sigma).exp()
        squared = (self.z**2) @ precision.T - 2 * self.z @ (self.mu * precision).T + (self.mu**2 * precision).sum(1)
        return (torch.softmax(-0.5 * (squared + 2 * log_sigma.sum(1)) / warmth, 1) * self.apart).sum()

    def kl(self, log_sigma: Tensor) -> Tensor:
        """Mean KL(q(z_d|x) || N(0, 1)) of every dial [n] in nats."""
        return (0.5 * (self.mu**2 + (2 * log_sigma).exp() - 1) - log_sigma).mean(0)


class Weights(nn.Module):
    """What decides sigma beside what the encoder sees: each dial's own, and the half of its last layers that swing it."""

    def __init__(self, encoder: TaughtEncoder) -> None:
        super().__init__()
        named, free = encoder.named, encoder.dials - encoder.named
        self.move = nn.Parameter(torch.zeros(encoder.dials))
        self.named, self.own = nn.Linear(encoder.mix.out_features, named), nn.Linear(encoder.own_mix.out_features, free)
        with torch.no_grad():
            for mine, its, count in ((self.named, encoder.last, named), (self.own, encoder.own_last, free)):
                mine.weight.copy_(its.weight[count:])
                mine.bias.copy_(its.bias[count:])
        self.before = copy.deepcopy([self.named, self.own])

    def log_sigma(self, group: OfKind) -> Tensor:
        """Of a kind's garments [N, n], as it would be."""
        was = torch.tanh(torch.cat([self.before[0](group.mixed), self.before[1](group.own)], 1)).detach()
        swing = torch.tanh(torch.cat([self.named(group.mixed), self.own(group.own)], 1))
        return group.log_sigma + self.move + 0.5 * LOG_VARIANCE_SWING * (swing - was)

    @torch.no_grad()
    def write(self, state: dict[str, Tensor]) -> None:
        """Into an encoder's state."""
        state["log_variance"] += 2 * self.move
        for name, mine in (("last", self.named), ("own_last", self.own)):
            state[f"{name}.weight"][len(mine.bias) :] = mine.weight
            state[f"{name}.bias"][len(mine.bias) :] = mine.bias


@torch.no_grad()
def features(encoder: TaughtEncoder, drawings: Drawings, index: np.ndarray, told: bool) -> tuple[Tensor, Tensor]:
    """What the last layers for named and for own dials go by."""
    batch = drawings.batch(index)
    seen = encoder.seen(1 - batch.pictures, batch.kinds if told else None)
    return encoder.activation(encoder.mix(seen)), encoder.activation(encoder.own_mix(seen))


def seen(bundle: Bundle, drawings: Drawings, encoder: TaughtEncoder) -> list[OfKind]:
    """What there is to learn from: the first drawings of the pack as a store, and points dialled in it."""
    index = np.arange(min(GARMENTS, len(drawings)))
    parts = np.array_split(index, max(1, len(index) // 256))
    store = Posteriors.together(*(posteriors(bundle, drawings, part) for part in parts))
    pictures = np.concatenate([coarse(drawings.batch(part).pictures) for part in parts])
    last = [features(encoder, drawings, part, store.kinds is not None) for part in parts]
    mixed, own = (torch.cat(side) for side in zip(*last))
    points = Points.together(*(points for row, points in queries(store, Dials.of(bundle.manifest), POINTS).items() if row in DIALLED))
    drawn = np.concatenate([coarse(bundle.decode(points[i : i + 256]).picture()[0]) for i in range(0, len(points), 256)])
    groups = []
    for kind in [None] if store.kinds is None else np.unique(store.kinds):
        of_points = np.arange(len(points)) if kind is None else np.nonzero(points.kinds == kind)[0]
        garments = np.arange(len(store)) if kind is None else np.nonzero(store.kinds == kind)[0]
        a, b = drawn[of_points], pictures[garments]
        apart = 1000 * ((a**2).sum(1)[:, None] - 2 * a @ b.T + (b**2).sum(1)) / a.shape[1]
        z, mu, log_sigma, apart = (torch.from_numpy(c).float() for c in (points.z[of_points], store.mu[garments], np.log(store.sigma[garments]), apart))
        groups.append(OfKind(z, mu, log_sigma, mixed[garments], own[garments], apart))
    return groups


def fitted(groups: list[OfKind], encoder: TaughtEncoder) -> Weights:
    """The weights under which matches look most like what was dialled."""
    weights = Weights(encoder)
    swings = [*weights.named.parameters(), *weights.own.parameters()]
    optimiser = torch.optim.Adam([{"params": [weights.move], "lr": LEARNING_RATE}, {"params": swings, "lr": SWING_RATE}])
    bar, points, garments = Progress("weigh the dials", STEPS), sum(len(g.z) for g in groups), sum(len(g.mu) for g in groups)
    for step in range(STEPS):
        warmth = max(COOLEST, WARMEST * 0.985**step)
        sigmas = [weights.log_sigma(group) for group in groups]
        error = sum(group.expected(sigma, warmth) for group, sigma in zip(groups, sigmas)) / points
        kl = sum(group.kl(sigma) * len(group.mu) for group, sigma in zip(groups, sigmas)) / garments
        outside = (F.relu(KL_RANGE[0] - kl) ** 2 + F.relu(kl - KL_RANGE[1]) ** 2).sum()
        optimiser.zero_grad()
        (error + KL_WEIGHT * outside).backward()
        optimiser.step()
        bar.step(1, f"expected error {error.item() / 1000:.5f}")
    return weights


def weigh(pack: Path, run: Path, bundle: Path) -> Path:
    """Move sigma in RUN/polished.pt. Returns that file."""
    encoder, _, _ = load_nets(run / "polished.pt")
    assert isinstance(encoder, TaughtEncoder)
    weights = fitted(seen(Bundle(bundle, precision="float32"), Drawings(pack), encoder), encoder)
    state = torch.load(run / "polished.pt", map_location="cpu", weights_only=True)
    weights.write(state["encoder"])
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
