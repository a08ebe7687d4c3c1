"""Describe a bundle of float nets: measure its dials and kinds, draw its golden data, write manifest.json.

    python models/train/describe.py --run RUN --bundle DIR --draft RUN/draft.json --card models/train/clothing.json

DIR holds encoder.float32.onnx and decoder.float32.onnx, from any framework. The draft says what only their maker knows:
`latentDim`, `range`, `encoder`, `decoder` and, where dials have names or a reach of their own, `dials`. The card names the
bundle and its training data. RUN/pack.npz is the training store.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from bundle import Bundle, digest, open_session, write_manifest
from latent import Dials, Points, Posteriors
from measures import moved
from pack import Pack

DEFAULT_REACH = 1.5
LEAST_KL = 0.3
"""Nats; a dial that carries less is not shown."""
SMALLEST_KIND = 20
"""Garments; a covariance of fewer says nothing."""
FLOAT_TOLERANCE = {"encoder": {"mu": 0.1, "logSigma": 0.05}, "decoder": {"rms": 0.01}}
"""What a provider's own arithmetic (TF32, float16) may add."""
GOLDEN_ENCODER, GOLDEN_DECODER = 3, 4
RUNTIMES = ["cpu", "webgpu", "cuda", "tensorrt"]


def usual(posteriors: Posteriors, images: list[str]) -> tuple[np.ndarray, dict[str, float]]:
    """Indices of garments with a usual sigma, and the others by picture with their mean log sigma."""
    odd = posteriors.unusual()
    listed = {images[i]: round(float(np.log(posteriors.sigma[i]).mean()), 3) for i in np.nonzero(odd)[0]}
    return np.nonzero(~odd)[0], listed


def describe_dials(posteriors: Posteriors, drafts: list[dict]) -> list[dict]:
    """Mean, spread, KL and activity of every dial over the training garments that it turns, with what the draft says of it."""
    where = moved(posteriors)
    kl, mean, spread = np.array([[v[w].mean(), m[w].mean(), m[w].std()] for v, m, w in zip(posteriors.kl.T, posteriors.mu.T, where.T)]).T
    dials = []
    for d, drafted in enumerate(drafts):
        measured = {
            "mean": round(float(mean[d]), 6),
            "spread": round(max(float(spread[d]), 1e-6), 6),
            "reach": DEFAULT_REACH,
            "kl": round(float(kl[d]), 4),
            "activity": round(float(spread[d] ** 2), 6),
            "shown": bool(kl[d] >= LEAST_KL),
        }
        dials.append(measured | drafted)
    return dials


def describe_kinds(posteriors: Posteriors, categories: list[str]) -> list[dict]:
    """Share, mean and lower Cholesky factor of the covariance of mu, of every kind with enough garments."""
    names, n = np.array(categories), posteriors.mu.shape[1]
    kinds = []
    for name in sorted(set(categories) - {""}):
        mu = posteriors.mu[names == name]
        if len(mu) < max(SMALLEST_KIND, n + 2):
            continue
        factor = np.linalg.cholesky(np.cov(mu.T).reshape(n, n) + 1e-4 * np.eye(n))
        kinds.append({
            "name": name,
            "share": round(len(mu) / len(names), 5),
            "mean": mu.mean(0).round(5).tolist(),
            "factor": factor[np.tril_indices(n)].round(5).tolist(),
        })  # fmt: skip
    return kinds


def draw_golden(bundle: Bundle, posteriors: Posteriors) -> dict:
    """Golden inputs and the float nets' outputs. The encoder's inputs are decoded garments: no picture leaves the store."""
    rng = np.random.default_rng(11)
    folder = bundle.folder / "golden"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    garments = posteriors[rng.choice(len(posteriors), GOLDEN_ENCODER + GOLDEN_DECODER, replace=False)]

    def write(name: str, tensor: np.ndarray) -> str:
        tensor.astype("<f4").tofile(folder / name)
        bundle.manifest["files"].append({"path": f"golden/{name}", **digest(folder / name), "role": "golden"})
        return f"golden/{name}"

    golden: dict[str, list[dict]] = {"encoder": [], "decoder": []}
    first = garments.means()[:GOLDEN_ENCODER]
    pictures, _ = bundle.decode(first).picture(bundle.manifest["decoder"]["sharpen"])

    def of(points: Points, i: int) -> dict[str, str]:
        return {} if points.kinds is None else {"category": str(points.kinds[i])}

    for i, tensor in enumerate(bundle.feed((pictures * 255).round().to(torch.uint8))):
        kind = of(first, i)
        read = bundle.read(bundle.encoder, tensor, kind.get("category"))
        golden["encoder"].append({
            "input": write(f"encoder-{i}.input.f32", tensor), **kind, "mu": read.mu[0].tolist(), "sigma": read.sigma[0].tolist()
        })  # fmt: skip
    half = GOLDEN_DECODER // 2
    rest = GOLDEN_DECODER - half
    anywhere = Points(Dials.of(bundle.manifest).uniform(rest, rng), posteriors.some_kinds(rest, rng))
    points = Points.together(garments.draw(rng)[:half], anywhere)
    for i, z in enumerate(points.z.astype(np.float32)):
        kind = of(points, i)
        drawn = bundle.draw(bundle.decoder, z, kind.get("category"))
        files = {key: write(f"decoder-{i}.{key}.f32", tensor) for key, tensor in drawn.items()}
        golden["decoder"].append({"z": [float(value) for value in z], **kind, **files})
    return golden


def golden_error(bundle: Bundle, role: str, path: Path) -> dict[str, float]:
    """The worst error of a model file against the golden data, in the units of its manifest `tolerance`."""
    session = open_session(path)
    worst = dict.fromkeys(FLOAT_TOLERANCE[role], 0.0)
    for case in bundle.manifest["golden"][role]:
        if role == "encoder":
            shape = session.get_inputs()[0].shape[1:]
            read = bundle.read(session, np.fromfile(bundle.folder / case["input"], "<f4").reshape(shape), case.get("category"))
            sigma = np.array(case["sigma"])
            error = {"mu": np.abs((read.mu[0] - case["mu"]) / sigma).max(), "logSigma": np.abs(np.log(read.sigma[0] / sigma)).max()}
        else:
            drawn = bundle.draw(session, np.array(case["z"]), case.get("category"))
            parts = []
            for key, found in drawn.items():
                wanted = np.fromfile(bundle.folder / case[key], "<f4").reshape(found.shape)
                section = bundle.manifest["decoder"]["outputs"][key]
                if section.get("scale") == "logit":
                    found, wanted = (1 / (1 + np.exp(-t)) for t in (found, wanted))
                if key == "colour":
                    low, high = section["range"]
                    found, wanted = ((t - low) / (high - low) for t in (found, wanted))
                parts.append((found - wanted).ravel())
            error = {"rms": np.sqrt((np.concatenate(parts) ** 2).mean())}
        worst = {key: max(worst[key], float(error[key])) for key in worst}
    return worst


def list_model(bundle: Bundle, path: Path, role: str, precision: str, runtimes: list[str]) -> None:
    """Enter a model file into the manifest, with twice its error on the golden data as its tolerance."""
    error = golden_error(bundle, role, path)
    tolerance = {key: round(max(least, 2 * error[key]), 4) for key, least in FLOAT_TOLERANCE[role].items()}
    entry = {"path": path.name, **digest(path), "role": role, "runtimes": runtimes, "precision": precision, "tolerance": tolerance}
    files = [file for file in bundle.manifest["files"] if file["path"] != path.name]
    files.append(entry)
    # What is only for the CPU stands before what lists it among others: the first file that lists a provider is taken.
    order = {"encoder": 0, "decoder": 1, "golden": 2}
    files.sort(key=lambda f: (order[f["role"]], f.get("runtimes") != ["cpu"], f.get("precision") != "float32", f["path"]))
    bundle.manifest["files"] = files


def describe(run: Path, folder: Path, draft: dict, card: dict) -> None:
    """Write the manifest of the float nets in `folder`, and RUN/unusual.json."""
    floats = [
        {"path": f"{role}.float32.onnx", "role": role, "runtimes": RUNTIMES, "precision": "float32"} for role in ("encoder", "decoder")
    ]
    manifest = {"format": "lookdial-bundle/1", **card, **draft, "tolerance": 0, "shareTolerance": 0, "files": floats}
    write_manifest(folder, manifest)
    bundle = Bundle(folder)
    bundle.manifest["files"] = []
    store = Pack.load(run)
    training, _ = store.hold_out()
    posteriors = bundle.encode(store.pictures[training], [store.categories[i] for i in training])
    kept, odd = usual(posteriors, [store.images[i] for i in training])
    (run / "unusual.json").write_text(json.dumps(odd, indent=1))
    posteriors = posteriors[kept]
    dials = describe_dials(posteriors, draft.get("dials") or [{}] * draft["latentDim"])
    spread = float(np.mean([d["spread"] for d in dials if d["shown"]] or [1.0]))
    bundle.manifest |= {
        "trainingData": {**card["trainingData"], "garments": len(training)},
        "dials": dials,
        "shareTolerance": round(spread / 2, 3),
        "kinds": describe_kinds(posteriors, [store.categories[training[i]] for i in kept]),
        "evaluation": {},
    }
    bundle.manifest["golden"] = draw_golden(bundle, posteriors)
    for role in ("encoder", "decoder"):
        list_model(bundle, folder / f"{role}.float32.onnx", role, "float32", RUNTIMES)
    write_manifest(folder, bundle.manifest)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--draft", type=Path, required=True)
    parser.add_argument("--card", type=Path, required=True)
    a = parser.parse_args()
    describe(a.run, a.bundle, json.loads(a.draft.read_text()), json.loads(a.card.read_text()))
