"""What is heard and seen of a recording."""

import io
import wave
from pathlib import Path

import numpy as np
import pytest

from anysound.audio import load
from anysound.errors import RecordingError
from anysound.reviewing import Excerpt, cut, draw
from anysound.reviewing.excerpt import RATE
from tests.batch.making import write_tone
from tests.fakes import tone


def excerpt(*pieces: np.ndarray) -> Excerpt:
    return Excerpt(np.concatenate(pieces), 3.0)


@pytest.mark.parametrize(
    ("span", "start", "seconds"),
    [(None, 0.0, 10.0), ((1.0, 2.5), 1.0, 1.5), ((1.0, 20.0), 1.0, 10.0), ((11.5, 14), 11.5, 0.5)],
)
def test_a_span_of_a_recording(
    tmp_path: Path, span: tuple[float, float] | None, start: float, seconds: float
) -> None:
    write_tone(tmp_path / "a.wav", 440, seconds=12.0)
    found = cut(tmp_path / "a.wav", span)
    whole = load(tmp_path / "a.wav", RATE).waveform
    first = round(start * RATE)
    assert np.array_equal(found.waveform, whole[first : first + round(seconds * RATE)])
    assert (found.start, found.end) == (start, pytest.approx(start + seconds))
    with wave.open(io.BytesIO(found.as_wav())) as written:
        assert written.getnframes() == len(found.waveform)


def test_a_recording_that_is_missing_or_shorter_than_was_said(tmp_path: Path) -> None:
    with pytest.raises(RecordingError):
        cut(tmp_path / "none.wav", None)
    write_tone(tmp_path / "a.wav", 440)
    assert draw(cut(tmp_path / "a.wav", (5.0, 7.0)), 60) == []


def test_a_drawing_shows_when_and_how_high() -> None:
    low, high = tone(100, 1.0, RATE), tone(8000, 1.0, RATE)
    quiet = np.zeros(RATE, np.float32)
    *rows, times = draw(excerpt(low, quiet, high), 67)
    assert [len(row) for row in rows] == [67] * 10
    loudest = [{at for at, char in enumerate(row[7:]) if char == "█"} for row in rows]
    assert max(loudest[-1]) <= 20  # the low tone: at the bottom, in the first third
    assert min(loudest[1] | loudest[2]) >= 38
    assert not any(row[30:46].strip() for row in rows)
    assert times.split() == ["3.0", "s", "6.0", "s"]


def test_a_drawing_of_silence_or_of_a_moment() -> None:
    assert draw(excerpt(np.zeros(RATE, np.float32)), 60) == []
    assert all(len(line) <= 60 for line in draw(excerpt(tone(1000, 0.01, RATE)), 60))
    assert set("".join(draw(excerpt(tone(1000, 1.0, RATE)), 20, " .:*#")[1:-2])) <= set(" .:*#")
