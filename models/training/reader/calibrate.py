"""Finds the exponent that turns the probability of a read text into the share of such texts that are right."""
import numpy as np
import torch
from torch.nn import functional as F

from reader.evaluate import answers
from reader.net import decode, text_to_classes


def text_probabilities(net, images):
    """For each BGR uint8 64x160 image its greedily read text and that text's probability, summed over all CTC alignments."""
    found = []
    for logs, _ in answers(net, images):
        lines = [line for p in logs.exp().numpy() for line in decode(p)[0]]
        loss = F.ctc_loss(logs.flatten(0, 1).transpose(0, 1), torch.tensor([c for line in lines for c in text_to_classes(line)], dtype=torch.long),
                          torch.full((len(lines),), logs.shape[2], dtype=torch.long), torch.tensor([len(line) for line in lines]), reduction="none")
        p = torch.exp(-loss.view(-1, 2).sum(1)).tolist()
        found += [(lines[2 * i] + lines[2 * i + 1], p[i]) for i in range(len(p))]
    return found


def fit_temperature(found, truths):
    """The exponent t in 0.1..10 for which p ** t predicts "right, O and 0 told apart" with the least log loss; found as text_probabilities gives it."""
    p = np.clip(np.array([p for _, p in found]), 1e-9, 1 - 1e-6)
    right = np.array([text == truth for (text, _), truth in zip(found, truths)])

    def log_loss(t):
        q = np.clip(p ** t, 1e-9, 1 - 1e-9)
        return -np.where(right, np.log(q), np.log(1 - q)).mean()
    return float(min(np.geomspace(0.1, 10, 201), key=log_loss))
