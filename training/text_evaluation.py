"""How well a text table serves: across languages, for paraphrases, and by eye."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np

from anysound.models.bundled.text import TextTable
from anysound.models.protocol import Embeddings
from training.text_data import HERE, Bank
from training.text_teacher import unit

PROBES = (
    "dry bearing squeal", "chipped gear knock", "motor hum", "baby crying", "HVAC 噪音",
    "轴承干摩擦尖啸声", "齿轮断齿撞击声", "空调滴水声", "微波炉叮声", "远处的狗叫", "急促的警報聲",
    "蒸汽泄漏", "someone is snoring loudly", "a hydrophone recording of whales", "拖拉机",
)  # fmt: skip
"""Texts whose nearest concepts are printed, to be judged by eye."""

Pairs: TypeAlias = list[tuple[str, str]]
"""Labels in Chinese and in English."""

_SHARE = 0.2
_HELD_OUT_PHRASES = 2


def hold_out(bank: Bank, seed: int = 0) -> tuple[Bank, Bank]:
    """Take a fifth of the concepts away, and two phrases a language of the others.

    Returns:
        The bank to train on, and what was taken from it.
    """
    rng = np.random.default_rng(seed)
    kept: Bank = {}
    taken: Bank = {}
    for concept, phrases in bank.items():
        if rng.random() < _SHARE:
            taken[concept] = phrases
            continue
        kept[concept], taken[concept] = {}, {}
        for language in ("en", "zh"):
            first, *others = phrases[language]
            mixed = [str(text) for text in rng.permutation(others)]
            kept[concept][language] = [first, *mixed[_HELD_OUT_PHRASES:]]
            taken[concept][language] = mixed[:_HELD_OUT_PHRASES]
    return kept, taken


def evaluate(table: TextTable, bank: Bank, trained: Bank, asked: Bank) -> dict[str, float]:
    """Measure retrieval; figures are shares of right first answers.

    Args:
        table: The table to measure.
        bank: All phrases.
        trained: The phrases that the table was trained on.
        asked: The phrases to ask for.
    """
    names = list(bank)
    new = [name for name in names if name not in trained] or names
    labels = table.embed([bank[name]["en"][0] for name in names])
    asked_zh = table.embed([bank[name]["zh"][0] for name in new])
    places = [names.index(name) for name in new]
    figures = {
        "label pairs": len(new),
        "zh label to en label, among those": first_right(asked_zh, labels[places], range(len(new))),
        f"zh label to en label, among {len(names)}": first_right(asked_zh, labels, places),
    }
    known = list(trained)
    prototypes = unit(np.stack([prototype(table, trained, name) for name in known]))
    for language in ("en", "zh"):
        pairs = [(text, known.index(name)) for name in known for text in asked[name][language]]
        found = table.embed([text for text, _ in pairs])
        figures[f"{language} phrases"] = len(pairs)
        figures[f"{language} phrase to its concept, among {len(known)}"] = first_right(
            found, prototypes, [place for _, place in pairs]
        )
    return figures


def read_pairs(path: Path = HERE / "label_pairs.tsv") -> Pairs:
    """Read the label pairs: first the development half, then the untouched one."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader((line for line in file if not line.startswith("#")), delimiter="\t")
        next(lines)  # the columns' names
        return [(zh, en) for zh, en in lines]


def evaluate_pairs(table: TextTable, pairs: Pairs, whole: bool) -> dict[str, float]:
    """Measure how often a label's first answer in the other language is its counterpart.

    Args:
        table: The table to measure.
        pairs: All label pairs.
        whole: Also measure on the untouched half, and on all pairs.
    """
    half = len(pairs) // 2
    parts = {"development half": pairs[:half]}
    if whole:
        parts |= {"untouched half": pairs[half:], "all": pairs}
    figures: dict[str, float] = {}
    for part, chosen in parts.items():
        zh, en = table.embed([zh for zh, _ in chosen]), table.embed([en for _, en in chosen])
        places = range(len(chosen))
        figures[f"zh to en, {len(chosen)} label pairs, {part}"] = first_right(zh, en, places)
        figures[f"en to zh, {len(chosen)} label pairs, {part}"] = first_right(en, zh, places)
    return figures


def prototype(table: TextTable, bank: Bank, name: str) -> Embeddings:
    """Return the mean of a concept's phrases in both languages."""
    mean: Embeddings = table.embed([*bank[name]["en"], *bank[name]["zh"]]).mean(axis=0)
    return mean


def first_right(queries: Embeddings, targets: Embeddings, places: Sequence[int]) -> float:
    """Return the share of queries whose nearest target is the right one."""
    return float(((queries @ targets.T).argmax(axis=1) == np.array(places)).mean())


def neighbours(table: TextTable, bank: Bank) -> dict[str, list[str]]:
    """Return the three concepts nearest to each probe."""
    names = list(bank)
    prototypes = unit(np.stack([prototype(table, bank, name) for name in names]))
    similarities = table.embed(PROBES) @ prototypes.T
    return {
        probe: [f"{names[place]} {row[place]:.2f}" for place in (-row).argsort()[:3]]
        for probe, row in zip(PROBES, similarities, strict=True)
    }
