"""What is said between a decoder and whoever asked it: a kind, a length, and so many bytes.

Numbers and JSON only. A decoder that a hostile file has taken over can lie about a sound, and
nothing else: nothing it says is executed or unpickled, and it can't say more than is asked for.
"""

import json
import struct
from typing import IO, Any, BinaryIO, TypeAlias

Message: TypeAlias = tuple[bytes, bytes]
"""A kind and a payload."""

ASK = b"A"  # JSON: name, size, rate, duration; that many bytes of the file come behind
OPENED = b"O"  # what was sent is a recording
BLOCK = b"B"  # float32 samples
END = b"E"  # JSON: duration, is_silent, warnings
REFUSED = b"R"  # JSON: reason, text

TEXT_MOST = 1 << 20
"""Bytes of JSON that are taken."""

_HEAD = struct.Struct("<cI")


def write(pipe: BinaryIO, kind: bytes, payload: bytes = b"") -> None:
    """Send a message."""
    pipe.write(_HEAD.pack(kind, len(payload)) + payload)
    pipe.flush()


def write_json(pipe: BinaryIO, kind: bytes, content: dict[str, Any]) -> None:
    """Send a message of JSON."""
    write(pipe, kind, json.dumps(content).encode())


def read(pipe: IO[bytes], most: int) -> Message:
    """Wait for a message.

    Args:
        pipe: Where it comes from.
        most: Bytes that it may have.

    Raises:
        EOFError: The other side is gone.
        ValueError: It is none, or too long.
    """
    kind, length = _HEAD.unpack(read_exactly(pipe, _HEAD.size))
    if length > most:
        raise ValueError(f"a message of {length} bytes")
    return kind, read_exactly(pipe, length)


def read_exactly(pipe: IO[bytes], size: int) -> bytes:
    """Wait for so many bytes.

    Raises:
        EOFError: The other side is gone.
    """
    content = pipe.read(size)
    if len(content) < size:
        raise EOFError
    return content
