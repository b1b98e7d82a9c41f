"""Microphones: a stand-in for PortAudio, and PortAudio itself with a device that ALSA plays."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from anysound import MissingExtraError, RecordingError
from anysound.language import Text
from anysound.live import Backoff, ListenOptions, Microphone
from anysound.live.microphone import list_devices
from tests.cli.running import ROOT
from tests.fakes import RATE, tone
from tests.live.making import LABELS, classifier, threads, wait_for

QUICK = ListenOptions(backoff=Backoff(first=0.01, most=0.02))
BLOCK = 800


class PortAudioError(Exception):
    pass


class Stream:
    """Calls back as PortAudio does, in a thread of its own, until it is closed or the tape ends."""

    def __init__(self, tape: np.ndarray, callback: Callable[..., None]) -> None:
        self.active = True
        self._tape = tape
        self._callback = callback
        self._thread = threading.Thread(target=self._play, daemon=True)

    def __enter__(self) -> "Stream":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.active = False
        self._thread.join()

    def _play(self) -> None:
        for start in range(0, len(self._tape), BLOCK):
            if not self.active:
                return
            block = self._tape[start : start + BLOCK]
            self._callback(block.tobytes(), len(block), None, None)
            time.sleep(0.002)
        self.active = False  # the cable is pulled


class Library(SimpleNamespace):
    """What anysound uses of sounddevice."""

    PortAudioError = PortAudioError

    def __init__(self, tapes: list[np.ndarray], names: tuple[str, ...] = ("USB mic",)) -> None:
        super().__init__(default=SimpleNamespace(device=[0, 0]), refreshed=0)
        self.tapes = tapes
        self.devices = [
            {"name": name, "max_input_channels": 2, "default_samplerate": float(RATE)}
            for name in names
        ]
        self.devices.append({"name": "loud", "max_input_channels": 0, "default_samplerate": 1.0})

    def query_devices(self, device: Any = None, kind: str | None = None) -> Any:
        if kind is None:
            return self.devices
        fitting = [each for each in self.devices if each["max_input_channels"]]
        if not fitting:
            raise PortAudioError("Error querying device -1")
        if isinstance(device, str):
            fitting = [each for each in fitting if device in each["name"]]
        if not fitting or (isinstance(device, int) and device >= len(self.devices)):
            raise ValueError(f"No input device matching {device!r}")
        return fitting[0]

    def query_hostapis(self) -> list[dict[str, Any]]:
        return [{"default_input_device": 0}]

    def RawInputStream(self, *, callback: Callable[..., None], **form: Any) -> Stream:  # noqa: N802
        if not self.tapes:
            raise PortAudioError("Device unavailable")
        mono = (self.tapes.pop(0) * 32767).astype("<i2")
        return Stream(np.repeat(mono[:, np.newaxis], form["channels"], axis=1), callback)

    def _terminate(self) -> None:
        self.refreshed += 1

    def _initialize(self) -> None:
        pass


@pytest.fixture
def plugged(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Library]]:
    def plug(*arguments: Any) -> Library:
        library = Library(*arguments)
        monkeypatch.setitem(sys.modules, "sounddevice", library)
        return library

    yield plug
    wait_for(lambda: not threads())


def test_a_microphone_is_heard(plugged: Callable[..., Library]) -> None:
    plugged([tone(1000, 4)])
    events = iter(classifier().listen(None, LABELS, QUICK))
    event = next(events)
    assert (event.phase, event.label, event.recording) == ("start", "mid", "microphone")
    events.close()  # type: ignore[attr-defined]


def test_a_microphone_that_is_pulled_out_and_plugged_in_again(
    plugged: Callable[..., Library],
) -> None:
    library = plugged([tone(1000, 3), tone(250, 3)])
    notices: list[Text] = []
    listening = classifier().listen(None, LABELS, QUICK, on_notice=notices.append)
    labels = []
    for event in listening:
        if event.phase == "end":
            labels.append(event.label)
        if labels == ["mid", "low"]:
            break
    assert library.refreshed >= 1  # or PortAudio would not see it again
    assert notices[0].en.startswith("microphone: the microphone is gone")
    assert "back after" in notices[-1].en or "Listening goes on" in notices[-1].en
    assert any("back after" in notice.en for notice in notices)


def test_a_microphone_that_sends_nothing_is_taken_for_lost(
    plugged: Callable[..., Library], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anysound.live.microphone._GONE", 0.3)
    library = plugged([tone(1000, 3), tone(1000, 3)])
    monkeypatch.setattr(Stream, "active", property(lambda _: True, lambda *_: None), raising=False)
    notices: list[Text] = []
    for _ in classifier().listen(None, LABELS, QUICK, on_notice=notices.append):
        if library.refreshed:
            break
    assert "no samples" in notices[0].en


def test_no_microphone_an_unknown_one_and_one_that_is_taken(
    plugged: Callable[..., Library],
) -> None:
    plugged([], ())
    with pytest.raises(RecordingError, match="no microphone that can be used"):
        list(classifier().listen(None, LABELS))
    assert list_devices() == []
    plugged([], ("USB mic", "webcam"))
    for device in ("cuda", "9"):
        with pytest.raises(RecordingError, match="USB mic, webcam") as caught:
            list(classifier().listen(Microphone(device), LABELS))
        assert "--model-device" in str(caught.value)
    with pytest.raises(RecordingError, match="Device unavailable"):
        list(classifier().listen(Microphone("webcam"), LABELS))


def test_devices_that_record_are_listed(plugged: Callable[..., Library]) -> None:
    plugged([], ("USB mic", "webcam"))
    found = list_devices()
    assert [(each.number, each.name, each.channels, each.rate) for each in found] == [
        (0, "USB mic", 2, RATE),
        (1, "webcam", 2, RATE),
    ]
    assert [each.is_default for each in found] == [True, False]


def test_the_extra_and_portaudio_are_named_if_they_are_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(MissingExtraError, match=r'pip install "anysound\[live\]"'):
        list(classifier().listen(None, LABELS))

    class NoLibrary:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "sounddevice":
                raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice")
    monkeypatch.setattr(sys, "meta_path", [NoLibrary(), *sys.meta_path])
    with pytest.raises(RecordingError, match="libportaudio2"):
        list_devices()


_PLAYED = """
pcm.null {{ type null }}
pcm.planted {{
  type file
  slave.pcm "null"
  file "/dev/null"
  infile "{tape}"
  format "raw"
  hint {{ show on
    description "planted" }}
}}
pcm.!default {{ type plug
  slave.pcm "planted" }}
"""
_LISTEN = """
import json, sys
from tests.live.making import LABELS, classifier
from anysound.live import Microphone
from anysound.live.microphone import list_devices
print(json.dumps([device.name for device in list_devices()]))
for event in classifier().listen(Microphone(sys.argv[1]), LABELS):
    print(json.dumps(event.to_dict()), flush=True)
    break
"""


def _has_portaudio() -> bool:
    try:
        import sounddevice  # noqa: F401
    except (ImportError, OSError):
        return False
    return sys.platform == "linux"


@pytest.mark.skipif(not _has_portaudio(), reason="needs the extra `live`, PortAudio and ALSA")
def test_portaudio_itself_with_a_device_that_alsa_plays(tmp_path: Path) -> None:
    tape = tmp_path / "tape.raw"
    (np.repeat(tone(1000, 5, 44_100), 2) * 32767).astype("<i2").tofile(tape)
    settings = tmp_path / "asound.conf"
    settings.write_text(_PLAYED.format(tape=tape))
    done = subprocess.run(
        [sys.executable, "-c", _LISTEN, "planted"],
        env={
            **os.environ,
            "ALSA_CONFIG_PATH": str(settings),
            "PYTHONPATH": os.pathsep.join(
                [str(ROOT), f"{ROOT}/src", os.environ.get("PYTHONPATH", "")]
            ),
        },
        capture_output=True,
        timeout=60,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    devices, event = map(json.loads, done.stdout.splitlines())
    assert "planted" in devices
    assert (event["event"], event["label"], event["recording"]) == ("start", "mid", "planted")
