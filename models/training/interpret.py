"""Runs the ONNX graphs that our exports write, float and quantised, with torch: training needs no other runtime.

It knows the operators that occur there, as opset 15 defines them, and refuses the rest by name. Quantised convolutions
are computed in float32 on the dequantised values: products and sums are the integer kernel's up to float rounding.
"""
import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch.nn import functional as F


class Interpreter:
    """A loaded graph. Calling it with its inputs (torch tensors, in order) returns its outputs: one tensor, or a tuple."""

    def __init__(self, model):
        graph = model.graph
        self.constants = {item.name: torch.from_numpy(np.array(numpy_helper.to_array(item))) for item in graph.initializer}
        self.inputs = [item.name for item in graph.input if item.name not in self.constants]
        self.outputs = [item.name for item in graph.output]
        self.nodes = [(node, attributes(node)) for node in graph.node]
        unknown = {node.op_type for node, _ in self.nodes} - set(OPERATORS)
        if unknown:
            raise ValueError(f'{graph.name}: operators that interpret.py does not know: {", ".join(sorted(unknown))}')

    def __call__(self, *inputs):
        values = self.run(inputs, self.outputs)
        return values[self.outputs[0]] if len(self.outputs) == 1 else tuple(values[name] for name in self.outputs)

    @torch.no_grad()
    def run(self, inputs, wanted):
        """The tensors named in `wanted`, by name; only what they need is computed, and kept no longer than it is needed."""
        nodes = needed(self.nodes, wanted)
        last = {name: place for place, (node, _) in enumerate(nodes) for name in node.input}
        kept = {*self.constants, *wanted, ''}
        values = {**self.constants, **dict(zip(self.inputs, inputs)), '': None}
        for place, (node, attributes_) in enumerate(nodes):
            values[node.output[0]] = OPERATORS[node.op_type](*(values[name] for name in node.input), **attributes_)
            for name in set(node.input) - kept:
                if last[name] == place:
                    del values[name]
        return {name: values[name] for name in wanted}


def attributes(node):
    """A node's attributes as Python values: numbers, lists, strings, tensors."""
    found = {item.name: helper.get_attribute_value(item) for item in node.attribute}
    return {name: torch.from_numpy(np.array(numpy_helper.to_array(value))) if isinstance(value, onnx.TensorProto) else
            value.decode() if isinstance(value, bytes) else value for name, value in found.items()}


def needed(nodes, wanted):
    """The nodes, in their order, that lead to the wanted tensors."""
    names, kept = set(wanted), []
    for node, attributes_ in reversed(nodes):
        if names.intersection(node.output):
            names.update(node.input)
            kept.append((node, attributes_))
    return kept[::-1]


def convolve(x, weight, bias=None, *, strides, pads, group=1, **_):
    top, left, bottom, right = pads
    if (top, left) == (bottom, right):
        return F.conv2d(x, weight, bias, strides, (top, left), groups=group)
    return F.conv2d(F.pad(x, (left, right, top, bottom)), weight, bias, strides, groups=group)


def cut(x, starts, ends, axes, steps=None):
    for place, axis in enumerate(axes.tolist()):
        start, end, step = int(starts[place]), int(ends[place]), int(steps[place]) if steps is not None else 1
        length = x.shape[axis]
        picks = range(length)[slice(start, None if step < 0 and end < -length else end, step)]
        x = x.index_select(axis, torch.tensor(picks, dtype=torch.long))
    return x


def pad(x, pads, value=None, *, mode='constant'):
    sides = pads.tolist()
    half = len(sides) // 2
    flat = [side for axis in reversed(range(half)) for side in (sides[axis], sides[half + axis])]
    return F.pad(x, flat, mode, 0 if value is None else value.item())


def resize(x, _region, scales, *, mode, nearest_mode, coordinate_transformation_mode, **_):
    if (mode, nearest_mode, coordinate_transformation_mode) != ('nearest', 'floor', 'asymmetric') or scales[:2].tolist() != [1, 1]:
        raise ValueError('a Resize that is not by whole pixels')
    return x.repeat_interleave(int(scales[2]), 2).repeat_interleave(int(scales[3]), 3)


def pool(x, *, kernel_shape, strides, pads, **_):
    return F.max_pool2d(x.float(), kernel_shape, strides, pads[:2]).to(x.dtype)


def gather(x, places, *, axis=0):
    picked = x.index_select(axis, places.reshape(-1))
    return picked.reshape(x.shape[:axis] + places.shape + x.shape[axis + 1:])


def reshape(x, shape, **_):
    return x.reshape([x.shape[axis] if size == 0 else size for axis, size in enumerate(shape.tolist())])


def unsqueeze(x, axes):
    for axis in sorted(axes.tolist()):
        x = x.unsqueeze(axis)
    return x


def squeeze(x, axes):
    return x.reshape([size for axis, size in enumerate(x.shape) if axis not in axes.tolist()])


def divide(a, b):
    return a / b if a.is_floating_point() else torch.div(a, b, rounding_mode='trunc')


def reduce_sum(x, axes, *, keepdims=1):
    return x.sum(axes.tolist(), keepdim=bool(keepdims))


def gemm(a, b, c=None, *, alpha=1.0, beta=1.0, transA=0, transB=0):
    product = alpha * ((a.t() if transA else a) @ (b.t() if transB else b))
    return product if c is None else product + beta * c


def along(values, x, axis):
    """Scales or zero points of one axis, shaped to meet x."""
    return values.reshape([-1 if place == axis % x.dim() else 1 for place in range(x.dim())]) if values.dim() else values


def quantise(x, scale, zero, *, axis=1):
    limits = torch.iinfo(zero.dtype)
    return (torch.round(x / along(scale, x, axis)) + along(zero, x, axis)).clamp(limits.min, limits.max).to(zero.dtype)


def dequantise(x, scale, zero, *, axis=1):
    return (x.to(torch.int32) - along(zero.to(torch.int32), x, axis)).float() * along(scale, x, axis)


TYPES = {onnx.TensorProto.FLOAT: torch.float32, onnx.TensorProto.INT64: torch.int64, onnx.TensorProto.INT32: torch.int32,
         onnx.TensorProto.UINT8: torch.uint8, onnx.TensorProto.BOOL: torch.bool}
OPERATORS = {
    'Add': torch.add,
    'AveragePool': lambda x, *, kernel_shape, strides, **_: F.avg_pool2d(x, kernel_shape, strides),
    'Cast': lambda x, *, to: x.to(TYPES[to]),
    'Clip': lambda x, low=None, high=None: x.clamp(low, high),
    'Concat': lambda *parts, axis: torch.cat(parts, axis),
    'Constant': lambda *, value: value,
    'ConstantOfShape': lambda shape, *, value: value.expand(shape.tolist()),
    'Conv': convolve,
    'DequantizeLinear': dequantise,
    'Div': divide,
    'Exp': torch.exp,
    'Flatten': lambda x, *, axis=1: x.reshape(int(np.prod(x.shape[:axis])), -1),
    'Gather': gather,
    'Gemm': gemm,
    'Identity': lambda x: x,
    'MatMul': torch.matmul,
    'MaxPool': pool,
    'Mul': torch.mul,
    'Pad': pad,
    'Pow': torch.pow,
    'QuantizeLinear': quantise,
    'Range': lambda start, limit, delta: torch.arange(start.item(), limit.item(), delta.item(), dtype=start.dtype),
    'Reciprocal': torch.reciprocal,
    'ReduceMean': lambda x, *, axes, keepdims=1: x.mean(axes, keepdim=bool(keepdims)),
    'ReduceSum': reduce_sum,
    'Relu': torch.relu,
    'Reshape': reshape,
    'Resize': resize,
    'Shape': lambda x: torch.tensor(x.shape, dtype=torch.long),
    'Sigmoid': torch.sigmoid,
    'Slice': cut,
    'Softmax': lambda x, *, axis=-1: torch.softmax(x, axis),
    'Sqrt': torch.sqrt,
    'Squeeze': squeeze,
    'Sub': torch.sub,
    'Transpose': lambda x, *, perm: x.permute(perm),
    'Unsqueeze': unsqueeze,
}
