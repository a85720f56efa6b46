"""Tokens a second of a small GPT in PyTorch, one sequence, greedy, with a cache of keys and values.

The network is that of `wright train --model gpt-mini`: 6 layers of 192 with 6 heads. Prints one JSON line.
"""

import argparse
import json
import time

import torch
from torch import nn
from torch.nn import functional as F

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--tokens", type=int, default=512)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--compile", action="store_true")
options = parser.parse_args()
torch.set_num_threads(options.threads)
LAYERS, WIDTH, HEADS, VOCABULARY, CONTEXT = 6, 192, 6, 65, 640


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.projection, self.output = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.register_buffer("keys", torch.zeros(1, HEADS, CONTEXT, WIDTH // HEADS))
        self.register_buffer("values", torch.zeros(1, HEADS, CONTEXT, WIDTH // HEADS))

    def forward(self, x, place):
        q, k, v = (part.view(1, 1, HEADS, -1).transpose(1, 2) for part in self.projection(self.norm1(x)).chunk(3, -1))
        self.keys[:, :, place:place + 1], self.values[:, :, place:place + 1] = k, v
        y = F.scaled_dot_product_attention(q, self.keys[:, :, :place + 1], self.values[:, :, :place + 1])
        x = x + self.output(y.transpose(1, 2).reshape(1, 1, WIDTH))
        return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))


class GPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens, self.places = nn.Embedding(VOCABULARY, WIDTH), nn.Embedding(CONTEXT, WIDTH)
        self.blocks, self.norm = nn.ModuleList(Block() for _ in range(LAYERS)), nn.LayerNorm(WIDTH)

    def forward(self, token, place):
        x = self.tokens(token) + self.places.weight[place]
        for block in self.blocks:
            x = block(x, place)
        return self.norm(x) @ self.tokens.weight.T


@torch.inference_mode()
def generate(model):
    token = torch.zeros(1, 1, dtype=torch.long)
    started = time.perf_counter()
    for place in range(options.tokens):
        token = model(token, place).argmax(-1)
    return options.tokens / (time.perf_counter() - started)


model = GPT().eval()
if options.compile:
    model = torch.compile(model, dynamic=True)
speeds = [generate(model) for _ in range(options.rounds + 1)][1:]
print(json.dumps({"peer": "torch-compile" if options.compile else "torch-eager", "tokens_per_second": max(speeds),
                  "rounds": speeds, "threads": options.threads, "versions": f"torch {torch.__version__}"}))
