"""Makes text_metrics.json: texts, references and what the reference implementations say of them. Run once, never in CI.

sacrebleu 2.6.0, rouge-score 0.1.2, jiwer 4.0.0; exact match and F1 as in SQuAD's evaluate-v2.0.py.
"""
import collections
import json
import re
import string
import unicodedata

import jiwer
from rouge_score import rouge_scorer, tokenizers
from sacrebleu.metrics import BLEU, CHRF

CASES = {
    "english": [
        ("The cat sat on the mat.", ["The cat is on the mat.", "There is a cat on the mat."]),
        ("It costs $1,234.56 -- about 10-15% more, isn't it?", ["It cost $1,234.56, about 10-15 % more, didn't it?"]),
        ("He said: &quot;no&quot; &amp; left (twice)...", ['He said "no" & left twice.', 'He said: "No!" and left.']),
        ("a b c d e f g", ["a b c d e f g"]),
        ("THE Cat Sat", ["the cat sat"]),
        ("state-of-the-art\tU.S.A., e.g.,3.5,x", ["state of the art U.S.A. e.g. 3.5 x"]),
        ("", ["nothing was said"]),
        ("the the the the the the the", ["the cat is on the mat", "there is a cat on the mat"]),
        ("an answer", ["The answer!", "an Answer"]),
    ],
    "german": [
        ("Ein Mann in blauem Hemd steht auf einer Leiter und putzt ein Fenster.",
         ["Ein Mann in einem blauen Hemd steht auf einer Leiter und putzt ein Fenster."]),
        ("Zwei junge, weiße Männer sind im Freien in der Nähe vieler Büsche.",
         ["Zwei junge weiße Männer sind im Freien in der Nähe vieler Büsche."]),
        ("Müller's Straße – „größer“ als 3,5 km", ["Müllers Straße: „größer“ als 3,5 Kilometer"]),
        ("Cafe\u0301 ist nicht Caf\u00e9", ["Caf\u00e9 ist nicht Caf\u00e9"]),
    ],
    "chinese": [
        ("今天天气很好，我们去公园吧。", ["今天天气真好，我们一起去公园吧。", "今天的天气很好,我们去公园。"]),
        ("《红楼梦》是18世纪的小说ABC-3.5（版本2.0）", ["《红楼梦》是十八世纪的小说 ABC 3.5（版本 2.0）"]),
        ("北京大学", ["北京大学"]),
        ("𠀀𠀁 ﹁漢字﹂ ☀ ‰ 1-2", ["𠀀𠀂 ﹁汉字﹂ ☀ ‱ 1-3"]),
        ("", ["空"]),
    ],
    "short": [("yes", ["yes"]), ("no", ["yes"]), ("a", ["a b"]), ("ok .", ["ok."])],
    "nothing": [("", ["something"]), ("", ["else"])],
    "nothing right": [("x y z", ["a b c"]), ("q", ["r s"])],
    "nothing wanted": [("something", [""]), ("a b", ["a b"])],
    "long": [(" ".join(str(i * i % 31) for i in range(150)), [" ".join(str(i * 7 % 29) for i in range(170))])],
}


class AnyScript(tokenizers.Tokenizer):
    def tokenize(self, text):
        text = "".join(f" {c} " if is_ideograph(c) else c if unicodedata.category(c)[0] in "LN" else " "
                       for c in text.lower())
        return text.split()


def is_ideograph(c):
    return 0x4E00 <= ord(c) <= 0x9FFF or 0x20000 <= ord(c) <= 0x2A6DF


def english(s):
    s = "".join(c for c in s.lower() if c not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", s).split()


def chinese(s):
    s = "".join(c for c in s.lower() if c not in string.punctuation and unicodedata.category(c)[0] != "P")
    return "".join(f" {c} " if is_ideograph(c) else c for c in s).split()


def token_f1(a, b):
    if not a or not b:
        return float(a == b)
    same = sum((collections.Counter(a) & collections.Counter(b)).values())
    return 0.0 if same == 0 else 2 * (same / len(a)) * (same / len(b)) / (same / len(a) + same / len(b))


def edits(unit, hypothesis, references):
    split = {"wer": str.split, "cer": lambda s: list(s.strip())}[unit]
    found = []
    for reference in references:
        r, h = split(reference), split(hypothesis)
        if not r:
            total = len(h)
        elif unit == "wer":
            o = jiwer.process_words(reference, hypothesis)
            total = o.substitutions + o.deletions + o.insertions
        else:
            o = jiwer.process_characters(reference, hypothesis)
            total = o.substitutions + o.deletions + o.insertions
        found.append((total / len(r) if r else (float("inf") if h else 0), total, len(r)))
    return min(found, key=lambda f: f[0])


def scores(segments):
    hypotheses = [h for h, _ in segments]
    references = [[refs[i] if i < len(refs) else None for _, refs in segments]
                  for i in range(max(len(refs) for _, refs in segments))]
    values = {}
    for tokenize in ("13a", "zh", "char"):
        values[f"bleu_{tokenize}"] = BLEU(tokenize=tokenize).corpus_score(hypotheses, references).score
    values["bleu_none"] = BLEU(smooth_method="none").corpus_score(hypotheses, references).score
    values["bleu_lowercase"] = BLEU(lowercase=True).corpus_score(hypotheses, references).score
    values["chrf"] = CHRF().corpus_score(hypotheses, references).score
    values["chrf++"] = CHRF(word_order=2).corpus_score(hypotheses, references).score
    for name, tokenizer in (("latin", None), ("anyScript", AnyScript())):
        scorer = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"], tokenizer=tokenizer)
        all_scores = [scorer.score_multi(refs, h) for h, refs in segments]
        for kind in scorer.rouge_types:
            values[f"{kind}_{name}"] = sum(s[kind].fmeasure for s in all_scores) / len(segments)
    for name, normal in (("english", english), ("chinese", chinese)):
        values[f"exact_match_{name}"] = sum(
            max(normal(h) == normal(r) for r in refs) for h, refs in segments) / len(segments)
        values[f"token_f1_{name}"] = sum(
            max(token_f1(normal(h), normal(r)) for r in refs) for h, refs in segments) / len(segments)
    for unit in ("wer", "cer"):
        found = [edits(unit, h, refs) for h, refs in segments]
        values[unit] = sum(f[1] for f in found) / max(sum(f[2] for f in found), 1)
    return values


cases = []
for name, segments in CASES.items():
    bleu = {tokenize: BLEU(tokenize=tokenize, effective_order=True) for tokenize in ("13a", "zh", "char")}
    cases.append({
        "name": name, "segments": [{"text": h, "references": refs} for h, refs in segments], "values": scores(segments),
        "sentences": {tokenize: [b.sentence_score(h, refs).score for h, refs in segments] for tokenize, b in bleu.items()}})
with open("text_metrics.json", "w") as file:
    json.dump(cases, file, ensure_ascii=False)
    file.write("\n")
