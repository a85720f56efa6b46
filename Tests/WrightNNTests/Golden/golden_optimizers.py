"""Golden trajectories of optimizers: ten given gradients for two parameters, and where each step takes them.

The gradients do not depend on the parameters, so every case tests a formula and nothing else.
"""

import numpy
import torch
from golden_format import Group

STEPS = 10
SHAPES = {"weight": (3, 4), "bias": (4,)}


class Lion(torch.optim.Optimizer):
    """Lion (Chen et al. 2023, algorithm 2), written out."""

    def __init__(self, params, lr, betas, weight_decay):
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                update = torch.sign(beta1 * m + (1 - beta1) * p.grad)
                p.sub_(group["lr"] * (update + group["weight_decay"] * p))
                m.copy_(beta2 * m + (1 - beta2) * p.grad)


def sgd(c):
    return lambda groups: torch.optim.SGD(groups, lr=1, momentum=c.get("momentum", 0), nesterov=c.get("nesterov", False),
                                          dampening=0, weight_decay=c.get("weightDecay", 0))


def adam(c):
    return lambda groups: torch.optim.Adam(groups, lr=1, betas=(c["beta1"], c["beta2"]), eps=c["epsilon"],
                                           weight_decay=c.get("weightDecay", 0))


def adamw(c):
    return lambda groups: torch.optim.AdamW(groups, lr=1, betas=(c["beta1"], c["beta2"]), eps=c["epsilon"],
                                            weight_decay=c.get("weightDecay", 0))


def rmsprop(c):
    return lambda groups: torch.optim.RMSprop(groups, lr=1, alpha=c["alpha"], eps=c["epsilon"],
                                              weight_decay=c.get("weightDecay", 0), momentum=c.get("momentum", 0),
                                              centered=c.get("centered", False))


def adagrad(c):
    return lambda groups: torch.optim.Adagrad(groups, lr=1, eps=c["epsilon"], weight_decay=c.get("weightDecay", 0),
                                              initial_accumulator_value=c.get("initialAccumulator", 0))


def lion(c):
    return lambda groups: Lion(groups, lr=1, betas=(c["beta1"], c["beta2"]), weight_decay=c.get("weightDecay", 0))


ADAM = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
RMS = {"alpha": 0.99, "epsilon": 1e-8}
LION = {"beta1": 0.9, "beta2": 0.99}
HALVED = [0.1] * 5 + [0.05] * 5
NO_BIAS = {"weightDecayExcludes": ["bias"]}

# name, kind, config, learning rate (one, or one per step)
TABLE = [
    ("sgd", "SGD", sgd, {}, 0.1),
    ("sgd_momentum", "SGD", sgd, {"momentum": 0.9}, 0.1),
    ("sgd_nesterov", "SGD", sgd, {"momentum": 0.9, "nesterov": True}, 0.1),
    ("sgd_weight_decay", "SGD", sgd, {"weightDecay": 0.05}, 0.1),
    ("sgd_everything", "SGD", sgd, {"momentum": 0.9, "nesterov": True, "weightDecay": 0.05, **NO_BIAS}, 0.1),
    ("sgd_momentum_halved_rate", "SGD", sgd, {"momentum": 0.9}, HALVED),
    ("sgd_l1", "SGD", sgd, {"l1": 0.05}, 0.1),
    ("adam", "Adam", adam, ADAM, 0.01),
    ("adam_other_betas", "Adam", adam, {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-6}, 0.01),
    ("adam_l2", "Adam", adam, {**ADAM, "weightDecay": 0.05}, 0.01),
    ("adam_halved_rate", "Adam", adam, ADAM, HALVED),
    ("adamw", "AdamW", adamw, {**ADAM, "weightDecay": 0.01}, 0.01),
    ("adamw_excludes_bias", "AdamW", adamw, {**ADAM, "weightDecay": 0.3, **NO_BIAS}, HALVED),
    ("rmsprop", "RMSprop", rmsprop, RMS, 0.01),
    ("rmsprop_centered", "RMSprop", rmsprop, {**RMS, "centered": True}, 0.01),
    ("rmsprop_momentum", "RMSprop", rmsprop, {**RMS, "momentum": 0.9}, 0.01),
    ("rmsprop_everything", "RMSprop", rmsprop,
     {"alpha": 0.9, "epsilon": 1e-6, "momentum": 0.9, "centered": True, "weightDecay": 0.05}, HALVED),
    ("adagrad", "Adagrad", adagrad, {"epsilon": 1e-10}, 0.1),
    ("adagrad_everything", "Adagrad", adagrad,
     {"epsilon": 1e-10, "weightDecay": 0.05, "initialAccumulator": 0.1}, 0.1),
    ("lion", "Lion", lion, LION, 0.01),
    ("lion_weight_decay", "Lion", lion, {**LION, "weightDecay": 0.3}, HALVED),
]


def trajectory(make, config, rates, initial, gradients, dtype):
    # Copies: an optimizer works in place, and the arrays it starts from are stored.
    parameters = {key: torch.from_numpy(array).to(dtype, copy=True).requires_grad_() for key, array in initial.items()}
    excluded = config.get("weightDecayExcludes", [])
    groups = [{"params": [p for key, p in parameters.items() if key not in excluded]}]
    if excluded:
        groups.append({"params": [parameters[key] for key in excluded], "weight_decay": 0})
    optimizer = make(config)(groups)
    path = {key: [] for key in parameters}
    for step, rate in enumerate(rates):
        for group in optimizer.param_groups:
            group["lr"] = rate
        for key, p in parameters.items():
            p.grad = torch.from_numpy(gradients[key][step]).to(dtype, copy=True)
            if "l1" in config:
                p.grad += config["l1"] * p.detach().sign()
        optimizer.step()
        for key, p in parameters.items():
            path[key].append(p.detach().double().numpy().copy())
    return {key: numpy.stack(steps) for key, steps in path.items()}


def make():
    g = Group("optimizers", seed=4)
    initial = {key: g.uniform(*shape, low=-1, high=1) for key, shape in SHAPES.items()}
    gradients = {key: g.uniform(STEPS, *shape, low=-1, high=1) for key, shape in SHAPES.items()}
    gradients["weight"][:, 0, 0] = 0  # An entry that never gets a gradient: 0 / (sqrt(0) + epsilon).
    gradients["weight"][:, 0, 1] *= numpy.float32(1e-4)  # and one where epsilon shows.
    for key in SHAPES:
        g.tensors[f"initial/{key}"] = initial[key]
        g.tensors[f"gradients/{key}"] = gradients[key]
    for name, kind, make_one, config, rate in TABLE:
        rates = rate if isinstance(rate, list) else [rate] * STEPS
        exact = trajectory(make_one, config, rates, initial, gradients, torch.float64)
        single = trajectory(make_one, config, rates, initial, gradients, torch.float32)
        for key in SHAPES:
            g.tensors[f"{name}/trajectory/{key}"] = exact[key]
        error = {key: float(f"{numpy.abs(single[key] - exact[key]).max():.3g}") for key in SHAPES}
        g.cases.append({"name": name, "kind": kind, "config": config, "parameters": list(SHAPES),
                        "learningRates": rates, "float32Error": error})
    clipping(g, gradients)
    g.write()


def clipping(g, gradients):
    """Clips step 0's gradients, all parameters together."""
    for name, kind, config in [("clip_norm", "clipNorm", {"maximum": 1.0}),
                               ("clip_norm_untouched", "clipNorm", {"maximum": 100.0}),
                               ("clip_value", "clipValue", {"maximum": 0.5})]:
        parameters = {key: torch.zeros(shape, dtype=torch.float64) for key, shape in SHAPES.items()}
        for key, p in parameters.items():
            p.grad = torch.from_numpy(gradients[key][0]).double()
        if kind == "clipNorm":
            norm = torch.nn.utils.clip_grad_norm_(parameters.values(), config["maximum"])
            config = {**config, "totalNorm": norm.item()}
        else:
            torch.nn.utils.clip_grad_value_(parameters.values(), config["maximum"])
        for key, p in parameters.items():
            g.tensors[f"{name}/clipped/{key}"] = p.grad.numpy()
        g.cases.append({"name": name, "kind": kind, "config": config, "parameters": list(SHAPES)})
