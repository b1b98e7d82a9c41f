"""Measure how far free wordings are best drawn towards the concepts.

    python -m training.tune_wordings [--variant NAME]

Asks for clips of the training set by the paraphrases of ``paraphrases.tsv``, which no training text
repeats, each among ten concepts drawn by chance, and prints the share of right answers by how far
and how softly texts are drawn. What is judged by are other paraphrases: see ``evaluation.yaml``.
"""

import argparse
import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from anysound.models.bundled import BundledModel
from anysound.models.bundled.concepts import Concepts
from anysound.models.bundled.head import TextHead
from anysound.models.bundled.text import TextTable
from anysound.models.protocol import Embeddings, ModelOptions
from training.clips import SEED, read_clips, rows_by_concept
from training.variants import VARIANTS

SHARES = (0.0, 0.2, 0.35, 0.5, 0.65, 0.8)
TEMPERATURES = (0.05, 0.08, 0.1, 0.14, 0.2)
_CLIPS = 8  # of each concept
_CHOICES = 10
_QUESTIONS = 20_000


def paraphrases() -> list[dict[str, str]]:
    """Return the rows of the file: concept, en, zh."""
    lines = (Path(__file__).parent / "paraphrases.tsv").read_text("utf-8").splitlines()
    return list(csv.DictReader((x for x in lines if not x.startswith("#")), delimiter="\t"))


def heard(model: BundledModel, concepts: list[str]) -> Embeddings:
    """Embed some clips of each concept, shape ``(n_concepts, n_clips, dim)``."""
    rng = np.random.default_rng([SEED, 50])
    clips, features = read_clips(lambda clip: clip.concept in concepts)
    rows = rows_by_concept(clips)
    chosen = [rng.choice(rows[concept], _CLIPS) for concept in concepts]
    return np.stack([[model.embed_log_mel(features[i]) for i in some] for some in chosen])


def right(audio: Embeddings, text: Embeddings) -> float:
    """Return the share of clips that find their own paraphrase among ten."""
    rng = np.random.default_rng([SEED, 51])
    hits = 0
    for _ in range(_QUESTIONS):
        asked = rng.choice(len(text), _CHOICES, replace=False)
        clip: NDArray[np.float32] = audio[asked[0], rng.integers(_CLIPS)]
        hits += int(np.argmax(text[asked] @ clip) == 0)
    return hits / _QUESTIONS


def main() -> None:
    """Print a table for each language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variant", choices=VARIANTS, default="fold-3")
    folder = VARIANTS[parser.parse_args().variant].folder / "model"
    rows = paraphrases()
    audio = heard(BundledModel.load(ModelOptions(threads=1), folder), [r["concept"] for r in rows])
    table, head = TextTable.load(folder), TextHead.load(folder)
    for language in ("en", "zh"):
        text = head(table.embed([row[language] for row in rows]))
        print(f"\n| {language}, temperature | " + " | ".join(f"share {s}" for s in SHARES) + " |")
        print("|---" * (len(SHARES) + 1) + "|")
        for temperature in TEMPERATURES:
            drawn = [Concepts.load(folder, share, temperature).draw(text) for share in SHARES]
            print(
                f"| {temperature} | " + " | ".join(f"{right(audio, t):.1%}" for t in drawn) + " |"
            )


if __name__ == "__main__":
    main()
