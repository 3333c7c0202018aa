"""The reader's network: a plate crop in, two rows (plate lines) of character probabilities and the country's look out.

About 0.9 M parameters; a net of 1.0 M with twice the work at full resolution trains at less than half the speed. Row 0
of the last map reads the first line of a plate and row 1 the second; a plate of one line has an empty row 1. Each row is
a CTC sequence of 40 steps over 37 classes: 0 is the blank, then 0-9, then A-Z.
"""
import torch
from torch import nn

from plates.countries import load_countries
from plates.rectify import Relu

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CLASSES = len(ALPHABET) + 1
HEIGHT, WIDTH, ROWS, STEPS = 64, 160, 2, 40
# The classes of the country's look: the table's countries by code, and last a plate of none of them.
COUNTRIES = sorted(load_countries()) + ["unknown"]
# ITU-R BT.601 luma weights in the order blue, green, red.
LUMA = (0.114, 0.587, 0.299)


def conv(c_in, c_out, kernel=3, stride=1):
    """Convolution, batch normalisation, ReLU; `kernel` and `stride` as an int or (vertical, horizontal)."""
    kernel = (kernel, kernel) if isinstance(kernel, int) else kernel
    pad = (kernel[0] // 2, kernel[1] // 2)
    return nn.Sequential(nn.Conv2d(c_in, c_out, kernel, stride, pad, bias=False), nn.BatchNorm2d(c_out), Relu())


class Residual(nn.Module):
    """Two 3x3 convolutions beside an identity."""

    def __init__(self, channels):
        super().__init__()
        self.first = conv(channels, channels)
        self.second = nn.Sequential(nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels))
        self.relu = Relu()

    def forward(self, x):
        return self.relu(x + self.second(self.first(x)))


class Reader(nn.Module):
    """forward: colours [B, 3, 64, 160] normalised by `prepare` -> logits [B, 2, 40, 37], logits of the look [B, len(COUNTRIES)]."""

    def __init__(self):
        super().__init__()
        self.early = nn.Sequential(conv(3, 16, 5, 2), conv(16, 48, 3, 2), Residual(48))
        self.middle = nn.Sequential(conv(48, 64, 3, (2, 1)), Residual(64), conv(64, 128, 3, (2, 1)), Residual(128))
        self.late = nn.Sequential(conv(128, 128, 3, (2, 1)), conv(128, 128, (1, 5)))
        self.characters = nn.Conv2d(128, CLASSES, 1)
        # Flattened, not averaged: the side on which a band stands tells as much as its colour.
        self.look = nn.Sequential(conv(128, 48, 3, 2), conv(48, 48, 3, 2), nn.Flatten(), nn.Linear(480, len(COUNTRIES)))

    def forward(self, colours):
        middle = self.middle(self.early(colours))
        return self.characters(self.late(middle)).permute(0, 2, 3, 1), self.look(middle)


def prepare(crops):
    """uint8 BGR [B, 64, 160, 3] -> float32 [B, 3, 64, 160] in which each crop's grey has its mean at 0 and its spread near 1."""
    weights = torch.tensor(LUMA, dtype=torch.float32, device=crops.device)
    colours = crops.float()
    grey = (colours * weights).sum(3, keepdim=True)
    mean = grey.mean((1, 2), keepdim=True)
    spread = ((grey - mean) ** 2).mean((1, 2), keepdim=True).sqrt()
    return ((colours - mean) / (spread + 4.0)).permute(0, 3, 1, 2)


def text_to_classes(text):
    """Class numbers (1..36) of a text of digits and capital letters."""
    return [ALPHABET.index(char) + 1 for char in text]


def decode(probabilities):
    """Greedy CTC of one crop's [2, 40, 37] array: the two lines and the probability of the path (product of the maxima)."""
    best = probabilities.argmax(-1)
    lines = []
    for row in best:
        kept = [c for i, c in enumerate(row) if c and (i == 0 or c != row[i - 1])]
        lines.append("".join(ALPHABET[c - 1] for c in kept))
    return lines, float(probabilities.max(-1).prod())


def fold(text):
    """The text with O written 0 and I written 1: many plates use one glyph for both."""
    return text.replace("O", "0").replace("I", "1")
