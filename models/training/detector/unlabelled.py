"""Finds plates that the photographs show and boxes.csv lacks, for train.py to leave alone (--unlabelled).

    python3 unlabelled.py --data FOLDER --detector detector.onnx --reader reader/checkpoint.pt --out unlabelled.csv

A place counts when the detector is sure of it and, where it is large enough to be read, the reader reads a text there. It
is told to the training as neither plate nor background: the text may be half a sign, and the box is nobody's.
"""
import argparse
import csv
import sys
from pathlib import Path

import cv2
import numpy as np
import torch

import evaluate
import scenes
from net import Detector
from program import Program

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from plates.views import HEIGHT, MARGIN_X, MARGIN_Y, OUTPUT, WIDTH, enlarge  # noqa: E402
from reader.calibrate import text_probabilities  # noqa: E402
from reader.evaluate import load_reader  # noqa: E402
from warm import load_folded  # noqa: E402

SOURCES = ('openimages', 'romania', 'turkey')
VIEWS = (640, 960)
SCORE, SCORE_UNREADABLE, READABLE_PX, CHARACTERS, PROBABILITY = 0.35, 0.6, 36, 4, 0.25


def candidates(program, image):
    """float32 [N, 13] of both views, in pixels of the picture, suppressed together."""
    rows = [evaluate.detect(program, image, view, SCORE) for view in VIEWS]
    return evaluate.suppress(np.concatenate(rows), SCORE)


def is_plate(net, image, row):
    """Whether the place holds a text; a place too small to be read counts by its score alone."""
    if row[3] - row[1] < READABLE_PX:
        return row[0] >= SCORE_UNREADABLE
    x1, y1, x2, y2 = row[1:5]
    cuts = []
    for quad in (row[5:].reshape(4, 2), np.float32([(x1, y1), (x2, y1), (x2, y2), (x1, y2)])):
        warp = cv2.getPerspectiveTransform(enlarge(np.float32(quad), MARGIN_X, MARGIN_Y), OUTPUT)
        cuts.append(cv2.warpPerspective(image, warp, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
    return any(len(text) >= CHARACTERS and p >= PROBABILITY for text, p in text_probabilities(net, cuts))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--data', required=True, help='folder that holds detection/boxes.csv')
    parser.add_argument('--detector', required=True, help='detector.onnx')
    parser.add_argument('--reader', required=True, help="the reader's checkpoint.pt")
    parser.add_argument('--out', required=True, help='the CSV to write: path, score, x1, y1, x2, y2 at a long side of at most 640 px')
    parser.add_argument('--limit', type=int, help='so many pictures only')
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    model = Detector()
    load_folded(model, arguments.detector)
    program, (net, _) = Program(model.eval().to(memory_format=torch.channels_last)).eval(), load_reader(arguments.reader)
    found, pictures = [], scenes.load(arguments.data, False, SOURCES, arguments.limit)
    for number, scene in enumerate(pictures):
        image = scene.image
        boxes = np.concatenate([scene.quads.min(1), scene.quads.max(1)], 1)
        for row in candidates(program, image):
            known = len(boxes) and evaluate.ious(row[1:5], boxes).max() > 0.1
            if not known and is_plate(net, image, row):
                found.append([scene.path, *(f'{v:.3f}' for v in row[:5])])
        if number % 200 == 199:
            print(f'{number + 1} pictures, {len(found)} places', flush=True)
    with open(arguments.out, 'w', newline='', encoding='utf-8') as file:
        csv.writer(file).writerows([('path', 'score', 'x1', 'y1', 'x2', 'y2'), *([Path(p).relative_to(arguments.data), *rest] for p, *rest in found)])
    print(f'{len(pictures)} pictures, {len(found)} places: {arguments.out}')


if __name__ == '__main__':
    main()
