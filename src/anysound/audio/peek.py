"""What the bytes of a file tell, where FFmpeg doesn't or takes longer."""

from io import SEEK_END
from typing import BinaryIO

_WAV_SIZE_UNKNOWN_FROM = 0x7FFF0000
_OGG_HEADER = 27  # bytes; the last of them counts the segments, whose lengths follow
_OGG_PAGE = 65_307  # bytes in the largest page


def has_open_end(file: BinaryIO) -> bool:
    """Whether it is a wav or caf file whose writer could not go back to fill in the size."""
    file.seek(0)
    head = file.read(4096)
    if head.startswith(b"caff"):
        return b"data" + b"\xff" * 8 in head
    size = int.from_bytes(head[4:8], "little")
    return head.startswith(b"RIFF") and (size == 0 or size >= _WAV_SIZE_UNKNOWN_FROM)


def is_wav(file: BinaryIO) -> bool:
    """Whether it is a wav file, by its first bytes."""
    file.seek(0)
    head = file.read(12)
    return head[:4] in (b"RIFF", b"RF64") and head[8:] == b"WAVE"


def ends_in_torn_ogg_page(file: BinaryIO) -> bool:
    """Whether it is an Ogg file whose last page is not all there."""
    file.seek(0)
    if file.read(4) != b"OggS":
        return False
    file.seek(0, SEEK_END)
    file.seek(max(0, file.tell() - _OGG_PAGE))
    tail = file.read()
    page = tail[tail.rfind(b"OggS") :]
    if len(page) < _OGG_HEADER:
        return True
    segments = page[_OGG_HEADER - 1]
    lengths = page[_OGG_HEADER : _OGG_HEADER + segments]
    return len(page) < _OGG_HEADER + segments + sum(lengths)
