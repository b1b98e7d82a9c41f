import time

import numpy as np
from benchmarks.live import Tape, _by_last_windows, _Tally
from benchmarks.planted import RATE

from anysound.live import Moment
from anysound.live.stopping import Stopping
from anysound.timeline import Event, TimelineOptions


def moments(*scores: float) -> list[Moment]:
    return [Moment(float(at), -20.0, (("bell", score),), 0.0, 0) for at, score in enumerate(scores)]


def test_a_start_is_counted_with_the_sound_that_it_names_and_else_as_wrong() -> None:
    tally = _Tally()
    sounds = [Event("made", "bell", 10, 12, 1.0), Event("made", "rain", 20, 25, 1.0)]
    tally.add(sounds, [(11.5, "bell"), (14, "bell"), (16, "bell"), (9, "bell"), (21, "bell")])
    assert (tally.planted, tally.delays, tally.wrong) == (2, [1.5], 3)


def test_rules_tell_a_start_once() -> None:
    heard = moments(0, 0.9, 0.9, 0.3, 0.9, 0.3, 0.3, 0.3, 0.9)
    options = TimelineOptions(gap=1.5)
    assert list(_by_last_windows(heard, "bell", 1, options)) == [1, 8]
    assert list(_by_last_windows(heard, "bell", 2, options)) == [2, 8]


def test_a_tape_plays_in_real_time() -> None:
    tape = Tape(np.zeros(RATE // 5, np.float32), 2, in_real_time=True)
    with tape.open(Stopping()) as sound:
        assert sound.is_paced
        assert sum(piece.samples.shape[1] for piece in sound.pieces) == 2 * (RATE // 5)
    assert time.monotonic() - tape.began >= 0.4
