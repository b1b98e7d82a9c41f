import threading
import time
import tracemalloc
from collections.abc import Sequence

import numpy as np
import pytest

from anysound import Classifier, LabelError, RecordingError, UsageError
from anysound.audio import Waveform
from anysound.language import Text
from anysound.live import Backoff, ListenOptions, LiveEvent, Moment
from anysound.models import Embeddings
from anysound.timeline import TimelineOptions
from tests.fakes import RATE, FakeModel, tone
from tests.live.making import (
    LABELS,
    Connections,
    classifier,
    joined,
    lost,
    quiet,
    raw_input,
    threads,
    wait_for,
)
from tests.patience import PATIENCE

QUICK = ListenOptions(backoff=Backoff(first=0.01, most=0.02))


def some_sound(seed: int) -> Waveform:
    """A minute of tones that come, go, overlap and hum on."""
    rng = np.random.default_rng(seed)
    waveform = quiet(60)
    for _ in range(25):
        sound = tone(float(rng.choice([250, 1000, 4000])), float(rng.uniform(0.1, 4)))
        at = int(rng.integers(0, len(waveform) - len(sound)))
        waveform[at : at + len(sound)] += sound * np.float32(rng.uniform(0.2, 1))
    return waveform


def spans(events: Sequence[LiveEvent]) -> list[tuple[str, float, float, float]]:
    ends = [event for event in events if event.phase == "end"]
    return [(each.label, each.start, each.end or 0.0, each.score) for each in ends]


@pytest.mark.parametrize("seed", range(4))
def test_the_same_sound_has_the_same_events_as_in_a_timeline(seed: int) -> None:
    waveform, clf = some_sound(seed), classifier()
    for options in (TimelineOptions(), TimelineOptions(threshold=0.3, gap=0.0, hop=0.5)):
        known = list(clf.timeline((waveform, RATE), LABELS, options))
        events = list(clf.listen(raw_input(waveform), LABELS, ListenOptions(options)))
        assert spans(events) == [(each.label, each.start, each.end, each.score) for each in known]
        assert len(known) > 3


@pytest.mark.parametrize("seed", range(4))
def test_each_event_is_told_at_its_start_and_at_its_end_and_no_start_is_taken_back(
    seed: int,
) -> None:
    events = list(classifier().listen(raw_input(some_sound(seed)), LABELS))
    starts = [event for event in events if event.phase == "start"]
    ends = {event.number: event for event in events if event.phase == "end"}
    assert [event.number for event in starts] == list(range(1, len(starts) + 1))
    assert set(ends) == {event.number for event in starts}
    for start in starts:
        end = ends[start.number]
        assert end.end is not None
        assert start.end is None
        assert (end.label, end.start <= start.start < end.end) == (start.label, True)
        assert start.score <= end.score + 1e-9
        assert events.index(start) < events.index(end)


def test_a_clear_sound_is_told_of_before_its_moment_is_certain() -> None:
    told: dict[str, float] = {}
    listening = classifier().listen(
        raw_input(joined(quiet(5), tone(1000, 5), quiet(5))),
        LABELS,
        on_moment=lambda moment: told.update(now=moment.time),
    )
    for event in listening:
        if event.phase == "start":
            assert event.start <= 5.0
            # Certain is a moment only when the windows that hold it are over: at 6 s and later.
            assert told["now"] <= 5.75
            assert told["now"] - 5.0 <= listening.windows.length
            return
    pytest.fail("nothing was heard")


def test_what_is_too_short_does_not_count() -> None:
    sound = joined(quiet(3), tone(1000, 0.6), quiet(4), tone(1000, 5), quiet(3))
    clf = classifier()
    assert len(spans(list(clf.listen(raw_input(sound), LABELS)))) == 2
    held = list(clf.listen(raw_input(sound), LABELS, ListenOptions(hold=3.0)))
    assert [event.phase for event in held] == ["start", "end"]
    assert held[1].start > 6
    assert held[1].number == 1


def test_what_is_heard_just_now_is_told_every_hop() -> None:
    moments: list[Moment] = []
    sound = joined(quiet(2), tone(4000, 2))
    listening = classifier().listen(raw_input(sound), LABELS, on_moment=moments.append)
    list(listening)
    assert [moment.time for moment in moments] == pytest.approx(np.arange(1, 4.1, 0.25))
    assert moments[0].is_silent
    assert moments[0].level == -120
    assert not moments[-1].is_silent
    assert moments[-1].level == pytest.approx(-9.03, abs=0.05)  # a sine at half of full scale
    assert moments[-1].scores[0][0] == "high"
    assert [score for _, score in moments[-1].scores] == sorted(
        (score for _, score in moments[-1].scores), reverse=True
    )
    assert listening.duration == 4.0


def test_leaving_the_loop_stops_the_threads() -> None:
    endless = Connections([tone(1000, 3)] * 1000, pace=0.001)
    for _ in classifier().listen(endless, LABELS):
        assert threads()
        break
    wait_for(lambda: not threads())


def test_stop_ends_it_well_with_the_end_of_what_goes_on() -> None:
    listening = classifier().listen(Connections([tone(1000, 3)] * 1000, pace=0.001), LABELS)
    phases = []
    for event in listening:
        phases.append(event.phase)
        listening.stop()
    assert phases == ["start", "end"]
    wait_for(lambda: not threads())


def test_a_stream_that_is_lost_is_opened_again_and_both_are_said() -> None:
    notices: list[Text] = []
    source = Connections(
        [tone(1000, 3), lost("the cable is out.")],
        [lost("no answer.")],
        [lost("no answer.")],
        [tone(1000, 3)],
    )
    events = list(classifier().listen(source, LABELS, QUICK, on_notice=notices.append))
    assert source.opened == 4
    # What was before and what comes after are not one event: nobody knows what was between.
    assert [event.phase for event in events] == ["start", "end", "start", "end"]
    assert events[1].end == pytest.approx(3.0)
    assert events[2].start >= 3.0
    assert [notice.en.split(";")[0] for notice in notices] == [
        "street: the cable is out. Listening goes on as soon as it is back",
        "street: no answer. Listening goes on as soon as it is back",
        "street: back after 0 s",
    ]
    assert all("重试" in notice.zh or "恢复" in notice.zh for notice in notices)


def test_a_stream_that_could_never_be_opened_is_an_error() -> None:
    source = Connections([lost("nobody there")], [tone(1000, 3)])
    with pytest.raises(RecordingError, match="nobody there"):
        list(classifier().listen(source, LABELS, QUICK))
    assert source.opened == 1
    wait_for(lambda: not threads())


class Slow(FakeModel):
    """Takes its time, on whatever machine it is."""

    def embed_audio(self, waveforms: Sequence[Waveform]) -> Embeddings:
        time.sleep(0.2 * len(waveforms))
        return super().embed_audio(waveforms)


def test_a_slow_model_leaves_out_windows_and_says_so_and_does_not_fall_behind() -> None:
    notices: list[Text] = []
    moments: list[Moment] = []
    # Like a microphone, it waits for nobody: it sends a window every tenth of a second.
    source = Connections([tone(1000, 8)], pace=0.02, paced=True)
    options = ListenOptions(behind=0.5)
    listening = Classifier(Slow()).listen(source, LABELS, options, moments.append, notices.append)
    events = list(listening)
    assert {event.label for event in events} == {"mid"}
    assert listening.left_out > 5
    assert len(moments) + listening.left_out == 29  # (8 - 1) / 0.25 + 1
    assert max(moment.behind for moment in moments) < 2.0
    assert len(notices) == 1
    assert "windows were left out" in notices[0].en
    assert "略过" in notices[0].zh


def test_a_source_that_waits_loses_nothing_to_a_slow_model() -> None:
    listening = Classifier(Slow()).listen(raw_input(tone(1000, 4)), LABELS)
    assert [event.phase for event in listening] == ["start", "end"]
    assert listening.left_out == 0


def test_silence_is_said_once_and_again_after_sound() -> None:
    notices: list[Text] = []
    sound = joined(quiet(12), tone(1000, 2), quiet(12))
    options = ListenOptions(silent=5.0)
    list(classifier().listen(raw_input(sound), LABELS, options, on_notice=notices.append))
    assert len(notices) == 2
    assert "nothing but silence for 5 s" in notices[0].en


def test_numbers_that_are_none_are_said_once_and_taken_for_silence() -> None:
    notices: list[Text] = []
    sound = joined(tone(1000, 3), np.full(RATE * 3, np.nan, np.float32), tone(1000, 3))
    events = list(classifier().listen(raw_input(sound), LABELS, on_notice=notices.append))
    assert len(spans(events)) == 2
    assert len(notices) == 1
    assert "no usable numbers" in notices[0].en


def test_a_stream_that_stalls_is_said() -> None:
    notices: list[Text] = []
    release = threading.Event()

    class Stalling(Connections):
        def _pieces(self, script):  # type: ignore[no-untyped-def]
            yield from super()._pieces(script)
            release.wait(PATIENCE)

    def on_notice(notice: Text) -> None:
        notices.append(notice)
        release.set()

    options = ListenOptions(stalled=0.3)
    list(classifier().listen(Stalling([tone(1000, 2)]), LABELS, options, on_notice=on_notice))
    assert len(notices) == 1
    assert "no sound has come for" in notices[0].en


def test_an_hour_takes_no_more_memory_than_twenty_minutes() -> None:
    held: list[int] = []  # after each minute
    peaks: list[int] = []

    class Hour(Connections):
        def _pieces(self, script):  # type: ignore[no-untyped-def]
            for _ in range(60):
                yield from super()._pieces(script)
                now, peak = tracemalloc.get_traced_memory()
                held.append(now)
                peaks.append(peak)
                tracemalloc.reset_peak()

    minute = joined(tone(1000, 5), quiet(20), tone(250, 10), quiet(25))
    options = ListenOptions(TimelineOptions(hop=1.0))
    tracemalloc.start()
    count = sum(1 for _ in classifier().listen(Hour([minute], chunk=RATE), LABELS, options))
    tracemalloc.stop()
    assert count == 4 * 60
    # The first third holds the first use of everything. How much sound is on its way at an instant
    # is chance, so the least of each third tells what stays; what is on its way is bounded.
    assert min(held[-20:]) < min(held[:20]) + 50_000
    assert max(peaks[20:]) < max(peaks[:20]) + 1_000_000


def test_labels_and_options_that_make_no_sense_live() -> None:
    clf, source = classifier(), Connections([tone(1000, 1)])
    with pytest.raises(LabelError, match="no start and end"):
        clf.listen(source, "low=250 Hz, mid(last 2 s)=1000 Hz")
    with pytest.raises(UsageError, match="best moments"):
        ListenOptions(TimelineOptions(top=3))
    with pytest.raises(UsageError, match="before it counts"):
        ListenOptions(hold=-1)
    with pytest.raises(UsageError, match="this is a file"):
        clf.listen("kitchen.wav", LABELS)
    with pytest.raises(UsageError, match="at most"):
        clf.listen(source, LABELS, ListenOptions(TimelineOptions(window=30, hop=1)))
    assert source.opened == 0
