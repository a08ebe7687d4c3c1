"""Weigh the dials of a run on drawings: how exactly each is matched, by how much of the picture it changes.

    python models/train/weigh.py --pack DIR [DIR ...] --run RUN --bundle DIR

Of true values alone every dial is read about as exactly as the next, and log q(z|x) counts a spread of the neckline like one of the
length: what came first looked no more like the dialled garment than the two-hundredth best. So log sigma is moved until log q ranks the
garments of a kind as their pictures do: each dial's own (Encoder.log_variance), and beside it a small net of what the encoder sees of the
garment (TaughtEncoder.weighed). It is taught by a softmax over the log-likelihoods of dialled points, and the expected squared error of the
pictures on coarse cells. A sleeve's length is seen on a coat, and hardly on a polo; darkness on white cloth. Neither mu nor the decoder
changes; a dial's mean KL stays within KL_RANGE and the aggregate within MOST_SPREAD, both over the first pack, and no garment comes first for
more than MOST_WINS of what is dialled in its kind.
Each pack stands for a store: one of all colours, and one of the label's alone, which has few of most (docs/atelier.md).
DIR is a bundle of the run's float nets, as export.py and describe.py leave it. Moves the encoder in RUN/polished.pt: export again.
"""

from __future__ import annotations

import argparse
import copy
import math
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from bundle import Bundle
from drawings import PRINT_DIALS, TAUGHT, Drawings
from evaluate_drawn import posteriors
from export import load_nets
from latent import Dials, Posteriors
from measures import coarse, moved, queries
from nets import TaughtEncoder
from progress import Progress

GARMENTS, POINTS, STEPS = 12_000, 8_000, 1200
"""Drawings that stand for a store; points of each sort; steps of AdamW."""
WEIGHTS = {"two dials turned by 1.5": 0.5, "uniform dials": 2.0, "standard normal": 0.5}
"""Where points come from, as shoppers reach them, and how much each sort counts."""
GARMENTS_A_STEP, POINTS_A_STEP = 260, 200
"""Of each kind, and of each sort, drawn anew for every step: as many garments as a store has of a kind."""
KL_RANGE = (0.8, 3.0)
"""Nats: a dial is not to become a needle; nor so wide that the aggregate, of which sigma is a part, is no longer a standard normal."""
MOST_SPREAD = 1.12
"""Of the aggregate on a dial, in the dial's own spreads."""
WARMEST, COOLEST = 8.0, 1.0
"""Nats by which log-likelihoods are divided, first and from COOL_AT on: with 1 from the start the best garment takes nearly all, and no gradient is left."""
COOL_AT = 0.6
"""Share of the steps."""
LEARNING_RATE, NET_RATE, WARM_UP = 0.02, 0.002, 20
"""Of the dials' own, and of the net; both rise over so many steps, then fall along half a cosine."""
MOST_WINS = 0.04
"""Share of the points of a kind, among GARMENTS_A_STEP of its garments."""
KL_WEIGHT, SPREAD_WEIGHT, WINS_WEIGHT = 20.0, 200.0, 300.0


@dataclass(frozen=True)
class OfKind:
    """Of a kind, points z [Q, n] by their sort; its garments' mu and log sigma [N, n], what the encoder's last layers go by [N, features],
    and by the points' sort how far their pictures are apart [Q, N], in 1/1000. `alive` [n] tells which dials the kind has, 1 or 0."""

    z: dict[str, Tensor]
    mu: Tensor
    log_sigma: Tensor
    features: Tensor
    apart: dict[str, Tensor]
    alive: Tensor

    def some(self, rng: np.random.Generator, points: int, garments: int) -> OfKind:
        """Some of its points and of its garments, at random."""
        of = torch.from_numpy(rng.permutation(len(self.mu))[:garments])
        chosen = {sort: torch.from_numpy(rng.permutation(len(z))[:points]) for sort, z in self.z.items()}
        apart = {sort: self.apart[sort][which][:, of] for sort, which in chosen.items()}
        z = {sort: self.z[sort][which] for sort, which in chosen.items()}
        return OfKind(z, self.mu[of], self.log_sigma[of], self.features[of], apart, self.alive)

    def expected(self, log_sigma: Tensor, warmth: float) -> tuple[Tensor, Tensor]:
        """Mean error expected of the points' matches, were log sigma [N, n] so, weighted by their sorts; and how far the garments that come
        first too often do so, squared and summed."""
        precision = (-2 * log_sigma).exp()
        own = (self.mu**2 * precision + 2 * log_sigma).sum(1)
        error, often = log_sigma.new_zeros(()), log_sigma.new_zeros(())
        for sort, z in self.z.items():
            squared = (z**2) @ precision.T - 2 * z @ (self.mu * precision).T + own
            first = torch.softmax(-0.5 * squared / warmth, 1)
            error = error + WEIGHTS[sort] * (first * self.apart[sort]).sum(1).mean()
            often = often + WEIGHTS[sort] * (F.relu(first.mean(0) - MOST_WINS) ** 2).sum()
        total = sum(WEIGHTS[sort] for sort in self.z)
        return error / total, often / total

    def kl(self, log_sigma: Tensor) -> Tensor:
        """KL(q(z_d|x) || N(0, 1)) [N, n] in nats."""
        return 0.5 * (self.mu**2 + (2 * log_sigma).exp() - 1) - log_sigma

    def second_moment(self, log_sigma: Tensor) -> Tensor:
        """Of z drawn from each posterior [N, n]; 0 on dials that the kind lacks."""
        return self.alive * (self.mu**2 + (2 * log_sigma).exp())


class Weights(nn.Module):
    """What weighing moves: each dial's own log sigma, and the net beside it."""

    def __init__(self, encoder: TaughtEncoder) -> None:
        super().__init__()
        self.move = nn.Parameter(torch.zeros(encoder.dials))
        self.encoder, self.before = copy.deepcopy(encoder), copy.deepcopy(encoder)
        self.net = nn.ModuleList([self.encoder.weigh_mix, self.encoder.weigh_last]).requires_grad_(True)

    def log_sigma(self, group: OfKind) -> Tensor:
        """Of a kind's garments [N, n], as it would be."""
        with torch.no_grad():
            was = self.before.weighed(group.features)
        return group.log_sigma + self.move + 0.5 * (self.encoder.weighed(group.features) - was)

    @torch.no_grad()
    def write(self, state: dict[str, Tensor]) -> None:
        """Into an encoder's state."""
        state["log_variance"] += 2 * self.move
        for name in ("weigh_mix", "weigh_last"):
            for key, value in getattr(self.encoder, name).state_dict().items():
                state[f"{name}.{key}"] = value


@torch.no_grad()
def features(encoder: TaughtEncoder, drawings: Drawings, index: np.ndarray, told: bool) -> Tensor:
    """What the last layers go by [N, features]."""
    batch = drawings.batch(index)
    return torch.cat(encoder.features(encoder.seen(1 - batch.pictures, batch.kinds if told else None)), 1)


def seen(bundle: Bundle, drawings: Drawings, encoder: TaughtEncoder) -> list[OfKind]:
    """What there is to learn from: the first drawings of the pack as a store, and points dialled in it.

    Dials that a kind lacks stand anywhere: whoever asks by the API may set them so, and sigma is not to make favourites of garments there.
    """
    index = np.arange(min(GARMENTS, len(drawings)))
    parts = np.array_split(index, max(1, len(index) // 256))
    store = Posteriors.together(*(posteriors(bundle, drawings, part) for part in parts))
    pictures = np.concatenate([coarse(drawings.batch(part).pictures) for part in parts])
    last = torch.cat([features(encoder, drawings, part, store.kinds is not None) for part in parts])
    where, dials, rng = moved(store), Dials.of(bundle.manifest), np.random.default_rng(0)
    sorts = {sort: points for sort, points in queries(store, dials, POINTS).items() if sort in WEIGHTS}
    drawn = {
        sort: np.concatenate([coarse(bundle.decode(points[i : i + 256]).picture()[0]) for i in range(0, len(points), 256)]) for sort, points in sorts.items()
    }
    groups = []
    for kind in [None] if store.kinds is None else np.unique(store.kinds):
        garments = np.arange(len(store)) if kind is None else np.nonzero(store.kinds == kind)[0]
        b = pictures[garments]
        z, apart = {}, {}
        for sort, points in sorts.items():
            of_points = np.arange(len(points)) if kind is None else np.nonzero(points.kinds == kind)[0]
            a = drawn[sort][of_points]
            z[sort] = torch.from_numpy(np.where(where[garments[0]] > 0, points.z[of_points], dials.uniform(len(of_points), rng))).float()
            apart[sort] = torch.from_numpy(1000 * ((a**2).sum(1)[:, None] - 2 * a @ b.T + (b**2).sum(1)) / a.shape[1]).float()
        mu, log_sigma = (torch.from_numpy(c).float() for c in (store.mu[garments], np.log(store.sigma[garments])))
        groups.append(OfKind(z, mu, log_sigma, last[garments], apart, torch.from_numpy(where[garments[0]]).float()))
    return groups


def penalty(groups: list[OfKind], sigmas: list[Tensor], spread: Tensor, print_dials: Tensor) -> Tensor:
    """How far mean KL lies outside KL_RANGE, and the aggregate's spread over MOST_SPREAD; prints have a scale of their own."""
    kl = torch.cat([group.kl(sigma) for group, sigma in zip(groups, sigmas)]).mean(0)
    second = torch.cat([group.second_moment(sigma) for group, sigma in zip(groups, sigmas)]).sum(0)
    count = sum(group.alive * len(group.mu) for group in groups)
    wide = torch.where(print_dials, 0, F.relu((second / count.clamp_min(1)).sqrt() / spread - MOST_SPREAD))
    return KL_WEIGHT * (F.relu(KL_RANGE[0] - kl) ** 2 + F.relu(kl - KL_RANGE[1]) ** 2).sum() + SPREAD_WEIGHT * (wide**2).sum()


def fitted(stores: list[list[OfKind]], encoder: TaughtEncoder, spread: Tensor) -> Weights:
    """The weights under which matches look most like what was dialled, in stores of several kinds each. `spread` [n] is the dials'."""
    torch.manual_seed(0)
    weights, rng = Weights(encoder), np.random.default_rng(0)
    optimiser = torch.optim.AdamW([{"params": [weights.move]}, {"params": weights.net.parameters()}], weight_decay=0.0)
    print_dials = torch.tensor([d < len(TAUGHT) and TAUGHT[d] in PRINT_DIALS for d in range(encoder.dials)])
    bar = Progress("weigh the dials", STEPS)
    for step in range(STEPS):
        warmth = max(COOLEST, WARMEST * (COOLEST / WARMEST) ** (step / (COOL_AT * STEPS)))
        share = min(1.0, (step + 1) / WARM_UP) * 0.5 * (1 + math.cos(math.pi * step / STEPS))
        for group, rate in zip(optimiser.param_groups, (LEARNING_RATE, NET_RATE)):
            group["lr"] = rate * share
        some = [[group.some(rng, POINTS_A_STEP, GARMENTS_A_STEP) for group in groups] for groups in stores]
        sigmas = [[weights.log_sigma(group) for group in groups] for groups in some]
        pairs = [pair for groups, of in zip(some, sigmas) for pair in zip(groups, of)]
        errors, often = (torch.stack(each).mean() for each in zip(*(group.expected(sigma, warmth) for group, sigma in pairs)))
        error = errors.item()
        optimiser.zero_grad()
        (errors + WINS_WEIGHT * often + penalty(some[0], sigmas[0], spread, print_dials)).backward()
        optimiser.step()
        bar.step(1, f"expected error {error / 1000:.5f}")
    return weights


def weigh(packs: list[Path], run: Path, bundle: Path) -> Path:
    """Move sigma in RUN/polished.pt, by a store of each pack. Returns that file."""
    encoder, _, _ = load_nets(run / "polished.pt")
    assert isinstance(encoder, TaughtEncoder)
    opened = Bundle(bundle, precision="float32")
    spread = torch.from_numpy(Dials.of(opened.manifest).spread).float()
    weights = fitted([seen(opened, Drawings(pack), encoder) for pack in packs], encoder, spread)
    state = torch.load(run / "polished.pt", map_location="cpu", weights_only=True)
    weights.write(state["encoder"])
    aside = run / "polished.part"
    torch.save(state, aside)
    os.replace(aside, run / "polished.pt")
    return run / "polished.pt"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, required=True, nargs="+")
    for option in ("run", "bundle"):
        parser.add_argument(f"--{option}", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 leaves it to torch")
    a = parser.parse_args()
    if a.threads:
        torch.set_num_threads(a.threads)
    weigh(a.pack, a.run, a.bundle)
