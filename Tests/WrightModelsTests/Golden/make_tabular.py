#!/usr/bin/env python3
"""Answers and gradients of networks for tables, by PyTorch in float64: `python3 make_tabular.py` writes `tabular.json`."""
import json
import os

import torch
from torch.nn import functional as F

torch.manual_seed(0)
double = torch.float64


def values(*shape):
    return torch.randn(*shape, dtype=torch.float32).to(double).requires_grad_()


def flat(tensor):
    return tensor.detach().flatten().tolist()


def periodic():
    """Gorishniy et al. 2022, PLR with the number itself in front."""
    x, frequencies = values(5, 3), values(3, 4)
    weight, bias = values(3, 8, 2), values(3, 1, 2)
    angles = 2 * torch.pi * x[:, :, None] * frequencies[None]
    waves = torch.cat([torch.sin(angles), torch.cos(angles)], 2)
    vectors = F.relu(torch.einsum("nfk,fkd->nfd", waves, weight) + bias[:, 0][None])
    return {"x": x, "frequencies": frequencies, "weight": weight, "bias": bias}, torch.cat([x, vectors.flatten(1)], 1)


def resnet():
    """Gorishniy et al. 2021, with layer normalisation; weights are [in, out]."""
    p = {"x": values(4, 6), "stem.weight": values(6, 5), "stem.bias": values(5)}
    y = p["x"] @ p["stem.weight"] + p["stem.bias"]
    for block in range(2):
        name = f"blocks.{block}.body.layers"
        p |= {f"{name}.0.weight": values(5), f"{name}.0.bias": values(5), f"{name}.1.weight": values(5, 7),
              f"{name}.1.bias": values(7), f"{name}.4.weight": values(7, 5), f"{name}.4.bias": values(5)}
        inner = F.layer_norm(y, (5,), p[f"{name}.0.weight"], p[f"{name}.0.bias"])
        inner = F.relu(inner @ p[f"{name}.1.weight"] + p[f"{name}.1.bias"])
        y = y + inner @ p[f"{name}.4.weight"] + p[f"{name}.4.bias"]
    p |= {"norm.weight": values(5), "norm.bias": values(5), "head.weight": values(5, 3), "head.bias": values(3)}
    y = F.relu(F.layer_norm(y, (5,), p["norm.weight"], p["norm.bias"]))
    return p, y @ p["head.weight"] + p["head.bias"]


cases = {}
for name, make in [("periodic", periodic), ("resnet", resnet)]:
    tensors, output = make()
    weights = torch.randn(output.shape, dtype=torch.float32).to(double)
    (output * weights).sum().backward()
    cases[name] = {
        "values": {key: {"shape": list(t.shape), "data": flat(t)} for key, t in tensors.items()},
        "output": flat(output), "weights": flat(weights),
        "gradients": {key: flat(t.grad) for key, t in tensors.items()},
    }
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "tabular.json"), "w") as file:
    json.dump(cases, file)
