"""Checks what the detector's trainer makes of `./anpr read --json`: unmarked plates, mistakes, neither.

    python3 check_places.py FOLDER   # FOLDER as draw_data.py draws it; writes FOLDER/places.jsonl
"""
import json
import sys
from pathlib import Path

import numpy as np

TRAINING = Path(__file__).resolve().parents[2] / 'models' / 'training'
sys.path[:0] = [str(TRAINING), str(TRAINING / 'detector')]

import scenes  # noqa: E402

# Every row: box, detection, text, confidence; where it has to go.
READ, SURE_AND_SMALL, UNSURE, SURE_AND_EMPTY = 'plates', 'plates', 'mistakes', None
PLACES = [
    ([0, 0, 60, 14], 0.5, 'AB123', 0.4, READ),
    ([0, 20, 20, 26], 0.7, '', 0.0, SURE_AND_SMALL),
    ([0, 40, 60, 54], 0.5, '', 0.0, UNSURE),
    ([0, 60, 60, 74], 0.5, 'AB123', 0.1, UNSURE),
    ([0, 80, 60, 94], 0.7, '', 0.0, SURE_AND_EMPTY),
]


def check_beside():
    rows = [(box, detection, len(text) >= scenes.CHARACTERS and confidence >= scenes.CONFIDENCE) for box, detection, text, confidence, _ in PLACES]
    for scale in (1.0, 0.5):
        scaled = [([v / scale for v in box], detection, read) for box, detection, read in rows]
        plates, mistakes = scenes.beside(scaled, scale, np.zeros((0, 4), np.float32))
        for found, kind in ((plates, 'plates'), (mistakes, 'mistakes')):
            wanted = sorted(place[0] for place in PLACES if place[4] == kind)
            assert sorted([*quad[0].tolist(), *quad[2].tolist()] for quad in found) == wanted, (kind, scale, found)
    marked = np.float32([[10, 10, 30, 90]])
    assert not any(len(found) for found in scenes.beside(rows, 1.0, marked)), 'a place on a marked plate is neither'
    many = [([0, 20 * n, 60, 20 * n + 14], 0.2 + n / 1000, False) for n in range(2 * scenes.MISTAKES)]
    _, mistakes = scenes.beside(many, 1.0, np.zeros((0, 4), np.float32))
    assert sorted(quad[0, 1] for quad in mistakes) == [20 * n for n in range(scenes.MISTAKES, 2 * scenes.MISTAKES)], 'not the likeliest mistakes'


def write_places(data):
    """One mistake beside the plate of every drawn photograph, one unmarked plate in every second."""
    lines = []
    for number, (name, (boxes, _)) in enumerate(sorted(scenes.read_boxes(data).items())):
        top = 10 if boxes[0, 1] > 120 else 200
        for left, text, confidence in [(20, '', 0)] + [(120, 'AB123', 0.9)] * (number % 2):
            lines.append({'source': f'{data}/{name}', 'box': [left, top, left + 60, top + 14], 'detection': 0.5, 'raw_text': text, 'confidence': confidence})
    lines.append({'source': f'{data}/detection/openimages/00000.webp', 'box': None})
    path = Path(data) / 'places.jsonl'
    path.write_text('\n'.join(map(json.dumps, lines)) + '\n')
    loaded = [scene for part in (False, True) for scene in scenes.load(data, part, places=scenes.read_places(path))]
    assert all(len(scene.mistakes) == 1 for scene in loaded) and 0 < sum(len(scene.unmarked) for scene in loaded) < len(loaded)


if __name__ == '__main__':
    check_beside()
    write_places(sys.argv[1])
