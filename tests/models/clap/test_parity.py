"""The embeddings of both towers against transformers' ClapModel."""

from typing import Any

import numpy as np
import pytest

pytest.importorskip("transformers")

import torch
from transformers import ClapModel as Reference

from anysound.models.clap.front import ClapInput
from anysound.models.clap.towers import AudioTower, TextTower
from tests.models.clap.graphs import KINDS, Built, make, spectrograms, texts
from tests.models.clap.int8 import needs_exact_int8

pytestmark = pytest.mark.parity

CLOSE = 1e-5
SIZES = [("clap-htsat-fused", 1.0), *((kind, 0.25) for kind in KINDS)]


@pytest.fixture(scope="module", params=SIZES, ids=[f"{k}-{w}" for k, w in SIZES])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return make(tmp_path_factory.mktemp("clap"), *request.param)


@pytest.fixture(scope="module")
def reference(built: Built) -> Any:
    torch.set_num_threads(1)
    return Reference.from_pretrained(built.checkpoint).eval()


def audio_tower(built: Built, precision: str = "fp32") -> AudioTower:
    graph = built.folder.path / f"audio.{precision}.onnx"
    return AudioTower(graph, built.config.audio, "cpu")


def text_tower(built: Built, precision: str = "fp32") -> TextTower:
    return TextTower(built.folder.path, f"text.{precision}.onnx", built.config.text, "cpu")


@pytest.mark.parametrize(
    "longer", [[0], [1], [0, 1, 0], [1, 1, 1], [0, 1, 1, 0, 0, 0, 1, 0], [0] * 8], ids=str
)
def test_audio_embeddings_equal_the_reference(
    built: Built, reference: Any, longer: list[int]
) -> None:
    features = spectrograms(built.config, len(longer), seed=len(longer))
    with torch.no_grad():
        flags = torch.tensor(longer, dtype=torch.bool)[:, None]
        expected = reference.get_audio_features(torch.tensor(features), is_longer=flags)
    clips = [ClapInput(f, bool(is_long)) for f, is_long in zip(features, longer, strict=True)]
    found = audio_tower(built).embed(clips)
    np.testing.assert_allclose(found, expected.pooler_output.numpy(), rtol=0, atol=CLOSE)


@pytest.mark.parametrize("count", [1, 3, 8])
def test_text_embeddings_equal_the_reference_on_padded_texts(
    built: Built, reference: Any, count: int
) -> None:
    some = texts(built.config, count, seed=count)
    ids = np.full((count, max(map(len, some))), built.config.text.pad)
    for row, text in zip(ids, some, strict=True):
        row[: len(text)] = text
    mask = torch.tensor(ids != built.config.text.pad).long()
    with torch.no_grad():
        expected = reference.get_text_features(torch.tensor(ids), mask).pooler_output.numpy()
    np.testing.assert_allclose(text_tower(built).embed(some), expected, rtol=0, atol=CLOSE)


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_a_text_is_embedded_alike_in_any_company(built: Built, precision: str) -> None:
    tower = text_tower(built, precision)
    some = texts(built.config, 12, seed=0)
    together = tower.embed(some)
    for text, row in zip(some, together, strict=True):
        assert np.array_equal(tower.embed([text])[0], row)
    assert np.array_equal(tower.embed(some[::-1])[::-1], together)


def test_scale_is_that_of_the_reference(built: Built, reference: Any) -> None:
    scale = float(reference.logit_scale_a.detach().exp())
    assert built.folder.facts["scale"] == pytest.approx(scale, rel=1e-6)


@needs_exact_int8
def test_int8_is_near_fp32(built: Built) -> None:
    features = spectrograms(built.config, 3, seed=3)
    clips = [
        ClapInput(each, is_longer) for each, is_longer in zip(features, (0, 1, 0), strict=True)
    ]
    rows = [audio_tower(built, p).embed([c])[0] for p in ("fp32", "int8") for c in clips]
    cosines = [float(a @ b) for a, b in zip(rows[:3], rows[3:], strict=True)]
    assert min(cosines) > 0.99
    assert max(cosines) < 1.0  # it is another graph indeed
