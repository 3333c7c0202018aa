"""What the detector is told: which cells are plates, and how far off their boxes and corners are."""
import torch
from torch.nn import functional as F

from net import STRIDE, decode

RADIUS_PX = 12.0  # cells this near to a plate's centre are positive
NEGATIVE_WEIGHT = 1.5


def assign(targets, rows, columns):
    """targets: list (one per image) of float [M, 13]: kind, box, corners; kind 0 ignore, 1 box only, 2 box and corners.

    Returns per cell: index of its plate in the joined targets (-1 none), and whether it is ignored; both [B, N].
    """
    cell_y = (torch.arange(rows).float() + 0.5).repeat_interleave(columns) * STRIDE
    cell_x = (torch.arange(columns).float() + 0.5).repeat(rows) * STRIDE
    plate = torch.full((len(targets), rows * columns), -1, dtype=torch.long)
    ignored = torch.zeros(len(targets), rows * columns, dtype=torch.bool)
    offset = 0
    for i, t in enumerate(targets):
        if len(t):
            x1, y1, x2, y2 = t[:, 1:5].unbind(1)
            inside = (cell_x > x1[:, None]) & (cell_x < x2[:, None]) & (cell_y > y1[:, None]) & (cell_y < y2[:, None])
            real = t[:, 0] > 0
            centre_x, centre_y = (x1 + x2) / 2, (y1 + y2) / 2
            distance = torch.hypot(cell_x - centre_x[:, None], cell_y - centre_y[:, None])
            # Sure negatives start outside the plate: the rest of its inside is left to the net.
            ignored[i] = (inside & ~real[:, None]).any(0)
            owned = inside & (distance < RADIUS_PX) & real[:, None]
            column = (centre_x / STRIDE).long().clamp(0, columns - 1)
            row = (centre_y / STRIDE).long().clamp(0, rows - 1)
            in_view = real & (centre_x >= 0) & (centre_y >= 0) & (centre_x < columns * STRIDE) & (centre_y < rows * STRIDE)
            index = torch.arange(len(t))
            owned[index[in_view], (row * columns + column)[in_view]] = True
            distance[~owned] = 1e9
            nearest = distance.min(0)
            hit = nearest.values < 1e8
            plate[i, hit] = nearest.indices[hit] + offset
            offset += len(t)
    return plate, ignored


def giou(a, b):
    """Generalised intersection over union of boxes [N, 4], and the plain one."""
    ix = (torch.min(a[:, 2], b[:, 2]) - torch.max(a[:, 0], b[:, 0])).clamp(0)
    iy = (torch.min(a[:, 3], b[:, 3]) - torch.max(a[:, 1], b[:, 1])).clamp(0)
    inner = ix * iy
    union = (a[:, 2] - a[:, 0]) * (a[:, 3] - a[:, 1]) + (b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1]) - inner + 1e-6
    hull = ((torch.max(a[:, 2], b[:, 2]) - torch.min(a[:, 0], b[:, 0]))
            * (torch.max(a[:, 3], b[:, 3]) - torch.min(a[:, 1], b[:, 1])) + 1e-6)
    iou = inner / union
    return iou - (hull - union) / hull, iou


def detection_loss(raw, targets):
    """raw: float32 [B, 13, h, w]. Returns the loss and its parts (objectness, box, corner) as floats."""
    plate, ignored = assign(targets, raw.shape[2], raw.shape[3])
    flat = decode(raw).flatten(0, 1)
    logit, plate, ignored = flat[:, 0], plate.flatten(), ignored.flatten()
    positive = plate >= 0
    count = max(1, int(positive.sum()))
    probability = logit.detach().sigmoid()
    wanted = torch.zeros_like(logit)
    weight = NEGATIVE_WEIGHT * probability ** 2
    weight[ignored] = 0
    box_loss = corner_loss = raw.sum() * 0
    if positive.any():
        truth = torch.cat([t for t in targets if len(t)])[plate[positive]]
        found = flat[positive]
        g, iou = giou(found[:, 1:5], truth[:, 1:5])
        wanted[positive] = 0.3 + 0.7 * iou.detach().clamp(0)
        weight[positive] = 1.0
        size = torch.stack([truth[:, 3] - truth[:, 1], truth[:, 4] - truth[:, 2]], 1).clamp(2)
        edges = F.smooth_l1_loss(found[:, 1:5] / size.repeat(1, 2), truth[:, 1:5] / size.repeat(1, 2), beta=0.1)
        box_loss = 2 * (1 - g).mean() + 0.5 * edges
        exact = truth[:, 0] > 1
        if exact.any():
            scale = size[exact].repeat(1, 4)
            corner_loss = 8 * F.smooth_l1_loss(found[exact, 5:] / scale, truth[exact, 5:] / scale, beta=0.015)
    objectness = (F.binary_cross_entropy_with_logits(logit, wanted, reduction='none') * weight).sum() / count
    return objectness + box_loss + corner_loss, (float(objectness), float(box_loss), float(corner_loss))
