"""What the reader is taught: the text (CTC), and on rendered plates also where each character stands and which country's look it is."""
import numpy as np
import torch
from torch.nn import functional as F

from reader.net import STEPS, WIDTH, text_to_classes

BLANK_WEIGHT, IGNORED = 0.2, -1


def reading_loss(logits, labels):
    """CTC a row where the lines are known, over both rows in one where only the text is; mean over characters."""
    logs = F.log_softmax(logits, -1)
    rows, texts, whole, whole_texts = [], [], [], []
    for number, label in enumerate(labels):
        if label.lines is None:
            whole.append(number)
            whole_texts.append(label.text)
        else:
            rows.append(number)
            texts += label.lines
    total, characters = 0.0, sum(len(label.text) for label in labels)
    if rows:
        total = total + _ctc(logs[rows].flatten(0, 1), texts)
    if whole:
        total = total + _ctc(logs[whole].flatten(1, 2), whole_texts)
    return total / max(1, characters)


def _ctc(logs, texts):
    targets = torch.tensor([c for text in texts for c in text_to_classes(text)], dtype=torch.long)
    steps = torch.full((len(texts),), logs.shape[1], dtype=torch.long)
    lengths = torch.tensor([len(text) for text in texts], dtype=torch.long)
    return F.ctc_loss(logs.transpose(0, 1), targets, steps, lengths, blank=0, reduction="sum", zero_infinity=True)


def place_loss(logits, labels):
    """Cross entropy of each step of rendered plates against the character whose middle lies there, else the blank.

    CTC alone stays for tens of thousands of images at "all blank"; known places show the way out. The steps beside a
    middle are left free, and so are characters that share a step with another or lie outside of the crop.
    """
    rows = [n for n, label in enumerate(labels) if label.middles is not None]
    if not rows:
        return logits.sum() * 0
    target = torch.from_numpy(np.stack([_places(labels[n]) for n in rows]))
    weight = torch.ones(logits.shape[-1])
    weight[0] = BLANK_WEIGHT
    return F.cross_entropy(logits[rows].flatten(0, 2), target.flatten(), weight, ignore_index=IGNORED)


def _places(label):
    target, start = np.zeros((2, STEPS), np.int64), 0
    for row, line in enumerate(label.lines):
        steps = (label.middles[start:start + len(line)] * STEPS / WIDTH).astype(int)
        start += len(line)
        inside = [(step, c) for step, c in zip(steps, text_to_classes(line)) if 0 <= step < STEPS]
        for step, _ in inside:
            target[row, max(0, step - 1):step + 2] = IGNORED
        for step, c in inside:
            target[row, step] = c
    return target


def country_loss(logits, labels):
    """Cross entropy of the look against the country of rendered plates; what is rendered without one is "unknown"."""
    rows = [n for n, label in enumerate(labels) if label.country is not None]
    target = torch.tensor([labels[n].country for n in rows], dtype=torch.long)
    return F.cross_entropy(logits[rows], target) if rows else logits.sum() * 0
