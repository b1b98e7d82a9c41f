"""The layer learns where each concept's qualifiers lie, from what a tower has heard."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")  # so it runs with the other tests that need it

from training.clips import Clip  # noqa: E402
from training.text_head import DIM, Head, Heard, Settings, drawn, train  # noqa: E402

from anysound.models.bundled.head import TextHead  # noqa: E402

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
) -> tuple[torch.Tensor, torch.Tensor]:
    other = {"high": "low", "low": "high"}
    return said(concepts, tags), said(concepts, [other[tag] for tag in tags])


def heard() -> Heard:
    """Every concept is higher in a direction of its own, and about where no sum can tell."""
    rng = np.random.default_rng(4)
    concepts = rng.integers(CONCEPTS, size=CLIPS)
    tags = [str(rng.choice(POLES)) for _ in range(CLIPS)]
    sign = torch.tensor([1.0 if tag == "high" else -1.0 for tag in tags])[:, None]
    audio = WORDS[concepts] + 0.5 * sign * HEIGHTS[concepts] + 0.05 * vectors(5, CLIPS)
    audio = torch.nn.functional.normalize(audio, dim=1)
    return Heard(audio, concepts, lambda rng, row: (tags[row], 1.0))


def right(head: Head, known: Heard) -> float:
    rng = np.random.default_rng(0)
    tags = [known.say(rng, row)[0] for row in range(CLIPS)]
    true, false = captions(rng, known.concepts.tolist(), tags)
    with torch.no_grad():
        apart = (known.audio * (head(true)[0] - head(false)[0])).sum(1)
    return float((apart > 0).float().mean())


def test_it_tells_opposites_that_a_sum_of_words_cannot() -> None:
    known, settings = heard(), Settings(steps=300, captions=96)
    assert right(Head(settings.hidden), known) < 0.7
    head = train(known, captions, settings)
    assert right(head, known) > 0.95
    plain = (head(WORDS)[0] * WORDS).sum(1)
    assert float(plain.detach().min()) > 0.6  # a word by itself stays about where it was


def test_the_runtime_computes_what_was_trained() -> None:
    head = train(heard(), captions, Settings(steps=20, captions=32))
    texts = vectors(6, 5)
    runtime = TextHead(head.inner.weight.detach().numpy(), head.outer.weight.detach().numpy())
    np.testing.assert_allclose(runtime(texts.numpy()), head(texts)[0].detach(), atol=1e-5)


def test_clips_are_drawn_from_all_concepts_alike() -> None:
    clips = [Clip(f"c{n % 3}", ("high",) if n % 2 else (), "esc10", str(n)) for n in range(600)]
    rows = drawn(np.random.default_rng(7), clips, 90)
    assert all(clips[row].tags for row in rows)
    assert [sum(clips[row].concept == f"c{n}" for row in rows) for n in range(3)] == [30, 30, 30]
