"""The layer learns where each concept's qualifiers lie, from what a tower has heard."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")  # so it runs with the other tests that need it

from training.hearing import Heard, Said  # noqa: E402
from training.qualifiers import NAMES  # noqa: E402
from training.shifts import Shifts, ShiftSettings, learnt  # noqa: E402
from training.text_head import DIM, Head, Settings, Texts, train  # noqa: E402

pytestmark = pytest.mark.parity

CONCEPTS, CLIPS = 12, 1200
POLES = ("high", "low")


def vectors(seed: int, count: int) -> torch.Tensor:
    made = torch.from_numpy(np.random.default_rng(seed).normal(size=(count, DIM))).float()
    return torch.nn.functional.normalize(made, dim=1)


WORDS, QUALIFIERS, HEIGHTS = vectors(1, CONCEPTS), vectors(2, 2), vectors(3, CONCEPTS)


def said(concepts: list[int], tags: list[str]) -> torch.Tensor:
    summed = WORDS[concepts] + QUALIFIERS[[POLES.index(tag) for tag in tags]]
    return torch.nn.functional.normalize(summed, dim=1)


def captions(
    rng: np.random.Generator, concepts: list[int], tags: list[str]
) -> tuple[torch.Tensor, torch.Tensor, list[str]]:
    others = [{"high": "low", "low": "high"}[tag] for tag in tags]
    return said(concepts, tags), said(concepts, others), others


def wordings(rng: np.random.Generator, concepts: list[int]) -> torch.Tensor:
    """A word among others."""
    beside = torch.from_numpy(rng.normal(size=(len(concepts), DIM))).float()
    return torch.nn.functional.normalize(WORDS[concepts] + aside(beside), dim=1)


def aside(vectors: torch.Tensor) -> torch.Tensor:
    """Keep of vectors what lies in a few directions, where words of no sound lie; lengthen it."""
    within = torch.zeros_like(vectors)
    within[:, :16] = vectors[:, :16]
    return 4 * torch.nn.functional.normalize(within, dim=1)


def strangers(rng: np.random.Generator, count: int) -> torch.Tensor:
    beside = torch.from_numpy(rng.normal(size=(count, DIM))).float()
    return torch.nn.functional.normalize(aside(beside), dim=1)


TEXTS = Texts(captions, wordings, strangers)


def known() -> Heard:
    """Every concept is higher in a direction of its own, and about where no sum can tell."""
    rng = np.random.default_rng(4)
    concepts = rng.integers(CONCEPTS, size=CLIPS)
    tags = [str(rng.choice(POLES)) for _ in range(CLIPS)]
    sign = torch.tensor([1.0 if tag == "high" else -1.0 for tag in tags])[:, None]
    audio = WORDS[concepts] + 0.5 * sign * HEIGHTS[concepts] + 0.05 * vectors(5, CLIPS)
    true = [Said(row, int(concepts[row]), tags[row], made=True) for row in range(CLIPS)]
    return Heard(torch.nn.functional.normalize(audio, dim=1), true)


def mean_captions() -> torch.Tensor:
    """All that isn't said of any sound here is as if it were high."""
    numbers = list(range(CONCEPTS))
    rows = [said(numbers, [name if name in POLES else "high"] * CONCEPTS) for name in NAMES]
    return torch.stack(rows, dim=1)


def few(heard: Heard) -> Shifts:
    return learnt(heard, mean_captions(), ShiftSettings(drawn=5000, steps=150, batch=256))


@pytest.fixture(scope="module")
def head() -> Head:
    return train(known(), WORDS, few(known()), TEXTS, Settings(steps=300, captions=96))


def right(head: Head, heard: Heard) -> float:
    concepts, tags = [one.concept for one in heard.said], [one.tag for one in heard.said]
    true, false, _ = captions(np.random.default_rng(0), concepts, tags)
    with torch.no_grad():
        apart = (heard.audio * (head(true).texts - head(false).texts)).sum(1)
    return float((apart > 0).float().mean())


def test_shifts_say_where_each_concepts_qualifiers_lie() -> None:
    heard = known()
    shifts = few(heard)
    concepts = torch.tensor([one.concept for one in heard.said])
    high, low = (
        shifts(concepts, torch.full((CLIPS,), NAMES.index(name)))[0].detach() for name in POLES
    )
    is_high = torch.tensor([one.tag == "high" for one in heard.said])
    assert float((((heard.audio * (high - low)).sum(1) > 0) == is_high).float().mean()) > 0.98
    # What a qualifier never was said of, it adds to as to any other; that is kept out of "own".
    never = [number for number, name in enumerate(NAMES) if name not in POLES]
    assert float(shifts.own[:, never].abs().max().detach()) == 0


def test_it_tells_opposites_that_a_sum_of_words_cannot(head: Head) -> None:
    heard = known()
    nothing = torch.zeros(CONCEPTS, 1 + len(NAMES), DIM)
    assert right(Head(WORDS, nothing, Settings()), heard) < 0.7
    assert right(head, heard) > 0.95
    plain = (head(WORDS).texts * WORDS).sum(1)
    assert float(plain.detach().min()) > 0.6  # a word by itself stays about where it was


def test_it_leaves_words_aside_that_say_nothing_of_a_sound(head: Head) -> None:
    asked = [number % CONCEPTS for number in range(600)]
    texts = wordings(np.random.default_rng(8), asked)
    with torch.no_grad():
        summed, moved = ((rows @ WORDS.T).argmax(1).tolist() for rows in (texts, head(texts).texts))
    shares = [
        np.mean([a == b for a, b in zip(found, asked, strict=True)]) for found in (summed, moved)
    ]
    assert shares[1] > shares[0] + 0.1
    alone = strangers(np.random.default_rng(9), 50)
    kept = (head(alone).texts * alone).sum(1)
    assert float(kept.detach().min()) > 0.9


def test_the_runtime_computes_what_was_trained(head: Head) -> None:
    texts = said(list(range(CONCEPTS)), ["high"] * CONCEPTS)
    with torch.no_grad():
        expected = head(texts).texts
    np.testing.assert_allclose(head.runtime()(texts.numpy()), expected, atol=2e-3)
