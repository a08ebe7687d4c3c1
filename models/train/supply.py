"""What a run on drawings is fed with: packs in the memory of the device that trains, while more of them are still being drawn.

A processor draws some twenty garments a second, and a GPU is through a hundred times as many: there the packs are drawn beside the
training, by as many processes as there are packs, and `look` takes in what has come since.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from drawings import CHANGED, CHANGED_BY, MOST_WEIGHT, Batch, Drawings, batch_of


class Supply:
    """Drawings of one or several packs, as one; whole groups follow each other."""

    def __init__(self, folders: Sequence[Path], like: np.ndarray | None = None, device: torch.device | str = "cpu") -> None:
        """Take in what is there. Dyes are ranked among those of `like`, the `raw` of others, or else among what is there now."""
        self.folders, self.device, self.counts = list(folders), torch.device(device), [0] * len(folders)
        self.pack = Drawings(self.folders[0])
        self.kinds, self.group, self.turned = self.pack.kinds, self.pack.group, self.pack.turned
        self.raw = np.zeros((0, len(self.pack.raw_names)), np.float32)
        self.like = np.concatenate([Drawings(folder).raw for folder in self.folders]) if like is None else like
        self.held: dict[str, Tensor] = {}
        self.look()

    def __len__(self) -> int:
        return len(self.raw)

    def look(self) -> int:
        """Take in what has been drawn since. Returns how many drawings that is."""
        before = len(self)
        for place, folder in enumerate(self.folders):
            part = Drawings(folder, self.like, self.counts[place])
            whole = len(part) // self.group * self.group
            if whole == 0:
                continue
            came = {
                "rgba": torch.from_numpy(np.ascontiguousarray(part.records["rgba"][:whole])),
                "values": part.values[:whole],
                "has": part.has[:whole],
                "kind": torch.from_numpy(part.records["kind"][:whole].astype(np.int64)),
                "weave": part.weave_places[:whole],
            }
            for name, tensor in came.items():
                self.held[name] = self.with_more(self.held.get(name), tensor)
            self.counts[place] += whole
            self.raw = np.concatenate([self.raw, part.raw[:whole]])
        return len(self) - before

    def with_more(self, there: Tensor | None, more: Tensor) -> Tensor:
        """A tensor on the device with rows behind those that are there; it has room for as many again, so that it is seldom moved."""
        if there is None:
            return more.to(self.device)
        used, needed = len(self), len(self) + len(more)
        if needed > len(there):
            larger = there.new_empty((2 * needed, *there.shape[1:]))
            larger[:used] = there[:used]
            there = larger
        there[used:needed] = more.to(self.device)
        return there

    @property
    def values(self) -> Tensor:
        """Of the named dials [N, TAUGHT]."""
        return self.held["values"][: len(self)]

    @property
    def has(self) -> Tensor:
        """Which named dials each drawing has [N, TAUGHT]."""
        return self.held["has"][: len(self)]

    def batch(self, index: np.ndarray) -> Batch:
        """The drawings of these numbers, on the device."""
        where, held = torch.from_numpy(index).to(self.device), self.held
        return batch_of(*(held[name][where] for name in ("rgba", "values", "has", "kind", "weave")), len(self.kinds))


class Turns:
    """Turned garments to train on: each with each of its parameters turned."""

    def __init__(self, supply: Supply) -> None:
        """Of packs made with `--turned`."""
        self.supply = supply
        self.rows = self.turnable()

    def turnable(self) -> list[tuple[int, np.ndarray]]:
        """Places in a group, and the garments whose parameter of that place was turned."""
        group, raw = self.supply.group, self.supply.raw
        bases = np.arange(0, len(raw) - group + 1, group)
        rows = {place: bases[(raw[bases] != raw[bases + place]).any(1)] for place in range(1, len(self.supply.turned) + 1)}
        return [(place, of) for place, of in rows.items() if len(of)]

    def look(self) -> int:
        """Take in what has been drawn since. Returns how many drawings that is."""
        came = self.supply.look()
        if came:
            self.rows = self.turnable()
        return came

    def batch(self, random: np.random.Generator, count: int) -> tuple[Batch, Tensor]:
        """So many garments, each as it is and then turned, every parameter as often; and the weight [2 * count, 1, S, S] of each
        pixel beside 1: what a turn changes weighs as much in all as CHANGED of the picture, be it ever so small."""
        index = []
        for _ in range(count):
            place, bases = self.rows[random.integers(len(self.rows))]
            base = bases[random.integers(len(bases))]
            index += [base, base + place]
        batch = self.supply.batch(np.array(index))
        pictures = batch.pictures.unflatten(0, (count, 2))
        changed = ((pictures[:, 1] - pictures[:, 0]).abs().amax(1, keepdim=True) > CHANGED_BY).float()
        weight = changed * (CHANGED / changed.mean((1, 2, 3), keepdim=True).clamp_min(CHANGED / MOST_WEIGHT))
        return batch, weight.repeat_interleave(2, 0)
