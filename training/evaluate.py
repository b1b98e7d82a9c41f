"""Measure a bundled model on what it was not trained on.

    python -m training.evaluate                      # the shipped model, and what is kept of its
                                                     # siblings' figures
    python -m training.evaluate --variant fold-3     # a sibling; its figures are kept

Prints Markdown. ``variants.py`` says what each model was trained without; the figures of the
siblings, which are not shipped, stand in ``figures.json``.
"""

import argparse
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from anysound.audio import Recording, load
from anysound.classifier import Classification, Classifier
from anysound.labels import Label
from anysound.models.bundled import BundledModel
from anysound.models.bundled.model import SPEC, WEIGHTS, WINDOW
from anysound.models.protocol import ModelOptions
from training import evaluate_qualifiers
from training.clips import SEED, read_clips, rows_by_concept
from training.effects import CLIP
from training.figures import Figure, Report, count, keep, kept, markdown
from training.packages import ELSEWHERE
from training.recordings import sources
from training.synthesis.registry import Sound
from training.text_data import HERE, read_bank
from training.text_evaluation import read_pairs
from training.variants import EVALUATION, VARIANTS, Variant

Recordings = list[tuple[str, Path]]

CONCEPTS = {
    "Baby cry": "baby_cry",
    "Chainsaw": "chainsaw",
    "Clock tick": "clock_tick",
    "Dog bark": "dog_bark",
    "Fire crackling": "fire_crackling",
    "Helicopter": "helicopter",
    "Person sneeze": "sneeze",
    "Rain": "rain",
    "Rooster": "rooster",
    "Sea waves": "sea_waves",
}
"""Of the folders of ESC-10."""


def held_out(data: Path, folds: str) -> Recordings:
    """Return the class and path of the recordings of some folds of ESC-10."""
    return [
        (path.parent.name, path)
        for path in sorted((data / "esc10").glob("*/*.ogg"))
        if path.name[0] in folds
    ]


def answers(
    classifier: Classifier, recordings: Sequence[tuple[str, Recording]], phrases: dict[str, str]
) -> list[tuple[str, Classification]]:
    """Classify recordings among all classes; each label is named by its class."""
    labels = [Label(name, (phrase,)) for name, phrase in phrases.items()]
    return [(truth, classifier.classify(path, labels)) for truth, path in recordings]


def prompts(classifier: Classifier, recordings: Recordings) -> list[Figure]:
    """Ask for the ten classes by plain labels and by paraphrases."""
    figures = []
    for kind in ("labels", "paraphrases"):
        for name, phrases in EVALUATION[kind].items():
            given = answers(classifier, recordings, phrases)
            hits = [truth == answer.label for truth, answer in given]
            figures.append(count(f"{kind}, {name}", hits))
    return figures


def classes(classifier: Classifier, recordings: Recordings) -> list[Figure]:
    """Count the plain labels of both languages by class."""
    by_class: dict[str, list[bool]] = defaultdict(list)
    for phrases in EVALUATION["labels"].values():
        for truth, answer in answers(classifier, recordings, phrases):
            by_class[truth].append(truth == answer.label)
    return [count(name, hits) for name, hits in by_class.items()]


def verdicts(classifier: Classifier, recordings: Recordings) -> list[Figure]:
    """Count how often ``none`` is not said with the true label there, and said without it."""
    present, absent = [], []
    for phrases in EVALUATION["labels"].values():
        present += [a.verdict != "none" for _, a in answers(classifier, recordings, phrases)]
        for name in phrases:
            others = {other: phrase for other, phrase in phrases.items() if other != name}
            own = [(truth, path) for truth, path in recordings if truth == name]
            absent += [a.verdict == "none" for _, a in answers(classifier, own, others)]
    return [
        count("not `none`, the true label being in the set", present),
        count("`none`, the true label having been taken out", absent),
    ]


def in_noise(classifier: Classifier, recordings: Recordings) -> list[Figure]:
    """Ask for plain labels with white or pink noise added, as strong as the recording."""
    rng = np.random.default_rng([SEED, 41])
    noisy = [
        (truth, _with_noise(rng, load(path, SPEC.rate).waveform.astype(np.float64), pink=pink))
        for truth, path in recordings
        for pink in (False, True)
    ]
    return _plainly(classifier, noisy, "at 0 dB")


def _plainly(
    classifier: Classifier, waveforms: list[tuple[str, NDArray[np.float32]]], how: str
) -> list[Figure]:
    """Ask for altered recordings by plain labels; ``how`` says what was done to them."""
    recordings = [(truth, (waveform, SPEC.rate)) for truth, waveform in waveforms]
    figures = []
    for language, phrases in EVALUATION["labels"].items():
        given = answers(classifier, recordings, phrases)
        hits = [truth == answer.label for truth, answer in given]
        figures.append(count(f"labels, {language}, {how}", hits))
    return figures


def _with_noise(
    rng: np.random.Generator, samples: NDArray[np.float64], *, pink: bool
) -> NDArray[np.float32]:
    noise = rng.standard_normal(len(samples))
    if pink:
        spectrum = np.fft.rfft(noise)
        noise = np.fft.irfft(
            spectrum / np.sqrt(np.maximum(1, np.arange(len(spectrum)))), len(noise)
        )
    mixed = samples + noise * np.sqrt(np.mean(samples**2) / np.mean(noise**2))
    return (mixed / np.abs(mixed).max()).astype(np.float32)


def narrow(classifier: Classifier, recordings: Recordings) -> list[Figure]:
    """Ask for plain labels with nothing left above 8 or 4 kHz, as voice messages and calls have."""
    figures = []
    for highest in (8000, 4000):
        cut = [(t, _below(load(path, SPEC.rate).waveform, highest)) for t, path in recordings]
        figures += _plainly(classifier, cut, f"below {highest // 1000} kHz")
    return figures


def _below(samples: NDArray[np.float32], highest: float) -> NDArray[np.float32]:
    spectrum = np.fft.rfft(samples)
    spectrum[np.fft.rfftfreq(len(samples), 1 / SPEC.rate) > highest] = 0
    return np.fft.irfft(spectrum, len(samples)).astype(np.float32)


def everyday(classifier: Classifier, data: Path) -> list[Figure]:
    """Ask for the everyday recordings among five labels each."""
    roots = {source.name: source.root for source in sources(data)}
    figures = []
    for language in ("en", "zh"):
        hits = []
        for entry in EVALUATION["everyday"]:
            source, _, path = entry["file"].partition("/")
            answer = classifier.classify(roots[source] / path, entry[language])
            hits.append(answer.label == entry[language][0])
        figures.append(count(f"everyday recordings, {language}", hits))
    return figures


def elsewhere(classifier: Classifier) -> Report:
    """Ask for recordings of packages that nothing was trained on, among five labels each.

    Returns:
        Nothing if they weren't fetched: see ``packages.py``.
    """
    entries = EVALUATION["elsewhere"]
    paths = [[ELSEWHERE / path for path in entry["recordings"].values()] for entry in entries]
    missing = sum(not path.exists() for some in paths for path in some)
    if missing:
        print(f"{missing} recordings of packages are missing: training.packages --evaluation\n")
        return {}
    hits: dict[str, list[bool]] = {"en": [], "zh": []}
    by_class: dict[str, list[bool]] = defaultdict(list)
    for entry, some in zip(entries, paths, strict=True):
        for path in some:
            for language, found in hits.items():
                labels = entry[language]
                found.append(classifier.classify(path, labels).label == labels[0])
                by_class[entry["en"][0]].append(found[-1])
    return {
        "recordings from elsewhere": [count(language, found) for language, found in hits.items()],
        "recordings from elsewhere, by class": [count(*each) for each in by_class.items()],
    }


def left_out(model: BundledModel) -> list[Figure]:
    """Ask for sounds of the concepts that were left out, among those concepts."""
    names: list[str] = EVALUATION["left_out"]
    clips, features = read_clips(lambda clip: clip.concept in names)
    rng = np.random.default_rng([SEED, 42])
    by_concept = rows_by_concept(clips)
    rows = np.concatenate(
        [
            rng.choice(by_concept[name], min(60, len(by_concept[name])), replace=False)
            for name in names
        ]
    )
    heard = np.stack([model.embed_log_mel(features[row]) for row in rows])
    bank = read_bank()
    figures = []
    for language in ("en", "zh"):
        labels = model.embed_text([bank[name][language][0] for name in names])
        best = (heard @ labels.T).argmax(axis=1)
        hits = [names[b] == clips[row].concept for b, row in zip(best, rows, strict=True)]
        figures.append(count(f"16 concepts left out, {language}", hits))
    return figures


def label_pairs(model: BundledModel) -> list[Figure]:
    """Ask for the counterpart of each label of the lists, among all of a list in its language.

    The first list was written without sight of the recipe, so some of its labels stand in the bank;
    those that do in neither language are counted apart, still among all. Of the other list no label
    stands there.
    """
    known = {p.lower() for entry in read_bank().values() for p in entry["en"] + entry["zh"]}
    figures = []
    for name in ("label_pairs_blind", "label_pairs"):
        pairs = read_pairs(HERE / f"{name}.tsv")
        new = np.array([zh not in known and en.lower() not in known for zh, en in pairs])
        zh, en = (model.embed_text([pair[side] for pair in pairs]) for side in (0, 1))
        for way, asked, given in (("Chinese to English", zh, en), ("English to Chinese", en, zh)):
            right = (asked @ given.T).argmax(axis=1) == np.arange(len(pairs))
            if not new.all():
                figures.append(count(f"{way}, {len(pairs)} labels", right.tolist()))
            figures.append(count(f"{way}, of {len(pairs)}, in no bank", right[new].tolist()))
    return figures


def edited(data: Path, folds: str) -> evaluate_qualifiers.Source:
    """Return what draws real recordings of some folds, to be edited."""
    recordings = held_out(data, folds)

    def draw(rng: np.random.Generator) -> tuple[str, Sound]:
        truth, path = recordings[rng.integers(len(recordings))]
        return CONCEPTS[truth], Sound(_trimmed(load(path, SPEC.rate).waveform))

    return draw


def _trimmed(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Cut the digital silence off that pads short sounds in ESC-10."""
    loud = np.flatnonzero(np.abs(samples) > 1e-3 * np.abs(samples).max())
    return samples[loud[0] : loud[-1] + 1][:CLIP].astype(np.float64)


def milliseconds(model: BundledModel) -> float:
    """Return the median time that five seconds of sound take on one core."""
    noise = np.random.default_rng(0).standard_normal(round(WINDOW * SPEC.rate)).astype(np.float32)
    times = []
    for _ in range(30):
        start = time.perf_counter()
        model.embed_audio([noise])
        times.append(time.perf_counter() - start)
    return 1000 * float(np.median(times))


def measured(variant: Variant, model: BundledModel, data: Path, folds: str) -> Report:
    """Return the figures that a model can be asked for, by what it was trained without."""
    classifier = Classifier(model)
    recordings = held_out(data, folds)
    report: Report = {}
    if recordings:
        where = f"ESC-10, fold {', '.join(folds)}"
        report[where] = prompts(classifier, recordings)
        report[f"{where}, by class"] = classes(classifier, recordings)
    if recordings and not variant.concepts:
        report[f"{where}, in noise"] = in_noise(classifier, recordings)
        report[f"{where}, narrow"] = narrow(classifier, recordings)
        report["verdict"] = verdicts(classifier, recordings)
        report["qualifiers, real recordings edited"] = evaluate_qualifiers.measure(
            model, edited(data, folds), per_pole=40
        )
    if variant.everyday and not variant.concepts:
        report["everyday"] = everyday(classifier, data)
    if not variant.concepts:
        report |= elsewhere(classifier)
    if variant.concepts:
        report["never heard of"] = left_out(model)
    if variant.name == "shipped":
        report["qualifiers, held-out synthesis"] = evaluate_qualifiers.measure(
            model, evaluate_qualifiers.synthesised, per_pole=100
        )
        report["labels of no training text"] = label_pairs(model)
    return report


def main() -> None:
    """Measure, print, and keep what was measured of a sibling."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--variant", choices=VARIANTS, default="shipped")
    parser.add_argument("--model", type=Path, help="its folder, if it lies elsewhere")
    parser.add_argument(
        "--folds", help="of ESC-10; 4 and 5 for the shipped model, if they are there"
    )
    options = parser.parse_args()
    variant = VARIANTS[options.variant]
    shipped = variant.name == "shipped"
    folder = options.model or (WEIGHTS if shipped else variant.folder / "model")
    folds = options.folds or ("45" if shipped else variant.folds)
    model = BundledModel.load(ModelOptions(threads=1), folder)
    report = measured(variant, model, options.data, folds)
    if not shipped and options.model is None:
        keep(variant.name, model.info.revision, report)
    size = sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) / 1e6
    print(f"## {variant.name}: revision {model.info.revision}, {size:.1f} MB\n")
    print(f"Five seconds of sound take {milliseconds(model):.1f} ms on one core here.\n")
    print(markdown(report))
    if shipped:
        for name in ("fold-3", "zero-shot"):
            print(f"\n## {name}, as kept when it was trained\n\n{markdown(kept(name))}")


if __name__ == "__main__":
    main()
