"""A file that appears whole or not at all."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from anysound.errors import OutputError, reason_of
from anysound.language import Text
from anysound.writing.local import check_local


class WholeFile:
    """A file in the making.

    A context manager. What is written goes to a hidden file beside the output, which takes the
    output's place when the block ends well and is removed when it doesn't.

    Attributes:
        output: Where it is to be, as the user gave it.
        part: The hidden file, for a library that wants to open it itself.
        file: The hidden file, open for writing.
    """

    def __init__(self, output: Path) -> None:
        """Make sure that the output can be written, and begin.

        Args:
            output: Where the file is to be; one that is there is replaced in the end.

        Raises:
            OutputError: It can't be written there.
            UsageError: It is a URL.
        """
        check_local(output)
        self.output = output
        with self.reporting():
            self._target = output.resolve()  # a link goes on pointing to the file
            if self._target.exists():
                self._target.open("r+b").close()  # fails now rather than when all is done
            self.part = self._target.with_name(f".anysound-{secrets.token_hex(8)}.part")
            self.file: BinaryIO = self.part.open("xb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is None:
            self.finish()
        else:
            self.discard()

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Say of whatever fails inside that the output can't be written.

        Raises:
            OutputError: Something failed as writing does, for want of space perhaps.
        """
        try:
            yield
        except (OSError, ValueError, RuntimeError) as error:
            raise _unwritable(self.output, error) from error

    def finish(self) -> None:
        """Put the file in its place.

        Raises:
            OutputError: It can't be; a file that is complete is then kept where it is.
        """
        try:
            with self.reporting():
                self.file.flush()
                os.fsync(self.file.fileno())
                self.file.close()
        except BaseException:
            self.discard()
            raise
        try:
            self.part.replace(self._target)
        except OSError as error:  # all the work is done: keep it
            raise _not_in_place(self.output, self.part, error) from error

    def discard(self) -> None:
        """Remove what was written."""
        with suppress(OSError):
            self.file.close()  # writes what is buffered, and may fail like any writing
        with suppress(OSError):
            self.part.unlink(missing_ok=True)


def _unwritable(output: Path, error: Exception) -> OutputError:
    reason = reason_of(error)
    return OutputError(
        Text(
            en=f"{output}: this can't be written there ({reason}). Check that the folder is "
            "there, that it may be written to and has space, and that no other program has the "
            "file open.",
            zh=f"{output}：无法写入（{reason}）。请确认文件夹存在、可写且空间足够，"
            "并且文件没有被其他程序打开。",
        )
    )


def _not_in_place(output: Path, part: Path, error: OSError) -> OutputError:
    reason = reason_of(error)
    return OutputError(
        Text(
            en=f"{output}: the finished file can't take its place ({reason}). It is kept as "
            f"{part}: move it where you want it.",
            zh=f"{output}：结果已完成，但无法替换该文件（{reason}）。"
            f"结果保存在 {part}，请手动移动。",
        )
    )
