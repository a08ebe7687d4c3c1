"""Export a checkpoint to float ONNX nets and a draft of what describes them.

    python models/train/export.py --run RUN --bundle models/clothing

The free dials are standardised exactly on the way: their mean and spread over the training store are folded into the
encoder's last and the decoder's first layers, so that z itself is N(0, 1) over a store, whatever the run drifted to.
Takes RUN/settled.pt (see settle.py) where there is one, else RUN/checkpoint.pt; the encoder of RUN/polished.pt (see polish.py).
"""

from __future__ import annotations

import argparse
import json
import warnings
from collections.abc import Sequence
from pathlib import Path

import torch
import torch.nn as nn
from torch import Tensor

from attributes import END_WORDS, NAMED
from drawings import ABSENT, BOLDEST, PRINT_DIALS, TAUGHT
from nets import LEAK, PICTURE, Decoder, Encoder, PrintDecoder, TaughtEncoder
from pack import Pack

OPSET = 17
NAMED_REACH, FREE_REACH = 1.5, 1.75
"""Spreads that a dial reaches to either side."""
PRINT_SCALE = {"mean": (ABSENT + BOLDEST - 0.2) / 2, "spread": (BOLDEST - 0.2 - ABSENT) / 4, "reach": 2.0}
"""A print dial runs from where there is none to where it is bold, however the store's garments lie on it."""
SHARPEN = 8


def load_nets(checkpoint: Path) -> tuple[Encoder, Decoder | PrintDecoder, list[str]]:
    """The nets of a checkpoint, in evaluation mode, and the kinds that they are told."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    dials, kinds = state["settings"]["dials"], state.get("kinds", [])
    drawn = "bank" in state["decoder"]
    decoder = PrintDecoder(dials, len(kinds), LEAK) if drawn else Decoder(dials)
    encoder = TaughtEncoder(dials, len(TAUGHT), len(kinds), LEAK) if drawn else Encoder(dials)
    encoder.load_state_dict(state["encoder"])
    decoder.load_state_dict(state["decoder"])
    return encoder.eval(), decoder.eval(), kinds


@torch.no_grad()
def standardise(
    encoder: Encoder, decoder: Decoder | PrintDecoder, pictures: Tensor, named: int = len(NAMED), kinds: Tensor | None = None
) -> None:
    """Make every free dial's aggregate have mean 0 and variance 1 over pictures uint8 [N, 3, 128, 128], in place.

    The first dials, so many as are `named`, stay: their scale is the store's percentiles. `kinds` [N, K] are told to a
    conditional encoder.
    """
    told = [None] * len(pictures) if kinds is None else kinds.split(256)
    batches = [encoder(1 - batch.float() / 255, kind) for batch, kind in zip(pictures.split(256), told)]
    mu, variance = torch.cat([m for m, _ in batches]), torch.cat([v for _, v in batches]).exp()
    mean, spread = mu.mean(0), (mu.var(0) + variance.mean(0)).sqrt()
    mean[:named], spread[:named] = 0, 1
    n = encoder.dials
    encoder.standardise(mean, spread)
    for layer in (decoder.first, decoder.base_hidden):
        layer.bias += layer.weight[:, :n] @ mean
        layer.weight[:, :n] *= spread


class Drawn(nn.Module):
    """The decoder as it ships: an alpha logit, and colour in 0..1."""

    def __init__(self, decoder: Decoder | PrintDecoder) -> None:
        super().__init__()
        self.decoder = decoder

    def forward(self, *told: Tensor) -> tuple[Tensor, Tensor]:
        alpha, colour = self.decoder(*told)
        return alpha, torch.sigmoid(colour)


def write_onnx(net: nn.Module, example: tuple[Tensor, ...], inputs: list[str], outputs: list[str], path: Path) -> None:
    """Export with static shapes, then fold constants and norms, so that quantising sees the graph that runs."""
    import onnx
    from onnxruntime.quantization.shape_inference import quant_pre_process

    raw = path.with_suffix(".raw")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the TorchScript exporter says that it is not the newest one
        torch.onnx.export(net.eval(), example, str(raw), opset_version=OPSET, input_names=inputs, output_names=outputs, dynamo=False)
    quant_pre_process(str(raw), str(path), skip_symbolic_shape=True)
    raw.unlink()
    model = onnx.load(str(path))
    onnx.checker.check_model(model, full_check=True)


def draft(dials: int, colour: int, end_words: dict[str, tuple[str, str]] = END_WORDS, kinds: Sequence[str] = (), free_reach: float = FREE_REACH) -> dict:
    """What only the trainer knows of the bundle; describe.py measures the rest. `colour` is the side of the colour plane, px."""
    described = [
        {"name": name, "low": low, "high": high, **(PRINT_SCALE if name in PRINT_DIALS else {"reach": NAMED_REACH})}
        for name, (low, high) in end_words.items()
    ] + [{"reach": free_reach}] * (dials - len(end_words))
    plane = {"layout": "NCHW", "width": PICTURE, "height": PICTURE}
    told = {"conditionInput": "kind"} if kinds else {}
    return {
        "latentDim": dials,
        "range": 5,
        "dials": described,
        **({"conditions": {"categories": list(kinds), "default": kinds[0]}} if kinds else {}),
        "encoder": {
            "input": {"name": "picture", **plane, "channels": "rgb", "range": [1, 0], "background": [255, 255, 255]},
            "outputs": {"mu": "mu", "scale": {"name": "logvar", "parametrisation": "logvar"}},
            "sigmaRange": [1e-4, 1e2],
            **told,
        },
        "decoder": {
            "input": {"name": "z"},
            "outputs": {
                "colour": {"name": "colour", "layout": "NCHW", "width": colour, "height": colour, "channels": "rgb", "range": [0, 1]},
                "alpha": {"name": "alpha", **plane, "scale": "logit"},
            },
            "sharpen": SHARPEN,
            **told,
        },
    }


def export(run: Path, bundle: Path, end_words: dict[str, tuple[str, str]] = END_WORDS, free_reach: float = FREE_REACH) -> None:
    """Write encoder.float32.onnx and decoder.float32.onnx into the bundle, and RUN/draft.json."""
    torch.manual_seed(0)
    settled, polished = run / "settled.pt", run / "polished.pt"
    encoder, decoder, kinds = load_nets(settled if settled.exists() else run / "checkpoint.pt")
    if polished.exists():
        encoder, _, _ = load_nets(polished)
    store = Pack.load(run)
    training, _ = store.hold_out()
    told = torch.eye(len(kinds))[[kinds.index(store.categories[i]) for i in training]] if kinds else None
    standardise(encoder, decoder, store.pictures[training], len(end_words), told)
    bundle.mkdir(parents=True, exist_ok=True)
    kind = [torch.eye(len(kinds))[:1]] if kinds else []
    z, picture = torch.zeros(1, decoder.dials), torch.zeros(1, 3, PICTURE, PICTURE)
    names = ["kind"] if kinds else []
    write_onnx(encoder, (picture, *kind), ["picture", *names], ["mu", "logvar"], bundle / "encoder.float32.onnx")
    write_onnx(Drawn(decoder), (z, *kind), ["z", *names], ["alpha", "colour"], bundle / "decoder.float32.onnx")
    with torch.no_grad():
        side = decoder(z, *kind)[1].shape[2]
    (run / "draft.json").write_text(json.dumps(draft(encoder.dials, side, end_words, kinds, free_reach), indent=1))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--bundle", type=Path, required=True)
    a = parser.parse_args()
    export(a.run, a.bundle)
