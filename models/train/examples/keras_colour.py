"""A VAE that was not made with this project: Keras 3, colour, 64 x 64, channels last, values 0..1, z_mean and z_log_var.

    KERAS_BACKEND=torch python models/train/examples/keras_colour.py --run RUN --bundle DIR [--epochs 5]

It needs `keras` and `onnxscript` besides the requirements. It reads RUN/pack.npz (see pack.py) for want of other data, and
writes DIR/encoder.float32.onnx, DIR/decoder.float32.onnx and RUN/draft.json. From there on it is described, quantised and
evaluated like any other: see docs/your-own-model.md.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import keras
import numpy as np
import torch
from keras import layers, ops

LATENT = 8


class Vae(keras.Model):
    """The encoder and the decoder with their loss, as in Keras' own example of a VAE."""

    def __init__(self, encoder: keras.Model, decoder: keras.Model) -> None:
        super().__init__()
        self.encoder, self.decoder = encoder, decoder
        self.seed = keras.random.SeedGenerator(0)

    def call(self, pictures: torch.Tensor) -> torch.Tensor:
        """Reconstruct, and add the KL term."""
        mean, log_variance = self.encoder(pictures)
        kl = 0.5 * ops.sum(ops.square(mean) + ops.exp(log_variance) - 1 - log_variance, axis=1)
        self.add_loss(ops.mean(kl))
        return self.decoder(mean + ops.exp(0.5 * log_variance) * keras.random.normal(ops.shape(mean), seed=self.seed))


def build() -> tuple[keras.Model, keras.Model]:
    """The encoder and the decoder."""
    picture = keras.Input((64, 64, 3), name="picture")
    h = picture
    for filters in (16, 32, 64):
        h = layers.Conv2D(filters, 4, strides=2, padding="same", activation="relu")(h)
    h = layers.Dense(128, activation="relu")(layers.Flatten()(h))
    encoder = keras.Model(picture, [layers.Dense(LATENT, name="z_mean")(h), layers.Dense(LATENT, name="z_log_var")(h)])
    z = keras.Input((LATENT,), name="z")
    h = layers.Reshape((8, 8, 64))(layers.Dense(8 * 8 * 64, activation="relu")(z))
    for filters in (64, 32, 16):
        h = layers.Conv2D(filters, 3, padding="same", activation="relu")(layers.UpSampling2D()(h))
    return encoder, keras.Model(z, layers.Conv2D(3, 3, padding="same", activation="sigmoid", name="colour")(h))


def squared_error(wanted: torch.Tensor, drawn: torch.Tensor) -> torch.Tensor:
    """Summed over the pixels, never averaged: the KL term is a sum too."""
    return 0.5 * ops.sum(ops.square(wanted - drawn), axis=(1, 2, 3))


def described(encoder_names: list[str], decoder_names: list[str]) -> dict:
    """The draft: an exporter chooses the tensors' names itself, so they are read from the files."""
    plane = {"layout": "NHWC", "width": 64, "height": 64, "channels": "rgb"}
    return {
        "latentDim": LATENT,
        "range": 5,
        "encoder": {
            "input": {"name": encoder_names[0], **plane, "range": [0, 1], "background": [255, 255, 255]},
            "outputs": {"mu": encoder_names[1], "scale": {"name": encoder_names[2], "parametrisation": "logvar"}},
            "sigmaRange": [1e-4, 1e2],
        },
        "decoder": {
            "input": {"name": decoder_names[0]},
            "outputs": {"colour": {"name": decoder_names[1], **plane, "range": [0, 1]}},
            "sharpen": 1,
        },
    }


def tensor_names(path: Path) -> list[str]:
    """Names of a net's inputs and outputs, in their order."""
    import onnx

    graph = onnx.load(str(path)).graph
    return [tensor.name for tensor in (*graph.input, *graph.output)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=5)
    a = parser.parse_args()
    keras.utils.set_random_seed(0)
    with np.load(a.run / "pack.npz") as file:
        pictures = file["pictures"].reshape(-1, 3, 64, 2, 64, 2).mean((3, 5)).transpose(0, 2, 3, 1).astype("float32") / 255
    encoder, decoder = build()
    vae = Vae(encoder, decoder)
    vae.compile(optimizer=keras.optimizers.Adam(1e-3), loss=squared_error)
    vae.fit(pictures, pictures, batch_size=64, epochs=a.epochs, verbose=2)
    a.bundle.mkdir(parents=True, exist_ok=True)
    paths = [a.bundle / "encoder.float32.onnx", a.bundle / "decoder.float32.onnx"]
    # A static batch of one: what the box runs, and what lets the runtime plan its memory.
    encoder.export(str(paths[0]), format="onnx", verbose=False, input_signature=[keras.InputSpec(shape=(1, 64, 64, 3), dtype="float32")])
    decoder.export(str(paths[1]), format="onnx", verbose=False, input_signature=[keras.InputSpec(shape=(1, LATENT), dtype="float32")])
    (a.run / "draft.json").write_text(json.dumps(described(*map(tensor_names, paths)), indent=1))
