"""A grid of levels as a PNG with a palette: all that a spectrogram needs of an image library."""

import base64
import struct
import zlib

import numpy as np
from numpy.typing import NDArray

_STOPS = ("#071923", "#0d3b46", "#14796f", "#5cb88a", "#f4e9a6", "#fffdf2")
"""From silence to the loudest; the brightness rises evenly, for eyes of any kind."""


def palette_png(levels: NDArray[np.uint8]) -> bytes:
    """Return a PNG file.

    Args:
        levels: 0 is the darkest, shape ``(height, width)``, the top row first.
    """
    height, width = levels.shape
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)  # 8 bits, with a palette
    rows = np.concatenate([np.zeros((height, 1), np.uint8), levels], axis=1)  # filter 0: as it is
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"PLTE", _palette()),
            _chunk(b"IDAT", zlib.compress(rows.tobytes(), 6)),
            _chunk(b"IEND", b""),
        )
    )


def data_url(content: bytes) -> str:
    """Return the address under which a browser finds a picture in the page itself."""
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


def _palette() -> bytes:
    stops = np.array([list(bytes.fromhex(stop[1:])) for stop in _STOPS], np.float64)
    places = np.linspace(0, len(stops) - 1, 256)
    channels = [np.interp(places, range(len(stops)), stops[:, each]) for each in range(3)]
    return np.stack(channels, axis=1).round().astype(np.uint8).tobytes()


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
