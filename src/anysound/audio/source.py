"""Get at the bytes of a recording: a path, a URL, bytes or a file object, as one seekable file."""

import os
import shutil
import stat
import tempfile
from contextlib import ExitStack
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import Any, BinaryIO, cast

from anysound.audio.problem import problem
from anysound.audio.remote import RemoteError, is_url, open_url
from anysound.errors import RecordingError, reason_of

_IN_MEMORY = 16 << 20  # bytes of a pipe that are kept before they go to a temporary file


def open_source(name: str, recording: object, stack: ExitStack) -> BinaryIO:
    """Open a recording as a file that can seek, at its start.

    A file object is read from its start, wherever it stands. One that can't seek, such as a
    pipe, is first read to its end into a temporary file.

    Args:
        name: What errors call the recording.
        recording: A path, a URL, bytes, or a binary file object.
        stack: Closes whatever is opened here; the caller's own file stays open.

    Raises:
        RecordingError: The recording isn't there, can't be read, or is empty.
        MissingExtraError: What reaches it is not installed.
    """
    try:
        file = _open(name, recording, stack)
        file.seek(0, SEEK_END)
        size = file.tell()
        file.seek(0)
    except (OSError, ValueError) as error:
        raise unreadable(name, error) from error
    if size == 0:
        raise problem(
            name,
            "the file is empty. Copy or record it again.",
            "文件是空的。请重新拷贝或录制。",
        )
    return file


def unreadable(name: str, error: Exception) -> RecordingError:
    """Make the error for a file that the system, or the file object, won't let us read."""
    if isinstance(error, RemoteError):
        return problem(name, error.text.en, error.text.zh)
    if isinstance(error, IsADirectoryError):
        return _folder(name)
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return problem(
            name, "there is no such file. Check the path.", "找不到这个文件。请检查路径。"
        )
    if isinstance(error, PermissionError):
        return problem(
            name,
            "there is no permission to read it. Change its permissions or copy it elsewhere.",
            "没有读取权限。请修改文件权限，或把它拷贝到别处。",
        )
    reason = reason_of(error)
    return problem(
        name,
        f"it can't be read ({reason}). Check the path, the disk or the connection.",
        f"无法读取（{reason}）。请检查路径、磁盘或网络连接。",
    )


def _open(name: str, recording: object, stack: ExitStack) -> BinaryIO:
    if isinstance(recording, bytes):
        return BytesIO(recording)
    if isinstance(recording, str | os.PathLike):
        given = os.fsdecode(recording)
        if is_url(given):
            return _seekable(name, stack.enter_context(open_url(given)), stack)
        return stack.enter_context(_open_path(name, given))
    if not hasattr(recording, "read"):
        raise problem(
            name,
            "this is no recording. Give a path, bytes, a binary file, or (waveform, rate).",
            "这不是录音。请提供路径、字节数据、二进制文件对象，或 (waveform, rate)。",
        )
    return _seekable(name, recording, stack)


def _open_path(name: str, given: str) -> BinaryIO:
    if not given:  # which Path takes for the current folder
        raise FileNotFoundError
    path = Path(given)
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise _folder(name)
    if not stat.S_ISREG(mode):  # a named pipe would wait for a writer, a device may never end
        raise problem(
            name,
            "this is a device or a pipe, not a file. Pipe it into anysound with `-` instead.",
            "这是设备或管道，不是普通文件。请改用 `-`，通过标准输入传入。",
        )
    return path.open("rb")


def _folder(name: str) -> RecordingError:
    return problem(
        name,
        "this is a folder. Give a file in it, or use `anysound batch` for all of them.",
        "这是一个文件夹。请指定其中的文件，或用 `anysound batch` 处理整个文件夹。",
    )


def _seekable(name: str, recording: Any, stack: ExitStack) -> BinaryIO:
    if not isinstance(recording.read(0), bytes):
        raise problem(
            name,
            "this file is open as text. Open it in binary mode: open(path, 'rb').",
            "该文件是以文本方式打开的。请用二进制方式打开：open(path, 'rb')。",
        )
    if hasattr(recording, "seekable") and recording.seekable():
        return cast(BinaryIO, recording)
    spool = stack.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115
    shutil.copyfileobj(recording, spool)
    return cast(BinaryIO, spool)
