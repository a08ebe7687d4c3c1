"""Drawings of the atelier with their true parameters, as `npm run store -- atelier-pack` writes them (docs/atelier.md)."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import one_hot

from attributes import NAMED, SCORE_LIMIT
from pack import Pack, attributes_of

DIALS: dict[str, tuple[str, ...]] = {
    "lightness": ("lightness",),
    "red-green": ("red-green",),
    "yellow-blue": ("yellow-blue",),
    "length": ("length",),
    "width": ("width",),
    "sleeve": ("sleeve",),
    "neck": ("neck",),
    "hem": ("flare", "leg"),
    "shoulder": ("shoulder",),
    "waist": ("waist",),
    "rise": ("rise",),
}
"""Named dials, and the parameters that they turn. No kind has more than one parameter of a dial: a hem is a skirt's or a leg's."""
PRINTS = ("stripes", "pinstripes", "checks", "dots")
"""Weaves whose second colour is seen from across the shop."""
PRINT_DIALS: dict[str, tuple[str, ...]] = {"stripes": ("stripes", "checks"), "pinstripes": ("pinstripes", "checks"), "dots": ("dots",)}
"""Named dials of prints, and the weaves that show them: checks are stripes both ways. A dial says how bold the print is."""
ABSENT, FAINTEST, BOLDEST = -0.8, 0.4, 1.8
"""Where a print dial stands for cloth without it, and for the faintest and the boldest contrast."""
TAUGHT = (*DIALS, *PRINT_DIALS)
COLOURS = 3
"""The first so many dials are colours, which every garment has."""
CHANGED_BY = 0.06
"""How much of a channel's range a pixel must change by to count as changed."""
CHANGED, MOST_WEIGHT = 0.25, 40.0
END_WORDS = {
    "lightness": ("darker", "lighter"),
    "red-green": ("greener", "redder"),
    "yellow-blue": ("bluer", "yellower"),
    "length": ("shorter", "longer"),
    "width": ("slimmer", "wider"),
    "sleeve": ("shorter sleeves", "longer sleeves"),
    "neck": ("higher neck", "deeper neck"),
    "hem": ("narrower hem", "wider hem"),
    "shoulder": ("set-in shoulder", "dropped shoulder"),
    "waist": ("straighter", "more waisted"),
    "rise": ("lower rise", "higher rise"),
    "stripes": ("plain", "striped"),
    "pinstripes": ("plain", "pinstriped"),
    "dots": ("plain", "dotted"),
}


@dataclass
class Batch:
    """Drawings: `pictures` [B, 3, S, S] over white and `masks` [B, 1, S, S], both 0..1; `values` and `has` [B, TAUGHT]; `kinds`
    [B, kinds] one-hot; `weaves` [B] places in PRINTS from 1 on, 0 for plain cloth."""

    pictures: Tensor
    masks: Tensor
    values: Tensor
    has: Tensor
    kinds: Tensor
    weaves: Tensor

    def joined(self, other: Batch) -> Batch:
        """These drawings, then others."""
        return Batch(*(torch.cat([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)))


def rank_scores(values: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Normal scores of the ranks that values would have among others. Measures come as scores; dyes have to be ranked."""
    known, half = np.sort(among), 0.5 / max(1, len(among))
    share = (np.searchsorted(known, values) + np.searchsorted(known, values, "right")) / 2 / max(1, len(known))
    return torch.special.ndtri(torch.from_numpy(share.clip(half, 1 - half))).clamp(-SCORE_LIMIT, SCORE_LIMIT).numpy()


def batch_of(rgba: Tensor, values: Tensor, has: Tensor, kinds: Tensor, weaves: Tensor, of: int) -> Batch:
    """Records as a batch: `rgba` uint8 [B, S, S, 4], straight; `kinds` [B], each one of so many."""
    straight = rgba.permute(0, 3, 1, 2).float() / 255
    alpha = straight[:, 3:]
    return Batch(straight[:, :3] * alpha + 1 - alpha, alpha, values, has, one_hot(kinds, of).float(), weaves)


class Drawings:
    """A pack on disk. Records 2i and 2i + 1 are a pair: one look, other measures and dye."""

    def __init__(self, folder: Path, like: np.ndarray | None = None, first: int = 0) -> None:
        """Open a pack from its record `first` on. Dyes are ranked among those of `like`, another's `raw`, so that both mean the same by
        a score; else among its own."""
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
        rest = max(0, whole - first)
        offset = first * header["stride"]
        self.records = np.memmap(folder / "drawings.bin", record, "r", offset, (rest,)) if rest else np.zeros(0, record)
        self.kinds: list[str] = header["kinds"]
        self.weaves: list[str] = header["weaves"]
        self.group: int = header.get("group", 2)
        self.turned: list[str] = header.get("turned", [])
        self.raw_names: list[str] = header["values"]
        self.raw = np.asarray(self.records["values"])
        self.print_columns = [self.raw_names.index(name) for name in ("contrast", "repeat")]
        place_of = [1 + PRINTS.index(weave) if weave in PRINTS else 0 for weave in self.weaves]
        self.weave_places = torch.tensor(place_of)[torch.from_numpy(self.records["weave"].astype(np.int64))]
        self.values, self.has = self.dial_values(self.raw if like is None else like)

    def __len__(self) -> int:
        return len(self.records)

    def dial_values(self, like: np.ndarray) -> tuple[Tensor, Tensor]:
        """Values [N, TAUGHT] of the named dials as normal scores, 0 where a garment has none; and which it has."""
        mask = np.asarray(self.records["mask"]) > 0
        values = np.zeros((len(self.raw), len(DIALS)), np.float32)
        has = np.zeros((len(self.raw), len(DIALS)), bool)
        for d, parameters in enumerate(DIALS.values()):
            for name in parameters:
                column = self.raw_names.index(name)
                if d < COLOURS:
                    values[:, d] = rank_scores(self.raw[:, column], like[:, column])
                else:
                    values[:, d] += np.where(mask[:, column], self.raw[:, column], 0)
                has[:, d] |= mask[:, column]
        boldness = (self.raw[:, self.print_columns[0]] + 1) / 2
        shown = np.stack([np.isin(np.array(self.weaves)[self.records["weave"]], weaves) for weaves in PRINT_DIALS.values()], 1)
        prints = np.where(shown, (FAINTEST + (BOLDEST - FAINTEST) * boldness)[:, None], ABSENT).astype(np.float32)
        values, has = np.concatenate([values, prints], 1), np.concatenate([has, np.ones_like(shown)], 1)
        return torch.from_numpy(values), torch.from_numpy(has)

    def wide_repeat(self) -> Tensor:
        """1 for each drawing [N] whose repeat is over the middle of its kind's, else 0."""
        repeat, kinds = self.raw[:, self.print_columns[1]], np.asarray(self.records["kind"])
        striped = self.weave_places.numpy() == 1 + PRINTS.index("stripes")
        wide = np.zeros(len(repeat), np.int64)
        for kind in np.unique(kinds[striped]):
            of_kind = striped & (kinds == kind)
            wide[of_kind] = repeat[of_kind] > (repeat[of_kind].min() + repeat[of_kind].max()) / 2
        return torch.from_numpy(wide)

    def batch(self, index: np.ndarray) -> Batch:
        """The drawings of these numbers."""
        where, kinds = torch.from_numpy(index), torch.from_numpy(self.records["kind"][index].astype(np.int64))
        rgba = torch.from_numpy(self.records["rgba"][index])
        return batch_of(rgba, self.values[where], self.has[where], kinds, self.weave_places[index], len(self.kinds))


def print_bank(drawings: Drawings, count: int = 4000) -> Tensor:
    """What each print looks like [PRINTS + 1, S * S], 0 for the ground and about 1 for the ink: stripes are narrow or wide.

    A print lies in the same place in every picture, so the mean over garments of how far their lightness is from their own mean
    shows it. The ink is lighter than a dark cloth and darker than a light one (`companion` in fabrics.ts).
    """
    index = np.arange(min(count, len(drawings)))
    sums, weights = torch.zeros(len(PRINTS) + 1, *drawings.records["rgba"].shape[1:3]), torch.zeros(len(PRINTS) + 1, *drawings.records["rgba"].shape[1:3])
    wide = drawings.wide_repeat()
    for part in np.array_split(index, max(1, len(index) // 128)):
        batch = drawings.batch(part)
        light, mask = batch.pictures.mean(1), batch.masks[:, 0]
        mean = (light * mask).sum((1, 2)) / mask.sum((1, 2)).clamp_min(1)
        away = (light - mean[:, None, None]) * mask
        spread = (away.square().sum((1, 2)) / mask.sum((1, 2)).clamp_min(1)).sqrt().clamp_min(1e-3)
        sign = torch.where(torch.from_numpy(drawings.raw[part, drawings.raw_names.index("lightness")]) * 25 + 50 < 58, 1.0, -1.0)
        place = torch.where(batch.weaves > 1, batch.weaves, wide[part])
        for i in torch.nonzero(batch.weaves > 0)[:, 0].tolist():
            sums[place[i]] += sign[i] * away[i] / spread[i]
            weights[place[i]] += mask[i]
    maps = (sums / weights.clamp_min(1)).flatten(1)
    low, high = maps.quantile(0.1, 1, keepdim=True), maps.quantile(0.9, 1, keepdim=True)
    return ((maps - low) / (high - low).clamp_min(1e-3)).clamp(-0.2, 1.2)


def pack_store(drawings: Drawings, run: Path) -> Pack:
    """Write drawings as RUN/pack.npz: a store for the programs that describe and evaluate a bundle.

    Attributes are measured from the pictures, but those that are dials here too are the true ones.
    """
    run.mkdir(parents=True, exist_ok=True)
    batches = [drawings.batch(index) for index in np.array_split(np.arange(len(drawings)), max(1, len(drawings) // 256))]
    pictures = torch.cat([(b.pictures * 255).round().to(torch.uint8) for b in batches])
    masks = torch.cat([(b.masks * 255).round().to(torch.uint8) for b in batches])
    attributes = attributes_of(pictures, masks)
    for d, name in enumerate(DIALS):
        if name in NAMED:
            attributes[:, NAMED.index(name)] = drawings.values[:, d]
    names = [f"drawing-{number}" for number in range(len(drawings))]
    kinds = [drawings.kinds[k] for k in drawings.records["kind"]]
    store = Pack(pictures, masks, attributes, names, kinds, [""] * len(names))
    np.savez(
        run / "pack.npz",
        pictures=pictures.numpy(), masks=masks.numpy(), attributes=attributes.numpy(),
        images=np.array(names), categories=np.array(kinds), contributors=np.array(store.contributors),
    )  # fmt: skip
    return store
