"""Golden values of activations: in the middle, where they bend, and far out."""

import numpy
import torch
from golden_format import Group
from torch.nn import functional as F

# Where hard functions bend; what PyTorch calls the slope there is what a user compares with.
KINKS = numpy.array([-6, -3, -1, -0.5, -0.0, 0.0, 0.5, 1, 3, 6], numpy.float32)
# Where naive formulas overflow, cancel or lose their tail.
FAR = numpy.array([-10000, -100, -30, -20.5, -12, -9, -1e-4, 1e-4, 9, 12, 20.5, 30, 100, 10000], numpy.float32)

ELEMENTWISE = {
    "relu": ({}, F.relu),
    "leakyReLU": ({"slope": 0.01}, lambda x: F.leaky_relu(x, 0.01)),
    "elu": ({"alpha": 1.0}, lambda x: F.elu(x, 1.0)),
    "selu": ({}, F.selu),
    "gelu": ({"approximation": "none"}, F.gelu),
    "geluTanh": ({"approximation": "tanh"}, lambda x: F.gelu(x, approximate="tanh")),
    "silu": ({}, F.silu),
    "mish": ({}, F.mish),
    "softplus": ({}, F.softplus),
    "hardSwish": ({}, F.hardswish),
    "hardSigmoid": ({}, F.hardsigmoid),
    "hardTanh": ({"minimum": -1.0, "maximum": 1.0}, F.hardtanh),
    "relu6": ({}, F.relu6),
    "sigmoid": ({}, torch.sigmoid),
    "tanh": ({}, torch.tanh),
    "softsign": ({}, F.softsign),
    "logSigmoid": ({}, F.logsigmoid),
    "reluSquared": ({}, lambda x: F.relu(x) ** 2),
}


def make():
    g = Group("activations", seed=2)
    for kind, (config, function) in ELEMENTWISE.items():
        for label, x in [("", g.uniform(4, 7, low=-4, high=4)), ("_kinks", KINKS), ("_far", FAR)]:
            g.case(kind + label, kind, config, {"x": x}, lambda v, f=function: f(v["x"]))
    g.case("leakyReLU_slope", "leakyReLU", {"slope": 0.2}, {"x": g.uniform(4, 7)},
           lambda v: F.leaky_relu(v["x"], 0.2))
    g.case("elu_alpha", "elu", {"alpha": 0.7}, {"x": g.uniform(4, 7)}, lambda v: F.elu(v["x"], 0.7))
    g.case("hardTanh_range", "hardTanh", {"minimum": -0.5, "maximum": 2.0}, {"x": g.uniform(4, 7)},
           lambda v: F.hardtanh(v["x"], -0.5, 2.0))

    for kind, function in [("softmax", F.softmax), ("logSoftmax", F.log_softmax)]:
        for label, axis, x in [("", -1, g.uniform(3, 5)), ("_axis_1", 1, g.uniform(2, 4, 3)),
                               ("_axis_0", 0, g.uniform(4, 3)),
                               ("_far", -1, numpy.array([[1000, 0, -1000], [-1000, -1000, -1001]], numpy.float32))]:
            g.case(kind + label, kind, {"axis": axis}, {"x": x}, lambda v, f=function, a=axis: f(v["x"], a))
    g.case("glu", "glu", {"axis": -1}, {"x": g.uniform(3, 8)}, lambda v: F.glu(v["x"], -1))
    g.case("glu_axis_1", "glu", {"axis": 1}, {"x": g.uniform(2, 4, 3)}, lambda v: F.glu(v["x"], 1))
    g.case("prelu_shared", "PReLU", {"count": 1}, {"x": g.uniform(4, 5)}, lambda v: F.prelu(v["x"], v["weight"]),
           {"weight": numpy.array([0.25], numpy.float32)})
    g.case("prelu_channels", "PReLU", {"count": 3}, {"x": g.uniform(2, 2, 4, 3)},
           lambda v: F.prelu(v["x"].movedim(-1, 1), v["weight"]).movedim(1, -1),
           {"weight": g.uniform(3, low=0.1, high=0.5)})
    g.write()
