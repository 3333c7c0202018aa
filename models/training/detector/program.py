"""What is exported: the network between the program's pixels and the program's plates."""
import torch
from torch import nn
from torch.nn import functional as F

from net import decode_planes

STEP, PAD = 32, 114
# The second look sees the view at this part of its size: it costs a sixteenth of the first one.
PART = 4
# Widths in px of the view at which the scores of the first and of the second look are halved. Chosen on the held-out photographs among
# 16 pairs, which differ by .01 to .02.
WIDE_PX, NARROW_PX = 300.0, 60.0


class Program(nn.Module):
    """The network with everything that the caller would otherwise have to know about it.

    It looks twice: at the view, and at the view at a quarter of its size. Training saw few plates wider than 250 px; at a
    quarter they are of the size that it knows best. The rows of both looks come out together, for the caller's suppression to choose.
    """

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, frame):
        whole, small = decode_planes(self.model(planes(frame))), decode_planes(self.model(F.avg_pool2d(planes(padded(frame)), PART)))
        scores = torch.cat([whole[:, :1].sigmoid() * narrow(whole), small[:, :1].sigmoid() * wide_enough(small)], 2)
        return torch.cat([scores, torch.cat([whole[:, 1:], small[:, 1:] * PART], 2)], 1).transpose(1, 2)


def planes(frame):
    """uint8 [B, H, W, 3] -> float [B, 3, H, W], 0..1."""
    return frame.permute(0, 3, 1, 2).float() * (1 / 255)


def padded(frame):
    """The frame with grey on the right and below, so that the small view is whole steps."""
    rows, columns, step = frame.shape[1], frame.shape[2], PART * STEP
    return F.pad(frame, (0, 0, 0, (columns + step - 1) // step * step - columns, 0, (rows + step - 1) // step * step - rows), value=PAD)


def narrow(rows):
    """A factor near 1 for plates that the first look knows well, falling to 0 for wide ones. [B, 13, N] -> [B, 1, N]."""
    return 1 / (1 + ((rows[:, 3:4] - rows[:, 1:2]) / WIDE_PX) ** 4)


def wide_enough(rows):
    """The same for the second look, in px of its own view: small plates are better seen in the first."""
    return 1 / (1 + (NARROW_PX / PART / (rows[:, 3:4] - rows[:, 1:2]).clamp(min=0.5)) ** 4)
