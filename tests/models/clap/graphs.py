"""Checkpoints, graphs and inputs that several tests share."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tools.random_checkpoint import write_checkpoint

from anysound.models.clap.build import build
from anysound.models.clap.config import ClapConfig
from anysound.models.clap.model import ClapFolder

KINDS = (
    "clap-htsat-fused",
    "clap-htsat-unfused",
    "larger_clap_general",
    "larger_clap_music_and_speech",
    "larger_clap_music",
)


@dataclass(frozen=True)
class Built:
    """A random checkpoint and the model that was built from it."""

    checkpoint: Path
    folder: ClapFolder

    @property
    def config(self) -> ClapConfig:
        return ClapConfig.read(self.folder.path)


def make(folder: Path, kind: str, width: float) -> Built:
    """Write a random checkpoint and build the model."""
    checkpoint, target = folder / "checkpoint", folder / "built"
    write_checkpoint(checkpoint, kind, width)
    target.mkdir()
    facts = build(checkpoint, target, lambda text: None)
    return Built(checkpoint, ClapFolder(target, f"test/{kind}", "0", None, facts))


def spectrograms(config: ClapConfig, count: int, seed: int) -> NDArray[np.float32]:
    """Random inputs of the reference: shape ``(count, channels, frames, n_mels)``, in dB."""
    random = np.random.default_rng(seed)
    shape = (count, 4 if config.audio.is_fused else 1, config.front.frames, config.audio.n_mels)
    waves = 10 * np.sin(np.arange(shape[2]) / random.uniform(5, 50, (*shape[:2], 1)))
    return (random.normal(-30, 12, shape) + waves[..., None]).astype(np.float32)


def texts(config: ClapConfig, count: int, seed: int) -> list[NDArray[Any]]:
    """Random token ids of texts of 3 to 40 tokens."""
    random = np.random.default_rng(seed)
    lengths = random.integers(3, 41, count)
    return [random.integers(4, config.text.vocabulary, length) for length in lengths]
