"""Checks quantise.py on both networks with random weights: what the int8 graph is made of, and how far its answers are from the float ones."""
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

TRAINING = Path(__file__).resolve().parents[2] / 'models' / 'training'
sys.path[:0] = [str(TRAINING), str(TRAINING / 'detector')]

import export as detector_export  # noqa: E402
import net as detector_net  # noqa: E402
from interpret import Interpreter  # noqa: E402
from program import Program  # noqa: E402
from quantise import WEIGHT_MOST, quantise  # noqa: E402
from reader import export as reader_export  # noqa: E402
from reader import net as reader_net  # noqa: E402
from rewrite import rewrite  # noqa: E402
from warm import load_folded  # noqa: E402


MOST_AWAY = 0.12  # of the size of the answers; trained weights stay within half of it

LAST = {'/model/out/Conv_output_0', '/model/out_1/Conv_output_0', '/net/characters/Conv_output_0', '/net/look/look.3/Gemm_output_0'}


def network(make):
    """A network with random weights, through which a picture's signal comes as strong as through a trained one's."""
    torch.manual_seed(1)
    net = make()
    for module in net.modules():
        if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
            torch.nn.init.kaiming_normal_(module.weight, nonlinearity='linear' if module.bias is not None else 'relu')
        if isinstance(module, torch.nn.BatchNorm2d):
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.uniform_(-0.1, 0.1)
    return net.eval()


def pictures(count, height, width):
    """Random coarse pictures, each uint8 [1, H, W, 3]."""
    coarse = (torch.rand(count, 3, height // 16, width // 16) > 0.5) * 255.0
    return torch.nn.functional.interpolate(coarse, scale_factor=16, mode='bilinear').permute(0, 2, 3, 1).to(torch.uint8).split(1)


def last_layers(model, x):
    """What the network says before it is decoded: the outputs of its last convolutions and matrix products."""
    constants = {item.name for item in model.graph.initializer}
    names = sorted(node.output[0] for node in model.graph.node if node.op_type in ('Conv', 'Gemm') and node.input[1] in constants and node.output[0] in LAST)
    values = Interpreter(model).run((x,), names)
    return [values[name] for name in names]


def distance(one, other):
    """Root mean square of the difference, the largest of the layers."""
    assert len(one) == len(other) == 2
    return max(float(((a - b) ** 2).mean().sqrt()) for a, b in zip(one, other))


def check(name, model, inputs):
    """The first of the inputs is not seen in calibration."""
    true = last_layers(model, inputs[0])
    size = distance(true, [torch.zeros(()) for _ in true])
    away = distance(true, last_layers(rewrite(model), inputs[0]))
    assert away <= 1e-4 * size, f'{name}: rewriting moves an answer by {away}'
    small = quantise(model, [(each,) for each in inputs[1:]])
    away = distance(true, last_layers(small, inputs[0]))
    assert 0 < away <= MOST_AWAY * size, f'{name}: int8 moves an answer by {away}, its size is {size}'
    assert all(torch.isfinite(answer).all() for answer in Interpreter(small).run((inputs[0],), [item.name for item in small.graph.output]).values())
    for part in ('input', 'output'):
        assert list(getattr(small.graph, part)) == list(getattr(model.graph, part)), f'{name}: another {part}'
    assert [(p.key, p.value) for p in small.metadata_props] == [(p.key, p.value) for p in model.metadata_props], f'{name}: other metadata'
    check_parts(name, small.graph)
    print(f'{name}: int8 is {away:.4f} from float, their size is {size:.4f}')
    return small


def check_parts(name, graph):
    """Every convolution but the last ones has int8 weights within 7 bits, and its output becomes uint8 at once."""
    constants = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    whole = {node.output[0]: node for node in graph.node if node.op_type == 'DequantizeLinear'}
    readers = {}
    for node in graph.node:
        for taken in node.input:
            readers.setdefault(taken, []).append(node.op_type)
    floats = 0
    for node in (node for node in graph.node if node.op_type == 'Conv'):
        assert node.input[0] in whole, f'{name}: {node.name} takes a float tensor'
        if node.input[1] in constants:
            floats += 1
            continue
        weight, bias = (constants[whole[taken].input[0]] for taken in node.input[1:3])
        assert weight.dtype == np.int8 and np.abs(weight).max() <= WEIGHT_MOST and bias.dtype == np.int32, f'{name}: {node.name}'
        assert readers[node.output[0]] == ['QuantizeLinear'], f'{name}: {node.name} gives a float tensor'
    assert floats <= 2, f'{name}: {floats} convolutions stay float'


def main():
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / 'model.onnx'
        detector = network(detector_net.Detector)
        detector_export.write_graph(Program(detector).eval(), path, '0.0.1', 0.4)
        small = check('detector', onnx.load(str(path)), pictures(8, 96, 160))  # 96 rows are no whole steps of the second look: grey is added
        onnx.save(small, str(path))
        again = detector_net.Detector()
        load_folded(again, str(path))
        folded = detector.stem[0].weight * (detector.stem[1].weight / (1 + detector.stem[1].eps) ** 0.5).view(-1, 1, 1, 1)
        away = (again.stem[0].weight - folded).abs().max() / folded.abs().max()
        assert away < 1 / WEIGHT_MOST, f'weights read back from an int8 graph differ by {away}'
        reader = network(reader_net.Reader)
        reader_export.write_graph(reader, path)
        check('reader', onnx.load(str(path)), pictures(12, 64, 160))
    print('quantise: passed')


if __name__ == '__main__':
    main()
