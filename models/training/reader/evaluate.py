"""Measures a reader: on the crops held out from training, and on the labelled set that is for measuring only.

    /usr/bin/python3 models/training/reader/evaluate.py --data FOLDER --checkpoint FILE [--labels] [--errors FILE.png]

--checkpoint also takes an exported reader.onnx, float or int8: it is computed as the runtime computes it, up to rounding.
"""
import argparse
import csv
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import cv2
import numpy as np
import onnx
import torch

from interpret import Interpreter
from plates.views import HEIGHT, WIDTH
from reader.net import Reader, decode, fold, prepare
from reader.refuse import refuse


@dataclass(frozen=True)
class Score:
    """Shares of whole texts right: with O=0 and I=1 merged, and strictly; one-line and two-line apart where known; of countries by their look."""
    total: int
    merged: float
    strict: float
    one_line: float
    two_line: float
    country: float

    def __str__(self):
        return (f"{self.merged:.3f} (strict {self.strict:.3f}, 1 line {self.one_line:.3f}, 2 lines {self.two_line:.3f}, "
                f"country {self.country:.3f}, n {self.total})")


@torch.no_grad()
def answers(net, images):
    """Log probabilities of characters and countries, 64 images (BGR uint8 64x160) at a time; net: a Reader, or the Interpreter of its export."""
    for start in range(0, len(images), 64):
        crops = torch.from_numpy(np.stack(images[start:start + 64]))
        if isinstance(net, Interpreter):
            yield tuple(p.clamp_min(1e-30).log() for p in net(crops))
        else:
            yield tuple(torch.log_softmax(logits, -1) for logits in net(prepare(crops)))


def read(net, images):
    """[(lines, probability, place in COUNTRIES)] for BGR uint8 64x160 images."""
    return [(*decode(p), country) for characters, look in answers(net, images)
            for p, country in zip(characters.exp().numpy(), look.argmax(1).tolist())]


def score_crops(net, crops):
    """Score over Crop records."""
    found = read(net, [crop.image for crop in crops])
    texts = ["".join(lines) for lines, _, _ in found]
    right = np.array([fold(a) == fold(c.label.text) for a, c in zip(texts, crops)], bool)
    strict = np.array([a == c.label.text for a, c in zip(texts, crops)], bool)
    two = np.array([bool(c.label.lines and c.label.lines[1]) for c in crops], bool)
    countries = np.array([country == c.label.country for (_, _, country), c in zip(found, crops) if c.label.country is not None], bool)
    mean = lambda values: float(values.mean()) if len(values) else float("nan")
    return Score(len(crops), mean(right), mean(strict), mean(right[~two]), mean(right[two]), mean(countries))


def load_reader(checkpoint):
    """The averaged weights of a checkpoint, ready to read, and the checkpoint itself."""
    state = torch.load(checkpoint, map_location="cpu")
    net = Reader()
    net.load_state_dict(state["ema"])
    return net.eval(), state


def load_exported(path):
    """A reader.onnx, ready to read."""
    return Interpreter(onnx.load(path))


def load_labels(data, kind):
    """The measuring set: [Crop] of reading/labels.csv of that kind (oneline, twoline). Never train on it."""
    from reader.samples import Crop, Label
    crops = []
    for row in csv.DictReader((Path(data) / "reading" / "labels.csv").open(encoding="utf-8")):
        if row["kind"] == kind:
            crops.append(Crop(stretch(cv2.imread(str(Path(data) / row["image"]))), Label(None, row["text"])))
    return crops


def stretch(image):
    """A crop of any size as the reader takes it: averaged when it shrinks, interpolated when it grows."""
    return cv2.resize(image, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA if image.shape[1] > WIDTH else cv2.INTER_LINEAR)


def save_errors(net, crops, path):
    """A picture of the crops that are read wrong, each with `read / true`."""
    tiles = []
    for crop, (lines, _, _) in zip(crops, read(net, [c.image for c in crops])):
        if fold("".join(lines)) != fold(crop.label.text):
            tile = cv2.copyMakeBorder(crop.image, 0, 16, 0, 6, cv2.BORDER_CONSTANT, value=(60, 60, 60))
            cv2.putText(tile, f"{'/'.join(lines)} | {crop.label.text}", (1, 76), cv2.FONT_HERSHEY_SIMPLEX, 0.36, (255, 255, 255), 1)
            tiles.append(tile)
    tiles += [np.zeros((HEIGHT + 16, WIDTH + 6, 3), np.uint8)] * (-len(tiles) % 8)
    if tiles:
        cv2.imwrite(str(path), np.vstack([np.hstack(tiles[i:i + 8]) for i in range(0, len(tiles), 8)]))


def main(argv=None):
    """Prints one line a set."""
    p = argparse.ArgumentParser(description="Measure a plate reader.")
    p.add_argument("--data", required=True)
    p.add_argument("--checkpoint", required=True, help="checkpoint.pt of train.py, or reader.onnx")
    p.add_argument("--extra", action="append", default=[], help="CSVs with more real crops, as train.py takes them")
    p.add_argument("--rendered", type=int, default=1500, help="number of rendered plates to measure on")
    p.add_argument("--labels", action="store_true", help="also the measuring set (not for choosing among checkpoints)")
    p.add_argument("--errors", help="picture of the wrong ones of the real held-out crops")
    args = p.parse_args(argv)
    from reader.samples import validation
    if not Path(args.checkpoint).is_file():
        refuse(f"--checkpoint {args.checkpoint}: no such file; train.py writes checkpoint.pt into its --out folder")
    if args.checkpoint.endswith(".onnx"):
        net = load_exported(args.checkpoint)
    else:
        net, state = load_reader(args.checkpoint)
        print(f"{state['images'] + state['before']} images seen")
    drawn, real = validation(args.data, args.rendered, args.extra)
    print("rendered, held-out shapes:", score_crops(net, drawn))
    if real:
        print("real, held-out texts:", score_crops(net, real))
    if args.errors:
        save_errors(net, real, args.errors)
    if args.labels:
        for kind in ("oneline", "twoline"):
            print(f"labels {kind}:", score_crops(net, load_labels(args.data, kind)))


if __name__ == "__main__":
    main()
