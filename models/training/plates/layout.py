"""Sets characters into a line: widths, gaps, and what stands in the gaps (hyphens, seals, stickers) without being text."""
from dataclasses import dataclass

import cv2
import numpy as np

from . import decor
from .glyphs import HEIGHT


@dataclass
class Line:
    """One line before painting: an ink mask (255 = ink), the gaps (x, width) between groups, each character's middle in x."""
    ink: np.ndarray
    gaps: list
    middles: list


@dataclass(frozen=True)
class Style:
    """What is constant over one plate: the face, the stretch of its glyphs, gaps in shares of the glyph height."""
    face: object
    spare: object
    stretch: float
    letter_gap: float
    group_gap: float
    separator: str


def pick_style(rng, families, country):
    """A style; three times out of four in a face that the country uses or that resembles it."""
    national = {"GB": "gb", "FR": "fr", "BE": "be", "NL": "nl", "DE": "de", "RS": "rs", "BA": "fe", "MT": "fe",
                "AL": "fe", "XK": "fe", "CY": "fe", "CZ": "din", "AT": "din", "SK": "din", "SI": "rs", "HR": "rs",
                "ME": "rs", "MK": "fe", "IT": "fr", "ES": "din", "PT": "fr", "IE": "gb", "LU": "fr", "UA": "be"}
    wanted = national.get(country.code if country else "", rng.choice(list(families)))
    if wanted == "de" and rng.random() < 0.5:
        wanted = "fe"
    if wanted not in families or rng.random() < 0.25:
        wanted = rng.choice(list(families))
    gap = rng.uniform(0.06, 0.28)
    return Style(rng.choice(families[wanted]), rng.choice(families["sans"]), rng.uniform(0.82, 1.12), gap,
                 gap + rng.choice((rng.uniform(0.12, 0.4), rng.uniform(0.4, 1.0))), _separator(rng, country))


def _separator(rng, country):
    code = country.code if country else ""
    if code == "DE" and rng.random() < 0.8:
        return "seals"
    if code in ("FR", "NL", "BE", "PT", "CH", "HU", "BA") and rng.random() < 0.75:
        return "hyphen"
    return rng.choices(("none", "hyphen", "dot", "sticker", "seals", "arms", "bolt"), (42, 12, 6, 14, 8, 14, 4))[0]


def set_line(rng, groups, style, height, room=None, last_small=False):
    """A line of groups, glyphs `height` px high; squeezed towards `room` px where the natural width exceeds it."""
    stretch = style.stretch
    if room:
        natural = _width(rng, groups, style, height, stretch)
        if natural > room:
            stretch = max(0.62, stretch * room / natural)
    parts, x, gaps = [], 0.0, []
    for number, group in enumerate(groups):
        if number:
            gap = max(style.group_gap, decor.SEPARATOR_ROOM[style.separator]) * height * min(1.0, stretch * 1.1)
            start, x = x, x - style.letter_gap * height * stretch + gap
            gaps.append((int(start), max(2, int(x - start))))
        small = last_small and number == len(groups) - 1 and number > 0
        for char in group:
            mask = _glyph(rng, style, char, height * (0.72 if small else 1.0), stretch)
            parts.append((int(x), mask, int(height * 0.28) if small else 0))
            x += mask.shape[1] + style.letter_gap * height * stretch
    width = max(4, int(x - style.letter_gap * height * stretch) + 1)
    ink = np.zeros((height, width), np.uint8)
    for left, mask, top in parts:
        h, w = min(mask.shape[0], height - top), min(mask.shape[1], width - left)
        ink[top:top + h, left:left + w] = np.maximum(ink[top:top + h, left:left + w], mask[:h, :w])
    return Line(ink, gaps, [left + mask.shape[1] / 2 for left, mask, _ in parts])


def _width(rng, groups, style, height, stretch):
    characters = [_glyph_mask(rng, style, char) for group in groups for char in group]
    glyphs = sum(max(m.shape[1], 0.24 * HEIGHT) for m in characters) * stretch * height / HEIGHT
    gap = max(style.group_gap, decor.SEPARATOR_ROOM[style.separator]) * min(1.0, stretch * 1.1)
    return glyphs + height * ((len(characters) - len(groups)) * style.letter_gap * stretch + (len(groups) - 1) * gap)


def _glyph_mask(rng, style, char):
    mask = style.face.mask(rng, char)
    return mask if mask is not None else style.spare.mask(rng, char)


def _glyph(rng, style, char, height, stretch):
    mask = _glyph_mask(rng, style, char)
    size = (max(3, round(mask.shape[1] * stretch * height / HEIGHT)), max(6, round(height)))
    return cv2.resize(mask, size, interpolation=cv2.INTER_LINEAR)
