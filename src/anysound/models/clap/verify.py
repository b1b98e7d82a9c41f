"""Embeddings of the canonical inputs, to tell whether two builds of a model are the same."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from anysound.errors import UsageError
from anysound.language import Text
from anysound.models.clap.canonical import CANONICAL_TEXTS, canonical_audio
from anysound.models.protocol import AudioTextModel, Embeddings

CLOSE = {"fp32": 1e-4, "int8": 0.05, "fp16": 0.01}
"""By how much a number may differ from the reference's, by precision.

fp32 comes within 1e-5 of it in the parity tests; the rest allows for other processors. int8 and
fp16 are coarser by nature.
"""


def canonical_embeddings(model: AudioTextModel) -> dict[str, Embeddings]:
    """Embed the canonical sounds that the model takes as one unit, and the canonical texts."""
    sounds = canonical_audio(model.info.rate, model.info.longest)
    rows = [*model.embed_audio(list(sounds.values())), *model.embed_text(CANONICAL_TEXTS)]
    return dict(zip([*sounds, *CANONICAL_TEXTS], rows, strict=True))


def read_reference(path: Path) -> dict[str, Embeddings]:
    """Read embeddings that ``tools/reference_embeddings.py`` or ``verify --json`` wrote.

    Raises:
        UsageError: The file can't be read or holds something else.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["embeddings"]
        return {str(name): np.array(row, dtype=np.float32) for name, row in found.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(
            Text(
                en=f"{path} is no file of reference embeddings: make one with "
                "tools/reference_embeddings.py or `anysound models verify NAME --json`.",
                zh=f"{path} 不是参考向量文件：请用 tools/reference_embeddings.py 或 "
                "`anysound models verify 名称 --json` 生成。",
            )
        ) from error


def largest_difference(mine: Mapping[str, Embeddings], theirs: Mapping[str, Embeddings]) -> float:
    """Return by how much any number differs; infinite if the inputs are not the same ones."""
    if mine.keys() != theirs.keys():
        return float("inf")
    pairs = [(mine[name], theirs[name]) for name in mine]
    if any(one.shape != other.shape for one, other in pairs):
        return float("inf")
    return max(float(np.abs(one - other).max()) for one, other in pairs)
