"""Formats that come back, or don't; microphones; the bundled model."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from anysound.doctor import DoctorOptions, bundled, sound
from tests.live.test_microphone import Library

OPTIONS = DoctorOptions()


def test_every_format_comes_back() -> None:
    found = sound.decoders(OPTIONS)
    assert found.verdict == "ok", found
    assert found.facts["failed"] == {}
    promised = {"wav", "flac", "mp3", "ogg", "opus", "webm", "m4a", "aac", "mp4", "3gp", "amr"}
    assert promised <= set(found.facts["decoded"])


def test_a_format_that_does_not_come_back_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    written = sound._written

    def meddle(form: sound._Format) -> bytes:
        if form.name == "mp3":
            return b"no sound at all" * 100
        if form.name == "flac":
            return written(form)[: -len(written(form)) // 2]
        if form.name == "opus":
            raise LookupError("no such encoder")
        return written(form)

    monkeypatch.setattr(sound, "_written", meddle)
    found = sound.decoders(OPTIONS)
    assert found.verdict == "fail"
    assert set(found.facts["failed"]) == {"mp3", "flac"}
    assert found.facts["untried"] == ["opus"]
    assert "mp3: " in found.found.zh
    assert found.advice
    assert "av" in found.advice.en


def test_another_tone_is_noticed() -> None:
    time = np.arange(16_000) / 16_000
    assert sound._difference(np.sin(2 * np.pi * 1000 * time).astype(np.float32)) is None
    assert "500 Hz" in str(sound._difference(np.sin(2 * np.pi * 500 * time).astype(np.float32)))
    assert "0.25 s" in str(sound._difference(np.ones(4000, np.float32)))


def test_microphones_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", Library([], ("USB mic", "webcam")))
    found = sound.microphone(OPTIONS)
    assert found.verdict == "ok"
    assert found.facts == {"devices": ["USB mic", "webcam"], "default": "USB mic"}
    monkeypatch.setitem(sys.modules, "sounddevice", Library([], ()))
    found = sound.microphone(OPTIONS)
    assert found.verdict == "warn"
    assert found.advice
    assert "/dev/snd" in found.advice.zh


def test_no_package_and_no_portaudio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    found = sound.microphone(OPTIONS)
    assert found.verdict == "skipped"
    assert found.advice
    assert 'pip install "anysound[live]"' in found.advice.zh

    def find_spec(name: str, *_: object) -> None:
        if name == "sounddevice":
            raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice")
    monkeypatch.setattr(sys, "meta_path", [SimpleNamespace(find_spec=find_spec), *sys.meta_path])
    found = sound.microphone(OPTIONS)
    assert found.verdict == "warn"
    assert "libportaudio2" in found.found.zh


def test_the_bundled_model_knows_an_alarm_and_says_how_fast() -> None:
    found = bundled.bundled(OPTIONS)
    assert found.verdict == "ok"
    assert set(found.facts["verdicts"].values()) == {"match"}
    assert 0 < found.facts["answer_seconds"] < 10
    assert found.facts["revision"] in found.found.en


def test_a_model_that_takes_it_for_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = np.random.default_rng(0).standard_normal(64_000).astype(np.float32) * 0.1
    monkeypatch.setattr(bundled, "alarm", lambda: noise)  # as if the model heard something else
    found = bundled.bundled(OPTIONS)
    assert found.verdict == "fail"
    assert found.advice
    assert "force-reinstall" in found.advice.zh
