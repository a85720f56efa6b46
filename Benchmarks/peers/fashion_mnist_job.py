"""The whole Fashion-MNIST job in PyTorch: from the IDX files to a wanted test accuracy, everything included.

Prints one JSON line: seconds from the start of the process to the first evaluation that reaches the accuracy, and the
peak memory. The network and the settings are arguments, so that both sides can be given the same.
"""

import argparse
import gzip
import json
import os
import pathlib
import struct
import time


def process_age():
    """Seconds since this process was started: the interpreter's own start counts too."""
    with open("/proc/self/stat") as stat:
        started = int(stat.read().rsplit(")", 1)[1].split()[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=pathlib.Path, default="/usr/share/datasets/fashion-mnist")
    parser.add_argument("--channels", type=int, nargs=2, default=(32, 64))
    parser.add_argument("--padding", type=int, default=1, help="of both convolutions")
    parser.add_argument("--hidden", type=int, default=128)
    parser.add_argument("--dropout", type=float, default=0.0, help="before the last layer")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--flip", action="store_true", help="flip half of the training images left to right")
    parser.add_argument("--accuracy", type=float, default=0.88)
    parser.add_argument("--evaluate-every", type=int, default=100, help="steps")
    parser.add_argument("--epochs", type=int, default=10, help="give up after")
    parser.add_argument("--workers", type=int, default=0, help="processes that load data")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--memory-format", choices=["contiguous", "channels_last"], default="channels_last")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


options = arguments()

import numpy  # noqa: E402
import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402
from torch.utils.data import DataLoader, Dataset  # noqa: E402


def read_idx(path):
    with gzip.open(path) as file:
        content = file.read()
    rank = content[3]
    shape = struct.unpack(f">{rank}I", content[4:4 + 4 * rank])
    return numpy.frombuffer(content, numpy.uint8, offset=4 + 4 * rank).reshape(shape)


class FashionMNIST(Dataset):
    def __init__(self, part, flip=False):
        self.images = torch.from_numpy(read_idx(options.data / f"{part}-images-idx3-ubyte.gz").copy())
        self.labels = torch.from_numpy(read_idx(options.data / f"{part}-labels-idx1-ubyte.gz").astype(numpy.int64))
        self.flip = flip

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image = self.images[index].unsqueeze(0).float().div(255).sub(0.2860).div(0.3530)
        if self.flip and torch.rand(()) < 0.5:
            image = image.flip(-1)
        return image, self.labels[index]


def network():
    first, second = options.channels
    side = (28 + 2 * options.padding - 2) // 2
    side = (side + 2 * options.padding - 2) // 2
    return nn.Sequential(
        nn.Conv2d(1, first, 3, padding=options.padding), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(first, second, 3, padding=options.padding), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(second * side * side, options.hidden), nn.ReLU(),
        *([nn.Dropout(options.dropout)] if options.dropout else []), nn.Linear(options.hidden, 10))


@torch.inference_mode()
def accuracy(model, batches):
    model.eval()
    right = total = 0
    for x, y in batches:
        right += (model(x).argmax(1) == y).sum().item()
        total += len(y)
    model.train()
    return right / total


def peak_memory():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


def main():
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    layout = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}[options.memory_format]
    loader = DataLoader(FashionMNIST("train", options.flip), options.batch, shuffle=True, drop_last=True,
                        num_workers=options.workers, persistent_workers=options.workers > 0)
    test = FashionMNIST("t10k")
    # The test images are needed again and again, so they are prepared once, in batches of 500.
    tests = [(torch.stack([test[i][0] for i in range(start, start + 500)]).to(memory_format=layout),
              test.labels[start:start + 500]) for start in range(0, len(test), 500)]
    model = network().to(memory_format=layout)
    run = torch.compile(model) if options.compile else model
    optimizer = torch.optim.Adam(model.parameters(), lr=options.learning_rate, fused=True)
    steps, best, first_step = 0, 0.0, None
    for _ in range(options.epochs):
        for x, y in loader:
            optimizer.zero_grad()
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=options.precision == "bfloat16"):
                loss = F.cross_entropy(run(x.to(memory_format=layout)), y)
            loss.backward()
            optimizer.step()
            steps += 1
            first_step = first_step or process_age()
            if steps % options.evaluate_every == 0:
                best = max(best, accuracy(model, tests))
                if best >= options.accuracy:
                    return steps, best, first_step, True
    return steps, best, first_step, False


steps, best, first_step, reached = main()
print(json.dumps({
    "peer": "torch-compile" if options.compile else "torch-eager", "versions": f"torch {torch.__version__}",
    "reached": reached, "accuracy": best, "wanted": options.accuracy, "seconds": round(process_age(), 2),
    "seconds_to_first_step": round(first_step, 2), "steps": steps, "batch": options.batch,
    "threads": options.threads, "precision": options.precision, "workers": options.workers,
    "memory_format": options.memory_format, "peak_memory_bytes": peak_memory()}))
raise SystemExit(0 if reached else 1)
