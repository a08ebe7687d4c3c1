"""Pack a folder of pictures and a catalogue into one file to train from: 128 px pictures, masks, attributes.

    python models/train/pack.py --pictures DIR --catalogue CSV --out RUN

The catalogue needs a column `image`. `category` (the garment's kind) and `contributor` (who took the picture, which
the hold-out then goes by) are used where they are there. A picture with transparency brings its own mask.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageFilter

from attributes import measure
from progress import Progress
from silhouette import garment_mask

SIZE = 128
"""Side of a packed picture, in pixels; what the encoder reads."""
WORKING_SIZE = 256
"""Side at which the mask is found."""
SMALLEST_GARMENT, LARGEST_GARMENT = 0.023, 0.97
"""Shares of the picture outside of which a mask is no garment: nothing found, or no plain background."""


@dataclass
class Pack:
    """A packed store. `pictures` uint8 [N, 3, 128, 128] over white, `masks` uint8 [N, 1, 128, 128], `attributes` [N, 6]."""

    pictures: torch.Tensor
    masks: torch.Tensor
    attributes: torch.Tensor
    images: list[str]
    categories: list[str]
    contributors: list[str]

    @classmethod
    def load(cls, run: Path) -> Pack:
        """Read what `pack` wrote."""
        with np.load(run / "pack.npz") as file:
            return cls(
                torch.from_numpy(file["pictures"]),
                torch.from_numpy(file["masks"]),
                torch.from_numpy(file["attributes"]),
                file["images"].tolist(),
                file["categories"].tolist(),
                file["contributors"].tolist(),
            )

    def hold_out(self, share: float = 0.1, seed: int = 1) -> tuple[torch.Tensor, torch.Tensor]:
        """Indices to train on and indices held out: by contributor where the catalogue names them, else by picture."""
        groups = self.contributors if all(self.contributors) else self.images
        names = sorted(set(groups))
        order = np.random.default_rng(seed).permutation(len(names))
        held = {names[i] for i in order[: max(1, round(share * len(names)))]}
        is_held = torch.tensor([group in held for group in groups])
        return torch.nonzero(~is_held)[:, 0], torch.nonzero(is_held)[:, 0]


def square(picture: Image.Image) -> tuple[np.ndarray, np.ndarray | None]:
    """Fit a picture into a white square: RGB uint8 [256, 256, 3], and its own mask if it has transparency."""
    rgba = picture.convert("RGBA")
    rgba.thumbnail((WORKING_SIZE, WORKING_SIZE), Image.Resampling.LANCZOS)
    if max(rgba.size) < WORKING_SIZE:
        scale = WORKING_SIZE / max(rgba.size)
        rgba = rgba.resize((round(rgba.width * scale), round(rgba.height * scale)), Image.Resampling.BICUBIC)
    canvas = Image.new("RGBA", (WORKING_SIZE, WORKING_SIZE), (255, 255, 255, 0))
    canvas.paste(rgba, ((WORKING_SIZE - rgba.width) // 2, (WORKING_SIZE - rgba.height) // 2))
    own = np.asarray(canvas.getchannel("A"))
    white = Image.new("RGBA", canvas.size, (255, 255, 255, 255))
    rgb = np.asarray(Image.alpha_composite(white, canvas).convert("RGB"))
    transparent = np.asarray(rgba.getchannel("A")).min() < 128
    return rgb, own > 127 if transparent else None


def pack_picture(picture: Image.Image) -> tuple[np.ndarray, np.ndarray] | None:
    """One picture as (RGB uint8 [128, 128, 3] over white, mask uint8 [128, 128]); None where no garment is found."""
    rgb, mask = square(picture)
    if mask is None:
        mask = garment_mask(rgb)
    if not SMALLEST_GARMENT < mask.mean() < LARGEST_GARMENT:
        return None
    soft = Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.GaussianBlur(0.8))
    alpha = np.asarray(soft.resize((SIZE, SIZE), Image.Resampling.BOX))
    small = np.asarray(Image.fromarray(rgb).resize((SIZE, SIZE), Image.Resampling.BOX))
    return np.where(alpha[..., None] < 3, 255, small).astype(np.uint8), alpha


def attributes_of(pictures: torch.Tensor, masks: torch.Tensor) -> torch.Tensor:
    """Attributes [N, 6] of packed pictures and masks, in batches."""
    parts = [measure(p.float() / 255, m.float() / 255) for p, m in zip(pictures.split(256), masks.split(256))]
    return torch.cat(parts)


def pack(pictures: Path, catalogue: Path, run: Path, leave_out: tuple[str, ...] = ()) -> Pack:
    """Pack every garment of the catalogue but the categories in `leave_out`, and write RUN/pack.npz and RUN/left-out.json."""
    run.mkdir(parents=True, exist_ok=True)
    with catalogue.open(newline="", encoding="utf-8-sig") as file:
        header = file.readline()
        file.seek(0)
        rows = list(csv.DictReader(file, delimiter=";" if header.count(";") > header.count(",") else ","))
    if not rows or "image" not in rows[0]:
        raise SystemExit(f"{catalogue} has no column 'image': give the catalogue a header line with at least that name.")
    kept: list[dict[str, str]] = []
    packed: list[tuple[np.ndarray, np.ndarray]] = []
    left: dict[str, str] = {}
    progress = Progress("pack", len(rows))
    for row in rows:
        progress.step()
        if row.get("category", "") in leave_out:
            left[row["image"]] = f"category {row['category']} is left out"
            continue
        try:
            with Image.open(pictures / row["image"]) as image:
                one = pack_picture(image)
        except OSError as error:
            left[row["image"]] = f"cannot be read: {error.strerror or error}"
            continue
        if one is None:
            left[row["image"]] = "no garment found on a plain light background"
            continue
        kept.append(row)
        packed.append(one)
    if not packed:
        raise SystemExit(f"No garment of {catalogue} could be packed: {next(iter(left.values()), 'it names none')}.")
    x = torch.from_numpy(np.stack([p for p, _ in packed])).permute(0, 3, 1, 2).contiguous()
    m = torch.from_numpy(np.stack([a for _, a in packed]))[:, None].contiguous()
    store = Pack(x, m, attributes_of(x, m), *([row.get(key) or "" for row in kept] for key in ("image", "category", "contributor")))
    np.savez(
        run / "pack.npz",
        pictures=x.numpy(), masks=m.numpy(), attributes=store.attributes.numpy(),
        images=np.array(store.images), categories=np.array(store.categories), contributors=np.array(store.contributors),
    )  # fmt: skip
    (run / "left-out.json").write_text(json.dumps(left, indent=1))
    print(f"packed {len(kept)} garments, left out {len(left)} (listed in {run / 'left-out.json'})", file=sys.stderr)
    return store


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--catalogue", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--leave-out", default="", help="categories to leave out, separated by commas")
    a = parser.parse_args()
    pack(a.pictures, a.catalogue, a.out, tuple(filter(None, a.leave_out.split(","))))
