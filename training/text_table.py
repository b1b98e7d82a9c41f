"""Make the bundled model's text table: a sentence encoder's space, as one vector a token.

The teacher is an English sentence encoder. English tokens start from the teacher's vectors of
themselves, Chinese ones from those of their senses in CC-CEDICT; then all are trained so that the
sum of a text's tokens points where the teacher puts its meaning. What is learnt are the bank's
phrases, labels composed from the lexicon, and the dictionary's words. A few minutes on one core; a
second run finds the teacher's vectors in ``training/work``.

    python -m training.text_table                      # makes training/work/text
    python -m training.text_table --variant zero-shot  # the same without what that leaves out
    python -m training.text_table --evaluate           # measures on held-out concepts
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from anysound.models.bundled import text as runtime
from anysound.models.bundled.text import TextTable, Vocabulary
from anysound.models.protocol import Embeddings
from training.text_data import (
    HERE,
    Bank,
    Dictionary,
    Example,
    Meaning,
    Words,
    bank_examples,
    dictionary_examples,
    read_bank,
    read_dictionary,
    read_words,
    word_examples,
    word_meaning,
)
from training.text_evaluation import (
    evaluate,
    evaluate_pairs,
    hold_out,
    neighbours,
    read_pairs,
)
from training.text_lexicon import Amounts, Lexicon, Refused, lexicon_examples, read_lexicon
from training.text_teacher import Projection, Teacher, unit
from training.text_training import Training, train
from training.text_vocabulary import (
    CHINESE_LENGTH,
    Domain,
    Frequencies,
    Sizes,
    chinese_tokens,
    english_tokens,
    english_words,
    make_vocabulary,
)
from training.variants import LEFT_OUT, VARIANTS

WORK = HERE / "work"


@dataclass(frozen=True)
class Options:
    """How the table is made.

    Attributes:
        rarity: Tokens more frequent than this share of a text weigh less than half at first.
        repeat: How often an epoch shows an example of the bank.
        seed: Of the frames and of the lexicon's compositions.
        amounts: Of the lexicon's compositions.
        sizes: Of the vocabulary.
        training: How the rows are trained.
    """

    rarity: float = 1e-3
    repeat: int = 2
    seed: int = 0
    amounts: Amounts = field(default_factory=Amounts)
    sizes: Sizes = field(default_factory=Sizes)
    training: Training = field(default_factory=Training)


@dataclass(frozen=True)
class Sources:
    """Everything the table is learnt from.

    Attributes:
        bank: Phrases of sounds.
        words: Words for how a sound sounds.
        lexicon: Words for what sounds, and how.
        dictionary: Of everything else.
        asked: Labels that must not be learnt, because they are asked for afterwards.
        teacher: Knows the meaning of English texts.
    """

    bank: Bank
    words: Words
    lexicon: Lexicon
    dictionary: Dictionary
    asked: list[str]
    teacher: Teacher


def make(sources: Sources, options: Options, folder: Path) -> TextTable:
    """Make the table from its sources and write it to ``folder``."""
    english, chinese = choose_tokens(sources, options.sizes)
    vocabulary = make_vocabulary(english, chinese, sources.dictionary.simplified)
    reduce = fit_projection(sources)
    first = initial_rows(english, chinese, sources, reduce, options.rarity)
    examples = all_examples(sources, vocabulary, set(chinese), options)
    tokens = [vocabulary.cut(example.text) for example in examples]
    examples = [example for example, ids in zip(examples, tokens, strict=True) if ids]
    tokens = [ids for ids in tokens if ids]
    meanings = project([example.meaning for example in examples], sources.teacher, reduce)
    print(f"{len(english)} + {len(chinese)} tokens, {len(examples)} examples, "
          f"{reduce.kept:.3f} of the variance kept")  # fmt: skip
    rows = train(place_new(first, tokens, meanings), tokens, meanings, options.training)
    vocabulary, rows = without_unknown(vocabulary, rows)
    write(vocabulary, rows, folder)
    table = TextTable.load(folder)
    print(f"lost by quantisation: {quantisation_loss(rows, table, examples):.6f} (1 - cosine)")
    return table


def choose_tokens(sources: Sources, sizes: Sizes) -> tuple[Frequencies, Frequencies]:
    """Choose the English and the Chinese tokens."""
    phrases = list(sources.bank.values())
    pairs = (*sources.words.qualifiers, *sources.words.sounds)
    words = [word for pair in pairs for word in (*pair.en, *pair.zh)]  # "HVAC" is in both
    terms = sources.lexicon.terms()
    domain = Domain(
        english=[
            *words,
            *(text for both in phrases for text in both["en"]),
            *(text for term in terms for text in term.en),
        ],
        chinese=[*words, *(text for both in phrases for text in both["zh"])],
        terms=[text for term in terms for text in term.zh],
        labels=[
            *(both["en"][0] for both in phrases),
            *(term.en[0] for term in terms),
        ],
    )
    return (
        english_tokens(sources.dictionary, sources.teacher, domain, sizes),
        chinese_tokens(sources.dictionary, sources.teacher, domain, sizes),
    )


def fit_projection(sources: Sources) -> Projection:
    """Fit the projection to sounds in the main, and to other words of the dictionary.

    What a sibling is left without plays no part: axes that the tables have in common let one
    variant go on from where another stopped.
    """
    bank = {name: both for name, both in sources.bank.items() if name not in LEFT_OUT}
    texts = [text for phrases in bank.values() for text in phrases["en"]]
    texts += [text for pair in sources.words.sounds for text in pair.en]
    texts += [term.en[0] for term in sources.lexicon.terms()]
    senses = sources.dictionary.senses
    texts += [sense for word in sorted(sources.dictionary.sounds) for sense in senses[word]]
    texts += [senses[word][0] for word in sorted(senses)[::25]]
    return Projection.fit(sources.teacher.embed(texts))


def initial_rows(
    english: Frequencies,
    chinese: Frequencies,
    sources: Sources,
    reduce: Projection,
    rarity: float,
) -> Embeddings:
    """Return each token's own meaning, shorter the more frequent it is."""
    senses = sources.dictionary.senses
    latin: list[Meaning] = [((token, 1.0),) for token in english]
    han: list[Meaning] = [word_meaning(senses.get(token, ["sound"])) for token in chinese]
    rows = project(latin + han, sources.teacher, reduce)
    for index, token in enumerate(chinese, start=len(english)):
        if token not in senses:  # a word that only the bank has: see place_new
            rows[index] = 0
    frequency = np.array([*english.values(), *chinese.values()], np.float32)
    return rows * (rarity / (rarity + frequency))[:, None]


def place_new(rows: Embeddings, tokens: Sequence[list[int]], meanings: Embeddings) -> Embeddings:
    """Start words without a meaning of their own from the texts they occur in."""
    found = np.zeros_like(rows)
    for ids, meaning in zip(tokens, meanings, strict=True):
        found[ids] += meaning
    return np.where(rows.any(axis=1, keepdims=True), rows, unit(found))


def all_examples(
    sources: Sources, vocabulary: Vocabulary, chinese: set[str], options: Options
) -> list[Example]:
    """Return one epoch's examples, without the labels that are asked for afterwards."""
    refused = refuse(sources.asked, vocabulary)
    domain = bank_examples(sources.bank, sources.words, options.seed)
    domain += word_examples(sources.words)
    composed = lexicon_examples(
        sources.lexicon, sources.words, options.amounts, options.seed, refused
    )
    general = dictionary_examples(sources.dictionary, chinese)
    examples = domain * options.repeat + composed + general + by_character(general)
    examples += unknown_words(sources.dictionary, vocabulary)
    return [example for example in examples if not refused([example.text])]


def refuse(asked: Sequence[str], vocabulary: Vocabulary) -> Refused:
    """Return what tells whether one of some texts is asked for afterwards."""
    labels = {vocabulary.normalise(label) for label in asked}
    return lambda texts: any(vocabulary.normalise(text) in labels for text in texts)


def unknown_words(dictionary: Dictionary, vocabulary: Vocabulary) -> list[Example]:
    """Return words that are no tokens, so that their pieces learn what they may stand for."""
    known = set(vocabulary.tokens)
    english = [Example(word, ((word, 1.0),)) for word in english_words(dictionary)]
    chinese = [
        Example(word, word_meaning(senses))
        for word, senses in dictionary.senses.items()
        if word not in dictionary.names and len(word) <= CHINESE_LENGTH
    ]
    return [example for example in english + chinese if example.text not in known]


def by_character(examples: Sequence[Example]) -> list[Example]:
    """Return the Chinese words with spaces between, so that single characters learn from them."""
    return [
        Example(" ".join(example.text), example.meaning)
        for example in examples
        if len(example.text) > 1 and not example.text.isascii()
    ]


def project(meanings: Sequence[Meaning], teacher: Teacher, reduce: Projection) -> Embeddings:
    """Return the unit vector of each meaning, shape ``(n, DIM)``."""
    distinct = sorted({text for meaning in meanings for text, _ in meaning})
    vectors = reduce(teacher.embed(distinct))
    places = {text: index for index, text in enumerate(distinct)}
    sums = np.zeros((len(meanings), vectors.shape[1]), np.float32)
    for total, meaning in zip(sums, meanings, strict=True):
        for text, weight in meaning:
            total += weight * vectors[places[text]]
    return unit(sums)


def without_unknown(vocabulary: Vocabulary, rows: Embeddings) -> tuple[Vocabulary, Embeddings]:
    """Leave out the tokens that no example told anything of: texts are cut into their parts then.

    净化器 would be cut out whole, and mean nothing, while 净化 and 器 do.
    """
    told = rows.any(axis=1)
    tokens = [
        (token, cost)
        for token, cost, is_told in zip(vocabulary.tokens, vocabulary.costs, told, strict=True)
        if is_told
    ]
    kept, costs = zip(*tokens, strict=True)
    return replace(vocabulary, tokens=kept, costs=costs), rows[told]


def write(vocabulary: Vocabulary, rows: Embeddings, folder: Path) -> None:
    """Write the files of a table: rows as int8, each with its own scale."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / runtime.TOKENS_FILE).write_text("\n".join(vocabulary.tokens) + "\n", "utf-8")
    np.save(folder / runtime.COSTS_FILE, np.array(vocabulary.costs, np.int16))
    pairs = [(chr(old), chr(new)) for old, new in vocabulary.simplified.items()]
    lines = ["".join(characters) for characters in zip(*pairs, strict=True)]
    (folder / runtime.CHARACTERS_FILE).write_text("\n".join(lines) + "\n", "utf-8")
    highest = np.abs(rows).max(axis=1)
    scales = np.where(highest > 0, highest / 127, 1).astype(np.float32)
    table: NDArray[np.int8] = np.rint(rows / scales[:, None]).astype(np.int8)
    np.save(folder / runtime.TABLE_FILE, table)
    np.save(folder / runtime.SCALES_FILE, scales)


def quantisation_loss(rows: Embeddings, table: TextTable, examples: Sequence[Example]) -> float:
    """Return the mean distance of embeddings before and after quantisation."""
    texts = [example.text for example in examples[:: max(1, len(examples) // 2000)]]
    exact = unit(np.stack([rows[table.vocabulary.cut(text)].sum(axis=0) for text in texts]))
    return float(1 - (exact * table.embed(texts)).sum(axis=1).mean())


def main() -> None:
    """Make the table, or measure one that was made without some of the bank."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--evaluate", action="store_true", help="hold out a part of the bank")
    parser.add_argument("--variant", choices=VARIANTS, default="shipped")
    arguments = parser.parse_args()
    held_out, variant = arguments.evaluate, VARIANTS[arguments.variant]
    torch.set_num_threads(1)
    WORK.mkdir(exist_ok=True)
    bank, pairs = read_bank(), read_pairs()
    bank = {name: phrases for name, phrases in bank.items() if name not in variant.concepts}
    kept, asked = hold_out(bank) if held_out else (bank, bank)
    unseen = [*pairs, *read_pairs(HERE / "label_pairs_blind.tsv")]
    labels = [label for pair in unseen for label in pair]
    if held_out:
        labels += [text for both in asked.values() for texts in both.values() for text in texts]
    teacher = Teacher(WORK / "text_teacher.npz")
    sources = Sources(kept, read_words(), read_lexicon(), read_dictionary(), labels, teacher)
    options = Options()
    folder = WORK / "text-held-out" if held_out else variant.text
    table = make(sources, options, folder)
    report = evaluate(table, bank, kept, asked) | evaluate_pairs(table, pairs, whole=not held_out)
    facts = {"held_out": held_out, "figures": report, "options": asdict(options)}
    (folder / "report.json").write_text(json.dumps(facts, indent=1, ensure_ascii=False), "utf-8")
    print(json.dumps(report, indent=1, ensure_ascii=False))
    for probe, found in neighbours(table, kept).items():
        print(f"{probe}: {', '.join(found)}")


if __name__ == "__main__":
    main()
