"""Putting a flat picture (a plate, a sticker) into a scene as if a camera saw it there, corners exact."""
import math

import cv2
import numpy as np


def seen_quad(rng, aspect, yaw=50.0, pitch=22.0, roll=9.0):
    """Corners [4, 2] of a flat thing of the given aspect, turned at random, width of its box 1, centred on 0.

    The angles are the largest turns in degrees; the camera stands 2 to 8 widths away.
    """
    a, b, c = (math.radians(limit * rng.triangular(-1, 0, 1)) for limit in (yaw, pitch, roll))
    points = np.float64([[-.5, -.5 / aspect], [.5, -.5 / aspect], [.5, .5 / aspect], [-.5, .5 / aspect]])
    x, y, z = points[:, 0] * math.cos(a), points[:, 1], points[:, 0] * math.sin(a)
    y, z = y * math.cos(b) - z * math.sin(b), y * math.sin(b) + z * math.cos(b)
    x, y = x * math.cos(c) - y * math.sin(c), x * math.sin(c) + y * math.cos(c)
    quad = np.stack([x, y], 1) / (1 + z / rng.uniform(2, 8))[:, None]
    low, high = quad.min(0), quad.max(0)
    return ((quad - (low + high) / 2) / (high[0] - low[0])).astype(np.float32)


def grown(quad, factor):
    """The quad enlarged about its middle."""
    middle = quad.mean(0)
    return (quad - middle) * factor + middle


def paste(image, picture, quad, gain=1.0, opacity=None):
    """Draws the picture (uint8 BGR) into the image, in place, so that its corners fall on the quad [4, 2].

    gain: brightness factor; opacity: None or uint8 mask of the picture's size.
    """
    rows, columns = image.shape[:2]
    x1, y1 = np.maximum(np.floor(quad.min(0)).astype(int) - 1, 0)
    x2, y2 = np.minimum(np.ceil(quad.max(0)).astype(int) + 2, (columns, rows))
    if x2 - x1 < 2 or y2 - y1 < 2:
        return
    height, width = picture.shape[:2]
    target_width = max(np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[2] - quad[3]), 4)
    if target_width * 1.3 < width:
        size = (max(4, int(target_width * 1.3)), max(4, int(height * target_width * 1.3 / width)))
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        opacity = None if opacity is None else cv2.resize(opacity, size, interpolation=cv2.INTER_AREA)
        height, width = picture.shape[:2]
    source = np.float32([[0, 0], [width, 0], [width, height], [0, height]]) - 0.5
    warp = cv2.getPerspectiveTransform(source, (quad - (x1, y1) - 0.5).astype(np.float32))
    size = (int(x2 - x1), int(y2 - y1))
    patch = cv2.warpPerspective(picture, warp, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    mask = np.full((height, width), 255, np.uint8) if opacity is None else opacity
    mask = cv2.warpPerspective(mask, warp, size, flags=cv2.INTER_LINEAR)[..., None].astype(np.float32) / 255
    region = image[y1:y2, x1:x2]
    mixed = np.clip(patch.astype(np.float32) * gain, 0, 255) * mask + region * (1 - mask)
    image[y1:y2, x1:x2] = mixed.astype(np.uint8)


def frame(rng, image, quad):
    """A plate holder round the quad: it is not part of the plate."""
    colour = rng.choice([(20, 20, 20), (35, 33, 30), (120, 120, 122), (200, 200, 205), (60, 30, 20)])
    shade = rng.uniform(0.6, 1.3)
    outer = grown(quad, 1 + rng.uniform(0.03, 0.12))
    drop = (quad[3] - quad[0]) * rng.uniform(0, 0.2) * (rng.random() < 0.4)
    outer[2:] += drop
    cv2.fillConvexPoly(image, np.round(outer * 16).astype(np.int32), [min(255, int(c * shade)) for c in colour],
                       cv2.LINE_AA, 4)


def gain_for(rng, image, quad):
    """A brightness that suits the place: a white plate is somewhat brighter than what is round it, within the day's range."""
    rows, columns = image.shape[:2]
    x, y = np.clip(quad.mean(0).astype(int), 0, (columns - 1, rows - 1))
    reach = int(max(8, (quad[:, 0].max() - quad[:, 0].min())))
    around = float(image[max(0, y - reach):y + reach, max(0, x - reach):x + reach].mean())
    return float(np.clip((0.45 + around / 170) * rng.uniform(0.7, 1.25), 0.22, 1.15))
