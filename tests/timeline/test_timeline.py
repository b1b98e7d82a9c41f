import math
import tracemalloc
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from anysound import Classifier, LabelError, RecordingError, UsageError
from anysound.models import Embeddings, Waveform
from anysound.timeline import Event, Frame, TimelineOptions
from tests.fakes import RATE, FakeModel, tone, wav_file

QUIET = np.zeros(RATE * 4, np.float32)
LABELS = "1000 Hz, 250 Hz"


@pytest.fixture
def classifier() -> Classifier:
    return Classifier(FakeModel())


def sequence(*parts: np.ndarray) -> tuple[np.ndarray, int]:
    return np.concatenate(parts), RATE


def spans(events: Iterator[Event] | Sequence[Event]) -> list[tuple[str, float, float]]:
    return [(event.label, event.start, event.end) for event in events]


def test_it_says_when_each_sound_is_heard(classifier: Classifier) -> None:
    recording = sequence(QUIET, tone(1000, 3.0), QUIET, tone(250, 2.0), QUIET)
    events = list(classifier.timeline(recording, LABELS))
    assert [event.label for event in events] == ["1000 Hz", "250 Hz"]
    for event, (start, end) in zip(events, [(4, 7), (11, 13)], strict=True):
        assert event.start == pytest.approx(start, abs=0.51)
        assert event.end == pytest.approx(end, abs=0.51)
        assert event.score > 0.9
        assert event.recording == "<waveform>"


def test_two_sounds_at_once_are_two_events(classifier: Classifier) -> None:
    low = np.concatenate([tone(250, 6.0)]) * 0.5
    low[2 * RATE : 4 * RATE] += tone(1000, 2.0) * 0.5
    found = spans(classifier.timeline(sequence(QUIET, low, QUIET), LABELS))
    assert {label for label, *_ in found} == {"1000 Hz", "250 Hz"}


def test_times_do_not_depend_on_what_is_given(classifier: Classifier, tmp_path: Path) -> None:
    waveform, _ = sequence(QUIET, tone(1000, 2.7), QUIET[: RATE // 3])
    path = tmp_path / "a.wav"
    path.write_bytes(wav_file(waveform))
    from_path = spans(classifier.timeline(path, LABELS))
    assert from_path == spans(classifier.timeline(path.read_bytes(), LABELS))
    assert len(from_path) == 1


def test_an_event_comes_while_the_rest_is_still_unread(tmp_path: Path) -> None:
    heard = []

    class Counting(FakeModel):
        def embed_audio(self, waveforms: Sequence[Waveform]) -> Embeddings:
            heard.append(len(waveforms))
            return super().embed_audio(waveforms)

    recording = sequence(QUIET, tone(1000, 2.0), QUIET, tone(250, 300.0))
    timeline = Classifier(Counting()).timeline(recording, LABELS)
    assert next(iter(timeline)).label == "1000 Hz"
    assert sum(heard) < 100  # of 1200 that sound


def test_silence_is_not_asked_about() -> None:
    class Deaf(FakeModel):
        def embed_audio(self, waveforms: Sequence[Waveform]) -> Embeddings:
            raise AssertionError("there is nothing to hear")

    timeline = Classifier(Deaf()).timeline((QUIET, RATE), LABELS)
    assert list(timeline) == []
    assert timeline.duration == 4.0
    assert any("silent" in warning.en or "no sound" in warning.en for warning in timeline.warnings)


def test_a_label_is_found_where_it_is_looked_for_only(classifier: Classifier) -> None:
    recording = sequence(tone(1000, 20.0))
    found = spans(classifier.timeline(recording, "1000 Hz(last 5 s)"))
    ((_, start, end),) = found
    assert (start, end) == (15.0, 20.0)
    ((_, start, end),) = spans(classifier.timeline(recording, "1000 Hz(0:03-0:06)"))
    assert (start, end) == (3.0, 6.0)


def test_a_phrase_to_avoid_keeps_an_event_away(classifier: Classifier) -> None:
    recording = sequence(QUIET, tone(1000, 3.0), QUIET)
    (plain,) = classifier.timeline(recording, "beep=1000 Hz")
    (lowered,) = classifier.timeline(recording, "beep=1000 Hz|!1000 Hz")
    assert lowered.score < plain.score
    assert not spans(classifier.timeline(recording, "beep=1000 Hz|250 Hz|!1000 Hz"))


def test_the_best_moments_are_told_however_faint(classifier: Classifier) -> None:
    recording = sequence(tone(1000, 2.0), QUIET, tone(1000, 2.0), QUIET, tone(250, 2.0))
    options = TimelineOptions(top=2)
    found = list(classifier.timeline(recording, "1000 Hz, 250 Hz, 4000 Hz", options))
    sure = [event.label for event in found if event.score >= 0.9]
    assert sure == ["1000 Hz"] * 2 + ["250 Hz"]
    starts = sorted(event.start for event in found if event.label == "1000 Hz")
    assert starts[0] < 2.0
    assert 5.0 <= starts[1] < 8.0
    assert sum(event.label == "4000 Hz" for event in found) <= 2


def test_every_moment_can_be_looked_at(classifier: Classifier) -> None:
    frames: list[Frame] = []
    timeline = classifier.timeline(sequence(tone(250, 3.1)), LABELS, on_frame=frames.append)
    list(timeline)
    assert frames[0].start == 0.0
    assert frames[-1].end == pytest.approx(3.1)
    assert all(frame.scores.shape == (2,) for frame in frames)


@pytest.mark.parametrize(
    "options",
    [
        {"threshold": 0.0},
        {"threshold": 1.0},
        {"threshold": math.nan},
        {"hold": 0.0},
        {"gap": -1.0},
        {"gap": math.nan},
        {"top": 0},
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        TimelineOptions(**options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "options",
    [{"window": 3.0}, {"window": 0.5, "hop": 1.0}, {"hop": 0.0}, {"window": -1.0}, {"hop": 1e-9}],
)
def test_windows_that_do_not_suit_are_refused(
    classifier: Classifier, options: dict[str, float]
) -> None:
    with pytest.raises(UsageError):
        classifier.timeline((QUIET, RATE), LABELS, TimelineOptions(**options))  # type: ignore[arg-type]


def test_bad_input_is_refused_in_words(classifier: Classifier, tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="no such file"):
        list(classifier.timeline(tmp_path / "nowhere.wav", LABELS))
    with pytest.raises(LabelError):
        classifier.timeline((QUIET, RATE), "")
    (tmp_path / "bad.wav").write_bytes(b"RIFF and nothing else")
    with pytest.raises(RecordingError):
        list(classifier.timeline(tmp_path / "bad.wav", LABELS))


def test_memory_does_not_grow_with_the_recording(classifier: Classifier) -> None:
    def peak(seconds: int) -> int:
        waveform = np.resize(tone(250, 1.0), seconds * RATE)
        tracemalloc.start()
        list(classifier.timeline((waveform, RATE), LABELS))
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(20)
    assert peak(400) < 1.3 * peak(60)
