"""A small critic of silhouettes: it learns to tell real masks from the outlines of dialled points.

A point dialled at random lies between the garments that were learnt, and there a VAE draws their average: a blob. The
decoder is pushed away from what the critic tells apart. The read-back losses keep it from drawing one outline for all.
"""

from __future__ import annotations

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor
from torch.nn.utils.parametrizations import spectral_norm

NOISE = 0.1
"""Added to what the critic sees, so that it judges the outline and not how soft its rim is."""


class Critic(nn.Module):
    """Alpha [B, 1, 128, 128] to one number [B], the larger the more lifelike. Spectral norms bound its gradient."""

    def __init__(self, widths: tuple[int, ...] = (16, 32, 64, 64)) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs in zip((1, *widths), widths):
            layers += [spectral_norm(nn.Conv2d(inputs, outputs, 4, 2, 1)), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, nn.Flatten(), spectral_norm(nn.Linear(widths[-1] * 16, 1)))

    def forward(self, alpha: Tensor) -> Tensor:
        half = F.avg_pool2d(alpha, 2)
        return self.layers(half + NOISE * torch.randn_like(half))[:, 0]


def critic_loss(critic: Critic, real: Tensor, drawn: Tensor) -> Tensor:
    """Hinge loss of the critic on real masks and drawn alphas."""
    verdict = critic(torch.cat([real, drawn.detach()]))
    return F.relu(1 - verdict[: len(real)]).mean() + F.relu(1 + verdict[len(real) :]).mean()


def asymmetry(alpha: Tensor) -> Tensor:
    """How far outlines are from their mirror images, in 64 px pixels. Garments hang symmetric; careless photographs do not."""
    return ((alpha - alpha.flip(3)) ** 2).sum() / len(alpha) / 4
