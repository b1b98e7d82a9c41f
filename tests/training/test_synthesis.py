"""Generated sounds: every concept can be heard, and every generator keeps its promises."""

from pathlib import Path

import numpy as np
import pytest
import training.synthesis  # noqa: F401 - fills GENERATORS
from training.instruments import EFFECTS, ENSEMBLES, PERCUSSION, PROGRAMS
from training.qualifiers import opposites
from training.recordings import sources
from training.synthesis.finish import regularity, rhythm
from training.synthesis.registry import GENERATORS, MAX_SECONDS, QUALIFIERS, RATE
from training.text_data import read_bank
from training.voices import CONCEPTS as SPOKEN

BANK = read_bank()


def test_every_generator_makes_a_concept_of_the_bank() -> None:
    assert set(GENERATORS) <= set(BANK)


def test_every_concept_has_sounds() -> None:
    made = {*GENERATORS, *PROGRAMS, *PERCUSSION, *EFFECTS.values(), *ENSEMBLES, *SPOKEN}
    recorded = {concept for source in sources(Path()) for concept in source.patterns}
    assert set(BANK) == made | recorded


@pytest.mark.parametrize("part", range(8))
def test_generated_sounds_are_finite_audible_and_tagged_without_contradiction(part: int) -> None:
    for concept in sorted(GENERATORS)[part::8]:
        for generator in GENERATORS[concept]:
            sound = generator(np.random.default_rng(7))
            waveform = np.asarray(sound.waveform)
            assert np.isfinite(waveform).all(), concept
            assert np.abs(waveform).max() > 1e-4, concept
            assert len(waveform) <= MAX_SECONDS * RATE, concept
            assert set(sound.tags) <= set(QUALIFIERS), concept
            for tag in sound.tags:
                assert not set(opposites(tag)) & set(sound.tags), concept


def test_regular_is_what_came_out_so() -> None:
    assert regularity(np.array([0.1, 0.6, 1.1, 1.61])) == ("regular",)
    assert regularity(np.array([0.1, 0.3, 1.4, 1.7])) == ("irregular",)
    assert regularity(np.array([0.1, 0.6, 1.2, 1.6])) == ()
    assert regularity(np.array([0.1, 1.6])) == ()


def test_an_uneven_rhythm_that_came_out_even_is_not_called_irregular() -> None:
    beats = [rhythm(np.random.default_rng(n), 5.0, 0.6, 2.0, jitter=0.35) for n in range(200)]
    called = {tag for beat in beats for tag in beat.tags}
    assert "irregular" in called
    for beat in beats:
        if "irregular" in beat.tags:
            gaps = np.diff(beat.marks)
            assert gaps.max() > 1.4 * gaps.min()
