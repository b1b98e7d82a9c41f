"""A file for a library to write to, until it is cut off."""

import io
from typing import BinaryIO


class Outlet(io.RawIOBase):
    """Passes on what is written; once cut off, it takes everything and writes nothing.

    A library that could not finish a file tries again when it is collected. That must not fail:
    nobody could catch it, and Python would print it.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Write to a file, which stays open when this is closed."""
        self._file: BinaryIO | None = file
        self._place = file.tell()  # goes on without the file, for a library that counts

    def cut_off(self) -> None:
        """Write to the file no more."""
        self._file = None

    def writable(self) -> bool:
        """Tell that this can be written to."""
        return True

    def seekable(self) -> bool:
        """Tell that any place of this can be gone to."""
        return True

    def write(self, data: bytes | memoryview) -> int:  # type: ignore[override]
        """Write all of the data."""
        if self._file:
            self._file.write(data)
        size = memoryview(data).nbytes
        self._place += size
        return size

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        self._place = self._file.seek(offset, whence) if self._file else offset
        return self._place

    def tell(self) -> int:
        """Return the place that will be written to."""
        return self._place
