"""Makes `text_losses.json`: ten training losses of each small text model with PyTorch. Run by hand, never in CI.

Weights and tokens come from the rule in Benchmarks/peers/values.py, by the names that Wright gives the parameters;
weights of normalisations start at 1, their biases at 0.
"""

import json
import pathlib
import sys

import torch
from torch.nn import functional as F

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parents[2] / "Benchmarks" / "peers"))
import values  # noqa: E402

STEPS, RATE = 10, 1e-2


class Parameters(dict):
    """Parameters by name, made when their shape is first asked for."""

    def __init__(self, model, dtype):
        super().__init__()
        self.model, self.dtype = model, dtype

    def get(self, path, *shape):
        if path not in self:
            if "norm" in path.lower():
                made = torch.full(shape, 1.0 if path.endswith("weight") else 0.0)
            else:
                made = torch.from_numpy(values.uniform(f"{self.model}/{path}", shape, 0.3))
            self[path] = made.to(self.dtype).requires_grad_()
        return self[path]

    def linear(self, x, path, outputs):
        return x @ self.get(f"{path}.weight", x.shape[-1], outputs) + self.get(f"{path}.bias", outputs)

    def norm(self, x, path):
        size = x.shape[-1]
        return F.layer_norm(x, (size,), self.get(f"{path}.weight", size), self.get(f"{path}.bias", size))

    def heads(self, x, weight, bias, heads):
        return (x @ weight + bias).reshape(*x.shape[:2], heads, -1).transpose(1, 2)

    def attention(self, x, memory, path, heads, seen):
        size = x.shape[-1]
        weight = self.get(f"{path}.projection.weight", size, 3 * size).split(size, 1)
        bias = self.get(f"{path}.projection.bias", 3 * size).split(size)
        q, k, v = (self.heads(s, w, b, heads) for s, w, b in zip((x, memory, memory), weight, bias))
        joined = F.scaled_dot_product_attention(q, k, v, attn_mask=seen).transpose(1, 2).reshape(x.shape)
        return self.linear(joined, f"{path}.output", size)

    def layer(self, x, path, heads, hidden, activation, seen, memory=None, memory_seen=None):
        y = self.norm(x, f"{path}.attentionNorm.layerNorm")
        x = x + self.attention(y, y, f"{path}.attention", heads, seen)
        if memory is not None:
            y = self.norm(x, f"{path}.crossAttentionNorm.layerNorm")
            x = x + self.attention(y, memory, f"{path}.crossAttention", heads, memory_seen)
        y = activation(self.linear(self.norm(x, f"{path}.feedForwardNorm.layerNorm"), f"{path}.feedForward.expansion",
                                   hidden))
        return x + self.linear(y, f"{path}.feedForward.output", x.shape[-1])

    def embedded(self, ids, count, size):
        vectors = F.embedding(ids, self.get("tokens.weight", count, size)) * size ** 0.5
        angle = torch.arange(ids.shape[1], dtype=torch.float64)[:, None] * 10_000.0 ** (
            -torch.arange(0, size, 2, dtype=torch.float64) / size)
        return vectors + torch.stack([angle.sin(), angle.cos()], -1).flatten(1).to(vectors.dtype)


def text_cnn(p, x, y):
    vectors = F.embedding(x, p.get("embedding.weight", 11, 4), padding_idx=0).transpose(1, 2)
    lengths = (x != 0).sum(1)
    features = []
    for index, width in enumerate([2, 3]):
        weight = p.get(f"convolutions.{index}.weight", 3, width, 4)
        answers = F.conv1d(vectors, weight.transpose(1, 2), p.get(f"convolutions.{index}.bias", 3)).relu()
        inside = torch.arange(answers.shape[2])[None, :] < (lengths - width + 1).clamp(min=1)[:, None]
        features.append((answers * inside[:, None, :]).amax(2))
    return F.cross_entropy(p.linear(torch.cat(features, 1), "head", 3), y)


def lstm_language_model(p, x, y):
    table = p.get("embedding.weight", 7, 6)
    sequence = F.embedding(x, table)
    for index in range(2):
        path = f"lstm.stack.layers.{index}.forward"
        weights = [p.get(f"{path}.{name}Weight", 6, 24) for name in ("input", "hidden")]
        biases = [p.get(f"{path}.{name}Bias", 24) for name in ("input", "hidden")]
        h = c = torch.zeros(x.shape[0], 6, dtype=table.dtype)
        outputs = []
        for step in range(x.shape[1]):
            gates = sequence[:, step] @ weights[0] + biases[0] + h @ weights[1] + biases[1]
            i, f, g, o = gates.chunk(4, 1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            outputs.append(h)
        sequence = torch.stack(outputs, 1)
    return F.cross_entropy((sequence @ table.T).flatten(0, 1), y.flatten())


def text_transformer(p, x, y):
    there = x != 0
    table = p.get("tokens.weight", 11, 12)
    # Row 0 stands for padding and stays as it is.
    p["tokens.weight"].register_hook(lambda gradient: gradient * (torch.arange(11) != 0)[:, None])
    vectors = p.embedded(x, 11, 12)
    for index in range(2):
        vectors = p.layer(vectors, f"layers.{index}", 3, 16, F.gelu, there[:, None, None, :])
    vectors = p.norm(vectors, "norm") * there[:, :, None]
    return F.cross_entropy(p.linear(vectors.sum(1) / there.sum(1)[:, None], "head", 3), y)


def translator(p, x, y):
    source, target = x[:, :5], x[:, 5:]
    there = (source != 0)[:, None, None, :]
    causal = torch.ones(target.shape[1], target.shape[1], dtype=torch.bool).tril()
    memory = p.embedded(source, 11, 12)
    for index in range(2):
        memory = p.layer(memory, f"encoder.{index}", 3, 16, F.relu, there)
    memory = p.norm(memory, "encoderNorm")
    vectors = p.embedded(target, 11, 12)
    for index in range(2):
        vectors = p.layer(vectors, f"decoder.{index}", 3, 16, F.relu, causal, memory, there)
    logits = p.norm(vectors, "decoderNorm") @ p["tokens.weight"].T
    return F.cross_entropy(logits.flatten(0, 1), y.flatten(), ignore_index=0, label_smoothing=0.1)


# model, function, tokens, tokens of a row, targets, shape of targets
RUNS = [("text-cnn", text_cnn, 11, 6, 3, (4,)), ("lstm-language-model", lstm_language_model, 7, 6, 7, (4, 6)),
        ("text-transformer", text_transformer, 11, 6, 3, (4,)), ("translator", translator, 11, 11, 11, (4, 6))]


def losses(name, function, count, width, classes, shape, dtype):
    x = torch.from_numpy(values.classes(f"{name}/x", 4 * width, count)).reshape(4, width)
    # The ends of rows are padding, and nothing else is.
    x = torch.where(x == 0, 1, x)
    if name != "lstm-language-model":
        for row in range(4):
            x[row, 5 - row if name == "translator" else 6 - row:5 if name == "translator" else 6] = 0
    y = torch.from_numpy(values.classes(f"{name}/y", 4 * (shape[1] if len(shape) > 1 else 1), classes)).reshape(shape)
    p = Parameters(name, dtype)
    function(p, x, y)
    optimizer = torch.optim.Adam(p.values(), lr=RATE)
    found = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = function(p, x, y)
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    return x, y, found


def main():
    torch.set_num_threads(1)
    runs = []
    for name, *rest in RUNS:
        x, y, single = losses(name, *rest, torch.float32)
        double = losses(name, *rest, torch.float64)[2]
        print(name, " ".join(f"{abs(a - b) / b:.1e}" for a, b in zip(single, double)), double[0], double[-1])
        runs.append({"model": name, "learningRate": RATE, "x": x.tolist(), "y": y.tolist(), "losses": double})
    lines = ",\n".join("    " + json.dumps(run) for run in runs)
    text = f'{{\n  "madeWith": "torch {torch.__version__}",\n  "runs": [\n{lines}\n  ]\n}}\n'
    (FOLDER / "text_losses.json").write_text(text)


main()
