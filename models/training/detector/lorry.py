"""Simply drawn lorries, front or rear: flat panels, lamps, lettering, and the places where a plate hangs.

Real lorries are rare in the photographs, and a drawn one teaches that a plate is the small board on the bumper,
not the lettering above it.
"""
import cv2
import numpy as np

from lettering import colour, sticker
from paste import paste


def shaded(rng, height, width, bgr):
    """A panel of one colour with a slow change of brightness."""
    ramp = np.linspace(rng.uniform(0.6, 1.1), rng.uniform(0.6, 1.1), height, dtype=np.float32)[:, None, None]
    side = np.linspace(rng.uniform(0.8, 1.05), rng.uniform(0.8, 1.05), width, dtype=np.float32)[None, :, None]
    return np.clip(np.float32(bgr) * ramp * side, 0, 255).astype(np.uint8)


def rectangle(image, x1, y1, x2, y2, bgr):
    """A filled rectangle; places are shares of the picture's width and height."""
    height, width = image.shape[:2]
    cv2.rectangle(image, (int(x1 * width), int(y1 * height)), (int(x2 * width), int(y2 * height)), bgr, -1)


def letters(rng, image, area, count):
    """Stickers inside an area (shares x1, y1, x2, y2)."""
    height, width = image.shape[:2]
    for _ in range(count):
        picture, mask = sticker(rng)
        aspect = picture.shape[1] / picture.shape[0]
        w = width * (area[2] - area[0]) * rng.uniform(0.15, 0.95)
        h = min(w / aspect, height * (area[3] - area[1]))
        w = h * aspect
        x = rng.uniform(area[0] * width, max(area[0] * width + 1, area[2] * width - w))
        y = rng.uniform(area[1] * height, max(area[1] * height + 1, area[3] * height - h))
        paste(image, picture, np.float32([[x, y], [x + w, y], [x + w, y + h], [x, y + h]]), 1.0, mask)


def lorry(rng):
    """Returns a BGR picture of one end of a lorry, and plate places: list of (x, y, width) in pixels, x, y the middle."""
    width = rng.choice([240, 360, 480])
    height = int(width * rng.uniform(1.0, 1.4))
    image = shaded(rng, height, width, colour(rng))
    return front(rng, image) if rng.random() < 0.5 else rear(rng, image)


def front(rng, image):
    height, width = image.shape[:2]
    dark = (rng.randint(10, 60),) * 3
    glass = rng.uniform(0.12, 0.3)
    rectangle(image, 0.06, glass, 0.94, glass + rng.uniform(0.18, 0.28), (rng.randint(30, 110), rng.randint(30, 90), rng.randint(20, 70)))
    letters(rng, image, (0.1, 0.0, 0.9, glass), rng.randint(0, 2))
    grille = rng.uniform(0.5, 0.56)
    rectangle(image, 0.2, grille, 0.8, 0.74, dark)
    for i in range(rng.randint(0, 6)):
        y = grille + i * (0.74 - grille) / 6
        rectangle(image, 0.2, y, 0.8, y + 0.01, tuple(min(255, c + 50) for c in dark))
    letters(rng, image, (0.3, grille, 0.7, grille + 0.08), rng.randint(0, 2))
    bumper = rng.uniform(0.74, 0.8)
    rectangle(image, 0, bumper, 1, 0.96, colour(rng))
    lamp = (rng.randint(150, 255),) * 3
    for x in (0.04, 0.8):
        rectangle(image, x, bumper + 0.02, x + 0.16, bumper + 0.09, lamp)
    rectangle(image, 0, 0.96, 1, 1, (15, 15, 15))
    return image, [(width * rng.uniform(0.46, 0.54), height * rng.uniform(bumper + 0.06, 0.92), width * rng.uniform(0.18, 0.26))]


def rear(rng, image):
    height, width = image.shape[:2]
    floor = rng.uniform(0.72, 0.8)
    letters(rng, image, (0.04, 0.02, 0.96, floor - 0.04), rng.randint(0, 5))
    line = tuple(max(0, int(c * 0.6)) for c in image[height // 2, width // 2])
    for x in (0.0, 0.495, 0.985):
        rectangle(image, x, 0, x + 0.012, floor, line)
    for x in (0.2, 0.35, 0.65, 0.8):
        if rng.random() < 0.6:
            rectangle(image, x, 0, x + 0.012, floor, (150, 150, 150))
    rectangle(image, 0, floor, 1, 1, (rng.randint(15, 60),) * 3)
    for x in (0.03, 0.8):
        rectangle(image, x, floor + 0.04, x + 0.17, floor + 0.1, (20, 20, rng.randint(90, 230)))
        rectangle(image, x + rng.uniform(0, 0.1), floor + 0.04, x + 0.12, floor + 0.1, (20, 120, 240))
    if rng.random() < 0.5:
        letters(rng, image, (0.2, floor, 0.8, floor + 0.1), 1)
    places = [(width * rng.uniform(0.3, 0.7), height * rng.uniform(floor + 0.1, 0.95), width * rng.uniform(0.16, 0.24))]
    if rng.random() < 0.15:
        places.append((width * rng.uniform(0.3, 0.7), height * rng.uniform(0.3, 0.6), width * rng.uniform(0.16, 0.22)))
    return image, places
