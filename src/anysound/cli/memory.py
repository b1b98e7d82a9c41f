"""Keep memory that was used once for the next time."""

import ctypes
from contextlib import suppress

# glibc's <malloc.h>
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3

_LARGEST = 32 << 20  # bytes; more than a window of sound, its spectrogram or what they pass through
_FREE = 64 << 20


def keep_freed_memory() -> None:
    """Have what is freed kept for the next recording, and not given back to the system at once.

    With several threads, each page that goes and comes again holds all of them up: in a batch of a
    full-size model that costs a fifteenth of the time. Other systems than glibc's stay as they are.
    """
    with suppress(AttributeError, OSError, TypeError):
        library = ctypes.CDLL(None)
        library.mallopt(_M_MMAP_THRESHOLD, _LARGEST)
        library.mallopt(_M_TRIM_THRESHOLD, _FREE)
