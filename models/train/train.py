"""Train the VAE on a packed store.

    python models/train/train.py --run RUN [--minutes 65 | --epochs 200] [--resume]

The device is picked by itself (CUDA where there is one, else the CPU). A checkpoint is written after every epoch, aside
and then renamed, so that it is whole at any moment. With --epochs, a resumed run ends with the very weights of an
uninterrupted one; with --minutes, the schedule goes on from the minutes already trained.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import torch

from pack import Pack
from progress import Progress
from trainer import Settings, Trainer


def train(run: Path, settings: Settings, resume: bool = False, device: str = "", begin_with: Path | None = None) -> Path:
    """Train on RUN/pack.npz, writing RUN/checkpoint.pt and a line an epoch to RUN/log.jsonl. Returns the checkpoint."""
    picked = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    trainer = Trainer(Pack.load(run), settings, picked)
    checkpoint = run / "checkpoint.pt"
    if resume and checkpoint.exists():
        trainer.restore(checkpoint)
    elif begin_with:
        trainer.begin_with(begin_with)
    bar = Progress(f"train on {picked.type}", 1)
    while trainer.progress() < 1:
        figures = trainer.run_epoch(bar)
        if trainer.epoch % 5 == 0 or trainer.progress() >= 1:
            figures |= trainer.fidelity()
        line = {"epoch": trainer.epoch, "seconds": round(trainer.seconds), "beta": round(trainer.beta, 3)}
        line |= {key: round(value, 3) for key, value in figures.items()}
        with (run / "log.jsonl").open("a") as log:
            log.write(json.dumps(line) + "\n")
        trainer.save(checkpoint)
    return checkpoint


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of a run: where it computes, where it begins, and one for every field of Settings."""
    parser.add_argument("--begin-with", type=Path, help="a checkpoint of another run whose weights to start from")
    parser.add_argument("--device", default="", help="cpu or cuda; picked by itself if left out")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 leaves it to torch")
    for name, value in asdict(Settings()).items():
        parser.add_argument("--" + name.replace("_", "-"), type=type(value), default=value)


def train_as_told(options: argparse.Namespace, resume: bool) -> Path:
    """Train with the options that `add_options` added, and `--run`."""
    if options.threads:
        torch.set_num_threads(options.threads)
    settings = Settings(**{name: getattr(options, name) for name in asdict(Settings())})
    return train(options.run, settings, resume, options.device, options.begin_with)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True, help="folder with pack.npz; checkpoint and log go there")
    parser.add_argument("--resume", action="store_true", help="go on from RUN/checkpoint.pt")
    add_options(parser)
    told = parser.parse_args()
    train_as_told(told, told.resume)
