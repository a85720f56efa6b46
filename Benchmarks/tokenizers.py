"""Compares Wright's tokenizers with Hugging Face's on one thread: ids, bytes per second, training.

    python3 Benchmarks/tokenizers.py .build/release/wright corpus.txt

corpus.txt has a text in each line, better of several languages. Needs tokenizers (0.23.3 was used). The script trains a
tokenizer of each style with the reference library, asks both for the ids of 10,000 strings (lines of the corpus, some of
them damaged, and random characters), times both on the corpus, and lets Wright train the same tokenizers.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time

os.environ["RAYON_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
# This file has the package's name: the package must be found first.
sys.path = [p for p in sys.path if os.path.abspath(p or ".") != os.path.dirname(os.path.abspath(__file__))]
from tokenizers import Regex, Tokenizer  # noqa: E402
from tokenizers import models, normalizers, pre_tokenizers, trainers  # noqa: E402

LETTERS = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}%s| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
           r"|\s+(?!\S)|\s+")
ALPHABET = pre_tokenizers.ByteLevel.alphabet()


def byte_level(cuts, size, special, **options):
    t = Tokenizer(models.BPE(**options))
    t.pre_tokenizer = cuts
    return t, trainers.BpeTrainer(vocab_size=size, special_tokens=special, initial_alphabet=ALPHABET, show_progress=False)


def split(numbers):
    return pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(LETTERS % numbers), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def gpt2():
    return byte_level(pre_tokenizers.ByteLevel(add_prefix_space=False), 20000, ["<|endoftext|>"])


def llama3():
    return byte_level(split("{1,3}"), 30000, ["<s>"], ignore_merges=True)


def qwen():
    t, trainer = byte_level(split(""), 16000, ["<|endoftext|>"])
    t.normalizer = normalizers.NFC()
    return t, trainer


def bert():
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer, t.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    return t, trainers.WordPieceTrainer(vocab_size=20000, special_tokens=["[PAD]", "[UNK]"], show_progress=False)


def strings(lines):
    random.seed(0)
    ranges = [(32, 127), (32, 127), (0xA0, 0x250), (0x300, 0x370), (0x370, 0x600), (0x4E00, 0x9FFF), (0x3040, 0x30FF),
              (0xAC00, 0xD7A3), (0x1F300, 0x1F6FF), (0, 32), (0x2000, 0x2070)]
    result = []
    while len(result) < 5000:
        result.append("".join(chr(random.randrange(*random.choice(ranges))) for _ in range(random.randrange(1, 40))))
    while len(result) < 10000:
        line = random.choice(lines)[:400]
        place = random.randrange(len(line) + 1)
        result.append(line[:place] + random.choice(["", "  ", "\t", "👩‍👧", "e\u0301", "\u3000", "'ll"]) + line[place:])
    return result


def main(wright, corpus):
    def run(*arguments):
        return subprocess.run([wright, *arguments], check=True, capture_output=True, text=True).stdout

    with open(corpus, encoding="utf-8", newline="\n") as file:
        lines = file.read().rstrip("\n").split("\n")
    size = sum(len(line.encode()) for line in lines)
    hard = strings(lines)
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/hard.json", "w") as file:
            json.dump(hard, file)
        for style in (gpt2, llama3, qwen, bert):
            name, path = style.__name__, f"{folder}/{style.__name__}.json"
            t, trainer = style()
            start = time.perf_counter()
            t.train([corpus], trainer)
            training = time.perf_counter() - start
            t.save(path)
            mine = json.loads(run("tokenizer", "encode", path, "--file", f"{folder}/hard.json", "--json"))
            wrong = sum(a["ids"] != t.encode(text).ids for a, text in zip(mine, hard))
            best = float("inf")
            for _ in range(3):
                start = time.perf_counter()
                t.encode_batch(lines)
                best = min(best, time.perf_counter() - start)
            speed = json.loads(run("bench", "tokenizer", path, corpus, "--json"))["megabytes_per_second"]
            start = time.perf_counter()
            run("tokenizer", "train", corpus, "--like", path, "--vocabulary", str(t.get_vocab_size()), "-o",
                f"{folder}/mine.json")
            own = time.perf_counter() - start
            with open(path) as one, open(f"{folder}/mine.json") as two:
                same = json.load(one)["model"] == json.load(two)["model"]
            print(f"{name:8} ids differ in {wrong} of {len(hard)}; encoding {speed:.1f} MB/s, reference "
                  f"{size / best / 1e6:.1f} MB/s, ratio {speed * 1e6 * best / size:.1f}; training {own:.1f} s, reference "
                  f"{training:.1f} s; model {'the same' if same else 'not the same'}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
