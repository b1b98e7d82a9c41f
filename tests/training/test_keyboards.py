"""Typing is put together from the keys of one keyboard at a time, those with a licence."""

import wave
from pathlib import Path

import numpy as np
import pytest
from training.synthesis.registry import RATE

from training import keyboards


def recorded(path: Path, hertz: float) -> None:
    """Write a key that rings for 50 ms, under a name that its format isn't told by."""
    time = np.arange(RATE // 20) / RATE
    samples = 20_000 * np.sin(2 * np.pi * hertz * time) * np.exp(-60 * time)
    path.parent.mkdir(exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(samples.astype("<i2").tobytes())


@pytest.fixture
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(keyboards, "_PROFILES", tmp_path)
    for name, hertz in (("free", 1000), ("unknown", 5000)):
        recorded(tmp_path / name / "press_key1.mp3", hertz)
        recorded(tmp_path / name / "press_space.mp3", hertz / 2)
        recorded(tmp_path / name / "release.mp3", hertz)
    (tmp_path / "free" / "LICENSE").write_text("MIT")
    return tmp_path


def test_only_keyboards_with_a_licence_are_typed_on(profiles: Path) -> None:
    made = list(keyboards.typed(1, 6))
    assert [concept for concept, _ in made] == ["keyboard_typing"] * 6 + ["mechanical_keyboard"] * 6
    for _, sound in made:
        power = np.abs(np.fft.rfft(sound.waveform)) ** 2
        hertz = np.fft.rfftfreq(len(sound.waveform), 1 / RATE)
        assert power[hertz < 2000].sum() > 20 * power[hertz > 3500].sum()
        assert {"repeated", "single"} & set(sound.tags)


def test_what_is_typed_differs_but_not_from_run_to_run(profiles: Path) -> None:
    first, second, again = list(keyboards.typed(1, 2))[:2] + list(keyboards.typed(1, 2))[:1]
    assert len(first[1].waveform) != len(second[1].waveform)
    assert np.array_equal(first[1].waveform, again[1].waveform)


def test_it_is_said_how_to_get_the_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyboards, "_PROFILES", tmp_path)
    with pytest.raises(SystemExit, match="run python -m training"):
        next(keyboards.typed(1, 1))
