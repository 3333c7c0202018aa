"""Writes models/detector.onnx and its card from a checkpoint of train.py.

    python3 export.py --data FOLDER --weights last.pt --out models --version 1.0.0

Normalisation, transpose and decoding are inside the graph. Its convolutions are int8 (quantise.py); --float leaves them as
they were trained, for `./anpr bench models` to compare. Input `frame`: uint8 [1, H, W, 3] BGR, H and W multiples of
32. Output `plates`: float32 [1, N, 13]: score, box, four corners clockwise from the plate's own top left, in pixels.
"""
import argparse
import hashlib
import json
import random
import shutil
import sys
import warnings
from pathlib import Path

import onnx
import torch

import evaluate
import scenes
from net import STRIDE
from program import Program

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from interpret import Interpreter  # noqa: E402
from quantise import NUMBERS, quantise  # noqa: E402

LARGEST_BYTES = 8_000_000
VIEW_PX = 640  # long side at which the program looks
CALIBRATION = 40  # training photographs that the ranges of the activations are taken from
SETS = {
    'openimages': ('Open Images V7, vehicle registration plates', 'CC BY 4.0', 'storage.googleapis.com/openimages'),
    'romania': ('Romanian number plates from a dashcam by night', 'MIT', 'github.com/RobertLucian/license-plate-dataset'),
    'turkey': ('Turkish number plates', 'CC BY 4.0', 'see docs/training.md'),
    'openlpr': ('openlpr scenes with one plate each; some photographs are visibly from the web', 'Apache-2.0 as its publisher states', 'see docs/training.md'),
    'usrear': ('rear views of cars, United States', 'MIT', 'see docs/training.md'),
    'polish': ('Polish number plates', 'public domain', 'see docs/training.md'),
}


def write_graph(model, path, version, threshold):
    """Exports at opset 15 with dynamic height and width, and the metadata that the program reads at start."""
    warnings.filterwarnings('ignore', message='The shape inference of prim::Constant')
    warnings.filterwarnings('ignore', message='Constant folding - Only steps=1')
    torch.onnx.export(model, torch.zeros(1, 384, 640, 3, dtype=torch.uint8), str(path), opset_version=15,
                      input_names=['frame'], output_names=['plates'],
                      dynamic_axes={'frame': {1: 'height', 2: 'width'}, 'plates': {1: 'cells'}})
    graph = onnx.load(str(path))
    plates = graph.graph.output[0].type.tensor_type.shape.dim
    plates[0].dim_value, plates[2].dim_value = 1, 13  # the tracer loses the two sizes that are fixed
    onnx.helper.set_model_props(graph, {'version': version, 'stride': str(STRIDE), 'colour': 'bgr',
                                        'score_threshold': str(threshold)})
    onnx.checker.check_model(graph)
    onnx.save(graph, str(path))


def quantise_graph(path, data):
    """Makes the graph of a file an int8 one, calibrated on training photographs as the program sees them."""
    photographs = scenes.load(data, held_out=False)
    chosen = random.Random(5).sample(photographs, min(CALIBRATION, len(photographs)))
    views = ((torch.from_numpy(evaluate.fitted(scene.image, VIEW_PX)[0])[None],) for scene in chosen)
    onnx.save(quantise(onnx.load(str(path)), views), str(path))


def refuse_too_large(path):
    if path.stat().st_size > LARGEST_BYTES:
        scenes.refuse(f'{path}: {path.stat().st_size} bytes; a committed model must stay under {LARGEST_BYTES}')


def training_data(data, sources):
    counts = {}
    for name in scenes.read_boxes(data):
        source = name.split('/')[1]
        if not scenes.is_held_out(name) and (sources is None or source in sources):
            counts[source] = counts.get(source, 0) + 1
    return [{'name': SETS[s][0], 'images': n, 'licence': SETS[s][1], 'published': SETS[s][2]} for s, n in sorted(counts.items())] + \
        [{'name': 'plates, lorries and lettering rendered by models/training', 'images': None, 'licence': 'own', 'published': 'models/training'}]


def measured(program, data, rendered):
    """Rows for the card: what the exported graph reaches on the held-out photographs."""
    held_out = scenes.load(data, held_out=True)
    rows = []
    result, found = evaluate.measure(program, held_out, VIEW_PX)
    place = f'held-out photographs, long side {VIEW_PX} px'
    for source, v in result.items():
        rows.append({'what': f'AP at IoU 0.5, {source}', 'value': round(v['ap'], 3), 'n': v['plates'], 'conditions': place})
        rows.append({'what': f'precision / recall at score 0.5, {source}', 'value': f'{v["precision"]:.2f} / {v["recall"]:.2f}',
                     'n': v['plates'], 'conditions': place})
    for low, high in ((10, 20), (20, 60), (60, 200), (200, 640)):
        group = found[(found[:, 0] >= low) & (found[:, 0] < high)]
        rows.append({'what': f'recall at score 0.25, plates {low}-{high} px wide', 'n': len(group), 'conditions': place,
                     'value': round(float((group[:, 1] > 0.25).mean()), 3) if len(group) else None})
    false, score, count = evaluate.false_boxes(program, [s for s in held_out if s.source == 'openimages'], VIEW_PX)
    rows.append({'what': f'false boxes a picture at {evaluate.RECALL:.0%} recall of plates {evaluate.LEAST_PX:.0f} px or wider, openimages',
                 'value': round(false, 2), 'n': count, 'conditions': f'{place}, score {score:.2f}; plates that nobody marked count as false'})
    mean, worst, count = evaluate.corners(program, held_out, data, rendered)
    rows.append({'what': 'corner error, mean in shares of the plate width', 'value': round(mean, 4) if count else None, 'n': count,
                 'conditions': f'plates rendered into held-out photographs and onto drawn lorries; 95 % below {worst:.4f}'})
    return rows


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--data', required=True, help='folder that holds detection/boxes.csv')
    parser.add_argument('--weights', required=True, help='checkpoint of train.py')
    parser.add_argument('--out', required=True, help='folder for detector.onnx and detector.json')
    parser.add_argument('--version', required=True)
    parser.add_argument('--threshold', type=float, default=0.4, help='working point: weaker plates are not used, 0..1')
    parser.add_argument('--rendered', type=int, default=400, help='views rendered to measure corners for the card')
    parser.add_argument('--float', action='store_true', help='leave the graph in float32')
    parser.add_argument('--no-measure', action='store_true', help='leave the measured figures out of the card')
    arguments = parser.parse_args(argv)
    torch.set_num_threads(1)
    out = Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)
    model = Program(evaluate.load_weights(arguments.weights)).eval()
    saved = torch.load(arguments.weights, map_location='cpu')
    draft = out / 'detector.onnx.tmp'
    write_graph(model, draft, arguments.version, arguments.threshold)
    if not arguments.float:
        quantise_graph(draft, arguments.data)
    refuse_too_large(draft)
    card = {
        'name': 'detector', 'version': arguments.version, 'sha256': hashlib.sha256(draft.read_bytes()).hexdigest(),
        'input': 'frame: uint8 [1, H, W, 3], BGR, H and W multiples of 32, picture scaled with its aspect kept, padded right and below with grey 114',
        'output': 'plates: float32 [1, N, 13]: score 0..1, x1, y1, x2, y2, four corners x, y clockwise from the plate\'s own top left, in pixels of the input; not suppressed',
        'training_data': training_data(arguments.data, saved.get('sources')),
        'trained': {'images_seen': saved['images'], 'minutes': round(saved['minutes']), 'threads': saved['threads']},
        'numbers': 'float32' if arguments.float else f'{NUMBERS}{CALIBRATION} training photographs',
        'measured': [] if arguments.no_measure else measured(Interpreter(onnx.load(str(draft))), arguments.data, arguments.rendered),
        'licence': 'as the project',
        'limits': 'Trained mostly on cars; lorries are few photographs and simple drawings. Plates wider than 300 px are found in the view at a quarter of its size and their edges are the least exact. Plates under 15 px wide in the view are often missed. '
                  'Corners were learnt from rendered plates and straight real ones: on strongly tilted real plates they under-shoot. '
                  'Scores are not calibrated probabilities. The pictures of Open Images lack some boxes, which lowers the AP stated on them.',
    }
    (out / 'detector.json').write_text(json.dumps(card, indent=2, ensure_ascii=False) + '\n')
    shutil.move(draft, out / 'detector.onnx')
    print(f'{out / "detector.onnx"}: {(out / "detector.onnx").stat().st_size} bytes, version {arguments.version}')


if __name__ == '__main__':
    main()
