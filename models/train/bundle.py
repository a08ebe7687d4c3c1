"""A bundle as the box sees it: a manifest, and ONNX nets fed and read as the manifest says (format: models/BUNDLE.md)."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F
from torch import Tensor

from latent import Points, Posteriors

LUMA = torch.tensor([0.2126, 0.7152, 0.0722])


def open_session(path: Path) -> onnxruntime.InferenceSession:
    """A net on one thread of the CPU that does not spin while it waits."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def to_sigma(values: np.ndarray, parametrisation: str, bounds: tuple[float, float]) -> np.ndarray:
    """The encoder's second output as sigma, clamped to the manifest's `sigmaRange`."""
    values = values.astype(np.float64)
    readings = {
        "logvar": lambda v: np.exp(v / 2),
        "logsigma": np.exp,
        "variance": np.sqrt,
        "sigma": lambda v: v,
        "softplus": lambda v: np.logaddexp(0, v),
    }
    return np.clip(readings[parametrisation](values), *bounds)


@dataclass(frozen=True)
class Decoded:
    """What the decoder made: `colour` [N, 3, h, w] in 0..1, and `alpha_logit` [N, 1, H, W] or None."""

    colour: Tensor
    alpha_logit: Tensor | None

    def picture(self, sharpness: float = 1.0) -> tuple[Tensor, Tensor]:
        """Over white [N, 3, H, W], and its alpha [N, 1, H, W]. A net without alpha is given one by its darkness."""
        if self.alpha_logit is None:
            return self.colour, (self.colour.amin(1, keepdim=True) < 0.96).float()
        alpha = torch.sigmoid(self.alpha_logit * sharpness)
        colour = F.interpolate(self.colour, size=alpha.shape[2:], mode="bilinear", align_corners=False)
        return alpha * colour + 1 - alpha, alpha


class Bundle:
    """A bundle folder, opened. `precision` picks the files: the first of each role, or the first of that precision."""

    def __init__(self, folder: Path, precision: str | None = None) -> None:
        self.folder = folder
        self.manifest: dict = json.loads((folder / "manifest.json").read_text())
        self.encoder = open_session(self.model("encoder", precision))
        self.decoder = open_session(self.model("decoder", precision))

    def model(self, role: str, precision: str | None) -> Path:
        """The path of the first CPU file of a role."""
        for file in self.manifest["files"]:
            if file["role"] == role and "cpu" in file["runtimes"] and precision in (None, file.get("precision")):
                return self.folder / file["path"]
        raise SystemExit(f"{self.folder / 'manifest.json'} lists no {role} for the CPU of precision {precision}: add one to `files`.")

    def feed(self, pictures: Tensor) -> np.ndarray:
        """Pictures uint8 [N, 3, H, W] over white as the tensors that the encoder is fed, one a row."""
        section = self.manifest["encoder"]["input"]
        x = pictures.float()
        if x.shape[2:] != (section["height"], section["width"]):
            x = F.interpolate(x, size=(section["height"], section["width"]), mode="area")
        if section["channels"] == "grey":
            x = (x * LUMA[None, :, None, None]).sum(1, keepdim=True)
        elif section.get("colourOrder", "RGB") == "BGR":
            x = x.flip(1)
        low, high = section["range"]
        x = low + (high - low) * x / 255
        if "mean" in section:
            x = x - torch.tensor(section["mean"])[None, :, None, None]
        if "std" in section:
            x = x / torch.tensor(section["std"])[None, :, None, None]
        return (x.permute(0, 2, 3, 1) if section["layout"] == "NHWC" else x).contiguous().numpy()

    @property
    def categories(self) -> list[str]:
        """The kinds that the nets are told; none of a bundle that is not conditional."""
        return self.manifest.get("conditions", {}).get("categories", [])

    def told(self, role: str, kind: str | None) -> dict[str, np.ndarray]:
        """The input that tells a net the kind [1, kinds], by its name; the manifest's default where the bundle does not know it."""
        name = self.manifest[role].get("conditionInput")
        if name is None:
            return {}
        place = self.categories.index(kind if kind in self.categories else self.manifest["conditions"]["default"])
        return {name: np.eye(len(self.categories), dtype=np.float32)[place : place + 1]}

    def encode(self, pictures: Tensor, kinds: Sequence[str] | None = None) -> Posteriors:
        """The posteriors of pictures uint8 [N, 3, H, W]; a conditional bundle is told each one's kind."""
        if not self.categories:
            kinds = None
        tensors = (tensor for batch in pictures.split(64) for tensor in self.feed(batch))
        parts = [self.read(self.encoder, tensor, kinds[i] if kinds is not None else None) for i, tensor in enumerate(tensors)]
        of_kinds = None if kinds is None else np.array(kinds)
        return Posteriors(np.concatenate([p.mu for p in parts]), np.concatenate([p.sigma for p in parts]), of_kinds)

    def read(self, encoder: onnxruntime.InferenceSession, tensor: np.ndarray, kind: str | None = None) -> Posteriors:
        """Run an encoder of this bundle on one tensor as fed."""
        section = self.manifest["encoder"]
        scale = section["outputs"]["scale"]
        fed = {section["input"]["name"]: tensor[None]} | self.told("encoder", kind)
        mu, second = encoder.run([section["outputs"]["mu"], scale["name"]], fed)
        return Posteriors(mu.astype(np.float64), to_sigma(second, scale["parametrisation"], section["sigmaRange"]))

    def draw(self, decoder: onnxruntime.InferenceSession, z: np.ndarray, kind: str | None = None) -> dict[str, np.ndarray]:
        """Run a decoder of this bundle on one z [n]; its outputs as they come, by 'colour' and 'alpha'."""
        outputs = self.manifest["decoder"]["outputs"]
        keys = [key for key in ("colour", "alpha") if key in outputs]
        fed = {self.manifest["decoder"]["input"]["name"]: z[None].astype(np.float32)} | self.told("decoder", kind)
        found = decoder.run([outputs[key]["name"] for key in keys], fed)
        return dict(zip(keys, found))

    def decode(self, points: Points) -> Decoded:
        """Pictures of points."""
        outputs = self.manifest["decoder"]["outputs"]
        kinds = [None] * len(points) if points.kinds is None else points.kinds
        drawn = [self.draw(self.decoder, row, kind) for row, kind in zip(points.z, kinds)]
        colour = torch.from_numpy(np.concatenate([d["colour"] for d in drawn]))
        section = outputs["colour"]
        if section["layout"] == "NHWC":
            colour = colour.permute(0, 3, 1, 2)
        low, high = section["range"]
        colour = ((colour - low) / (high - low)).clamp(0, 1)
        logit = None
        if section["channels"] == "rgba":
            logit, colour = torch.logit(colour[:, 3:], eps=1e-4), colour[:, :3]
        if section["channels"] == "grey":
            colour = colour.expand(-1, 3, -1, -1)
        elif section.get("colourOrder", "RGB") == "BGR":
            colour = colour.flip(1)
        if "alpha" in outputs:
            logit = torch.from_numpy(np.concatenate([d["alpha"] for d in drawn]))
            logit = logit.permute(0, 3, 1, 2) if outputs["alpha"]["layout"] == "NHWC" else logit
            logit = torch.logit(logit, eps=1e-4) if outputs["alpha"]["scale"] == "unit" else logit
        return Decoded(colour, logit)


def digest(path: Path) -> dict:
    """The `sha256` and `bytes` of a file, as the manifest lists them."""
    content = path.read_bytes()
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def write_manifest(folder: Path, manifest: dict) -> None:
    """Write manifest.json aside, then rename it into place."""
    aside = folder / "manifest.part"
    aside.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    os.replace(aside, folder / "manifest.json")
