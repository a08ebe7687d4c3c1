"""Drawings of the atelier with their true parameters, as `npm run store -- atelier-pack` writes them (docs/atelier.md)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from attributes import SCORE_LIMIT

DIALS: dict[str, tuple[str, ...]] = {
    "lightness": ("lightness",),
    "red-green": ("red-green",),
    "yellow-blue": ("yellow-blue",),
    "length": ("length",),
    "width": ("width",),
    "sleeve": ("sleeve",),
    "neck": ("neck",),
    "hem": ("flare", "leg"),
}
"""Named dials, and the parameters that they turn. No kind has more than one parameter of a dial: a hem is a skirt's or a leg's."""
COLOURS = 3
"""The first so many dials are colours, which every garment has."""
END_WORDS = {
    "lightness": ("darker", "lighter"),
    "red-green": ("greener", "redder"),
    "yellow-blue": ("bluer", "yellower"),
    "length": ("shorter", "longer"),
    "width": ("slimmer", "wider"),
    "sleeve": ("shorter sleeves", "longer sleeves"),
    "neck": ("higher neck", "deeper neck"),
    "hem": ("narrower hem", "wider hem"),
}


@dataclass
class Batch:
    """Drawings: `pictures` [B, 3, S, S] over white and `masks` [B, 1, S, S], both 0..1; `values` and `has` [B, dials]."""

    pictures: Tensor
    masks: Tensor
    values: Tensor
    has: Tensor


class Drawings:
    """A pack on disk. Records 2i and 2i + 1 are a pair: one look, other measures and dye."""

    def __init__(self, folder: Path) -> None:
        header = json.loads((folder / "drawings.json").read_text())
        size, count = header["size"], len(header["values"])
        offsets = header["offsets"]
        record = np.dtype(
            {
                "names": ["rgba", "values", "mask", "kind", "weave"],
                "formats": [("u1", (size, size, 4)), ("<f4", (count,)), ("u1", (count,)), "u1", "u1"],
                "offsets": [offsets["rgba"], offsets["values"], offsets["mask"], offsets["kind"], offsets["weave"]],
                "itemsize": header["stride"],
            }
        )
        whole = (folder / "drawings.bin").stat().st_size // header["stride"]
        self.records = np.memmap(folder / "drawings.bin", record, "r", shape=(whole,))
        self.kinds: list[str] = header["kinds"]
        self.weaves: list[str] = header["weaves"]
        self.values, self.has = self.dial_values(header["values"])

    def __len__(self) -> int:
        return len(self.records)

    def dial_values(self, names: list[str]) -> tuple[Tensor, Tensor]:
        """Values [N, dials] of the named dials as normal scores, 0 where a garment has none; and which it has."""
        raw, mask = np.asarray(self.records["values"]), np.asarray(self.records["mask"]) > 0
        values = np.zeros((len(raw), len(DIALS)), np.float32)
        has = np.zeros((len(raw), len(DIALS)), bool)
        for d, parameters in enumerate(DIALS.values()):
            for name in parameters:
                column = names.index(name)
                values[:, d] += np.where(mask[:, column], raw[:, column], 0)
                has[:, d] |= mask[:, column]
        scores = torch.from_numpy(values)
        # Measures come as normal scores; a dye's share of all dyes has to be found.
        for d in range(COLOURS):
            rank = (scores[:, d].argsort().argsort().double() + 0.5) / len(raw)
            scores[:, d] = torch.special.ndtri(rank).float().clamp(-SCORE_LIMIT, SCORE_LIMIT)
        return scores, torch.from_numpy(has)

    def batch(self, index: np.ndarray) -> Batch:
        """The drawings of these numbers."""
        rgba = torch.from_numpy(self.records["rgba"][index]).permute(0, 3, 1, 2).float() / 255
        alpha = rgba[:, 3:]
        where = torch.from_numpy(index)
        return Batch(rgba[:, :3] * alpha + 1 - alpha, alpha, self.values[where], self.has[where])
