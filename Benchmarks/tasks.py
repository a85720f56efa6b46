#!/usr/bin/env python3
"""What `wright init`, `train` and `evaluate` make of real data sets, with nothing but the file.

    python3 Benchmarks/tasks.py DATA [NAME ...] [--wright PATH] [--folds N] [--fold-seed N]

DATA is the folder that holds `tabular/`, `text_en/`, `text_zh/`, `intent/`, `speech/`, `medical/`, `vision/`,
`education/` and `timeseries/`. A data set without a test part of its own is cut into five stratified parts (drawn with
--fold-seed), each of which is the test once; the score is their mean. Archives are unpacked first, as a user would. Needs numpy.
Prints a Markdown table: score, what is asked for, seconds and peak memory of the training command.
"""
import argparse, csv, gzip, json, os, shutil, subprocess, sys, tarfile, tempfile, time, zipfile
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


FOLD_SEED = 0  # draws the five parts of sets without a test part of their own


def stratified(labels, parts=5, seed=0):
    """The part of each row; every label has the same share of every part."""
    random = np.random.RandomState(seed)
    part = np.zeros(len(labels), int)
    for label in sorted(set(labels)):
        rows = np.flatnonzero(labels == label)
        part[random.permutation(rows)] = np.arange(len(rows)) % parts
    return part


def folds(table, target, is_number=False):
    """Five times the rows to train on and those to measure on, as tables."""
    header, rows = table
    column = header.index(target)
    labels = np.array([row[column] for row in rows])
    if is_number:  # tenths
        labels = np.argsort(np.argsort(labels.astype(float))) * 10 // len(rows)
    part = stratified(labels, seed=FOLD_SEED)
    chosen = lambda keep: (header, [rows[row] for row in np.flatnonzero(keep)])
    return [(chosen(part != number), chosen(part == number)) for number in range(5)]


def folded(table, target, is_number=False):
    return [files(parts) for parts in folds(table, target, is_number)]


def files(table):
    """Writes the two tables of a part, and says what to train on and what to measure on."""
    def prepare(folder):
        for name, rows in zip(("train.csv", "test.csv"), table):
            write(rows, f"{folder}/{name}")
        return "train.csv", "test.csv"
    return prepare


def fsdd(data):
    """Spoken digits: of each speaker and digit the first five recordings are the test."""
    def prepare(folder):
        with zipfile.ZipFile(f"{data}/speech/fsdd/recordings.zip") as archive:
            archive.extractall(f"{folder}/sounds")
        names = sorted(
            os.path.relpath(os.path.join(place, name), f"{folder}/sounds")
            for place, _, found in os.walk(f"{folder}/sounds") for name in found if name.endswith(".wav"))
        rows = [(name, os.path.basename(name)[:-4].split("_")) for name in names]
        for part, is_test in (("train", False), ("test", True)):
            chosen = [[f"sounds/{name}", digit] for name, (digit, _, take) in rows if (int(take) < 5) == is_test]
            write((["file", "digit"], chosen), f"{folder}/{part}.csv")
        return "train.csv", "test.csv"
    return [prepare]


def pneumoniamnist(data):
    """One archive with parts of its own."""
    def prepare(folder):
        shutil.copy(f"{data}/medical/pneumoniamnist/pneumoniamnist.npz", folder)
        return "pneumoniamnist.npz", None
    return [prepare]


def cifar10(data):
    """Folders of pictures, one for each class."""
    def prepare(folder):
        for part in ("train", "test"):
            with tarfile.open(f"{data}/vision/cifar10_jpeg/{part}.tar.gz") as archive:
                archive.extractall(f"{folder}/{part}", filter="data")
        return "train", "test"
    return [prepare]


def assist2009(data):
    """Answers of students in order, three lines for each; the skill of each answer is known, and those before it."""
    def prepare(folder):
        rows = []
        for part in ("train", "test"):
            with gzip.open(f"{data}/education/assist2009_updated/assist2009_updated_{part}.csv.gz", "rt") as file:
                lines = file.read().split("\n")
            for start in range(0, len(lines) - 2, 3):
                skills, answers = (line.strip(",\r").replace(",", " ") for line in lines[start + 1:start + 3])
                # Every tenth student tells when to stop.
                rows.append([skills, answers, "validation" if part == "train" and start % 30 == 0 else part])
        write((["skills", "answers", "part"], rows), f"{folder}/answers.csv")
        with open(f"{folder}/run.yaml", "w") as file:
            file.write(
                "data: {path: answers.csv}\nsplit: {kind: column, column: part}\n"
                "inputs:\n  - {name: skills, type: sequence}\n  - {name: answers, type: sequence, shift: 1}\n"
                "outputs:\n  - {name: answers, type: sequence}\n")
        return "answers.csv", None
    return [prepare]


def etth1(data):
    """Twelve months to learn from, four to validate and four to test: 14,400 hours, as papers have it."""
    def prepare(folder):
        header, rows = table(f"{data}/timeseries/etth1/ETTh1.csv.gz")
        write((header, rows[:14400]), f"{folder}/etth1.csv")
        return "etth1.csv", None
    return [prepare]


def adult(folder):
    read = lambda name: table(f"{folder}/tabular/adult/{name}", skipinitialspace=True)
    return [files((read("adult.data.gz"), read("adult.test.gz")))]


def sst2(folder):
    read = lambda name: table(f"{folder}/text_en/sst2/{name}.tsv", delimiter="\t", quoting=csv.QUOTE_NONE)
    return [files((read("train"), read("test")))]


def clinc150(folder):
    with gzip.open(f"{folder}/intent/clinc150/data_full.json.gz") as file:
        data = json.load(file)
    return [files(((["text", "intent"], data["train"]), (["text", "intent"], data["test"])))]


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
    "fsdd": (fsdd, "digit", "accuracy", 0.98),
    "pneumoniamnist": (pneumoniamnist, "label", "roc_auc", 0.94),
    "cifar10_jpeg": (cifar10, "label", "accuracy", 0.65),
    "assist2009": (assist2009, "answers", "roc_auc", 0.75),
    "etth1": (etth1, ["HUFL", "HULL", "MUFL", "MULL", "LUFL", "LULL", "OT"], "mse_standardized", 0.40),
}


def run(wright, parts, target, metric, settings):
    """Scores, seconds and the largest peak memory of the training commands."""
    scores, seconds, memory = [], [], 0
    for prepare in parts:
        with tempfile.TemporaryDirectory() as folder:
            train, test = prepare(folder)

            def call(*words):
                return subprocess.run([wright, *words], check=True, capture_output=True, text=True, cwd=folder).stdout

            targets = target if isinstance(target, list) else [target]
            if not os.path.exists(f"{folder}/run.yaml"):
                call("init", train, *(word for name in targets for word in ("--target", name)), "-o", "run.yaml")
            start = time.time()
            flags = [word for setting in settings for word in ("--set", setting)]
            result = json.loads(call("train", "run.yaml", "--output", "model", "--json", *flags))
            seconds.append(time.time() - start)
            memory = max(memory, result["peak_memory_bytes"])
            # Data with a test part of its own is measured by the training command.
            measured = json.loads(call("evaluate", "model", "--data", test, "--json")) if test else result["test"]
            scores.append(np.mean([measured["outputs"][name][metric] for name in targets]))
    return scores, seconds, memory


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--wright", default=os.path.join(os.path.dirname(__file__), "..", ".build", "release", "wright"))
    parser.add_argument("--folds", type=int, default=5, help="how many of the five parts are tested")
    parser.add_argument("--set", action="append", default=[], help="a setting of the task, for trying things out")
    parser.add_argument("--fold-seed", type=int, default=FOLD_SEED, help="draws the five parts")
    options = parser.parse_args()
    globals()["FOLD_SEED"] = options.fold_seed
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


if __name__ == "__main__":
    main()
