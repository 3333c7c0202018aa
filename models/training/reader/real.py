"""Real plate crops with the text that somebody or something read on them."""
import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from plates import degrade
from plates.views import HEIGHT, MARGIN_X, MARGIN_Y, OUTPUT, WIDTH, enlarge

HELD_OUT_SHARE = 0.12
# A plate that is more than so many times as wide as high has one line.
ONE_LINE_ASPECT = 3.6
CORNERS = ("x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4")


@dataclass(frozen=True)
class Real:
    """image: BGR uint8, the plate and what is round it. quad: float32 [4, 2], its corners in px of the image, clockwise from the plate's top left.

    lines: its text as [first, second]; None where it is not known which characters stand on which line.
    room: the image shows what is round the plate, so that cuts can move.
    """
    image: np.ndarray
    quad: np.ndarray
    text: str
    lines: list
    room: bool


def held_out(text):
    """Whether plates of this text are for validation: 12 in 100, by a hash, so that no plate is on both sides."""
    return int(hashlib.sha1(text.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF < HELD_OUT_SHARE


def load_real(listing, validation):
    """The crops of a CSV `image,text[,x1,...,y4]` (paths relative to the folder above reading/, or to the CSV's own) on one side of the split, as {text: [Real]}.

    A text may hold a / between its lines; rows without text are left out. An absent file gives no crops.
    """
    listing, crops = Path(listing), {}
    root = listing.parent.parent if listing.parent.name == "reading" else listing.parent
    for row in csv.DictReader(listing.open(encoding="utf-8")) if listing.exists() else ():
        text = row["text"].upper().replace("/", "")
        if not text.isascii() or not text.isalnum() or held_out(text) != validation:
            continue
        image = cv2.imread(str(root / row["image"]))
        if image is not None:
            crops.setdefault(text, []).append(_real(row, image, text))
    return crops


def load_all(data, extra, validation):
    """{text: [Real]} of reading/weak.csv and of the CSVs in `extra`, on one side of the split."""
    crops = {}
    for listing in (Path(data) / "reading" / "weak.csv", *extra):
        for text, found in load_real(listing, validation).items():
            crops.setdefault(text, []).extend(found)
    return crops


def _real(row, image, text):
    h, w = image.shape[:2]
    if row.get("x1"):
        quad = np.array([float(row[k]) for k in CORNERS], np.float32).reshape(4, 2)
    else:
        quad = np.array([(0, 0), (w, 0), (w, h), (0, h)], np.float32)
    width, height = (np.linalg.norm(quad[a] - quad[b]) for a, b in ((1, 0), (3, 0)))
    if "/" in row["text"]:
        lines = row["text"].upper().split("/")
    else:
        lines = [text, ""] if row.get("lines") == "1" or width > ONE_LINE_ASPECT * height else None
    return Real(image, quad, text, lines, bool(row.get("x1")))


def plain_cut(real):
    """The crop as the program would cut it: enlarged by its margins where there is room, else the picture as it is."""
    return _cut(real.image, enlarge(real.quad, MARGIN_X, MARGIN_Y) if real.room else real.quad)


def varied_cut(rng, real):
    """The crop shifted, turned and seen a little otherwise, in other light."""
    quad, kind = real.quad, rng.random()
    if real.room and kind < 0.25:
        quad = enlarge(quad, rng.uniform(0.03, 0.2), rng.uniform(0.05, 0.4))
    elif real.room and kind < 0.75:
        quad = enlarge(quad, MARGIN_X * rng.uniform(0.5, 1.5), MARGIN_Y * rng.uniform(0.5, 1.5))
    else:
        quad = enlarge(quad, rng.uniform(-0.03, 0.04), rng.uniform(-0.05, 0.08))
    width, height = (np.linalg.norm(quad[a] - quad[b]) for a, b in ((1, 0), (3, 0)))
    crop = _cut(real.image, quad + np.array([(rng.gauss(0, 0.018 * width), rng.gauss(0, 0.04 * height)) for _ in range(4)], np.float32))
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
    return degrade.compress(rng, crop) if rng.random() < 0.25 else crop


def _cut(image, quad):
    width = np.linalg.norm(quad[1] - quad[0])
    if width > 1.6 * WIDTH:
        # Averaged first, so that thin strokes are not skipped.
        image = cv2.resize(image, None, fx=WIDTH * 1.3 / width, fy=WIDTH * 1.3 / width, interpolation=cv2.INTER_AREA)
        quad = quad * (WIDTH * 1.3 / width)
    matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), OUTPUT)
    return cv2.warpPerspective(image, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
