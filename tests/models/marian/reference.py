"""transformers' MarianMTModel with random weights: the reference, and the checkpoints it writes."""

import json
import math
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import GenerationConfig, MarianConfig, MarianMTModel

from tests.models.marian.making import write_texts


def write_checkpoint(
    folder: Path, *, seed: int = 0, safe: bool = True, end: float = 6.0, **changed: Any
) -> None:
    """Write a checkpoint of random weights as transformers does, or as the hub's older ones are.

    Args:
        folder: Where to; it is made if need be.
        seed: Of the weights.
        safe: Whether to write ``model.safetensors``, or else ``pytorch_model.bin``.
        end: Logit that the token of the end has in advance, so that translations come to one.
        changed: Fields of ``config.json`` and ``generation_config.json`` that differ.
    """
    config = write_texts(folder, **changed)
    model = MarianMTModel(MarianConfig(**config))
    randomise(model, seed)
    model.final_logits_bias[0, config["eos_token_id"]] = end
    if safe:
        generation = json.loads((folder / "generation_config.json").read_text())
        model.generation_config = GenerationConfig(**generation)
        model.save_pretrained(folder)
    else:
        torch.save(model.state_dict(), folder / "pytorch_model.bin")


def randomise(model: MarianMTModel, seed: int) -> None:
    """Draw every weight at random, at magnitudes that keep activations alive."""
    generator = torch.Generator().manual_seed(seed)

    def fill(tensor: torch.Tensor, mean: float, deviation: float) -> None:
        tensor.copy_(torch.randn(tensor.shape, generator=generator) * deviation + mean)

    with torch.no_grad():
        for name, module in model.named_modules():
            match module:
                case nn.Linear() if name != "lm_head":
                    # Queries and keys above one, or attention would be close to a plain mean.
                    gain = 1.5 if name.endswith(("q_proj", "k_proj")) else 1.0
                    fill(module.weight, 0.0, gain / math.sqrt(module.in_features))
                    fill(module.bias, 0.0, 0.1)
                case nn.LayerNorm():
                    fill(module.weight, 1.0, 0.2)
                    fill(module.bias, 0.0, 0.1)
        fill(model.model.shared.weight, 0.0, 1.5 * model.config.d_model**-0.5)
        fill(model.final_logits_bias, 0.0, 0.5)
