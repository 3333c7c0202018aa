"""Labels plates of the detection photographs with a trained reader, as more real crops for the next run (train.py --extra).

    /usr/bin/python3 models/training/reader/pseudo.py --data FOLDER --checkpoint FILE --out FOLDER [--sources openlpr,polish]

A plate is taken when every one of several shifted cuts of it reads the same text and the least sure of them is sure enough.
Texts of the held-out real crops are left out, so that validation stays clean.
"""
import argparse
import csv
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import cv2
import numpy as np
import torch

from plates.views import OUTPUT, WIDTH, HEIGHT, enlarge
from reader.calibrate import text_probabilities
from reader.evaluate import load_reader
from reader.refuse import refuse
from reader.samples import BOX

VIEWS, MIN_WIDTH, KEPT_MARGIN = 5, 48, 0.25


def boxes(data, sources):
    """(image path, box) of each plate wide enough to be read."""
    listing = Path(data) / "detection" / "boxes.csv"
    if not listing.is_file():
        refuse(f"{listing}: no such file; docs/training.md says what the data folder holds")
    for row in csv.DictReader(listing.open(encoding="utf-8")):
        if row["xmin"] and row["image"].split("/")[1] in sources:
            box = [float(row[k]) for k in ("xmin", "ymin", "xmax", "ymax")]
            if box[2] - box[0] >= MIN_WIDTH:
                yield row["image"], box


def views(rng, image, box):
    """Several 64x160 cuts of one box, each with other margins."""
    x1, y1, x2, y2 = box
    quad = np.array([(x1, y1), (x2, y1), (x2, y2), (x1, y2)], np.float32)
    cuts = []
    for _ in range(VIEWS):
        matrix = cv2.getPerspectiveTransform(enlarge(quad, rng.uniform(-0.01, 0.06), rng.uniform(-0.02, 0.12)), OUTPUT)
        cuts.append(cv2.warpPerspective(image, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
    return cuts


def labels(net, plates, least):
    """For each plate (a list of its cuts) the text on which all cuts agree and its least probability, or None."""
    found = text_probabilities(net, [cut for cuts in plates for cut in cuts])
    result = []
    for start in range(0, len(found), VIEWS):
        texts, p = {text for text, _ in found[start:start + VIEWS]}, min(p for _, p in found[start:start + VIEWS])
        text = texts.pop()
        result.append((text, p) if not texts and 4 <= len(text) <= 9 and p >= least else None)
    return result


def main(argv=None):
    """Writes pseudo.csv and the crops beside it."""
    parser = argparse.ArgumentParser(description="Label detection boxes with a trained reader.")
    parser.add_argument("--data", required=True)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--out", required=True, help="folder for pseudo.csv and crops/")
    parser.add_argument("--sources", default="openimages,openlpr,polish,romania,turkey,usrear", help="folders of detection/ to take")
    parser.add_argument("--least", type=float, default=0.8, help="least probability of the text in the least sure cut")
    args = parser.parse_args(argv)
    torch.set_num_threads(1)
    net, _ = load_reader(args.checkpoint)
    out, rng, rows, seen, waiting = Path(args.out), random.Random(3), [], 0, []
    (out / "crops").mkdir(parents=True, exist_ok=True)
    for name, box in boxes(args.data, args.sources.split(",")):
        image = cv2.imread(str(Path(args.data) / name))
        waiting.append((views(rng, image, box), _wider(image, box)))
        if len(waiting) == 50:
            seen += _keep(net, waiting, args.least, out, rows)
            print(f"{seen} plates looked at, {len(rows)} labelled", flush=True)
    seen += _keep(net, waiting, args.least, out, rows)
    with (out / "pseudo.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("image", "text", "confidence", *BOX), *rows])
    print(f"{seen} plates looked at, {len(rows)} labelled: {out / 'pseudo.csv'}")


def _wider(image, box):
    """The box with what is round it, for the training crops to move in, and where it is in that picture."""
    x, y = KEPT_MARGIN * (box[2] - box[0]), 2 * KEPT_MARGIN * (box[3] - box[1])
    left, top = max(0, int(box[0] - x)), max(0, int(box[1] - y))
    return image[top:int(box[3] + y), left:int(box[2] + x)], (box[0] - left, box[1] - top, box[2] - left, box[3] - top)


def _keep(net, waiting, least, out, rows):
    """Labels the waiting plates, writes the crops of the sure ones, empties the list; returns how many it held."""
    count = len(waiting)
    for found, (_, (crop, box)) in zip(labels(net, [cuts for cuts, _ in waiting], least) if waiting else [], waiting):
        if found:
            path = f"crops/{len(rows):05}.jpg"
            cv2.imwrite(str(out / path), crop, [cv2.IMWRITE_JPEG_QUALITY, 95])
            rows.append((path, found[0], f"{found[1]:.3f}", *(f"{value:.1f}" for value in box)))
    waiting.clear()
    return count


if __name__ == "__main__":
    main()
