"""Turns a float graph of export.py into an int8 one that ONNX Runtime computes with its integer kernels.

    small = quantise(onnx.load('detector.onnx'), [(picture,), ...])

Activations become uint8 with one scale a tensor, found on calibration inputs; zero point 0 after a ReLU. Weights become
int8 with a scale for each output channel, biases int32. What is before the first convolution and after the last ones
stays float, and so do the last convolutions themselves: their inputs are uint8, their outputs are answers.
QuantizeLinear/DequantizeLinear pairs say so (opset 15); the runtime fuses each convolution and sum with the pairs round it. A
ReLU needs no node: values below 0 are what zero point 0 cuts off. Operators that only move values, Concat among them,
work on the uint8 tensors themselves, so the tensors that they join share one scale.

Weights are kept within -64..64, 7 bits: x64 processors without VNNI multiply uint8 by int8 in pairs and add each pair in
16 bits, and 255 x 64 x 2 is the most that fits. Larger weights saturate there: an emulated Haswell (AVX2) moved the
detector's scores by .33 with 8 bits and gave the same answers bit by bit with 7.
"""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from interpret import Interpreter, needed
from rewrite import rewrite

WEIGHT_MOST = 64
# What a model's card says about it.
NUMBERS = 'int8: activations uint8 with one scale a tensor, weights of 7 bits with a scale for each output channel, so that no processor saturates; ' \
          'the last layers and what follows them float32; ranges of '
# Operators that leave values as they are, that have an integer kernel, and that are worth a uint8 input.
MOVES = {'Concat', 'Flatten', 'Gather', 'MaxPool', 'Pad', 'Reshape', 'Slice', 'Squeeze', 'Transpose', 'Unsqueeze'}
COMPUTES = {'Add', 'Conv'}
MULTIPLIES = {'Conv', 'Gemm'}


def quantise(model, inputs):
    """The int8 graph, with the same inputs, outputs and metadata. `inputs`: an iterable of tuples of torch tensors, in the order
    of the graph's inputs, such as the program will see. Throws ValueError for a graph with operators that interpret.py does not know."""
    model = rewrite(model)
    plan = Plan(model.graph)
    nodes, constants = Writer(model.graph, plan, calibrate(Interpreter(model), plan, inputs)).write()
    graph = helper.make_graph(nodes, model.graph.name, model.graph.input, model.graph.output, constants)
    result = helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version, producer_name=model.producer_name)
    helper.set_model_props(result, {item.key: item.value for item in model.metadata_props})
    onnx.checker.check_model(result)
    return result


class Plan:
    """Which tensors of a graph are kept in uint8, and which of them share a scale.

    coded: names of those tensors; fused: {output of a Conv or Add: output of the ReLU that follows it and only it}; pixels: {name: (uint8
    tensor, scale)} of tensors that are a uint8 tensor times a number; observed: names of tensors whose range has to be found.
    """

    def __init__(self, graph):
        self.constants = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
        self.readers, self.maker, self._share = {}, {}, {}
        for node in graph.node:
            self.maker.update({name: node for name in node.output})
            for name in set(node.input):
                self.readers.setdefault(name, []).append(node)
        answers = {item.name for item in graph.output}
        self.fused = {node.output[0]: self.readers[node.output[0]][0].output[0] for node in graph.node
                      if node.op_type in COMPUTES and not answers.intersection(node.output)
                      and [reader.op_type for reader in self.readers[node.output[0]]] == ['Relu']}
        self.coded = set()
        for node in reversed(graph.node):
            self.coded.update(name for name in node.output if self._is_multiplied(name))
        for node in graph.node:
            if node.op_type in MOVES and node.output[0] in self.coded:
                for name in moved(node):
                    self._share[self.key(name)] = self.key(node.output[0])
        self.pixels = self._find_pixels(graph)
        known = {self.key(name) for name in self.pixels}
        self.observed = sorted(name for name in self.coded if self.maker[name].op_type not in MOVES and self.key(name) not in known)

    def key(self, name):
        """The same for all tensors that share a scale."""
        while self._share.get(name, name) != name:
            name = self._share[name]
        return name

    def _is_multiplied(self, name):
        """Whether a convolution or matrix product takes the tensor, as it is or moved, or after sums that have an integer kernel."""
        takers = [node for node in self.readers.get(name, []) if name in moved(node)]
        return any(node.op_type in MULTIPLIES or node.op_type in MOVES | COMPUTES and self.fused.get(node.output[0], node.output[0]) in self.coded
                   for node in takers)

    def _find_pixels(self, graph):
        pictures = {item.name for item in graph.input if item.type.tensor_type.elem_type == TensorProto.UINT8}
        found = {}
        for node in graph.node:
            if node.op_type in MOVES and node.input[0] in pictures:
                pictures.add(node.output[0])
            factor = self.constants.get(node.input[1]) if node.op_type == 'Mul' else None
            cast = self.maker.get(node.input[0])
            if factor is not None and factor.size == 1 and cast is not None and cast.op_type == 'Cast' and cast.input[0] in pictures and node.output[0] in self.coded:
                found[node.output[0]] = cast.input[0], float(factor)
        return found


def moved(node):
    """The names of the tensors that a node takes, without its settings."""
    return list(node.input) if node.op_type in ('Concat', 'Add') else list(node.input[:1])


def calibrate(program, plan, inputs):
    """{key of the plan: (scale, zero point)} from the least and greatest value over all inputs, which a few dozen should be.

    Nothing is clipped: a plate covers so few cells of a picture that its activations are the peaks. Cutting .005 % off each
    end cost up to .016 of average precision, cutting nothing .002.
    """
    found = {}
    for each in inputs:
        for name, values in program.run(each, plan.observed).items():
            low, high = found.get(plan.key(name), (0.0, 0.0))
            found[plan.key(name)] = min(low, values.min().item()), max(high, values.max().item())
    if not found and plan.observed:
        raise ValueError('no calibration input: the ranges of the activations are not known')
    scales = {key: scale_and_zero(*range_) for key, range_ in found.items()}
    scales.update({plan.key(name): (np.float32(scale), 0) for name, (_, scale) in plan.pixels.items()})
    return scales


def scale_and_zero(low, high):
    scale = np.float32(max(high - low, 1e-6) / 255)
    return scale, int(np.clip(round(-low / scale), 0, 255))


class Writer:
    """Writes the new graph's nodes and constants."""

    def __init__(self, graph, plan, ranges):
        self.graph, self.plan, self.ranges = graph, plan, ranges
        self.nodes, self.constants, self.named, self.codes, self.floats = [], {}, {}, {}, {item.name for item in graph.input}

    def write(self):
        kept = {item.name: item for item in self.graph.initializer}
        for node in self.graph.node:
            self._write_node(node)
        nodes = [node for node, _ in needed([(node, None) for node in self.nodes], [item.name for item in self.graph.output])]
        used = {name for node in nodes for name in node.input}
        return nodes, [item for name, item in {**kept, **self.constants}.items() if name in used]

    def _write_node(self, node):
        plan, out = self.plan, node.output[0]
        if out in self.codes:
            return  # a ReLU, written with the node before it
        if out in plan.pixels:
            self.codes[out] = plan.pixels[out][0]
        elif node.op_type in MOVES and out in plan.coded and all(name in plan.coded for name in moved(node)):
            self._move(node)
        elif node.op_type in COMPUTES and plan.fused.get(out, out) in plan.coded:
            self._compute(node)
        else:
            self._keep(node)

    def _move(self, node):
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        names = moved(node)
        copy.input[:] = [self._code(name) if name in names else name for name in node.input]
        copy.output[0] = self.codes[node.output[0]] = node.output[0] + '_u8'
        if node.op_type == 'Pad':
            scale, zero = self._range(node.input[0])
            value = self.plan.constants[node.input[2]] if len(node.input) > 2 else 0.0
            copy.input[:] = [*copy.input[:2], self._constant(node.output[0] + '_value', np.uint8(np.clip(np.round(value / scale) + zero, 0, 255)))]
        self.nodes.append(copy)

    def _compute(self, node):
        out = self.plan.fused.get(node.output[0], node.output[0])
        inputs = [self._float(name) for name in moved(node)]
        if node.op_type == 'Conv':
            inputs += self._weights(node)
        whole = helper.make_node(node.op_type, inputs, [node.output[0] + '_whole'], node.name)
        whole.attribute.extend(node.attribute)
        self.nodes.append(whole)
        self.codes[out] = out + '_u8'
        self._convert('QuantizeLinear', whole.output[0], out)

    def _keep(self, node):
        names = [self._code(name) if node.op_type == 'Shape' and name in self.codes else self._float(name) for name in node.input]
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        copy.input[:] = names
        self.nodes.append(copy)
        self.floats.update(node.output)

    def _code(self, name):
        """The name of the uint8 form of a tensor that is kept in it."""
        if name not in self.codes:
            self.codes[name] = name + '_u8'
            self._convert('QuantizeLinear', name, name)
        return self.codes[name]

    def _float(self, name):
        """The name of a tensor's float form, through uint8 where it is kept in that."""
        if name not in self.plan.coded:
            return name
        self._code(name)
        if name + '_back' not in self.floats:
            self.floats.add(name + '_back')
            self._convert('DequantizeLinear', name + '_back', name)
        return name + '_back'

    def _convert(self, kind, whole, name):
        scale, zero = self._range(name)
        key = self.plan.key(name)
        settings = [self._constant(key + '_scale', scale), self._constant(key + '_zero', np.uint8(zero))]
        ends = (whole, self.codes[name]) if kind == 'QuantizeLinear' else (self.codes[name], whole)
        self.nodes.append(helper.make_node(kind, [ends[0], *settings], [ends[1]]))

    def _range(self, name):
        return self.ranges[self.plan.key(name)]

    def _weights(self, node):
        """Names of the dequantised weights and bias of a convolution."""
        x, weight = node.input[0], self.plan.constants[node.input[1]]
        bias = self.plan.constants[node.input[2]] if len(node.input) > 2 else np.zeros(len(weight), np.float32)
        step = np.float32(self._range(x)[0])
        # A bias of a channel with hardly any weight must still fit 32 bits.
        scales = np.maximum(np.abs(weight).reshape(len(weight), -1).max(1) / WEIGHT_MOST, np.maximum(np.abs(bias) / step / 2**30, 1e-12)).astype(np.float32)
        shaped = scales.reshape(-1, *[1] * (weight.ndim - 1))
        small = np.clip(np.round(weight / shaped), -WEIGHT_MOST, WEIGHT_MOST).astype(np.int8)
        whole = np.round(bias / (step * scales).astype(np.float64)).astype(np.int32)
        return [self._dequantised(node.output[0] + '_weight', small, scales), self._dequantised(node.output[0] + '_bias', whole, step * scales)]

    def _dequantised(self, name, values, scales):
        inputs = [self._constant(name + '_s', values), self._constant(name + '_scale', scales), self._constant(name + '_zero', np.zeros(len(scales), values.dtype))]
        self.nodes.append(helper.make_node('DequantizeLinear', inputs, [name], axis=0))
        return name

    def _constant(self, name, value):
        """The name of a constant; equal ones, such as the weights of a network that is run twice, are kept once."""
        value = np.array(value)
        known = self.named.setdefault((value.dtype, value.shape, value.tobytes()), name)
        self.constants.setdefault(known, numpy_helper.from_array(value, known))
        return known
