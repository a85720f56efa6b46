#!/usr/bin/env python3
"""Does `wright data check` find faults that were put into real data, and does it leave sound data alone?

    python3 Benchmarks/faults.py DATA [NAME ...] [--wright PATH] [--labels]

DATA is the folder that holds `tabular/`, `text_en/` and `text_zh/`. Each fault is put into a fresh copy (seed 0) of a part
for training or a part for testing. "seeded" and "found" count rows, or columns for faults of columns; "false alarms" are
rows or columns of the same kind of finding that were not seeded and that the data did not already have; "before" is what
the untouched data has of this kind. With --labels, models are trained in five folds to look for wrong labels, which takes
minutes. Prints a Markdown table. Needs numpy.
"""
import argparse, csv, json, os, random, subprocess, sys, tempfile
import numpy as np
from tasks import folds, table, write


def adult(folder):
    read = lambda name: table(f"{folder}/tabular/adult/{name}", skipinitialspace=True)
    return read("adult.data.gz"), read("adult.test.gz")


def sst2(folder):
    read = lambda name: table(f"{folder}/text_en/sst2/{name}.tsv", delimiter="\t", quoting=csv.QUOTE_NONE)
    return read("train"), read("test")


def chnsenticorp(folder):
    header, rows = table(f"{folder}/text_zh/chnsenticorp_htl/ChnSentiCorp_htl_all.csv")
    return folds((header, [row for row in rows if row[header.index("review")]]), "label")[0]


def tabular(name, target, is_number=False):
    return lambda folder: folds(table(f"{folder}/tabular/{name}/{name}.csv"), target, is_number)[0]


# The reader, the target, the column of texts, and a column of numbers to shift.
SETS = {
    "adult": (adult, "income", None, "age"),
    "wa_churn": (tabular("wa_churn", "churn"), "churn", None, "monthly_charges"),
    "ames": (tabular("ames", "Sale_Price", True), "Sale_Price", None, "Gr_Liv_Area"),
    "sst2": (sst2, "label", "text", None),
    "chnsenticorp_htl": (chnsenticorp, "label", "review", None),
}


def luhn(digits):
    total = sum(sum(divmod(2 * d, 10)) if i % 2 == 0 else d for i, d in enumerate(reversed(digits)))
    return (10 - total % 10) % 10


def card(rng):
    digits = [4] + [rng.randrange(10) for _ in range(14)]
    return "".join(map(str, digits + [luhn(digits)]))


def identity(rng):
    digits = f"{rng.choice(['110101', '310104', '440305'])}{rng.randrange(1950, 2005)}{rng.randrange(1, 13):02}{rng.randrange(1, 29):02}{rng.randrange(1000):03}"
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights)) % 11]


def american(rng):
    area = rng.choice(["212", "310", "415", "604", "713", "973"])
    return f"{area}{rng.randrange(2, 10)}{rng.randrange(20, 100)}{rng.randrange(10000):04}"


def abroad(rng):
    start, count = rng.choice([("447", 9), ("49176", 7), ("336", 8), ("9198", 8), ("8613", 9), ("1646555", 4)])
    return start + "".join(str(rng.randrange(10)) for _ in range(count))


PERSONAL = [
    lambda rng: f"{rng.choice(['ann', 'wei.zhang', 'li_na', 'j.smith'])}{rng.randrange(100)}@{rng.choice(['example.com', 'mail.example.cn', 'qq.com'])}",
    lambda rng: f"1{rng.choice('3578')}{rng.randrange(10**9):09}",
    lambda rng: f"+44 20 {rng.randrange(1000, 9999)} {rng.randrange(1000, 9999)}",
    lambda rng: f"({rng.randrange(201, 989)}) {rng.randrange(200, 999)}-{rng.randrange(1000, 9999)}",
    card,
    identity,
]


def chosen(rng, count, share):
    return sorted(rng.sample(range(count), max(1, int(count * share))))


def altered(text, rng, spaced):
    """A word, or three letters, left out, and a mark added."""
    if spaced:
        words = text.split(" ")
        del words[rng.randrange(len(words))]
        return " ".join(words) + " !"
    place = rng.randrange(max(1, len(text) - 3))
    return text[:place] + text[place + 3 :] + "！"


def faults(name, train, test, target, text, number):
    """Yields: fault, kind of finding, train, test, what was seeded as ("test", rows) or ("train", rows) or ("columns", names)."""
    header = train[0]
    copy = lambda part: [list(part[0]), [list(row) for row in part[1]]]
    place = header.index(target)

    rng = random.Random(0)
    one, other = copy(train), copy(test)
    rows = chosen(rng, len(other[1]), 0.05)
    for row in rows:
        other[1][row] = list(rng.choice(one[1]))
    yield "rows of training in the test part", "overlap", one, other, ("test", rows)

    one = copy(train)
    rows = list(range(len(one[1]), len(one[1]) + len(one[1]) // 20))
    one[1].extend(list(rng.choice(train[1])) for _ in rows)
    yield "rows twice", "duplicates", one, test, ("train", rows)

    one = copy(train)
    answers = sorted({row[place] for row in one[1]})
    one[0].insert(0, "outcome")
    for row in one[1]:
        answer = row[place]
        if len(answers) > 20:
            value = f"{float(answer) * rng.gauss(1, 0.02):.0f}"
        else:
            value = f"code {answers.index(answer if rng.random() < 0.98 else rng.choice(answers))}"
        row.insert(0, value)
    yield "a column that gives the target away", "leakage", one, None, ("columns", ["outcome"])

    one = copy(train)
    one[0].insert(0, "currency")
    one[1] = [["EUR"] + row for row in one[1]]
    yield "a column of one value", "constant", one, None, ("columns", ["currency"])

    one = copy(train)
    one[0].insert(0, "record")
    numbers = list(range(100_000, 100_000 + len(one[1])))
    rng.shuffle(numbers)
    one[1] = [[str(value)] + row for value, row in zip(numbers, one[1])]
    yield "a column of keys", "identifier", one, None, ("columns", ["record"])

    if text:
        column = header.index(text)
        spaced = not text == "review"
        one, other = copy(train), copy(test)
        long = [row for row in one[1] if len(row[column]) >= (60 if spaced else 30)]
        rows = chosen(rng, len(other[1]), 0.05)
        for row in rows:
            source = list(rng.choice(long))
            source[column] = altered(source[column], rng, spaced)
            other[1][row] = source
        yield "altered rows of training in the test part", "near_overlap", one, other, ("test", rows)

        one = copy(train)
        rows = chosen(rng, len(one[1]), 0.02)
        for row in rows:
            words, value = one[1][row][column], rng.choice(PERSONAL)(rng)
            at = rng.randrange(len(words) + 1) if not spaced else 0
            one[1][row][column] = words[:at] + (f" {value} " if spaced else value if not words[max(0, at - 1):at + 1].isascii() else f" {value} ") + words[at:]
        yield "personal data in texts", "personal_data", one, None, ("train", rows)
    else:
        for label, make in [
            ("e-mail", PERSONAL[0]), ("Chinese mobile numbers", PERSONAL[1]), ("North American numbers", american),
            ("numbers of several countries", abroad), ("card", card), ("identity", identity),
        ]:
            one = copy(train)
            one[0].insert(0, "contact")
            one[1] = [[make(rng)] + row for row in one[1]]
            yield f"a column of personal data: {label}", "personal_data", one, None, ("columns", ["contact"])

    if number:
        other = copy(test)
        column = header.index(number)
        for row in other[1]:
            if row[column]:
                row[column] = f"{float(row[column]) * 1.5:.6g}"
        yield "a column half as large again in the test part", "shift", train, other, ("columns", [number])


def check(wright, folder, train, test, target, *more):
    write(train, f"{folder}/train.csv")
    command = [wright, "data", "check", f"{folder}/train.csv", "--target", target, "--json", *more]
    if test:
        write(test, f"{folder}/test.csv")
        command += ["--against", f"{folder}/test.csv"]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)}: {result.stderr}")
    return json.loads(result.stdout)["findings"]


def lines(part):
    """The line on which each row starts."""
    place, found = 1, []
    for row in [part[0], *part[1]]:
        found.append(place)
        place += 1 + sum(field.count("\n") for field in row)
    return found[1:]


def told(findings, kind, what, part=None):
    found = [finding for finding in findings if finding["kind"] == kind]
    if what == "columns":
        return {finding["column"] for finding in found}
    return {line for finding in found for line in finding["lines"] if finding["part"] in (part, None)}


def wrong_labels(wright, folder, name, train, target, text):
    """Five of a hundred labels are wrong; models that did not see a row say which."""
    header, rows = train
    rng = random.Random(1)
    rows = [list(row) for row in rows]
    rng.shuffle(rows)
    rows = rows[:10_000]
    place = header.index(target)
    answers = sorted({row[place] for row in rows})
    wrong = chosen(rng, len(rows), 0.05)
    for row in wrong:
        rows[row][place] = rng.choice([answer for answer in answers if answer != rows[row][place]])
    write((header, rows), f"{folder}/labels.csv")
    run = lambda *words: subprocess.run([wright, *words], check=True, capture_output=True)
    run("init", f"{folder}/labels.csv", "--target", target, "-o", f"{folder}/labels.yaml", "--overwrite")
    run("train", f"{folder}/labels.yaml", "--output", f"{folder}/labels", "--overwrite", "-q", "--set", "train.folds=5",
        *(["--set", "train.epochs=5"] if text else []))
    findings = json.load(open(f"{folder}/labels/data_check.json"))["findings"]
    place_of = lines((header, rows))
    # The surest come first; none where hard rows explain what networks contradict.
    found = [line for finding in findings if finding["kind"] == "label_errors" for line in finding["lines"]]
    seeded = {place_of[row] for row in wrong}
    first = seeded & set(found[:len(seeded)])
    return len(seeded), len(seeded & set(found)), len(set(found) - seeded), len(first) / len(seeded)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--wright", default=".build/release/wright")
    parser.add_argument("--labels", action="store_true")
    arguments = parser.parse_args()
    print("| data | fault | seeded | found | recall | false alarms | before |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for name in arguments.names or SETS:
        reader, target, text, number = SETS[name]
        train, test = reader(arguments.data)
        with tempfile.TemporaryDirectory() as folder:
            clean = check(arguments.wright, folder, train, test, target)
            for fault, kind, one, other, (what, items) in faults(name, train, test, target, text, number):
                findings = check(arguments.wright, folder, one, other, target)
                part = {"train": "train", "test": "test"}.get(what)
                names = {"train": f"{folder}/train.csv", "test": f"{folder}/test.csv"}
                seeded = set(items) if what == "columns" else {lines({"train": one, "test": other}[what])[row] for row in items}
                found = told(findings, kind, what, names.get(part))
                before = told(clean, kind, what, names.get(part))
                hits = found & seeded
                print(f"| {name} | {fault} | {len(seeded)} | {len(hits)} | {len(hits) / len(seeded):.2f} | {len(found - seeded - before)} | {len(before)} |", flush=True)
            if arguments.labels and name != "ames":
                seeded, hits, wrong, first = wrong_labels(arguments.wright, folder, name, train, target, text)
                print(f"| {name} | wrong labels | {seeded} | {hits} | {hits / seeded:.2f} | {wrong}, {first:.2f} right of the surest {seeded} | – |", flush=True)


if __name__ == "__main__":
    main()
