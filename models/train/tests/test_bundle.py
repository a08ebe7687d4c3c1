"""Training resumes exactly; exporting, describing, quantising and evaluating agree with each other, on a tiny run."""

import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from drawn import draw_store

import measures
from bundle import Bundle, to_sigma
from describe import describe, golden_error
from evaluate import evaluate
from export import export, load_nets
from latent import Dials, Points, Posteriors, best, score
from pack import pack
from quantise import quantise
from settle import settle
from sheet import draw_sheets
from train import train
from trainer import Settings, Trainer

CARD = {"id": "drawn", "version": "0.0.1", "licence": "CC0-1.0", "trainingData": {"name": "drawn", "origin": "the tests", "licence": "CC0-1.0"}}
SETTINGS = Settings(dials=8, epochs=2, batch=16, read_back_points=2)


class Tiny(unittest.TestCase):
    """A store of 48 drawn garments, trained on for two epochs, made into a bundle."""

    @classmethod
    def setUpClass(cls):
        torch.set_num_threads(1)
        measures.QUERIES, measures.DRAWN_QUERIES = 200, 50
        cls.folder = tempfile.TemporaryDirectory()
        cls.run_folder = Path(cls.folder.name) / "run"
        cls.store = pack(*draw_store(Path(cls.folder.name)), cls.run_folder)
        train(cls.run_folder, SETTINGS, device="cpu")
        cls.path = cls.run_folder / "bundle"
        export(cls.run_folder, cls.path)
        describe(cls.run_folder, cls.path, json.loads((cls.run_folder / "draft.json").read_text()), CARD)
        quantise(cls.run_folder, cls.path)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_a_resumed_run_ends_with_the_weights_of_an_uninterrupted_one(self):
        device, checkpoint = torch.device("cpu"), self.run_folder / "half.pt"
        halves = Trainer(self.store, SETTINGS, device)
        halves.run_epoch(Silent())
        halves.save(checkpoint)
        resumed = Trainer(self.store, SETTINGS, device)
        resumed.restore(checkpoint)
        resumed.run_epoch(Silent())
        whole = torch.load(self.run_folder / "checkpoint.pt", weights_only=True)
        for net, saved in ((resumed.encoder, whole["encoder"]), (resumed.decoder, whole["decoder"])):
            for name, value in net.state_dict().items():
                self.assertTrue(torch.equal(value, saved[name]), name)

    def test_settling_changes_the_decoder_alone(self):
        before = torch.load(self.run_folder / "checkpoint.pt", weights_only=True)
        settled = settle(self.run_folder, minutes=0.001, device="cpu")
        after = torch.load(settled, weights_only=True)
        settled.unlink()
        self.assertTrue(all(torch.equal(value, after["encoder"][name]) for name, value in before["encoder"].items()))
        self.assertFalse(torch.equal(before["decoder"]["first.weight"], after["decoder"]["first.weight"]))

    def test_float_nets_are_the_trained_ones_with_free_dials_standardised(self):
        bundle = Bundle(self.path, precision="float32")
        posteriors = bundle.encode(self.store.pictures)
        encoder, decoder, kinds = load_nets(self.run_folder / "checkpoint.pt")
        self.assertEqual(kinds, [])
        with torch.no_grad():
            mu, log_variance = encoder(1 - self.store.pictures.float() / 255)
            alpha, colour = decoder(mu[:4])
        named = slice(0, 6)
        self.assertLess(np.abs(posteriors.mu[:, named] - mu.numpy()[:, named]).max(), 1e-3)
        self.assertLess(np.abs(posteriors.sigma[:, named] - np.exp(log_variance.numpy()[:, named] / 2)).max(), 1e-3)
        decoded = bundle.decode(posteriors.means()[:4])
        self.assertLess((decoded.alpha_logit - alpha).abs().max().item(), 1e-2)
        self.assertLess((decoded.colour - torch.sigmoid(colour)).abs().max().item(), 1e-3)

    def test_every_listed_file_is_whole_and_within_its_tolerance(self):
        bundle = Bundle(self.path)
        for file in bundle.manifest["files"]:
            self.assertEqual((self.path / file["path"]).stat().st_size, file["bytes"])
            if file["role"] != "golden":
                error = golden_error(bundle, file["role"], self.path / file["path"])
                for key, allowed in file["tolerance"].items():
                    self.assertLessEqual(error[key], allowed, file["path"])

    def test_int8_stays_near_float(self):
        quantised, truth = Bundle(self.path), Bundle(self.path, precision="float32")
        a, b = quantised.encode(self.store.pictures), truth.encode(self.store.pictures)
        self.assertLess((np.abs(a.mu - b.mu) / b.sigma).mean(), 0.3)
        self.assertGreater(measures.decoder_error(quantised, truth, b.means()[:8])["worst"], 35)

    def test_the_symmetric_nets_have_no_zero_points(self):
        import onnx
        from onnx import numpy_helper

        graph = onnx.load(str(self.path / "decoder.int8-symmetric.onnx")).graph
        values = {entry.name: numpy_helper.to_array(entry) for entry in graph.initializer}
        pairs = [node for node in graph.node if node.op_type in ("QuantizeLinear", "DequantizeLinear")]
        self.assertGreater(len(pairs), 0)
        for node in pairs:
            self.assertFalse(values[node.input[2]].any())

    def test_evaluation_judges_every_gate_and_writes_it_down(self):
        result = evaluate(self.run_folder, self.path)
        self.assertEqual(len(result["gates"]), 20)
        self.assertEqual(json.loads((self.path / "manifest.json").read_text())["evaluation"], result)
        draw_sheets(self.run_folder, self.path)
        self.assertTrue((self.path / "sheet.webp").exists())

    def test_dials_map_to_the_store(self):
        dials = Dials.of(Bundle(self.path).manifest)
        at_zero, at_end = dials.to_z(np.zeros(8)), dials.to_z(np.full(8, dials.a))
        np.testing.assert_allclose(at_zero, dials.mean)
        np.testing.assert_allclose(at_end, dials.mean + dials.spread * dials.reach)


class Silent:
    """A progress bar for the tests."""

    def share(self, *_: object) -> None:
        """Say nothing."""


class Mathematics(unittest.TestCase):
    def test_every_parametrisation_reads_the_same_sigma(self):
        sigma = np.array([0.1, 0.7, 2.0])
        values = {"logvar": 2 * np.log(sigma), "logsigma": np.log(sigma), "variance": sigma**2, "sigma": sigma, "softplus": np.log(np.expm1(sigma))}
        for name, value in values.items():
            np.testing.assert_allclose(to_sigma(value, name, (1e-4, 1e2)), sigma, rtol=1e-6)

    def test_scores_are_log_densities(self):
        rng = np.random.default_rng(0)
        store = Posteriors(rng.standard_normal((5, 3)), rng.uniform(0.2, 1, (5, 3)))
        z = rng.standard_normal((4, 3))
        away = (z[:, None] - store.mu) / store.sigma
        expected = (-0.5 * away**2 - np.log(store.sigma) - 0.5 * np.log(2 * np.pi)).sum(2)
        np.testing.assert_allclose(score(z, store), expected, rtol=1e-9)
        np.testing.assert_array_equal(best(Points(z), store), expected.argmax(1))

    def test_a_point_of_a_kind_is_matched_within_it(self):
        rng = np.random.default_rng(1)
        kinds = np.array(["coat", "skirt", "coat", "skirt", "skirt"])
        store = Posteriors(rng.standard_normal((5, 3)), rng.uniform(0.2, 1, (5, 3)), kinds)
        found = best(Points(rng.standard_normal((40, 3)), np.array(["coat", "skirt"] * 20)), store)
        self.assertTrue((kinds[found] == np.array(["coat", "skirt"] * 20)).all())
        self.assertEqual(set(found), set(range(5)))

    def test_a_dial_that_a_kind_lacks_is_measured_on_the_others(self):
        rng = np.random.default_rng(2)
        kinds = np.array(["coat"] * 300 + ["skirt"] * 300)
        mu = rng.standard_normal((600, 2))
        mu[300:, 1] = 0.01
        store = Posteriors(mu, np.full((600, 2), 0.2), kinds)
        self.assertEqual(measures.moved(store)[[0, 599]].tolist(), [[True, True], [True, False]])
        spread = measures.aggregate(store, Dials(np.zeros(2), np.ones(2), np.ones(2), 5.0))
        self.assertGreater(spread["spreadLeast"], 0.9)


if __name__ == "__main__":
    unittest.main()
