"""Writes models/reader.onnx and its card from a checkpoint of train.py.

    /usr/bin/python3 models/training/reader/export.py --data FOLDER --checkpoint FILE --out models --version 1.0.0

Normalisation is inside the graph, and its convolutions are int8 (quantise.py; --float leaves them as trained). Input `crops`: uint8 [B, 64, 160, 3] BGR. Outputs, both probabilities: `characters`
float32 [B, 2, 40, 37], `country` float32 [B, K] in the order of the metadata's `countries`.
"""
import argparse
import hashlib
import json
import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import onnx
import torch
from torch import nn

from interpret import Interpreter
from plates.views import MARGIN_X, MARGIN_Y
from quantise import NUMBERS, quantise
from reader.calibrate import fit_temperature, text_probabilities
from reader.evaluate import load_labels, load_reader, score_crops
from reader.net import ALPHABET, COUNTRIES, HEIGHT, WIDTH, prepare
from reader.real import load_real
from reader.refuse import refuse
from reader.samples import Batches, validation

LARGEST_BYTES = 8_000_000
CALIBRATION = 512  # training crops that the ranges of the activations are taken from


class Program(nn.Module):
    """The network with everything that its caller would otherwise have to know about it."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, crops):
        characters, look = self.net(prepare(crops))
        return torch.softmax(characters, -1), torch.softmax(look, -1)


def write_graph(net, path):
    """Exports at opset 15 with a dynamic batch."""
    warnings.filterwarnings("ignore", category=torch.jit.TracerWarning)
    torch.onnx.export(Program(net).eval(), torch.zeros(2, HEIGHT, WIDTH, 3, dtype=torch.uint8), str(path), opset_version=15,
                      input_names=["crops"], output_names=["characters", "country"],
                      dynamic_axes={name: {0: "batch"} for name in ("crops", "characters", "country")})


def quantised(graph, data):
    """The graph in int8, calibrated on crops such as it was trained on."""
    crops, _ = next(iter(Batches(data, CALIBRATION, ramp=1, seed=3)))
    return quantise(graph, [(part,) for part in torch.from_numpy(crops).split(16)])


def measure(net, data, labels, rendered, extra):
    """The card's rows, and the calibration: figures on held-out crops and, if asked, on the labelled set."""
    drawn, real = validation(data, rendered, extra)
    sets = [("rendered plates with shapes held out from training", drawn), ("real crops, texts held out", real)]
    if labels:
        sets += [("real European plates of one line (reading/labels.csv)", load_labels(data, "oneline")),
                 ("real European plates of two lines (reading/labels.csv)", load_labels(data, "twoline"))]
    rows = []
    for name, crops in sets:
        if crops:
            score = score_crops(net, crops)
            rows += [{"what": f"whole text right, {name}", "value": round(value, 3), "n": score.total, "conditions": how}
                     for value, how in ((score.merged, "O=0 and I=1 merged"), (score.strict, "strict"))]
    known = drawn + real
    return rows, fit_temperature(text_probabilities(net, [c.image for c in known]), [c.label.text for c in known])


def card(version, path, state, numbers, rows, data, extra):
    """The model card as a dictionary."""
    weak, *more = (sum(len(found) for found in load_real(listing, validation=False).values()) for listing in (Path(data) / "reading" / "weak.csv", *extra))
    published = "see docs/training.md"
    return {
        "name": "reader", "version": version, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "input": "crops: uint8 [B, 64, 160, 3], BGR, B from 1 to 8; each the plate's quadrilateral, enlarged by margin_x and margin_y "
                 "(metadata, shares of its width and height, on each side) and stretched to 160x64",
        "output": "characters: float32 [B, 2, 40, 37], probabilities of blank, 0-9, A-Z for the top and the bottom line of the plate in 40 steps "
                  "(CTC; a plate of one line has an empty bottom line); country: float32 [B, K], probabilities of the countries named in the "
                  "metadata's countries and of none of them, by the plate's look",
        "training_data": [
            {"name": "plates rendered by models/training/plates from the table of countries", "images": None, "licence": "own", "published": "models/training/plates"},
            {"name": "glyph sheets cut from real plates of BE, DE, FR, GB, NL and RS", "images": 6, "licence": published, "published": published},
            {"name": "real plate crops with weak labels (reading/weak.csv)", "images": weak, "licence": "CC BY 4.0, MIT", "published": published},
            *([{"name": "real plate crops out of detection/, the sure ones labelled by an earlier version of this reader, the others by eye (models/training/reader/pseudo.py)", "images": sum(more),
                "licence": "as their photographs (openimages, turkey: CC BY 4.0; romania, usrear: MIT; openlpr: Apache-2.0 as its publisher states, some photographs visibly from the web; polish: public domain)",
                "published": published}] if more else []),
            {"name": "scenes as backdrops around rendered plates (detection/)", "images": 150, "licence": published, "published": published}],
        "trained": {"images_seen": state["images"], "minutes": round(state["seconds"] / 60), "threads": 1},
        "numbers": numbers, "measured": rows, "licence": "as the project",
        "limits": "Letters without national signs only (an umlaut reads as its base letter). O and 0, I and 1 share one glyph on many plates: syntax must decide. "
                  "Plates under 60 px wide are often misread. Formats of countries, drawings of two-line plates and what is drawn beside the text were completed while looking at reading/labels.csv, so its figures are not quite those of unseen plates. "
                  "Plates of two lines lag behind plates of one line. Trained on rendered European plates; others are read only by resemblance.",
    }


def main(argv=None):
    """Exports, measures, writes the card."""
    p = argparse.ArgumentParser(description="Export the plate reader to ONNX with its card.")
    p.add_argument("--data", required=True)
    p.add_argument("--checkpoint", required=True, help="checkpoint.pt of train.py")
    p.add_argument("--out", required=True, help="folder for reader.onnx and reader.json")
    p.add_argument("--version", required=True)
    p.add_argument("--rendered", type=int, default=1500, help="number of rendered plates to measure and calibrate on")
    p.add_argument("--extra", action="append", default=[], help="the CSVs that train.py was given as --extra: for the measurement and the card")
    p.add_argument("--temperature", type=float, help="the exponent of confidences (default: as fits single looks at the held-out crops)")
    p.add_argument("--float", action="store_true", help="leave the graph in float32, for ./anpr bench models to compare")
    p.add_argument("--no-labels", action="store_true", help="leave the labelled set (reading/labels.csv) unmeasured")
    args = p.parse_args(argv)
    if args.temperature is not None and not 0.1 <= args.temperature <= 10:
        refuse("--temperature: allowed is 0.1 to 10")
    if not Path(args.checkpoint).is_file():
        refuse(f"--checkpoint {args.checkpoint}: no such file; train.py writes checkpoint.pt into its --out folder")
    torch.set_num_threads(1)
    net, state = load_reader(args.checkpoint)
    labels = not args.no_labels and (Path(args.data) / "reading" / "labels.csv").exists()
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    draft = out / "reader.onnx.part"
    write_graph(net, draft)
    graph = onnx.load(str(draft)) if args.float else quantised(onnx.load(str(draft)), args.data)
    rows, fitted = measure(Interpreter(graph), args.data, labels, args.rendered, args.extra)
    temperature = fitted if args.temperature is None else args.temperature
    onnx.helper.set_model_props(graph, {"version": args.version, "alphabet": ALPHABET, "temperature": f"{temperature:.3f}", "margin_x": str(MARGIN_X),
                             "margin_y": str(MARGIN_Y), "colour": "bgr", "countries": ",".join(COUNTRIES)})
    onnx.checker.check_model(graph)
    onnx.save(graph, str(draft))
    if draft.stat().st_size > LARGEST_BYTES:
        refuse(f"{draft}: {draft.stat().st_size} bytes; a committed model must stay under {LARGEST_BYTES}")
    numbers = "float32" if args.float else f"{NUMBERS}{CALIBRATION} training crops"
    (out / "reader.json").write_text(json.dumps(card(args.version, draft, state, numbers, rows, args.data, args.extra), indent=2) + "\n")
    draft.replace(out / "reader.onnx")
    print(f"{out / 'reader.onnx'}: {(out / 'reader.onnx').stat().st_size} bytes, version {args.version}, temperature {temperature:.2f}")
    for row in rows:
        print(f"  {row['value']:.3f}  {row['what']} ({row['conditions']}, n {row['n']})")


if __name__ == "__main__":
    main()
