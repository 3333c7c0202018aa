"""Draws a small stand-in for the training data: photographs with boxes, and one glyph sheet. Everything in it is made up.

    python3 draw_data.py FOLDER
"""
import csv
import random
import sys
from pathlib import Path

import cv2
import numpy as np

CHARACTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'


def draw_scene(rng):
    """A street-like noise with one white plate; returns the picture and the plate's box."""
    image = cv2.resize(np.uint8([[[rng.randrange(200) for _ in range(3)] for _ in range(8)] for _ in range(6)]), (320, 240))
    width = rng.randint(40, 120)
    height = width * 10 // 46
    x, y = rng.randint(5, 310 - width), rng.randint(5, 230 - height)
    cv2.rectangle(image, (x, y), (x + width, y + height), (245, 245, 245), -1)
    text = ''.join(rng.choice(CHARACTERS) for _ in range(7))
    cv2.putText(image, text, (x + 3, y + height - 4), cv2.FONT_HERSHEY_SIMPLEX, width / 150, (10, 10, 10), 2, cv2.LINE_AA)
    return image, (x, y, x + width, y + height)


def draw_scenes(folder, rng):
    rows = []
    for source, count in (('openimages', 30), ('openlpr', 4)):
        (folder / 'detection' / source).mkdir(parents=True)
        for number in range(count):
            name = f'detection/{source}/{number:05}.webp'
            image, box = draw_scene(rng)
            cv2.imwrite(str(folder / name), image)
            rows.append([name, 'train', image.shape[1], image.shape[0], *box])
    with open(folder / 'detection' / 'boxes.csv', 'w', newline='') as file:
        csv.writer(file).writerows([['image', 'split', 'width', 'height', 'xmin', 'ymin', 'xmax', 'ymax'], *rows])


def draw_glyphs(folder):
    """One sheet: a row a character, 12 tiles of 40x48, black on white."""
    (folder / 'glyphs').mkdir(parents=True)
    (folder / 'fonts').mkdir()
    sheet = np.full((48 * len(CHARACTERS), 40 * 12), 255, np.uint8)
    for row, character in enumerate(CHARACTERS):
        for tile in range(12):
            cv2.putText(sheet, character, (tile * 40 + 6, row * 48 + 42), cv2.FONT_HERSHEY_SIMPLEX, 1.7, 0, 4)
    cv2.imwrite(str(folder / 'glyphs' / 'de.png'), sheet)
    (folder / 'glyphs' / 'de.txt').write_text('\n'.join(f'{c} 12' for c in CHARACTERS) + '\n')


if __name__ == '__main__':
    target = Path(sys.argv[1])
    draw_scenes(target, random.Random(5))
    draw_glyphs(target)
