"""Turns what `./anpr read` found in the detection photographs into more real crops for the next run (train.py --extra).

    ./anpr read FOLDER/detection/* --json > places.jsonl
    /usr/bin/python3 models/training/reader/pseudo.py --data FOLDER --places places.jsonl --out RUN

Marked plates that were read surely go into sure.csv with that text. The others go into unsure.csv without one, for
somebody to fill in by eye (a / between two lines; empty where it cannot be read); train.py leaves rows without text out.
"""
import argparse
import csv
import json
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import cv2
import numpy as np

from reader.real import CORNERS
from reader.refuse import refuse

# In px: the narrowest plate that is taken, and the width to which wider ones are shrunk.
MIN_WIDTH, KEPT_WIDTH = 44, 400
# Share of the plate's box that is kept round it on each side; the most by which corners and marked box may differ in width, as a factor.
KEPT_MARGIN, ALIKE = 0.4, 1.6
# The least confidence of a text that is taken as sure.
SURE = 0.9


def marked(data):
    """{image: [box]} of boxes.csv."""
    listing = Path(data) / "detection" / "boxes.csv"
    if not listing.is_file():
        refuse(f"{listing}: no such file; docs/training.md says what the data folder holds")
    boxes = defaultdict(list)
    for row in csv.DictReader(listing.open(encoding="utf-8")):
        if row["xmin"]:
            boxes[row["image"]].append([float(row[k]) for k in ("xmin", "ymin", "xmax", "ymax")])
    return boxes


def plates(path, boxes):
    """(image, corners float32 [4, 2], what was read) of each marked plate that was found and is wide enough to be read."""
    for line in Path(path).open(encoding="utf-8"):
        read = json.loads(line)
        if not read["box"]:
            continue
        image, quad = "/".join(("detection", *Path(read["source"]).parts[-2:])), np.array(read["quad"], np.float32)
        if np.linalg.norm(quad[1] - quad[0]) >= MIN_WIDTH and any(same(quad, box) for box in boxes[image]):
            yield image, quad, read


def same(quad, box):
    """Whether the corners are those of the plate in the box: its middle in it, and about its width."""
    (x, y), width = quad.mean(axis=0), np.ptp(quad[:, 0]) / (box[2] - box[0])
    return box[0] < x < box[2] and box[1] < y < box[3] and 1 / ALIKE < width < ALIKE


def cut(image, quad):
    """The plate with what is round it, at most KEPT_WIDTH wide, and its corners in that picture."""
    low, high = quad.min(axis=0), quad.max(axis=0)
    room = KEPT_MARGIN * (high - low)
    (left, top), (right, bottom) = np.maximum(0, low - room).astype(int), (high + room).astype(int)
    crop, corners, shrink = image[top:bottom, left:right], quad - (left, top), KEPT_WIDTH / np.linalg.norm(quad[1] - quad[0])
    if shrink >= 1:
        return crop, corners
    return cv2.resize(crop, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA), corners * shrink


def main(argv=None):
    """Writes sure.csv, unsure.csv and the crops beside them."""
    parser = argparse.ArgumentParser(description="Make training crops of the plates that the program read in photographs.")
    parser.add_argument("--data", required=True)
    parser.add_argument("--places", required=True, help="output of ./anpr read FOLDER/detection/* --json")
    parser.add_argument("--out", required=True, help="folder for sure.csv, unsure.csv and crops/")
    args = parser.parse_args(argv)
    if not Path(args.places).is_file():
        refuse(f"--places {args.places}: no such file; ./anpr read FOLDER/detection/* --json writes it")
    out, rows = Path(args.out), {"sure": [], "unsure": []}
    (out / "crops").mkdir(parents=True, exist_ok=True)
    for number, (name, quad, read) in enumerate(plates(args.places, marked(args.data))):
        crop, corners = cut(cv2.imread(str(Path(args.data) / name)), quad)
        path = f"crops/{number:05}.jpg"
        cv2.imwrite(str(out / path), crop, [cv2.IMWRITE_JPEG_QUALITY, 95])
        sure = read["text"] and read["text"] == read["raw_text"] and read["confidence"] >= SURE
        rows["sure" if sure else "unsure"].append((path, read["text"] if sure else "", read["lines"] if sure else "", *(f"{v:.1f}" for v in corners.flatten())))
    for kind, found in rows.items():
        with (out / f"{kind}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("image", "text", "lines", *CORNERS), *found])
    print(f"{len(rows['sure'])} plates read surely: {out / 'sure.csv'}; {len(rows['unsure'])} to read by eye: {out / 'unsure.csv'}")


if __name__ == "__main__":
    main()
