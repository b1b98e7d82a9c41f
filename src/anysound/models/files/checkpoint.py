"""A checkpoint's weights by name, whichever of the hub's formats they come in."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from anysound.errors import ModelError, reason_of
from anysound.language import Text
from anysound.models.files.mapped import BFLOAT16, as_float32, is_float, map_file
from anysound.models.files.torch_pickle import read_torch_file

_LARGEST_HEADER = 4 << 20  # bytes; that of a CLAP checkpoint takes about 60 kB

_PIECE = re.compile(r"[\w.-]+\.safetensors")

_DTYPES: Mapping[str, np.dtype[Any]] = {
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "BF16": BFLOAT16,
    "F64": np.dtype("<f8"),
}


_MALFORMED = (ValueError, RecursionError, LookupError, TypeError, AttributeError)
"""What JSON raises that is broken, or holds other things than are looked for in it."""


class Checkpoint(Mapping[str, NDArray[np.float32]]):
    """The weights of a model, each read from the disk when it is asked for.

    Buffers of integers, which no model here needs, are left out.

    Attributes:
        path: The file that they lie in, or that says in which files.
    """

    def __init__(self, path: Path, stored: Mapping[str, NDArray[Any]]) -> None:
        """Take over what was found in a file; users call :func:`open_checkpoint`."""
        self.path = path
        self._stored = {name: array for name, array in stored.items() if is_float(array)}

    def __getitem__(self, name: str) -> NDArray[np.float32]:
        return as_float32(self._stored[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)

    def take(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Return a tensor that must be there, in this shape, and finite.

        It may lie over the mapped file, and then can't be written to.

        Args:
            name: As the hub's files have it, such as ``audio_projection.linear1.weight``.
            shape: What the model's config asks for.

        Raises:
            ModelError: There is no such tensor, or it is of another shape, or one of its numbers
                is infinite or none at all.
        """
        stored = self._stored.get(name)
        if stored is None:
            raise _unfit(
                self.path,
                f"holds no tensor {name}, which should have the shape {shape}",
                f"中没有张量 {name}（应有形状 {shape}）",
            )
        if stored.shape != shape:
            raise _unfit(
                self.path,
                f"has a tensor {name} of the shape {stored.shape}, but its config.json asks for "
                f"{shape}",
                f"中张量 {name} 的形状为 {stored.shape}，但 config.json 要求 {shape}",
            )
        tensor = as_float32(stored)
        with np.errstate(invalid="ignore"):  # infinities of both signs
            total = tensor.sum(dtype=np.float64)  # finite numbers of 32 bits can't overflow it
        if not np.isfinite(total):
            raise _unfit(
                self.path,
                f"has a tensor {name} with numbers that are infinite or not numbers",
                f"中张量 {name} 含有无穷大或非数值",
            )
        return tensor


def open_checkpoint(folder: Path) -> Checkpoint:
    """Open the weights in a folder in the hub's layout.

    ``model.safetensors`` is preferred, then the same in pieces, then ``pytorch_model.bin``.

    Raises:
        ModelError: There are no weights, or they can't be read, or the file is damaged, or it
            holds something else than tensors.
    """
    try:
        names = {path.name for path in folder.iterdir()}
    except OSError as error:
        reason = reason_of(error)
        raise ModelError(
            Text(
                en=f"The model's folder {folder} can't be read ({reason}).",
                zh=f"无法读取模型文件夹 {folder}（{reason}）。",
            )
        ) from error
    for name, read in _FORMATS.items():
        if name in names:
            return Checkpoint(folder / name, read(folder / name))
    raise _unfit(
        folder,
        "holds no weights: neither model.safetensors nor pytorch_model.bin",
        "中没有权重：既无 model.safetensors，也无 pytorch_model.bin",
    )


def _unfit(path: Path, en: str, zh: str) -> ModelError:
    return ModelError(
        Text(en=f"{path} {en}. Fetch the model again.", zh=f"{path} {zh}。请重新获取模型。")
    )


def _read_safetensors(path: Path) -> dict[str, NDArray[Any]]:
    """Lay the tensors over the mapped file (https://huggingface.co/docs/safetensors)."""
    data = map_file(path)
    length = int.from_bytes(data[:8].tobytes(), "little")
    if length > _LARGEST_HEADER:
        raise _unfit(path, "is no safetensors file", "不是 safetensors 文件")
    try:
        # The library checks the header in full; it can't map bfloat16 to numpy, so we do.
        with safe_open(path, framework="numpy"):
            header = json.loads(data[8 : 8 + length].tobytes())
        header.pop("__metadata__", None)
        return _lay_out(header, data[8 + length :])
    except (SafetensorError, OSError, *_MALFORMED) as error:
        raise _unfit(path, "is damaged or incomplete", "已损坏或不完整") from error


def _lay_out(header: dict[str, Any], body: NDArray[np.uint8]) -> dict[str, NDArray[Any]]:
    """Lay those tensors over a file's body that are of a type we know."""
    arrays = {}
    for name, entry in header.items():
        dtype = _DTYPES.get(entry["dtype"])
        if dtype is not None:
            begin, end = entry["data_offsets"]
            arrays[name] = body[begin:end].view(dtype).reshape(entry["shape"])
    return arrays


def _read_pieces(index: Path) -> dict[str, NDArray[Any]]:
    """Read the files that an index names, all in its own folder."""
    text = map_file(index)[:_LARGEST_HEADER].tobytes()
    try:
        names = sorted(set(json.loads(text)["weight_map"].values()))
        if not names or not all(map(_PIECE.fullmatch, names)):
            raise ValueError("no files of this folder")
    except _MALFORMED as error:
        raise _unfit(
            index, "is damaged: it doesn't name the files", "已损坏：未正确列出权重文件"
        ) from error
    return {
        name: array
        for piece in names
        for name, array in _read_safetensors(index.with_name(piece)).items()
    }


_FORMATS: Mapping[str, Callable[[Path], dict[str, NDArray[Any]]]] = {
    "model.safetensors": _read_safetensors,
    "model.safetensors.index.json": _read_pieces,
    "pytorch_model.bin": read_torch_file,
}
