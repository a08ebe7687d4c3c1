"""A VAE that was not made with this project: PyTorch, grey, 28 x 28, values -1..1, the encoder's second output log sigma.

    python models/train/examples/torch_grey.py --run RUN --bundle DIR [--epochs 10]

It reads RUN/pack.npz (see pack.py) for want of other data, and writes DIR/encoder.float32.onnx, DIR/decoder.float32.onnx and
RUN/draft.json. From there on it is described, quantised and evaluated like any other: see docs/your-own-model.md.
"""

from __future__ import annotations

import argparse
import json
import warnings
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

LATENT = 6


class Encoder(nn.Module):
    """Picture [B, 1, 28, 28] to mu and log sigma [B, 6]."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 16, 4, 2, 1), nn.ReLU(), nn.Conv2d(16, 32, 4, 2, 1), nn.ReLU(), nn.Flatten(), nn.Linear(32 * 49, 128), nn.ReLU()
        )  # fmt: skip
        self.mu, self.log_sigma = nn.Linear(128, LATENT), nn.Linear(128, LATENT)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        h = self.body(x)
        return self.mu(h), self.log_sigma(h)


def decoder() -> nn.Sequential:
    """z [B, 6] to a picture [B, 1, 28, 28] in -1..1; nearest resize and convolution, which int8 can run."""
    return nn.Sequential(
        nn.Linear(LATENT, 128), nn.ReLU(), nn.Linear(128, 32 * 49), nn.ReLU(), nn.Unflatten(1, (32, 7, 7)),
        nn.Upsample(scale_factor=2), nn.Conv2d(32, 16, 3, 1, 1), nn.ReLU(),
        nn.Upsample(scale_factor=2), nn.Conv2d(16, 1, 3, 1, 1), nn.Tanh(),
    )  # fmt: skip


def grey_pictures(run: Path) -> Tensor:
    """The packed store in grey [N, 1, 28, 28], -1..1."""
    with np.load(run / "pack.npz") as file:
        rgb = torch.from_numpy(file["pictures"]).float()
    luma = (rgb * torch.tensor([0.2126, 0.7152, 0.0722])[None, :, None, None]).sum(1, keepdim=True)
    return F.interpolate(luma, size=(28, 28), mode="area") / 127.5 - 1


def fit(encode: nn.Module, decode: nn.Module, pictures: Tensor, epochs: int) -> None:
    """A plain VAE: squared error and KL, both summed."""
    optimiser = torch.optim.Adam([*encode.parameters(), *decode.parameters()], 2e-3)
    for _ in range(epochs):
        for x in pictures[torch.randperm(len(pictures))].split(64):
            mu, log_sigma = encode(x)
            z = mu + torch.randn_like(mu) * log_sigma.exp()
            kl = 0.5 * (mu**2 + (2 * log_sigma).exp() - 1 - 2 * log_sigma).sum(1).mean()
            loss = 0.5 * ((decode(z) - x) ** 2).sum() / len(x) + kl
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()


DRAFT = {
    "latentDim": LATENT,
    "range": 5,
    "encoder": {
        "input": {"name": "x", "layout": "NCHW", "width": 28, "height": 28, "channels": "grey", "range": [-1, 1], "background": [255, 255, 255]},
        "outputs": {"mu": "mu", "scale": {"name": "log_sigma", "parametrisation": "logsigma"}},
        "sigmaRange": [1e-4, 1e2],
    },
    "decoder": {
        "input": {"name": "z"},
        "outputs": {"colour": {"name": "y", "layout": "NCHW", "width": 28, "height": 28, "channels": "grey", "range": [-1, 1]}},
        "sharpen": 1,
    },
}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=10)
    a = parser.parse_args()
    torch.manual_seed(0)
    encode, decode = Encoder(), decoder()
    fit(encode, decode, grey_pictures(a.run), a.epochs)
    a.bundle.mkdir(parents=True, exist_ok=True)
    warnings.simplefilter("ignore")  # the exporter used here says that it is not the newest one
    export = {"opset_version": 17, "dynamo": False}
    torch.onnx.export(encode.eval(), torch.zeros(1, 1, 28, 28), a.bundle / "encoder.float32.onnx", input_names=["x"], output_names=["mu", "log_sigma"], **export)
    torch.onnx.export(decode.eval(), torch.zeros(1, LATENT), a.bundle / "decoder.float32.onnx", input_names=["z"], output_names=["y"], **export)
    (a.run / "draft.json").write_text(json.dumps(DRAFT, indent=1))
