"""Rewrites exported graphs so that ONNX Runtime's integer kernels can be used in full. The result computes the same.

What was measured on ONNX Runtime 1.31, one thread, 640x384, is why each rule exists:
- merge_pools: averaging 2x2 pixels in uint8 took longer than a quarter of the network; as part of the convolution after it
  it costs nothing.
- pack_pixels: a convolution whose input channels are no multiple of 4 copies its input pixel by pixel, and one with 16 outputs runs
  at a third of the speed of one with 32; over cells of 4 to 16 pixels the same sums run in the direct kernel.
- copy_pixels: Resize looks up the source of every byte; Gather copies whole pixels.
- multiply_out: Pow takes 30 ns a value whatever the exponent, and Mul by a vector of 3 followed by ReduceSum ten times as long as MatMul.
"""
import numpy as np
import onnx
from onnx import helper, numpy_helper

CELL, WIDEST, FEWEST = 4, 32, 32  # pixels across at least, at most (every picture's width is a multiple of it); outputs that a quick convolution has
TO_PIXELS, TO_PLANES = (0, 2, 3, 1), (0, 3, 1, 2)  # NCHW -> NHWC and back


def rewrite(model):
    """The same graph for the same inputs, outputs and metadata, rewritten."""
    edit = Edit(model.graph)
    for rule in (drop_copies, merge_pools, pack_pixels, copy_pixels, multiply_out):
        edit.apply(rule)
    result = onnx.ModelProto()
    result.CopyFrom(model)
    del result.graph.node[:], result.graph.initializer[:], result.graph.value_info[:]
    used = {name for node in edit.nodes for name in node.input}
    result.graph.node.extend(edit.nodes)
    result.graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in edit.constants.items() if name in used)
    onnx.checker.check_model(result)
    return result


class Edit:
    """A graph being rewritten: its nodes in order, its constants by name."""

    def __init__(self, graph):
        self.nodes = [node for node in graph.node if node.op_type != 'Constant']
        self.constants = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
        self.constants.update({node.output[0]: numpy_helper.to_array(helper.get_attribute_value(node.attribute[0]))
                               for node in graph.node if node.op_type == 'Constant'})
        self.answers = {item.name for item in graph.output}

    def apply(self, rule):
        """Replaces each node for which the rule returns nodes by them, then drops what nobody reads any more.

        A node whose output the nodes before it make already is dropped: a rule may take in what follows.
        """
        replaced, made = [], set()
        for node in self.nodes:
            if not made.issuperset(node.output):
                found = rule(self, node)
                replaced += [node] if found is None else found
                made.update(name for node in replaced[-len(found or [node]):] for name in node.output)
        self.nodes = replaced
        read = set(self.answers)
        kept = []
        for node in reversed(self.nodes):
            if read.intersection(node.output):
                read.update(node.input)
                kept.append(node)
        self.nodes = kept[::-1]

    def readers(self, name):
        return [node for node in self.nodes if name in node.input]

    def maker(self, name):
        return next((node for node in self.nodes if name in node.output), None)

    def constant(self, name, value):
        self.constants[name] = np.array(value)
        return name


def settings(node):
    return {item.name: helper.get_attribute_value(item) for item in node.attribute}


def chain(name, source, steps, target):
    """Nodes that lead from `source` to `target`; steps: (operator, further inputs, attributes)."""
    nodes = []
    for place, (kind, inputs, attributes) in enumerate(steps):
        output = target if place == len(steps) - 1 else f'{name}_{place}_{kind}'
        nodes.append(helper.make_node(kind, [source, *inputs], [output], f'{name}_{place}', **attributes))
        source = output
    return nodes


def drop_copies(edit, node):
    """Identity, which the exporter writes for equal weights, and a Pad by nothing, which it writes before AveragePool."""
    if node.op_type == 'Identity' or node.op_type == 'Pad' and not np.any(edit.constants.get(node.input[1], 1)):
        for reader in edit.readers(node.output[0]):
            reader.input[:] = [node.input[0] if name == node.output[0] else name for name in reader.input]
        return []
    return None


def merge_pools(edit, node):
    """AveragePool of k x k, then a convolution: one convolution with each weight k x k times, each a k*k-th of it."""
    pool = edit.maker(node.input[0]) if node.op_type == 'Conv' else None
    if pool is None or pool.op_type != 'AveragePool':
        return None
    block = settings(pool)['kernel_shape']
    if settings(pool)['strides'] != block or any(settings(pool)['pads']):
        return None
    weight = edit.constants[node.input[1]].repeat(block[0], 2).repeat(block[1], 3) / np.float32(block[0] * block[1])
    was = settings(node)
    merged = helper.make_node('Conv', [pool.input[0], edit.constant(node.output[0] + '_pooled', weight), *node.input[2:]], list(node.output), node.name,
                              kernel_shape=weight.shape[2:], group=was['group'], dilations=was['dilations'],
                              strides=[stride * side for stride, side in zip(was['strides'], block)],
                              pads=[pad * side for pad, side in zip(was['pads'], block * 2)])
    return [merged]


def pack_pixels(edit, node):
    """A convolution over few channels as one over cells of pixels, whose outputs are the output pixels of a cell."""
    if node.op_type != 'Conv' or edit.constants[node.input[1]].shape[1] % CELL == 0:
        return None
    was, weight = settings(node), edit.constants[node.input[1]]
    outputs, channels, _, columns = weight.shape
    step, left = was['strides'][1], was['pads'][1]
    same_width = 0 <= left + was['pads'][3] - columns + step < step  # as many output columns as whole steps
    if step & (step - 1) or not same_width or was['group'] != 1 or any(side != 1 for side in was['dilations']):
        return None
    pixels = max(CELL, step)
    while outputs * pixels // step < FEWEST and pixels < WIDEST:
        pixels *= 2
    packed, before, after = cells(weight, step, left, pixels)
    name, readers = node.output[0] + '_cells', edit.readers(node.output[0])
    relu = [reader.op_type for reader in readers] == ['Relu'] and node.output[0] not in edit.answers
    convolution = 'Conv', [edit.constant(name + '_weight', packed), edit.constant(name + '_bias', np.tile(edit.constants[node.input[2]], pixels // step))], {
        'kernel_shape': packed.shape[2:], 'strides': [was['strides'][0], 1], 'pads': [was['pads'][0], before, was['pads'][2], after],
        'dilations': [1, 1], 'group': 1}
    return chain(name, node.input[0], [
        ('Transpose', [], {'perm': TO_PIXELS}),
        ('Reshape', [edit.constant(name + '_in', np.int64([0, 0, -1, pixels * channels]))], {}),
        ('Transpose', [], {'perm': TO_PLANES}), convolution, *([('Relu', [], {})] if relu else []),
        ('Transpose', [], {'perm': TO_PIXELS}),
        ('Reshape', [edit.constant(name + '_out', np.int64([0, 0, -1, outputs]))], {}),
        ('Transpose', [], {'perm': TO_PLANES})], readers[0].output[0] if relu else node.output[0])


def cells(weight, step, left, pixels):
    """Weights [O, C, rows, columns] -> [pixels/step * O, pixels * C, rows, cells], and how many cells lie before and after the middle one."""
    outputs, channels, rows, columns = weight.shape
    count = pixels // step
    first, last = -left // pixels, (step * (count - 1) - left + columns - 1) // pixels
    packed = np.zeros((count, outputs, pixels, channels, rows, last - first + 1), np.float32)
    for place in range(count):
        for column in range(columns):
            cell, pixel = divmod(step * place - left + column, pixels)
            packed[place, :, pixel, :, :, cell - first] = weight[:, :, :, column]
    return packed.reshape(count * outputs, pixels * channels, rows, last - first + 1), -first, last


def unpacked(packed, shape):
    """The weights of `shape` that `cells` made these of, of CELL pixels and with half of the columns as padding; None where it cannot be."""
    outputs, channels, rows, columns = shape
    if packed.shape[0] % outputs or packed.shape[1:3] != (CELL * channels, rows):
        return None
    first = -(columns // 2) // CELL
    split = packed.reshape(-1, outputs, CELL, channels, rows, packed.shape[3])
    places = (divmod(column - columns // 2, CELL) for column in range(columns))
    return np.stack([split[0, :, pixel, :, :, cell - first] for cell, pixel in places], -1)


def copy_pixels(edit, node):
    """Resize to twice the rows and columns as two Gathers over whole pixels."""
    if node.op_type != 'Resize' or edit.constants[node.input[2]].tolist() != [1, 1, 2, 2]:
        return None
    name = node.output[0] + '_twice'
    zero, one, two = (edit.constant(f'twice_{value}', np.int64(value)) for value in (0, 1, 2))
    nodes = [helper.make_node('Shape', [node.input[0]], [name + '_shape'], name + '_shape')]
    for axis, side in ((2, 'rows'), (3, 'columns')):
        own = f'{name}_{side}'
        nodes += chain(own, name + '_shape', [('Gather', [edit.constant(f'twice_axis_{axis}', np.int64(axis))], {'axis': 0}), ('Mul', [two], {})], own + '_end')
        nodes.append(helper.make_node('Range', [zero, own + '_end', one], [own + '_all'], own + '_all'))
        nodes.append(helper.make_node('Div', [own + '_all', two], [own], own))
    return nodes + chain(name, node.input[0], [
        ('Transpose', [], {'perm': TO_PIXELS}), ('Gather', [name + '_rows'], {'axis': 1}), ('Gather', [name + '_columns'], {'axis': 2}),
        ('Transpose', [], {'perm': TO_PLANES})], node.output[0])


def multiply_out(edit, node):
    """Squares and fourth powers as products; a weighted sum over the last axis of four as a matrix product."""
    if node.op_type == 'Pow' and edit.constants.get(node.input[1], np.zeros(2)).tolist() in (2, 4):
        halves = int(edit.constants[node.input[1]]) // 2
        names = [node.input[0], *(f'{node.output[0]}_{place}' for place in range(1, halves)), node.output[0]]
        return [helper.make_node('Mul', [name, name], [squared], squared) for name, squared in zip(names, names[1:])]
    weigh = edit.maker(node.input[0]) if node.op_type == 'ReduceSum' else None
    if weigh is None or weigh.op_type != 'Mul' or edit.constants.get(node.input[1], np.zeros(0)).tolist() != [3]:
        return None
    weights = edit.constants.get(weigh.input[1])
    if weights is None or weights.ndim != 1:
        return None
    product = 'MatMul', [edit.constant(node.output[0] + '_column', weights.reshape(-1, 1))], {}
    squeeze = 'Squeeze', [node.input[1]], {}
    return chain(node.output[0], weigh.input[0], [product] if settings(node).get('keepdims', 1) else [product, squeeze], node.output[0])
