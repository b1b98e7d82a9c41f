"""Small models for the tests of the store: real configs, made-up weights, a builder that copies."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from anysound.language import Text
from anysound.models.store import Hub, PullOptions
from tests.models.hub import LocalHub

ID = "laion/clap-small"

CONFIG: dict[str, Any] = {
    "model_type": "clap",
    "projection_dim": 16,
    "audio_config": {
        "num_mel_bins": 64,
        "spec_size": 256,
        "patch_size": 4,
        "patch_stride": [4, 4],
        "patch_embeds_hidden_size": 8,
        "hidden_size": 64,
        "depths": [1, 1, 1, 1],
        "num_attention_heads": [1, 2, 4, 8],
        "window_size": 8,
        "enable_fusion": True,
    },
    "text_config": {
        "vocab_size": 100,
        "hidden_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 32,
        "max_position_embeddings": 66,
    },
}
PREPROCESSOR: dict[str, Any] = {
    "sampling_rate": 48_000,
    "fft_window_size": 1024,
    "hop_length": 480,
    "feature_size": 64,
    "frequency_min": 50,
    "frequency_max": 14_000,
    "max_length_s": 10,
    "padding": "repeatpad",
    "truncation": "fusion",
    "top_db": None,
}


def write_checkpoint(folder: Path, *, size: int = 300_000, seed: int = 0) -> Path:
    """Write what has the files of a CLAP model; its weights are noise."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "preprocessor_config.json").write_text(json.dumps(PREPROCESSOR))
    (folder / "tokenizer.json").write_text(json.dumps({"model": {"vocab": {}}}))
    (folder / "README.md").write_text("# A model")
    (folder / "model.safetensors").write_bytes(random.Random(seed).randbytes(size))
    return folder


def build(checkpoint: Path, target: Path, report: Callable[[Text], None]) -> dict[str, Any]:
    """Build by copying, which tells whether the builder was given the right files."""
    report(Text(en="building", zh="正在构建"))
    for name in ("config.json", "model.safetensors"):
        shutil.copyfile(checkpoint / name, target / name)
    (target / "tables").mkdir()
    (target / "tables" / "tokens.bin").write_bytes(b"tokens")
    return {"scale": 14.5}


class Telling:
    """Keeps what a pull tells while it is at work."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.bytes: list[tuple[int, int]] = []

    def __call__(self, text: Text, done: int, total: int) -> None:
        if total:
            self.bytes.append((done, total))
        elif not self.steps or self.steps[-1] != text.en:
            self.steps.append(text.en)


def options(hub: LocalHub, **more: Any) -> PullOptions:
    """Pull from a local hub with the builder above, without long waits."""
    speaker = Hub(endpoint=hub.url, timeout=more.pop("timeout", 5.0), tries=2, pause=0.01)
    return PullOptions(**{"build": build, "hub": speaker, **more})


def tree(folder: Path) -> list[str]:
    """Return all paths under a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
