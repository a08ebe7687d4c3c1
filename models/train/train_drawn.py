"""Train the VAE on drawings whose true parameters are known, with swaps (docs/atelier.md).

    python models/train/train_drawn.py --pack DIR ... --run RUN [--turns DIR ...] [--minutes 50] [--device cuda] [--resume]

The encoder is taught what a named dial's parameter truly is, as a percentile; the decoder is only ever told true values. So what a dial is called is what it moves, and the pictures' gradient, which is large and noisy,
does not drown the small signal of a neckline. From the free dials of one drawing of a pair and the true values of the other,
the other must be decoded. Where a kind lacks a parameter, the encoder says 0, and whatever the dial says must change nothing.

With `--turns`, a pack of garments with each parameter turned in turn, what a turn changes in the picture is asked for by name: a neckline
is a hundredth of the picture, and over the whole of it a decoder that never moves it is hardly wrong.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
from torch import Tensor

import losses
from drawings import ABSENT, TAUGHT, Batch, print_bank
from nets import LEAK, PrintDecoder, TaughtEncoder, composite, mixed_precision
from progress import Progress
from supply import Supply, Turns

HELD_OUT_PAIRS = 500
"""The first so many pairs are never trained on."""
BLUR = 0.12
"""Spread of the blur on what is read of named dials, in normal scores: about 2.1 nats a dial."""
DIALLED_BLUR = 0.05
"""Spread of the blur on named dials that are decoded: about how far a well-trained encoder is from the truth. What is blurred here comes out with soft outlines."""
COARSE_WEIGHT = 0.5
"""Of the error on coarse cells: drawings are told apart by their seams and prints, which it does not see."""


@dataclass(frozen=True)
class Settings:
    """Everything that decides a run. Weights multiply terms counted in nats (see losses.py)."""

    dials: int = 16
    conditional: bool = True
    """Tell both nets the kind: a dial then turns within its kind."""
    decoder_alone: bool = False
    """Leave the encoder as it is: for the last part of a run, while polish.py trains it on."""
    steps: int = 0
    """Length of the run; 0 goes by `minutes`."""
    minutes: float = 50.0
    pairs: int = 16
    """Pairs of drawings in a batch."""
    turn_pairs: int = 8
    """Turned garments in a batch, each beside itself unturned; where a pack of them is given."""
    learning_rate: float = 1.5e-3
    nats_per_dial: float = 2.2
    seed: int = 0
    named_weight: float = 10.0
    aggregate_weight: float = 10.0
    band_weight: float = 20.0
    swap_weight: float = 1.0
    turn_weight: float = 1.0


class DrawnTrainer:
    """A run on drawings: the nets, the optimiser, the schedule."""

    def __init__(self, drawings: Supply, settings: Settings, turns: Turns | None = None) -> None:
        torch.manual_seed(settings.seed)
        self.settings, self.drawings, self.turns, self.device = settings, drawings, turns, drawings.device
        self.random = np.random.default_rng(settings.seed)
        kinds = len(drawings.kinds) if settings.conditional else 0
        self.encoder = TaughtEncoder(settings.dials, len(TAUGHT), kinds, LEAK).to(self.device, memory_format=torch.channels_last)
        self.decoder = PrintDecoder(settings.dials, kinds, LEAK).to(self.device, memory_format=torch.channels_last)
        bank = print_bank(drawings.pack).to(self.device)
        with torch.no_grad():
            self.decoder.bank[: len(bank)] = bank
        self.autocast = mixed_precision(self.device)
        self.parameters = [*self.encoder.parameters(), *self.decoder.parameters()]
        slow = [p for p in self.parameters if p is not self.encoder.log_variance]
        # Each dial's own sigma has a long way to go.
        groups = [{"params": slow, "speed": 1.0}, {"params": [self.encoder.log_variance], "speed": 5.0}]
        self.optimiser = torch.optim.Adam(groups, settings.learning_rate, betas=(0.9, 0.99), fused=self.device.type == "cuda")
        self.beta, self.steps, self.seconds = torch.tensor(0.3, device=self.device), 0, 0.0

    def progress(self) -> float:
        """The share of the run that is done: of steps, or of minutes."""
        if self.settings.steps:
            return self.steps / self.settings.steps
        return self.seconds / 60 / self.settings.minutes

    def learning_rate(self) -> float:
        """Linear warm-up over 150 steps, then half a cosine."""
        warm = min(1.0, (self.steps + 1) / 150)
        return self.settings.learning_rate * warm * 0.5 * (1 + math.cos(math.pi * min(1.0, self.progress()))) + 1e-5

    def told(self, kinds: Tensor) -> Tensor | None:
        """What the nets are told of the kinds [B, kinds]."""
        return kinds if self.settings.conditional else None

    def dialled(self, values: Tensor, has: Tensor) -> Tensor:
        """Named dials [B, named] as a shopper may set them: the true values and a little beside them, anything on dials that a
        kind lacks, anything lower where a print is not there."""
        jitter = torch.where(values == ABSENT, -0.7 * torch.rand_like(values), DIALLED_BLUR * torch.randn_like(values))
        return torch.where(has, values + jitter, 1.2 * torch.randn_like(values))

    def lesson(self, random: np.random.Generator) -> tuple[Batch, Tensor]:
        """The drawings of a step: pairs first, then garments beside themselves turned; and of how much each pixel of the latter
        weighs more, [2 * turn_pairs, 1, S, S]."""
        first = 2 * random.integers(HELD_OUT_PAIRS, len(self.drawings) // 2, self.settings.pairs)
        batch = self.drawings.batch(np.stack([first, first + 1], 1).reshape(-1))
        if self.turns is None:
            return batch, batch.masks[:0]
        turned, changed = self.turns.batch(random, self.settings.turn_pairs)
        return batch.joined(turned), changed

    def aggregate(self, values: Tensor, has: Tensor, free: Tensor) -> Tensor:
        """How far free dials [B, free] are from mean 0 and variance 1, and from saying nothing of each other nor of any named dial
        among the garments that have it. Squares are products of two halves, each drawn by itself: of one batch alone, a square is
        mostly noise."""
        half = torch.arange(len(free), device=free.device) < len(free) // 2

        def moments(of: Tensor) -> tuple[Tensor, Tensor, Tensor]:
            f, v, h = free[of], values[of], has[of].float()
            mean, among = f.mean(0), h.sum(0).clamp_min(1)
            centred = (v - (v * h).sum(0) / among) * h
            return mean, (f.T @ f) / len(f) - torch.eye(f.shape[1], device=f.device), (f.T @ centred) / among

        return sum((a * b).sum() for a, b in zip(moments(half), moments(~half)))

    def step(self) -> dict[str, Tensor]:
        """One batch: every drawing decoded as itself, every second one also from its twin's free dials. Figures stay on the device:
        who reads one waits for it."""
        s, named = self.settings, len(TAUGHT)
        self.encoder.train(not s.decoder_alone)
        batch, changed = self.lesson(self.random)
        inverted = (1 - batch.pictures).contiguous(memory_format=torch.channels_last)
        kinds = self.told(batch.kinds)
        paired = 2 * s.pairs
        with self.autocast:
            with torch.set_grad_enabled(not s.decoder_alone):
                mu, log_variance = self.encoder(inverted, kinds)
            free = (mu + torch.randn_like(mu) * (0.5 * log_variance).exp())[:, named:]
            # One of each pair is swapped: half the decoding for the same lesson. A turned garment is always drawn from the free
            # dials of what it was.
            before = free[paired:].view(-1, 2, free.shape[1])[:, :1].expand(-1, 2, -1).reshape(-1, free.shape[1])
            twin = free[:paired].view(-1, 2, free.shape[1])[:, 1]
            z = torch.cat([self.dialled(batch.values, batch.has), torch.cat([free[:paired], before])], 1)
            swapped = torch.cat([self.dialled(batch.values, batch.has)[:paired:2], twin], 1)
            both = None if kinds is None else torch.cat([kinds, kinds[:paired:2]])
            alpha, colour, detail = self.decoder.parts(torch.cat([z, swapped]), both)
        count = len(z)

        def drawn(of: slice, as_drawn: slice, changed: Tensor | None = None) -> tuple[Tensor, Tensor]:
            pictures, masks = batch.pictures[of], batch.masks[of]
            return losses.reconstruction(pictures, masks, alpha[as_drawn], colour[as_drawn], detail[as_drawn], COARSE_WEIGHT, changed)

        rebuilt, squared = drawn(slice(paired), slice(paired))
        other, moved = drawn(slice(0, paired, 2), slice(count, None))
        turns = drawn(slice(paired, count), slice(paired, count), changed)[0] if count > paired else torch.zeros((), device=self.device)
        kl = losses.kl_per_dial(mu, log_variance)
        free_kl = kl[:, named:]
        nats = free_kl.detach().mean()
        self.beta = (self.beta * (0.01 * (nats - s.nats_per_dial).clamp(-1, 1)).exp()).clamp(0.01, 50)
        # By squared error, and sigma by the likelihood about it: with one likelihood for both, dials that are read well already
        # shout down those that are not. Blurred, so that no posterior becomes a needle: nobody turns a dial more exactly.
        error = batch.values - mu[:, :named]
        blurred = error.detach() + BLUR * torch.randn_like(error)
        spread = -losses.log_density(blurred, torch.zeros_like(error), log_variance[:, :named])
        taught = (error**2 + spread).sum(1).mean()
        loss = (
            rebuilt + s.swap_weight * other + s.turn_weight * turns + self.beta * free_kl.sum(1).mean() + s.band_weight * losses.kl_band(free_kl)
            + s.named_weight * taught + s.aggregate_weight * self.aggregate(batch.values[:paired], batch.has[:paired], free[:paired])
        )  # fmt: skip
        self.optimiser.zero_grad()
        loss.backward()
        for net in (self.encoder, self.decoder):
            nn.utils.clip_grad_norm_(net.parameters(), 300.0)
        self.optimiser.step()
        self.steps += 1
        wrong = (mu[:, :named] - batch.values).square().mean().sqrt()
        figures = {"squared": squared, "swapped": moved, "turned": turns, "nats": kl.sum(1).mean(), "freeNats": nats, "named": wrong}
        return {key: value.detach() for key, value in figures.items()}

    def held_out(self, count: int = 400) -> np.ndarray:
        """Numbers of drawings that are not trained on."""
        return np.arange(min(count, 2 * HELD_OUT_PAIRS))

    @torch.no_grad()
    def fidelity(self) -> dict[str, float]:
        """Mean PSNR (dB) and alpha IoU of held-out drawings, decoded at mu and at their twin's free dials."""
        self.encoder.eval()
        self.decoder.eval()
        batch, named = self.drawings.batch(self.held_out()), len(TAUGHT)
        kinds = self.told(batch.kinds)
        mu, _ = self.encoder(1 - batch.pictures, kinds)
        twin = mu.view(-1, 2, mu.shape[1]).flip(1).reshape(mu.shape)
        figures = {}
        for key, z in (("psnr", mu), ("psnrSwapped", torch.cat([batch.values, twin[:, named:]], 1))):
            picture, alpha = composite(*self.decoder(z, kinds))
            figures[key] = float((-10 * torch.log10(((picture - batch.pictures) ** 2).mean((1, 2, 3)))).mean())
            drawn, mask = alpha > 0.5, batch.masks > 0.5
            figures[key.replace("psnr", "iou")] = float(((drawn & mask).sum((1, 2, 3)) / (drawn | mask).sum((1, 2, 3))).mean())
        self.encoder.train()
        self.decoder.train()
        return figures

    def save(self, path: Path) -> None:
        """Write a checkpoint aside, then rename it into place."""
        aside = path.with_suffix(".part")
        state = {
            "settings": asdict(self.settings), "kinds": self.drawings.kinds if self.settings.conditional else [], "encoder": self.encoder.state_dict(), "decoder": self.decoder.state_dict(),
            "optimiser": self.optimiser.state_dict(), "beta": float(self.beta), "steps": self.steps, "seconds": self.seconds,
        }  # fmt: skip
        torch.save(state, aside)
        os.replace(aside, path)

    def restore(self, path: Path) -> None:
        """Go on from a checkpoint."""
        state = torch.load(path, map_location=self.device, weights_only=True)
        self.encoder.load_state_dict(state["encoder"])
        self.decoder.load_state_dict(state["decoder"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.beta = torch.tensor(state["beta"], device=self.device)
        self.steps, self.seconds = state["steps"], state["seconds"]
        self.random = np.random.default_rng([self.settings.seed, self.steps])


def option_of(value: object) -> dict:
    """How argparse reads a setting whose default is `value`: `--conditional` and `--no-conditional`, or a number."""
    if isinstance(value, bool):
        return {"action": argparse.BooleanOptionalAction, "default": value}
    return {"type": type(value), "default": value}


def train(
    packs: Sequence[Path], run: Path, settings: Settings, resume: bool = False, every: int = 250, turns: Sequence[Path] = (), device: str = "cpu"
) -> None:
    """Train, writing RUN/checkpoint.pt and a line to RUN/log.jsonl every so many steps. Packs may grow meanwhile."""
    run.mkdir(parents=True, exist_ok=True)
    drawings = Supply(packs, device=device)
    trainer = DrawnTrainer(drawings, settings, Turns(Supply(turns, drawings.like, device)) if turns else None)
    checkpoint = run / "checkpoint.pt"
    if resume and checkpoint.exists():
        trainer.restore(checkpoint)
    bar = Progress("train on drawings", 1)
    sums: dict[str, Tensor] = {}
    start = time.monotonic() - trainer.seconds
    while trainer.progress() < 1:
        for group in trainer.optimiser.param_groups:
            group["lr"] = trainer.learning_rate() * group["speed"]
        figures = trainer.step()
        trainer.seconds = time.monotonic() - start
        for key, value in figures.items():
            sums[key] = sums.get(key, 0.0) + value / every
        if trainer.steps % 10 == 0:
            bar.share(trainer.progress(), f"step {trainer.steps} squared error {figures['squared']:.1f}")
        if trainer.steps % every == 0 or trainer.progress() >= 1:
            known = {"step": trainer.steps, "seconds": round(trainer.seconds), "drawings": len(drawings), "beta": float(trainer.beta)}
            line = known | {key: float(value) for key, value in sums.items()} | trainer.fidelity()
            with (run / "log.jsonl").open("a") as log:
                log.write(json.dumps({key: round(value, 3) for key, value in line.items()}) + "\n")
            sums = {}
            trainer.save(checkpoint)
            drawings.look()
            if trainer.turns is not None:
                trainer.turns.look()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, required=True, nargs="+", help="folders with drawings.bin and drawings.json")
    parser.add_argument("--run", type=Path, required=True, help="folder for the checkpoint and the log")
    parser.add_argument("--turns", type=Path, nargs="+", default=[], help="packs of turned garments to train on besides")
    parser.add_argument("--resume", action="store_true", help="go on from RUN/checkpoint.pt")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 leaves it to torch")
    parser.add_argument("--device", default="cpu", help="cpu, or cuda where there is one")
    for name, value in asdict(Settings()).items():
        parser.add_argument("--" + name.replace("_", "-"), **option_of(value))
    a = parser.parse_args()
    if a.threads:
        torch.set_num_threads(a.threads)
    train(a.pack, a.run, Settings(**{name: getattr(a, name) for name in asdict(Settings())}), a.resume, turns=a.turns, device=a.device)
