"""Golden learning rates of schedules: the rate used in each of 50 steps, from a base rate of 0.1."""

import torch
from golden_format import Group
from torch.optim import lr_scheduler as s

STEPS = 50
BASE = 0.1


def one_cycle(c):
    return lambda o: s.OneCycleLR(o, max_lr=c["maximum"], total_steps=STEPS, pct_start=c["warmUpFraction"],
                                  anneal_strategy={"cosine": "cos", "linear": "linear"}[c["annealing"]],
                                  div_factor=c["initialDivisor"], final_div_factor=c["finalDivisor"],
                                  three_phase=c["threePhase"], cycle_momentum=False)


def warm_up(c, after):
    warm = c["warmUpSteps"]
    return lambda o: s.SequentialLR(o, [s.LinearLR(o, c["startFactor"], 1.0, warm), after(o, STEPS - warm)], [warm])


COSINE = {"warmUpSteps": 10, "startFactor": 0.1, "totalSteps": STEPS, "minimum": 0.001}
CYCLE = {"maximum": 0.1, "totalSteps": STEPS, "warmUpFraction": 0.3, "annealing": "cosine", "initialDivisor": 25.0,
         "finalDivisor": 10000.0, "threePhase": False}

TABLE = [
    ("constant", "constant", {}, lambda c: lambda o: s.ConstantLR(o, 1.0, STEPS)),
    ("step", "step", {"every": 15, "factor": 0.1}, lambda c: lambda o: s.StepLR(o, c["every"], c["factor"])),
    ("multi_step", "multiStep", {"milestones": [10, 12, 40], "factor": 0.5},
     lambda c: lambda o: s.MultiStepLR(o, c["milestones"], c["factor"])),
    ("exponential", "exponential", {"factor": 0.95}, lambda c: lambda o: s.ExponentialLR(o, c["factor"])),
    ("cosine", "cosine", {"totalSteps": STEPS, "minimum": 0.0},
     lambda c: lambda o: s.CosineAnnealingLR(o, STEPS, c["minimum"])),
    ("cosine_minimum", "cosine", {"totalSteps": STEPS, "minimum": 0.01},
     lambda c: lambda o: s.CosineAnnealingLR(o, STEPS, c["minimum"])),
    ("polynomial", "polynomial", {"totalSteps": STEPS, "power": 2.0},
     lambda c: lambda o: s.PolynomialLR(o, STEPS, c["power"])),
    ("one_cycle", "oneCycle", CYCLE, one_cycle),
    ("one_cycle_linear", "oneCycle", {**CYCLE, "annealing": "linear", "warmUpFraction": 0.4}, one_cycle),
    ("one_cycle_three_phases", "oneCycle", {**CYCLE, "threePhase": True}, one_cycle),
    ("warm_up_cosine", "warmUpCosine", COSINE,
     lambda c: warm_up(c, lambda o, rest: s.CosineAnnealingLR(o, rest, c["minimum"]))),
    ("warm_up_linear", "warmUpLinear", {"warmUpSteps": 5, "startFactor": 0.2, "totalSteps": STEPS},
     lambda c: warm_up(c, lambda o, rest: s.LinearLR(o, 1.0, 0.0, rest))),
]


def optimizer():
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=BASE)


def rates(scheduler, o, metrics=None):
    found = []
    for step in range(STEPS):
        found.append(o.param_groups[0]["lr"])
        o.step()
        scheduler.step() if metrics is None else scheduler.step(metrics[step])
    return found


def make():
    g = Group("schedules", seed=5)
    for name, kind, config, build in TABLE:
        o = optimizer()
        g.cases.append({"name": name, "kind": kind, "config": {"base": BASE, **config},
                        "learningRates": rates(build(config)(o), o)})
    # A loss that falls, stalls (with noise inside the threshold), falls again and stalls for good.
    loss = [1.0 / (1 + step) for step in range(12)] + [0.0833 - 1e-6 * (step % 3) for step in range(14)]
    loss += [0.05 - 0.001 * step for step in range(6)] + [0.045] * 18
    for name, config in [
            ("plateau", {"mode": "minimum", "factor": 0.1, "patience": 5, "threshold": 1e-4, "relative": True,
                         "cooldown": 0, "minimum": 0.0}),
            ("plateau_cooldown", {"mode": "minimum", "factor": 0.5, "patience": 2, "threshold": 1e-3,
                                  "relative": False, "cooldown": 3, "minimum": 0.01}),
            ("plateau_maximum", {"mode": "maximum", "factor": 0.5, "patience": 3, "threshold": 1e-4,
                                 "relative": True, "cooldown": 0, "minimum": 0.0})]:
        metrics = loss if config["mode"] == "minimum" else [1 - value for value in loss]
        o = optimizer()
        scheduler = s.ReduceLROnPlateau(o, config["mode"][:3], config["factor"], config["patience"],
                                        config["threshold"], "rel" if config["relative"] else "abs",
                                        config["cooldown"], config["minimum"])
        g.cases.append({"name": name, "kind": "plateau", "config": {"base": BASE, **config}, "metrics": metrics,
                        "learningRates": rates(scheduler, o, metrics)})
    g.write()
