"""How well a model tells a qualifier from its opposite.

A sound is made twice, so that one pole is true of it and so that the other is; each is asked which
of two labels fits, "high-pitched dog barking" or "low-pitched dog barking", read as a user's are. A
figure counts both poles equally often, so its share is the balanced accuracy.
"""

from collections.abc import Callable, Iterator
from zlib import crc32

import numpy as np

import training.synthesis  # noqa: F401 - fills GENERATORS
from anysound.labels import Label, read_labels
from anysound.models.bundled import BundledModel
from anysound.reading import LabelReader
from training.clips import SEED
from training.edits import POLES, Poles
from training.effects import Samples, placed
from training.figures import Figure, count
from training.qualifiers import qualified
from training.synthesis.registry import GENERATORS, Sound
from training.text_data import read_bank

_BANK = read_bank()
_LANGUAGES = ("en", "zh")

Source = Callable[[np.random.Generator], tuple[str, Sound]]
"""Draws a sound and its concept."""

Example = tuple[str, Samples, str]
"""A concept, a sound, and the qualifier that is true of it."""


def synthesised(rng: np.random.Generator) -> tuple[str, Sound]:
    """Draw a sound that the training set can't hold, since its seeds are others."""
    concept = str(rng.choice(sorted(GENERATORS)))
    generators = GENERATORS[concept]
    return concept, generators[rng.integers(len(generators))](rng)


def examples(rng: np.random.Generator, poles: Poles, draw: Source, per_pole: int) -> list[Example]:
    """Return as many sounds of either pole: made by its generator so, or edited so."""
    found: dict[str, list[Example]] = {name: [] for name in poles.names}
    for _ in range(12 * per_pole):
        if min(map(len, found.values())) >= per_pole:
            break
        concept, sound = draw(rng)
        samples = np.asarray(sound.waveform, dtype=np.float64)
        own = [name for name in poles.names if name in sound.tags]
        if len(own) == 1:
            found[own[0]].append((concept, samples, own[0]))
        elif poles.fits(samples):
            for name, edit in zip(poles.names, poles.edits, strict=True):
                found[name].append((concept, edit(rng, samples), name))
    even = min(per_pole, *map(len, found.values()))
    return [example for name in poles.names for example in found[name][:even]]


def right(
    model: BundledModel, rng: np.random.Generator, poles: Poles, example: Example
) -> Iterator[bool]:
    """Ask for the true pole in both languages."""
    concept, samples, true = example
    waveform = placed(rng, samples)
    waveform /= np.abs(waveform).max() + 1e-12
    heard = model.embed_audio([waveform.astype(np.float32)])[0]
    for language in _LANGUAGES:
        phrase = _BANK[concept][language][0]
        captions = qualified(rng, phrase, language, *poles.names)
        labels = read_labels([Label(caption, (caption,)) for caption in captions])
        best = int(np.argmax(LabelReader(model).embed_label_set(labels) @ heard))
        yield poles.names[best] == true


def measure(model: BundledModel, draw: Source, per_pole: int) -> list[Figure]:
    """Return one figure a pair of opposites.

    Args:
        model: Is asked.
        draw: Where the sounds come from.
        per_pole: How many sounds of each pole it is asked about, in both languages.
    """
    figures = []
    for poles in POLES:
        name = " / ".join(poles.names)
        rng = np.random.default_rng([SEED, 40, crc32(name.encode())])
        hits = [
            hit
            for example in examples(rng, poles, draw, per_pole)
            for hit in right(model, rng, poles, example)
        ]
        if hits:
            figures.append(count(name, hits))
    return figures
