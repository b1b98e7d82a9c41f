"""Places in time and phrases to avoid, as the bundled model hears them."""

import numpy as np
import pytest

from anysound import Classification, Classifier

RATE = 16_000


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier("bundled")


def beep(seconds: float = 0.6) -> np.ndarray:
    """A beep of an appliance: 1 kHz, without clicks at its edges."""
    time = np.arange(round(seconds * RATE)) / RATE
    edge = np.minimum(1.0, np.minimum(time, seconds - time) / 0.01)
    return 0.5 * edge * np.sin(2 * np.pi * 1000 * time)


def noise(seconds: float, seed: int = 0) -> np.ndarray:
    """Pink noise."""
    size = round(seconds * RATE)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(size))
    pink = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 1)), size)
    return 0.1 * pink / np.abs(pink).max()


def hum(seconds: float) -> np.ndarray:
    """The hum of a machine: harmonics of 100 Hz, and a little noise."""
    time = np.arange(round(seconds * RATE)) / RATE
    tones = sum(np.sin(2 * np.pi * 100 * n * time + n) / n for n in range(1, 5))
    return 0.08 * tones + noise(seconds)


def with_beeps(background: np.ndarray, *starts: float) -> np.ndarray:
    waveform = background.copy()
    for start in starts:
        first = round(start * RATE)
        waveform[first : first + len(beep())] += beep()
    return waveform.astype(np.float32)


def similarity(result: Classification, label: str) -> float:
    value = next(score.similarity for score in result.scores if score.label == label)
    assert value is not None
    return value


def probability(result: Classification, label: str) -> float:
    return next(score.probability for score in result.scores if score.label == label)


@pytest.mark.parametrize(
    ("labels", "hinted"),
    [
        ("beep(last 1 s), dog barking, rain", "beep(last 1 s)"),
        ("beep at the end, dog barking, rain", "beep at the end"),
        ("哔声(最后 1 秒), 狗叫, 下雨", "哔声(最后 1 秒)"),
        ("哔声在结尾, 狗叫, 下雨", "哔声在结尾"),
    ],
)
def test_a_beep_is_named_where_it_is_and_not_claimed_where_it_is_not(
    classifier: Classifier, labels: str, hinted: str
) -> None:
    for seed in range(4):
        background = noise(10.0, seed)
        at_end = classifier.classify((with_beeps(background, 9.2), RATE), labels)
        at_start = classifier.classify((with_beeps(background, 0.3), RATE), labels)
        assert at_end.label == hinted
        assert at_start.label != hinted
        assert probability(at_start, hinted) < at_end.probability - 0.2
        assert similarity(at_end, hinted) > similarity(at_start, hinted) + 0.1


def test_a_beep_at_the_end_outweighs_the_noise_that_it_stands_in(classifier: Classifier) -> None:
    labels = "beep(last 1 s), white noise, dog barking"
    result = classifier.classify((with_beeps(noise(10.0), 9.2), RATE), labels)
    assert [score.label for score in result.scores] == labels.split(", ")
    assert classifier.classify((noise(10.0).astype(np.float32), RATE), labels).label == (
        "white noise"
    )


@pytest.mark.parametrize(
    ("name", "avoid", "others"),
    [
        ("machine humming", "machine humming(without beep)", "rain, dog barking"),
        ("机器嗡嗡声", "机器嗡嗡声(无哔声)", "下雨, 狗叫"),
    ],
)
def test_what_is_avoided_costs_the_mixture_and_hardly_the_clean_sound(
    classifier: Classifier, name: str, avoid: str, others: str
) -> None:
    clean = (hum(4.0).astype(np.float32), RATE)
    mixture = (with_beeps(hum(4.0), 0.2, 1.2, 2.2, 3.2), RATE)
    results = {
        (label, sound): classifier.classify(recording, f"{label}, {others}")
        for label in (name, avoid)
        for sound, recording in (("clean", clean), ("mixture", mixture))
    }
    lost = {
        sound: similarity(results[name, sound], name) - similarity(results[avoid, sound], avoid)
        for sound in ("clean", "mixture")
    }
    assert results[avoid, "clean"].label == avoid
    assert 0 <= lost["clean"] < 0.01
    assert lost["mixture"] > 0.05
    for sound in ("clean", "mixture"):
        kept = probability(results[avoid, sound], avoid)
        assert kept <= probability(results[name, sound], name)
    (lowered,) = (s.avoided for s in results[avoid, "mixture"].scores if s.label == avoid)
    assert len(lowered) == 1
    for label in others.split(", "):
        for sound in ("clean", "mixture"):
            assert similarity(results[avoid, sound], label) == similarity(
                results[name, sound], label
            )
