"""A checkpoint of full size from a hub to an answer, from a clean cache, in processes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.fakes import wav_file
from tests.models.hub import Fault, LocalHub

pytestmark = [pytest.mark.parity, pytest.mark.slow]

ID = "laion/clap-htsat-fused"
LABELS = ("a dog barking", "rain", "a car horn")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    pytest.importorskip("transformers")
    from tools.random_checkpoint import write_checkpoint

    folder = tmp_path_factory.mktemp("repos")
    write_checkpoint(folder / ID, "clap-htsat-fused")
    with LocalHub(folder) as hub:
        yield hub


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sounds") / "noise.wav"
    path.write_bytes(wav_file(np.random.default_rng(3).uniform(-0.5, 0.5, 3 * 16_000)))
    return path


def anysound(home: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    environment = {"ANYSOUND_HOME": str(home), "HF_HOME": str(home / "hf"), "ANYSOUND_LANG": "en"}
    return subprocess.run(
        [sys.executable, "-m", "anysound", *arguments],
        env={**kept, **environment, **variables},
        capture_output=True,
        text=True,
        timeout=300,
    )


def classify(home: Path, recording: Path, model: str, *more: str, **variables: str) -> Any:
    called = ["classify", str(recording), "-l", ", ".join(LABELS), "--json", "--model", model]
    result = anysound(home, *called, *more, **variables)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def heard(recording: Path) -> Any:
    """The waveform that both sides are given."""
    from anysound.audio import open_recording

    with open_recording(str(recording), 48_000) as stream:
        return np.concatenate(list(stream.blocks()))


def by_transformers(checkpoint: Path, recording: Path) -> dict[str, float]:
    """The reference's probabilities along LAION's own path: a short recording is not fused."""
    import torch
    from transformers import AutoTokenizer, ClapFeatureExtractor, ClapModel

    model: Any = ClapModel.from_pretrained(checkpoint)
    extract = ClapFeatureExtractor.from_pretrained(checkpoint)
    features = extract(heard(recording), sampling_rate=48_000)
    texts = [f"This is a sound of {label}." for label in LABELS]
    tokens = AutoTokenizer.from_pretrained(checkpoint)(texts, padding=True, return_tensors="pt")
    with torch.inference_mode():
        audio = model.get_audio_features(
            torch.tensor(np.asarray(features["input_features"])), is_longer=torch.tensor([[False]])
        ).pooler_output
        text = model.get_text_features(**tokens).pooler_output
        similarity = torch.nn.functional.normalize(audio) @ torch.nn.functional.normalize(text).T
        shares = (similarity * model.logit_scale_a.exp()).softmax(-1)[0].tolist()
    return dict(zip(LABELS, shares, strict=True))


def test_by_its_id_from_a_clean_cache(hub: LocalHub, recording: Path, tmp_path: Path) -> None:
    hub.misbehave("model.safetensors", Fault(truncate=200_000_000, times=1))
    found = classify(tmp_path, recording, ID, "--precision", "fp32", HF_ENDPOINT=hub.url)
    weights = hub.folder / ID / "model.safetensors"
    assert hub.sent("model.safetensors") < 1.01 * weights.stat().st_size  # it went on, not anew
    assert (found["model"], found["precision"]) == (ID, "fp32")
    expected = by_transformers(hub.folder / ID, recording)
    for score in found["scores"]:
        assert score["probability"] == pytest.approx(expected[score["label"]], abs=1e-4)
    # From now on without a network, as the model that answers by default.
    again = anysound(tmp_path, "models", "list", "--json", HF_HUB_OFFLINE="1")
    assert json.loads(again.stdout)["default"] == ID
    offline = classify(tmp_path, recording, ID, "--precision", "fp32", HF_HUB_OFFLINE="1")
    assert offline == found
    verified = anysound(tmp_path, "models", "verify", ID, HF_HUB_OFFLINE="1")
    assert verified.returncode == 0, verified.stderr
    assert "beep: " in verified.stdout


def test_by_its_folder_from_a_clean_cache(hub: LocalHub, recording: Path, tmp_path: Path) -> None:
    checkpoint = hub.folder / ID
    found = classify(tmp_path, recording, str(checkpoint), HF_HUB_OFFLINE="1")
    assert found["model"] == "local/clap-htsat-fused"
    total = sum(score["probability"] for score in found["scores"])
    assert total == pytest.approx(1.0)


def test_compat_gives_what_the_pipeline_gives(
    hub: LocalHub, recording: Path, tmp_path: Path
) -> None:
    from benchmarks.reference import transformers_pipeline

    checkpoint = hub.folder / ID
    expected = transformers_pipeline(checkpoint)(heard(recording), LABELS)
    asked = ["--compat", "transformers", "--precision", "fp32"]
    found = classify(tmp_path, recording, str(checkpoint), *asked)
    for score in found["scores"]:
        assert score["probability"] == pytest.approx(expected[score["label"]], abs=1e-4)
