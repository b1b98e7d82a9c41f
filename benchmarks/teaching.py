"""Measure what examples add to phrases, and which way of adding them does best.

    python -m benchmarks.teaching --data ../shared/data/esc10 [--weights FOLDER] [--seeds 20]
        [--table accuracy|caution|ways|verdicts ...]

DATA is ESC-10: a folder for each class of files ``fold-source-take``, as they are or as
``benchmarks.telephone`` copied them. For each seed a third of the source recordings of each class
are kept for testing, and examples are drawn from the others, each from another source as long as
there are any: nothing of a recording stands on both sides. A model is measured only on what it was
not trained on; FOLDER is where ``training`` exported one.

Prints four tables, each the mean over the seeds and the 95 % interval of that mean. Accuracy by
the number of examples, in four wordings: phrases alone, examples alone (the nearest mean of a
label's examples), both as ``anysound teach`` blends them. Then the same by how cautious it is, and
in how many splits it does worse than phrases alone. Then the published ways to blend, each with its
own strength chosen by the same cross-validation. Then verdicts, where three of the ten classes are
none of the labels.
"""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import yaml
from numpy.typing import NDArray

from anysound import Classifier
from anysound.evaluation.folds import assign_folds
from anysound.evaluation.hearing import hear
from anysound.labels import LabelSet, read_labels
from anysound.models import AudioTextModel, ModelOptions, load_model
from anysound.models.bundled import BundledModel
from anysound.scoring import needed_similarity
from anysound.teaching.choosing import CAUTION, HOLDS, choose
from anysound.teaching.examples import Sample
from anysound.teaching.fitting import Task, fit
from anysound.teaching.lesson import Example, Lesson

COUNTS = (1, 2, 5, 10)
_CAUTIONS = (0.0, CAUTION, 1.96)
_EVALUATION = Path(__file__).parents[1] / "training" / "evaluation.yaml"
_WORDINGS = ("plain", "en-2", "zh-2", "vague")
_VAGUE = {
    "Baby cry": "a person",
    "Chainsaw": "a machine",
    "Clock tick": "a small mechanism",
    "Dog bark": "an animal",
    "Fire crackling": "burning",
    "Helicopter": "an engine",
    "Person sneeze": "a noise of the body",
    "Rain": "water",
    "Rooster": "an animal outside",
    "Sea waves": "water outside",
}
"""Labels as someone writes them who says what a thing is rather than how it sounds."""

Values: TypeAlias = NDArray[np.float64]
Scorer: TypeAlias = Callable[[Values], Values]
"""Embeddings to similarities, ``(n, dim)`` to ``(n, n_labels)``."""


@dataclass(frozen=True)
class Pool:
    """The recordings, heard once.

    Attributes:
        classes: Their names.
        examples: All recordings.
        embeddings: Of these, shape ``(n, dim)``.
        truth: Class of each.
        sources: What each was cut from.
    """

    classes: tuple[str, ...]
    examples: tuple[Example, ...]
    embeddings: Values
    truth: NDArray[np.intp]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Split:
    """Recordings to learn from, the first of each class first, and to test on."""

    pool: Mapping[int, Sequence[int]]
    test: Sequence[int]

    def train(self, count: int, classes: Sequence[int]) -> list[int]:
        """Return so many examples of each class."""
        return [index for each in classes for index in self.pool[each][:count]]


def read_pool(classifier: Classifier, data: Path) -> Pool:
    """Hear all recordings."""
    classes = sorted(path.name for path in data.iterdir() if path.is_dir())
    paths = [path for name in classes for path in sorted((data / name).iterdir())]
    anywhere = [read_labels(classes)]
    examples = [
        Example(Sample(path.name, path, path.parent.name), hear(classifier, path, anywhere))
        for path in paths
    ]
    heard = [next(iter(each.hearing.heard.parts.values())).embeddings for each in examples]
    return Pool(
        tuple(classes),
        tuple(examples),
        np.stack([each.mean(axis=0) for each in heard]).astype(np.float64),
        np.array([classes.index(path.parent.name) for path in paths]),
        tuple(path.stem.split("-")[1] for path in paths),
    )


def split(pool: Pool, seed: int) -> Split:
    """Keep a third of each class's sources for testing."""
    rng = np.random.default_rng(seed)
    drawn: dict[int, Sequence[int]] = {}
    test: list[int] = []
    for each in range(len(pool.classes)):
        own = [int(index) for index in rng.permutation(np.flatnonzero(pool.truth == each))]
        sources = list(dict.fromkeys(pool.sources[index] for index in own))
        kept = set(sources[: len(sources) // 3])
        test += [index for index in own if pool.sources[index] in kept]
        rest = [index for index in own if pool.sources[index] not in kept]
        firsts = list({pool.sources[index]: index for index in reversed(rest)}.values())
        drawn[each] = firsts + [index for index in rest if index not in firsts]
    return Split(drawn, test)


def wordings(classes: Sequence[str]) -> dict[str, LabelSet]:
    """Return the label sets."""
    known = yaml.safe_load(_EVALUATION.read_text(encoding="utf-8"))
    phrases = {"plain": known["labels"]["en"], **known["paraphrases"], "vague": _VAGUE}
    return {
        name: read_labels([{"name": each, "phrases": phrases[name][each]} for each in classes])
        for name in _WORDINGS
    }


def lesson(
    classifier: Classifier, labels: LabelSet, pool: Pool, rows: Sequence[int], known: Sequence[int]
) -> Lesson:
    """Return the lesson of some recordings; those of no known class are background."""
    truth = tuple(
        known.index(pool.truth[index]) if pool.truth[index] in known else None for index in rows
    )
    return Lesson(classifier, labels, tuple(pool.examples[index] for index in rows), truth)


def accuracy_table(classifier: Classifier, pool: Pool, seeds: int) -> Iterator[str]:
    """Yield a line for each wording and number of examples."""
    everything = range(len(pool.classes))
    yield "| wording | examples a label | phrases alone | examples alone | both | gain |"
    yield "|---|---|---|---|---|---|"
    for name, labels in wordings(pool.classes).items():
        results: dict[int, list[tuple[float, float, float]]] = {count: [] for count in COUNTS}
        for seed in range(seeds):
            drawn = split(pool, seed)
            tested = lesson(classifier, labels, pool, drawn.test, everything)
            alone = _right(tested, labels)
            for count in COUNTS:
                rows = drawn.train(count, everything)
                taught = _teach(lesson(classifier, labels, pool, rows, everything))
                results[count].append(
                    (alone, _nearest_mean(pool, rows, drawn.test), _right(tested, taught))
                )
        for count in COUNTS:
            alone_, examples, both = np.array(results[count]).T
            yield (
                f"| {name} | {count} | {_mean(alone_)} | {_mean(examples)} | {_mean(both)} "
                f"| {_mean(both - alone_, sign=True)} |"
            )


def caution_table(classifier: Classifier, pool: Pool, seeds: int) -> Iterator[str]:
    """Yield a line for each wording: what more or less caution does with five examples a label."""
    everything = range(len(pool.classes))
    yield "| 5 examples a label | phrases alone | " + " | ".join(map(str, _CAUTIONS)) + " |"
    yield "|---|---|" + "---|" * len(_CAUTIONS)
    for name, labels in wordings(pool.classes).items():
        rights = np.zeros((seeds, 1 + len(_CAUTIONS)))
        for seed in range(seeds):
            drawn = split(pool, seed)
            tested = lesson(classifier, labels, pool, drawn.test, everything)
            given = lesson(classifier, labels, pool, drawn.train(5, everything), everything)
            taught = [_teach(given, caution) for caution in _CAUTIONS]
            rights[seed] = [_right(tested, each) for each in (labels, *taught)]
        worse = (rights < rights[:, :1]).sum(axis=0)
        cells = [
            f"{_mean(own)}, worse in {count}" for own, count in zip(rights.T, worse, strict=True)
        ]
        yield f"| {name} | {_mean(rights[:, 0])} | " + " | ".join(cells[1:]) + " |"


def _teach(given: Lesson, caution: float = CAUTION) -> LabelSet:
    return given.taught(np.ones(len(given.examples), dtype=bool), choose(given, caution).hold)


def _right(tested: Lesson, labels: LabelSet) -> float:
    return float(np.mean([tested.judge(labels, at).is_right for at in range(len(tested.truth))]))


def _nearest_mean(pool: Pool, rows: Sequence[int], test: Sequence[int]) -> float:
    scores = pool.embeddings[test] @ _means(pool.embeddings[rows], pool.truth[rows]).T
    return float(np.mean(scores.argmax(axis=1) == pool.truth[test]))


def _means(heard: Values, truth: NDArray[np.intp]) -> Values:
    means = np.stack([heard[truth == each].mean(axis=0) for each in np.unique(truth)])
    return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True))


Way: TypeAlias = Callable[[Task, float], Scorer]


def _prototype(task: Task, share: float) -> Scorer:
    """Blend phrases and the mean of the examples."""
    blend = (1 - share) * task.phrases + share * _means(task.heard, task.target)
    directions = blend / np.linalg.norm(blend, axis=1, keepdims=True)
    return lambda heard: heard @ directions.T


def _cached(task: Task, weight: float) -> Scorer:
    """Tip-Adapter without training (Zhang et al., ECCV 2022), as Treff (Liang et al., 2023)."""
    kinds = np.eye(len(task.phrases))[task.target]

    def score(heard: Values) -> Values:
        near = np.exp(-5.5 * (1 - heard @ task.heard.T))  # their sharpness
        return np.asarray(heard @ task.phrases.T + weight / task.scale * (near @ kinds))

    return score


def _ridge(task: Task, hold: float) -> Scorer:
    """Ridge regression of what the phrases leave unexplained."""
    kinds = np.eye(len(task.phrases))[task.target] - 1 / len(task.phrases)
    own = task.heard @ task.phrases.T
    left = 4 / task.scale * kinds - (own - own.mean(axis=1, keepdims=True))
    gram = task.heard @ task.heard.T + hold * np.eye(len(left))
    directions = task.phrases + np.linalg.solve(gram, left).T @ task.heard
    return lambda heard: heard @ directions.T


def _from_phrases(task: Task, hold: float) -> Scorer:
    """Logistic head that begins at the phrases (Silva-Rodriguez et al., CVPR 2024)."""
    directions = task.phrases + fit(task, hold, task.phrases)
    return lambda heard: heard @ directions.T


def _between(task: Task, hold: float) -> Scorer:
    """Logistic head that begins between phrases and examples: what ``anysound teach`` does."""
    directions = task.phrases + fit(task, hold)
    return lambda heard: heard @ directions.T


_WAYS: dict[str, tuple[Way, Sequence[float]]] = {
    "prototype blend": (_prototype, (0.1, 0.2, 0.4, 0.6, 0.8)),
    "cached examples (Tip-Adapter, Treff)": (_cached, (0.5, 2.0, 8.0, 32.0)),
    "ridge on what phrases leave": (_ridge, (30.0, 10.0, 3.0, 1.0, 0.3)),
    "logistic head from the phrases": (_from_phrases, (1e-2, 1e-3, 1e-4, 1e-5)),
    "logistic head from between": (_between, HOLDS),
}
"""Each with its strengths, the least change first."""


def ways_table(classifier: Classifier, pool: Pool, seeds: int) -> Iterator[str]:
    """Yield a line for each way to blend, of all wordings together."""
    yield "| way | " + " | ".join(f"{count} a label" for count in COUNTS) + " | log loss at 5 |"
    yield "|---|" + "---|" * (len(COUNTS) + 1)
    sets = {name: _phrases(classifier, labels) for name, labels in wordings(pool.classes).items()}
    needed = _needed(classifier, pool)
    for name, (way, strengths) in {"phrases alone": (_alone, (0.0,)), **_WAYS}.items():
        cells: dict[int, list[float]] = {count: [] for count in COUNTS}
        losses = []
        for seed in range(seeds):
            drawn = split(pool, seed)
            for count in COUNTS:
                rights = []
                for phrases in sets.values():
                    rows = drawn.train(count, range(len(pool.classes)))
                    task = _task(classifier, pool, phrases, needed, rows)
                    score = way(task, strengths[0]) if count == 1 else _chosen(task, way, strengths)
                    right, loss = _measured(score, pool, drawn.test, task.scale)
                    rights.append(right)
                    losses += [loss] if count == 5 else []
                cells[count].append(float(np.mean(rights)))
        shown = " | ".join(_mean(np.array(cells[count])) for count in COUNTS)
        yield f"| {name} | {shown} | {np.mean(losses):.3f} |"


def _alone(task: Task, strength: float) -> Scorer:
    return lambda heard: heard @ task.phrases.T


def _phrases(classifier: Classifier, labels: LabelSet) -> Values:
    return classifier.read(labels).embeddings.own.astype(np.float64)


def _needed(classifier: Classifier, pool: Pool) -> Values:
    others = classifier.embed_others().astype(np.float64)
    each = [needed_similarity(others @ row, classifier.calibration) for row in pool.embeddings]
    return np.array(each)


def _task(
    classifier: Classifier, pool: Pool, phrases: Values, needed: Values, rows: Sequence[int]
) -> Task:
    return Task(
        phrases,
        np.ones(len(phrases)),
        classifier.calibration.scale,
        pool.embeddings[rows],
        pool.truth[rows],
        needed[rows],
        np.ones(len(rows)),
    )


def _chosen(task: Task, way: Way, strengths: Sequence[float]) -> Scorer:
    """Choose the strength by cross-validation; phrases alone are always a candidate."""
    count = int(min(5, np.bincount(task.target).min()))
    folds = assign_folds(task.target.tolist(), range(len(task.target)), count)
    candidates: list[tuple[Way, float]] = [(_alone, 0.0), *((way, each) for each in strengths)]
    results = []
    for make, strength in candidates:
        scores = np.zeros((len(task.target), len(task.phrases)))
        for fold in range(count):
            scores[folds == fold] = make(task.of(folds != fold), strength)(
                task.heard[folds == fold]
            )
        results.append(_quality(scores, task.target, task.scale))
    allowed = [at for at, (right, _) in enumerate(results) if right >= results[0][0]]
    make, strength = candidates[min(allowed, key=lambda at: results[at][1])]
    return make(task, strength)


def _measured(score: Scorer, pool: Pool, test: Sequence[int], scale: float) -> tuple[float, float]:
    return _quality(score(pool.embeddings[test]), pool.truth[test], scale)


def _quality(scores: Values, truth: NDArray[np.intp], scale: float) -> tuple[float, float]:
    """Return the share that is right, and the mean of -log p."""
    logits = scale * scores
    losses = np.logaddexp.reduce(logits, axis=1) - logits[np.arange(len(truth)), truth]
    return float(np.mean(scores.argmax(axis=1) == truth)), float(losses.mean())


def verdict_table(classifier: Classifier, pool: Pool, seeds: int) -> Iterator[str]:
    """Yield a line for each way to teach seven classes, with three that are none of them."""
    yield "| plain labels, 5 examples a label | right and a match | others that are a match |"
    yield "|---|---|---|"
    labels = wordings(pool.classes)["plain"]
    ways = ("phrases alone", "taught", "taught, 10 background sounds")
    results: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
    for seed in range(seeds):
        order = [int(each) for each in np.random.default_rng(seed).permutation(len(pool.classes))]
        known, others = sorted(order[:7]), order[7:]
        own = LabelSet(labels[index] for index in known)
        drawn = split(pool, seed)
        background = [index for each in others for index in drawn.pool[each][:4]][:10]
        tested = lesson(classifier, own, pool, drawn.test, known)
        rows = drawn.train(5, known)
        taught = {
            ways[0]: own,
            ways[1]: _teach(lesson(classifier, own, pool, rows, known)),
            ways[2]: _teach(lesson(classifier, own, pool, [*rows, *background], known)),
        }
        for way, each in taught.items():
            results[way].append(_verdicts(tested, each))
    for way in ways:
        matches, false = np.array(results[way]).T
        yield f"| {way} | {_mean(matches)} | {_mean(false)} |"


def _verdicts(tested: Lesson, labels: LabelSet) -> tuple[float, float]:
    judged = [(true, tested.judge(labels, at)) for at, true in enumerate(tested.truth)]
    matches = [each.is_right and not each.is_none for true, each in judged if true is not None]
    false = [not each.is_none for true, each in judged if true is None]
    return float(np.mean(matches)), float(np.mean(false))


def _mean(values: Values, *, sign: bool = False) -> str:
    half = 1.96 * values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.nan
    mark = "+" if sign else ""
    return f"{100 * values.mean():{mark}.1f} ± {100 * half:.1f}"


def _model(name: str, weights: Path | None) -> AudioTextModel:
    return BundledModel.load(ModelOptions(), weights) if weights else load_model(name)


TABLES = {
    "accuracy": accuracy_table,
    "caution": caution_table,
    "ways": ways_table,
    "verdicts": verdict_table,
}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", default="bundled")
    parser.add_argument("--weights", type=Path, help="an exported bundled model")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--table", choices=TABLES, action="append", help="this table alone")
    options = parser.parse_args()
    classifier = Classifier(_model(options.model, options.weights))
    info = classifier.model.info
    pool = read_pool(classifier, options.data)
    print(f"{info.id} {info.revision}, {len(pool.truth)} recordings, {options.seeds} seeds\n")
    for name in options.table or TABLES:
        for line in TABLES[name](classifier, pool, options.seeds):
            print(line, flush=True)
        print()


if __name__ == "__main__":
    main()
