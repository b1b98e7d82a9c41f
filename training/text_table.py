"""Make the bundled model's text table: a sentence encoder's space, as one vector a token.

The teacher is an English sentence encoder. English tokens start from the teacher's vectors of
themselves, Chinese ones from those of their senses in CC-CEDICT; then all are trained so that the
sum of a text's tokens points where the teacher puts its meaning. A few minutes on one core; a
second run finds the teacher's vectors in ``training/work``.

    PYTHONPATH=src python -m training.text_table             # makes training/work/text
    PYTHONPATH=src python -m training.text_table --evaluate  # measures on held-out concepts
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

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
from training.text_evaluation import evaluate, hold_out, neighbours
from training.text_teacher import Projection, Teacher, unit
from training.text_vocabulary import (
    Domain,
    Frequencies,
    Sizes,
    chinese_tokens,
    english_tokens,
    make_vocabulary,
)

WORK = HERE / "work"


@dataclass(frozen=True)
class Options:
    """How the table is made.

    Attributes:
        epochs: Passes over all examples.
        batch: Examples a step.
        rate: Adam's highest learning rate.
        contrast: Weight of the loss that tells the meanings of one batch apart.
        temperature: Of that loss.
        alike: Meanings more similar than this are not told apart.
        rarity: Tokens more frequent than this share of a text weigh less than half at first.
        repeat: How often an epoch shows an example of the bank.
        seed: Of the frames and the order of examples.
        sizes: Of the vocabulary.
    """

    epochs: int = 12
    batch: int = 1024
    rate: float = 3e-3
    contrast: float = 0.5
    temperature: float = 0.07
    alike: float = 0.8
    rarity: float = 1e-3
    repeat: int = 1
    seed: int = 0
    sizes: Sizes = field(default_factory=Sizes)


@dataclass(frozen=True)
class Sources:
    """Everything the table is learnt from."""

    bank: Bank
    words: Words
    dictionary: Dictionary
    teacher: Teacher


def make(sources: Sources, options: Options, folder: Path) -> TextTable:
    """Make the table from its sources and write it to ``folder``."""
    english, chinese = choose_tokens(sources, options.sizes)
    vocabulary = make_vocabulary(english | chinese, sources.dictionary.simplified)
    reduce = fit_projection(sources)
    first = initial_rows(english, chinese, sources, reduce, options.rarity)
    examples = all_examples(sources, set(chinese), options)
    tokens = [vocabulary.cut(example.text) for example in examples]
    examples = [example for example, ids in zip(examples, tokens, strict=True) if ids]
    tokens = [ids for ids in tokens if ids]
    meanings = project([example.meaning for example in examples], sources.teacher, reduce)
    print(f"{len(english)} + {len(chinese)} tokens, {len(examples)} examples, "
          f"{reduce.kept:.3f} of the variance kept")  # fmt: skip
    rows = train(place_new(first, tokens, meanings), tokens, meanings, options)
    write(vocabulary, rows, folder)
    table = TextTable.load(folder)
    print(f"lost by quantisation: {quantisation_loss(rows, table, examples):.6f} (1 - cosine)")
    return table


def choose_tokens(sources: Sources, sizes: Sizes) -> tuple[Frequencies, Frequencies]:
    """Choose the English and the Chinese tokens."""
    phrases = list(sources.bank.values())
    pairs = (*sources.words.qualifiers, *sources.words.sounds)
    words = [word for pair in pairs for word in (*pair.en, *pair.zh)]  # "HVAC" is in both
    domain = Domain(
        english=[*words, *(text for both in phrases for text in both["en"])],
        chinese=[*words, *(text for both in phrases for text in both["zh"])],
        labels=[both["en"][0] for both in phrases],
    )
    return (
        english_tokens(sources.dictionary, sources.teacher, domain, sizes),
        chinese_tokens(sources.dictionary, sources.teacher, domain, sizes),
    )


def fit_projection(sources: Sources) -> Projection:
    """Fit the projection to sounds in the main, and to other words of the dictionary."""
    texts = [text for phrases in sources.bank.values() for text in phrases["en"]]
    texts += [text for pair in sources.words.sounds for text in pair.en]
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


def all_examples(sources: Sources, chinese: set[str], options: Options) -> list[Example]:
    """Return one epoch's examples."""
    domain = bank_examples(sources.bank, sources.words, options.seed)
    domain += word_examples(sources.words)
    general = dictionary_examples(sources.dictionary, chinese)
    return domain * options.repeat + general + by_character(general)


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


def train(
    first: Embeddings, tokens: Sequence[list[int]], meanings: Embeddings, options: Options
) -> Embeddings:
    """Train the rows so that the sum of a text's tokens points to its meaning."""
    torch.manual_seed(options.seed)
    bag = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(first), freeze=False, mode="sum")
    optimizer = torch.optim.Adam(bag.parameters(), lr=options.rate, fused=True)
    steps = options.epochs * (len(tokens) // options.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, options.rate, steps, pct_start=0.1)
    goals = torch.from_numpy(meanings)
    rng = np.random.default_rng(options.seed)
    for epoch in range(options.epochs):
        similarities = []
        order = rng.permutation(len(tokens))
        for start in range(0, len(order) - options.batch + 1, options.batch):
            chosen = order[start : start + options.batch]
            cut = [tokens[index] for index in chosen]
            offsets = np.cumsum([0, *map(len, cut[:-1])])
            vectors = bag(torch.tensor(np.concatenate(cut)), torch.from_numpy(offsets))
            loss, similarity = objective(vectors, goals[chosen], options)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            similarities.append(float(similarity))
        print(
            f"epoch {epoch + 1}: mean cosine to the meaning {np.mean(similarities):.4f}", flush=True
        )
    return bag.weight.detach().numpy()


def objective(vectors: Tensor, goals: Tensor, options: Options) -> tuple[Tensor, Tensor]:
    """Return the loss of one batch and its mean similarity to the goals."""
    units = functional.normalize(vectors, dim=1)
    similarity = (units * goals).sum(dim=1).mean()
    same = (goals @ goals.T > options.alike) & ~torch.eye(len(goals), dtype=torch.bool)
    logits = (units @ goals.T / options.temperature).masked_fill(same, -torch.inf)
    apart = functional.cross_entropy(logits, torch.arange(len(goals)))
    return 1 - similarity + options.contrast * apart, similarity.detach()


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
    held_out = parser.parse_args().evaluate
    torch.set_num_threads(1)
    WORK.mkdir(exist_ok=True)
    bank = read_bank()
    kept, asked = hold_out(bank) if held_out else (bank, bank)
    sources = Sources(kept, read_words(), read_dictionary(), Teacher(WORK / "text_teacher.npz"))
    options = Options()
    folder = WORK / ("text_held_out" if held_out else "text")
    table = make(sources, options, folder)
    report = evaluate(table, bank, kept, asked) if held_out else evaluate(table, bank, bank, bank)
    facts = {"held_out": held_out, "figures": report, "options": asdict(options)}
    (folder / "report.json").write_text(json.dumps(facts, indent=1, ensure_ascii=False), "utf-8")
    print(json.dumps(report, indent=1, ensure_ascii=False))
    for probe, found in neighbours(table, kept).items():
        print(f"{probe}: {', '.join(found)}")


if __name__ == "__main__":
    main()
