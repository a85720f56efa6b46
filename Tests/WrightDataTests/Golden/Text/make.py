"""Makes the tokenizers and answers of this folder with Hugging Face's tokenizers 0.23 and sentencepiece 0.2.

    python3 -m venv .venv && .venv/bin/pip install tokenizers==0.23.3 sentencepiece==0.2.3
    .venv/bin/python make.py

For each style: a small tokenizer.json, and in STYLE.answers.json for each hard text its ids, offsets (bytes) and the
text that the ids decode to. merges of the *.trained.json are what training on texts.json gives.
"""

import io
import json
import random

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer
from tokenizers import decoders as D
from tokenizers import models as M
from tokenizers import normalizers as N
from tokenizers import pre_tokenizers as P
from tokenizers import processors as R
from tokenizers import trainers as T

random.seed(7)
WORDS = """the of and a to in is you that it he was for on are as with his they I at be this have from or one had by
word but not what all were we when your can said there use an each which she do how their if will up other about out many
then them these so some her would make like him into time has look two more write go see number no way could people my
than first water been call who oil its now find long down day did get come made may part over new sound take only little
work know place year live me back give most very after thing our just name good sentence man think say great where help
naïve café Über straße Москва мир привет Ελλάδα""".split()
CHINESE = ["今天天气很好", "我们去吃饭吧", "这家酒店的服务不错", "床前明月光", "疑是地上霜", "举头望明月", "低头思故乡", "房间干净"]
TEXTS = []
for _ in range(600):
    TEXTS.append(" ".join(random.choice(WORDS) for _ in range(random.randrange(3, 14))) + random.choice(".!?,;"))
    if random.random() < 0.3:
        TEXTS.append(random.choice(CHINESE) + "，" + random.choice(CHINESE) + "。" + str(random.randrange(3000)))
HARD = ["", " ", "  ", "\n", "\t a", "a\r\nb", "Hello, world! It's 3,14159 o'clock; don't you'LL?", "naïve cafe\u0301 Ångström",
        "İstanbul STRASSE ǅ", "今天天气很好，我们去吃饭吧。", "東京とソウル 서울 각", "👩‍👩‍👧‍👦🇨🇳👍🏽❤️🏳️‍🌈", "a\u200db\u200cc\ufeffd",
        "\x00\x01\x1f\x7f\x85", "\u00a0\u1680\u2003\u2028\u3000x\u180e", "ﬁ ① ㎏ ３４ ½", "<s>[CLS] <|endoftext|>x</s> [MASK]",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" * 4, "the the  the   the    the", "1234567890 12 345", "▁ ▁▁x",
        "e\u0323\u0307 \u1e69 q\u0307\u0323", "\U0001d54f\U0002a6d6 \ufffd", "don’t “quote” — dash…", "x" * 130, "ZZ topZZ zz"]
ALPHABET = list("abcdeXYZ 019'.,!-_\n\t") + ["  ", "é", "e\u0301", "ß", "İ", "я", "Ω", "中", "文", "，", "の", "각", "한", "👍🏽", "👩‍👧",
                                              "\u200d", "\u00a0", "\u3000", "ﬁ", "①", "\u0323", "\x00", "\ufeff", "'s", "'LL", "the", "</s>"]
while len(HARD) < 200:
    HARD.append("".join(random.choice(ALPHABET) for _ in range(random.randrange(1, 30))))

BYTES = P.ByteLevel.alphabet()
QWEN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
LLAMA3 = QWEN.replace(r"|\p{N}|", r"|\p{N}{1,3}|")


def gpt2():
    t = Tokenizer(M.BPE())
    t.pre_tokenizer, t.decoder = P.ByteLevel(add_prefix_space=False), D.ByteLevel()
    t.post_processor = R.ByteLevel(trim_offsets=False)
    return t, T.BpeTrainer(vocab_size=700, special_tokens=["<|endoftext|>"], initial_alphabet=BYTES, show_progress=False)


def roberta():
    t = Tokenizer(M.BPE())
    t.pre_tokenizer, t.decoder = P.ByteLevel(add_prefix_space=True), D.ByteLevel()
    t.post_processor = R.RobertaProcessing(sep=("</s>", 2), cls_token=("<s>", 0), trim_offsets=True, add_prefix_space=True)
    return t, T.BpeTrainer(
        vocab_size=600, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"], initial_alphabet=BYTES, show_progress=False)


def llama3():
    t = Tokenizer(M.BPE(ignore_merges=True))
    t.pre_tokenizer = P.Sequence([P.Split(Regex(LLAMA3), "isolated"), P.ByteLevel(add_prefix_space=False, use_regex=False)])
    t.decoder = D.ByteLevel()
    t.post_processor = R.TemplateProcessing(single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 0)])
    return t, T.BpeTrainer(vocab_size=700, special_tokens=["<s>", "</s>"], initial_alphabet=BYTES, show_progress=False)


def qwen():
    t = Tokenizer(M.BPE())
    t.normalizer = N.NFC()
    t.pre_tokenizer = P.Sequence([P.Split(Regex(QWEN), "isolated"), P.ByteLevel(add_prefix_space=False, use_regex=False)])
    t.decoder, t.post_processor = D.ByteLevel(), R.ByteLevel(trim_offsets=False)
    return t, T.BpeTrainer(vocab_size=600, special_tokens=["<|endoftext|>"], initial_alphabet=BYTES, show_progress=False)


def llama2():
    t = Tokenizer(M.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    t.pre_tokenizer = P.Metaspace()
    t.decoder = D.Sequence([D.Replace("▁", " "), D.ByteFallback(), D.Fuse(), D.Strip(" ", 1, 0)])
    bytes_ = [f"<0x{i:02X}>" for i in range(256)]
    return t, T.BpeTrainer(vocab_size=700, special_tokens=["<unk>", "<s>", "</s>"] + bytes_, limit_alphabet=80, show_progress=False)


def bert():
    t = Tokenizer(M.WordPiece(unk_token="[UNK]"))
    t.normalizer, t.pre_tokenizer, t.decoder = N.BertNormalizer(), P.BertPreTokenizer(), D.WordPiece()
    t.post_processor = R.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return t, T.WordPieceTrainer(
        vocab_size=500, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False)


def unigram():
    t = Tokenizer(M.Unigram())
    t.normalizer = N.Sequence([N.Nmt(), N.NFKC(), N.Replace(Regex(" {2,}"), " ")])
    t.pre_tokenizer, t.decoder = P.Metaspace(), D.Metaspace()
    return t, T.UnigramTrainer(vocab_size=400, special_tokens=["<unk>", "<s>"], unk_token="<unk>", show_progress=False)


def word():
    t = Tokenizer(M.WordLevel(unk_token="[UNK]"))
    t.normalizer = N.Sequence([N.Strip(), N.NFD(), N.StripAccents(), N.Lowercase()])
    t.pre_tokenizer = P.Sequence([P.Whitespace(), P.Punctuation("merged_with_next"), P.Digits(True)])
    return t, T.WordLevelTrainer(vocab_size=300, special_tokens=["[UNK]"], show_progress=False)


def llama2_as_shipped(trained):
    data = json.loads(trained.to_str())
    data["pre_tokenizer"] = None
    data["normalizer"] = {"type": "Sequence", "normalizers": [
        {"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]}
    data["added_tokens"] = [x for x in data["added_tokens"] if not x["content"].startswith("<0x")]
    t = Tokenizer.from_str(json.dumps(data))
    t.add_tokens([AddedToken("ZZ", single_word=True, normalized=False), AddedToken("zz", lstrip=True, rstrip=True)])
    return t


def answers(t):
    result = []
    for text in HARD:
        e = t.encode(text)
        places = [0]
        for character in text:
            places.append(places[-1] + len(character.encode()))
        result.append({"ids": e.ids, "offsets": [[places[a], places[b]] for a, b in e.offsets], "text": t.decode(e.ids)})
    return result


def write(name, value):
    with open(name, "w", encoding="utf-8") as f:
        json.dump(value, f, ensure_ascii=True, separators=(",", ":"))


write("texts.json", TEXTS)
write("hard.json", HARD)
for style in (gpt2, roberta, llama3, qwen, llama2, bert, unigram, word):
    t, trainer = style()
    t.train_from_iterator(TEXTS, trainer)
    if style is llama2:
        t = llama2_as_shipped(t)
    t.save(style.__name__ + ".tokenizer.json", pretty=False)
    write(style.__name__ + ".answers.json", answers(t))
for kind, options in (("unigram", {}), ("bpe", {"byte_fallback": True})):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXTS), model_writer=model, vocab_size=340 if kind == "unigram" else 600, model_type=kind, character_coverage=0.99,
        user_defined_symbols=["<sep>"], minloglevel=2, **options)
    with open(f"sp-{kind}.model", "wb") as f:
        f.write(model.getvalue())
    sp = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    texts = [h for h in HARD if "\x00" not in h] + ["a<sep>b <sep> c"]
    write(f"sp-{kind}.answers.json", [{"in": h, "ids": sp.encode(h), "text": sp.decode(sp.encode(h))} for h in texts])
