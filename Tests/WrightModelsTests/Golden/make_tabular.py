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


def ft_transformer():
    """Gorishniy et al. 2021: two heads of 4, two blocks; weights are [in, out], the answering place comes first."""
    p = {"x": values(5, 4), "weight": values(4, 8), "bias": values(4, 8), "categories.weight": values(5, 8),
         "categoryBias": values(2, 8), "projections.0.weight": values(3, 8), "projections.0.bias": values(8),
         "answer": values(8), "vector": values(5, 3)}
    p |= {"norm.weight": values(8), "norm.bias": values(8), "head.weight": values(8, 3), "head.bias": values(3)}
    for block in range(2):
        name = f"blocks.{block}"
        p |= {f"{name}.attentionNorm.weight": values(8), f"{name}.attentionNorm.bias": values(8)} if block else {}
        p |= {f"{name}.attention.projection.weight": values(8, 24), f"{name}.attention.projection.bias": values(24),
              f"{name}.attention.output.weight": values(8, 8), f"{name}.attention.output.bias": values(8),
              f"{name}.feedForwardNorm.weight": values(8), f"{name}.feedForwardNorm.bias": values(8)}
        for part, shape in [("expansion", (8, 10)), ("gate", (8, 10)), ("output", (10, 8))]:
            p |= {f"{name}.feedForward.{part}.weight": values(*shape), f"{name}.feedForward.{part}.bias": values(shape[1])}
    return p, lambda: ft_answer(p)


CATEGORIES = torch.tensor([[0, 4], [1, 2], [2, 3], [1, 1], [0, 4]])


def ft_answer(p):
    linear = lambda x, name: x @ p[f"{name}.weight"] + p[f"{name}.bias"]
    norm = lambda x, name: F.layer_norm(x, (8,), p[f"{name}.weight"], p[f"{name}.bias"])
    heads = lambda x: x.reshape(x.shape[0], x.shape[1], 2, 4).transpose(1, 2)
    x = torch.cat([
        p["answer"].expand(5, 1, 8), p["x"][:, :, None] * p["weight"] + p["bias"],
        p["categories.weight"][CATEGORIES] + p["categoryBias"], linear(p["vector"], "projections.0")[:, None]], 1)
    for block in range(2):
        name = f"blocks.{block}"
        y = norm(x, f"{name}.attentionNorm") if block else x
        query, key, value = linear(y, f"{name}.attention.projection").chunk(3, 2)
        if block == 1:
            query, x = query[:, :1], x[:, :1]
        seen = F.scaled_dot_product_attention(heads(query), heads(key), heads(value)).transpose(1, 2).flatten(2)
        x = x + linear(seen, f"{name}.attention.output")
        y = norm(x, f"{name}.feedForwardNorm")
        y = F.relu(linear(y, f"{name}.feedForward.expansion")) * linear(y, f"{name}.feedForward.gate")
        x = x + linear(y, f"{name}.feedForward.output")
    return linear(F.relu(norm(x[:, 0], "norm")), "head")


def ten_losses(tensors, answer, given):
    """Ten steps of Adam at 0.01 towards targets that follow from the class: mean cross-entropy before each step."""
    optimizer = torch.optim.Adam([tensor for name, tensor in tensors.items() if name not in given], lr=0.01)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = F.cross_entropy(answer(), torch.tensor([0, 1, 2, 1, 0]))
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    return losses


cases = {}
for name, make in [("periodic", periodic), ("resnet", resnet), ("ft-transformer", ft_transformer)]:
    tensors, output = make()
    answer = output if callable(output) else None
    output = answer() if answer else output
    weights = torch.randn(output.shape, dtype=torch.float32).to(double)
    (output * weights).sum().backward()
    cases[name] = {
        "values": {key: {"shape": list(t.shape), "data": flat(t)} for key, t in tensors.items()},
        "output": flat(output), "weights": flat(weights),
        "gradients": {key: flat(t.grad) for key, t in tensors.items()},
    }
    if answer:
        cases[name]["losses"] = ten_losses(tensors, answer, ["x", "vector"])
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "tabular.json"), "w") as file:
    json.dump(cases, file)
