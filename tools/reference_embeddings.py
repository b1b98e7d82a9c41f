"""Embed the canonical inputs with transformers, for ``anysound models verify NAME --against``.

    python -m tools.reference_embeddings laion/clap-htsat-fused > reference.json

Takes an id on the hub or a folder in its layout. Needs the packages of the ``parity`` extra. The
crops of the long sound are those that anysound chooses; all else is transformers' own.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from huggingface_hub import snapshot_download
from transformers import AutoTokenizer, ClapFeatureExtractor, ClapModel

from anysound.models.clap.canonical import CANONICAL_TEXTS, canonical_audio
from anysound.models.clap.config import ClapConfig
from anysound.models.clap.front import clip_input


def reference_embeddings(checkpoint: Path) -> dict[str, list[float]]:
    """Return the embedding of each canonical input by its name."""
    config = ClapConfig.read(checkpoint)
    model = ClapModel.from_pretrained(checkpoint).eval()
    extract = ClapFeatureExtractor.from_pretrained(checkpoint)
    tokenize = AutoTokenizer.from_pretrained(checkpoint)
    found: dict[str, list[float]] = {}
    with torch.no_grad():
        for name, sound in canonical_audio(config.front.mel.rate).items():
            is_longer = len(sound) > config.front.samples
            if is_longer and not config.audio.is_fused:
                continue
            if is_longer:
                features = clip_input(sound, config.front, is_fused=True).features
            else:
                inputs = extract(sound, sampling_rate=config.front.mel.rate)
                features = np.asarray(inputs["input_features"][0])
            batch = torch.tensor(np.array(features[None], dtype=np.float32))
            found[name] = _row(model.get_audio_features(batch, torch.tensor([[is_longer]])))
        for text in CANONICAL_TEXTS:
            found[text] = _row(model.get_text_features(**tokenize(text, return_tensors="pt")))
    return found


def _row(output: Any) -> list[float]:
    row: list[float] = output.pooler_output[0].tolist()
    return row


if __name__ == "__main__":
    (name,) = sys.argv[1:]
    folder = Path(name) if Path(name).is_dir() else Path(snapshot_download(name))
    json.dump({"model": name, "embeddings": reference_embeddings(folder)}, sys.stdout)
