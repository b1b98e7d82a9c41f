import io
from pathlib import Path

import numpy as np
import pytest

from anysound import OutputError, UsageError
from anysound.audio import load
from anysound.language import Text
from anysound.live import StandardInput
from anysound.live.recorder import Recorder
from anysound.timeline.clips import ClipFolder
from tests.audio.making import encode
from tests.fakes import RATE, tone, wav_file
from tests.live.making import LABELS, Connections, classifier, joined, quiet, raw_input, threads

SOUND = joined(quiet(30), tone(1000, 4), quiet(8), tone(250, 50), quiet(8), tone(1000, 2), quiet(9))


def record(source: object, folder: Path, notices: list[Text], margin: float = 0.5) -> list[Path]:
    recorder = Recorder(folder, notices.append, margin)
    for event in classifier().listen(source, LABELS, on_sound=recorder.add):  # type: ignore[arg-type]
        recorder.tell(event)
    recorder.close()
    assert not threads()
    assert recorder.count == len(list(folder.iterdir()))
    return sorted(folder.iterdir())


@pytest.mark.parametrize("margin", [0.0, 0.5, 5.0])
def test_clips_are_those_of_a_timeline_to_the_sample(tmp_path: Path, margin: float) -> None:
    content, notices = wav_file(SOUND), list[Text]()
    clips = record(StandardInput(file=io.BytesIO(content)), tmp_path / "live", notices, margin)
    known = ClipFolder(tmp_path / "known", margin).write(
        content, classifier().timeline(content, LABELS)
    )
    assert notices == []
    assert len(clips) == len(known) == 3
    same = {path.read_bytes() for path in clips} & {path.read_bytes() for path in known}
    # The one of 50 s is longer than what is kept in memory; it may begin where it was told.
    assert len(same) >= 2
    for path in clips:
        if path.read_bytes() not in same:
            length = load(path, RATE).duration
            assert 50 + 2 * margin - 1 < length < 50 + 2 * margin + 2


def test_a_clip_is_named_by_its_date_and_label_and_none_is_replaced(tmp_path: Path) -> None:
    event_labels = "a/b:c=1000 Hz"
    for _ in range(2):
        recorder = Recorder(tmp_path / "clips", print)
        source = raw_input(joined(tone(1000, 3), quiet(4)))
        for event in classifier().listen(source, event_labels, on_sound=recorder.add):
            recorder.tell(event)
        recorder.close()
    names = sorted(path.name for path in (tmp_path / "clips").iterdir())
    assert len(names) == 2
    assert all(name.startswith("20") and "_a_b_c" in name for name in names)
    assert all(name.endswith(".wav") for name in names)


def test_compressed_sound_is_kept_without_further_loss(tmp_path: Path) -> None:
    content = encode("mp3", "mp3", joined(quiet(3), tone(1000, 4), quiet(5)), RATE)
    clips = record(StandardInput(file=io.BytesIO(content)), tmp_path / "clips", [])
    assert [path.suffix for path in clips] == [".flac"]


def test_an_event_that_goes_on_when_it_is_stopped_is_kept(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "clips", print)
    source = Connections([tone(1000, 3)] * 1000, pace=0.001)
    listening = classifier().listen(source, LABELS, on_sound=recorder.add)
    for event in listening:
        recorder.tell(event)
        break
    recorder.close()
    (path,) = (tmp_path / "clips").iterdir()
    assert load(path, RATE).duration >= 1.0


def test_hours_of_one_sound_are_written_as_they_come(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "clips", print)
    minute = tone(1000, 60)
    most = 0
    for event in classifier().listen(
        Connections([minute] * 5, chunk=RATE), LABELS, on_sound=recorder.add
    ):
        recorder.tell(event)
        most = max(most, len(recorder._kept))
    recorder.close()
    (path,) = (tmp_path / "clips").iterdir()
    assert load(path, RATE).duration == pytest.approx(300, abs=1)
    assert most <= 22  # pieces of a second


def test_many_clips_of_tiny_pieces_that_end_at_once_are_whole(tmp_path: Path) -> None:
    labels = ", ".join(f"{name}=1000 Hz" for name in "abcd")
    recorder = Recorder(tmp_path / "clips", print)
    source = Connections([joined(quiet(3), tone(1000, 12), quiet(4))], chunk=64)
    for event in classifier().listen(source, labels, on_sound=recorder.add):
        recorder.tell(event)
    recorder.close()
    clips = list((tmp_path / "clips").iterdir())
    assert len(clips) == 4
    assert len({path.read_bytes() for path in clips}) == 1
    assert load(clips[0], RATE).duration > 12


def test_a_folder_that_is_gone_is_told_and_listening_goes_on(tmp_path: Path) -> None:
    folder, notices = tmp_path / "clips", list[Text]()
    recorder = Recorder(folder, notices.append)
    folder.rmdir()
    events = []
    for event in classifier().listen(raw_input(SOUND), LABELS, on_sound=recorder.add):
        events.append(event)
        recorder.tell(event)
    recorder.close()
    assert len(events) == 6
    assert len(notices) == 3
    assert "can't be written" in notices[0].en
    assert recorder.count == 0


def test_what_makes_no_sense(tmp_path: Path) -> None:
    for margin in (-1.0, 601.0, np.nan):
        with pytest.raises(UsageError, match="can't be kept"):
            Recorder(tmp_path, print, margin)
    with pytest.raises(UsageError, match="not to a URL"):
        Recorder(Path("s3://bucket/clips"), print)
    with pytest.raises(OutputError, match="no folder for clips"):
        Recorder(tmp_path / "none" / "clips", print)
