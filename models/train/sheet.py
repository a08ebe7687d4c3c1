"""Picture sheets of a bundle: what it draws, at screen size, for a person to look at.

    python models/train/sheet.py --run RUN --bundle DIR

DIR/sheet.webp shows decoded garments only: of every kind, of dials set at random, and each dial turned from end to
end on the commonest kind.
RUN/reconstructions.png sets held-out pictures beside what is made of them; it holds pictures of the store, so it stays there.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw
from torch import Tensor

from bundle import Bundle, Decoded
from latent import Dials, Points
from pack import Pack

CELL, LABEL, COLUMNS = 160, 110, 11
"""Pixels of a cell, pixels of the row's label, cells in a row."""


def on_screen(decoded: Decoded, side: int, sharpen: float) -> Tensor:
    """Draw as the screen does [N, 3, side, side]: the logit is scaled up smoothly before it is sharpened, and the rim takes
    its colour from inside the garment, where no background is mixed in."""
    if decoded.alpha_logit is None:
        return F.interpolate(decoded.colour, size=(side, side), mode="bicubic", align_corners=False).clamp(0, 1)
    logit = F.interpolate(decoded.alpha_logit, size=(side, side), mode="bicubic", align_corners=False)
    alpha = torch.sigmoid(logit * sharpen)
    inside = torch.sigmoid(F.interpolate(decoded.alpha_logit, size=decoded.colour.shape[2:], mode="area") * 2) ** 4 + 1e-4
    blurred = F.avg_pool2d(F.pad(decoded.colour * inside, (2, 2, 2, 2), mode="replicate"), 5, 1)
    weight = F.avg_pool2d(F.pad(inside, (2, 2, 2, 2), mode="replicate"), 5, 1)
    colour = inside * decoded.colour + (1 - inside) * blurred / weight
    colour = F.interpolate(colour, size=(side, side), mode="bicubic", align_corners=False).clamp(0, 1)
    return alpha * colour + 1 - alpha


def strip(pictures: Tensor) -> np.ndarray:
    """Pictures [N, 3, s, s] in 0..1 side by side, uint8 [s, N * s, 3]."""
    return (torch.cat(list(pictures), 2).permute(1, 2, 0) * 255).round().to(torch.uint8).numpy()


def labelled(rows: list[tuple[str, np.ndarray]]) -> Image.Image:
    """Rows of pictures under each other, each with its label on the left."""
    width = LABEL + max(row.shape[1] for _, row in rows)
    sheet = Image.new("RGB", (width, CELL * len(rows)), "white")
    draw = ImageDraw.Draw(sheet)
    for i, (name, row) in enumerate(rows):
        draw.text((8, i * CELL + CELL // 2), name, fill="black")
        sheet.paste(Image.fromarray(row), (LABEL, i * CELL))
    return sheet


def kind_points(kind: dict, count: int, rng: np.random.Generator) -> np.ndarray:
    """Points z [count, n] drawn from a kind's Gaussian of the manifest."""
    n = len(kind["mean"])
    factor = np.zeros((n, n))
    factor[np.tril_indices(n)] = kind["factor"]
    return np.array(kind["mean"]) + rng.standard_normal((count, n)) @ factor.T


def usual_garment(manifest: dict, dials: Dials) -> tuple[np.ndarray, str]:
    """The mean z [n] of the commonest kind, and its name: dials are turned from a garment, as shoppers do. Where no kinds are
    told, the middle of all dials, which is a mixture of kinds that no store sells."""
    kinds = manifest.get("kinds", [])
    if not kinds:
        return dials.to_z(np.zeros((1, len(dials.mean))))[0], ""
    usual = max(kinds, key=lambda kind: kind["share"])
    return np.array(usual["mean"]), usual["name"]


def drawn_sheet(bundle: Bundle) -> Image.Image:
    """Rows of decoded garments alone."""
    rng, dials, sharpen = np.random.default_rng(7), Dials.of(bundle.manifest), bundle.manifest["decoder"]["sharpen"]

    def row(z: np.ndarray, *kinds: str) -> np.ndarray:
        """Points z drawn as kinds by turns; a bundle that knows no kinds pays no heed to them."""
        return strip(on_screen(bundle.decode(Points(z, np.resize(kinds, len(z)))), CELL, sharpen))

    every = bundle.categories or [""]
    rows = [(kind["name"], row(kind_points(kind, COLUMNS, rng), kind["name"])) for kind in bundle.manifest.get("kinds", [])]
    rows += [("normal", row(dials.normal(COLUMNS, rng), *np.roll(every, -COLUMNS * i))) for i in range(2)]
    rows += [("uniform dials", row(dials.uniform(COLUMNS, rng), *np.roll(every, -COLUMNS * i))) for i in range(3)]
    start, usual = usual_garment(bundle.manifest, dials)
    for d, dial in enumerate(bundle.manifest.get("dials", [])):
        settings = np.zeros((COLUMNS, len(dials.mean)))
        settings[:, d] = np.linspace(-dials.a, dials.a, COLUMNS)
        turned = np.repeat(start[None], COLUMNS, 0)
        turned[:, d] = dials.to_z(settings)[:, d]
        rows.append((dial.get("name", f"dial {d + 1}"), row(turned, usual)))
    return labelled(rows)


def reconstruction_sheet(bundle: Bundle, store: Pack, count: int = 48, across: int = 16) -> Image.Image:
    """Held-out pictures, each above what the decoder makes of its mu."""
    _, held_out = store.hold_out()
    chosen = held_out[np.random.default_rng(3).choice(len(held_out), min(count, len(held_out)), replace=False)]
    posteriors = bundle.encode(store.pictures[chosen], [store.categories[i] for i in chosen])
    rebuilt = on_screen(bundle.decode(posteriors.means()), CELL, bundle.manifest["decoder"]["sharpen"])
    originals = F.interpolate(store.pictures[chosen].float() / 255, size=(CELL, CELL), mode="bilinear", align_corners=False)
    rows = []
    for start in range(0, len(chosen), across):
        rows += [("held out", strip(originals[start : start + across])), ("decoded", strip(rebuilt[start : start + across]))]
    return labelled(rows)


def draw_sheets(run: Path, folder: Path) -> None:
    """Write both sheets."""
    bundle = Bundle(folder)
    drawn_sheet(bundle).save(folder / "sheet.webp", quality=75, method=6)
    reconstruction_sheet(bundle, Pack.load(run)).save(run / "reconstructions.png")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--bundle", type=Path, required=True)
    a = parser.parse_args()
    draw_sheets(a.run, a.bundle)
