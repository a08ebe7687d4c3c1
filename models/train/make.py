"""From a folder of pictures and a catalogue to a bundle: pack, train, settle, export, describe, quantise, evaluate, sheets.

    python models/train/make.py --pictures DIR --catalogue CSV --run RUN --bundle models/clothing --card models/train/clothing.json

Every step is also a program of its own in this folder. Steps already done in RUN are not done again: a packed store stays
packed, and training goes on from its last checkpoint. Options of train.py (--minutes, --epochs, --dials, ...) are passed on.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from describe import describe
from evaluate import evaluate
from export import export
from pack import pack
from quantise import quantise
from settle import settle
from sheet import draw_sheets
from train import add_options, train_as_told


def main() -> int:
    """Run all steps. Returns the exit status: 1 if --strict is given and a gate falls short."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--catalogue", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True, help="folder for everything that is not shipped")
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--card", type=Path, required=True, help="JSON with id, version, title, licence and trainingData")
    parser.add_argument("--leave-out", default="", help="categories to leave out, separated by commas")
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--settle-minutes", type=float, default=12.0, help="length of the last phase; see settle.py")
    add_options(parser)
    a = parser.parse_args()

    if not (a.run / "pack.npz").exists():
        pack(a.pictures, a.catalogue, a.run, tuple(filter(None, a.leave_out.split(","))))
    checkpoint, settled = train_as_told(a, resume=True), a.run / "settled.pt"
    if not settled.exists() or settled.stat().st_mtime < checkpoint.stat().st_mtime:
        settle(a.run, a.settle_minutes, a.device)
    export(a.run, a.bundle)
    describe(a.run, a.bundle, json.loads((a.run / "draft.json").read_text()), json.loads(a.card.read_text()))
    quantise(a.run, a.bundle)
    result = evaluate(a.run, a.bundle)
    draw_sheets(a.run, a.bundle)
    print((a.run / "evaluation.md").read_text())
    short = [v["gate"] for v in result["gates"] if v["verdict"] == "falls short"]
    if short:
        print("falls short: " + "; ".join(short), file=sys.stderr)
    return 1 if a.strict and short else 0


if __name__ == "__main__":
    sys.exit(main())
