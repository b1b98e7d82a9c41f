"""From a Marian checkpoint to a model that runs: two graphs and the table of tokens."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from anysound.language import Text
from anysound.models.files.checkpoint import open_checkpoint
from anysound.models.marian.config import CONFIG, GENERATION, MarianConfig
from anysound.models.marian.graph import TABLES, write_decoder, write_encoder
from anysound.models.marian.model import DECODER, ENCODER, TABLE
from anysound.models.marian.tokenizer import SOURCE, VOCABULARY, MarianTokenizer

_COPIED = (CONFIG, GENERATION, SOURCE, VOCABULARY)


def build(checkpoint: Path, target: Path, report: Callable[[Text], None]) -> dict[str, Any]:
    """Build a model from a checkpoint in the hub's layout.

    Args:
        checkpoint: Folder of the checkpoint.
        target: Empty folder for the model.
        report: Is told what is being done.

    Returns:
        How many ``parameters`` it has.

    Raises:
        ModelError: The checkpoint is damaged, or not of a kind that can be built.
        MissingExtraError: SentencePiece is not installed.
    """
    config = MarianConfig.read(checkpoint)
    MarianTokenizer.load(checkpoint, config)
    weights = open_checkpoint(checkpoint)
    report(Text(en="building the graphs in fp32", zh="正在构建 fp32 计算图"))
    write_encoder(target / ENCODER, config, weights.take)
    write_decoder(target / DECODER, config, weights.take)
    table = next((name for name in TABLES if name in weights), TABLES[0])
    np.save(target / TABLE, weights.take(table, (config.vocabulary, config.width)))
    for name in _COPIED:
        if (checkpoint / name).is_file():
            shutil.copyfile(checkpoint / name, target / name)
    return {"parameters": config.parameters}
