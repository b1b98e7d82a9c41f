"""Measure a bundled model on recordings that it was not trained on.

    python -m training.evaluate [--data FOLDER] [--model FOLDER] [--fold N ...]

Prints Markdown: accuracy among the ten classes of ESC-10 by English and Chinese labels and by
paraphrases that no phrase of the bank repeats, with 95 % intervals, class by class, and how often
the verdict ``none`` is right.
"""

import argparse
import math
from collections import defaultdict
from pathlib import Path

import numpy as np
import yaml

from anysound.classifier import Classification, Classifier
from anysound.labels import Label
from anysound.models.bundled import BundledModel
from anysound.models.bundled.model import WEIGHTS
from anysound.models.protocol import ModelOptions

PROMPTS = yaml.safe_load((Path(__file__).parent / "evaluation.yaml").read_text(encoding="utf-8"))

Recordings = list[tuple[str, Path]]


def held_out(data: Path, folds: list[int]) -> Recordings:
    """Return the class and path of the recordings of some folds of ESC-10."""
    return [
        (path.parent.name, path)
        for path in sorted((data / "esc10").glob("*/*.ogg"))
        if int(path.name[0]) in folds
    ]


def wilson(right: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927)."""
    z, share = 1.96, right / total
    centre = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total**2)) / (1 + z * z / total)
    return centre - half, centre + half


def answers(
    classifier: Classifier, recordings: Recordings, phrases: dict[str, str]
) -> list[tuple[str, Classification]]:
    """Classify recordings among all classes; each label is named by its class."""
    labels = [Label(name, (phrase,)) for name, phrase in phrases.items()]
    return [(truth, classifier.classify(path, labels)) for truth, path in recordings]


def prompts_report(classifier: Classifier, recordings: Recordings) -> str:
    """Return the accuracy by set of prompts, and by class for the plain labels, as Markdown."""
    rows = ["| prompts | right | accuracy | 95 % interval |", "|---|---|---|---|"]
    by_class: dict[str, list[bool]] = defaultdict(list)
    for kind, sets in PROMPTS.items():
        for name, phrases in sets.items():
            given = answers(classifier, recordings, phrases)
            hits = [truth == answer.label for truth, answer in given]
            low, high = wilson(sum(hits), len(hits))
            share = f"{np.mean(hits):.1%} | {low:.0%} - {high:.0%}"
            rows.append(f"| {kind}, {name} | {sum(hits)} of {len(hits)} | {share} |")
            if kind == "labels":
                for (truth, _), hit in zip(given, hits, strict=True):
                    by_class[truth].append(hit)
    rows += ["", "| class | accuracy, both languages |", "|---|---|"]
    rows += [f"| {name} | {np.mean(hits):.0%} |" for name, hits in by_class.items()]
    return "\n".join(rows)


def verdicts_report(classifier: Classifier, recordings: Recordings) -> str:
    """Return how often ``none`` is said with the true label in the set, and without it."""
    present, absent = [], []
    for phrases in PROMPTS["labels"].values():
        present += [a.verdict == "none" for _, a in answers(classifier, recordings, phrases)]
        for name in phrases:
            others = {other: phrase for other, phrase in phrases.items() if other != name}
            own = [(truth, path) for truth, path in recordings if truth == name]
            absent += [a.verdict == "none" for _, a in answers(classifier, own, others)]
    return (
        "| verdict `none` | share |\n|---|---|\n"
        f"| wrongly, the true label being in the set | {np.mean(present):.1%} |\n"
        f"| rightly, the true label having been taken out | {np.mean(absent):.1%} |"
    )


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--model", type=Path, default=WEIGHTS)
    parser.add_argument("--fold", type=int, nargs="+", default=[3])
    options = parser.parse_args()
    classifier = Classifier(BundledModel.load(ModelOptions(), options.model))
    recordings = held_out(options.data, options.fold)
    if not recordings:
        raise SystemExit(f"no recordings of ESC-10 in {options.data / 'esc10'}")
    folds = ", ".join(map(str, options.fold))
    print(f"Model {classifier.model.info.revision}; {len(recordings)} recordings, fold {folds}\n")
    print(prompts_report(classifier, recordings), end="\n\n")
    print(verdicts_report(classifier, recordings))


if __name__ == "__main__":
    main()
