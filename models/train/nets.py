"""The encoder and the decoder.

Both are built for an int8 CPU and a small GPU: 3x3 and 4x4 convolutions, ReLU, pixel shuffle, no transposed
convolution, no normalisation that outlives export, and no operation that leaves the range of float16.
"""

from __future__ import annotations

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

PICTURE = 128
"""Side of the encoder's picture and of the decoder's alpha; colour is half of it."""
LEAK = 0.1
"""Of nets for drawings."""
LOG_VARIANCE_SWING = 0.6
"""How far one garment's log sigma^2 may lie from its dial's own: what keeps log q(z|x) sane away from the data."""
WEIGHED_SWING = 2.0
"""How much further weighing (weigh.py) may move it: what a dial changes of a picture differs more between garments than how well it is read."""


def activation(leak: float) -> nn.Module:
    """Of the layers without a norm. With `leak` a unit that fell silent can come back: at a high rate four in five fell."""
    return nn.LeakyReLU(leak) if leak else nn.ReLU()


class Upsample(nn.Module):
    """Convolution, batch norm, ReLU, pixel shuffle: twice the side.

    The norm stands before the shuffle, so that it folds into the convolution. ICNR: the four sub-pixels start as
    equal filters, so that an untrained layer is a nearest-neighbour resize and leaves no chequerboard.
    """

    def __init__(self, inputs: int, outputs: int, last: bool = False) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs * 4, 3, padding=1, bias=last)
        self.norm = None if last else nn.BatchNorm2d(outputs * 4)
        with torch.no_grad():
            kernel = torch.empty(outputs, inputs, 3, 3)
            nn.init.kaiming_normal_(kernel, nonlinearity="relu")
            self.convolution.weight.copy_(kernel.repeat_interleave(4, 0) * (0.3 if last else 1.0))
            if last:
                self.convolution.bias.zero_()

    def forward(self, x: Tensor) -> Tensor:
        x = self.convolution(x)
        if self.norm is not None:
            x = F.relu(self.norm(x))
        return F.pixel_shuffle(x, 2)


class Decoder(nn.Module):
    """z [B, n] to an alpha logit [B, 1, 128, 128] and a colour logit [B, 3, 64, 64].

    Colour is two base colours read from z alone, a map that mixes them, and detail on top: hue is learnt apart from
    shape and at once, where convolutions would take most of the training to find it.
    """

    def __init__(self, dials: int, widths: tuple[int, ...] = (96, 80, 64, 40, 24), hidden: int = 192) -> None:
        super().__init__()
        self.dials, self.widths, self.hidden = dials, widths, hidden
        self.first = nn.Linear(dials, hidden)
        self.second = nn.Linear(hidden, widths[0] * 16)
        self.ups = nn.ModuleList(Upsample(i, o) for i, o in zip(widths, widths[1:]))
        self.alpha_head = Upsample(widths[-1], 1, last=True)
        self.colour_head = nn.Conv2d(widths[-1], 4, 3, padding=1)
        self.base_hidden, self.base = nn.Linear(dials, 64), nn.Linear(64, 6)
        with torch.no_grad():
            self.colour_head.weight.mul_(0.3)
            self.base.weight.mul_(0.3)

    def parts(self, z: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Alpha logit, colour logit, and the detail [B, 3, 64, 64] that is part of the latter."""
        h = F.relu(self.second(F.relu(self.first(z)))).view(-1, self.widths[0], 4, 4)
        for up in self.ups:
            h = up(h)
        drawn = self.colour_head(h)
        detail, mix = drawn[:, :3], torch.sigmoid(drawn[:, 3:])
        base = self.base(F.relu(self.base_hidden(z))).view(-1, 6, 1, 1)
        main, other = base[:, :3], base[:, 3:]
        return self.alpha_head(h), main + mix * other + detail, detail

    def forward(self, z: Tensor) -> tuple[Tensor, Tensor]:
        alpha, colour, _ = self.parts(z)
        return alpha, colour


def opponents(cells: int) -> Tensor:
    """A fixed matrix [5 * cells, 3 * cells]: per cell red, green, blue, and red-green and yellow-blue differences, enlarged.

    Most clothes are nearly grey. Learning differences of a hundredth from raw channels takes far longer than from these.
    """
    rows = torch.tensor([[1, 0, 0], [0, 1, 0], [0, 0, 1], [6, -6, 0], [-3, -3, 6]], dtype=torch.float32)
    return torch.kron(rows, torch.eye(cells))


class PrintDecoder(nn.Module):
    """z [B, n], and the kind as one-hot [B, kinds] where there are kinds, to an alpha logit [B, 1, 128, 128] and a colour logit
    [B, 3, 128, 128]: for cloth with seams and prints.

    A print (stripes, checks, dots) is the same wherever a garment lies, and no convolution finds it in an hour: a bank of
    whole pictures, each in an ink that z chooses, laid over everything; the convolutions take it away where cloth is not
    printed. Base colours and inks are read from z alone.
    """

    def __init__(
        self, dials: int, kinds: int = 0, leak: float = 0.0, widths: tuple[int, ...] = (128, 96, 64, 48, 24), hidden: int = 320, prints: int = 6
    ) -> None:
        super().__init__()
        self.dials, self.kinds, self.widths, self.hidden = dials, kinds, widths, hidden
        self.activation = activation(leak)
        self.first = nn.Linear(dials + kinds, hidden)
        self.middle = nn.Linear(hidden, hidden)
        self.second = nn.Linear(hidden, widths[0] * 16)
        self.ups = nn.ModuleList(Upsample(i, o) for i, o in zip(widths, widths[1:]))
        self.head = Upsample(widths[-1], 5, last=True)
        self.base_hidden = nn.Linear(dials + kinds, 96)
        self.base = nn.Linear(96, 6)
        self.ink_hidden, self.inks = nn.Linear(hidden, 128), nn.Linear(128, 3 * prints)
        self.bank = nn.Parameter(0.1 * torch.randn(prints, PICTURE * PICTURE))
        with torch.no_grad():
            self.base.weight.mul_(0.3)

    def parts(self, z: Tensor, kind: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """Alpha logit, colour logit, and the detail [B, 3, 128, 128] that is part of the latter."""
        z = z if kind is None else torch.cat([z, kind], 1)
        known = self.activation(self.first(z))
        known = known + self.activation(self.middle(known))
        h = self.activation(self.second(known)).view(-1, self.widths[0], 4, 4)
        for up in self.ups:
            h = up(h)
        drawn = self.head(h)
        alpha, mix, detail = drawn[:, :1], torch.sigmoid(drawn[:, 1:2]), drawn[:, 2:]
        main, other = self.base(self.activation(self.base_hidden(z))).view(-1, 6, 1, 1).split(3, 1)
        inks = self.inks(self.activation(self.ink_hidden(known))).view(-1, 3, len(self.bank))
        laid = (inks @ self.bank).view(-1, 3, PICTURE, PICTURE)
        return alpha, main + mix * other + laid + detail, detail

    def forward(self, z: Tensor, kind: Tensor | None = None) -> tuple[Tensor, Tensor]:
        alpha, colour, _ = self.parts(z, kind)
        return alpha, colour


class Encoder(nn.Module):
    """1 - picture [B, 3, 128, 128], and the kind as one-hot [B, kinds] where there are kinds, to mu [B, n] and log sigma^2 [B, n].

    Besides the convolutions, a coarse 4 x 4 average of the picture goes to the last layers, in float32: the colour dials are
    averages, and what is averaged early keeps its precision in bfloat16 and in int8.
    """

    def __init__(
        self, dials: int, kinds: int = 0, leak: float = 0.0, widths: tuple[int, ...] = (16, 32, 64, 96, 128), hidden: int = 256, mixed: int = 128
    ) -> None:
        super().__init__()
        self.activation = activation(leak)
        self.dials, self.kinds, self.widths = dials, kinds, widths
        layers: list[nn.Module] = []
        for inputs, outputs in zip((3, *widths), widths):
            layers += [nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
        self.convolutions = nn.Sequential(*layers)
        self.first = nn.Linear(widths[-1] * 16, hidden)
        self.register_buffer("opponents", opponents(16), persistent=False)
        self.coarse = nn.Linear(80, 64)
        self.mix = nn.Linear(hidden + 64 + kinds, mixed)
        self.last = nn.Linear(mixed, 2 * dials)
        self.log_variance = nn.Parameter(torch.full((dials,), -2.0))

    def seen(self, inverted: Tensor, kind: Tensor | None) -> Tensor:
        """What the last layers go by [B, features], float32."""
        h = self.activation(self.first(self.convolutions(inverted).flatten(1)))
        with torch.autocast(inverted.device.type, enabled=False):
            cells = F.avg_pool2d(inverted.float(), PICTURE // 4).flatten(1)
            coarse = self.activation(F.linear(cells, self.coarse.weight @ self.opponents, self.coarse.bias))
        return torch.cat([h.float(), coarse] if kind is None else [h.float(), coarse, kind], 1)

    def told(self, seen: Tensor) -> tuple[Tensor, Tensor]:
        """mu [B, n] of every dial, and how far log sigma^2 [B, n] lies from the dial's own."""
        mu, swing = self.last(self.activation(self.mix(seen))).chunk(2, 1)
        return mu, LOG_VARIANCE_SWING * torch.tanh(swing)

    @torch.no_grad()
    def standardise(self, mean: Tensor, spread: Tensor) -> None:
        """Shift and scale mu so that dials of this mean and spread [n] get mean 0 and variance 1."""
        self.last.weight[: self.dials] /= spread[:, None]
        self.last.bias[: self.dials] = (self.last.bias[: self.dials] - mean) / spread
        self.log_variance -= 2 * spread.log()

    def forward(self, inverted: Tensor, kind: Tensor | None = None) -> tuple[Tensor, Tensor]:
        seen = self.seen(inverted, kind)
        with torch.autocast(inverted.device.type, enabled=False):
            mu, swing = self.told(seen)
        return mu, self.log_variance + swing


class TaughtEncoder(Encoder):
    """An encoder whose first dials, so many as are `named`, are taught true values, and whose others the decoder makes its own.

    The others read what the first have learnt to see, and change nothing in it: the pictures' gradient is large and noisy, and
    with it in the convolutions no neckline was found in 2,000 steps that is found in 400 without.
    """

    def __init__(self, dials: int, named: int, kinds: int = 0, leak: float = 0.0, own: int = 96, weighed: int = 192) -> None:
        super().__init__(dials, kinds, leak, widths=(24, 48, 80, 112, 144), mixed=192)
        self.named = named
        self.own_mix = nn.Linear(self.mix.in_features, own)
        self.own_last = nn.Linear(own, 2 * (dials - named))
        self.last = nn.Linear(self.mix.out_features, 2 * named)
        self.weigh_mix, self.weigh_last = nn.Linear(self.mix.out_features + own, weighed), nn.Linear(weighed, dials)
        nn.init.zeros_(self.weigh_last.weight)
        nn.init.zeros_(self.weigh_last.bias)
        # Weighing alone moves them, when everything else stands still.
        self.weigh_mix.requires_grad_(False)
        self.weigh_last.requires_grad_(False)

    def features(self, seen: Tensor) -> tuple[Tensor, Tensor]:
        """What the last layers for named and for own dials go by [B, mixed] and [B, own]."""
        return self.activation(self.mix(seen)), self.activation(self.own_mix(seen.detach()))

    def weighed(self, features: Tensor) -> Tensor:
        """What weighing adds to log sigma^2 [B, n], of both features in a row [B, mixed + own]; 0 before."""
        return WEIGHED_SWING * torch.tanh(self.weigh_last(self.activation(self.weigh_mix(features))))

    def told(self, seen: Tensor) -> tuple[Tensor, Tensor]:
        mixed, own = self.features(seen)
        (mu, swing), (own_mu, own_swing) = self.last(mixed).chunk(2, 1), self.own_last(own).chunk(2, 1)
        read = LOG_VARIANCE_SWING * torch.tanh(torch.cat([swing, own_swing], 1))
        return torch.cat([mu, own_mu], 1), read + self.weighed(torch.cat([mixed, own], 1).detach())

    @torch.no_grad()
    def standardise(self, mean: Tensor, spread: Tensor) -> None:
        """Shift and scale the own dials' mu to mean 0 and variance 1, given what they have [n]; named ones stay as they are."""
        free = self.dials - self.named
        self.own_last.weight[:free] /= spread[self.named :, None]
        self.own_last.bias[:free] = (self.own_last.bias[:free] - mean[self.named :]) / spread[self.named :]
        self.log_variance[self.named :] -= 2 * spread[self.named :].log()


def composite(alpha_logit: Tensor, colour_logit: Tensor, sharpness: float = 1.0) -> tuple[Tensor, Tensor]:
    """The picture over white [B, 3, 128, 128] and its alpha [B, 1, 128, 128], as sigmoid(sharpness * logit)."""
    alpha = torch.sigmoid(alpha_logit.float() * sharpness)
    colour = torch.sigmoid(colour_logit.float())
    if colour.shape[2:] != alpha.shape[2:]:
        colour = F.interpolate(colour, size=alpha.shape[2:], mode="bilinear", align_corners=False)
    return alpha * colour + (1 - alpha), alpha


def mixed_precision(device: torch.device) -> torch.autocast:
    """bfloat16 where the device computes in it. A processor that only stores it takes ten times as long as with float32."""
    native = device.type != "cpu" or torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return torch.autocast(device.type, torch.bfloat16, enabled=native)
