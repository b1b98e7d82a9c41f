"""The search for the best translation, as transformers' ``generate`` does it without chance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from anysound.models.marian.config import SearchConfig

Logits: TypeAlias = NDArray[np.float32]
"""Of the next token, shape ``(n_translations, vocabulary)``."""

Step: TypeAlias = Callable[[Sequence[int], Sequence[int]], Logits]
"""Goes on by one token: told which of the translations of the last step are followed, and with
which token each; gives the logits of the token after it."""


@dataclass(frozen=True)
class Tokens:
    """How a translation begins and ends.

    Attributes:
        start: Id of the token that every translation begins with.
        end: Id of the token that it ends with.
    """

    start: int
    end: int


@dataclass(frozen=True)
class _Beam:
    """A translation; ``score`` is the logarithm of its probability, or that over its length."""

    ids: tuple[int, ...]
    score: float


def search(step: Step, tokens: Tokens, config: SearchConfig) -> tuple[int, ...]:
    """Return the best translation that is found, without its first token.

    It ends with the token of the end, at the latest where it is as long as it may be.

    Args:
        step: Runs the decoder.
        tokens: The first and the last.
        config: How to search.
    """
    if config.beams == 1:
        return _follow_best(step, tokens, config)
    return _follow_several(step, tokens, config)


def _follow_best(step: Step, tokens: Tokens, config: SearchConfig) -> tuple[int, ...]:
    ids = [tokens.start]
    while len(ids) < config.longest and (len(ids) == 1 or ids[-1] != tokens.end):
        scores = _log_probabilities(step([0], ids[-1:]), len(ids), tokens, config)
        ids.append(int(scores[0].argmax()))
    return tuple(ids[1:])


def _follow_several(step: Step, tokens: Tokens, config: SearchConfig) -> tuple[int, ...]:
    running, followed = [_Beam((tokens.start,), 0.0)], [0]
    finished: list[_Beam] = []
    for length in range(1, config.longest):  # of those that are running, with the first token
        logits = step(followed, [beam.ids[-1] for beam in running])
        scores = _log_probabilities(logits, length, tokens, config)
        best = _best(scores + np.array([[beam.score] for beam in running], np.float32), config)
        longer = [_Beam((*running[i].ids, id), score) for i, id, score in best]
        # The second half is there to go on with where the first half ends.
        new = [beam for beam in longer[: config.beams] if beam.ids[-1] == tokens.end]
        finished += [
            replace(beam, score=beam.score / length**config.length_penalty) for beam in new
        ]
        finished = sorted(finished, key=lambda beam: -beam.score)[: config.beams]
        open_ = [i for i, beam in enumerate(longer) if beam.ids[-1] != tokens.end][: config.beams]
        running, followed = [longer[i] for i in open_], [best[i][0] for i in open_]
        if not running or _is_enough(finished, running, length, config):
            break
    return finished[0].ids[1:] if finished else ()


def _is_enough(
    finished: Sequence[_Beam], running: Sequence[_Beam], length: int, config: SearchConfig
) -> bool:
    """Tell whether the search ends; as the reference, it takes a score to be at its best now."""
    if len(finished) < config.beams:
        return False
    return (
        config.stops_early or running[0].score / length**config.length_penalty <= finished[-1].score
    )


def _log_probabilities(logits: Logits, length: int, tokens: Tokens, config: SearchConfig) -> Logits:
    """Return the logarithms of the next token's probabilities; what is banned has none."""
    scores = _log_softmax(logits)
    scores[:, config.banned] = -np.inf
    if length == config.longest - 1:
        others = np.arange(scores.shape[1]) != tokens.end
        scores[:, others] = -np.inf
        scores[:, tokens.end] = 0.0
    return _log_softmax(scores) if config.renormalises else scores


def _log_softmax(scores: Logits) -> Logits:
    shifted = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def _best(scores: Logits, config: SearchConfig) -> list[tuple[int, int, float]]:
    """Return the best ways to go on, twice as many as are followed: beam, token and score."""
    flat = scores.ravel()
    count = min(2 * config.beams, int(np.isfinite(flat).sum()))
    some = np.sort(np.argpartition(-flat, count - 1)[:count])
    ranked = some[np.argsort(-flat[some], kind="stable")]
    size = scores.shape[1]
    return [(int(i) // size, int(i) % size, float(flat[i])) for i in ranked]
