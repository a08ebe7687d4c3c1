"""Find the garment in a picture: a mask by threshold, connected components and filled holes.

Only numpy and pillow are used, so that training needs no image library beside them. Components are labelled by
runs (stretches of set pixels in a row): a 256 px picture has about a thousand of them, against 65,536 pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

BACKGROUND_LEVEL = 246
"""A pixel whose darkest channel is at least this bright counts as background."""
SMALLEST_PART = 0.06
"""A part smaller than this share of the largest one is dirt, not a second shoe."""
LARGEST_HOLE = 0.04
"""A hole up to this share of the garment is a white print and gets filled; a larger one is a real opening."""


@dataclass(frozen=True)
class Component:
    """A connected set of pixels: its label in the label image, its area in pixels, and whether it meets the border."""

    label: int
    area: int
    meets_border: bool


def runs_of(mask: np.ndarray) -> np.ndarray:
    """Every run of set pixels in a boolean mask [H, W], as rows of (y, first x, x after the last), in reading order."""
    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), np.int8)
    padded[:, 1:-1] = mask
    step = np.diff(padded, axis=1)
    y, first = np.nonzero(step == 1)
    _, after = np.nonzero(step == -1)
    return np.stack([y, first, after], axis=1)


def label(mask: np.ndarray, diagonal: bool) -> tuple[np.ndarray, list[Component]]:
    """Label the connected components of a boolean mask [H, W].

    Returns labels [H, W] (0 is unset) and the components. `diagonal` joins pixels that touch at a corner.
    """
    height, width = mask.shape
    runs = runs_of(mask).tolist()
    parent = list(range(len(runs)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    reach = 1 if diagonal else 0
    above = 0  # the first run of the row above that can still touch
    for i, (y, first, after) in enumerate(runs):
        while above < i and (runs[above][0] < y - 1 or (runs[above][0] == y - 1 and runs[above][2] + reach <= first)):
            above += 1
        j = above
        while j < i and runs[j][0] == y - 1 and runs[j][1] < after + reach:
            a, b = root(i), root(j)
            parent[max(a, b)] = min(a, b)
            j += 1

    labels = np.zeros(mask.shape, np.int32)
    number: dict[int, int] = {}
    area: list[int] = []
    border: list[bool] = []
    for i, (y, first, after) in enumerate(runs):
        k = number.setdefault(root(i), len(number))
        if k == len(area):
            area.append(0)
            border.append(False)
        labels[y, first:after] = k + 1
        area[k] += after - first
        border[k] |= y == 0 or y == height - 1 or first == 0 or after == width
    return labels, [Component(k + 1, a, b) for k, (a, b) in enumerate(zip(area, border))]


def _opened_and_closed(mask: np.ndarray) -> np.ndarray:
    """Take away specks and hairs (3 px), then bridge cracks (5 px)."""
    image = Image.fromarray(mask.astype(np.uint8) * 255)
    image = image.filter(ImageFilter.MinFilter(3)).filter(ImageFilter.MaxFilter(3))
    image = image.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.MinFilter(5))
    return np.asarray(image) > 127


def garment_mask(rgb: np.ndarray) -> np.ndarray:
    """The garment in a picture [H, W, 3] uint8 on a light ground, as a boolean mask [H, W]; all false if there is none."""
    mask = _opened_and_closed(rgb.min(axis=2) < BACKGROUND_LEVEL)
    labels, parts = label(mask, diagonal=True)
    if not parts:
        return mask
    largest = max(part.area for part in parts)
    mask = np.isin(labels, [part.label for part in parts if part.area > SMALLEST_PART * largest])
    labels, grounds = label(~mask, diagonal=False)
    holes = [g.label for g in grounds if not g.meets_border and g.area < LARGEST_HOLE * largest]
    return mask | np.isin(labels, holes)
