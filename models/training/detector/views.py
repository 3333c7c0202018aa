"""Random training views: a part of a photograph at a random scale, plates and hard negatives pasted in, targets exact."""
import math
import random

import cv2
import numpy as np

import photo
from lettering import burn_in, sticker
from lorry import lorry
from paste import frame, gain_for, grown, paste, seen_quad

SHARES = {'openimages': 0.40, 'openlpr': 0.24, 'romania': 0.13, 'turkey': 0.14, 'polish': 0.05, 'usrear': 0.04}
NEAR, MISTAKE, WHOLE = 0.50, 0.12, 0.20  # the rest: a random place, if it can be without a plate
MOSAIC = 0.15  # four photographs in one view
STICKER_IS_MISTAKE = 0.4
INTO_BOX, AT_RANDOM, AT_RANDOM_EMPTY, STICKERS, LORRY, CLOSE = 0.30, 0.32, 0.25, 0.30, 0.09, 0.07
SMALLEST_PX, LARGEST_SHARE = 10.0, 0.88
PAD = 114
IGNORE, BOX, CORNERS = 0, 1, 2


class Views:
    """Makes (image uint8 [h, w, 3] BGR, targets float32 [M, 13]: kind, box, corners; see loss.py)."""

    def __init__(self, scenes, plates, seed, stretch):
        self.rng = random.Random(seed)
        self.plates, self.stretch = plates, stretch
        groups = {}
        for scene in scenes:
            groups.setdefault(scene.source, []).append(scene)
        self.groups = list(groups.values())
        self.weights = [SHARES[name] for name in groups]

    def sample(self, width, height):
        rng = self.rng
        if rng.random() < LORRY:
            image, targets = self.lorry_view(width, height)
        elif rng.random() < MOSAIC:
            image, targets = self.mosaic(width, height)
        else:
            image, targets = self.photo_view(width, height)
        if rng.random() < STICKERS:
            self.put_stickers(image, targets)
        if rng.random() < 0.06:
            burn_in(rng, image)
        image = photo.develop(rng, image)
        return image, np.float32(targets).reshape(-1, 13)

    def scene(self):
        return self.rng.choice(self.rng.choices(self.groups, self.weights)[0])

    def mosaic(self, width, height):
        """Four small views side by side: many plates, and small ones, in one step."""
        image, targets = np.empty((height, width, 3), np.uint8), []
        split_x, split_y = (int(self.rng.uniform(0.35, 0.65) * side) for side in (width, height))
        for x1, x2 in ((0, split_x), (split_x, width)):
            for y1, y2 in ((0, split_y), (split_y, height)):
                image[y1:y2, x1:x2], part = self.photo_view(x2 - x1, y2 - y1)
                targets += [[t[0], *(np.float32(t[1:]) + [x1, y1] * 6)] for t in part]
        return image, targets

    def photo_view(self, width, height):
        rng, scene = self.rng, self.scene()
        draw = rng.random()
        near = draw < NEAR and len(scene.quads) > 0
        if near:
            warp = self.near(scene, rng.choice(scene.quads), width, height)
        elif draw < NEAR + MISTAKE and len(scene.mistakes) > 0:
            warp = self.near(scene, rng.choice(scene.mistakes), width, height)
        elif draw < NEAR + MISTAKE + WHOLE:
            warp = self.whole(scene, width, height)
        else:
            warp = self.elsewhere(scene, width, height)
        image = warped(rng, scene.image, warp, width, height)
        targets = []
        for quad, straight in zip(scene.quads, scene.straight):
            target = seen_target(turned(quad, warp), straight, warp, width, height)
            if target is None:
                continue
            if target[0] != IGNORE and rng.random() < INTO_BOX:
                target = self.replaced(image, target, width, height)
            targets.append(target)
        for quad in scene.unmarked:
            target = seen_target(turned(quad, warp), False, warp, width, height)
            if target is not None:
                targets.append([IGNORE, *target[1:]])
        if near and rng.random() < CLOSE:
            targets = []
            self.put_plate(image, targets, rng.uniform(0.45, 0.9) * width)
        elif rng.random() < (AT_RANDOM if near else AT_RANDOM_EMPTY):
            for _ in range(rng.choice([1, 1, 1, 2, 3])):
                self.put_plate(image, targets, log_uniform(rng, 16, 0.65 * width))
        return image, targets

    def affine(self, scene, scale, at, to):
        """The 2x3 map that puts the scene's point `at` on the view's point `to`, turned, stretched and perhaps mirrored."""
        rng = self.rng
        low, high = self.stretch.get(scene.source, (1.0, 1.0))
        wide = rng.uniform(low, high) * math.exp(rng.gauss(0, 0.07))
        angle = math.radians(rng.gauss(0, 4.0) if rng.random() < 0.6 else 0.0)
        mirror = -1 if rng.random() < 0.4 else 1
        cos, sin = math.cos(angle) * scale, math.sin(angle) * scale
        m = np.float32([[cos * wide * mirror, -sin], [sin * wide * mirror, cos]])
        return np.column_stack([m, np.float32(to) - m @ np.float32(at)])

    def near(self, scene, quad, width, height):
        rng = self.rng
        wide = float(quad[1][0] - quad[0][0])
        wanted = log_uniform(rng, SMALLEST_PX, LARGEST_SHARE * width)
        rows, columns = scene.image.shape[:2]
        fit = min(width / columns, height / rows)
        scale = min(max(wanted / wide, fit * rng.uniform(0.7, 1.3)), rng.uniform(2.0, 3.5))
        reach = wide * scale
        to = [rng.uniform(min(0.45 * reach, width / 2), max(width - 0.45 * reach, width / 2)),
              rng.uniform(0.03 * height, 0.97 * height)]
        if rng.random() < 0.85:  # rather picture than grey
            for axis, (view, side) in enumerate(((width, columns * scale), (height, rows * scale))):
                low, high = sorted((quad.mean(0)[axis] * scale, view - side + quad.mean(0)[axis] * scale))
                to[axis] = min(max(to[axis], low), high)
        return self.affine(scene, scale, quad.mean(0), to)

    def whole(self, scene, width, height):
        """As the program sees it: the picture fitted into the view; or somewhat smaller and shifted."""
        rows, columns = scene.image.shape[:2]
        scale = min(width / columns, height / rows) * self.rng.choice([1.0, self.rng.uniform(0.7, 1.1)])
        return self.affine(scene, scale, (columns / 2, rows / 2), (columns * scale / 2, rows * scale / 2))

    def elsewhere(self, scene, width, height):
        rng = self.rng
        rows, columns = scene.image.shape[:2]
        for _ in range(6):
            scale = max(width / columns, height / rows) * log_uniform(rng, 0.9, 3.0)
            reach = (width / 2 / scale, height / 2 / scale)
            at = (rng.uniform(reach[0], max(reach[0], columns - reach[0])), rng.uniform(reach[1], max(reach[1], rows - reach[1])))
            warp = self.affine(scene, scale, at, (width / 2, height / 2))
            boxes = [turned(q, warp) for q in scene.quads]
            if not any((q.max(0) > 0).all() and (q.min(0) < (width, height)).all() for q in boxes):
                break
        return warp

    def replaced(self, image, target, width, height):
        """A rendered plate over a real one, upright or turned so that it fills the real one's box."""
        rng = self.rng
        box = np.float32(target[1:5])
        wide, tall = box[2] - box[0], box[3] - box[1]
        aspect = wide / max(tall, 1)
        plate = self.plates.draw(rng, two_lines=aspect < 2.0 and rng.random() < 0.8)
        shape = plate.shape[1] / plate.shape[0]
        quad = seen_quad(rng, shape, 15, 10, 3)
        if aspect < shape * 0.85 and aspect > 1.2:
            quad = seen_quad(rng, shape, 15, 10, 0)
            turn = math.atan2(1 / aspect - 1 / shape, 1 - 1 / (aspect * shape)) * rng.choice([-1, 1])
            cos, sin = math.cos(turn), math.sin(turn)
            quad = quad @ np.float32([[cos, sin], [-sin, cos]])
        span = quad.max(0) - quad.min(0)
        quad = quad * (max(wide / span[0], 0.8 * tall / span[1]) * rng.uniform(0.95, 1.1)) + (box[:2] + box[2:]) / 2
        cover(rng, image, box)
        if rng.random() < 0.4:
            frame(rng, image, quad)
        paste(image, plate, quad, gain_for(rng, image, quad))
        return seen_target(quad, True, None, width, height) or target

    def put_plate(self, image, targets, wide):
        """A rendered plate at a random free place."""
        rng = self.rng
        height, width = image.shape[:2]
        plate = self.plates.draw(rng, two_lines=rng.random() < 0.35)
        strong = rng.random() < 0.6
        quad = seen_quad(rng, plate.shape[1] / plate.shape[0], *((55, 25, 12) if strong else (20, 12, 4))) * wide
        span = quad.max(0) - quad.min(0)
        if span[1] > 0.9 * height:
            quad *= 0.9 * height / span[1]
        quad += [rng.uniform(min(0.4 * span[0], width / 2), max(width - 0.4 * span[0], width / 2)),
                 rng.uniform(min(0.4 * span[1], height / 2), max(height - 0.4 * span[1], height / 2))]
        if touches(quad, targets):
            return
        if rng.random() < 0.5:
            frame(rng, image, quad)
        paste(image, plate, quad, gain_for(rng, image, quad))
        target = seen_target(quad, True, None, width, height)
        if target is not None:
            targets.append(target)

    def put_stickers(self, image, targets):
        rng = self.rng
        height, width = image.shape[:2]
        for _ in range(rng.randint(1, 4)):
            picture, mask = self.plates.mistake(rng) if rng.random() < STICKER_IS_MISTAKE else sticker(rng)
            quad = seen_quad(rng, picture.shape[1] / picture.shape[0], 30, 15, 8) * log_uniform(rng, 20, 0.9 * width)
            quad += [rng.uniform(0, width), rng.uniform(0, height)]
            if not touches(quad, targets):
                paste(image, picture, quad, gain_for(rng, image, quad), mask)

    def lorry_view(self, width, height):
        """A drawn lorry before a part of a photograph, with or without plates."""
        rng = self.rng
        scene = self.scene()
        image = warped(rng, scene.image, self.elsewhere(scene, width, height), width, height)
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(1, 5))  # its own plates must not show
        picture, places = lorry(rng)
        plates = [self.plates.draw(rng, two_lines=rng.random() < 0.3) for _ in places]
        wide = rng.uniform(0.35, 1.3) * width
        body = seen_quad(rng, picture.shape[1] / picture.shape[0], 25, 8, 2) * wide + \
            [rng.uniform(0.3, 0.7) * width, rng.uniform(0.25, 0.75) * height]
        spots = []
        for plate, (x, y, w) in zip(plates, places):
            shape = plate.shape[1] / plate.shape[0]
            w *= 1.0 if shape > 2.5 else 0.6
            spot = np.float32([[-.5, -.5 / shape], [.5, -.5 / shape], [.5, .5 / shape], [-.5, .5 / shape]]) * w + (x, y)
            spots.append(np.float32(spot))
        paste(image, picture, body.astype(np.float32), rng.uniform(0.6, 1.1))
        size = picture.shape[1::-1]
        warp = cv2.getPerspectiveTransform(np.float32([[0, 0], [size[0], 0], size, [0, size[1]]]), body.astype(np.float32))
        targets = []
        for plate, spot in zip(plates, spots):
            if rng.random() < 0.2:
                continue
            quad = cv2.perspectiveTransform(spot[None], warp)[0]
            if rng.random() < 0.3:
                frame(rng, image, quad)
            paste(image, plate, quad, rng.uniform(0.6, 1.05))
            target = seen_target(quad, True, None, width, height)
            if target is not None:
                targets.append(target)
        return image, targets


def log_uniform(rng, low, high):
    return math.exp(rng.uniform(math.log(low), math.log(high)))


def warped(rng, image, warp, width, height):
    """The view of the scene; strong shrinking averages first, as a camera would."""
    scale = math.sqrt(abs(np.linalg.det(warp[:, :2])))
    if scale < 0.6 and rng.random() < 0.8:
        half = max(scale, 0.1)
        image = cv2.resize(image, None, fx=half, fy=half, interpolation=cv2.INTER_AREA)
        warp = np.column_stack([warp[:, :2] / half, warp[:, 2]])
    return cv2.warpAffine(image, warp, (width, height), flags=cv2.INTER_LINEAR, borderValue=(PAD, PAD, PAD))


def turned(quad, warp):
    return quad @ warp[:, :2].T + warp[:, 2]


def seen_target(quad, straight, warp, width, height):
    """One target row from a quad in view pixels, or None if out of view.

    warp: the map that a photograph's box went through: its corners are put back in order after mirroring, and the box
    of a loose one does not grow with the turn.
    """
    if warp is not None and np.linalg.det(warp[:, :2]) < 0:
        quad = quad[[1, 0, 3, 2]]
    low, high = quad.min(0), quad.max(0)
    if not straight:
        middle = quad.mean(0)
        across, down = np.abs(quad[1] - quad[0]) / 2, np.abs(quad[3] - quad[0]) / 2
        half = np.sqrt(across ** 2 + down ** 2)
        low, high = middle - half, middle + half
    clipped_low, clipped_high = np.maximum(low, 0), np.minimum(high, (width, height))
    if (clipped_high <= clipped_low + 1).any():
        return None
    seen = np.prod(clipped_high - clipped_low) / np.prod(high - low)
    kind = CORNERS if straight and seen > 0.97 else BOX
    if seen < 0.55 or clipped_high[0] - clipped_low[0] < 5:
        kind = IGNORE
    return [kind, *clipped_low, *clipped_high, *quad.flatten()]


def touches(quad, targets):
    low, high = quad.min(0) - 4, quad.max(0) + 4
    return any(t[1] < high[0] and t[3] > low[0] and t[2] < high[1] and t[4] > low[1] for t in targets)


def cover(rng, image, box):
    """Paints the box over with the colour round it, so that the old plate does not show beside the new one."""
    margin = (box[2:] - box[:2]) * 0.04
    x1, y1 = np.maximum((box[:2] - margin).astype(int), 0)
    x2, y2 = (box[2:] + margin + 1).astype(int)
    edge = image[max(0, y1 - 2):y2 + 2, max(0, x1 - 2):x2 + 2]
    if edge.size and min(edge.shape[:2]) > 2:
        rim = np.concatenate([edge[0], edge[-1], edge[:, 0], edge[:, -1]])
        tone = np.median(rim, 0) * rng.uniform(0.5, 1.1)
        image[y1:y2, x1:x2] = np.clip(tone, 0, 255).astype(np.uint8)
