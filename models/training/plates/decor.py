"""What stands on plates beside the registration: bands, flags, seals, stickers, screws, dealers' lines. None of it is text."""
import cv2
import numpy as np

FONT = cv2.FONT_HERSHEY_SIMPLEX
# Room that each separator needs between two groups, in shares of the glyph height.
SEPARATOR_ROOM = {"none": 0.0, "hyphen": 0.42, "dot": 0.3, "sticker": 0.62, "seals": 0.6, "arms": 0.62, "bolt": 0.4}
BAND_BLUE = (150, 60, 10)


def colour(rng, base, spread):
    """A BGR colour near `base`, each channel off by at most `spread`."""
    return tuple(int(min(255, max(0, c + rng.uniform(-spread, spread)))) for c in base)


def sheet(width, height, fill):
    """A BGR image of one colour."""
    image = np.empty((height, width, 3), np.uint8)
    cv2.rectangle(image, (0, 0), (width, height), fill, -1)
    return image


def _vivid(rng):
    return rng.choice(((40, 40, 200), (60, 160, 40), (170, 80, 20), (20, 190, 220), (230, 230, 230), (60, 60, 60),
                       (190, 120, 60), (30, 120, 230)))


def separator(rng, image, kind, x, y, width, height, ink):
    """Paints a separator into the gap that starts at (x, y); `height` is that of the glyphs beside it."""
    cx, cy = x + width // 2, y + height // 2
    if kind == "hyphen":
        w, t = max(2, int(rng.uniform(0.3, 0.75) * width)), max(2, int(rng.uniform(0.07, 0.14) * height))
        cv2.rectangle(image, (cx - w // 2, cy - t // 2), (cx + w // 2, cy - t // 2 + t), ink, -1)
    elif kind == "dot":
        dy = rng.choice((0, 0, int(height * 0.4)))
        cv2.circle(image, (cx, cy + dy), max(2, int(height * rng.uniform(0.05, 0.1))), ink, -1, cv2.LINE_AA)
    elif kind == "bolt":
        screw(rng, image, cx, cy + int(rng.uniform(-0.2, 0.2) * height), height * rng.uniform(0.07, 0.13))
    elif kind == "seals":
        r = min(width * 0.46, height * 0.24)
        for dy in (-0.27, 0.27):
            if rng.random() < 0.9:
                sticker(rng, image, cx, int(cy + dy * height), r)
    elif kind == "sticker":
        sticker(rng, image, cx, cy + int(rng.uniform(-0.3, 0.3) * height), min(width * 0.46, height * rng.uniform(0.2, 0.34)))
    elif kind == "arms":
        arms(rng, image, cx, cy, min(width * 0.46, height * rng.uniform(0.25, 0.4)), ink)


def sticker(rng, image, cx, cy, r):
    """A round, square or eight-sided seal with a rim, and often small digits or letters that are not text."""
    r = max(2, int(r))
    fill, rim = colour(rng, _vivid(rng), 30), colour(rng, _vivid(rng), 30)
    if rng.random() < 0.7:
        cv2.circle(image, (cx, cy), r, fill, -1, cv2.LINE_AA)
        cv2.circle(image, (cx, cy), r, rim, max(1, r // 5), cv2.LINE_AA)
    else:
        cv2.rectangle(image, (cx - r, cy - r), (cx + r, cy + r), fill, -1)
        cv2.rectangle(image, (cx - r, cy - r), (cx + r, cy + r), rim, 1)
    if rng.random() < 0.6:
        words = rng.choice((str(rng.randint(0, 99)), "".join(rng.choice("ABCDEFHKLMRST") for _ in range(rng.randint(1, 2)))))
        scale = r / 14.0 * rng.uniform(0.6, 1.0)
        cv2.putText(image, words, (cx - int(9 * scale * len(words)), cy + int(9 * scale)), FONT, scale, rim, 1, cv2.LINE_AA)
    elif rng.random() < 0.6:
        cv2.line(image, (cx, cy), (cx + int(rng.uniform(-r, r)), cy + int(rng.uniform(-r, r))), rim, 1, cv2.LINE_AA)


def arms(rng, image, cx, cy, r, ink):
    """A coat of arms: a shield of a few patches, or thin lines in the colour of the text."""
    r = max(3, int(r))
    shield = np.array([(-1, -1), (1, -1), (1, 0.2), (0, 1.1), (-1, 0.2)]) * (r * rng.uniform(0.6, 0.9), r)
    points = (shield + (cx, cy)).astype(np.int32)
    if rng.random() < 0.7:
        cv2.fillPoly(image, [points], colour(rng, _vivid(rng), 40), cv2.LINE_AA)
        for _ in range(rng.randint(1, 4)):
            x, y = cx + int(rng.uniform(-0.6, 0.6) * r), cy + int(rng.uniform(-0.8, 0.6) * r)
            cv2.circle(image, (x, y), max(1, int(r * rng.uniform(0.1, 0.4))), colour(rng, _vivid(rng), 40), -1, cv2.LINE_AA)
    cv2.polylines(image, [points], True, ink, 1, cv2.LINE_AA)


def emblem(rng, image, x, y, width, height, ink, sign, face):
    """What stands beside the characters of a line and is none: arms, the country's sign in an oval, one seal, or two side by side or one above the other."""
    cx, cy, r, kind = x + width // 2, y + height // 2, min(width, height) * rng.uniform(0.34, 0.5), rng.random()
    if kind < 0.37:
        arms(rng, image, cx, cy, r, ink)
    elif kind < 0.5:
        axes = (int(r * rng.uniform(0.9, 1.2)), int(r * rng.uniform(0.6, 0.9)))
        cv2.ellipse(image, (cx, cy), axes, 0, 0, 360, colour(rng, (235, 235, 235), 20), -1, cv2.LINE_AA)
        cv2.ellipse(image, (cx, cy), axes, 0, 0, 360, (30, 30, 30), 1, cv2.LINE_AA)
        _sign(rng, image, sign, cx, cy, axes[0] * 1.4, axes[1] * 1.2, (25, 25, 25), face)
    elif kind < 0.7:
        sticker(rng, image, cx, cy, r)
    else:
        dx, dy = (width * 0.26, 0) if width > height else (0, height * 0.26)
        for side in (-1, 1):
            sticker(rng, image, int(cx + side * dx), int(cy + side * dy), r * 0.58)


def screw(rng, image, cx, cy, r):
    """A screw head or its plastic cap."""
    r, grey = max(1, int(r)), rng.choice((30, 70, 120, 190, 235))
    cv2.circle(image, (int(cx), int(cy)), r, colour(rng, (grey, grey, grey), 25), -1, cv2.LINE_AA)
    if r > 2 and rng.random() < 0.6:
        cv2.line(image, (int(cx) - r + 1, int(cy)), (int(cx) + r - 1, int(cy)), (20, 20, 20), 1)


def band(rng, image, x, y, width, height, sign, face):
    """A national band: blue mostly, with stars or a flag above the sign; the letters in it are not text."""
    fill = BAND_BLUE if rng.random() < 0.9 else _vivid(rng)
    cv2.rectangle(image, (x, y), (x + width - 1, y + height - 1), colour(rng, fill, 35), -1)
    cx, top = x + width // 2, y + int(height * rng.uniform(0.24, 0.34))
    r, kind = width * rng.uniform(0.22, 0.36), rng.random()
    if kind < 0.65:
        for a in np.linspace(0, 2 * np.pi, 12, endpoint=False):
            cv2.circle(image, (int(cx + r * np.cos(a)), int(top + r * np.sin(a))), max(1, width // 22), (40, 215, 240), -1)
    elif kind < 0.85:
        for i in range(3):
            h = max(1, int(r * 0.5))
            cv2.rectangle(image, (int(cx - r), top - h + i * h), (int(cx + r), top + i * h), _vivid(rng), -1)
    if rng.random() < 0.85:
        words = sign if rng.random() < 0.8 else str(rng.randint(1, 99))
        _sign(rng, image, words, cx, y + height * rng.uniform(0.72, 0.8), width * 0.8, height * 0.3, (240, 240, 240), face)


def date_band(rng, image, x, y, width, height, face):
    """Portugal's yellow band with the year over the month of the first registration, two digits each; neither is text."""
    cv2.rectangle(image, (x, y), (x + width - 1, y + height - 1), colour(rng, (40, 190, 235), 30), -1)
    for words, middle in ((f"{rng.randint(0, 99):02}", 0.3), (f"{rng.randint(1, 12):02}", 0.7)):
        _sign(rng, image, words, x + width / 2, y + height * middle, width * 0.85, height * rng.uniform(0.26, 0.36), (25, 25, 25), face)


def _sign(rng, image, words, cx, cy, width, height, ink, face):
    """Letters or digits that are no text, their middle at (cx, cy), in at most width x height px: thin strokes, or the plate's own bold shapes."""
    masks = [face.mask(rng, char) for char in words]
    if rng.random() < 0.5 or any(mask is None for mask in masks):
        size = cv2.getTextSize(words, FONT, 1.0, 2)[0]
        scale = min(width / size[0], height / size[1])
        cv2.putText(image, words, (int(cx - size[0] * scale / 2), int(cy + size[1] * scale / 2)), FONT, scale, ink, max(1, int(scale * rng.choice((2, 3)))), cv2.LINE_AA)
        return
    line = np.hstack([np.pad(mask, ((0, 0), (3, 3))) for mask in masks])
    scale = min(width / line.shape[1], height / line.shape[0])
    line = cv2.resize(line, (max(1, int(line.shape[1] * scale)), max(1, int(line.shape[0] * scale))), interpolation=cv2.INTER_AREA)
    left, top = int(cx - line.shape[1] / 2), int(cy - line.shape[0] / 2)
    place = image[max(0, top):top + line.shape[0], max(0, left):left + line.shape[1]]
    share = line[:place.shape[0], :place.shape[1], None] / 255.0
    place[:] = place * (1 - share) + np.array(ink) * share


def umlaut(image, x, y, width, height, ink):
    """Two dots above a letter at (x, y); the label keeps the base letter."""
    r = max(1, int(height * 0.045))
    for side in (0.28, 0.72):
        cv2.circle(image, (int(x + side * width), int(y - 1.8 * r)), r, ink, -1, cv2.LINE_AA)


def words_line(rng, image, y, height, ink):
    """A line of small words (a dealer, a region) across the image at y."""
    text = "".join(rng.choice("ABCDEFGHIKLMNOPRSTUVW aeionrst.-  ") for _ in range(rng.randint(5, 22)))
    size = cv2.getTextSize(text, FONT, 1.0, 2)[0]
    scale = min(height / 28.0, image.shape[1] * 0.9 / max(1, size[0]))
    x = int((image.shape[1] - size[0] * scale) * rng.uniform(0.1, 0.9))
    cv2.putText(image, text, (max(0, x), int(y + height * 0.85)), FONT, scale, ink, max(1, int(scale * 2)), cv2.LINE_AA)
