"""Embed the canonical inputs with transformers, for ``anysound models verify NAME --against FILE``.

    python -m tools.reference_embeddings laion/clap-htsat-fused[@REVISION] --output FILE

Takes an id on the hub or a folder in its layout. Needs the packages of the ``parity`` extra. The
crops of the long sound are those that anysound chooses, and short sounds are not fused, as in
LAION's own inference; all else is transformers' own.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from huggingface_hub import snapshot_download
from numpy.typing import NDArray
from transformers import AutoTokenizer, ClapFeatureExtractor, ClapModel

from anysound.models.clap.canonical import CANONICAL_TEXTS, canonical_audio
from anysound.models.clap.config import ClapConfig
from anysound.models.clap.front import clip_input

NEEDED = ["*.json", "*.safetensors", "pytorch_model.bin", "merges.txt"]


def reference_embeddings(checkpoint: Path) -> dict[str, list[float]]:
    """Return the embedding of each canonical input by its name, unit length."""
    model: Any = ClapModel.from_pretrained(checkpoint)
    tokenize = AutoTokenizer.from_pretrained(checkpoint)
    found: dict[str, list[float]] = {}
    with torch.inference_mode():
        for name, features, is_longer in _sounds(checkpoint):
            batch = torch.from_numpy(features[np.newaxis])
            longer = torch.tensor([[is_longer]])
            found[name] = _row(model.get_audio_features(batch, is_longer=longer))
        for text in CANONICAL_TEXTS:
            found[text] = _row(model.get_text_features(**tokenize(text, return_tensors="pt")))
    return found


def _sounds(checkpoint: Path) -> Iterator[tuple[str, NDArray[np.float32], bool]]:
    """Yield each sound that the model takes as one unit, its features, and whether it is fused."""
    config = ClapConfig.read(checkpoint)
    extract = ClapFeatureExtractor.from_pretrained(checkpoint)
    is_fused, rate = config.audio.is_fused, config.front.mel.rate
    for name, sound in canonical_audio(rate, float("inf") if is_fused else 10.0).items():
        if len(sound) > config.front.samples:  # transformers would choose its crops by chance
            yield name, clip_input(sound, config.front, is_fused=True).features, True
        else:
            features = extract(sound, sampling_rate=rate)["input_features"][0]
            yield name, np.array(features, dtype=np.float32), False


def _row(output: Any) -> list[float]:
    row: list[float] = output.pooler_output[0].tolist()
    return row


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("model", help="folder, or id on the hub, with @revision if need be")
    parser.add_argument("--output", type=Path, help="default: standard output")
    wanted = parser.parse_args()
    folder, revision = Path(wanted.model), None
    if not folder.is_dir():
        id, _, asked = wanted.model.partition("@")
        folder = Path(snapshot_download(id, revision=asked or None, allow_patterns=NEEDED))
        revision = folder.name
    embeddings = reference_embeddings(folder)
    content = json.dumps({"model": wanted.model, "revision": revision, "embeddings": embeddings})
    if wanted.output:
        wanted.output.write_text(content + "\n", encoding="utf-8")
    else:
        sys.stdout.write(content + "\n")


if __name__ == "__main__":
    main()
