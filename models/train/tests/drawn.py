"""A store of drawn garments for the tests, which need no photographs. Importing it makes the programs importable."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def draw_garment(kind: str, rng: np.random.Generator) -> Image.Image:
    """A shirt or a pair of trousers on white, 200 x 200, of random cut and colour."""
    picture = Image.new("RGB", (200, 200), "white")
    draw = ImageDraw.Draw(picture)
    colour = tuple(int(c) for c in rng.integers(20, 220, 3))
    half, top, bottom = rng.integers(30, 55), rng.integers(10, 40), rng.integers(140, 190)
    if kind == "shirt":
        sleeve = rng.integers(15, 35)
        left = [(100 - half, top), (100 - half - sleeve, top + 40), (100 - half, top + 55), (100 - half, bottom)]
        draw.polygon(left + [(200 - x, y) for x, y in reversed(left)], fill=colour)
    else:
        draw.polygon([(100 - half, top), (100 + half, top), (100 + half + 5, bottom), (110, bottom), (100, top + 50), (90, bottom), (95 - half, bottom)], fill=colour)
    return picture


def draw_store(folder: Path, count: int = 48) -> tuple[Path, Path]:
    """Draw a store; returns the pictures' folder and the catalogue."""
    rng = np.random.default_rng(0)
    pictures = folder / "pictures"
    pictures.mkdir(parents=True)
    catalogue = folder / "catalogue.csv"
    with catalogue.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["image", "category"])
        for i in range(count):
            kind = ("shirt", "trousers")[i % 2]
            draw_garment(kind, rng).save(pictures / f"{i:03}.png")
            writer.writerow([f"{i:03}.png", kind])
    return pictures, catalogue
