"""A stock of flat plates to paste: rendered ones, and some cut out of the training photographs themselves; and of what is none."""
import sys
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lettering import sticker  # noqa: E402
from plates.render import PlateRenderer  # noqa: E402

ONE_LINE, TWO_LINES = 700, 400
RENEW = 0.25  # rendered anew for every plate that is drawn from the stock
CUT_SHARE = 0.15
CUT_FROM = 1500  # photographs
EDGE = 0.25  # of a mistake's sides, on each side of it


class Stock:
    """Plates as uint8 BGR pictures, tight on the plate. Rendering takes longer than pasting: each is used about four times."""

    def __init__(self, data, scenes, rng, scale=1.0):
        self.renderer = PlateRenderer(data)
        some = rng.sample(scenes, min(len(scenes), CUT_FROM))
        self.mistakes = [part for scene in some if scene.source != 'romania' for part in mistaken(scene)]
        self.cut = [plate for scene in some for plate in cut_outs(scene)]
        self.shelves = {two: [self.renderer.render(rng, two_line=two).image for _ in range(max(4, int(scale * size)))]
                        for two, size in ((False, ONE_LINE), (True, TWO_LINES))}

    def draw(self, rng, two_lines):
        if not two_lines and self.cut and rng.random() < CUT_SHARE:
            return rng.choice(self.cut)
        shelf = self.shelves[two_lines]
        place = rng.randrange(len(shelf))
        if rng.random() < RENEW:
            shelf[place] = self.renderer.render(rng, two_line=two_lines).image
        return shelf[place]


    def mistake(self, rng):
        """What was mistaken for a plate: (BGR picture, opacity mask that falls off to the edge, so that no edge tells it from a plate)."""
        if not self.mistakes:
            return sticker(rng)
        picture = rng.choice(self.mistakes)
        rows, columns = picture.shape[:2]
        if rng.random() < 0.5:
            picture = picture[:, ::-1]
        edge = max(1, int(min(rows, columns) * EDGE / 2))
        mask = np.zeros((rows, columns), np.uint8)
        mask[edge:-edge, edge:-edge] = 255
        return picture, cv2.blur(mask, (2 * edge + 1, 2 * edge + 1))


def mistaken(scene):
    """What an earlier detector took for plates, with some of what is round it."""
    for quad in scene.mistakes:
        margin = (quad[2] - quad[0]) * EDGE
        (x1, y1), (x2, y2) = np.maximum(quad[0] - margin, 0).astype(int), (quad[2] + margin + 1).astype(int)
        part = scene.image[y1:y2, x1:x2]
        if min(part.shape[:2]) >= 12 and part.shape[1] >= 36:
            yield part.copy()


def cut_outs(scene):
    """The straight one-line plates of a photograph that are large enough to be used again."""
    for quad, straight in zip(scene.quads, scene.straight):
        (x1, y1), (x2, y2) = quad[0].round().astype(int), quad[2].round().astype(int)
        if straight and scene.source != 'romania' and x2 - x1 >= 90:
            yield scene.image[max(0, y1):y2, max(0, x1):x2].copy()
