"""Training and validation crops: rendered plates, and real crops with weak labels."""
import csv
import hashlib
import random
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from torch.utils.data import IterableDataset

from plates import degrade
from plates.render import PlateRenderer
from plates.views import HEIGHT, OUTPUT, WIDTH, enlarge, view
from reader.net import COUNTRIES

HELD_OUT_SHARE = 0.12
BOX = ("left", "top", "right", "bottom")


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


def load_weak(data, held_out, listing="reading/weak.csv"):
    """Real crops as {text: [(image, box in it: left, top, right, bottom in px)]}; the split goes by the text, so that no plate is on both sides."""
    path = Path(data) / listing
    crops = {}
    if not path.exists():
        return crops
    for row in csv.DictReader(path.open(encoding="utf-8")):
        text = row["text"]
        share = int(hashlib.sha1(text.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF
        if (share < HELD_OUT_SHARE) == held_out and text.isascii() and text.isalnum():
            image = cv2.imread(str(Path(data) / row["image"]))
            if image is not None:
                whole = (0, 0, image.shape[1], image.shape[0])
                crops.setdefault(text.upper(), []).append((image, tuple(float(row[k]) for k in BOX) if row.get("left") else whole))
    return crops


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


def weak_crop(rng, image, box, text):
    """A real crop, shifted and turned a little, in other light; its lines are known only where the shape tells."""
    left, top, right, bottom = box
    w, h = right - left, bottom - top
    quad = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)
    wide = w < image.shape[1] and rng.random() < 0.3
    quad = enlarge(quad, rng.uniform(0.03, 0.2), rng.uniform(0.05, 0.4)) if wide else enlarge(quad, rng.uniform(-0.03, 0.04), rng.uniform(-0.05, 0.08))
    quad += np.array([(rng.gauss(0, 0.018 * w), rng.gauss(0, 0.04 * h)) for _ in range(4)], np.float32)
    matrix = cv2.getPerspectiveTransform(quad, OUTPUT)
    if w > 1.6 * WIDTH:
        quad = quad * (WIDTH * 1.3 / w)
        image = cv2.resize(image, None, fx=WIDTH * 1.3 / w, fy=WIDTH * 1.3 / w, interpolation=cv2.INTER_AREA)
        matrix = cv2.getPerspectiveTransform(quad, OUTPUT)
    crop = cv2.warpPerspective(image, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    if rng.random() < 0.2:
        crop = degrade.coarse(rng, crop)
    if rng.random() < 0.65:
        crop = degrade.light(rng, crop)
    if rng.random() < 0.05:
        crop = degrade.glare(rng, crop)
    if rng.random() < 0.25:
        crop = degrade.grey(crop)
    if rng.random() < 0.3:
        crop = degrade.blur(rng, crop, most=1.5)
    if rng.random() < 0.3:
        crop = degrade.noise(rng, crop, most=10)
    if rng.random() < 0.25:
        crop = degrade.compress(rng, crop)
    return Crop(crop, Label([text, ""] if w / h > 3.6 else None, text))


class Batches(IterableDataset):
    """Endless batches (crops uint8 [N, 64, 160, 3], list of Label). The share of hard views ramps from .1 to 1 over `ramp` images."""

    def __init__(self, data, size, seen=0, ramp=30_000, weak_share=0.15, seed=1, extra=None, two_share=0.44):
        self.data, self.size, self.seen, self.ramp = data, size, seen, ramp
        self.weak_share, self.seed, self.extra, self.two_share = weak_share, seed, extra, two_share

    def __iter__(self):
        cv2.setNumThreads(0)
        rng = random.Random(f"{self.seed}-{self.seen}")
        renderer, backdrops = PlateRenderer(self.data), load_backdrops(self.data)
        weak, recent, seen = self._real(), [], self.seen
        texts = sorted(weak)
        while True:
            crops = []
            for _ in range(self.size):
                if texts and rng.random() < self.weak_share:
                    text = rng.choice(texts)
                    crops.append(weak_crop(rng, *rng.choice(weak[text]), text))
                    continue
                hard = rng.random() < min(1.0, 0.1 + 0.9 * seen / self.ramp)
                crops.append(_seen(rng, self._plate(rng, renderer, recent), backdrops, hard))
            seen += self.size
            yield np.stack([crop.image for crop in crops]), [crop.label for crop in crops]

    def _real(self):
        weak = load_weak(self.data, held_out=False)
        for text, images in (load_weak(Path(self.extra).parent, False, Path(self.extra).name) if self.extra else {}).items():
            weak.setdefault(text, []).extend(images)
        return weak

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


def validation(data, rendered=1500, seed=99):
    """Crops never trained on: rendered with held-out shapes (hard views), and the held-out real crops as they are."""
    rng = random.Random(seed)
    renderer, backdrops = PlateRenderer(data, held_out=True), load_backdrops(data, 300)
    drawn = [rendered_crop(rng, renderer, backdrops) for _ in range(rendered)]
    real = [Crop(cv2.resize(image, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA if image.shape[1] > WIDTH else cv2.INTER_LINEAR), Label(None, text))
            for text, images in sorted(load_weak(data, held_out=True).items()) for image, _ in images[:3]]
    return drawn, real
