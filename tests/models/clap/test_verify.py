"""A stranger's check of the weights."""

import json
from pathlib import Path

import numpy as np
import pytest

from anysound import UsageError
from anysound.models import ModelOptions
from anysound.models.clap.canonical import CANONICAL_TEXTS
from anysound.models.clap.model import ClapModel
from anysound.models.clap.verify import (
    canonical_embeddings,
    largest_difference,
    read_reference,
)
from tests.models.clap.tiny import make_tiny


def test_two_seeds_are_told_apart_and_one_is_itself(tmp_path: Path) -> None:
    found = []
    for number, seed in enumerate((0, 0, 1)):
        folder = tmp_path / str(number)
        folder.mkdir()
        model = ClapModel(make_tiny(folder, seed=seed), ModelOptions(precision="fp32"))
        found.append(canonical_embeddings(model))
    assert set(CANONICAL_TEXTS) < set(found[0])
    assert "street" in found[0]  # the long one, which a fused model takes
    assert largest_difference(found[0], found[1]) == 0.0
    assert largest_difference(found[0], found[2]) > 0.01


def test_an_unfused_model_is_not_asked_for_the_long_sound(tmp_path: Path) -> None:
    model = ClapModel(make_tiny(tmp_path, is_fused=False), ModelOptions(precision="fp32"))
    assert "street" not in canonical_embeddings(model)


def test_a_reference_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "reference.json"
    path.write_text(json.dumps({"embeddings": {"beep": [0.6, 0.8]}}))
    found = read_reference(path)
    assert np.array_equal(found["beep"], np.array([0.6, 0.8], np.float32))
    assert largest_difference(found, {"beep": np.array([0.6, 0.5], np.float32)}) == pytest.approx(
        0.3, abs=1e-6
    )
    assert largest_difference(found, {"beep": np.ones(3, np.float32)}) == float("inf")
    assert largest_difference(found, {"bark": found["beep"]}) == float("inf")


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"embeddings": 3}', '{"embeddings": {"a": "b"}}']
)
def test_what_is_no_reference_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "reference.json"
    path.write_text(content)
    with pytest.raises(UsageError, match=r"reference\.json"):
        read_reference(path)
    with pytest.raises(UsageError, match=r"none\.json"):
        read_reference(tmp_path / "none.json")
