"""Packs of drawings are read as they are described, and a run on them teaches the dials the true values."""

import json
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import measures
import quantise as quantise_nets
import train_drawn
import weigh
from attributes import NAMED
from bundle import Bundle
from describe import describe
from drawings import CHANGED, DIALS, END_WORDS, MOST_WEIGHT, TAUGHT, Drawings, pack_store, rank_scores
from evaluate import evaluate
from export import export, load_nets
from latent import Dials, Points
from sheet import draw_sheets
from supply import Supply, Turns
from train_drawn import DrawnTrainer, Settings, train

NAMES = ["lightness", "red-green", "yellow-blue", "length", "width", "sleeve", "neck", "flare", "leg", "shoulder", "waist", "rise", "contrast", "repeat"]
SIZE = 128
CARD = {"id": "drawn", "version": "0.0.1", "licence": "CC0-1.0", "trainingData": {"name": "drawn", "origin": "the tests", "licence": "CC0-1.0"}}


def write_pack(folder: Path, count: int = 24, seed: int = 0) -> Path:
    """A pack of rectangles: `count` drawings, every other pair without sleeves."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    values, mask = SIZE * SIZE * 4, SIZE * SIZE * 4 + 4 * len(NAMES)
    offsets = {"rgba": 0, "values": values, "mask": mask, "kind": mask + len(NAMES), "weave": mask + len(NAMES) + 1}
    stride = (offsets["weave"] + 1 + 3) // 4 * 4
    header = {"format": 1, "seed": seed, "size": SIZE, "stride": stride, "offsets": offsets, "values": NAMES, "kinds": ["shirt", "skirt"], "weaves": ["plain"]}
    (folder / "drawings.json").write_text(json.dumps(header))
    records = bytearray()
    for i in range(count):
        kind = i // 2 % 2
        raw = rng.standard_normal(len(NAMES)).clip(-2, 2).astype("<f4")
        has = np.array([1, 1, 1, 1, 1, 1 - kind, 1 - kind, 1, 0, 1 - kind, 1, kind, 0, 0], np.uint8)
        rgba = np.zeros((SIZE, SIZE, 4), np.uint8)
        rgba[20 : int(80 + 15 * raw[3]), 40:88] = [*(128 + 40 * raw[:3]).clip(0, 255).astype(int), 255]
        record = rgba.tobytes() + (raw * has).astype("<f4").tobytes() + has.tobytes() + bytes([kind, 0])
        records += record.ljust(stride, b"\0")
    (folder / "drawings.bin").write_bytes(records + b"torn")
    return folder


def write_turns(folder: Path) -> Path:
    """A pack of the same rectangles, each followed by itself shortened and darkened; a skirt is not darkened."""
    write_pack(folder, 60, seed=3)
    header = json.loads((folder / "drawings.json").read_text())
    stride, offsets = header["stride"], header["offsets"]
    records = np.frombuffer((folder / "drawings.bin").read_bytes()[: 60 * stride], np.uint8).reshape(60, stride).copy()
    for base in range(0, 60, 3):
        for place, (column, value) in enumerate((("length", -1.5), ("lightness", -1.9)), 1):
            record = records[base + place]
            record[:] = records[base]
            if place == 2 and records[base, offsets["kind"]] == 1:
                continue
            rgba = record[: SIZE * SIZE * 4].reshape(SIZE, SIZE, 4)
            rgba[...] = [*rgba[20, 40, :3], 0] if place == 1 else rgba // [2, 2, 2, 1]
            if place == 1:
                rgba[20:50, 40:88, 3] = 255
            record[offsets["values"] :][4 * NAMES.index(column) :][:4] = np.frombuffer(np.float32(value).tobytes(), np.uint8)
    (folder / "drawings.bin").write_bytes(records.tobytes())
    (folder / "drawings.json").write_text(json.dumps(header | {"group": 3, "turned": ["length", "lightness"]}))
    return folder


class DrawingsTest(unittest.TestCase):
    """Reading, and a few steps of training."""

    def setUp(self):
        torch.set_num_threads(1)
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = Path(self.temporary.name)

    def test_a_pack_is_read_as_it_is_described(self):
        drawings = Drawings(write_pack(self.folder / "pack"))
        self.assertEqual(len(drawings), 24)
        batch = drawings.batch(np.array([0, 2]))
        self.assertEqual(batch.pictures.shape, (2, 3, SIZE, SIZE))
        self.assertEqual(float(batch.pictures[0, :, 0, 0].min()), 1.0)
        self.assertEqual(float(batch.masks[0, 0, 30, 64]), 1.0)
        sleeve, hem = list(DIALS).index("sleeve"), list(DIALS).index("hem")
        self.assertEqual(batch.has[:, sleeve].tolist(), [True, False])
        self.assertEqual(float(batch.values[1, sleeve]), 0.0)
        self.assertTrue(batch.has[:, hem].all())
        self.assertAlmostEqual(float(batch.values[0, hem]), float(drawings.raw[0, NAMES.index("flare")]), places=6)

    def test_dyes_become_normal_scores_of_the_pack_trained_on(self):
        known = Drawings(write_pack(self.folder / "known", 40))
        other = Drawings(write_pack(self.folder / "other", 8, seed=5), known.raw)
        scores = known.values[:, 0].numpy()
        self.assertLess(abs(scores.mean()), 0.05)
        self.assertTrue((np.argsort(scores) == np.argsort(known.raw[:, 0])).all())
        self.assertTrue(np.allclose(other.values[:, 0].numpy(), rank_scores(other.raw[:, 0], known.raw[:, 0])))

    def test_packs_are_taken_in_as_they_grow_and_by_whole_groups(self):
        first, second = write_pack(self.folder / "a", 24), write_pack(self.folder / "b", 12, seed=7)
        whole = (second / "drawings.bin").read_bytes()
        stride = json.loads((second / "drawings.json").read_text())["stride"]
        (second / "drawings.bin").write_bytes(whole[: 5 * stride + 100])
        supply = Supply([first, second])
        self.assertEqual(len(supply), 24 + 4)
        self.assertEqual(supply.look(), 0)
        (second / "drawings.bin").write_bytes(whole)
        self.assertEqual(supply.look(), 8)
        known = np.concatenate([Drawings(first).raw, Drawings(second).raw[:5]])
        for number, alone, place in ((3, Drawings(first, known), 3), (26, Drawings(second, known), 2), (31, Drawings(second, known), 7)):
            got, wanted = supply.batch(np.array([number])), alone.batch(np.array([place]))
            for name in ("pictures", "masks", "values", "has", "kinds", "weaves"):
                self.assertTrue(torch.equal(getattr(got, name), getattr(wanted, name)), f"{name} of {number}")

    def test_a_store_of_drawings_bears_the_true_values_where_a_dial_is_named_alike(self):
        drawings = Drawings(write_pack(self.folder / "pack"))
        store = pack_store(drawings, self.folder / "run")
        self.assertEqual(store.categories[:4], ["shirt", "shirt", "skirt", "skirt"])
        self.assertTrue(torch.equal(store.attributes[:, NAMED.index("lightness")], drawings.values[:, 0]))
        self.assertTrue((self.folder / "run" / "pack.npz").exists())

    def test_dials_that_a_kind_lacks_say_anything_and_the_others_what_is_true(self):
        train_drawn.HELD_OUT_PAIRS = 2
        drawings = Supply([write_pack(self.folder / "pack")])
        trainer, batch = DrawnTrainer(drawings, Settings(pairs=4)), drawings.batch(np.arange(4))
        first, second = (trainer.dialled(batch.values, batch.has) for _ in range(2))
        self.assertLess(float((first - batch.values)[batch.has].abs().max()), 1.0)
        lacking = ~batch.has
        self.assertTrue(lacking.any())
        self.assertFalse(torch.equal(first[lacking], second[lacking]))

    def test_free_dials_are_pulled_from_what_a_named_dial_says_among_those_that_have_it(self):
        train_drawn.HELD_OUT_PAIRS = 2
        drawings = Supply([write_pack(self.folder / "pack", 400)])
        trainer, rise = DrawnTrainer(drawings, Settings(pairs=4)), TAUGHT.index("rise")
        values, has = drawings.values, drawings.has
        torch.manual_seed(1)
        apart = torch.randn(len(values), 2)
        telling = torch.where(has[:, rise : rise + 1], values[:, rise : rise + 1], apart)
        self.assertLess(abs(float(trainer.aggregate(values, has, apart))), 0.3)
        self.assertGreater(float(trainer.aggregate(values, has, telling)), 1.0)

    def test_what_a_turn_changes_weighs_more_the_smaller_it_is(self):
        known = Supply([write_pack(self.folder / "pack", 40)])
        turns = Turns(Supply([write_turns(self.folder / "turns")], known.raw))
        self.assertEqual([place for place, _ in turns.rows], [1, 2])
        batch, more = turns.batch(np.random.default_rng(0), 16)
        pictures = batch.pictures.unflatten(0, (16, 2))
        changed = ((pictures[:, 0] - pictures[:, 1]).abs().amax(1) > 0.06).repeat_interleave(2, 0)[:, None]
        self.assertTrue(changed.flatten(1).any(1).all())
        self.assertEqual(float(more[~changed].max()), 0.0)
        share = more.mean((1, 2, 3))
        self.assertLess(float(share.max()), CHANGED + 0.001)
        self.assertAlmostEqual(float(share.max()), CHANGED, places=3)
        self.assertLessEqual(float(more.max()), MOST_WEIGHT + 0.001)

    def test_training_lowers_the_error_and_goes_on_where_it_stopped(self):
        train_drawn.HELD_OUT_PAIRS = 2
        pack, run = write_pack(self.folder / "pack"), self.folder / "run"
        train([pack], run, Settings(dials=16, pairs=4, steps=24), every=8)
        log = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
        self.assertLess(log[-1]["squared"], log[0]["squared"])
        self.assertEqual([line["step"] for line in log], [8, 16, 24])
        train([pack], run, Settings(dials=16, pairs=4, turn_pairs=2, steps=32), resume=True, every=8, turns=[write_turns(self.folder / "turns")])
        log = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
        self.assertEqual([line["step"] for line in log], [8, 16, 24, 32])
        self.assertGreater(log[-1]["turned"], 0)

    def test_a_conditional_run_becomes_a_bundle_that_is_told_the_kind(self):
        train_drawn.HELD_OUT_PAIRS = 2
        measures.QUERIES, measures.DRAWN_QUERIES = 60, 20
        weigh.GARMENTS, weigh.POINTS, weigh.STEPS = 60, 40, 300
        quantise_nets.GARMENTS, quantise_nets.DIALLED, quantise_nets.NORMAL = 8, 16, 8
        pack, run, bundle = write_pack(self.folder / "pack", 96), self.folder / "run", self.folder / "bundle"
        train([pack], run, Settings(dials=16, pairs=4, steps=6), every=6)
        pack_store(Drawings(pack), run)
        export(run, bundle, END_WORDS)
        describe(run, bundle, json.loads((run / "draft.json").read_text()), CARD)
        drawings, (encoder, _, _) = Drawings(pack), load_nets(run / "checkpoint.pt")
        groups = weigh.seen(Bundle(bundle, precision="float32"), drawings, encoder)
        still = weigh.Weights(encoder)
        for group in groups:
            self.assertTrue(torch.equal(still.log_sigma(group), group.log_sigma))
        spread = torch.from_numpy(Dials.of(Bundle(bundle).manifest).spread).float()
        weights = weigh.fitted([groups, groups], encoder, spread)
        sigmas = [weights.log_sigma(group).detach() for group in groups]
        self.assertLess(*(sum(float(g.expected(sigma, weigh.COOLEST)[0]) for g, sigma in zip(groups, of)) for of in (sigmas, [g.log_sigma for g in groups])))
        kl = torch.cat([g.kl(sigma) for g, sigma in zip(groups, sigmas)]).mean(0)
        self.assertGreater(float(kl.min()), 0.2)
        self.assertLess(float(kl.max()), 4.0)
        (run / "checkpoint.pt").rename(run / "polished.pt")
        weigh.weigh([pack, pack], run, bundle)
        weighed, _, _ = load_nets(run / "polished.pt")
        shirts = np.nonzero(drawings.records["kind"][: weigh.GARMENTS] == 0)[0]
        batch = drawings.batch(shirts)
        with torch.no_grad():
            (mu, before), (mu_after, after) = (net(1 - batch.pictures, batch.kinds) for net in (encoder, weighed))
        self.assertTrue(torch.equal(mu, mu_after))
        self.assertTrue(torch.allclose(after - before, 2 * (sigmas[0] - groups[0].log_sigma), atol=1e-4))
        (run / "polished.pt").rename(run / "checkpoint.pt")
        quantise_nets.quantise(run, bundle)
        result = evaluate(run, bundle)
        draw_sheets(run, bundle)
        opened = Bundle(bundle)
        self.assertEqual(opened.categories, ["shirt", "skirt"])
        self.assertEqual({case["category"] for case in opened.manifest["golden"]["decoder"]} - {"shirt", "skirt"}, set())
        self.assertEqual(result["garments"], 96)
        z = np.zeros((1, 16))
        drawn = [opened.decode(Points(z, np.array([kind]))).alpha_logit for kind in opened.categories]
        self.assertGreater((drawn[0] - drawn[1]).abs().max().item(), 1e-4)
        self.assertEqual(drawn[0].shape[2:], opened.decode(Points(z, np.array(["shirt"]))).colour.shape[2:])


if __name__ == "__main__":
    unittest.main()
