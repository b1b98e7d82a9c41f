"""Text embeddings kept on disk, so that the same labels are embedded once.

A cache may be lost at any time: whatever goes wrong with it, the model goes on without.
"""

import hashlib
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import numpy as np

from anysound.models.protocol import Embeddings

LIMIT = 10_000
"""Texts kept of each model, the newest; 21 MB at 512 dimensions."""

_PATIENCE = 1.0  # seconds to wait for another process; its writes take milliseconds
_KEYS_AT_ONCE = 500  # SQLite takes 999 at least
_CHECK = 4  # bytes

_SCHEMA = """
CREATE TABLE IF NOT EXISTS texts (number INTEGER PRIMARY KEY, key BLOB UNIQUE, value BLOB)
"""


class TextCache:
    """The text embeddings of one model, in an SQLite file.

    It may be used from several threads and processes, and killed at any time. What comes back is
    what was put in, to the bit: each entry holds a checksum, and one that is damaged counts as
    absent.
    """

    def __init__(self, folder: Path, key: str) -> None:
        """Name the file; nothing is read or written yet.

        Args:
            folder: Where caches lie; it is made when there is something to keep.
            key: Names the weights: id, revision and precision.
        """
        name = hashlib.blake2b(key.encode(), digest_size=8).hexdigest()
        self._path = folder.absolute() / f"{name}.sqlite"
        self._seed = zlib.crc32(key.encode())

    def get(self, texts: Sequence[str]) -> list[Embeddings | None]:
        """Look texts up.

        Returns:
            For each text its embedding, shape ``(dim,)``, or None if it is not kept.
        """
        keys = [_key(text) for text in texts]
        found: dict[bytes, object] = {}
        with self._forgiving(), closing(self._connect("ro")) as file:
            for start in range(0, len(keys), _KEYS_AT_ONCE):
                some = keys[start : start + _KEYS_AT_ONCE]
                marks = ",".join("?" * len(some))
                query = f"SELECT key, value FROM texts WHERE key IN ({marks})"
                found.update(file.execute(query, some))
        return [self._unpack(text, found.get(key)) for text, key in zip(texts, keys, strict=True)]

    def put(self, texts: Sequence[str], embeddings: Embeddings) -> None:
        """Keep the embeddings of texts, if that can be done; the oldest give way.

        Args:
            texts: As they were embedded, in their template.
            embeddings: A row for each, shape ``(n_texts, dim)``.
        """
        entries = [
            (_key(text), self._pack(text, row)) for text, row in zip(texts, embeddings, strict=True)
        ]
        with self._forgiving():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._connect("rwc")) as file:
                file.execute("PRAGMA page_size = 16384")
                file.execute("PRAGMA synchronous = OFF")  # a power cut costs the cache, no more
                with file:
                    file.execute("BEGIN IMMEDIATE")
                    file.execute(_SCHEMA)
                    file.executemany("REPLACE INTO texts (key, value) VALUES (?, ?)", entries)
                    newest = "(SELECT max(number) FROM texts)"
                    file.execute(f"DELETE FROM texts WHERE number <= {newest} - ?", (LIMIT,))

    def _connect(self, mode: str) -> sqlite3.Connection:
        """Open the file for one call: connections can't be shared by threads or after a fork."""
        address = f"{self._path.as_uri()}?mode={mode}"
        return sqlite3.connect(address, _PATIENCE, isolation_level=None, uri=True)

    @contextmanager
    def _forgiving(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error, UnicodeDecodeError) as error:  # the last, in a message
            if _is_damage(error):
                self._remove()

    def _remove(self) -> None:
        """Begin anew."""
        for path in (self._path, self._path.with_name(f"{self._path.name}-journal")):
            with suppress(OSError):
                path.unlink()

    def _pack(self, text: str, row: Embeddings) -> bytes:
        content = row.astype("<f4").tobytes()
        return content + self._check(text, content)

    def _unpack(self, text: str, value: object) -> Embeddings | None:
        if not isinstance(value, bytes) or len(value) % 4:
            return None
        content = value[:-_CHECK]
        if value[-_CHECK:] != self._check(text, content):
            return None
        return np.frombuffer(content, dtype="<f4").astype(np.float32)

    def _check(self, text: str, content: bytes) -> bytes:
        return zlib.crc32(content, zlib.crc32(_bytes(text), self._seed)).to_bytes(_CHECK, "little")


def _is_damage(error: Exception) -> bool:
    """Tell a file that is beyond use from one that is absent, forbidden, full or busy."""
    if isinstance(error, sqlite3.OperationalError):
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        return code == sqlite3.SQLITE_ERROR and "no such table" not in str(error)
    return not isinstance(error, OSError)


def _key(text: str) -> bytes:
    return hashlib.blake2b(_bytes(text), digest_size=16).digest()


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")  # what is no text is refused elsewhere
