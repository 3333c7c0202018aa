"""The plate detector: one level at stride 8, about one million weights.

Each cell of the map says how sure it is of a plate and where the plate's box and four corners are. Small plates
reach the map through the stride-4 features, large ones through the pooled stride-32 features.
"""
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from plates.rectify import Relu  # noqa: E402

STRIDE = 8
OUTPUTS = 13  # objectness, dx, dy, log w, log h, eight corner offsets


class Conv(nn.Sequential):
    """3x3 (or k x k) convolution, batch norm, ReLU."""

    def __init__(self, c_in, c_out, k=3, stride=1):
        super().__init__(nn.Conv2d(c_in, c_out, k, stride, k // 2, bias=False), nn.BatchNorm2d(c_out), Relu())


class Bottleneck(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.body = nn.Sequential(Conv(c, c), Conv(c, c))

    def forward(self, x):
        return x + self.body(x)


class C2f(nn.Module):
    """Split, run half of the channels through n blocks, join every stage (the block of YOLOv8)."""

    def __init__(self, c_in, c_out, n, residual=True):
        super().__init__()
        self.half = c_out // 2
        self.first = Conv(c_in, c_out, 1)
        self.blocks = nn.ModuleList(
            Bottleneck(self.half) if residual else nn.Sequential(Conv(self.half, self.half), Conv(self.half, self.half))
            for _ in range(n))
        self.last = Conv(c_out + n * self.half, c_out, 1)

    def forward(self, x):
        parts = [self.first(x)]
        latest = parts[0][:, self.half:]
        for block in self.blocks:
            latest = block(latest)
            parts.append(latest)
        return self.last(torch.cat(parts, 1))


class Pool(nn.Module):
    """Spatial pyramid pooling: three 5x5 maxima in a row see the whole view."""

    def __init__(self, c):
        super().__init__()
        self.first = Conv(c, c // 2, 1)
        self.last = Conv(c * 2, c, 1)

    def forward(self, x):
        parts = [self.first(x)]
        for _ in range(3):
            parts.append(F.max_pool2d(parts[-1], 5, 1, 2))
        return self.last(torch.cat(parts, 1))


class Detector(nn.Module):
    """Input: float [B, 3, H, W], BGR / 255, H and W multiples of 32. Output: raw float [B, 13, H/8, W/8]."""

    def __init__(self, widths=(16, 32, 64, 128, 160)):
        super().__init__()
        a, b, c, d, e = widths
        self.stem = Conv(3, a, 3, 2)
        self.stage4 = Conv(a, b, 3, 2)
        self.stage8 = nn.Sequential(Conv(b, c, 3, 2), C2f(c, c, 2))
        self.stage16 = nn.Sequential(Conv(c, d, 3, 2), C2f(d, d, 2))
        self.stage32 = nn.Sequential(Conv(d, e, 3, 2), C2f(e, e, 1), Pool(e))
        self.join16 = C2f(d + e, d, 1, residual=False)
        self.down4 = Conv(b, b, 3, 2)
        self.join8 = C2f(c + d + b, c, 1, residual=False)
        self.head = Conv(c, c)
        self.out = nn.Conv2d(c, OUTPUTS, 1)
        with torch.no_grad():
            self.out.weight.mul_(0.1)
            # A cell is a plate in about one case of a hundred; a plate is about 64 x 20 px; corners start on the box.
            self.out.bias.copy_(torch.tensor([-4.6, 0, 0, 2.1, 0.9, -.5, -.5, .5, -.5, .5, .5, -.5, .5]))

    def forward(self, x):
        x4 = self.stage4(self.stem(x))
        x8 = self.stage8(x4)
        x16 = self.stage16(x8)
        x32 = self.stage32(x16)
        n16 = self.join16(torch.cat([F.interpolate(x32, scale_factor=2.0, mode='nearest'), x16], 1))
        n8 = self.join8(torch.cat([F.interpolate(n16, scale_factor=2.0, mode='nearest'), x8, self.down4(x4)], 1))
        return self.out(self.head(n8))


def decode(raw):
    """Raw map -> [B, N, 13]: score logit, x1, y1, x2, y2, corners x, y clockwise from the top left, in pixels."""
    return decode_planes(raw).transpose(1, 2)


def decode_planes(raw):
    """The same as [B, 13, N], a plane for each number: few steps over long rows, which is what the exported graph is quickest at."""
    rows, columns = raw.shape[2], raw.shape[3]
    y = torch.arange(rows, device=raw.device).float().view(1, 1, -1, 1) + 0.5
    x = torch.arange(columns, device=raw.device).float().view(1, 1, 1, -1) + 0.5
    centre = torch.cat([x + raw[:, 1:2], y + raw[:, 2:3]], 1) * STRIDE
    size = raw[:, 3:5].clamp(-3, 5).exp() * STRIDE
    corners = torch.cat([centre] * 4, 1) + raw[:, 5:] * torch.cat([size] * 4, 1)
    return torch.cat([raw[:, :1], centre - size / 2, centre + size / 2, corners], 1).flatten(2)
