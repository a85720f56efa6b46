"""A table's whole job in PyTorch Lightning, as one would write it: read, encode, train with early stopping, keep the best
checkpoint, measure on the test file, and write the model.

    python3 lightning_table.py train.csv test.csv --target income --output model

Numbers are standardised, categories get vectors, and a residual MLP of the same size as a task of `wright` has by default
joins them. With --folds several networks are trained, each without another part of the rows, and asked together.
Prints one JSON line with the metrics of the test file.
"""

import argparse
import json
import logging
import os
import pathlib
import warnings

import lightning as L
import numpy as np
import pandas as pd
import torch
from lightning.pytorch.callbacks import EarlyStopping, ModelCheckpoint
from sklearn import metrics
from sklearn.model_selection import StratifiedKFold, train_test_split
from torch import nn
from torch.nn import functional as F
from torch.utils.data import BatchSampler, DataLoader, Dataset, RandomSampler, SequentialSampler


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--target", required=True)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--folds", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--patience", type=int, default=5)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--learning-rate", type=float, default=2e-3)
    parser.add_argument("--weight-decay", type=float, default=0.01)
    parser.add_argument("--hidden", type=int, default=64)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--dropout", type=float, default=0.3)
    parser.add_argument("--dimension", type=int, default=8, help="numbers that stand for a category")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batched", action="store_true", help="take a batch from the arrays at once, not row by row")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


class Encoder:
    """What encodes a frame as its training rows say."""

    def __init__(self, frame):
        self.numbers = list(frame.select_dtypes("number").columns)
        self.categories = {name: frame[name].astype("category").cat.categories
                           for name in frame.columns if name not in self.numbers}
        self.mean, self.deviation = frame[self.numbers].mean(), frame[self.numbers].std() + 1e-9

    def __call__(self, frame):
        numbers = ((frame[self.numbers] - self.mean) / self.deviation).fillna(0).to_numpy(np.float32)
        codes = [pd.Categorical(frame[name], known).codes.astype(np.int64) + 1
                 for name, known in self.categories.items()]
        return torch.from_numpy(numbers), torch.from_numpy(np.stack(codes, 1))


class Rows(Dataset):
    def __init__(self, numbers, categories, target):
        self.columns = numbers, categories, target

    def __len__(self):
        return len(self.columns[0])

    def __getitem__(self, index):
        return tuple(column[index] for column in self.columns)


class Block(nn.Module):
    def __init__(self, size, dropout):
        super().__init__()
        self.layers = nn.Sequential(nn.BatchNorm1d(size), nn.Linear(size, 2 * size), nn.ReLU(), nn.Dropout(dropout),
                                    nn.Linear(2 * size, size), nn.Dropout(dropout))

    def forward(self, x):
        return x + self.layers(x)


class Table(L.LightningModule):
    def __init__(self, numbers, categories, options):
        super().__init__()
        self.vectors = nn.ModuleList(nn.Embedding(count + 1, options.dimension) for count in categories)
        size = options.hidden
        self.network = nn.Sequential(
            nn.Linear(numbers + options.dimension * len(categories), size),
            *(Block(size, options.dropout) for _ in range(options.layers)), nn.BatchNorm1d(size), nn.ReLU(),
            nn.Linear(size, 1))
        self.options = options

    def forward(self, numbers, categories):
        vectors = [table(categories[:, place]) for place, table in enumerate(self.vectors)]
        return self.network(torch.cat([numbers, *vectors], 1)).squeeze(1)

    def training_step(self, batch, _):
        numbers, categories, target = batch
        return F.binary_cross_entropy_with_logits(self(numbers, categories), target)

    def validation_step(self, batch, _):
        numbers, categories, target = batch
        self.log("loss", F.binary_cross_entropy_with_logits(self(numbers, categories), target))

    def predict_step(self, batch, _):
        return self(batch[0], batch[1]).sigmoid()

    def configure_optimizers(self):
        optimizer = torch.optim.AdamW(
            self.parameters(), lr=self.options.learning_rate, weight_decay=self.options.weight_decay)
        steps = self.trainer.estimated_stepping_batches
        return [optimizer], [{"scheduler": torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps),
                              "interval": "step"}]


def loader(rows, size, shuffle, options):
    if options.batched:
        order = RandomSampler(rows) if shuffle else SequentialSampler(rows)
        return DataLoader(rows, sampler=BatchSampler(order, size, drop_last=shuffle), batch_size=None)
    return DataLoader(rows, size, shuffle=shuffle, drop_last=shuffle)


def main():
    options = arguments()
    warnings.filterwarnings("ignore")
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    torch.set_num_threads(options.threads)
    L.seed_everything(options.seed, verbose=False)
    options.output.mkdir(parents=True, exist_ok=True)
    train, test = (pd.read_csv(path, na_values="?") for path in (options.train, options.test))
    positive = sorted(train[options.target].unique())[-1]
    truths = {name: (frame.pop(options.target) == positive).to_numpy(np.float32)
              for name, frame in (("train", train), ("test", test))}
    if options.folds > 1:
        folds = list(StratifiedKFold(options.folds, shuffle=True, random_state=options.seed).split(train, truths["train"]))
    else:
        folds = [train_test_split(np.arange(len(train)), test_size=0.1, stratify=truths["train"],
                                  random_state=options.seed)]
    averages = np.zeros(len(test))
    for number, (rows, held) in enumerate(folds):
        encoder = Encoder(train.iloc[rows])
        part = lambda frame, target: Rows(*encoder(frame), torch.from_numpy(target))
        model = Table(len(encoder.numbers), [len(known) for known in encoder.categories.values()], options)
        best = ModelCheckpoint(options.output / f"network-{number + 1}", monitor="loss")
        trainer = L.Trainer(
            max_epochs=options.epochs, accelerator="cpu", logger=False, enable_progress_bar=False,
            enable_model_summary=False, gradient_clip_val=1.0, num_sanity_val_steps=0,
            callbacks=[best, EarlyStopping("loss", patience=options.patience)])
        trainer.fit(model, loader(part(train.iloc[rows], truths["train"][rows]), options.batch, True, options),
                    loader(part(train.iloc[held], truths["train"][held]), 1024, False, options))
        model.load_state_dict(torch.load(best.best_model_path, weights_only=False)["state_dict"])
        answers = trainer.predict(model, loader(part(test, truths["test"]), 1024, False, options))
        averages += torch.cat(answers).numpy() / len(folds)
    decided = averages > 0.5
    result = {
        "roc_auc": metrics.roc_auc_score(truths["test"], averages),
        "average_precision": metrics.average_precision_score(truths["test"], averages),
        "log_loss": metrics.log_loss(truths["test"], averages), "brier": metrics.brier_score_loss(truths["test"], averages),
        "accuracy": metrics.accuracy_score(truths["test"], decided), "f1": metrics.f1_score(truths["test"], decided),
        "confusion": metrics.confusion_matrix(truths["test"], decided).tolist(),
    }
    with open(options.output / "metrics.json", "w") as file:
        json.dump(result, file)
    print(json.dumps(result))


os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
main()
