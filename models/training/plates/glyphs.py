"""Character shapes: glyph sheets cut from real plates, and free fonts. Every shape is an 8-bit mask, 48 px high."""
import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

HEIGHT = 48
TILE_WIDTH, TILE_HEIGHT = 40, 48
CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STAND_IN = {"O": "0", "I": "1", "Q": "O"}
HELD_OUT_TILES = (10, 11)
FONT_ROOT = Path("/usr/share/fonts")
# Debian packages fonts-opendin, fonts-osifont, fonts-roboto-unhinted, fonts-urw-base35, fonts-liberation, fonts-dejavu.
FONTS = {
    "din": ["OSP-DIN.ttf"],
    "sans": ["RobotoCondensed-Regular.ttf", "RobotoCondensed-Medium.ttf", "RobotoCondensed-Bold.ttf", "Roboto-Medium.ttf",
             "Roboto-Bold.ttf", "NimbusSansNarrow-Regular.otf", "NimbusSans-Regular.otf", "NimbusSans-Bold.otf",
             "LiberationSansNarrow-Bold.ttf", "LiberationSans-Bold.ttf", "LiberationSans-Regular.ttf", "URWGothic-Demi.otf",
             "NimbusMonoPS-Bold.otf", "DejaVuSansCondensed-Bold.ttf"],
}
HELD_OUT_FONTS = ["osifont.ttf", "NimbusSansNarrow-Bold.otf", "Roboto-Regular.ttf"]


@dataclass(frozen=True)
class Face:
    """One typeface: for each character one or more masks (ink 255), all 48 px high."""
    name: str
    masks: dict

    def mask(self, rng, char):
        """One mask of the character, or None where the face lacks it and nothing stands in for it."""
        for candidate in (char, STAND_IN.get(char), STAND_IN.get(STAND_IN.get(char, ""), "")):
            if candidate in self.masks:
                return rng.choice(self.masks[candidate])
        return None


def load_faces(data, held_out=False):
    """All faces by family (de, fr, ..., fe, din, sans); with held_out only the shapes that training never sees."""
    data = Path(data)
    families = {}
    for sheet in sorted((data / "glyphs").glob("*.png")):
        families[sheet.stem] = [_sheet_face(sheet, held_out)]
    if not families:
        raise FileNotFoundError(f"{data / 'glyphs'}: no glyph sheets found; give the folder that holds glyphs/ and fonts/")
    if held_out:
        families["sans"] = _font_faces(HELD_OUT_FONTS)
        return families
    families["fe"] = [_font_face(path) for path in sorted((data / "fonts").glob("*.ttf"))]
    for family, names in FONTS.items():
        families[family] = _font_faces(names)
    return {family: faces for family, faces in families.items() if faces}


def _sheet_face(path, held_out):
    sheet = 255 - cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    masks = {}
    for row, line in enumerate(path.with_suffix(".txt").read_text().split("\n")):
        if not line.strip():
            continue
        char, filled = line.split()
        for tile in range(int(filled)):
            # Rows with few tiles lend all of them to training, and to the hold-out the last one.
            hidden = tile in HELD_OUT_TILES if int(filled) > HELD_OUT_TILES[0] else tile == int(filled) - 1
            if hidden == held_out:
                y, x = row * TILE_HEIGHT, tile * TILE_WIDTH
                masks.setdefault(char, []).append(_tight(sheet[y:y + TILE_HEIGHT, x:x + TILE_WIDTH]))
    kept = {char: [m for m in found if m is not None] for char, found in masks.items()}
    return Face(path.stem, {char: found for char, found in kept.items() if found})


def _tight(mask):
    columns = np.flatnonzero(mask.max(axis=0) > 96)
    rows = np.flatnonzero(mask.max(axis=1) > 96)
    if len(columns) < 3 or len(rows) < 20:
        return None
    cut = mask[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]
    width = max(3, round(cut.shape[1] * HEIGHT / cut.shape[0]))
    return cv2.resize(cut, (width, HEIGHT), interpolation=cv2.INTER_LINEAR)


def _font_faces(names):
    found = {path.name: path for path in FONT_ROOT.rglob("*") if path.name in names}
    for name in names:
        if name not in found:
            print(f"font {name} is not installed under {FONT_ROOT}: rendering goes on without it", file=sys.stderr)
    return [_font_face(found[name]) for name in names if name in found]


def _font_face(path):
    font = ImageFont.truetype(str(path), 96)
    masks = {}
    for char in CHARACTERS:
        image = Image.new("L", (160, 160))
        ImageDraw.Draw(image).text((30, 20), char, fill=255, font=font)
        mask = _tight(np.asarray(image))
        if mask is not None:
            masks[char] = [mask]
    return Face(path.stem, masks)
