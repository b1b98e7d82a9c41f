"""The exported graph hears what the trained tower hears, and takes less room."""

from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest

torch = pytest.importorskip("torch")  # so it runs with the other tests that need it

from training.audio_tower import AudioTower  # noqa: E402
from training.export import audio_graph  # noqa: E402

pytestmark = pytest.mark.parity


@pytest.fixture
def tower() -> AudioTower:
    torch.manual_seed(1)
    return AudioTower(32).eval()


@pytest.fixture
def clips() -> np.ndarray:
    """Two clips of hiss, the second ever louder."""
    noise = np.random.default_rng(2).uniform(-1, 0.5, (2, 1, 251, 64))
    noise[1] += np.linspace(-0.5, 0.5, 251)[:, None]
    return noise.clip(-1, 1).astype(np.float32)


def test_the_graph_hears_what_the_tower_hears(
    tower: AudioTower, clips: np.ndarray, tmp_path: Path
) -> None:
    path = tmp_path / "audio.onnx"
    audio_graph(tower, path)
    weights = sum(parameter.numel() for parameter in tower.parameters())
    assert path.stat().st_size < 1.5 * weights  # bytes; float16 would take two each
    session = ort.InferenceSession(path, providers=["CPUExecutionProvider"])
    with torch.no_grad():
        expected = tower(torch.from_numpy(clips)).numpy()
    heard = np.concatenate([session.run(None, {"log_mel": clip[None]})[0] for clip in clips])
    cosines = (heard * expected).sum(axis=1)
    assert cosines == pytest.approx([1.0, 1.0], abs=2e-4)
    assert (heard * expected[::-1]).sum(axis=1).max() < cosines.min()
