"""Trains the plate reader.

    /usr/bin/python3 models/training/reader/train.py --data FOLDER --out FOLDER [--minutes M | --images N] [--resume] [--models models --version X.Y.Z]

FOLDER has glyphs/, fonts/ and, if present, reading/weak.csv and detection/ (docs/training.md says what they are). The
learning rate falls along a cosine over the minutes (or images) given, so that the run ends at 0. Writes checkpoint.pt
every half minute and at the end; --resume goes on from it, with the time and the images that it has already used. With
--models the weights at the end are exported there (export.py).
"""
import argparse
import math
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np
import torch
from torch.utils.data import DataLoader

from reader import export
from reader.evaluate import score_crops
from reader.losses import country_loss, place_loss, reading_loss
from reader.net import Reader, prepare
from reader.refuse import refuse
from reader.samples import Batches, validation
from warm import load_folded, settle

EMA, EMA_EVERY, WARM_UP, CLIP, DECAY, COUNTRY_WEIGHT = 0.998, 3, 200, 5.0, 0.02, 0.08
CHECK_SECONDS = 480


def arguments(argv=None):
    """The command line; the defaults are how the committed weights began (docs/training.md says what changed on the way)."""
    p = argparse.ArgumentParser(description="Train the plate reader.")
    p.add_argument("--data", required=True, help="folder with glyphs/, fonts/, reading/, detection/")
    p.add_argument("--out", required=True, help="folder for checkpoint.pt and log.txt")
    p.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")
    p.add_argument("--warm", help="start from the weights of this checkpoint.pt or reader.onnx, with a schedule of its own")
    p.add_argument("--images", type=int, default=0, help="length of the run in images (0: by --minutes)")
    p.add_argument("--minutes", type=float, default=60.0, help="length of the run in minutes, when --images is 0")
    p.add_argument("--ramp", type=int, default=30_000, help="images over which hard views grow from 10 to 100 per cent")
    p.add_argument("--rate", type=float, default=2e-3, help="highest learning rate")
    p.add_argument("--batch", type=int, default=32, help="crops a step")
    p.add_argument("--real-share", type=float, default=0.15, help="share of real crops")
    p.add_argument("--two-share", type=float, default=0.44, help="share of rendered plates that have two lines")
    p.add_argument("--extra", action="append", default=[], help="another CSV with more real crops, as pseudo.py writes them; may be given several times")
    p.add_argument("--threads", type=int, default=1, help="threads of the training step")
    p.add_argument("--workers", type=int, default=1, help="processes that render (0: in this one)")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--models", help="folder for reader.onnx and its card at the end of the run")
    p.add_argument("--version", help="their version, X.Y.Z")
    p.add_argument("--tiny", action="store_true", help="a run of seconds that shows that everything works; trains nothing useful")
    a = p.parse_args(argv)
    if not list((Path(a.data) / "glyphs").glob("*.png")):
        refuse(f"--data {a.data}: no glyph sheets (glyphs/*.png) in it; docs/training.md says what the data folder holds")
    if bool(a.models) != bool(a.version):
        refuse("--models and --version go together")
    for name in (a.warm, *a.extra):
        if name and not Path(name).is_file():
            refuse(f"{name}: no such file; give --warm a checkpoint.pt and --extra a CSV like reading/weak.csv")
    if min(a.batch, a.threads, a.ramp) < 1 or a.minutes <= 0 or a.images < 0 or not 0 <= a.real_share < 1 or not 0 <= a.two_share <= 1:
        refuse("--batch, --threads and --ramp must be 1 or more, --minutes more than 0, --images 0 or more, --real-share 0 to below 1, --two-share 0 to 1")
    if a.tiny:
        a.images, a.batch, a.workers, a.ramp = a.images or 24, 8, 0, 1
    return a


class Run:
    """Weights, their running average, the optimiser, and how much of the schedule is used."""

    def __init__(self, args):
        self.args = args
        self.net = Reader().to(memory_format=torch.channels_last)
        self.ema = {k: v.clone() for k, v in self.net.state_dict().items()}
        self.optimiser = torch.optim.AdamW(self.net.parameters(), lr=args.rate, weight_decay=DECAY)
        self.steps, self.images, self.seconds, self.before = 0, 0, 0.0, 0
        self.checkpoint = Path(args.out) / "checkpoint.pt"
        if args.resume:
            self._load(self.checkpoint)
        elif args.warm:
            self._begin_with(args.warm)

    def _begin_with(self, path):
        if path.endswith(".onnx"):
            load_folded(self.net, path)
            crops, _ = next(iter(Batches(self.args.data, 256, ramp=1, seed=2)))
            settle(self.net, prepare(torch.from_numpy(crops)))
            self.ema = {k: v.clone() for k, v in self.net.state_dict().items()}
            self.before = self.args.ramp
            return
        state = torch.load(path, map_location="cpu")
        self.net.load_state_dict(state["ema"])
        self.ema, self.before = state["ema"], state["images"] + state["before"]

    def _load(self, path):
        if not path.exists():
            refuse(f"--resume: {path} does not exist; start without --resume")
        state = torch.load(path, map_location="cpu")
        self.net.load_state_dict(state["net"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.ema = state["ema"]
        self.steps, self.images, self.seconds, self.before = (state[k] for k in ("steps", "images", "seconds", "before"))

    def save(self):
        """Writes the checkpoint beside the old one and then over it, so that a killed run leaves a whole file."""
        state = {"net": self.net.state_dict(), "ema": self.ema, "optimiser": self.optimiser.state_dict(), "steps": self.steps,
                 "images": self.images, "seconds": self.seconds, "before": self.before}
        part = self.checkpoint.with_suffix(".part")
        torch.save(state, part)
        part.replace(self.checkpoint)

    def progress(self):
        """0 at the start, 1 when the run is over."""
        return self.images / self.args.images if self.args.images else self.seconds / 60 / self.args.minutes

    def _place_weight(self):
        """The places lead at first, and fade over three ramps to a fifth."""
        return max(0.2, 1.0 - (self.images + self.before) / (3 * self.args.ramp))

    def step(self, crops, labels):
        """One batch; returns the loss of the reading."""
        rate = self.args.rate * min(1.0, (self.steps + 1) / WARM_UP) * 0.5 * (1 + math.cos(math.pi * min(1.0, self.progress())))
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        colours = prepare(torch.from_numpy(crops)).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits, look = self.net(colours)
        logits = logits.float()
        reading = reading_loss(logits, labels)
        loss = reading + self._place_weight() * place_loss(logits, labels) + COUNTRY_WEIGHT * country_loss(look.float(), labels)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), CLIP)
        self.optimiser.step()
        self.steps, self.images = self.steps + 1, self.images + len(crops)
        if self.steps % EMA_EVERY == 0:
            self._average()
        return reading.item()

    @torch.no_grad()
    def _average(self):
        keep = min(EMA ** EMA_EVERY, self.steps / (self.steps + 20))
        for name, value in self.net.state_dict().items():
            if value.dtype.is_floating_point:
                self.ema[name].lerp_(value, 1 - keep)
            else:
                self.ema[name].copy_(value)


def main(argv=None):
    """Runs the schedule and says once a minute how far it is."""
    args = arguments(argv)
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    Path(args.out).mkdir(parents=True, exist_ok=True)
    run = Run(args)
    batches = Batches(args.data, args.batch, run.images + run.before, args.ramp, args.real_share, args.seed, args.extra, args.two_share)
    loader = DataLoader(batches, batch_size=None, num_workers=args.workers, collate_fn=_as_is, prefetch_factor=4 if args.workers else 2)
    held_out = validation(args.data, 16 if args.tiny else 400, args.extra)
    log = (Path(args.out) / "log.txt").open("a")
    losses, last, said, checked = [], time.monotonic(), 0.0, run.seconds
    for crops, labels in loader:
        losses.append(run.step(crops, labels))
        now = time.monotonic()
        run.seconds, last, said = run.seconds + now - last, now, said + now - last
        over = run.progress() >= 1
        if said > 30 or over:
            line = f"{run.images + run.before:>8} images  {run.seconds / 60:5.1f} min  {run.progress():6.1%}  loss {np.mean(losses[-200:]):.3f}"
            if run.seconds - checked > CHECK_SECONDS or over:
                line, checked = line + "  " + _check(run, held_out), run.seconds
            print(line, flush=True)
            print(line, file=log, flush=True)
            run.save()
            said, last = 0.0, time.monotonic()
        if over:
            break
    if args.models:
        rendered = ["--rendered", "40"] if args.tiny else []
        extra = [word for name in args.extra for word in ("--extra", name)]
        export.main(["--data", args.data, "--checkpoint", str(run.checkpoint), "--out", args.models, "--version", args.version, *rendered, *extra])


def _as_is(batch):
    return batch


def _check(run, held_out):
    net = Reader()
    net.load_state_dict(run.ema)
    return "  ".join(f"{name} {score_crops(net.eval(), crops)}" for name, crops in zip(("rendered", "real"), held_out) if crops)


if __name__ == "__main__":
    main()
