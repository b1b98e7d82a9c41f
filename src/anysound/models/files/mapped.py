"""Weights over the pages of a file: nothing is read before it is used."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anysound.errors import ModelError, reason_of
from anysound.language import Text

BFLOAT16 = np.dtype([("bfloat16", "<u2")])
"""The upper half of a float32, for which numpy has no type of its own."""


def map_file(path: Path) -> NDArray[np.uint8]:
    """Return a file's bytes, mapped and not to be written, shape ``(size,)``.

    Raises:
        ModelError: The file can't be read, or is empty.
    """
    try:
        return np.asarray(np.memmap(path, dtype=np.uint8, mode="r"))
    except OSError as error:
        reason = reason_of(error)
        raise ModelError(
            Text(
                en=f"{path} can't be read ({reason}). Fetch the model again.",
                zh=f"无法读取 {path}（{reason}）。请重新获取模型。",
            )
        ) from error
    except ValueError as error:  # numpy maps no empty file
        raise ModelError(
            Text(
                en=f"{path} is empty. Fetch the model again.",
                zh=f"{path} 是空文件。请重新获取模型。",
            )
        ) from error


def is_float(array: NDArray[Any]) -> bool:
    """Tell weights from buffers of integers or truth values."""
    return array.dtype.kind == "f" or array.dtype == BFLOAT16


def as_float32(array: NDArray[Any]) -> NDArray[np.float32]:
    """Convert numbers of any floating-point type; a copy is made only where one is needed.

    Args:
        array: Any shape, which is kept; type float16, float32, float64 or :data:`BFLOAT16`.
    """
    if array.dtype == BFLOAT16:
        array = (array["bfloat16"].astype(np.uint32) << 16).view(np.float32)
    with np.errstate(over="ignore"):  # a float64 may become infinite; that is seen in its place
        return np.require(array, np.float32, ["C_CONTIGUOUS", "ALIGNED"])
