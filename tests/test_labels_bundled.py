"""What labels promise, as the bundled model hears them."""

import numpy as np
import pytest

from anysound import Classifier

RATE = 32_000
TIME = np.arange(5 * RATE) / RATE
LANGUAGES = ("en", "zh")


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier("bundled")


def hum() -> np.ndarray:
    """The hum of a machine: harmonics of 100 Hz."""
    return 0.1 * sum(np.sin(2 * np.pi * 100 * n * TIME) / n for n in range(1, 9))


def in_bursts(sound: np.ndarray) -> np.ndarray:
    ramp = np.hanning(800)
    gate = (np.floor(TIME / 0.6) % 2 == 0).astype(float)
    return sound * np.convolve(gate, ramp / ramp.sum(), "same")


def siren(start: float, end: float) -> np.ndarray:
    return 0.3 * np.sin(np.cumsum(np.geomspace(start, end, len(TIME))) * 2 * np.pi / RATE)


def beeps() -> np.ndarray:
    tone = np.sin(2 * np.pi * 1000 * TIME)
    return 0.3 * tone * ((TIME % 0.8 < 0.2) & (TIME > 0.3))


QUALIFIED = [
    (("machine hum(continuous)", "machine hum(intermittent)"), hum(), in_bursts(hum())),
    (("机器嗡嗡声(连续)", "机器嗡嗡声(断断续续)"), hum(), in_bursts(hum())),
    (("siren(rising)", "siren(falling)"), siren(400, 1600), siren(1600, 400)),
    (("警笛声(上升调)", "警笛声(下降调)"), siren(400, 1600), siren(1600, 400)),
    (
        ("machine humming(getting louder)", "machine humming(fading)"),
        hum() * (TIME / 5) ** 2,
        hum() * (1 - TIME / 5) ** 2,
    ),
    (
        ("机器嗡嗡声(越来越响)", "机器嗡嗡声(越来越轻)"),
        hum() * (TIME / 5) ** 2,
        hum() * (1 - TIME / 5) ** 2,
    ),
]


@pytest.mark.parametrize(
    ("labels", "first", "second"),
    QUALIFIED,
    ids=[each[0][0] for each in QUALIFIED],
)
def test_a_qualifier_is_told_from_its_opposite(
    classifier: Classifier, labels: tuple[str, str], first: np.ndarray, second: np.ndarray
) -> None:
    for sound, name in zip((first, second), labels, strict=True):
        answer = classifier.classify((sound.astype(np.float32), RATE), list(labels))
        assert answer.label == name
        assert {group.group for group in answer.groups} == {name.split("(")[0]}
        assert answer.groups[0].probability == pytest.approx(1.0)


@pytest.mark.parametrize(
    "labels", ["dog barking, baby crying, piano", "狗叫声, 婴儿哭声, 钢琴声"], ids=LANGUAGES
)
def test_none_of_the_labels_fits_noise_or_silence(classifier: Classifier, labels: str) -> None:
    white = 0.1 * np.random.default_rng(1).standard_normal(len(TIME))
    for sound in (white, np.zeros(len(TIME))):
        answer = classifier.classify((sound.astype(np.float32), RATE), labels)
        assert answer.verdict == "none"


@pytest.mark.parametrize(
    "labels", ["dog barking, dog bark, thunder", "狗叫声, 犬吠, 雷声"], ids=LANGUAGES
)
def test_two_wordings_of_one_sound_are_alike(classifier: Classifier, labels: str) -> None:
    (finding,) = classifier.check_labels(labels)
    assert finding.kind == "alike"
    assert finding.labels == tuple(labels.split(", ")[:2])


def test_a_weight_is_prior_odds(classifier: Classifier) -> None:
    sound = (beeps().astype(np.float32), RATE)
    plain = {s.label: s for s in classifier.classify(sound, "beep, siren, rain").scores}
    heavy = {s.label: s for s in classifier.classify(sound, "beep, siren * 2, rain").scores}
    twice = {s.label: s for s in classifier.classify(sound, "beep, siren, rain, siren").scores}
    assert heavy == twice
    odds = [each["siren"].probability / each["beep"].probability for each in (plain, heavy)]
    assert odds[1] == pytest.approx(2 * odds[0])
    assert heavy["siren"].similarity == plain["siren"].similarity


def test_labels_of_different_sounds_are_left_alone(classifier: Classifier) -> None:
    for labels in ("dog barking, thunder, piano, door knock", "狗叫声, 雷声, 钢琴声, 敲门声"):
        assert classifier.check_labels(labels) == ()


def test_a_label_that_is_heard_in_noise_and_hum_alike_is_found(classifier: Classifier) -> None:
    findings = classifier.check_labels("sound, dog barking, thunder")
    assert [(finding.kind, finding.labels) for finding in findings] == [("hub", ("sound",))]
