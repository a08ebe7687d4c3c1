"""From packs of drawings to a bundle: train, polish, export, describe, weigh the dials, quantise, evaluate, sheets.

    python models/train/make_drawn.py --pack DIR --turns DIR --store DIR --turned DIR --run RUN --bundle models/atelier --card models/train/atelier.json

`--pack` is what is trained on, with `--turns`, garments with each dial turned; `--store` other drawings to measure the bundle on, `--turned` other turned garments: all four by
`npm run store -- atelier-pack` (docs/atelier.md), each of a seed of its own. A run that was stopped goes on. Options of train_drawn.py are passed on.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import torch

from bundle import Bundle
from describe import describe
from drawings import END_WORDS, Drawings, pack_store
from evaluate import evaluate
from evaluate_drawn import fidelity, report, turned
from export import export
from polish import polish
from quantise import quantise
from sheet import draw_sheets
from train_drawn import Settings, option_of, train
from weigh import weigh


def write_floats(run: Path, bundle: Path, card: Path) -> None:
    """The float nets of a run, and the manifest that describes them."""
    export(run, bundle, END_WORDS)
    describe(run, bundle, json.loads((run / "draft.json").read_text()), json.loads(card.read_text()))


def main() -> None:
    """Run all steps."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("pack", "turns", "store", "turned", "run", "bundle", "card"):
        parser.add_argument(f"--{option}", type=Path, required=True)
    parser.add_argument("--like", type=Path, nargs="*", default=[], help="more packs to weigh the dials by, like stores that are to be served")
    parser.add_argument("--device", default="cpu", help="cpu, or cuda where there is one: for the training")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 leaves it to torch")
    parser.add_argument("--polish-minutes", type=float, default=12.0, help="how long the encoder is trained on alone afterwards")
    for name, value in asdict(Settings()).items():
        parser.add_argument("--" + name.replace("_", "-"), **option_of(value))
    a = parser.parse_args()
    if a.threads:
        torch.set_num_threads(a.threads)
    if not (a.run / "polished.pt").exists():
        settings = Settings(**{name: getattr(a, name) for name in asdict(Settings())})
        train([a.pack], a.run, settings, resume=True, turns=[a.turns], device=a.device)
        polish([a.pack], a.run, a.polish_minutes, device=a.device)
    known = Drawings(a.pack).raw
    store = Drawings(a.store, known)
    if not (a.run / "pack.npz").exists():
        pack_store(store, a.run)
    write_floats(a.run, a.bundle, a.card)
    weigh([a.pack, *a.like], a.run, a.bundle)
    write_floats(a.run, a.bundle, a.card)
    quantise(a.run, a.bundle)
    evaluate(a.run, a.bundle, drawn=True)
    draw_sheets(a.run, a.bundle)
    bundle = Bundle(a.bundle)
    page = report(fidelity(bundle, store, 600), turned(bundle, Drawings(a.turned, known)))
    (a.run / "evaluation-drawn.md").write_text(page)
    print((a.run / "evaluation.md").read_text())
    print(page)


if __name__ == "__main__":
    main()
