"""Files that must be whole: hashing, forcing to the disk, and what a disk may refuse."""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from anysound.errors import ModelError, reason_of
from anysound.language import Text

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def git_blob_of(path: Path) -> str:
    """Return the SHA-1 by which git and the hub know a small file, in hexadecimal."""
    digest = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def force_to_disk(path: Path) -> None:
    """Wait until a file, or a folder's list of files, has reached the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows doesn't open folders, and journals their lists
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, content: str) -> None:
    """Write a small text file so that it appears whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(content, encoding="utf-8")
        force_to_disk(part)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def folder_size(folder: Path) -> int:
    """Return how many bytes the files in a folder and all folders below it have."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn what the disk refuses inside a ``with`` block into a message about ``folder``."""
    try:
        yield
    except OSError as error:
        raise _problem(error, folder) from error


def full(folder: Path, missing: str = "") -> ModelError:
    """Return the error of a disk that has no space left.

    Args:
        folder: What was to be written to.
        missing: How much is needed, such as ``910 MB``.
    """
    needed = f"; {missing} are needed" if missing else ""
    needed_zh = f"，需要 {missing}" if missing else ""
    return ModelError(
        Text(
            en=f"{folder}: not enough space on the disk{needed}. Free some, or set ANYSOUND_HOME "
            "to a folder on a larger disk, and pull again: what was downloaded is kept.",
            zh=f"{folder}：磁盘空间不足{needed_zh}。请清理磁盘，或将环境变量 ANYSOUND_HOME "
            "设为更大磁盘上的文件夹，然后重新拉取：已下载的部分会保留。",
        )
    )


def _problem(error: OSError, folder: Path) -> ModelError:
    where = error.filename or folder
    if error.errno in _FULL:
        return full(folder)
    if error.errno in _FORBIDDEN:
        return ModelError(
            Text(
                en=f"{where}: anysound may not write here ({reason_of(error)}). Change the "
                "permissions, or set ANYSOUND_HOME to a folder of yours.",
                zh=f"{where}：没有写入权限（{reason_of(error)}）。"
                "请修改权限，或将环境变量 ANYSOUND_HOME 设为您自己的文件夹。",
            )
        )
    return ModelError(
        Text(
            en=f"{where}: can't be used for models ({reason_of(error)}). Put it right, or set "
            "ANYSOUND_HOME to another folder.",
            zh=f"{where}：无法用于存放模型（{reason_of(error)}）。"
            "请修复，或将环境变量 ANYSOUND_HOME 设为其他文件夹。",
        )
    )
