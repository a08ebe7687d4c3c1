"""Quantise a described bundle's float nets to int8: for the CPU, and symmetric for TensorRT.

    python models/train/quantise.py --run RUN --bundle DIR

Static QDQ, weights per channel. The layers next to the inputs and the outputs stay float: they hold a few per cent of the
work and most of the error. Calibrated on what the nets will see: training garments for the encoder; for the decoder,
posterior samples, dials set at random and standard normal points.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.operators.direct_q8 import QDQDirect8BitOp
from onnxruntime.quantization.registry import QDQRegistry
from onnxruntime.quantization.shape_inference import quant_pre_process

from bundle import Bundle, write_manifest
from describe import list_model
from latent import Dials, Points
from pack import Pack

SMALL = {"Gemm": 1_000_000, "MatMul": 300_000, "Conv": 8192}
"""Layers with no more weights than this stay float as well: they cost little, and carry what is most precise. Keeping an
encoder's second convolution float, too, takes the error of mu from 0.12 to 0.04 sigma, and no time. The layer that spreads z over a
decoder's first pixels has half a million weights and does a hundredth of the work: in int8 it cost the worst picture 21 dB."""
PERCENTILE = {"encoder": 99.999, "decoder": 100.0}
"""Of the values seen. The one pixel in a hundred thousand beyond it would widen an encoder's steps for all the others; a
decoder meets its extremes wherever several dials are turned far, and clipping them there cost the worst picture 13 dB."""
GARMENTS, DIALLED, NORMAL = 256, 1024, 256
"""Garments to calibrate on; for the decoder also points with dials set at random, and standard normal ones."""
WEIGHTED = {"Conv", "Gemm", "MatMul", "ConvTranspose"}
QUANTISED = ["Conv", "Gemm", "MatMul", "Relu", "Reshape", "Flatten", "DepthToSpace", "Resize", "MaxPool", "Transpose"]
VARIANTS = {
    "int8": {"runtimes": ["cpu"], "activation": QuantType.QUInt8, "extra": {}},
    "int8-symmetric": {
        "runtimes": ["tensorrt"],
        "activation": QuantType.QInt8,
        "extra": {"ActivationSymmetric": True, "WeightSymmetric": True, "QuantizeBias": False},
    },
}

# Moving pixels needs no arithmetic: pixel shuffle runs on the bytes as they are. The registry leaves it float.
QDQRegistry["DepthToSpace"] = QDQDirect8BitOp


class Rows(CalibrationDataReader):
    """Feeds the calibrator one row of inputs, by name, at a time."""

    def __init__(self, rows: Iterable[dict[str, np.ndarray]]) -> None:
        self.rows: Iterator[dict[str, np.ndarray]] = iter(rows)

    def get_next(self) -> dict[str, np.ndarray] | None:
        """The next feed, or None at the end."""
        return next(self.rows, None)


def edge_nodes(graph: onnx.GraphProto) -> set[str]:
    """Names of the nodes from the inputs to the first weighted layers and from the last ones to the outputs, both included."""
    maker = {output: node for node in graph.node for output in node.output}
    readers: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
    found: set[str] = set()

    def walk(node: onnx.NodeProto, towards_inputs: bool) -> None:
        found.add(node.name)
        if node.op_type in WEIGHTED:
            return
        for name in node.input if towards_inputs else node.output:
            for following in [maker[name]] if towards_inputs and name in maker else [] if towards_inputs else readers.get(name, []):
                walk(following, towards_inputs)

    for output in graph.output:
        walk(maker[output.name], towards_inputs=True)
    for node in (reader for entry in graph.input for reader in readers.get(entry.name, [])):
        walk(node, towards_inputs=False)
    return found


def small_layers(graph: onnx.GraphProto) -> set[str]:
    """Names of the layers with no more weights than SMALL allows."""
    weights = {entry.name: int(np.prod(entry.dims)) for entry in graph.initializer}
    return {node.name for node in graph.node if weights.get(node.input[1] if len(node.input) > 1 else "", 1 << 30) <= SMALL.get(node.op_type, 0)}


def quantise_net(source: Path, target: Path, rows: list[dict[str, np.ndarray]], variant: str, percentile: float) -> None:
    """Quantise one net, calibrated on `rows` of its inputs by name, up to that percentile of the values.

    Norms and constants are folded first, whatever exporter the net came from: what is left unfolded is quantised twice.
    """
    folded = target.with_suffix(".folded")
    quant_pre_process(str(source), str(folded), skip_symbolic_shape=True)
    graph = onnx.load(str(folded)).graph
    chosen = VARIANTS[variant]
    quantize_static(
        str(folded),
        str(target),
        Rows(rows),
        quant_format=QuantFormat.QDQ,
        activation_type=chosen["activation"],
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=QUANTISED,
        calibrate_method=CalibrationMethod.Percentile,
        nodes_to_exclude=sorted(edge_nodes(graph) | small_layers(graph)),
        extra_options={"CalibPercentile": percentile, **chosen["extra"]},
    )
    folded.unlink()


def calibration(bundle: Bundle, store: Pack) -> dict[str, list[dict[str, np.ndarray]]]:
    """What to calibrate the encoder and the decoder on: their inputs by name."""
    rng = np.random.default_rng(5)
    training, _ = store.hold_out()
    chosen = training[rng.choice(len(training), min(GARMENTS, len(training)), replace=False)]
    pictures = store.pictures[chosen]
    dials = Dials.of(bundle.manifest)
    garments = bundle.encode(pictures, [store.categories[i] for i in chosen])
    points = Points.together(
        garments.draw(rng),
        Points(dials.uniform(DIALLED, rng), garments.some_kinds(DIALLED, rng)),
        Points(dials.normal(NORMAL, rng), garments.some_kinds(NORMAL, rng)),
    )
    rows = {}
    for role, fed, kinds in (("encoder", bundle.feed(pictures), garments.kinds), ("decoder", points.z, points.kinds)):
        name = bundle.manifest[role]["input"]["name"]
        of = [None] * len(fed) if kinds is None else kinds
        rows[role] = [{name: row[None].astype(np.float32)} | bundle.told(role, kind) for row, kind in zip(fed, of)]
    return rows


def quantise(run: Path, folder: Path) -> None:
    """Write the int8 nets beside the float ones, and list them in the manifest."""
    bundle = Bundle(folder, precision="float32")
    for role, rows in calibration(bundle, Pack.load(run)).items():
        for variant, chosen in VARIANTS.items():
            path = folder / f"{role}.{variant}.onnx"
            quantise_net(folder / f"{role}.float32.onnx", path, rows, variant, PERCENTILE[role])
            list_model(bundle, path, role, "int8", chosen["runtimes"])
    write_manifest(folder, bundle.manifest)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--bundle", type=Path, required=True)
    a = parser.parse_args()
    quantise(a.run, a.bundle)
