"""Makes `losses.json`: ten training losses of each benchmark network with PyTorch. Run by hand, never in CI; with names
of runs as arguments it makes only these again.

Weights, inputs, labels and masks come from the rule in Benchmarks/peers/values.py; README.md beside this file says
which tensor has which name.
"""

import json
import math
import pathlib
import sys

import torch
from torch import nn

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parents[2] / "Benchmarks" / "peers"))
import torch_models  # noqa: E402
import values  # noqa: E402

STEPS = 10
# name, workload, learning rate, relative tolerance (README.md says why some networks have two runs)
RUNS = [
    ("mlp1", "mlp1", 1e-3, 1e-5),
    ("mlp2_one_relu", "mlp2", 1e-3, 1e-5),
    ("mlp2", "mlp2", 1e-3, 1e-5),
    ("cnn", "cnn", 1e-3, 1e-5),
    ("resnet18", "resnet18", 1e-3, 0.1),
    ("resnet18_small_rate", "resnet18", 1e-6, 1e-5),
    ("lstm", "lstm", 1e-3, 1e-5),
    ("gpt", "gpt", 1e-3, 1e-5),
]


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
    if workload == "lstm":
        fill_lstm(model)
        return
    if workload == "gpt":
        fill_gpt(model)
        return
    for path, module in model.named_modules():
        if not isinstance(module, (nn.Linear, nn.Conv2d)):
            continue  # BatchNorm keeps weight 1, bias 0, running mean 0 and variance 1.
        weight = module.weight
        bound = weight[0].numel() ** -0.5
        name = f"{workload}/4" if (workload, path) == ("mlp2", "5") else f"{workload}/{path}"
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


@torch.no_grad()
def fill_lstm(model):
    def put(parameter, name, bound):
        made = torch.from_numpy(values.uniform(f"lstm/{name}", parameter.shape[::-1], bound))
        parameter.copy_(made.mT if made.ndim == 2 else made)

    model.embedding.weight.copy_(torch.from_numpy(values.uniform("lstm/embedding.weight", (10_000, 32), 1)))
    for theirs, ours in [("weight_ih", "inputWeight"), ("weight_hh", "hiddenWeight"), ("bias_ih", "inputBias"),
                         ("bias_hh", "hiddenBias")]:
        put(getattr(model.lstm, f"{theirs}_l0"), f"lstm.stack.layers.0.forward.{ours}", 0.125)
    put(model.head.weight, "head.weight", 0.125)
    put(model.head.bias, "head.bias", 0.125)


@torch.no_grad()
def fill_gpt(model):
    def put(linear, name):
        made = values.uniform(f"gpt/{name}.weight", tuple(linear.weight.shape[::-1]), 0.1)
        linear.weight.copy_(torch.from_numpy(made).T)
        linear.bias.copy_(torch.from_numpy(values.uniform(f"gpt/{name}.bias", tuple(linear.bias.shape), 0.1)))

    for parameter, name in [(model.tokens.weight, "tokens.weight"), (model.positions, "positions")]:
        parameter.copy_(torch.from_numpy(values.uniform(f"gpt/{name}", tuple(parameter.shape), 0.1)))
    for index, layer in enumerate(model.layers):
        for theirs, ours in [("projection", "attention.projection"), ("joined", "attention.output"),
                             ("expansion", "feedForward.expansion"), ("output", "feedForward.output")]:
            put(getattr(layer, theirs), f"layers.{index}.{ours}")


def losses(name, workload, rate, dtype, channels_last=False):
    batch, shape = torch_models.WORKLOADS[workload]
    model = torch_models.build(workload)
    if workload == "mlp2":
        model[4] = GivenDropout(workload, 256)
    if name == "mlp2_one_relu":
        model[3] = nn.Identity()
    fill(model, workload)
    model.to(dtype)
    if workload in torch_models.VOCABULARIES:
        count = torch_models.VOCABULARIES[workload]
        x = torch.from_numpy(values.classes(f"{workload}/x", batch * shape[0], count).reshape(batch, *shape))
    elif len(shape) == 3:
        x = torch.from_numpy(values.uniform(f"{workload}/x", (batch, *shape[1:], shape[0]), 1)).permute(0, 3, 1, 2)
        x = x.contiguous()
        if channels_last:
            x, model = x.to(memory_format=torch.channels_last), model.to(memory_format=torch.channels_last)
    else:
        x = torch.from_numpy(values.uniform(f"{workload}/x", (batch, *shape), 1))
    if workload not in torch_models.VOCABULARIES:
        x = x.to(dtype)
    shape = torch_models.targets(workload)
    y = torch.from_numpy(values.classes(f"{workload}/y", math.prod(shape), torch_models.classes(workload))).reshape(shape)
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    found = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = torch_models.loss(workload, model(x), y)
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    return found


def main():
    torch.set_num_threads(1)
    file = FOLDER / "losses.json"
    known = {run["name"]: run for run in json.loads(file.read_text())["runs"]} if file.exists() else {}
    for name, workload, rate, tolerance in RUNS:
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        run = {"name": name, "workload": workload, "batch": torch_models.WORKLOADS[workload][0], "optimizer": "Adam",
               "learningRate": rate, "tolerance": tolerance,
               "float32": losses(name, workload, rate, torch.float32),
               "float64": losses(name, workload, rate, torch.float64),
               "float32ChannelsLast": losses(name, workload, rate, torch.float32, channels_last=True)}
        for key in ("float32", "float32ChannelsLast"):
            away = [abs(a - b) / abs(b) for a, b in zip(run[key], run["float64"])]
            print(name, key, " ".join(f"{value:.1e}" for value in away), flush=True)
        known[name] = run
        lines = ",\n".join("    " + json.dumps(known[entry[0]]) for entry in RUNS if entry[0] in known)
        file.write_text(f'{{\n  "madeWith": "torch {torch.__version__}",\n  "runs": [\n{lines}\n  ]\n}}\n')


main()
