"""Makes `losses.json`: ten training losses of each benchmark network with PyTorch. Run by hand, never in CI.

Weights, inputs, labels and masks come from the rule in Benchmarks/peers/values.py; README.md beside this file says
which tensor has which name.
"""

import json
import pathlib
import sys

import torch
from torch import nn

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parents[2] / "Benchmarks" / "peers"))
import torch_models  # noqa: E402
import values  # noqa: E402

STEPS = 10


class GivenDropout(nn.Module):
    """Dropout whose mask for each step is known."""

    def __init__(self, workload, features):
        super().__init__()
        self.workload, self.features, self.step = workload, features, 0

    def forward(self, x):
        mask = values.mask(f"{self.workload}/mask/{self.step}", (x.shape[0], self.features), 0.5)
        self.step += 1
        return x * torch.from_numpy(mask).to(x.dtype)


@torch.no_grad()
def fill(model, workload):
    """Gives every parameter its values, made in Wright's layout and permuted to PyTorch's."""
    for path, module in model.named_modules():
        if not isinstance(module, (nn.Linear, nn.Conv2d)):
            continue  # BatchNorm keeps weight 1, bias 0, running mean 0 and variance 1.
        weight = module.weight
        bound = weight[0].numel() ** -0.5
        name = f"{workload}/{path}"
        if isinstance(module, nn.Conv2d):
            out, inputs, height, width = weight.shape
            made = torch.from_numpy(values.uniform(f"{name}.weight", (out, height, width, inputs), bound))
            made = made.permute(0, 3, 1, 2)
        else:
            made = torch.from_numpy(values.uniform(f"{name}.weight", weight.shape[::-1], bound)).T
            if workload == "cnn" and path == "9":  # Wright flattens height, width, channels; PyTorch channels first.
                made = made.reshape(-1, 4, 4, 64).permute(0, 3, 1, 2).flatten(1)
        weight.copy_(made)
        if module.bias is not None:
            module.bias.copy_(torch.from_numpy(values.uniform(f"{name}.bias", module.bias.shape, bound)))


def losses(workload, dtype, threads=1, channels_last=False):
    torch.set_num_threads(threads)
    batch, shape = torch_models.WORKLOADS[workload]
    model = torch_models.build(workload)
    if workload == "mlp2":
        model[3] = GivenDropout(workload, 256)
    fill(model, workload)
    model.to(dtype)
    if len(shape) == 3:
        x = torch.from_numpy(values.uniform(f"{workload}/x", (batch, *shape[1:], shape[0]), 1)).permute(0, 3, 1, 2)
        x = x.contiguous()
        if channels_last:
            x, model = x.to(memory_format=torch.channels_last), model.to(memory_format=torch.channels_last)
    else:
        x = torch.from_numpy(values.uniform(f"{workload}/x", (batch, *shape), 1))
    x, y = x.to(dtype), torch.from_numpy(values.classes(f"{workload}/y", batch, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    found = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    return found


def main():
    runs = []
    for workload, (batch, _) in torch_models.WORKLOADS.items():
        run = {"workload": workload, "batch": batch, "optimizer": "Adam", "learningRate": 1e-3,
               "float32": losses(workload, torch.float32), "float64": losses(workload, torch.float64),
               "float32ChannelsLast": losses(workload, torch.float32, threads=2, channels_last=True)}
        for key in ("float32", "float32ChannelsLast"):
            away = [abs(a - b) / abs(b) for a, b in zip(run[key], run["float64"])]
            print(workload, key, " ".join(f"{value:.1e}" for value in away), flush=True)
        runs.append(run)
    lines = ",\n".join("    " + json.dumps(run) for run in runs)
    (FOLDER / "losses.json").write_text(f'{{\n  "madeWith": "torch {torch.__version__}",\n  "runs": [\n{lines}\n  ]\n}}\n')


main()
