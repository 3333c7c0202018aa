"""Trains the plate detector on the photographs of boxes.csv and on rendered plates.

    python3 train.py --data FOLDER --out FOLDER --minutes 120 --models models --version X.Y.Z     # or --images 300000; --resume goes on where it stopped;
                                                    # --models exports the weights at the end (export.py)
    python3 train.py --data FOLDER --out FOLDER --images 100000 --warm detector.onnx --rate 1e-3
    python3 train.py --data FOLDER --out FOLDER --tiny            # seconds, to try the program

The photographs show plates that nobody marked, and much that an earlier detector took for plates. To leave the former out and to learn
the more from the latter:
    ./anpr read FOLDER/detection/{openimages,openlpr,romania,turkey} --min-detection 0.2 --json > places.jsonl
    python3 train.py ... --places places.jsonl
"""
import argparse
import itertools
import math
import random
import time
from pathlib import Path

import cv2
import numpy as np
import torch

import evaluate
import export
import scenes
from loss import detection_loss
from net import Detector
from program import Program
from stock import Stock
from views import SHARES, Views
from warm import load_folded, settle

# Views of one batch: (width, height, batch size), all of about the same cost, and how often: early, and from HALF_WAY on,
# when the views come nearer to what the program sees.
SHAPES = ((256, 256, 24), (320, 320, 16), (448, 448, 8), (640, 384, 6), (480, 640, 5))
EARLY, LATE, HALF_WAY = (0.38, 0.20, 0.14, 0.19, 0.09), (0.22, 0.18, 0.18, 0.30, 0.12), 0.5
WARM_UP, DECAY, CLIP = 300, 0.02, 10.0
AVERAGE = 0.998
BF16 = 'avx512_bf16' in Path('/proc/cpuinfo').read_text()  # elsewhere bfloat16 is emulated, 12 times slower than float32


class Batches(torch.utils.data.IterableDataset):
    """Endless batches, each of one shape; made in a process beside the training. Each comes twice, the second time mirrored."""

    def __init__(self, arguments, pictures, seed):
        self.data, self.pictures, self.seed, self.small = arguments.data, pictures, seed, arguments.tiny
        self.share_done = torch.zeros(1).share_memory_()

    def __iter__(self):
        cv2.setNumThreads(0)
        rng = random.Random(self.seed)
        stock = Stock(self.data, self.pictures, rng, 0.02 if self.small else 1.0)
        views = Views(self.pictures, stock, self.seed, scenes.STRETCH)
        while True:
            width, height, size = rng.choices(SHAPES, EARLY if self.share_done < HALF_WAY else LATE)[0]
            batch = [views.sample(width, height) for _ in range(4 if self.small else size)]
            yield tensors(batch)
            yield tensors([mirrored(rng, *view) for view in batch])


def tensors(batch):
    return torch.from_numpy(np.stack([b[0] for b in batch])), [torch.from_numpy(b[1]) for b in batch]


def mirrored(rng, image, targets):
    """The view seen in a mirror, in another light: it costs a tenth of a new one."""
    width = image.shape[1]
    steps = np.clip((np.arange(256) / 255.0) ** rng.uniform(0.75, 1.3) * 255 * rng.uniform(0.8, 1.2), 0, 255).astype(np.uint8)
    turned = targets.copy()
    turned[:, [1, 3]] = width - targets[:, [3, 1]]
    turned[:, 5::2] = width - targets[:, [7, 5, 11, 9]]
    turned[:, 6::2] = targets[:, [8, 6, 12, 10]]
    return cv2.LUT(image[:, ::-1], steps), turned


def rate(highest, step, share):
    """Warm-up, then a cosine that ends at 0 when all is done (share 1)."""
    return highest * min(1.0, (step + 1) / WARM_UP) * (1 + math.cos(math.pi * min(1.0, share))) / 2


def pixels(frames):
    """uint8 BGR [B, H, W, 3] as the network takes it."""
    return frames.permute(0, 3, 1, 2).float().div(255).contiguous(memory_format=torch.channels_last)


class Training:
    def __init__(self, arguments):
        self.arguments = arguments
        self.out = Path(arguments.out)
        self.out.mkdir(parents=True, exist_ok=True)
        self.model = Detector().to(memory_format=torch.channels_last)
        self.average = {k: v.clone() for k, v in self.model.state_dict().items()}
        decayed = [p for p in self.model.parameters() if p.ndim > 1]
        others = [p for p in self.model.parameters() if p.ndim <= 1]
        self.optimiser = torch.optim.AdamW([{'params': decayed}, {'params': others, 'weight_decay': 0.0}], arguments.rate, weight_decay=DECAY)
        self.step = self.images = 0
        self.minutes = 0.0
        if arguments.resume:
            self.resume(self.out / 'last.pt')
        elif arguments.warm:
            load_folded(self.model, arguments.warm)

    def settle(self, frames):
        """After a warm start: the batch norms as these views have them."""
        settle(self.model, pixels(frames))
        self.average = {k: v.clone() for k, v in self.model.state_dict().items()}

    def resume(self, path):
        if not path.is_file():
            scenes.refuse(f'{path}: not found; --resume needs the checkpoint of an earlier run in --out')
        saved = torch.load(path, map_location='cpu')
        self.model.load_state_dict(saved['model'])
        self.average = saved['average']
        self.optimiser.load_state_dict(saved['optimiser'])
        self.step, self.images, self.minutes = saved['step'], saved['images'], saved['minutes']

    def save(self, name):
        """Writes beside and renames, so that a stop in between keeps the old file."""
        state = {'model': self.model.state_dict(), 'average': self.average, 'optimiser': self.optimiser.state_dict(),
                 'step': self.step, 'images': self.images, 'minutes': self.minutes, 'threads': self.arguments.threads, 'sources': self.arguments.sources}
        torch.save(state, self.out / f'{name}.tmp')
        (self.out / f'{name}.tmp').replace(self.out / name)

    def share_done(self):
        limits = self.arguments
        return self.images / limits.images if limits.images else self.minutes / limits.minutes

    def learn(self, frames, targets):
        for group in self.optimiser.param_groups:
            group['lr'] = rate(self.arguments.rate, self.step, self.share_done())
        with torch.autocast('cpu', dtype=torch.bfloat16, enabled=BF16):
            raw = self.model(pixels(frames))
        loss, parts = detection_loss(raw.float(), targets)
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), CLIP)
        self.optimiser.step()
        keep = min(AVERAGE, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for name, value in self.model.state_dict().items():
                if value.dtype.is_floating_point:
                    self.average[name].lerp_(value, 1 - keep)
        self.step += 1
        self.images += len(frames)
        return parts

    def run(self, batches, held_out):
        if self.arguments.warm and not self.step:
            self.settle(torch.cat([frames for frames, _ in itertools.islice((b for b in batches if b[0].shape[1:3] == (256, 256)), 4)]))
        self.model.train()
        parts, clock, reported, measured = [], time.monotonic(), self.images, time.monotonic()
        for frames, targets in batches:
            parts.append(self.learn(frames, targets))
            batches.dataset.share_done.fill_(self.share_done())
            now = time.monotonic()
            if len(parts) == self.arguments.report:
                self.minutes += (now - clock) / 60
                print(f'{self.minutes:6.1f} min  {self.images:7d} images  {(self.images - reported) / (now - clock):5.1f}/s  '
                      f'done {self.share_done():.3f}  loss ' + ' '.join(f'{v:.3f}' for v in np.mean(parts, 0)), flush=True)
                parts, clock, reported = [], now, self.images
                self.save('last.pt')
                if now - measured > self.arguments.measure_minutes * 60:
                    self.measure(held_out)
                    measured = time.monotonic()
                    self.minutes += (measured - clock) / 60
                    clock = measured
            if self.share_done() >= 1:
                break
        self.save('last.pt')
        self.measure(held_out)

    def measure(self, held_out):
        result, _ = evaluate.measure(Program(evaluate.ready(self.average)).eval(), held_out)
        print(f'  held out: {evaluate.line(result)}', flush=True)


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--data', required=True, help='folder that holds detection/, glyphs/ and fonts/')
    parser.add_argument('--out', required=True, help='folder for the checkpoint last.pt')
    parser.add_argument('--images', type=int, help='stop after this many training views')
    parser.add_argument('--minutes', type=float, help='or after this time, all runs together')
    parser.add_argument('--sources', help='comma-separated subset of ' + ', '.join(SHARES))
    parser.add_argument('--places', help='lines of ./anpr read --json on the same photographs: plates found there and not marked are left out, mistakes shown more often')
    parser.add_argument('--resume', action='store_true', help='go on from last.pt')
    parser.add_argument('--warm', help='start from the weights of this detector.onnx')
    parser.add_argument('--rate', type=float, default=2e-3, help='highest learning rate')
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--report', type=int, default=100, help='steps between two lines of progress')
    parser.add_argument('--measure-minutes', type=float, default=10)
    parser.add_argument('--models', help='folder for detector.onnx and its card at the end of the run')
    parser.add_argument('--version', help='their version, X.Y.Z')
    parser.add_argument('--tiny', action='store_true', help='20 pictures, a few steps')
    arguments = parser.parse_args()
    unknown = set((arguments.sources or '').split(',')) - {''} - set(SHARES)
    if unknown:
        parser.error(f'--sources: unknown {", ".join(sorted(unknown))}; known are {", ".join(SHARES)}')
    if bool(arguments.models) != bool(arguments.version):
        parser.error('--models and --version go together')
    if arguments.tiny:
        arguments.images, arguments.report = arguments.images or 24, 2
    if not arguments.images and not arguments.minutes:
        parser.error('say how long: --images N or --minutes N')
    return arguments


def main():
    arguments = read_arguments()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    sources = arguments.sources.split(',') if arguments.sources else None
    limit = 20 if arguments.tiny else None
    print('reading the pictures', flush=True)
    pictures = scenes.load(arguments.data, False, sources, limit, arguments.places and scenes.read_places(arguments.places))
    held_out = scenes.load(arguments.data, True, sources, 4 if arguments.tiny else None)
    print(f'{len(pictures)} pictures to train on, {sum(len(p.unmarked) for p in pictures)} unmarked plates in them, {len(held_out)} held out', flush=True)
    training = Training(arguments)
    batches = Batches(arguments, pictures, arguments.seed * 100003 + training.step)
    batches.share_done.fill_(training.share_done())
    loader = torch.utils.data.DataLoader(batches, batch_size=None, num_workers=1, prefetch_factor=4)
    training.run(loader, held_out)
    if arguments.models:
        rendered = ['--rendered', '6'] if arguments.tiny else []
        export.main(['--data', arguments.data, '--weights', str(training.out / 'last.pt'), '--out', arguments.models, '--version', arguments.version, *rendered])


if __name__ == '__main__':
    main()
