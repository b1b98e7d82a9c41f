"""What examples add to the directions of phrases.

A linear head over the audio embeddings that begins between phrases and examples and is held there:
the constrained linear probe of Silva-Rodriguez et al. (CVPR 2024, "A closer look at the few-shot
adaptation of large vision-language models"), which begins at the phrases. Here these count as a few
examples more of their label, and both are taken about their own centre, since sounds and texts lie
apart in the common space (Liang et al., NeurIPS 2022, "Mind the gap"). Wherever it was measured,
that did better than to begin at the phrases (benchmarks/teaching.py). What none has is ``none``:
where there are background sounds, the similarity that a match must reach stands beside the labels
as one class more, so that an example counts as learnt when it is a match, and a background sound
when it is ``none``. Without them it stays out: examples alone would learn to be a match at any
price, and so would everything else (benchmarks/teaching.py).

What comes of it is one direction a label, in place of the phrases' own. Whatever a label's
direction is used for, timelines, an index, verdicts, works as before and costs nothing more.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anysound.scoring import softmax

Values = NDArray[np.float64]

_PHRASES_COUNT = 5.0  # examples, of one label

_MOST_STEPS = 500
_NEAR_ENOUGH = 1e-6  # float16, in which directions are kept, is no finer than a hundred times this


@dataclass(frozen=True)
class Task:
    """What is to be learnt from.

    Attributes:
        phrases: Direction of each label by its phrases, shape ``(n_labels, dim)``.
        weights: Of the labels, shape ``(n_labels,)``.
        scale: The model's factor on similarities.
        heard: Embeddings of examples and background sounds, shape ``(n, dim)``.
        target: The label of each; ``n_labels`` is none of them. Shape ``(n,)``.
        needed: The similarity that a match with it must reach, shape ``(n,)``.
        share: How much each counts within its recording, shape ``(n,)``.
    """

    phrases: Values
    weights: Values
    scale: float
    heard: Values
    target: NDArray[np.intp]
    needed: Values
    share: Values

    def of(self, rows: NDArray[np.bool_]) -> "Task":
        """Return the task with some of the examples only."""
        return Task(
            self.phrases,
            self.weights,
            self.scale,
            self.heard[rows],
            self.target[rows],
            self.needed[rows],
            self.share[rows],
        )


def fit(task: Task, hold: float, begin: Values | None = None) -> Values:
    """Find what examples add to each label's direction.

    It minimises, by accelerated gradient descent (Nesterov 1983),

        mean of -log p(target)  +  hold / 2 * |scale * moved|^2

    with ``p`` the softmax at the model's scale over the labels and, if there is background,
    ``needed``. Every label counts the same however many examples it has, and all background sounds
    together as one label. A label without examples stays as it is.

    Args:
        task: What to learn from.
        hold: How strongly a direction is held where it begins.
        begin: Where that is, shape ``(n_labels, dim)``; by default between phrases and examples.

    Returns:
        What is added to the phrases', shape ``(n_labels, dim)``.
    """
    count, scale, heard = len(task.phrases), task.scale, task.heard
    begin = blended(task) if begin is None else begin
    share = _balanced(task)
    true = np.zeros((len(heard), count + 1))
    true[np.arange(len(heard)), task.target] = 1.0
    level = task.needed if true[:, count].any() else np.full(len(heard), -np.inf)
    before = np.column_stack([heard @ begin.T, level])
    prior = np.log(np.append(task.weights, 1.0))
    is_taught = np.bincount(task.target, minlength=count + 1)[:count, np.newaxis] > 0
    # Half the largest eigenvalue bounds the curvature of a softmax's loss.
    spread = (heard * share[:, np.newaxis]).T @ heard
    step = 1 / (scale**2 * (0.5 * float(np.linalg.eigvalsh(spread)[-1]) + hold))
    moved = np.zeros_like(begin)
    ahead, momentum = moved, 1.0
    for _ in range(_MOST_STEPS):
        logits = scale * before + prior
        logits[:, :count] += scale * (heard @ ahead.T)
        error = (softmax(logits) - true) * share[:, np.newaxis]
        slope = scale * error[:, :count].T @ heard + hold * scale**2 * ahead
        following = ahead - step * slope * is_taught
        faster = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = following + (momentum - 1) / faster * (following - moved)
        change = float(np.abs(following - moved).max())
        moved, momentum = following, faster
        if change < _NEAR_ENOUGH:
            break
    return np.asarray(begin - task.phrases + moved)


def blended(task: Task) -> Values:
    """Return directions between each label's phrases and the mean of its examples.

    Args:
        task: What to learn from.

    Returns:
        Shape ``(n_labels, dim)``.
    """
    shares = (task.target == np.arange(len(task.phrases))[:, np.newaxis]) * task.share
    examples = shares.sum(axis=1, keepdims=True)
    is_taught = examples[:, 0] > 0
    if not is_taught.any():
        return task.phrases
    means = shares @ task.heard / np.where(examples > 0, examples, 1.0)
    of_phrases, of_examples = (each[is_taught].mean(axis=0) for each in (task.phrases, means))
    blend = examples / (examples + _PHRASES_COUNT)
    return np.asarray((1 - blend) * task.phrases + blend * (of_phrases + means - of_examples))


def _balanced(task: Task) -> Values:
    """Return how much each example counts; those of the labels sum to 1."""
    totals = np.bincount(task.target, task.share, minlength=len(task.phrases) + 1)
    labels = max(1, int((totals[:-1] > 0).sum()))
    return np.asarray(task.share / totals[task.target] / labels)
