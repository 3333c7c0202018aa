"""A plate as the reader meets it: mounted, seen at an angle, cut out by a detector that errs, 160x64."""
import cv2
import numpy as np

from . import decor, degrade

WIDTH, HEIGHT = 160, 64
# The share of the plate's width and height by which the reader's crop is enlarged: written into the model's metadata.
MARGIN_X, MARGIN_Y = 0.04, 0.08
UNIT_SQUARE = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
OUTPUT = np.array([(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)], np.float32)


def mount(rng, plate):
    """The plate in its surroundings: a holder with a dealer's line, or bare. Returns image and the plate's origin in it."""
    h, w = plate.shape[:2]
    if rng.random() < 0.45:
        return plate, (0, 0)
    side, top = int(h * rng.uniform(0.02, 0.1)), int(h * rng.uniform(0.02, 0.1))
    foot = int(h * rng.uniform(0.02, 0.1)) if rng.random() < 0.5 else int(h * rng.uniform(0.12, 0.3))
    shade = decor.colour(rng, rng.choice(((25, 25, 25), (25, 25, 25), (150, 150, 150), (230, 230, 230))), 25)
    image = decor.sheet(w + 2 * side, h + top + foot, shade)
    image[top:top + h, side:side + w] = plate
    if foot > 8:
        strip = image[top + h + 1:]
        decor.words_line(rng, strip, 0, strip.shape[0] - 1, (235, 235, 235) if sum(shade) < 380 else (30, 30, 30))
    return image, (side, top)


def pose(rng, aspect, hard):
    """The plate's corners as a camera sees them, clockwise from its own top left, in units of the plate's width."""
    quad = UNIT_SQUARE * (1.0, 1.0 / aspect)
    if not hard:
        return quad.astype(np.float32)
    a, squeeze, shear = np.radians(rng.gauss(0, 4.5 if rng.random() < 0.75 else 11.0)), rng.uniform(0.6, 1.05), rng.gauss(0, 0.09)
    quad = quad @ np.array([(squeeze, 0), (shear / aspect, 1)], np.float32)
    quad = quad @ np.array([(np.cos(a), np.sin(a)), (-np.sin(a), np.cos(a))], np.float32)
    if rng.random() < 0.5:
        # One side is further away: it shrinks towards its own middle.
        near, far = ((0, 3), (1, 2)) if rng.random() < 0.5 else ((1, 2), (0, 3))
        middle = quad[list(far)].mean(axis=0)
        quad[list(far)] = middle + (quad[list(far)] - middle) * rng.uniform(0.8, 1.0)
    return quad.astype(np.float32)


def cut(rng, quad, hard):
    """The quadrilateral that is cut out for the reader, given where the plate truly is: the detector's error is in it."""
    if not hard:
        return enlarge(quad, MARGIN_X * rng.uniform(0, 1.5), MARGIN_Y * rng.uniform(0, 1.5))
    kind = rng.random()
    low, high = quad.min(axis=0), quad.max(axis=0)
    box = np.array([low, (high[0], low[1]), high, (low[0], high[1])], np.float32)
    if kind < 0.42:
        mixed = quad + (box - quad) * max(0.0, rng.uniform(-0.1, 0.7))
        return enlarge(_shaken(rng, mixed, 0.015, 0.05), MARGIN_X, MARGIN_Y)
    if kind < 0.64:
        return enlarge(_shaken(rng, box, 0.012, 0.03, axis_aligned=True), rng.uniform(-0.01, 0.08), rng.uniform(-0.02, 0.16))
    if kind < 0.83:
        # A box that is far too large: a holder, a lamp or a bumper was taken for the plate's edge.
        around = quad if rng.random() < 0.4 else box
        return enlarge(_shaken(rng, around, 0.03, 0.08, axis_aligned=True), rng.uniform(0.03, 0.2), rng.uniform(0.05, 0.4))
    tight = quad if rng.random() < 0.4 else box
    return enlarge(_shaken(rng, tight, 0.006, 0.015, axis_aligned=True), rng.uniform(-0.045, 0.02), rng.uniform(-0.07, 0.02))


def enlarge(quad, share_x, share_y):
    """The quadrilateral with its sides moved outwards by these shares of its own width and height."""
    right = ((quad[1] - quad[0]) + (quad[2] - quad[3])) / 2 * share_x
    down = ((quad[3] - quad[0]) + (quad[2] - quad[1])) / 2 * share_y
    return (quad + np.array([-right - down, right - down, right + down, down - right])).astype(np.float32)


def _shaken(rng, quad, share_x, share_y, axis_aligned=False):
    width, height = np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[3] - quad[0])
    if axis_aligned:
        xs, ys = [rng.gauss(0, share_x * width) for _ in range(2)], [rng.gauss(0, share_y * height) for _ in range(2)]
        return quad + np.array([(xs[0], ys[0]), (xs[1], ys[0]), (xs[1], ys[1]), (xs[0], ys[1])], np.float32)
    errors = [(rng.gauss(0, share_x * width), rng.gauss(0, share_y * height)) for _ in range(4)]
    return quad + np.array(errors, np.float32)


def view(rng, plate, backdrop, hard=True, points=()):
    """A BGR uint8 64x160 crop of the plate image, and where `points` (x, y in pixels of the plate image) came to lie in it.

    `backdrop` (any BGR image) shows where the crop leaves the plate.
    """
    image, (x, y) = mount(rng, plate) if hard or rng.random() < 0.5 else (plate, (0, 0))
    h, w = plate.shape[:2]
    seen = pose(rng, w / h, hard)
    region = cut(rng, seen, hard)
    width, height = _pixels(rng, region, hard)
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    to_crop = cv2.getPerspectiveTransform(region, target)
    corners = cv2.perspectiveTransform(seen[None], to_crop)[0]
    crop = _project(rng, image, np.array([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], np.float32), corners,
                    cv2.resize(backdrop, (width, height), interpolation=cv2.INTER_LINEAR))
    crop = _age(rng, crop, hard)
    way = cv2.INTER_LINEAR if crop.shape[1] < WIDTH or rng.random() < 0.5 else cv2.INTER_AREA
    return cv2.resize(crop, (WIDTH, HEIGHT), interpolation=way), _moved(points, w, h, corners * (WIDTH / width, HEIGHT / height))


def _moved(points, width, height, corners):
    plate = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(plate, corners.astype(np.float32))
    return cv2.perspectiveTransform(np.array([points], np.float32), matrix)[0] if len(points) else np.zeros((0, 2), np.float32)


def _pixels(rng, region, hard):
    """The size in px at which the camera saw the crop: 40-240 px wide."""
    width = int(40 * (240 / 40) ** rng.random() ** 0.75) if hard else rng.randint(110, 240)
    across = np.linalg.norm(region[1] - region[0]) + np.linalg.norm(region[2] - region[3])
    down = np.linalg.norm(region[3] - region[0]) + np.linalg.norm(region[2] - region[1])
    height = int(width * down / max(1e-6, across))
    if height < 10:
        return int(width * 10 / max(1, height)), 10
    return width, min(height, 200)


def _project(rng, image, corners, target, backdrop):
    shrink = np.linalg.norm(target[1] - target[0]) / np.linalg.norm(corners[1] - corners[0])
    if shrink < 0.75 and rng.random() < 0.8:
        # Averaged like a lens does; now and then left to alias like a careless resize.
        size = (max(8, round(image.shape[1] * shrink)), max(5, round(image.shape[0] * shrink)))
        corners = corners * (size[0] / image.shape[1], size[1] / image.shape[0])
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target.astype(np.float32))
    size = (backdrop.shape[1], backdrop.shape[0])
    return cv2.warpPerspective(image, matrix, size, dst=backdrop, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT)


def _age(rng, crop, hard):
    if not hard:
        return degrade.light(rng, crop) if rng.random() < 0.3 else crop
    if rng.random() < 0.12:
        crop = degrade.dirt(rng, crop)
    crop = degrade.light(rng, crop) if rng.random() < 0.9 else crop
    if rng.random() < 0.06:
        crop = degrade.glare(rng, crop)
    if rng.random() < 0.3:
        crop = degrade.grey(crop)
    if rng.random() < 0.6:
        # In a small crop the same blur hides the text for good, and nothing is learnt from it.
        crop = degrade.blur(rng, crop, most=min(2.2, 0.25 + crop.shape[1] / 130))
    if rng.random() < 0.5:
        crop = degrade.noise(rng, crop)
    return degrade.compress(rng, crop) if rng.random() < 0.45 else crop
