"""What is exported: the network between the program's pixels and the program's plates."""
import torch
from torch import nn
from torch.nn import functional as F

from net import decode_planes

STEP, PAD = 32, 114
# Widths in px of the view at which a look's scores are halved. Chosen on the held-out photographs among ten pairs: they
# raise average precision on large plates by .1 and cost .01 to .02 on the Romanian drive.
WIDE_PX, NARROW_PX = 150.0, 40.0


class Program(nn.Module):
    """The network with everything that the caller would otherwise have to know about it.

    It looks twice: at the view, and at the view halved. Training saw few plates wider than 200 px; halved, they are of
    the size that it knows best. The rows of both looks come out together, for the caller's suppression to choose.
    """

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, frame):
        whole, halved = decode_planes(self.model(planes(frame))), decode_planes(self.model(F.avg_pool2d(planes(padded(frame)), 2)))
        scores = torch.cat([whole[:, :1].sigmoid() * narrow(whole), halved[:, :1].sigmoid() * wide_enough(halved)], 2)
        return torch.cat([scores, torch.cat([whole[:, 1:], halved[:, 1:] * 2], 2)], 1).transpose(1, 2)


def planes(frame):
    """uint8 [B, H, W, 3] -> float [B, 3, H, W], 0..1."""
    return frame.permute(0, 3, 1, 2).float() * (1 / 255)


def padded(frame):
    """The frame with grey on the right and below, so that half of it is whole steps."""
    rows, columns = frame.shape[1], frame.shape[2]
    return F.pad(frame, (0, 0, 0, (columns + 2 * STEP - 1) // (2 * STEP) * 2 * STEP - columns,
                         0, (rows + 2 * STEP - 1) // (2 * STEP) * 2 * STEP - rows), value=PAD)


def narrow(rows):
    """A factor near 1 for plates that the unhalved look knows well, falling to 0 for wide ones. [B, 13, N] -> [B, 1, N]."""
    return 1 / (1 + ((rows[:, 3:4] - rows[:, 1:2]) / WIDE_PX) ** 4)


def wide_enough(rows):
    """The same for the halved look: small plates are better seen unhalved."""
    return 1 / (1 + (NARROW_PX / 2 / (rows[:, 3:4] - rows[:, 1:2]).clamp(min=0.5)) ** 4)
