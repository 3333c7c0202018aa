"""Lettering that is not a plate: company names, telephone numbers, signs, warning plates, burnt-in clocks."""
import random
import string
import subprocess
from functools import lru_cache

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

SYLLABLES = 'tra nor vel ko mar ti lux ber sa ron del pol via kar go ex pre log is eu ro fri gel ste in wal ma za no bal ta'.split()
WORDS = ('Transport Logistics Spedition Cargo Trans Fresh Express Group International Frigo Haulage Service Sons GmbH Ltd '
         'S.A. Transporte Trasporti TIR LONG VEHICLE STOP TAXI POLICE PORT EXIT TERMINAL LANE CUSTOMS DOUANE P Parking').split()


@lru_cache(maxsize=1)
def font_files():
    """Upright fonts of this machine, from fontconfig."""
    listing = subprocess.run(['fc-list', ':', 'file'], capture_output=True, text=True, check=True).stdout
    names = sorted(line.split(':')[0] for line in listing.splitlines())
    names = [n for n in names if n.lower().endswith(('.ttf', '.otf')) and not any(
        word in n for word in ('Italic', 'Oblique', 'Math', 'D050000L', 'Symbol', 'Dingbat'))]
    if not names:
        raise SystemExit('no fonts found: install fonts-liberation and fonts-roboto-unhinted')
    return names


@lru_cache(maxsize=400)
def font(name, size):
    return ImageFont.truetype(name, size)


def words(rng):
    """One line of made-up text, of a kind seen on vehicles, shops and roads."""
    kind = rng.random()
    if kind < 0.35:
        name = ''.join(rng.choice(SYLLABLES) for _ in range(rng.randint(2, 3))).capitalize()
        text = name if rng.random() < 0.5 else f'{name} {rng.choice(WORDS)}'
    elif kind < 0.50:
        text = rng.choice(WORDS)
    elif kind < 0.62:
        text = '+' + ' '.join(''.join(rng.choice(string.digits) for _ in range(n)) for n in (2, 3, 3, 3))
    elif kind < 0.72:
        text = 'www.' + ''.join(rng.choice(SYLLABLES) for _ in range(3)) + rng.choice(['.com', '.eu', '.pl', '.fr', '.ro'])
    elif kind < 0.82:
        text = f'{rng.randint(1, 28):02}-{rng.randint(1, 12):02}-20{rng.randint(10, 30)} ' \
               f'{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}'
    elif kind < 0.90:
        text = ''.join(rng.choice(string.ascii_uppercase) for _ in range(3)) + f'U {rng.randint(100000, 999999)} {rng.randint(0, 9)}'
    else:
        text = ''.join(rng.choice(string.ascii_letters) for _ in range(rng.randint(2, 14)))
    return text.upper() if rng.random() < 0.4 else text


def colour(rng):
    """A BGR colour; white, black and grey are common."""
    if rng.random() < 0.4:
        return (rng.choice([15, 40, 128, 200, 245]),) * 3
    return tuple(rng.randint(0, 255) for _ in range(3))


def write(rng, lines, height=48):
    """The lines as an ink mask, uint8 [h, w], tight."""
    face = font(rng.choice(font_files()), height)
    boxes = [face.getbbox(line) for line in lines]
    width = max(b[2] for b in boxes) + 8
    sheet = Image.new('L', (max(16, width), int(height * 1.25) * len(lines)), 0)
    draw = ImageDraw.Draw(sheet)
    for i, line in enumerate(lines):
        draw.text((4 if rng.random() < 0.6 else (width - boxes[i][2]) // 2, int(height * 1.25) * i), line, fill=255, font=face)
    return np.asarray(sheet)


def sticker(rng):
    """A sticker or sign: (BGR picture, opacity mask). Bare ink, a coloured board, an orange hazard plate, a round sign."""
    kind = rng.random()
    if kind < 0.45:
        ink = write(rng, [words(rng) for _ in range(rng.choice([1, 1, 2, 3]))])
        return np.full((*ink.shape, 3), colour(rng), np.uint8), ink
    if kind < 0.75:
        return board(rng)
    return warning(rng) if kind < 0.9 else round_sign(rng)


def board(rng):
    ink = write(rng, [words(rng) for _ in range(rng.choice([1, 2, 2, 3]))])
    ink = cv2.copyMakeBorder(ink, *[rng.randint(2, 30) for _ in range(4)], cv2.BORDER_CONSTANT, value=0)
    weight = ink[..., None].astype(np.float32) / 255
    picture = (np.float32(colour(rng)) * (1 - weight) + np.float32(colour(rng)) * weight).astype(np.uint8)
    return picture, np.full(ink.shape, 255, np.uint8)


def warning(rng):
    """The orange hazard plate of dangerous goods (two numbers), or the red and yellow board of long vehicles."""
    if rng.random() < 0.5:
        picture = np.full((90, 120, 3), (0, 120, 245), np.uint8)
        cv2.rectangle(picture, (2, 2), (117, 87), 0, 4)
        cv2.line(picture, (0, 45), (120, 45), 0, 4)
        if rng.random() < 0.7:
            cv2.putText(picture, str(rng.randint(20, 99)), (34, 38), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 4, cv2.LINE_AA)
            cv2.putText(picture, str(rng.randint(1000, 3500)), (16, 82), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 4, cv2.LINE_AA)
    else:
        picture = np.full((60, 240, 3), (40, 210, 250), np.uint8)
        cv2.rectangle(picture, (0, 0), (239, 59), (30, 30, 220), 8)
        for x in range(-60, 240, 60) if rng.random() < 0.5 else ():
            cv2.fillConvexPoly(picture, np.int32([[x, 60], [x + 30, 60], [x + 90, 0], [x + 60, 0]]), (30, 30, 220))
    return picture, np.full(picture.shape[:2], 255, np.uint8)


def round_sign(rng):
    picture = np.full((80, 80, 3), (245, 245, 245), np.uint8)
    mask = np.zeros((80, 80), np.uint8)
    cv2.circle(mask, (40, 40), 38, 255, -1, cv2.LINE_AA)
    cv2.circle(picture, (40, 40), 36, rng.choice([(20, 20, 200), (20, 20, 20), (160, 60, 20)]), rng.choice([4, 8]))
    cv2.putText(picture, str(rng.choice([30, 50, 60, 80, 90, 100])), (16, 52), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 3, cv2.LINE_AA)
    return picture, mask


def burn_in(rng, image):
    """A camera's clock or name across the picture's edge, in place."""
    scale = rng.uniform(0.3, 0.9) * image.shape[1] / 400
    place = (int(rng.uniform(0, 0.5) * image.shape[1]), int(image.shape[0] * rng.choice([0.07, 0.95])))
    text = words(rng) if rng.random() < 0.4 else \
        f'20{rng.randint(10, 30)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02} {rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02} CAM{rng.randint(1, 16)}'
    thick = max(1, int(scale * 2))
    if rng.random() < 0.5:
        cv2.putText(image, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, (0, 0, 0), thick + 2, cv2.LINE_AA)
    cv2.putText(image, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, rng.choice([(255, 255, 255), (0, 255, 255), (0, 255, 0)]),
                thick, cv2.LINE_AA)


if __name__ == '__main__':
    import sys
    chance = random.Random(1)
    for index in range(12):
        cv2.imwrite(f'{sys.argv[1]}/sticker{index}.png', sticker(chance)[0])
