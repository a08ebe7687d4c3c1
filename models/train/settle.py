"""Settle the decoder after training: what is dialled shall look like garments. The encoder stays as it is.

    python models/train/settle.py --run RUN [--minutes 12]

Read-back by the encoder keeps dials apart while the latent takes shape. Kept up to the end, it teaches the decoder to draw
whatever the encoder reads best: fringes and blotches. Here it is left out. A dialled point is pulled to the outline of the
garment that matches it best, to plain cloth, to an outline no longer than that garment's, and to what the critic finds
lifelike; its attributes are still measured, and must be what was dialled. Reads RUN/checkpoint.pt and writes RUN/settled.pt, of the same form, for export.py.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

import losses
from attributes import NAMED, mean_colour, shape
from augment import flip, recolour, stretch
from critic import asymmetry
from nets import composite
from pack import Pack
from progress import Progress
from trainer import Settings, Trainer

POINTS = 12
"""Points of each sort of `losses.dialled_points`, per batch."""
MATCH_WEIGHT, CLOTH_WEIGHT, MEASURE_WEIGHT, CRITIC_WEIGHT, SYMMETRY_WEIGHT, RIM_WEIGHT = 0.15, 0.2, 5.0, 6.0, 0.1, 0.15
LEARNING_RATE = 6e-4
SETTLED_SHARE = 0.25
"""How far to go from the trained decoder to the settled one, by averaging their weights. All the way dials set at random look
best and the match is nearest, but likeness falls by 0.2 dB and the best garment in the store comes nearer than the match does."""
THREAD = 9
"""Pixels; what is thinner is left out when a dialled outline is measured, or a hook on each side would pass for width."""


def without_threads(outline: Tensor) -> Tensor:
    """An outline without what is thin: a mean over THREAD pixels, made crisp again. [B, 1, H, W]"""
    return torch.sigmoid(12 * (F.avg_pool2d(outline, THREAD, 1, THREAD // 2) - 0.5))


def rim(outline: Tensor) -> Tensor:
    """The length of each outline's rim in pixels, horizontal and vertical steps [B]."""
    return losses.across(outline).abs().sum((1, 2, 3)) + losses.down(outline).abs().sum((1, 2, 3))


@torch.no_grad()
def store_posteriors(trainer: Trainer) -> tuple[Tensor, Tensor]:
    """mu and log sigma^2 [N, n] of the training garments as they are."""
    trainer.encoder.eval()
    parts = [trainer.encoder(1 - trainer.pictures[index].float() / 255) for index in trainer.training.split(256)]
    return torch.cat([mu for mu, _ in parts]), torch.cat([v for _, v in parts])


def best_match(z: Tensor, mu: Tensor, log_variance: Tensor) -> Tensor:
    """The garment [B] with the largest log q(z|x) for each z [B, n]."""
    precision = (-log_variance).exp()
    squared = (z**2) @ precision.T - 2 * z @ (mu * precision).T + (mu**2 * precision).sum(1)
    return (squared + log_variance.sum(1)).argmin(1)


class Settler:
    """The last phase of a run: one optimiser on the decoder alone."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self.mu, self.log_variance = store_posteriors(trainer)
        self.optimiser = torch.optim.Adam(trainer.decoder.parameters(), LEARNING_RATE, betas=(0.9, 0.99))

    def step(self, index: Tensor) -> dict[str, float]:
        """One batch of garments, given by index, and of dialled points."""
        t = self.trainer
        pictures, masks = flip(t.pictures[index].float() / 255, t.masks[index].float() / 255)
        pictures, masks, targets = stretch(pictures, masks, t.targets[index], t.scores)
        pictures, _ = recolour(pictures, masks, targets, t.scores)
        count = len(index)
        with t.autocast:
            with torch.no_grad():
                mu, log_variance = t.encoder((1 - pictures).contiguous(memory_format=torch.channels_last))
                z = mu + torch.randn_like(mu) * (0.5 * log_variance).exp()
                shuffled = self.mu[torch.randperm(len(self.mu), device=self.mu.device)[: max(64, POINTS)]]
                dialled = losses.dialled_points(shuffled, min(POINTS, len(shuffled)))
                middle = slice(POINTS, POINTS + POINTS // 2)  # half of those set anywhere are drawn in, where dials begin
                dialled[middle] *= torch.rand(len(dialled[middle]), 1, device=dialled.device)
                match = t.training[best_match(dialled, self.mu, self.log_variance)]
            alpha, colour, detail = t.decoder.parts(torch.cat([z, dialled]))
        rebuilt, squared = losses.reconstruction(pictures, masks, alpha[:count], colour[:count], detail[:count])
        drawn, outline = composite(alpha[count:], colour[count:], losses.READ_SHARPNESS)
        wanted = t.masks[match].float() / 255
        excess = F.relu(rim(outline) - rim(wanted)).mean()
        wanted = (wanted + wanted.flip(3)) / 2
        matched = F.binary_cross_entropy_with_logits(alpha[count:].float(), wanted, reduction="sum") / len(dialled) / losses.PIXEL_SCALE
        cloth = torch.sigmoid(colour[count:].float())
        uneven = (losses.across(cloth).abs().sum() + losses.down(cloth).abs().sum()) / len(dialled)
        measured = F.smooth_l1_loss(t.scores(torch.cat([mean_colour(drawn, outline), shape(without_threads(outline))], 1)), dialled[:, : len(NAMED)], reduction="none").sum(1).mean()
        lifelike = t.judge(masks[: len(outline)], outline)
        loss = (
            rebuilt + MATCH_WEIGHT * matched + CLOTH_WEIGHT * uneven + MEASURE_WEIGHT * measured
            - CRITIC_WEIGHT * lifelike + SYMMETRY_WEIGHT * asymmetry(outline) + RIM_WEIGHT * excess
        )  # fmt: skip
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(t.decoder.parameters(), 300.0)
        self.optimiser.step()
        return {
            "squared": squared.item(), "matched": matched.item(), "uneven": uneven.item(), "measured": measured.item(),
            "excess": excess.item(), "lifelike": lifelike.item(),
        }  # fmt: skip


def average(before: dict[str, Tensor], after: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """Weights `share` of the way from `before` to `after`; counters are those of `after`."""
    return {k: torch.lerp(before[k], v, share) if v.is_floating_point() else v for k, v in after.items()}


def settle(run: Path, minutes: float, device: str = "") -> Path:
    """Settle the decoder of RUN/checkpoint.pt for so many minutes. Returns RUN/settled.pt."""
    saved = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
    picked = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    trainer = Trainer(Pack.load(run), Settings(**saved["settings"]), picked)
    trainer.restore(run / "checkpoint.pt")
    settler = Settler(trainer)
    trainer.encoder.eval()
    trainer.decoder.train()
    bar, start, share, steps = Progress(f"settle on {picked.type}", 1), time.monotonic(), 0.0, 0
    while share < 1:
        order = trainer.training[torch.randperm(len(trainer.training)).to(picked)]
        for batch in range(trainer.batches):
            share = (time.monotonic() - start) / 60 / minutes
            warm = min(1.0, (steps + 1) / 50)
            for group in settler.optimiser.param_groups:
                group["lr"] = LEARNING_RATE * warm * 0.5 * (1 + math.cos(math.pi * min(1.0, share))) + 1e-6
            figures = settler.step(order[batch * trainer.settings.batch : (batch + 1) * trainer.settings.batch])
            steps += 1
            bar.share(share, json.dumps({key: round(value, 2) for key, value in figures.items()}))
            if share >= 1:
                break
    trainer.decoder.load_state_dict(average(saved["decoder"], trainer.decoder.state_dict(), SETTLED_SHARE))
    trainer.save(run / "settled.pt")
    return run / "settled.pt"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=12.0)
    parser.add_argument("--device", default="", help="cpu or cuda; picked by itself if left out")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 leaves it to torch")
    a = parser.parse_args()
    if a.threads:
        torch.set_num_threads(a.threads)
    settle(a.run, a.minutes, a.device)
