"""Measures a detector on the held-out photographs: average precision, recall by plate size, false boxes; on plates rendered into them: corners.

    python3 evaluate.py --data FOLDER --weights last.pt [--view 640]

--weights also takes an exported detector.onnx, float or int8: it is computed as the runtime computes it, up to rounding.
"""
import argparse
import random
import sys
from pathlib import Path

import cv2
import numpy as np
import onnx
import torch
from torch.nn.utils.fusion import fuse_conv_bn_eval

import photo
import scenes
from net import Conv, Detector
from program import Program
from stock import Stock
from views import CORNERS, Views

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from interpret import Interpreter  # noqa: E402

STEP = 32
NMS_IOU = 0.5
CLOSE_IOU = 0.75  # boxes that overlap the best one by this much lend it their corners, as the program does it
# False boxes are counted at the score that finds this share of the plates that are at least so wide, in px of the view.
RECALL, LEAST_PX = 0.85, 20.0


def fitted(image, long_side):
    """The picture as the program sees it: scaled to the long side (None: as it is), padded with grey 114 to whole steps."""
    scale = long_side / max(image.shape[:2]) if long_side else 1.0
    if scale != 1:
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    rows, columns = image.shape[:2]
    view = np.full((-(-rows // STEP) * STEP, -(-columns // STEP) * STEP, 3), 114, np.uint8)
    view[:rows, :columns] = image
    return view, scale


def ious(box, others):
    inner = np.prod(np.clip(np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2]), 0, None), 1)
    return inner / (np.prod(box[2:] - box[:2]) + np.prod(others[:, 2:] - others[:, :2], 1) - inner + 1e-9)


def suppress(rows, threshold):
    """Makes one plate of those that overlap: the best one's score, box and corners the mean of the close ones weighted by score.

    Rows [N, 13] sorted by falling score come back.
    """
    rows = rows[rows[:, 0] > threshold]
    rows = rows[np.argsort(-rows[:, 0])][:400]
    kept = []
    while len(rows):
        overlap = ious(rows[0, 1:5], rows[:, 1:5])
        close = rows[overlap > CLOSE_IOU]
        kept.append(np.concatenate([rows[0, :1], np.average(close[:, 1:], 0, close[:, 0])]))
        rows = rows[1:][overlap[1:] < NMS_IOU]
    return np.float32(kept).reshape(-1, 13)


@torch.no_grad()
def detect(program, image, long_side=None, threshold=0.02):
    """float32 [N, 13]: score, box, corners in pixels of the picture."""
    view, scale = fitted(image, long_side)
    rows = suppress(program(torch.from_numpy(view)[None])[0].numpy(), threshold)
    rows[:, 1:] /= scale
    return rows


def matched(rows, boxes):
    """For each row whether it is a plate that no better row has taken, and for each box the IoU and score it got."""
    hit, taken = np.zeros(len(rows), bool), np.zeros((len(boxes), 2), np.float32)
    for i, row in enumerate(rows):
        overlap = ious(row[1:5], boxes) if len(boxes) else np.zeros(0)
        overlap[taken[:, 0] > 0] = 0
        if len(overlap) and overlap.max() >= 0.5:
            hit[i] = True
            taken[overlap.argmax()] = overlap.max(), row[0]
    return hit, taken


def average_precision(scores, hits, plates):
    """Area under the precision envelope over recall, all points."""
    hits = hits[np.argsort(-scores)]
    found = np.cumsum(hits)
    precision = np.maximum.accumulate((found / np.arange(1, len(hits) + 1))[::-1])[::-1]
    return float((precision * hits).sum() / max(1, plates))


def measure(program, held_out, long_side=None):
    """{source: {ap, plates, precision and recall at .5, false alarms above .3 a picture}}, and found plates [width, score]."""
    result, found = {}, []
    for source in sorted({s.source for s in held_out}):
        scores, hits, plates, pictures = [], [], 0, 0
        for scene in held_out:
            if scene.source != source:
                continue
            rows = detect(program, scene.image, long_side)
            boxes = np.concatenate([scene.quads.min(1), scene.quads.max(1)], 1)
            hit, taken = matched(rows, boxes)
            scores.append(rows[:, 0])
            hits.append(hit)
            plates += len(boxes)
            pictures += 1
            scale = long_side / max(scene.image.shape[:2]) if long_side else 1
            found += [((b[2] - b[0]) * scale, t[1]) for b, t in zip(boxes, taken)]
        scores, hits = np.concatenate(scores), np.concatenate(hits)
        sure = scores > 0.5
        result[source] = {'ap': average_precision(scores, hits, plates), 'plates': plates,
                          'precision': float(hits[sure].mean()) if sure.any() else 0.0,
                          'recall': float(hits[sure].sum() / max(1, plates)),
                          'false_alarms': float((~hits & (scores > 0.3)).sum() / pictures)}
    return result, np.float32(found).reshape(-1, 2)


def false_boxes(program, held_out, long_side):
    """(false boxes a picture, score, number of plates) at the score that finds RECALL of the plates of LEAST_PX and more; a plate that
    nobody marked counts as false."""
    false, found = [], []
    for scene in held_out:
        rows = detect(program, scene.image, long_side)
        boxes = np.concatenate([scene.quads.min(1), scene.quads.max(1)], 1)
        hit, taken = matched(rows, boxes)
        false.append(rows[~hit, 0])
        scale = long_side / max(scene.image.shape[:2])
        found += [t[1] for b, t in zip(boxes, taken) if (b[2] - b[0]) * scale >= LEAST_PX]
    score = float(np.quantile(found, 1 - RECALL, method='lower')) if found else 0.0
    return float((np.concatenate(false) >= score).sum() / len(held_out)), score, len(found)


@torch.no_grad()
def corners(program, held_out, data, count):
    """Mean distance of the four corners from where they were drawn, in shares of the plate's width, its 0.95 quantile, and the number of
    plates found: plates rendered into held-out photographs and onto drawn lorries, in so many views."""
    rng = random.Random(11)
    views = Views(held_out, Stock(data, held_out, rng, 0.2), 11, scenes.STRETCH)
    errors = []
    for number in range(count):
        if number % 2:
            image, targets = views.lorry_view(640, 384)
        else:
            scene = views.scene()
            photograph, _ = fitted(scene.image, 640)
            image, targets = np.ascontiguousarray(photograph[:384, :640]), []
            views.put_plate(image, targets, float(np.exp(rng.uniform(np.log(24), np.log(320)))))
        rows = suppress(program(torch.from_numpy(photo.develop(rng, image))[None])[0].numpy(), 0.25)
        for target in (t for t in targets if t[0] == CORNERS):
            box, quad = np.float32(target[1:5]), np.float32(target[5:]).reshape(4, 2)
            overlap = ious(box, rows[:, 1:5])
            if len(overlap) and overlap.max() >= 0.5:
                seen = rows[overlap.argmax(), 5:].reshape(4, 2)
                errors.append(np.linalg.norm(seen - quad, axis=1).mean() / np.linalg.norm(quad[1] - quad[0]))
    return (float(np.mean(errors)), float(np.quantile(errors, 0.95)), len(errors)) if errors else (float('nan'), float('nan'), 0)


def line(result):
    return '  '.join(f'{k} {v["ap"]:.3f} (P {v["precision"]:.2f} R {v["recall"]:.2f} F {v["false_alarms"]:.1f})'
                     for k, v in result.items())


def load_weights(path):
    """The averaged weights of a checkpoint, ready to measure or export."""
    if not Path(path).is_file():
        scenes.refuse(f'{path}: not found; --weights must name a checkpoint of train.py')
    return ready(torch.load(path, map_location='cpu')['average'])


def load_program(path):
    """What an exported graph computes, uint8 [1, H, W, 3] -> [1, N, 13], out of a checkpoint or the graph itself."""
    if Path(path).suffix == '.onnx' and Path(path).is_file():
        return Interpreter(onnx.load(path))
    return Program(load_weights(path)).eval()


def ready(weights):
    """The network with its batch norms folded into the convolutions."""
    model = Detector()
    model.load_state_dict(weights)
    model.eval()
    for block in model.modules():
        if isinstance(block, Conv):
            block[0], block[1] = fuse_conv_bn_eval(block[0], block[1]), torch.nn.Identity()
    return model.to(memory_format=torch.channels_last)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--data', required=True, help='folder that holds detection/boxes.csv')
    parser.add_argument('--weights', required=True, help='checkpoint of train.py, or detector.onnx')
    parser.add_argument('--view', type=int, action='append', help='long side in px (repeatable; default: as stored)')
    parser.add_argument('--rendered', type=int, default=400, help='views rendered to measure corners')
    parser.add_argument('--threads', type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    program, held_out = load_program(arguments.weights), scenes.load(arguments.data, held_out=True)
    mean, worst, count = corners(program, held_out, arguments.data, arguments.rendered)
    print(f'corners: mean error {mean:.4f} of the width, 95 % below {worst:.4f} (n {count})')
    for view in arguments.view or [None]:
        if view:
            false, score, count = false_boxes(program, [s for s in held_out if s.source == 'openimages'], view)
            print(f'openimages: {false:.2f} false boxes a picture at score {score:.2f}, which finds {RECALL} of {count} plates of {LEAST_PX:.0f} px and more')
        result, found = measure(program, held_out, view)
        print(f'long side {view or "as stored"}: {line(result)}')
        for low, high in ((0, 10), (10, 15), (15, 20), (20, 30), (30, 60), (60, 120), (120, 240), (240, 9999)):
            group = found[(found[:, 0] >= low) & (found[:, 0] < high)]
            if len(group):
                print(f'  plates {low}-{high} px wide: recall at .25 {np.mean(group[:, 1] > 0.25):.3f} (n {len(group)})')


if __name__ == '__main__':
    main()
