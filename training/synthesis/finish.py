"""From a raw signal to a finished Sound: level contours, rhythms and the tags that go with them."""

from dataclasses import dataclass

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    beats,
    between,
    chance,
    drift,
    fade,
    gain,
    gate,
    ramp,
    with_floor,
    wobble,
)
from training.synthesis.registry import RATE, Qualifier, Sound

Tags = tuple[Qualifier, ...]


def pole(value: float, low: float, high: float, below: Qualifier, above: Qualifier) -> Tags:
    """The tag of a value under ``low`` or over ``high``; none between."""
    if value < low:
        return (below,)
    return (above,) if value > high else ()


def pitch(freq: float) -> Tags:
    """Low or high, for the main frequency of a sound."""
    return pole(freq, 250, 1200, "low", "high")


def pace(rate: float) -> Tags:
    """Slow or fast, for events a second."""
    return pole(rate, 1.5, 5.0, "slow", "fast")


def regularity(marks: Array) -> Tags:
    """Regular or irregular, as the times of events came out; neither for fewer than three."""
    if len(marks) < 3:
        return ()
    gaps = np.diff(marks)
    return pole(float(np.std(gaps) / np.mean(gaps)), 0.08, 0.25, "regular", "irregular")


def running(rng: Rng, x: Array, tags: Tags = (), steady: bool = True) -> Sound:
    """A sound that goes on: gives it a level contour and a noise floor.

    Args:
        rng: Source of randomness.
        x: The signal.
        tags: Tags already known to be true.
        steady: Whether the signal itself keeps an even level, so that it may be called steady.
    """
    seconds = len(x) / RATE
    pausing = not {"repeated", "regular", "irregular"} & set(tags)
    shape, more = _contour(rng, seconds, steady, pausing)
    if "intermittent" in tags:
        more = tuple(tag for tag in more if tag != "continuous")
    y = with_floor(rng, fade(x * shape[: len(x)], 0.02, 0.02), -55, -30)
    if seconds > 4 and "continuous" in more:
        more += ("long",)
    return Sound(y, tags + more)


def _contour(rng: Rng, seconds: float, steady: bool, pausing: bool) -> tuple[Array, Tags]:
    kind = rng.random()
    quiet = gain(-rng.uniform(14, 30))
    if kind < 0.1:
        return ramp(seconds, [(0, quiet), (seconds, 1)], log=True), ("continuous", "loud_growing")
    if kind < 0.2:
        return ramp(seconds, [(0, 1), (seconds, quiet)], log=True), ("continuous", "fading")
    if kind < 0.28:
        shaking = wobble(rng, seconds, rng.uniform(4, 9), rng.uniform(0.45, 0.85))
        return shaking, ("continuous", "trembling")
    if kind < 0.4 and pausing:
        return _on_and_off(rng, seconds)
    return 1 + 0.1 * drift(rng, seconds, 1.5), ("continuous", "steady") if steady else (
        "continuous",
    )


def _on_and_off(rng: Rng, seconds: float) -> tuple[Array, Tags]:
    regular = chance(rng, 0.5)
    rate = between(rng, 0.7, 3.0)
    marks = beats(rng, seconds, rate, 0.0 if regular else 0.4, rng.uniform(0, 0.3))
    share = rng.uniform(0.35, 0.7)
    ends = np.minimum(marks + share / rate, np.append(marks[1:] - 0.03, seconds))
    shape = gate(seconds, list(zip(marks, ends, strict=True)), between(rng, 0.01, 0.06))
    return shape, ("intermittent", "repeated", *regularity(marks))


@dataclass(frozen=True)
class Rhythm:
    """When events happen.

    Attributes:
        marks: Times in seconds.
        tags: Single, or repeated with its pace and regularity.
        rate: Events a second (0 for a single one).
    """

    marks: Array
    tags: Tags
    rate: float


def rhythm(
    rng: Rng,
    seconds: float,
    slow: float,
    fast: float,
    jitter: float | None = None,
    single: float = 0.0,
) -> Rhythm:
    """Random event times between ``slow`` and ``fast`` a second.

    Args:
        rng: Source of randomness.
        seconds: Length of the track.
        slow: Lowest rate.
        fast: Highest rate.
        jitter: Relative spread of the intervals; random, from even to wild, if None.
        single: Chance of one event only.
    """
    start = float(rng.uniform(0.02, 0.25) * min(seconds, 2.0))
    if chance(rng, single):
        return Rhythm(np.array([start]), ("single",), 0.0)
    spread = float(rng.choice([0.01, 0.05, 0.35, 0.6])) if jitter is None else jitter
    rate = between(rng, slow, fast)
    marks = beats(rng, seconds - 0.05, rate, spread, start)
    if len(marks) == 1:
        return Rhythm(marks, ("single",), 0.0)
    tags: Tags = ("repeated", *pace(rate)) + (("intermittent",) if rate < 6 else ())
    return Rhythm(marks, tags + regularity(marks), rate)


def events(rng: Rng, x: Array, tags: Tags = ()) -> Sound:
    """A sound of separate events: only a noise floor is added."""
    return Sound(with_floor(rng, fade(x, 0.002, 0.01), -60, -32), tags)
