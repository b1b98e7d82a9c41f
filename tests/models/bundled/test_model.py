"""The bundled model as it ships: real weights, sounds made here."""

from pathlib import Path

import numpy as np
import pytest

from anysound import Classifier, LabelError
from anysound.models import ModelOptions, load_model
from anysound.models.bundled.model import SPEC, WEIGHTS, WINDOW, BundledModel, tower_input

RATE = SPEC.rate


@pytest.fixture(scope="module")
def model() -> BundledModel:
    return BundledModel.load(ModelOptions(threads=2))


def noise(seconds: float, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (0.3 * rng.standard_normal(round(seconds * RATE))).astype(np.float32)


def busy_tone() -> np.ndarray:
    """450 Hz, on and off every 0.35 s, as a Chinese telephone says that the line is busy."""
    time = np.arange(round(WINDOW * RATE)) / RATE
    return (0.5 * np.sin(2 * np.pi * 450 * time) * (time % 0.7 < 0.35)).astype(np.float32)


def test_ships_whole_and_small() -> None:
    size = sum(path.stat().st_size for path in WEIGHTS.iterdir())
    assert size < 15_000_000
    assert {
        "audio.onnx",
        "table.npy",
        "concepts.npy",
        "head.npz",
        "model.json",
        "CARD.md",
        "LICENSE",
    } <= {path.name for path in WEIGHTS.iterdir()}


def test_embeddings_are_unit_vectors_of_one_space(model: BundledModel) -> None:
    audio = model.embed_audio([noise(5.0), noise(0.3), np.zeros(RATE, np.float32)])
    text = model.embed_text(["rain", "雨声", "HVAC 噪音"])
    for rows in (audio, text):
        assert rows.shape == (3, model.info.dim)
        assert rows.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)


def test_same_bits_whatever_the_neighbours_and_threads(model: BundledModel) -> None:
    clips = [noise(length, seed) for seed, length in enumerate((5.0, 1.0, 0.2, 4.9, 3.3))]
    alone = np.concatenate([model.embed_audio([clip]) for clip in clips])
    single = BundledModel.load(ModelOptions(threads=1))
    np.testing.assert_array_equal(model.embed_audio(clips), alone)
    np.testing.assert_array_equal(model.embed_audio(clips[::-1])[::-1], alone)
    np.testing.assert_array_equal(single.embed_audio(clips), alone)


def test_loudness_does_not_matter(model: BundledModel) -> None:
    clip = noise(5.0)
    loud, quiet = model.embed_audio([clip, clip * np.float32(0.01)])
    assert float(loud @ quiet) > 0.999


def test_a_window_too_long_is_refused(model: BundledModel) -> None:
    with pytest.raises(ValueError, match="at most 160000"):
        model.embed_audio([noise(5.1)])


def test_tower_input_spans_eighty_decibels_below_the_loudest() -> None:
    scaled = tower_input(np.array([[0.0, -40.0], [-80.0, -100.0]]))
    np.testing.assert_allclose(scaled, [[1.0, 0.0], [-1.0, -1.0]])


@pytest.mark.parametrize(
    ("labels", "noise_label", "tone_label"),
    [
        ("white noise, telephone busy tone, dog barking", "white noise", "telephone busy tone"),
        ("白噪声, 电话忙音, 狗叫声", "白噪声", "电话忙音"),
    ],
)
def test_tells_noise_from_a_busy_tone_in_both_languages(
    model: BundledModel, labels: str, noise_label: str, tone_label: str
) -> None:
    classifier = Classifier(model)
    assert classifier.classify((noise(5.0), RATE), labels).label == noise_label
    assert classifier.classify((busy_tone(), RATE), labels).label == tone_label


def test_a_chinese_label_lies_by_its_english_counterpart(model: BundledModel) -> None:
    english = model.embed_text(["dog barking", "rain", "helicopter", "glass breaking"])
    chinese = model.embed_text(["狗叫声", "下雨声", "直升机", "玻璃破碎声"])
    np.testing.assert_array_equal((chinese @ english.T).argmax(axis=1), range(4))


def test_is_the_default_and_names_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANYSOUND_MODEL", raising=False)
    info = load_model().info
    assert info.id == "bundled"
    assert len(info.revision) == 12
    assert info.languages == ("en", "zh")


def test_weights_may_lie_elsewhere(tmp_path: Path) -> None:
    for path in WEIGHTS.iterdir():
        (tmp_path / path.name).symlink_to(path)
    assert BundledModel.load(ModelOptions(), tmp_path).info.dim == 128


def test_a_label_without_a_known_word_is_refused(model: BundledModel) -> None:
    with pytest.raises(LabelError, match="ωψ"):
        Classifier(model).classify((noise(1.0), RATE), "rain, ωψ")
