"""Evaluate a bundle as the box will run it: the nets for the CPU through ONNX Runtime, the float pair as comparison.

    python models/train/evaluate.py --run RUN --bundle DIR [--strict] [--drawn]

Prints every gate as it holds or falls short and the matching table; writes them to RUN/evaluation.md and
RUN/evaluation.json and into the manifest, with the tolerance that matches points near the data best. With --strict the exit
status is 1 if a floor is not held. RUN/pack.npz is the store; a tenth of it was held out from training.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

import measures
from attributes import COLOUR, NAMED, SHAPE
from bundle import Bundle, write_manifest
from drawings import PRINT_DIALS
from describe import usual
from gates import as_markdown, judge
from latent import Dials, Points
from pack import Pack

NEAR_THE_DATA = "two dials turned by 1.5"


def evaluate(run: Path, folder: Path, drawn: bool = False) -> dict:
    """Measure everything, write it down, and return the figures.

    Of `drawn` garments purity is no gate: it measures attributes of photographs, of which a longer drawing has a smaller "fullness",
    and rightly so. Whether a dial moves what it is called, and only that, evaluate_drawn.py judges against the drawer.
    """
    store, bundle = Pack.load(run), Bundle(folder)
    truth = Bundle(folder, precision="float32")
    dials = Dials.of(bundle.manifest)
    _, held_out = store.hold_out()
    everyone, everyone_float = (one.encode(store.pictures, store.categories) for one in (bundle, truth))
    kept, odd = usual(everyone, store.images)
    garments = everyone[kept]
    held = np.array([i for i in held_out.tolist() if i in set(kept.tolist())])
    attributes = store.attributes.numpy()

    fidelity = measures.fidelity(bundle, store, held_out, everyone[held_out.numpy()])
    fidelity_float = measures.fidelity(truth, store, held_out, everyone_float[held_out.numpy()])
    spearman = measures.correlations(bundle, everyone[held], attributes[held])
    purity, changes = measures.purity(bundle, garments, dials, attributes.std(0))
    table = measures.matching_table(bundle, garments, measures.coarse(store.pictures[kept].float() / 255), dials)
    rng = np.random.default_rng(9)
    anywhere = Points(dials.uniform(len(held), rng), garments.some_kinds(len(held), rng))
    points = Points.together(everyone_float[held].draw(rng), anywhere)
    decoder = measures.decoder_error(bundle, truth, points)
    encoder = measures.encoder_error(garments, everyone_float[kept], dials)
    recall = measures.recall(garments)
    scaled = [d for d, dial in enumerate(bundle.manifest["dials"]) if dial.get("name") in PRINT_DIALS]
    aggregate = measures.aggregate(garments, dials, scaled)
    shown = [d for d, dial in enumerate(bundle.manifest["dials"]) if dial["shown"]]
    kl = everyone[held].kl.mean(0)
    uniform = table["uniform dials"]

    def least(values: dict[str, float], group: slice) -> dict[str, float]:
        chosen = [values[name] for name in NAMED[group] if name in values]
        return {"least": min(chosen)} if chosen else {}

    def anyhow(drawn: Callable[[int, np.random.Generator], np.ndarray]) -> Points:
        points = Points(drawn(measures.QUERIES, rng), garments.some_kinds(measures.QUERIES, rng))
        return measures.as_set(points, garments)

    figures = {
        "klLeast": float(kl[shown].min()), "klMost": float(kl[shown].max()),
        "aggregateMean": aggregate["mean"], "aggregateSpreadLeast": aggregate["spreadLeast"], "aggregateSpreadMost": aggregate["spreadMost"],
        "winnerNormal": measures.winner(anyhow(dials.normal), garments),
        "winnerUniform": measures.winner(anyhow(dials.uniform), garments),
        "errorRatio": uniform["tau 0"] / uniform["best possible"],
        "recall": recall["log-likelihood"],
        "decoderMean": decoder["mean"], "decoderWorst": decoder["worst"],
        "encoderMean": encoder["mean"], "encoderWorst": encoder["worstDial"], "encoderSameTop": encoder["sameTop"],
        "iou": fidelity["iou"], "psnr": fidelity["psnr"],
    }  # fmt: skip
    for key, values in (("spearman", spearman), ("purity", {} if drawn else purity)):
        for group, part in (("Colour", COLOUR), ("Shape", SHAPE)):
            figures |= {key + group: value for value in least(values, part).values()}

    near = table[NEAR_THE_DATA]
    tolerance = min((0.0, *measures.TAUS), key=lambda tau: near[f"tau {tau:g}"])
    result = {
        "gates": judge(figures),
        "spearman": spearman, "purity": purity, "purityChanges": changes, "recall": recall, "matching": table,
        "fidelity": fidelity, "fidelityFloat": fidelity_float,
        "aggregateHeldOut": measures.aggregate(everyone[held], dials, scaled),
        "encoderSameTop": encoder["sameTopBy"],
        "activeUnits": int((garments.mu.var(0) > 0.01).sum()),
        "klPerDial": kl.tolist(), "klTotal": float(kl.sum()),
        "garments": len(store.images), "heldOut": len(held_out), "unusual": len(odd),
    }  # fmt: skip
    result = json.loads(json.dumps(result), parse_float=lambda text: float(f"{float(text):.5g}"))
    (run / "evaluation.json").write_text(json.dumps(result, indent=1))
    (run / "evaluation.md").write_text(report(result, tolerance))
    (run / "unusual.json").write_text(json.dumps(odd, indent=1))
    bundle.manifest |= {"tolerance": tolerance, "evaluation": result}
    write_manifest(folder, bundle.manifest)
    return result


def report(result: dict, tolerance: float) -> str:
    """The evaluation as a page of Markdown."""
    rows = list(result["matching"])
    columns = [c for c in result["matching"][rows[0]] if not c.startswith("winner")]
    lines = ["# Evaluation", "", as_markdown(result["gates"]), "", "## Matching: error between the dialled picture and the match's", ""]
    lines += ["| point | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    lines += [f"| {row} | " + " | ".join(f"{result['matching'][row][c]:.4f}" for c in columns) + " |" for row in rows]
    lines += ["", "Share of all points won by one garment:", ""]
    rules = [c.removeprefix("winner, ") for c in result["matching"][rows[0]] if c.startswith("winner")]
    lines += ["| point | " + " | ".join(rules) + " |", "|---" * (len(rules) + 1) + "|"]
    lines += [f"| {row} | " + " | ".join(f"{100 * result['matching'][row]['winner, ' + r]:.2f} %" for r in rules) + " |" for row in rows]
    lines += ["", f"Tolerance chosen: {tolerance:g}.", "", "## Beside them", ""]
    for key in ("spearman", "purity", "recall", "fidelity", "fidelityFloat", "aggregateHeldOut", "encoderSameTop"):
        lines.append(f"- {key}: " + ", ".join(f"{name} {value:.4g}" for name, value in result[key].items()))
    lines.append(f"- KL per dial, held out: {', '.join(f'{v:.2f}' for v in result['klPerDial'])}; {result['klTotal']:.1f} nats in all")
    lines.append(f"- active units: {result['activeUnits']}; garments {result['garments']}, held out {result['heldOut']}, unusual {result['unusual']}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--drawn", action="store_true", help="the garments are drawn: evaluate_drawn.py judges what dials move")
    a = parser.parse_args()
    found = evaluate(a.run, a.bundle, a.drawn)
    print((a.run / "evaluation.md").read_text())
    short = [v["gate"] for v in found["gates"] if v["verdict"] == "falls short"]
    if short:
        print("falls short: " + "; ".join(short), file=sys.stderr)
    sys.exit(1 if a.strict and short else 0)
