"""Flip, stretch and recolour a batch of garments. What the named dials are taught is measured again afterwards."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from attributes import COLOUR, SHAPE, NormalScores, mean_colour, shape

STRETCHED = 0.5
"""Share of a batch that is cut a little wider, longer or more flared than it was."""
RECOLOURED, DYED = 0.35, 0.15
"""Shares of a batch: a change of light and white balance; a dye bath in the colour of another garment."""


def flip(pictures: Tensor, masks: Tensor) -> tuple[Tensor, Tensor]:
    """Mirror half of the garments. No attribute changes by it."""
    chosen = (torch.rand(len(pictures), device=pictures.device) < 0.5)[:, None, None, None]
    return torch.where(chosen, pictures.flip(3), pictures), torch.where(chosen, masks.flip(3), masks)


def stretch(pictures: Tensor, masks: Tensor, targets: Tensor, scores: NormalScores) -> tuple[Tensor, Tensor, Tensor]:
    """Cut some garments up to a tenth wider, longer or more flared, with their shape targets measured again.

    A garment's longer side keeps its size, since every picture of a store fills its frame.
    """
    chosen = torch.nonzero(torch.rand(len(pictures), device=pictures.device) < STRETCHED)[:, 0]
    count, side, device = len(chosen), pictures.shape[-1], pictures.device
    if count == 0:
        return pictures, masks, targets
    layers = torch.cat([1 - pictures[chosen], masks[chosen]], 1)
    alpha = masks[chosen, 0]
    size = torch.stack([alpha.amax(1).sum(1), alpha.amax(2).sum(1)], 1)  # width, height
    factor = torch.exp(0.2 * torch.rand(count, 2, device=device) - 0.1)
    factor = factor * (size.amax(1) / (size * factor).amax(1))[:, None]
    flare = 0.16 * torch.rand(count, 1, 1, device=device) - 0.08
    axis = (torch.arange(side, device=device) + 0.5) / side * 2 - 1
    x = axis[None, None, :] / (factor[:, :1, None] * (1 + flare * axis[None, :, None]))
    y = (axis[None, :, None] / factor[:, 1:, None]).expand(count, side, side)
    layers = F.grid_sample(layers, torch.stack([x, y], 3), align_corners=False)
    pictures, masks, targets = pictures.clone(), masks.clone(), targets.clone()
    pictures[chosen], masks[chosen] = 1 - layers[:, :3], layers[:, 3:]
    targets[chosen, SHAPE] = scores(shape(layers[:, 3:]), SHAPE.start)
    return pictures, masks, targets


def recolour(pictures: Tensor, masks: Tensor, targets: Tensor, scores: NormalScores) -> tuple[Tensor, Tensor]:
    """Recolour some garments, with their colour targets measured again.

    Pictures [B, 3, H, W] in 0..1, masks [B, 1, H, W], targets [B, 6]. Dyeing takes each garment part of the way to the mean
    colour of another one: colour comes apart from kind (jeans need not be blue), which the shopper's dials assume.
    """
    count, device = len(pictures), pictures.device
    draw = torch.rand(count, device=device)
    light = torch.exp(0.15 * torch.randn(count, 1, device=device) + 0.10 * torch.randn(count, 3, device=device))
    weight = masks.sum((2, 3)).clamp_min(1)
    own = (pictures * masks).sum((2, 3)) / weight
    wanted = own[torch.randperm(count, device=device)]
    strength = 0.3 + 0.6 * torch.rand(count, 1, device=device)
    dye = ((wanted + 0.02) / (own + 0.02)).clamp(0.25, 4.0) ** strength
    gain = torch.ones_like(light)
    gain = torch.where((draw < RECOLOURED)[:, None], light, gain)
    gain = torch.where((draw > 1 - DYED)[:, None], dye, gain)
    changed = (draw < RECOLOURED) | (draw > 1 - DYED)
    coloured = (pictures * gain[:, :, None, None]).clamp(0, 1)
    pictures = torch.where(changed[:, None, None, None], coloured * masks + pictures * (1 - masks), pictures)
    targets = targets.clone()
    measured = scores(mean_colour(pictures, masks))
    targets[:, COLOUR] = torch.where(changed[:, None], measured, targets[:, COLOUR])
    return pictures, targets
