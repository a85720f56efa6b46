#!/usr/bin/env python3
"""What `wright init`, `train` and `evaluate` make of real data sets, with nothing but the file.

    python3 Benchmarks/tasks.py DATA [NAME ...] [--wright PATH] [--folds N]

DATA is the folder that holds `tabular/`, `text_en/`, `text_zh/` and `intent/`. A data set without a test part of its own is
cut into five stratified parts (seed 0), each of which is the test once; the score is their mean. Needs numpy.
Prints a Markdown table: score, what is asked for, seconds and peak memory of the training command.
"""
import argparse, csv, gzip, json, os, subprocess, sys, tempfile, time
import numpy as np


def table(path, **options):
    """Header and rows."""
    opened = gzip.open(path, "rt", newline="") if path.endswith(".gz") else open(path, newline="")
    with opened as file:
        header, *rows = csv.reader(file, **options)
    return header, [row for row in rows if len(row) == len(header)]


def write(table, path):
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([table[0], *table[1]])


def stratified(labels, parts=5, seed=0):
    """The part of each row; every label has the same share of every part."""
    random = np.random.RandomState(seed)
    part = np.zeros(len(labels), int)
    for label in sorted(set(labels)):
        rows = np.flatnonzero(labels == label)
        part[random.permutation(rows)] = np.arange(len(rows)) % parts
    return part


def folded(table, target, is_number=False):
    header, rows = table
    column = header.index(target)
    labels = np.array([row[column] for row in rows])
    if is_number:  # tenths
        labels = np.argsort(np.argsort(labels.astype(float))) * 10 // len(rows)
    part = stratified(labels)
    chosen = lambda keep: (header, [rows[row] for row in np.flatnonzero(keep)])
    return [(chosen(part != number), chosen(part == number)) for number in range(5)]


def adult(folder):
    read = lambda name: table(f"{folder}/tabular/adult/{name}", skipinitialspace=True)
    return [(read("adult.data.gz"), read("adult.test.gz"))]


def sst2(folder):
    read = lambda name: table(f"{folder}/text_en/sst2/{name}.tsv", delimiter="\t", quoting=csv.QUOTE_NONE)
    return [(read("train"), read("test"))]


def clinc150(folder):
    with gzip.open(f"{folder}/intent/clinc150/data_full.json.gz") as file:
        data = json.load(file)
    return [((["text", "intent"], data["train"]), (["text", "intent"], data["test"]))]


def chnsenticorp(folder):
    header, rows = table(f"{folder}/text_zh/chnsenticorp_htl/ChnSentiCorp_htl_all.csv")
    return folded((header, [row for row in rows if row[header.index("review")]]), "label")[:1]


def tabular(name, target, is_number=False):
    return lambda folder: folded(table(f"{folder}/tabular/{name}/{name}.csv"), target, is_number)


SETS = {
    "german_credit": (tabular("german_credit", "class"), "class", "roc_auc", 0.79),
    "credit_data": (tabular("credit_data", "Status"), "Status", "roc_auc", 0.84),
    "wa_churn": (tabular("wa_churn", "churn"), "churn", "roc_auc", 0.845),
    "ames": (tabular("ames", "Sale_Price", True), "Sale_Price", "r2", 0.88),
    "adult": (adult, "income", "roc_auc", 0.915),
    "sst2": (sst2, "label", "accuracy", 0.80),
    "chnsenticorp_htl": (chnsenticorp, "label", "accuracy", 0.88),
    "clinc150": (clinc150, "intent", "accuracy", 0.89),
}


def run(wright, parts, target, metric, settings):
    """Scores, seconds and the largest peak memory of the training commands."""
    scores, seconds, memory = [], [], 0
    for train, test in parts:
        with tempfile.TemporaryDirectory() as folder:
            write(train, f"{folder}/train.csv")
            write(test, f"{folder}/test.csv")

            def call(*words):
                return subprocess.run([wright, *words], check=True, capture_output=True, text=True, cwd=folder).stdout

            call("init", "train.csv", "--target", target, "-o", "run.yaml")
            start = time.time()
            flags = [word for setting in settings for word in ("--set", setting)]
            result = json.loads(call("train", "run.yaml", "--output", "model", "--json", *flags))
            seconds.append(time.time() - start)
            memory = max(memory, result["peak_memory_bytes"])
            measured = json.loads(call("evaluate", "model", "--data", "test.csv", "--json"))
            scores.append(measured["outputs"][target][metric])
    return scores, seconds, memory


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--wright", default=os.path.join(os.path.dirname(__file__), "..", ".build", "release", "wright"))
    parser.add_argument("--folds", type=int, default=5, help="how many of the five parts are tested")
    parser.add_argument("--set", action="append", default=[], help="a setting of the task, for trying things out")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in SETS]
    if unknown:
        sys.exit(f"there is no {', '.join(unknown)}; there are {', '.join(SETS)}")
    print("| data | metric | score | asked for | seconds | memory |\n| --- | --- | ---: | ---: | ---: | ---: |")
    for name in options.names or SETS:
        parts, target, metric, goal = SETS[name]
        scores, seconds, memory = run(
            os.path.abspath(options.wright), parts(options.data)[: options.folds], target, metric, options.set)
        print(
            f"| {name} | {metric} | {np.mean(scores):.4f} | {goal} | {np.mean(seconds):.1f} | {memory / 2**20:.0f} MiB |",
            flush=True)


main()
