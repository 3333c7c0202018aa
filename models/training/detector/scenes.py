"""Photographs with plate boxes: reading boxes.csv, and the held-out part."""
import csv
import hashlib
import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
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
# A place without a box is taken for a plate that nobody marked where a text was read; where it is too small to be read
# (width in px, at a long side of 640), where the detector is sure.
READABLE_PX, CHARACTERS, CONFIDENCE, SURE = 36.0, 4, 0.25, 0.6
# Other places that an earlier detector took for plates, with this score or more but not surely; of each picture no more than so many.
MISTAKEN, MISTAKES = 0.2, 8


@dataclass
class Scene:
    """path: the photograph; quads: float32 [M, 4, 2] clockwise from the top left, pixels of `image`; straight: bool [M].

    unmarked: float32 [K, 4, 2], places that are probably plates although boxes.csv has none there.
    mistakes: float32 [K, 4, 2], places that an earlier detector took for plates and that are probably none.
    """

    path: Path
    source: str
    quads: np.ndarray
    straight: np.ndarray
    unmarked: np.ndarray
    mistakes: np.ndarray

    @cached_property
    def image(self):
        """uint8 [H, W, 3] BGR, long side at most 640 px; decoded when first asked for, then kept."""
        image = cv2.imread(str(self.path))
        if image is None:
            refuse(f'{self.path}: named in boxes.csv but not readable as a picture')
        scale = LONG_SIDE / max(image.shape[:2])
        return cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image


def refuse(message):
    """Ends the program as one that was used wrongly: one line, exit code 2."""
    print(message, file=sys.stderr)
    raise SystemExit(2)


def is_held_out(name):
    """Whether the picture (path inside the data folder) is kept for validation."""
    source, number = name.split('/')[1], int(Path(name).stem)
    if source == 'romania':
        return number in ROMANIA_HELD_OUT
    draw = int(hashlib.sha1(name.encode()).hexdigest()[:8], 16) / 0xffffffff
    return draw < HELD_OUT_SHARE.get(source, 0)


def read_places(path):
    """Output of `./anpr read --json` on folders of detection/ -> {path: [(box in px of the picture, detection, is it read)]}."""
    places = defaultdict(list)
    try:
        with open(path, encoding='utf-8') as file:
            for row in map(json.loads, file):
                if row.get('box'):
                    read = len(row['raw_text'] or '') >= CHARACTERS and row['confidence'] >= CONFIDENCE
                    places['/'.join(('detection', *Path(row['source']).parts[-2:]))].append((row['box'], row['detection'], read))
    except (OSError, ValueError, KeyError, TypeError) as error:
        refuse(f'{path}: not the lines that ./anpr read --json writes ({error})')
    return places


def beside(places, scale, boxes):
    """The places of one picture, in px at a long side of 640, that overlap no box: those that are probably plates, and the
    likeliest of the others."""
    plates, others = [], []
    for box, detection, read in sorted(places, key=lambda place: -place[1]):
        box = np.float32(box) * scale
        inner = np.clip(np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2]), 0, None).prod(1)
        if inner.any():
            continue
        if read if box[2] - box[0] >= READABLE_PX else detection >= SURE:
            plates.append(box)
        elif MISTAKEN <= detection < SURE and len(others) < MISTAKES:
            others.append(box)
    return tuple(quads_of(np.float32(found).reshape(-1, 4)) for found in (plates, others))


def read_boxes(data):
    """boxes.csv -> {path: (float32 [M, 4] x1, y1, x2, y2, in pixels of the picture at a long side of at most 640, its scale)}."""
    table = Path(data) / 'detection' / 'boxes.csv'
    if not table.is_file():
        refuse(f'{table}: not found; --data must name the folder that holds detection/boxes.csv')
    boxes, scales = defaultdict(list), {}
    with open(table, newline='') as file:
        for row in csv.DictReader(file):
            kept = boxes[row['image']]
            scale = scales[row['image']] = min(1.0, LONG_SIDE / max(float(row['width']), float(row['height'])))
            if row['xmin']:
                kept.append([float(row[k]) * scale for k in ('xmin', 'ymin', 'xmax', 'ymax')])
    return {name: (np.float32(rows).reshape(-1, 4), scales[name]) for name, rows in boxes.items()}


def load(data, held_out, sources=None, limit=None, places=None):
    """The scenes of one part: the held-out photographs, or the others; places: see read_places."""
    scenes = [scene(data, name, boxes, beside((places or {}).get(name, ()), scale, boxes)) for name, (boxes, scale) in read_boxes(data).items()
              if is_held_out(name) == held_out and (not sources or name.split('/')[1] in sources)]
    if not scenes:
        refuse(f'{data}/detection: no picture of {sources or "any source"} for this part')
    return scenes[:limit]


def scene(data, name, boxes, found):
    source = name.split('/')[1]
    low, high = STRAIGHT_ASPECT_ROMANIA if source == 'romania' else STRAIGHT_ASPECT
    aspect = (boxes[:, 2] - boxes[:, 0]) / np.maximum(boxes[:, 3] - boxes[:, 1], 1)
    straight = (aspect >= low) & (aspect <= high) & (source not in ('usrear', 'polish'))
    return Scene(Path(data) / name, source, quads_of(boxes), straight, *found)


def quads_of(boxes):
    """float32 [M, 4] x1, y1, x2, y2 -> [M, 4, 2] clockwise from the top left."""
    x1, y1, x2, y2 = boxes.T
    return np.stack([np.stack(c, 1) for c in ((x1, y1), (x2, y1), (x2, y2), (x1, y2))], 1).astype(np.float32)
