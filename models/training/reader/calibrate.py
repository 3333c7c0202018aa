"""Finds the exponent that turns the probability of a read text into the share of such texts that are right."""
import numpy as np
import torch
from torch.nn import functional as F

from reader.evaluate import read
from reader.net import fold, prepare, text_to_classes


@torch.no_grad()
def text_probabilities(net, crops):
    """For each crop the probability of its greedily read text (summed over all CTC alignments), and whether it is right."""
    found = []
    for start in range(0, len(crops), 64):
        part = crops[start:start + 64]
        logs = F.log_softmax(net(prepare(torch.from_numpy(np.stack([c.image for c in part])))), -1)
        texts = [line for lines, _ in read(net, [c.image for c in part]) for line in lines]
        loss = F.ctc_loss(logs.flatten(0, 1).transpose(0, 1), torch.tensor([c for t in texts for c in text_to_classes(t)], dtype=torch.long),
                          torch.full((len(texts),), logs.shape[2], dtype=torch.long), torch.tensor([len(t) for t in texts]), reduction="none")
        p = torch.exp(-loss.view(-1, 2).sum(1)).numpy()
        found += [(p[i], fold(texts[2 * i] + texts[2 * i + 1]) == fold(c.text)) for i, c in enumerate(part)]
    return found


def fit_temperature(found):
    """The exponent t in 0.1..10 for which p ** t predicts "right" with the least log loss."""
    p = np.clip(np.array([f[0] for f in found]), 1e-9, 1 - 1e-6)
    right = np.array([f[1] for f in found])

    def log_loss(t):
        q = np.clip(p ** t, 1e-9, 1 - 1e-9)
        return -np.where(right, np.log(q), np.log(1 - q)).mean()
    return float(min(np.geomspace(0.1, 10, 201), key=log_loss))
