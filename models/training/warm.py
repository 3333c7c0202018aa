"""Starts training from a committed ONNX file: its batch norms are folded into the convolutions and have to be found again."""
import onnx
import torch
from torch import nn

from interpret import Interpreter
from rewrite import unpacked


def load_folded(net, path):
    """Gives the network the weights of an exported graph, rounded ones if it is int8; the batch norms become plain biases, which is
    right for reading only."""
    model = onnx.load(str(path))
    found = [list(node.input[1:3]) for node in model.graph.node if node.op_type == "Conv"]
    values = Interpreter(model).run((), [name for names in found for name in names])
    for conv, norm in _layers(net):
        weight, bias = (values[name] for name in found.pop(0))
        with torch.no_grad():
            conv.weight.copy_(_channels(weight, conv.weight))
            (norm or conv).bias.copy_(bias[:len(conv.weight)])
        if norm:
            norm.weight.data.fill_(1.0)
            norm.running_mean.zero_()
            norm.running_var.fill_(1.0 - norm.eps)


@torch.no_grad()
def settle(net, images):
    """Gives each batch norm the mean and spread of what reaches it on these images; what the network answers stays the same."""
    handles = [norm.register_forward_pre_hook(_adopt) for _, norm in _layers(net) if norm]
    net.eval()(images)
    for handle in handles:
        handle.remove()
    net.train()


def _adopt(norm, inputs):
    x = inputs[0]
    mean, spread = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
    norm.running_mean.copy_(mean)
    norm.running_var.copy_(spread)
    norm.weight.data.copy_((spread + norm.eps).sqrt())
    norm.bias.data.add_(mean)


def _layers(net):
    """(convolution, its batch norm or None) in the order of definition, which for these networks is the order of the graph."""
    modules = [m for m in net.modules() if isinstance(m, (nn.Conv2d, nn.BatchNorm2d))]
    for number, module in enumerate(modules):
        if isinstance(module, nn.Conv2d):
            after = modules[number + 1] if number + 1 < len(modules) else None
            yield module, after if isinstance(after, nn.BatchNorm2d) else None


def _channels(weight, wanted):
    if weight.shape == wanted.shape:
        return weight
    original = unpacked(weight.numpy(), tuple(wanted.shape))
    if original is None:
        raise ValueError(f"a convolution of the graph has shape {tuple(weight.shape)}, the network's {tuple(wanted.shape)}")
    return torch.from_numpy(original)
