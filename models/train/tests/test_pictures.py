"""Masks, components, colours, attributes and packing."""

import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from drawn import draw_store
from PIL import Image, ImageDraw

from attributes import NormalScores, lab, measure, shape
from pack import Pack, pack, pack_picture
from silhouette import garment_mask, label


class Labelling(unittest.TestCase):
    def test_parts_that_meet_below_are_one_component(self):
        mask = np.array([[1, 0, 1, 0], [1, 0, 1, 0], [1, 1, 1, 0], [0, 0, 0, 0], [0, 1, 0, 0]], bool)
        labels, parts = label(mask, diagonal=False)
        self.assertEqual(sorted(part.area for part in parts), [1, 7])
        self.assertEqual(labels[0, 0], labels[0, 2])
        self.assertTrue(all(part.meets_border for part in parts))

    def test_corners_join_only_where_diagonals_count(self):
        mask = np.eye(6, dtype=bool)
        self.assertEqual(len(label(mask, diagonal=True)[1]), 1)
        self.assertEqual(len(label(mask, diagonal=False)[1]), 6)

    def test_agrees_with_a_flood_fill_on_noise(self):
        rng = np.random.default_rng(1)
        for diagonal in (False, True):
            mask = rng.random((40, 50)) < 0.45
            _, parts = label(mask, diagonal)
            self.assertEqual(sorted(p.area for p in parts), sorted(flood_areas(mask, diagonal)))

    def test_an_empty_mask_has_no_components(self):
        self.assertEqual(label(np.zeros((5, 5), bool), diagonal=True)[1], [])


def flood_areas(mask: np.ndarray, diagonal: bool) -> list[int]:
    """Areas of components, found the slow and obvious way."""
    steps = [(y, x) for y in (-1, 0, 1) for x in (-1, 0, 1) if (y or x) and (diagonal or not (y and x))]
    left = set(map(tuple, np.argwhere(mask)))
    areas = []
    while left:
        stack, area = [left.pop()], 0
        while stack:
            y, x = stack.pop()
            area += 1
            for dy, dx in steps:
                if (y + dy, x + dx) in left:
                    left.remove((y + dy, x + dx))
                    stack.append((y + dy, x + dx))
        areas.append(area)
    return areas


class Masks(unittest.TestCase):
    def test_a_white_print_is_filled_and_a_wide_opening_is_kept(self):
        picture = Image.new("RGB", (256, 256), "white")
        draw = ImageDraw.Draw(picture)
        draw.rectangle((40, 40, 215, 215), fill="navy")
        draw.rectangle((60, 60, 75, 75), fill="white")
        draw.rectangle((100, 100, 180, 180), fill="white")
        mask = garment_mask(np.asarray(picture))
        self.assertTrue(mask[67, 67])
        self.assertFalse(mask[140, 140])

    def test_dirt_beside_the_garment_is_left_out(self):
        picture = Image.new("RGB", (256, 256), "white")
        draw = ImageDraw.Draw(picture)
        draw.rectangle((60, 60, 200, 200), fill="red")
        draw.rectangle((10, 10, 20, 20), fill="black")
        mask = garment_mask(np.asarray(picture))
        self.assertFalse(mask[:30].any())
        self.assertEqual(mask.sum(), 141 * 141)

    def test_a_blank_picture_is_no_garment(self):
        self.assertIsNone(pack_picture(Image.new("RGB", (90, 120), "white")))

    def test_transparency_is_taken_as_the_mask(self):
        picture = Image.new("RGBA", (100, 100), (255, 255, 255, 0))
        ImageDraw.Draw(picture).rectangle((20, 20, 79, 79), fill=(255, 255, 255, 255))
        _, mask = pack_picture(picture)
        self.assertAlmostEqual(mask.astype(float).mean() / 255, 0.36, delta=0.01)


class Attributes(unittest.TestCase):
    def test_lab_of_known_colours(self):
        colours = torch.tensor([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
        found = lab(colours[:, :, None, None])[:, :, 0, 0] * torch.tensor([100, 40, 40])
        expected = torch.tensor([[100.0, 0.0, 0.0], [0.0, 0.0, 0.0], [53.24, 80.09, 67.20], [32.30, 79.19, -107.86]])
        self.assertLess((found - expected).abs().max().item(), 0.1)

    def test_shape_of_a_rectangle(self):
        alpha = torch.zeros(1, 1, 128, 128)
        alpha[:, :, 20:100, 40:80] = 1
        length, fullness, taper = shape(alpha)[0].tolist()
        self.assertAlmostEqual(length, np.log(2), places=5)
        self.assertAlmostEqual(fullness, 1, places=5)
        self.assertAlmostEqual(taper, 0, places=2)

    def test_a_flared_garment_tapers_the_other_way_than_a_wedge(self):
        alpha = torch.zeros(2, 1, 128, 128)
        for y in range(20, 100):
            alpha[0, :, y, 64 - y // 3 : 64 + y // 3] = 1
            alpha[1, :, 119 - y, 64 - y // 3 : 64 + y // 3] = 1
        taper = shape(alpha)[:, 2]
        self.assertGreater(taper[0].item(), 0.3)
        self.assertLess(taper[1].item(), -0.3)

    def test_normal_scores_are_percentiles_and_can_be_learnt_from(self):
        values = torch.linspace(0, 1, 1001)[:, None] ** 2
        scores = NormalScores.of(values)
        found = scores(torch.tensor([[0.25], [0.9**2]], requires_grad=True))
        self.assertAlmostEqual(found[0, 0].item(), 0, delta=0.05)
        self.assertAlmostEqual(found[1, 0].item(), 1.2816, delta=0.05)
        found.sum().backward()

    def test_measuring_has_finite_gradients_even_where_nothing_is_drawn(self):
        alpha = torch.zeros(2, 1, 128, 128)
        alpha[0, :, 30:90, 30:90] = 1
        alpha.requires_grad_(True)
        measure(torch.zeros(2, 3, 128, 128), alpha).sum().backward()
        self.assertTrue(torch.isfinite(alpha.grad).all())


class Packing(unittest.TestCase):
    def test_a_store_is_packed_and_read_again(self):
        with tempfile.TemporaryDirectory() as folder:
            run = Path(folder) / "run"
            packed = pack(*draw_store(Path(folder)), run)
            read = Pack.load(run)
            self.assertEqual(read.images, packed.images)
            self.assertTrue(torch.equal(read.pictures, packed.pictures))
            training, held_out = read.hold_out()
            self.assertEqual(len(training) + len(held_out), 48)

    def test_a_category_can_be_left_out(self):
        with tempfile.TemporaryDirectory() as folder:
            packed = pack(*draw_store(Path(folder)), Path(folder) / "run", leave_out=("shirt",))
            self.assertEqual(set(packed.categories), {"trousers"})

    def test_contributors_are_held_out_whole(self):
        store = Pack(*[torch.zeros(6)] * 3, images=list("abcdef"), categories=[""] * 6, contributors=["x", "x", "y", "y", "z", "z"])
        training, held_out = store.hold_out(share=0.34)
        self.assertEqual({store.contributors[i] for i in training} & {store.contributors[i] for i in held_out}, set())


if __name__ == "__main__":
    unittest.main()
