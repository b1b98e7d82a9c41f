"""A second engine for CLAP: transformers' own model, for GPUs that onnxruntime doesn't reach.

Tried on the CPU only; on CUDA and MPS it is untested, for want of the hardware.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from anysound.errors import MissingExtraError, ModelError
from anysound.language import Text
from anysound.models.clap.config import ClapConfig
from anysound.models.clap.front import clip_input
from anysound.models.clap.model import ClapFolder, clap_info
from anysound.models.clap.tokenizer import ClapTokenizer
from anysound.models.protocol import Embeddings, ModelInfo, ModelOptions, Waveform


class TorchClapModel:
    """One of LAION's CLAP models, run by torch.

    Recordings and texts are embedded one by one, so that no embedding depends on its neighbours.
    """

    def __init__(self, folder: ClapFolder, checkpoint: Path, options: ModelOptions) -> None:
        """Load a checkpoint.

        Args:
            folder: The built model, whose tokenizer and facts are used.
            checkpoint: The same model in the hub's layout.
            options: How to run it; half precision on a GPU unless fp32 is asked for.

        Raises:
            MissingExtraError: torch or transformers is not installed.
            ModelError: The device isn't there, or the checkpoint can't be read.
        """
        try:
            import torch
            from transformers import ClapModel
        except ImportError as error:
            raise MissingExtraError(
                Text(
                    en=f"Running a model on {options.device}", zh=f"在 {options.device} 上运行模型"
                ),
                "torch",
            ) from error
        if options.precision == "int8":
            raise ModelError(
                Text(
                    en="The torch engine has no int8: leave the precision at 'auto'.",
                    zh="torch 引擎不支持 int8：精度请选 auto。",
                )
            )
        _check_device(torch, options.device)
        is_half = options.device != "cpu" and options.precision == "auto"
        config = ClapConfig.read(checkpoint)
        model: Any = ClapModel.from_pretrained(
            checkpoint, dtype=torch.float16 if is_half else torch.float32, local_files_only=True
        )
        self._torch = torch
        self._model = model.eval().to(options.device)
        self._config = config
        self._options = options
        self._tokenizer = ClapTokenizer.load(folder.path, config.text.longest)
        precision = "fp16" if is_half else "fp32"
        self._info = clap_info(folder, config, precision, options.device, (), options)

    @property
    def info(self) -> ModelInfo:
        """What the model is."""
        return self._info

    def embed_audio(self, waveforms: Sequence[Waveform]) -> Embeddings:
        """Embed each waveform, of at most ``info.longest`` seconds, as one unit."""
        return self._stack([self._embed_clip(waveform) for waveform in waveforms])

    def embed_text(self, texts: Sequence[str]) -> Embeddings:
        """Embed each text as given, in English."""
        return self._stack([self._embed_text(text) for text in texts])

    def _embed_clip(self, waveform: Waveform) -> Embeddings:
        is_fused = self._config.audio.is_fused
        clip = clip_input(
            waveform, self._config.front, is_fused=is_fused, compat=self._options.compat
        )
        features = self._torch.tensor(np.array(clip.features[None]), dtype=self._model.dtype)
        # Said in so many words: the usual pipeline takes a lone short clip for a long one.
        is_longer = self._torch.tensor([[clip.is_longer]])
        return self._run(self._model.get_audio_features, features, is_longer)

    def _embed_text(self, text: str) -> Embeddings:
        ids = self._torch.tensor(self._tokenizer.encode(text)[None])
        return self._run(self._model.get_text_features, ids, self._torch.ones_like(ids))

    def _run(self, tower: Any, *inputs: Any) -> Embeddings:
        with self._torch.inference_mode():
            found = tower(*(each.to(self._options.device) for each in inputs)).pooler_output[0]
        vector = found.float().cpu().numpy()
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)

    def _stack(self, rows: Sequence[Embeddings]) -> Embeddings:
        return np.stack(rows) if rows else np.zeros((0, self._info.dim), dtype=np.float32)


def _check_device(torch: Any, device: str) -> None:
    kind, _, number = device.partition(":")
    there = {
        "cuda": lambda: torch.cuda.is_available() and int(number or 0) < torch.cuda.device_count(),
        "mps": torch.backends.mps.is_available,
        "cpu": lambda: True,
    }
    if not there[kind]():
        raise ModelError(
            Text(
                en=f"torch finds no device {device!r} on this machine. Check the driver, or use "
                "--device cpu.",
                zh=f"torch 在本机上找不到设备 {device!r}。请检查驱动，或使用 --device cpu。",
            )
        )
