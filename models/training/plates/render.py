"""Renders one clean number plate, cut exactly at its own edge.

    renderer = PlateRenderer(data_folder)
    plate = renderer.render(random.Random(1))            # any country, any number of lines
    plate = renderer.render(rng, two_line=True, country="FR")
"""
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from . import countries as table
from . import decor
from .glyphs import load_faces
from .layout import pick_style, set_line

UNIT = 72
ODD_COLOURS = (("#F2F2EE", "#141414"), ("#F6C516", "#141414"), ("#141414", "#F2F2EE"), ("#C8232C", "#F2F2EE"),
               ("#F2F2EE", "#B3121D"), ("#F2F2EE", "#16357E"), ("#F2F2EE", "#1C6B35"), ("#1E7A3C", "#F2F2EE"),
               ("#16357E", "#F2F2EE"), ("#F08A1D", "#141414"), ("#CFE3F5", "#20303C"))


@dataclass(frozen=True)
class Rendered:
    """image: BGR uint8, tight on the plate. lines: the text, one string a line, without gaps. country: ISO code or None.

    middles: for each line the (x, y) of each character's middle, in pixels of the image.
    """
    image: np.ndarray
    lines: list
    country: str
    middles: list


class PlateRenderer:
    """Draws plates with the shapes found in `data` (glyphs/, fonts/); held_out takes the shapes kept for validation."""

    def __init__(self, data, held_out=False):
        self._faces = load_faces(data, held_out)
        self._countries = table.load_countries()

    def render(self, rng, two_line=None, country=None):
        """One plate. rng: random.Random. two_line: None draws it (44 in 100). country: ISO code, None draws it.

        One-line plates are about 72 px high, two-line plates 108-150 px. Unknown country codes raise KeyError.
        """
        two = rng.random() < 0.44 if two_line is None else two_line
        row, groups, pair = self._registration(rng, two, country)
        style = pick_style(rng, self._faces, row)
        lines = [groups[:pair], groups[pair:]] if two else [groups]
        image, middles = _paint(rng, lines, style, row, *_colours(rng, row, self._format))
        return Rendered(image, ["".join(line) for line in lines], row.code if row else None, middles)

    def _registration(self, rng, two, code):
        self._format = None
        if code is None and rng.random() < 0.25:
            groups = table.random_groups(rng)
            if two and len(groups) == 1:
                groups = [groups[0][:2], groups[0][2:]]
            return None, groups, rng.randint(1, max(1, len(groups) - 1))
        while True:
            row = self._countries[code] if code else table.pick_country(rng, self._countries)
            self._format = table.pick_format(rng, row, two) or (table.pick_format(rng, row) if code else None)
            if self._format:
                groups = table.fill(rng, self._format.groups)
                if two and len(groups) == 1:
                    half = len(groups[0]) // 2
                    groups = [groups[0][:half], groups[0][half:]]
                return row, groups, min(self._format.break_at, max(1, len(groups) - 1))


@lru_cache(maxsize=4)
def _default(data):
    return PlateRenderer(data)


def render_plate(rng, two_line=None, country=None, data="data"):
    """PlateRenderer.render with a renderer kept for each data folder."""
    return _default(str(data)).render(rng, two_line, country)


def _bgr(code):
    return int(code[5:7], 16), int(code[3:5], 16), int(code[1:3], 16)


def _colours(rng, row, format_):
    if row is None or rng.random() < 0.06:
        back, text = ODD_COLOURS[0] if rng.random() < 0.45 else rng.choice(ODD_COLOURS)
    else:
        back, text = format_.background, format_.text
        if row.rear_background and rng.random() < 0.5:
            back = row.rear_background
    return decor.colour(rng, _bgr(back), 14), decor.colour(rng, _bgr(text), 22)


def _paint(rng, lines, style, row, back, ink):
    two = len(lines) == 2
    height = int(UNIT * rng.uniform(1.5, 2.05)) if two else UNIT
    band_side = row.band if row else rng.choice(("left", "none", "none", "right"))
    if row is not None and row.code == "PT" and rng.random() < 0.5:
        band_side = "both"  # as made from 1998 to 2020, with the date of the first registration
    if rng.random() < 0.1:
        band_side = rng.choice(("left", "none", "right", "both"))
    band = int((UNIT if two else height) * rng.uniform(0.42, 0.62))
    left = band if band_side in ("left", "both") else 0
    right = band if band_side in ("right", "both") else 0
    size = _line_heights(rng, two, height)
    margin = UNIT * (rng.uniform(0.0, 0.2) if two else rng.uniform(0.06, 0.22))
    emblems = [_emblems(rng, two, n, size[n], row) for n in range(len(lines))]
    wanted = height * _aspect(rng, two)
    # On two lines the band may stand beside one line only: mostly the first.
    beside = {0, 1} if not two or rng.random() < 0.45 else {0 if rng.random() < 0.8 else 1}
    room = [wanted - 2 * margin - ((left + right) if n in beside else 0) - sum(emblems[n]) for n in range(len(lines))]
    small = rng.random() < 0.04
    set_ = [set_line(rng, line, style, size[n], room[n], small and n == len(lines) - 1) for n, line in enumerate(lines)]
    needs = [s.ink.shape[1] + wanted - r for s, r in zip(set_, room)]
    image = decor.sheet(int(max(max(needs), wanted)), height, back)
    sign = row.sign if row else "".join(rng.choice("ABDEFHIKLNPRS") for _ in range(rng.randint(1, 3)))
    _paint_bands(rng, image, left, right, beside, size, row, sign, style.face)
    ys, middles = _line_tops(rng, size, height), []
    for n, (line, y) in enumerate(zip(set_, ys)):
        low, high = (left, right) if n in beside else (0, 0)
        lead, trail = emblems[n]
        spare = image.shape[1] - low - high - line.ink.shape[1] - lead - trail
        x = low + lead + int(spare * (rng.uniform(0.35, 0.65) if rng.random() < 0.8 else rng.uniform(0.05, 0.95)))
        for start, width in ((low if rng.random() < 0.5 else x - lead, lead), (x + line.ink.shape[1] + max(0, int(spare * rng.uniform(0, 0.5))), trail)):
            if width:
                decor.emblem(rng, image, start, y, width, size[n], ink, sign, style.face)
        _paint_line(rng, image, line, style, max(0, x), y, back, ink)
        middles.append([(max(0, x) + middle, y + size[n] / 2) for middle in line.middles])
    _finish(rng, image, back, ink, ys, size)
    return image, middles


def _emblems(rng, two, line, height, row):
    """Room for what stands before and after the characters of a line: arms and seals, mostly after the first of two lines (AT, CH, DE, CZ, PL)."""
    sealed = row is not None and row.code in ("AT", "CH", "DE", "CZ", "SK", "PL", "LI", "SI", "HR")
    after = (0.75 if sealed else 0.3) if two and line == 0 else 0.1 if two else 0.04
    before = (0.5 if row is not None and row.code in ("CH", "LI") else 0.12) if two and line == 0 else 0.03
    return [int(height * rng.uniform(0.5, 1.15)) if rng.random() < share else 0 for share in (before, after)]


def _aspect(rng, two):
    if two:
        return rng.choice((rng.uniform(1.15, 1.5), rng.uniform(1.35, 1.9), rng.uniform(1.8, 2.3)))
    return rng.choices((rng.uniform(4.3, 5.1), rng.uniform(3.0, 4.3), rng.uniform(5.0, 6.2), rng.uniform(2.0, 3.0)),
                       (66, 18, 8, 8))[0]


def _line_heights(rng, two, height):
    if not two:
        return [int(height * rng.uniform(0.58, 0.8))]
    share = rng.uniform(0.32, 0.46)
    first = share * (rng.uniform(0.6, 0.95) if rng.random() < 0.2 else 1.0)
    return [int(height * first), int(height * share)]


def _line_tops(rng, size, height):
    free = height - sum(size)
    if len(size) == 1:
        return [int(free * rng.uniform(0.38, 0.62))]
    top = free * rng.uniform(0.16, 0.42)
    return [int(top), int(top + size[0] + free * rng.uniform(0.2, 0.36))]


def _paint_bands(rng, image, left, right, beside, size, row, sign, face):
    height = image.shape[0] if len(beside) == 2 else int(size[min(beside)] * rng.uniform(1.05, 1.25)) + 4
    y = image.shape[0] - height if beside == {1} else 0
    if left:
        decor.band(rng, image, 0, y, left, height, sign, face)
    if right and (row.code == "PT" if row else rng.random() < 0.15):
        decor.date_band(rng, image, image.shape[1] - right, y, right, height, face)
    elif right:
        # The right band of France and Italy holds a number of the department or province.
        words = rng.choice((sign, str(rng.randint(1, 95)).zfill(2), "2A", "".join(rng.choice("ABEIMORT") for _ in range(2))))
        decor.band(rng, image, image.shape[1] - right, y, right, height, words, face)


def _paint_line(rng, image, line, style, x, y, back, ink):
    h, w = line.ink.shape
    w = min(w, image.shape[1] - x)
    mask = line.ink[:, :w]
    if rng.random() < 0.3:
        kernel = np.ones((2, 2) if rng.random() < 0.7 else (3, 3), np.uint8)
        mask = cv2.dilate(mask, kernel) if rng.random() < 0.6 else cv2.erode(mask, kernel)
    blend = (np.linspace(back, ink, 256).astype(np.uint8)).reshape(1, 256, 3)
    area = cv2.LUT(cv2.merge([mask, mask, mask]), blend)
    image[y:y + h, x:x + w] = _emboss(rng, area, mask) if rng.random() < 0.3 else area
    for start, width in line.gaps:
        if style.separator != "none":
            decor.separator(rng, image, style.separator, x + start, y, width, h, ink)
    if rng.random() < 0.02:
        decor.umlaut(image, x, y, h * 0.6, h, ink)


def _emboss(rng, area, mask):
    """A light or dark edge beside the ink, as the raised metal throws it."""
    dx, dy = rng.choice(((1, 1), (-1, 1), (1, -1), (2, 1)))
    moved = cv2.warpAffine(mask, np.float32([(1, 0, dx), (0, 1, dy)]), (mask.shape[1], mask.shape[0]))
    edge = cv2.subtract(moved, mask)
    strength = rng.choice((-0.2, -0.12, 0.1))
    return cv2.addWeighted(area, 1.0, cv2.merge([edge, edge, edge]), strength, 0.0)


def _finish(rng, image, back, ink, ys, size):
    h, w = image.shape[:2]
    if rng.random() < 0.55:
        inset, edge = rng.randint(0, 3), ink if rng.random() < 0.6 else decor.colour(rng, (90, 90, 90), 60)
        cv2.rectangle(image, (inset, inset), (w - 1 - inset, h - 1 - inset), edge, rng.randint(1, 3))
    if rng.random() < 0.4:
        y = h * rng.uniform(0.3, 0.7) if len(ys) == 1 else h * rng.uniform(0.05, 0.95)
        for x in {2: (0.06, 0.94), 1: (rng.uniform(0.05, 0.95),), 3: (0.25, 0.5, 0.75)}[rng.randint(1, 3)]:
            decor.screw(rng, image, w * (x + rng.uniform(-0.02, 0.02)), y, UNIT * rng.uniform(0.03, 0.07))
    if rng.random() < 0.08:
        decor.sticker(rng, image, int(rng.uniform(0.02, 0.98) * w), int(rng.uniform(0.0, 1.0) * h), UNIT * 0.12)
    bottom = h - (ys[-1] + size[-1])
    if rng.random() < 0.1 and bottom > 7:
        decor.words_line(rng, image, h - bottom + 1, bottom - 3, ink)
    if rng.random() < 0.04 and ys[0] > 8:
        decor.words_line(rng, image, 1, ys[0] - 3, ink)
