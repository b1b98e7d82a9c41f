"""Sounds that edits are tried on, and how the tower sees them."""

import numpy as np
import torch
from training.clips import spectrogram
from training.synthesis.registry import RATE, Sound


def tone(hz: float, seconds: float = 5.0) -> np.ndarray:
    time = np.arange(int(seconds * RATE)) / RATE
    return sum(np.sin(2 * np.pi * hz * n * time) / n for n in (1, 2, 3))


def noise(seconds: float = 5.0) -> np.ndarray:
    return np.random.default_rng(1).standard_normal(int(seconds * RATE))


def knock() -> np.ndarray:
    time = np.arange(int(0.2 * RATE)) / RATE
    return np.exp(-30 * time) * np.sin(2 * np.pi * 800 * time)


def seen(samples: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(spectrogram(Sound(samples))).float()
