"""Writes golden groups: `<group>.json` (the list of cases) beside `<group>.safetensors` (their tensors)."""

import json
import pathlib

import numpy
import torch
from safetensors.numpy import save_file

FOLDER = pathlib.Path(__file__).resolve().parent


class Group:
    """Collects cases; every case is computed twice, in float64 (stored) and float32 (only its distance is stored)."""

    def __init__(self, name, seed):
        self.name, self.cases, self.tensors = name, [], {}
        self.random = numpy.random.RandomState(seed)

    def uniform(self, *shape, low=-2.0, high=2.0):
        """Random values that are exact in float32, so that both precisions start from the same numbers."""
        return self.random.uniform(low, high, shape).astype(numpy.float32)

    def case(self, name, kind, config, inputs, function, parameters=None, constant=(), initial=None):
        """Adds one case.

        `function(values)` takes a dictionary of torch tensors in Wright's layout (inputs, parameters and, for
        layers that keep some, `state/<name>` entries that it may replace) and returns the output in Wright's
        layout. `constant` names floating-point inputs that get no gradient.
        """
        parameters, initial = parameters or {}, initial or {}
        assert all(existing["name"] != name for existing in self.cases), name
        results, noise, weights = {}, {}, None
        for dtype in (torch.float64, torch.float32):
            values, leaves = {}, {}
            for key, array in {**inputs, **parameters}.items():
                tensor = torch.from_numpy(numpy.ascontiguousarray(array))
                if tensor.is_floating_point():
                    tensor = tensor.to(dtype)
                    if key not in constant:
                        leaves[key] = tensor.requires_grad_()
                elif tensor.dtype == torch.int32:
                    tensor = tensor.long()
                values[key] = tensor
            for key, array in initial.items():
                values[f"state/{key}"] = torch.from_numpy(array).to(dtype)
            output = function(values)
            if weights is None:
                weights = self.uniform(*output.shape, low=-1.0, high=1.0)
            if leaves:
                (output * torch.from_numpy(weights).to(dtype)).sum().backward()
            found = {"output": output.detach()}
            for key, leaf in leaves.items():
                gradient = leaf.grad if leaf.grad is not None else torch.zeros_like(leaf)
                found[f"gradient/{key}"] = gradient
            for key in initial:
                found[f"state/{key}"] = values[f"state/{key}"].detach()
            for key, tensor in found.items():
                array = tensor.double().numpy().copy()
                if dtype == torch.float64:
                    assert numpy.isfinite(array).all(), (name, key)
                    results[key] = array
                else:
                    noise[key] = float(numpy.abs(array - results[key]).max(initial=0.0))
        for key, array in {**inputs, **parameters}.items():
            self.tensors[f"{name}/{key}"] = numpy.ascontiguousarray(array)
        for key, array in initial.items():
            self.tensors[f"{name}/initial/{key}"] = numpy.ascontiguousarray(array)
        self.tensors[f"{name}/lossWeights"] = weights
        for key, array in results.items():
            self.tensors[f"{name}/{key}"] = numpy.ascontiguousarray(array)
        self.cases.append({
            "name": name, "kind": kind, "config": config, "inputs": list(inputs), "parameters": list(parameters),
            "gradients": list(leaves), "state": list(initial),
            "float32Error": {key: float(f"{error:.3g}") for key, error in noise.items()},
        })

    def write(self):
        head = {"group": self.name, "madeWith": f"torch {torch.__version__}"}
        if self.tensors:
            head["tensors"] = f"{self.name}.safetensors"
            path = FOLDER / f"{self.name}.safetensors"
            save_file(self.tensors, path)
            path.chmod(0o644)
        lines = ",\n".join("    " + json.dumps(case) for case in self.cases)
        text = json.dumps(head, indent=2)[:-2] + ',\n  "cases": [\n' + lines + "\n  ]\n}\n"
        (FOLDER / f"{self.name}.json").write_text(text)
        print(f"{self.name}: {len(self.cases)} cases, {len(self.tensors)} tensors")
