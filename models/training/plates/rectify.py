"""A ReLU for training in bfloat16 on a CPU."""
import torch
from torch import nn
from torch.nn import functional as F


class Rectify(torch.autograd.Function):
    """ReLU whose gradient is made of multiply and clamp: the built-in one is 10 times slower on a CPU in bfloat16."""

    @staticmethod
    def forward(ctx, x):
        y = x.clamp_min(0)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, gradient):
        y, = ctx.saved_tensors
        return y.mul(1e30).clamp_max_(1).mul_(gradient)


class Relu(nn.Module):
    def forward(self, x):
        return Rectify.apply(x) if self.training else F.relu(x)
