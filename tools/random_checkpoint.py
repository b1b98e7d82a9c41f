"""Write a CLAP checkpoint of random weights, laid out as on the hub, for tests and benchmarks.

    python -m tools.random_checkpoint FOLDER --kind clap-htsat-fused [--width 0.25] [--format bin]

The architecture, the files and their fields are those of LAION's checkpoints; every weight and
every statistic is drawn at random, so that a mistake in any of them shows. Needs the packages of
the ``parity`` extra.
"""

import argparse
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import ClapConfig, ClapFeatureExtractor, ClapModel

from tools.random_tokenizer import write_tokenizer


@dataclass(frozen=True)
class Architecture:
    """What tells one checkpoint of the family from another.

    Attributes:
        is_fused: Whether it takes a whole recording and crops of it.
        patch_width: Channels of the audio tower's first stage.
        depths: Blocks of the audio tower's stages.
    """

    is_fused: bool
    patch_width: int
    depths: tuple[int, ...]


TINY, BASE = (2, 2, 6, 2), (2, 2, 12, 2)  # of HTS-AT
KINDS = {
    "clap-htsat-fused": Architecture(True, 96, TINY),
    "clap-htsat-unfused": Architecture(False, 96, TINY),
    "larger_clap_general": Architecture(False, 128, BASE),
    "larger_clap_music_and_speech": Architecture(False, 128, BASE),
    "larger_clap_music": Architecture(False, 128, BASE),
}
HEADS = (4, 8, 16, 32)
TEXT_HEADS = 12
VOCABULARY = 50265


def write_checkpoint(
    folder: Path, kind: str, width: float = 1.0, seed: int = 0, *, safe: bool = True
) -> None:
    """Write a checkpoint; the same arguments write the same bytes.

    Args:
        folder: Where to; it is made if need be.
        kind: One of ``KINDS``.
        width: Scales all widths and the vocabulary; depths, heads and input sizes stay.
        seed: Of the random weights and of the tokenizer's made-up words.
        safe: Whether to write ``model.safetensors``, or else ``pytorch_model.bin``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    config = make_config(KINDS[kind], width)
    config.architectures = ["ClapModel"]
    model = ClapModel(config)
    randomise(model, seed)
    if safe:
        model.save_pretrained(folder)
    else:
        torch.save(model.state_dict(), folder / "pytorch_model.bin")
    config.to_json_file(folder / "config.json", use_diff=False)  # all fields, as on the hub
    _write_front(folder, KINDS[kind])
    write_tokenizer(folder, _scaled(VOCABULARY, width, 1), seed)


def make_config(architecture: Architecture, width: float = 1.0) -> ClapConfig:
    """Return the configuration of one kind of checkpoint, its widths scaled."""
    patch_width = _scaled(architecture.patch_width, width, HEADS[0])
    audio = {
        "enable_fusion": architecture.is_fused,
        "enable_patch_fusion": architecture.is_fused,  # means nothing, but the hub's files say so
        "fusion_type": None,
        "patch_embeds_hidden_size": patch_width,
        "hidden_size": patch_width * 8,
        "depths": list(architecture.depths),
        "num_attention_heads": list(HEADS),
    }
    text_width = _scaled(768, width, TEXT_HEADS)
    text = {
        "vocab_size": _scaled(VOCABULARY, width, 1),
        "hidden_size": text_width,
        "intermediate_size": 4 * text_width,
    }
    return ClapConfig(audio_config=audio, text_config=text, projection_dim=_scaled(512, width, 8))


def _scaled(size: int, width: float, step: int) -> int:
    """Scale a size to the nearest multiple of ``step``."""
    return max(1, round(size * width / step)) * step


def randomise(model: ClapModel, seed: int) -> None:
    """Draw every weight and statistic at random, at magnitudes that keep activations alive.

    Raises:
        ValueError: The model has a floating-point tensor that this tool doesn't know.
    """
    normal = _normal(seed)
    left = {name for name, tensor in model.state_dict().items() if tensor.is_floating_point()}
    with torch.no_grad():
        for name, tensor, values in _drawn(model, normal):
            tensor.copy_(values)
            left.remove(name)
    if left:
        raise ValueError(f"not randomised: {sorted(left)}")


_Normal = Callable[[Tensor, float, float], Tensor]


def _normal(seed: int) -> _Normal:
    """Return a source of tensors: ``normal(like, mean, deviation)``."""
    generator = torch.Generator().manual_seed(seed)

    def normal(like: Tensor, mean: float, deviation: float) -> Tensor:
        return torch.randn(like.shape, generator=generator) * deviation + mean

    return normal


def _drawn(model: ClapModel, normal: _Normal) -> Iterator[tuple[str, Tensor, Tensor]]:
    """Yield each tensor's name, the tensor, and new values for it."""
    for name, module in model.named_modules():
        own = dict(module.named_parameters(recurse=False)) | dict(
            module.named_buffers(recurse=False)
        )
        for key, tensor in own.items():
            if tensor.is_floating_point():
                full = f"{name}.{key}".removeprefix(".")
                yield full, tensor, _values(full, module, key, tensor, normal)


def _values(full: str, module: nn.Module, key: str, tensor: Tensor, normal: _Normal) -> Tensor:
    match module, key:
        case nn.Linear() | nn.Conv2d(), "weight":
            # Queries and keys above one, or attention would be close to a plain mean.
            gain = 1.5 if re.search(r"\.(query|key)\.", full) else 1.0
            return normal(tensor, 0.0, gain / math.sqrt(tensor[0].numel()))
        case nn.LayerNorm() | nn.BatchNorm2d(), "weight":
            return normal(tensor, 1.0, 0.2)
        case nn.BatchNorm2d(), "running_mean":
            # The first norm sees decibels, those of the fusion block what a convolution made.
            return normal(tensor, *((0.0, 0.3) if "fusion_model" in full else (-30.0, 10.0)))
        case nn.BatchNorm2d(), "running_var":
            low, high = (0.5, 2.0) if "fusion_model" in full else (100.0, 400.0)
            spread = 0.5 + 0.5 * torch.erf(normal(tensor, 0.0, 1.0) / math.sqrt(2.0))  # uniform
            return low + (high - low) * spread
        case nn.Embedding(), "weight":
            return normal(tensor, 0.0, 1.0 if "word_embeddings" in full else 0.3)
        case _, "bias":
            return normal(tensor, 0.0, 0.1)
        case _, "relative_position_bias_table":
            return normal(tensor, 0.0, 0.5)
        case ClapModel(), "logit_scale_a" | "logit_scale_t":
            # Factors of about 14 to 30.
            return normal(tensor, math.log(20.0), 0.1)
    raise ValueError(f"not known: {full} of {type(module).__name__}")


def _write_front(folder: Path, architecture: Architecture) -> None:
    """Write ``preprocessor_config.json`` with the hub's values."""
    ClapFeatureExtractor(
        frequency_min=50,  # the library's own default is 0
        frequency_max=14_000,
        truncation="fusion" if architecture.is_fused else "rand_trunc",
        padding="repeatpad",
        chunk_length_s=10,
        n_fft=1024,
        nb_max_frames=1000,
    ).save_pretrained(folder)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kind", choices=KINDS, default="clap-htsat-fused")
    parser.add_argument("--width", type=float, default=1.0, help="scales all widths")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--format", choices=("safetensors", "bin"), default="safetensors")
    wanted = parser.parse_args()
    safe = wanted.format == "safetensors"
    write_checkpoint(wanted.folder, wanted.kind, wanted.width, wanted.seed, safe=safe)


if __name__ == "__main__":
    main()
