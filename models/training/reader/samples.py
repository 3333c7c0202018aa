"""Training and validation crops: rendered plates, and real crops with the texts that were read on them."""
import csv
import random
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from torch.utils.data import IterableDataset

from plates.render import PlateRenderer
from plates.views import view
from reader.net import COUNTRIES
from reader.real import load_all, plain_cut, varied_cut

# How many times as often as the others a real plate is taken that is known to have two lines: there are few of them.
TWO_LINE_TIMES = 3


@dataclass(frozen=True)
class Label:
    """What a crop shows: lines (two strings; None where only `text` is known), text.

    middles: the x in px of each character's middle in the crop, over both lines; None where it is not known.
    country: its place in COUNTRIES; None where it is not known.
    """
    lines: list
    text: str
    middles: np.ndarray = None
    country: int = None


class Crop:
    """One example: image BGR uint8 64x160, and its Label."""
    __slots__ = ("image", "label")

    def __init__(self, image, label):
        self.image, self.label = image, label


def load_backdrops(data, count=450):
    """Patches of real scenes without a plate, 48x120 px BGR; plain noise where the data has no scenes."""
    boxes, listing = {}, Path(data) / "detection" / "boxes.csv"
    if listing.exists():
        for row in csv.DictReader(listing.open(encoding="utf-8")):
            boxes.setdefault(row["image"], []).append(row)
    rng, patches = random.Random(7), []
    names = sorted(boxes)
    for name in rng.sample(names, min(len(names), count // 3)):
        image = cv2.imread(str(Path(data) / name))
        patches += [] if image is None else _plate_free(rng, image, boxes[name])
    return patches or [np.full((48, 120, 3), shade, np.uint8) for shade in range(0, 256, 16)]


def _plate_free(rng, image, rows):
    h, w = image.shape[:2]
    taken = [tuple(float(row[k]) for k in ("xmin", "ymin", "xmax", "ymax")) for row in rows if row["xmin"]]
    found = []
    for _ in range(12):
        pw = rng.uniform(0.1, 0.5) * w
        ph = pw * 0.4
        x, y = rng.uniform(0, w - pw), rng.uniform(0, max(1.0, h - ph))
        if len(found) < 3 and all(x > b[2] or x + pw < b[0] or y > b[3] or y + ph < b[1] for b in taken):
            found.append(cv2.resize(image[int(y):int(y + ph) + 1, int(x):int(x + pw) + 1], (120, 48), interpolation=cv2.INTER_AREA))
    return found


def rendered_crop(rng, renderer, backdrops, hard=True):
    """A rendered plate seen by a camera."""
    plate = renderer.render(rng)
    return _seen(rng, plate, backdrops, hard)


def _seen(rng, plate, backdrops, hard):
    image, middles = view(rng, plate.image, rng.choice(backdrops), hard, [point for line in plate.middles for point in line])
    lines = plate.lines if len(plate.lines) == 2 else plate.lines + [""]
    return Crop(image, Label(lines, "".join(lines), middles[:, 0], COUNTRIES.index(plate.country or "unknown")))


class Batches(IterableDataset):
    """Endless batches (crops uint8 [N, 64, 160, 3], list of Label). The share of hard views ramps from .1 to 1 over `ramp` images."""

    def __init__(self, data, size, seen=0, ramp=30_000, real_share=0.15, seed=1, extra=(), two_share=0.44):
        self.data, self.size, self.seen, self.ramp = data, size, seen, ramp
        self.real_share, self.seed, self.extra, self.two_share = real_share, seed, extra, two_share

    def __iter__(self):
        cv2.setNumThreads(0)
        rng = random.Random(f"{self.seed}-{self.seen}")
        renderer, backdrops = PlateRenderer(self.data), load_backdrops(self.data)
        real, recent, seen = load_all(self.data, self.extra, validation=False), [], self.seen
        texts = sorted(real)
        texts += (TWO_LINE_TIMES - 1) * [text for text in texts if any(one.lines and one.lines[1] for one in real[text])]
        while True:
            crops = []
            for _ in range(self.size):
                if texts and rng.random() < self.real_share:
                    one = rng.choice(real[rng.choice(texts)])
                    crops.append(Crop(varied_cut(rng, one), Label(one.lines, one.text)))
                    continue
                hard = rng.random() < min(1.0, 0.1 + 0.9 * seen / self.ramp)
                crops.append(_seen(rng, self._plate(rng, renderer, recent), backdrops, hard))
            seen += self.size
            yield np.stack([crop.image for crop in crops]), [crop.label for crop in crops]

    def _plate(self, rng, renderer, recent):
        """A new plate, or (half of the time) one of the last 256 to be seen again from elsewhere: drawing is dear."""
        if len(recent) == 256 and rng.random() < 0.5:
            return rng.choice(recent)
        plate = renderer.render(rng, two_line=rng.random() < self.two_share)
        if len(recent) < 256:
            recent.append(plate)
        else:
            recent[rng.randrange(256)] = plate
        return plate


def validation(data, rendered=1500, extra=(), seed=99):
    """Crops never trained on: rendered with held-out shapes (hard views), and the held-out real crops as the program cuts them."""
    rng = random.Random(seed)
    renderer, backdrops = PlateRenderer(data, held_out=True), load_backdrops(data, 300)
    drawn = [rendered_crop(rng, renderer, backdrops) for _ in range(rendered)]
    real = [Crop(plain_cut(one), Label(one.lines, one.text)) for _, found in sorted(load_all(data, extra, validation=True).items()) for one in found[:3]]
    return drawn, real
