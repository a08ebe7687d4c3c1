"""The terms of the training objective. All are sums over pixels and dials, means over the batch: nats, up to a constant."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.func import functional_call

from attributes import NAMED, NormalScores, measure
from nets import Encoder, composite

PIXEL_SCALE = 4.0
"""Pixel sums are counted as of a 64 px picture: neighbouring pixels of a 128 px one are hardly independent."""
ALPHA_WEIGHT, EDGE_WEIGHT, OUTSIDE_WEIGHT, COARSE_WEIGHT = 0.15, 0.2, 0.02, 2.0
COARSE = 8
"""Pixels a side of a coarse cell: a 128 px picture becomes 16 x 16, about what the eye compares at a glance."""
LOWEST_KL, HIGHEST_KL = 1.0, 2.9
"""Nats a dial: under the first it is dying, over the second its posteriors turn into needles."""
READ_SHARPNESS = 3.0
"""Alpha is sharpened for reading back: the encoder has only ever seen crisp outlines."""


def across(t: Tensor) -> Tensor:
    """Horizontal differences."""
    return t[..., :, 1:] - t[..., :, :-1]


def down(t: Tensor) -> Tensor:
    """Vertical differences."""
    return t[..., 1:, :] - t[..., :-1, :]


def reconstruction(
    pictures: Tensor, masks: Tensor, alpha_logit: Tensor, colour_logit: Tensor, detail: Tensor, coarse_weight: float = COARSE_WEIGHT, more: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """The whole reconstruction term, and its squared-error part alone.

    Squared error, and once more on coarse cells, so that sigma is small where a dial changes what is seen at a glance; edges
    (L1 of differences: sharp outlines); cross-entropy of alpha; and a pull that keeps the unseen colour outside the garment at
    its base colours, so that a scaled-up rim has no halo. `more` [B, 1, S, S] is how much more than 1 a pixel weighs in the squared
    error and in alpha.
    """
    picture, _ = composite(alpha_logit, colour_logit)
    scale = len(pictures) * PIXEL_SCALE
    weight = 1.0 if more is None else 1 + more
    squared = 0.5 * (weight * (picture - pictures) ** 2).sum() / scale
    coarse = 0.5 * COARSE**2 * (F.avg_pool2d(picture - pictures, COARSE) ** 2).sum() / scale
    edges = ((across(picture) - across(pictures)).abs().sum() + (down(picture) - down(pictures)).abs().sum()) / scale
    alpha = (weight * F.binary_cross_entropy_with_logits(alpha_logit.float(), masks, reduction="none")).sum() / scale
    cells = F.avg_pool2d(masks, masks.shape[2] // detail.shape[2])
    outside = ((detail.float() * (1 - cells)) ** 2).sum() / scale
    return squared + coarse_weight * coarse + EDGE_WEIGHT * edges + ALPHA_WEIGHT * alpha + OUTSIDE_WEIGHT * outside, squared


def kl_per_dial(mu: Tensor, log_variance: Tensor) -> Tensor:
    """KL(q(z|x) || N(0, 1)) in nats, [B, n]."""
    return 0.5 * (mu**2 + log_variance.exp() - 1 - log_variance)


def kl_band(kl: Tensor) -> Tensor:
    """Penalty on dials whose mean KL leaves the band between dying and needles. `kl` is [B, n]."""
    mean = kl.mean(0)
    return (F.relu(LOWEST_KL - mean) ** 2 + F.relu(mean - HIGHEST_KL) ** 2).sum()


def log_density(z: Tensor, mu: Tensor, log_variance: Tensor) -> Tensor:
    """log N(z; mu, sigma^2) per dial."""
    return -0.5 * ((z - mu) ** 2 / log_variance.exp() + log_variance + math.log(2 * math.pi))


def total_correlation(z: Tensor, mu: Tensor, log_variance: Tensor, store: int) -> Tensor:
    """KL(q(z) || prod q(z_d)), estimated within the batch (minibatch-weighted sampling, Chen et al. 2018)."""
    density = log_density(z[:, None], mu[None], log_variance[None])
    joint = torch.logsumexp(density.sum(2), 1) - math.log(len(z) * store)
    marginals = (torch.logsumexp(density, 1) - math.log(len(z) * store)).sum(1)
    return (joint - marginals).mean()


def aggregate(z: Tensor) -> Tensor:
    """Hold the aggregated posterior at N(0, 1): mean, variance of the free dials, covariances but those among named dials.

    Named dials keep their own covariance: in a store long garments *are* fuller, and their variance is that of ranks.
    """
    named = len(NAMED)
    centred = z - z.mean(0)
    covariance = centred.T @ centred / (len(z) - 1)
    apart = 1 - torch.eye(z.shape[1], device=z.device)
    apart[:named, :named] = 0
    return (z.mean(0) ** 2).sum() + ((covariance.diagonal() - 1) ** 2)[named:].sum() + (covariance**2 * apart).sum() / 2


def dialled_points(mu: Tensor, each: int, named_reach: float = 1.6, free_reach: float = 1.4) -> Tensor:
    """Points [3 * each, n] as shoppers reach them: each dial from another garment; anywhere on the dials; a garment
    with one named dial turned."""
    count, dials = mu.shape
    device = mu.device
    mixed = torch.stack([mu[torch.randperm(count, device=device)[:each], d] for d in range(dials)], 1)
    mixed = mixed + 0.3 * torch.randn_like(mixed)
    reach = torch.full((dials,), free_reach, device=device)
    reach[: len(NAMED)] = named_reach
    anywhere = (2 * torch.rand(each, dials, device=device) - 1) * reach
    turned = mu[torch.randperm(count, device=device)[:each]].clone()
    dial = torch.randint(len(NAMED), (each,), device=device)
    turned[torch.arange(each, device=device), dial] = (2 * torch.rand(each, device=device) - 1) * named_reach
    return torch.cat([mixed, anywhere, turned]).detach()


def read_back(encoder: Encoder, picture: Tensor, alpha: Tensor, z: Tensor, scores: NormalScores, autocast: torch.autocast) -> tuple[Tensor, Tensor]:
    """Decoded points must read as they were dialled. Returns (by the encoder, by measuring the attributes).

    `picture` and `alpha` are what was decoded from z, sharpened. The gradient reaches the decoder only: the encoder's weights
    are used as constants, in evaluation mode.
    """
    named = len(NAMED)
    frozen = {k: v.detach() for k, v in (*encoder.named_parameters(), *encoder.named_buffers())}
    was_training = encoder.training
    encoder.eval()
    with autocast:
        mu, _ = functional_call(encoder, frozen, ((1 - picture).contiguous(memory_format=torch.channels_last),))
    encoder.train(was_training)
    weight = torch.ones(z.shape[1], device=z.device)
    weight[:named] = 3.0
    by_encoder = (F.smooth_l1_loss(mu, z, reduction="none") * weight).sum(1).mean()
    measured = scores(measure(picture, alpha))
    by_measure = F.smooth_l1_loss(measured, z[:, :named], reduction="none").sum(1).mean()
    return by_encoder, by_measure


def matching(z: Tensor, mu: Tensor, log_variance: Tensor, drawn: Tensor, pictures: Tensor, warmth: float = 0.01, nats: float = 7.0) -> Tensor:
    """Rank a batch's garments for dialled points as the shop floor does, and be right by what is seen.

    Cross-entropy between two distributions over the batch: of log q(z|x), softened by `nats` a dial, and of how much each
    garment's picture looks like the one drawn from z (squared error on coarse cells over `warmth`). Teaches the encoder only.
    """
    seen = F.avg_pool2d(drawn.detach(), COARSE).flatten(1)
    garments = F.avg_pool2d(pictures, COARSE).flatten(1)
    looks = torch.softmax(-(torch.cdist(seen, garments) ** 2) / seen.shape[1] / warmth, 1)
    scores = log_density(z[:, None], mu[None], log_variance[None]).sum(2) / (nats * z.shape[1])
    return -(looks * torch.log_softmax(scores, 1)).sum(1).mean()
