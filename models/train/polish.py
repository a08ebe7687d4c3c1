"""Train the encoder of a run on drawings a little longer, alone: what named dials read; the decoder and the free dials stay as they are.

    python models/train/polish.py --pack DIR ... --run RUN [--minutes 12] [--device cuda]

Small things, a neckline or a rise, are found last. The decoder has nothing to learn from that, for it is only ever told true
values, and it takes nine tenths of a step's time. Free dials are held to what they read before, or the decoder would not know
them again. Reads RUN/checkpoint.pt and writes RUN/polished.pt, of the same form, for export.py.
"""

from __future__ import annotations

import argparse
import copy
import math
import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

import losses
from drawings import TAUGHT
from progress import Progress
from supply import Supply
from train_drawn import BLUR, HELD_OUT_PAIRS, DrawnTrainer, Settings

LEARNING_RATE, FREE_WEIGHT = 1e-3, 20.0


def polish(packs: Sequence[Path], run: Path, minutes: float, count: int = 64, device: str = "cpu") -> Path:
    """Train on for so many minutes, `count` drawings a step. Returns RUN/polished.pt, which has no optimiser's state."""
    state = torch.load(run / "checkpoint.pt", map_location=device, weights_only=True)
    drawings, named = Supply(packs, device=device), len(TAUGHT)
    trainer = DrawnTrainer(drawings, Settings(**state["settings"]))
    trainer.restore(run / "checkpoint.pt")
    encoder, before = trainer.encoder, copy.deepcopy(trainer.encoder).eval()
    optimiser = torch.optim.Adam(encoder.parameters(), LEARNING_RATE, betas=(0.9, 0.99))
    bar, start, share, random = Progress("polish", 1), time.monotonic(), 0.0, np.random.default_rng(trainer.steps)
    steps = 0
    while share < 1:
        share = (time.monotonic() - start) / 60 / minutes
        for group in optimiser.param_groups:
            group["lr"] = LEARNING_RATE * 0.5 * (1 + math.cos(math.pi * min(1.0, share))) + 1e-6
        batch = drawings.batch(random.integers(2 * HELD_OUT_PAIRS, len(drawings), count))
        inverted, kinds = (1 - batch.pictures).contiguous(memory_format=torch.channels_last), trainer.told(batch.kinds)
        mu, log_variance = encoder(inverted, kinds)
        with torch.no_grad():
            was, was_spread = before(inverted, kinds)
        error = batch.values - mu[:, :named]
        blurred = error.detach() + BLUR * torch.randn_like(error)
        spread = -losses.log_density(blurred, torch.zeros_like(error), log_variance[:, :named])
        moved = (mu - was)[:, named:] ** 2 + (log_variance - was_spread)[:, named:] ** 2
        loss = (error**2 + spread).sum(1).mean() + FREE_WEIGHT * moved.sum(1).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        steps += 1
        if steps % 10 == 0:
            bar.share(share, f"error {error.detach().square().mean().sqrt():.3f} free {moved.detach().mean().sqrt():.3f}")
    aside = run / "polished.part"
    torch.save({key: value for key, value in state.items() if key != "optimiser"} | {"encoder": encoder.state_dict()}, aside)
    os.replace(aside, run / "polished.pt")
    return run / "polished.pt"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, required=True, nargs="+")
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=12.0)
    parser.add_argument("--batch", type=int, default=64, help="drawings a step")
    parser.add_argument("--device", default="cpu", help="cpu, or cuda where there is one")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 leaves it to torch")
    a = parser.parse_args()
    if a.threads:
        torch.set_num_threads(a.threads)
    polish(a.pack, a.run, a.minutes, a.batch, a.device)
