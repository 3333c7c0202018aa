"""What is exported: the network between the program's pixels and the program's plates."""
import torch
from torch import nn
from torch.nn import functional as F

from net import decode

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
        x = frame.permute(0, 3, 1, 2).float() * (1 / 255)
        whole, halved = decode(self.model(x)), decode(self.model(self.halved(x)))
        whole = torch.cat([whole[..., :1].sigmoid() * narrow(whole), whole[..., 1:]], 2)
        halved = torch.cat([halved[..., :1].sigmoid() * wide_enough(halved), halved[..., 1:] * 2], 2)
        return torch.cat([whole, halved], 1)

    @staticmethod
    def halved(x):
        """Half as wide and high, padded with grey to whole steps again."""
        small = F.avg_pool2d(x, 2)
        rows, columns = (small.shape[2] + STEP - 1) // STEP * STEP, (small.shape[3] + STEP - 1) // STEP * STEP
        return F.pad(small, (0, STEP - 1, 0, STEP - 1), value=PAD / 255)[:, :, :rows, :columns]


def narrow(rows):
    """A factor near 1 for plates that the unhalved look knows well, falling to 0 for wide ones."""
    return 1 / (1 + ((rows[..., 3:4] - rows[..., 1:2]) / WIDE_PX) ** 4)


def wide_enough(rows):
    """The same for the halved look: small plates are better seen unhalved."""
    return 1 / (1 + (NARROW_PX / 2 / (rows[..., 3:4] - rows[..., 1:2]).clamp(min=0.5)) ** 4)
