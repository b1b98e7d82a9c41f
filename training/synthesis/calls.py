"""Choosing pitch, rhythm and onset of calls, and telling which qualifiers came out true."""

from collections.abc import Callable

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    between,
    chance,
    fit,
    gain,
    place,
    samples,
    with_floor,
)
from training.synthesis.finish import Tags, regularity
from training.synthesis.registry import MAX_SECONDS, RATE, Qualifier, Sound


def pick(
    rng: Rng, low: float, high: float, below: Qualifier, above: Qualifier
) -> tuple[float, Tags]:
    """A random number and what it is called: ``below`` or ``above`` in the outer thirds."""
    value = between(rng, low, high)
    share = np.log(value / low) / np.log(high / low)
    return value, (below,) if share < 1 / 3 else (above,) if share > 2 / 3 else ()


def pitched(rng: Rng, low: float, high: float) -> tuple[float, Tags]:
    """A random pitch; low or high by ear (under 250, over 1200 Hz), else among its kind."""
    value, tags = pick(rng, low, high, "low", "high")
    return value, ("low",) if value < 250 else ("high",) if value > 1200 else tags


def paced(rng: Rng, low: float, high: float) -> tuple[float, Tags]:
    """A random rate in events a second; slow or fast among its kind where the ear agrees."""
    value, tags = pick(rng, low, high, "slow", "fast")
    agrees = value > 1.5 if tags == ("fast",) else value < 5
    return value, tags if agrees else ()


def series(
    rng: Rng,
    make: Callable[[], Array],
    rates: tuple[float, float],
    single: float = 0.2,
    most: int = 40,
) -> tuple[Array, Tags]:
    """One call or several in a row, and whether single, repeated, fast, slow, (ir)regular.

    Args:
        rng: Source of randomness.
        make: Makes one call; called up to six times, since no two calls are quite alike.
        rates: Range of calls a second (fewer if the calls are longer than that).
        single: Chance that there is only one.
        most: Most calls in a row.
    """
    first = make()
    each = len(first) / RATE
    rate, tempo = paced(rng, *rates)
    period = max(1 / rate, each * 1.05)
    room = min(most, 1 + int((MAX_SECONDS - each) / period))
    if room < 2 or chance(rng, single):
        return first, ("single",)
    count = int(rng.integers(2, room + 1))
    spread = rng.choice([0.03, 0.12, 0.5], p=[0.4, 0.25, 0.35])
    gaps = np.maximum(period * np.exp(spread * rng.standard_normal(count - 1)), each * 1.02)
    marks = np.concatenate([[0.0], np.cumsum(gaps)])
    marks = marks[marks + each <= MAX_SECONDS]
    clips = [first] + [make() for _ in range(min(len(marks), 6) - 1)]
    order = rng.integers(0, len(clips), len(marks))
    sizes = [gain(float(rng.normal(0, 1.5))) for _ in marks]
    end = min(float(marks[-1]) + each + 0.05, MAX_SECONDS)
    return place(end, marks, lambda i: clips[order[i]] * sizes[i]), rhythm_tags(marks, tempo)


def rhythm_tags(marks: Array, tempo: Tags = ()) -> Tags:
    """Single or repeated, with the tempo given and the regularity measured."""
    if len(marks) < 3:
        return ("single",) if len(marks) < 2 else ("repeated",)
    return ("repeated", *tempo, *regularity(marks))


def surge(rng: Rng, x: Array, share: float = 0.2) -> tuple[Array, Tags]:
    """Sometimes growing or fading over its length, ``share`` of the time each."""
    draw = rng.random()
    if draw > 2 * share:
        return x, ()
    depth = float(rng.uniform(14, 30))
    slope = 10 ** (-depth / 20 * np.linspace(1, 0, len(x)))
    return (x * slope, ("loud_growing",)) if draw < share else (x * slope[::-1], ("fading",))


def clip(rng: Rng, x: Array, *tags: Qualifier, hush: bool = False, ongoing: bool = False) -> Sound:
    """The sound somewhere in a clip of at most 5 s, over a weak background.

    Args:
        rng: Source of randomness.
        x: What was made.
        *tags: What is true of it.
        hush: For sounds that are quiet by nature, whose background is relatively louder.
        ongoing: For sounds that go on beyond the clip: no silence is put around them.
    """
    x = x[: samples(MAX_SECONDS)]
    if not ongoing and chance(rng, 0.7):
        room = MAX_SECONDS - len(x) / RATE
        lead, tail = rng.uniform(0, 0.5, 2) * room
        x = np.concatenate([np.zeros(int(lead * RATE)), x, np.zeros(int(tail * RATE))])
    x = fit(x, max(len(x) / RATE, 0.4))
    whole = with_floor(rng, x, -55, -20 if hush else -26)
    return Sound(whole[: samples(MAX_SECONDS)], tuple(dict.fromkeys(tags)))
