"""A training run: what decides it, the nets, the optimiser, the schedule, and all that a checkpoint holds."""

from __future__ import annotations

import math
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn as nn
from torch import Tensor

import losses
from attributes import NAMED, NormalScores
from augment import flip, recolour, stretch
from critic import Critic, asymmetry, critic_loss
from nets import Decoder, Encoder, composite, mixed_precision
from pack import Pack
from progress import Progress


@dataclass(frozen=True)
class Settings:
    """Everything that decides a run. Weights multiply terms counted in nats (see losses.py)."""

    dials: int = 14
    epochs: int = 0
    """Length of the run; 0 goes by `minutes`."""
    minutes: float = 65.0
    batch: int = 64
    learning_rate: float = 1.5e-3
    nats_per_dial: float = 1.9
    seed: int = 0
    named_weight: float = 40.0
    correlation_weight: float = 1.0
    aggregate_weight: float = 10.0
    band_weight: float = 20.0
    read_back_weight: float = 2.0
    measure_weight: float = 4.0
    matching_weight: float = 7.0
    critic_weight: float = 4.0
    symmetry_weight: float = 0.07
    read_back_points: int = 8
    """Points of each of the three sorts of `losses.dialled_points`, per batch."""


class Trainer:
    """One run on one store."""

    def __init__(self, store: Pack, settings: Settings, device: torch.device) -> None:
        torch.manual_seed(settings.seed)
        self.settings, self.device = settings, device
        self.training, self.held_out = (index.to(device) for index in store.hold_out())
        self.pictures, self.masks = store.pictures.to(device), store.masks.to(device)
        scores = NormalScores.of(store.attributes[self.training.cpu()])
        self.scores = scores.to(device)
        self.targets = self.scores(store.attributes.to(device))
        self.encoder = Encoder(settings.dials).to(device, memory_format=torch.channels_last)
        self.decoder = Decoder(settings.dials).to(device, memory_format=torch.channels_last)
        self.parameters = [*self.encoder.parameters(), *self.decoder.parameters()]
        self.optimiser = torch.optim.Adam(self.groups(), settings.learning_rate, betas=(0.9, 0.99))
        self.critic = Critic().to(device)
        self.critic_optimiser = torch.optim.Adam(self.critic.parameters(), 4e-4, betas=(0.0, 0.9))
        self.beta, self.epoch, self.seconds = 0.5, 0, 0.0
        self.autocast = mixed_precision(device)

    def groups(self) -> list[dict]:
        """Parameters with their `speed`: each dial's own sigma has a long way to go, and would still be on it when all else is learnt."""
        slow = [p for p in self.parameters if p is not self.encoder.log_variance]
        return [{"params": slow, "speed": 1.0}, {"params": [self.encoder.log_variance], "speed": 5.0}]

    def begin_with(self, path: Path) -> None:
        """Start from another run's weights, where name and shape agree: to go on with a store of one's own."""
        state = torch.load(path, map_location=self.device, weights_only=True)
        for net, saved in ((self.encoder, state["encoder"]), (self.decoder, state["decoder"])):
            own = net.state_dict()
            net.load_state_dict(own | {k: v for k, v in saved.items() if k in own and v.shape == own[k].shape})

    def progress(self, batch: int = 0) -> float:
        """The share of the run that is done: of epochs, or of minutes."""
        if self.settings.epochs:
            return (self.epoch + batch / self.batches) / self.settings.epochs
        return self.seconds / 60 / self.settings.minutes

    @property
    def batches(self) -> int:
        """Batches in an epoch. The last, incomplete one is left out: batch statistics need their size."""
        return max(1, len(self.training) // self.settings.batch)

    def learning_rate(self, batch: int) -> float:
        """Linear warm-up over 150 steps, then half a cosine."""
        warm = min(1.0, (self.epoch * self.batches + batch + 1) / 150)
        return self.settings.learning_rate * warm * 0.5 * (1 + math.cos(math.pi * min(1.0, self.progress(batch)))) + 1e-5

    def step(self, index: Tensor) -> dict[str, float]:
        """One batch. Returns the figures worth logging."""
        s = self.settings
        pictures, masks = self.pictures[index].float() / 255, self.masks[index].float() / 255
        pictures, masks = flip(pictures, masks)
        pictures, masks, targets = stretch(pictures, masks, self.targets[index], self.scores)
        pictures, targets = recolour(pictures, masks, targets, self.scores)
        inverted = (1 - pictures).contiguous(memory_format=torch.channels_last)
        with self.autocast:
            mu, log_variance = self.encoder(inverted)
            z = mu + torch.randn_like(mu) * (0.5 * log_variance).exp()
            dialled = losses.dialled_points(mu, min(s.read_back_points, len(index)))
            alpha, colour, detail = self.decoder.parts(torch.cat([z, dialled]))
        count = len(index)
        rebuilt, squared = losses.reconstruction(pictures, masks, alpha[:count], colour[:count], detail[:count])
        drawn, outline = composite(alpha[count:], colour[count:], losses.READ_SHARPNESS)
        by_encoder, by_measure = losses.read_back(self.encoder, drawn, outline, dialled, self.scores, self.autocast)
        matched = losses.matching(dialled, mu, log_variance, drawn, pictures)
        lifelike = self.judge(masks[: len(outline)], outline)
        kl = losses.kl_per_dial(mu, log_variance)
        nats = float(kl.detach().sum(1).mean())
        drift = max(-1.0, min(1.0, nats / s.dials - s.nats_per_dial))
        self.beta = min(max(self.beta * math.exp(0.01 * drift), 0.01), 50.0)
        named = 0.5 * ((mu[:, : len(NAMED)] - targets) ** 2).sum(1).mean()
        correlation = losses.total_correlation(z, mu, log_variance, len(self.training))
        aggregate = losses.aggregate(z)
        loss = (
            rebuilt + self.beta * kl.sum(1).mean() + s.band_weight * losses.kl_band(kl) + s.named_weight * named
            + s.correlation_weight * correlation + s.aggregate_weight * aggregate
            + s.read_back_weight * by_encoder + s.measure_weight * by_measure + s.matching_weight * matched
            - s.critic_weight * lifelike + s.symmetry_weight * asymmetry(outline[: 2 * s.read_back_points])
        )  # fmt: skip
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, 300.0)
        self.optimiser.step()
        return {
            "squared": squared.item(), "nats": nats, "named": named.item(), "correlation": correlation.item(),
            "aggregate": aggregate.item(), "readEncoder": by_encoder.item(), "readMeasure": by_measure.item(),
            "matched": matched.item(), "lifelike": lifelike.item(),
        }  # fmt: skip

    def judge(self, masks: Tensor, outline: Tensor) -> Tensor:
        """Teach the critic one step, then return how lifelike it finds the drawn outlines; only the decoder learns from that."""
        with self.autocast:
            loss = critic_loss(self.critic, masks, outline)
        self.critic_optimiser.zero_grad()
        loss.backward()
        self.critic_optimiser.step()
        self.critic.requires_grad_(False)
        with self.autocast:
            lifelike = self.critic(outline).mean()
        self.critic.requires_grad_(True)
        return lifelike.float()

    def run_epoch(self, bar: Progress) -> dict[str, float]:
        """All batches once, in a new order. Returns the mean of each figure."""
        self.encoder.train()
        self.decoder.train()
        order = self.training[torch.randperm(len(self.training)).to(self.device)]
        sums: dict[str, float] = {}
        for batch in range(self.batches):
            start = time.monotonic()
            for group in self.optimiser.param_groups:
                group["lr"] = self.learning_rate(batch) * group["speed"]
            figures = self.step(order[batch * self.settings.batch : (batch + 1) * self.settings.batch])
            for key, value in figures.items():
                sums[key] = sums.get(key, 0.0) + value / self.batches
            self.seconds += time.monotonic() - start
            bar.share(self.progress(batch + 1), f"epoch {self.epoch} squared error {figures['squared']:.1f}")
        self.epoch += 1
        return sums

    @torch.no_grad()
    def fidelity(self) -> dict[str, float]:
        """Mean PSNR (dB) and alpha IoU of held-out garments decoded at mu."""
        self.encoder.eval()
        self.decoder.eval()
        psnr, iou = [], []
        for index in self.held_out.split(128):
            pictures, masks = self.pictures[index].float() / 255, self.masks[index] > 127
            mu, _ = self.encoder(1 - pictures)
            picture, alpha = composite(*self.decoder(mu))
            psnr.append(-10 * torch.log10(((picture - pictures) ** 2).mean((1, 2, 3))))
            drawn = alpha > 0.5
            iou.append((drawn & masks).sum((1, 2, 3)) / (drawn | masks).sum((1, 2, 3)))
        return {"psnr": torch.cat(psnr).mean().item(), "iou": torch.cat(iou).mean().item()}

    def save(self, path: Path) -> None:
        """Write a checkpoint aside, then rename it into place."""
        aside = path.with_suffix(".part")
        cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
        state = {
            "settings": asdict(self.settings), "encoder": self.encoder.state_dict(), "decoder": self.decoder.state_dict(),
            "optimiser": self.optimiser.state_dict(), "critic": self.critic.state_dict(),
            "criticOptimiser": self.critic_optimiser.state_dict(), "beta": self.beta, "epoch": self.epoch, "seconds": self.seconds,
            "random": torch.get_rng_state(), "randomCuda": cuda, "knots": self.scores.knots.cpu(), "scores": self.scores.scores.cpu(),
        }  # fmt: skip
        torch.save(state, aside)
        os.replace(aside, path)

    def restore(self, path: Path) -> None:
        """Go on from a checkpoint: weights, optimiser, schedule and random state."""
        state = torch.load(path, map_location=self.device, weights_only=True)
        self.encoder.load_state_dict(state["encoder"])
        self.decoder.load_state_dict(state["decoder"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.critic.load_state_dict(state["critic"])
        self.critic_optimiser.load_state_dict(state["criticOptimiser"])
        self.beta, self.epoch, self.seconds = state["beta"], state["epoch"], state["seconds"]
        torch.set_rng_state(state["random"].cpu())
        if state["randomCuda"] and torch.cuda.is_available():
            torch.cuda.set_rng_state_all([s.cpu() for s in state["randomCuda"]])
