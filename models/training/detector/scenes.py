"""Photographs with plate boxes: reading boxes.csv, the held-out part, and all pictures in memory."""
import csv
import hashlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

LONG_SIDE = 640
# One drive of the Romanian dashcam is held out whole: neighbouring frames show the same cars.
ROMANIA_HELD_OUT = range(364, 427)
HELD_OUT_SHARE = {'openimages': 0.10, 'turkey': 0.12, 'openlpr': 0.04}
# usrear and polish were squeezed to squares by their publishers; Turkey's pictures partly.
STRETCH = {'usrear': (1.2, 1.6), 'polish': (1.2, 1.5), 'turkey': (1.0, 1.3)}
# A straight plate's box has the shape of the plate: only such a box tells where the corners are.
STRAIGHT_ASPECT = (3.5, 5.2)
STRAIGHT_ASPECT_ROMANIA = (3.2, 5.2)


@dataclass
class Scene:
    """image: uint8 [H, W, 3] BGR; quads: float32 [M, 4, 2] clockwise from the top left, pixels; straight: bool [M]."""

    name: str
    source: str
    image: np.ndarray
    quads: np.ndarray
    straight: np.ndarray


def is_held_out(name):
    """Whether the picture (path inside the data folder) is kept for validation."""
    source, number = name.split('/')[1], int(Path(name).stem)
    if source == 'romania':
        return number in ROMANIA_HELD_OUT
    draw = int(hashlib.sha1(name.encode()).hexdigest()[:8], 16) / 0xffffffff
    return draw < HELD_OUT_SHARE.get(source, 0)


def read_boxes(data):
    """boxes.csv -> {path: float32 [M, 4] x1, y1, x2, y2}."""
    table = Path(data) / 'detection' / 'boxes.csv'
    if not table.is_file():
        raise SystemExit(f'{table}: not found; --data must name the folder that holds detection/boxes.csv')
    boxes = defaultdict(list)
    with open(table, newline='') as file:
        for row in csv.DictReader(file):
            boxes[row['image']].append([float(row[k]) for k in ('xmin', 'ymin', 'xmax', 'ymax')] if row['xmin'] else None)
    return {name: np.float32([b for b in rows if b]).reshape(-1, 4) for name, rows in boxes.items()}


def load(data, held_out, sources=None, limit=None):
    """The scenes of one part, with the long side at most 640 px."""
    scenes = []
    for name, boxes in read_boxes(data).items():
        if is_held_out(name) != held_out or sources and name.split('/')[1] not in sources:
            continue
        scenes.append(read_scene(data, name, boxes))
        if limit and len(scenes) >= limit:
            break
    if not scenes:
        raise SystemExit(f'{data}/detection: no picture of {sources or "any source"} for this part')
    return scenes


def read_scene(data, name, boxes):
    image = cv2.imread(str(Path(data) / name))
    if image is None:
        raise SystemExit(f'{data}/{name}: named in boxes.csv but not readable as a picture')
    source = name.split('/')[1]
    low, high = STRAIGHT_ASPECT_ROMANIA if source == 'romania' else STRAIGHT_ASPECT
    aspect = (boxes[:, 2] - boxes[:, 0]) / np.maximum(boxes[:, 3] - boxes[:, 1], 1)
    straight = (aspect >= low) & (aspect <= high) & (source not in ('usrear', 'polish'))
    scale = LONG_SIDE / max(image.shape[:2])
    if scale < 1:
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        boxes = boxes * scale
    x1, y1, x2, y2 = boxes.T
    quads = np.stack([np.stack(c, 1) for c in ((x1, y1), (x2, y1), (x2, y2), (x1, y2))], 1).astype(np.float32)
    return Scene(name, source, image, quads, straight)
