#!/usr/bin/env python3
"""Tags and their scores by seqeval 1.2.2, in its default mode: `python3 make_entities.py` writes `entities.json`."""
import json
import os
import random

from seqeval.metrics import f1_score, precision_score, recall_score

random.seed(0)
names = ["O"] + [f"{prefix}-{kind}" for kind in ("PER", "LOC") for prefix in "BIES"]
cases = []
for noise, tags in [(0.1, names), (0.4, names), (0.5, ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]), (1, ["O", "B-PER"])]:
    truths = [[random.choice(tags) for _ in range(random.randint(1, 12))] for _ in range(12)]
    said = [[random.choice(tags) if random.random() < noise else tag for tag in row] for row in truths]
    cases.append({
        "tags": tags, "truths": truths, "said": said, "precision": precision_score(truths, said),
        "recall": recall_score(truths, said), "f1": f1_score(truths, said)})
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "entities.json"), "w") as file:
    json.dump(cases, file)
