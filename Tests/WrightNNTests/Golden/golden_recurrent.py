"""Golden values of recurrent layers: outputs and final states, and the gradients of inputs, states and parameters."""

import numpy
import torch
from golden_format import Group
from torch import nn

GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}


def make():
    g = Group("recurrent", seed=5)
    for kind in GATES:
        for name, settings in [
                ("", {}),
                ("_no_bias", {"bias": False}),
                ("_states", {"states": True}),
                ("_stacked", {"layers": 2}),
                ("_bidirectional", {"bidirectional": True}),
                ("_lengths", {"lengths": [3, 5, 1]}),
                ("_everything", {"layers": 2, "bidirectional": True, "lengths": [4, 2, 5], "states": True}),
        ]:
            case(g, kind.lower() + name, kind, **settings)
    case(g, "rnn_relu", "RNN", nonlinearity="relu")
    case(g, "rnn_relu_lengths", "RNN", nonlinearity="relu", lengths=[2, 5, 4], bidirectional=True)
    # More rows and units than one block of a kernel holds.
    for kind in GATES:
        case(g, kind.lower() + "_wide", kind, batch=9, hidden=19, lengths=[5, 4, 1, 2, 5, 3, 3, 5, 2])
    g.write()


def case(g, name, kind, layers=1, bidirectional=False, bias=True, lengths=None, states=False, nonlinearity="tanh",
         batch=3, inputs=4, hidden=5, steps=5):
    directions = 2 if bidirectional else 1
    width = GATES[kind] * hidden
    parameters = {}
    for layer in range(layers):
        for direction in ["forward", "backward"][:directions]:
            path = f"stack.layers.{layer}.{direction}"
            count = inputs if layer == 0 else hidden * directions
            parameters[f"{path}.inputWeight"] = g.uniform(count, width, low=-0.8, high=0.8)
            parameters[f"{path}.hiddenWeight"] = g.uniform(hidden, width, low=-0.8, high=0.8)
            if bias:
                parameters[f"{path}.inputBias"] = g.uniform(width, low=-0.5, high=0.5)
                parameters[f"{path}.hiddenBias"] = g.uniform(width, low=-0.5, high=0.5)
    values = {"x": g.uniform(batch, steps, inputs)}
    if states:
        values["state"] = g.uniform(layers * directions, batch, hidden, low=-1, high=1)
        if kind == "LSTM":
            values["cell"] = g.uniform(layers * directions, batch, hidden, low=-1, high=1)
    if lengths:
        values["lengths"] = numpy.array(lengths, numpy.int32)

    def run(v):
        settings = {"nonlinearity": nonlinearity} if kind == "RNN" else {}
        layer = getattr(nn, kind)(inputs, hidden, layers, bias=bias, batch_first=True, bidirectional=bidirectional,
                                  dtype=v["x"].dtype, **settings)
        theirs = {}
        for path in parameters:
            _, _, number, direction, ours = path.split(".")
            theirs_name = {"inputWeight": "weight_ih", "hiddenWeight": "weight_hh", "inputBias": "bias_ih",
                           "hiddenBias": "bias_hh"}[ours]
            theirs[f"{theirs_name}_l{number}" + ("_reverse" if direction == "backward" else "")] = v[path].T
        x = v["x"]
        if lengths:
            x = nn.utils.rnn.pack_padded_sequence(x, v["lengths"], batch_first=True, enforce_sorted=False)
        state = (v["state"], v["cell"]) if states and kind == "LSTM" else v["state"] if states else None
        outputs, final = torch.func.functional_call(layer, theirs, (x,) if state is None else (x, state))
        if lengths:
            outputs, _ = nn.utils.rnn.pad_packed_sequence(outputs, batch_first=True, total_length=steps)
        parts = [outputs, *(final if kind == "LSTM" else [final])]
        return torch.cat([part.flatten() for part in parts])

    config = {"inputs": inputs, "hidden": hidden, "layers": layers, "bidirectional": bidirectional, "bias": bias,
              "nonlinearity": nonlinearity}
    g.case(name, kind, config, values, run, parameters)
