"""The benchmark's networks in PyTorch, as one would write them."""

import torch
from torch import nn

# workload: batch size, shape of one input (channels first)
WORKLOADS = {
    "mlp1": (32, (784,)),
    "mlp2": (64, (784,)),
    "cnn": (64, (3, 32, 32)),
    "resnet18": (32, (3, 32, 32)),
    "lstm": (32, (200,)),
    "gpt": (16, (128,)),
}
# workload: how many different tokens its inputs are drawn from, where they are no numbers
VOCABULARIES = {"lstm": 10_000, "gpt": 65}


def build(workload):
    return {"mlp1": mlp1, "mlp2": mlp2, "cnn": cnn, "resnet18": ResNet18, "lstm": LSTMClassifier,
            "gpt": GPT}[workload]()


def mlp1():
    return nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))


def mlp2():
    return nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Dropout(0.5),
                         nn.Linear(256, 10))


def loss(workload, results, classes):
    if workload == "lstm":
        return nn.functional.binary_cross_entropy_with_logits(results.flatten(), classes.to(results.dtype))
    return nn.functional.cross_entropy(results.flatten(0, -2), classes.flatten())


def classes(workload):
    return {"lstm": 2, "gpt": 65}.get(workload, 10)


def targets(workload):
    """How many classes a batch has: one for each example or, in `gpt`, for each token."""
    batch, shape = WORKLOADS[workload]
    return (batch, *shape) if workload == "gpt" else (batch,)


def cnn():
    return nn.Sequential(
        nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(64, 64, 3), nn.ReLU(), nn.Flatten(),
        nn.Linear(1024, 64), nn.ReLU(), nn.Linear(64, 10))


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        y = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.bn2(self.conv2(y)) + shortcut)


class ResNet18(nn.Module):
    """ResNet-18 with the 3×3 stem for small images; names as in torchvision."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.layer1 = nn.Sequential(BasicBlock(64, 64, 1), BasicBlock(64, 64, 1))
        self.layer2 = nn.Sequential(BasicBlock(64, 128, 2), BasicBlock(128, 128, 1))
        self.layer3 = nn.Sequential(BasicBlock(128, 256, 2), BasicBlock(256, 256, 1))
        self.layer4 = nn.Sequential(BasicBlock(256, 512, 2), BasicBlock(512, 512, 1))
        self.fc = nn.Linear(512, 10)

    def forward(self, x):
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(nn.functional.adaptive_avg_pool2d(x, 1), 1))


class LSTMClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(10_000, 32)
        self.lstm = nn.LSTM(32, 64, batch_first=True)
        self.head = nn.Linear(64, 1)

    def forward(self, tokens):
        _, (hidden, _) = self.lstm(self.embedding(tokens))
        return self.head(hidden[-1])


class GPTBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.projection, self.joined = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.expansion, self.output = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        batch, places, width = x.shape
        q, k, v = (part.view(batch, places, self.heads, -1).transpose(1, 2)
                   for part in self.projection(self.norm1(x)).split(width, 2))
        heads = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.joined(heads.transpose(1, 2).reshape(x.shape))
        return x + self.output(nn.functional.gelu(self.expansion(self.norm2(x)), approximate="tanh"))


class GPT(nn.Module):
    """A small GPT-2: learned positions, the output layer tied to the table of token vectors."""

    def __init__(self, vocabulary=65, places=128, layers=6, width=192, heads=6):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.positions = nn.Parameter(torch.empty(places, width))
        self.layers = nn.ModuleList(GPTBlock(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        for parameter in self.parameters():
            if parameter.ndim == 2:
                nn.init.normal_(parameter, std=0.02)

    def forward(self, tokens):
        x = self.tokens(tokens) + self.positions[: tokens.shape[1]]
        for layer in self.layers:
            x = layer(x)
        return self.norm(x) @ self.tokens.weight.T
