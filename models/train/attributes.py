"""What the named dials mean: six attributes of a garment, measured from its picture and its alpha alone.

One differentiable definition serves the catalogue (while packing), the read-back loss (while training) and the
purity gate (while evaluating), so that all three speak of the same thing.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

NAMED = ("lightness", "red-green", "yellow-blue", "length", "fullness", "taper")
COLOUR, SHAPE = slice(0, 3), slice(3, 6)
END_WORDS = {
    "lightness": ("darker", "lighter"),
    "red-green": ("greener", "redder"),
    "yellow-blue": ("bluer", "yellower"),
    "length": ("shorter", "longer"),
    "fullness": ("slimmer", "fuller"),
    "taper": ("narrower hem", "wider hem"),
}
SCORE_LIMIT = 3.0
"""Normal scores are clamped here: beyond it a rank in a store of a few thousand says nothing."""


def lab(rgb: Tensor) -> Tensor:
    """sRGB in 0..1 [B, 3, H, W] to CIE Lab (D65), scaled as L/100, a/40, b/40."""
    linear = torch.where(rgb > 0.04045, ((rgb.clamp_min(0.04) + 0.055) / 1.055) ** 2.4, rgb / 12.92)
    r, g, b = linear.unbind(1)
    x = (0.412453 * r + 0.357580 * g + 0.180423 * b) / 0.950456
    y = 0.212671 * r + 0.715160 * g + 0.072169 * b
    z = (0.019334 * r + 0.119193 * g + 0.950227 * b) / 1.088754

    def f(t: Tensor) -> Tensor:
        return torch.where(t > 0.008856, t.clamp_min(0.008) ** (1 / 3), 7.787 * t + 16 / 116)

    x, y, z = f(x), f(y), f(z)
    return torch.stack([(116 * y - 16) / 100, 500 * (x - y) / 40, 200 * (y - z) / 40], 1)


def mean_colour(picture: Tensor, alpha: Tensor) -> Tensor:
    """Mean Lab [B, 3] inside the garment. The rim, a mix with the background, is weighted down by alpha^8."""
    weight = F.avg_pool2d(alpha, 2) ** 8
    total = weight.sum((2, 3)).clamp_min(1e-3)
    return (lab(F.avg_pool2d(picture, 2)) * weight).sum((2, 3)) / total


def shape(alpha: Tensor) -> Tensor:
    """Length, fullness and taper [B, 3] of an alpha [B, 1, H, W].

    Length is log(height / width); fullness the share of its box that the garment covers; taper the log of the hem's
    mean width (lowest 35 %) over the shoulders' (a power mean of the highest 45 %, which leans to the widest rows).
    """
    a = alpha[:, 0]
    rows, columns = a.amax(2), a.amax(1)
    height, width = rows.sum(1).clamp_min(1.0), columns.sum(1).clamp_min(1.0)
    fullness = a.sum((1, 2)) / (height * width)
    depth = (rows.cumsum(1) - rows / 2) / height[:, None]  # 0 at the collar, 1 at the hem
    widths = a.sum(2)
    upper = torch.sigmoid((0.45 - depth) * 60) * rows
    lower = torch.sigmoid((depth - 0.65) * 60) * rows
    shoulders = ((upper * widths**4).sum(1) / upper.sum(1).clamp_min(1e-3) + 1e-3) ** 0.25
    hem = (lower * widths).sum(1) / lower.sum(1).clamp_min(1e-3)
    return torch.stack([torch.log(height / width), fullness, torch.log((hem + 1) / (shoulders + 1))], 1)


def measure(picture: Tensor, alpha: Tensor) -> Tensor:
    """All six attributes [B, 6], in the order of NAMED, of a picture over white [B, 3, H, W] and its alpha [B, 1, H, W]."""
    return torch.cat([mean_colour(picture, alpha), shape(alpha)], 1)


class NormalScores:
    """Maps an attribute to the normal score of its rank in a store, Phi^-1(rank), piecewise linearly and differentiably.

    A dial trained on it is the store's percentile: at 0 half of the garments lie below, at 1.28 nine in ten.
    """

    def __init__(self, knots: Tensor, scores: Tensor) -> None:
        """`knots` [attributes, K], rising along K, are the attribute's values at the normal scores `scores` [K]."""
        self.knots, self.scores = knots, scores

    @classmethod
    def of(cls, attributes: Tensor, count: int = 129) -> NormalScores:
        """Fit to a store's attributes [N, A]."""
        scores = torch.linspace(-SCORE_LIMIT, SCORE_LIMIT, count)
        rank = 0.5 * (1 + torch.erf(scores / math.sqrt(2)))
        knots = torch.quantile(attributes.double(), rank.double(), dim=0).T.float()
        ramp = attributes.std(0)[:, None] * torch.linspace(0, 0.05, count)  # equal values must not make a vertical step
        return cls((knots + ramp - ramp.mean(1, keepdim=True)).contiguous(), scores)

    def to(self, device: torch.device) -> NormalScores:
        """The same table on another device."""
        return NormalScores(self.knots.to(device), self.scores.to(device))

    def __call__(self, attributes: Tensor, first: int = 0) -> Tensor:
        """Scores [B, A] of attributes [B, A], which are those numbered from `first`."""
        knots = self.knots[first : first + attributes.shape[1]]
        values = attributes.T.contiguous()
        upper = torch.searchsorted(knots, values.detach()).clamp(1, knots.shape[1] - 1)
        low, high = knots.gather(1, upper - 1), knots.gather(1, upper)
        share = ((values - low) / (high - low)).clamp(0, 1)
        step = self.scores[1] - self.scores[0]
        return (self.scores[upper - 1] + share * step).T
