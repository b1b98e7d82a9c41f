"""Recordings on no disk of this machine: ``s3://``, ``https://`` and what else fsspec reaches.

All that is known of fsspec is known here and in ``objects``, which writes. Whatever goes wrong on
the way is an ``OSError`` that says so in words, since each storage raises errors of its own.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import SEEK_END, SEEK_SET, RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, TypeAlias, TypeGuard, cast

from anysound.errors import AnysoundError, MissingExtraError, reason_of
from anysound.language import Text

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

Place: TypeAlias = Path | str
"""Where a recording or a folder is: a path, or a URL."""

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+://")  # a drive of Windows has but one letter
_WITH_PASSWORD = re.compile(r"[^/]+://[^/@:]*:[^/@]*@")
_HTTP = ("http", "https")
S3 = ("s3", "s3a")

# A server that says nothing is waited for so long, and asked so often; then it is given up.
_CONNECT = 10  # seconds
_READ = 20  # seconds
_ATTEMPTS = 2  # of which s3fs makes as many again, where an answer began

# One block is fetched while another is decoded; the last few are kept, for files that are not
# read from start to end, such as a video whose table of contents comes last.
_BLOCK = 2 << 20
_BLOCKS_KEPT = 4

_REASON_SHOWN = 300  # characters

# What tells one content of an object from the next, by whatever name a storage has for it.
_MARKS = (
    *("ETag", "etag", "LastModified", "Last-Modified", "last_modified", "updated"),
    *("mtime", "modified", "created"),
)


class RemoteError(OSError):
    """Something is wrong on the way to a recording.

    Attributes:
        text: What, and what to do; it names no recording.
    """

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


class AbsentError(RemoteError, FileNotFoundError):
    """There is nothing at a URL."""


class NoBucketError(AbsentError):
    """There is not even the bucket."""


@dataclass(frozen=True)
class Entry:
    """What a folder holds.

    Attributes:
        name: Its own, without the folder's.
        is_folder: Whether it is a folder.
        is_linked: Whether it is a link to a folder.
    """

    name: str
    is_folder: bool
    is_linked: bool = False


def is_url(given: object) -> TypeGuard[str]:
    """Whether a text is a URL, and no path."""
    return isinstance(given, str) and _URL.match(given) is not None


def place(given: str) -> Place:
    """Return where something is that a user named."""
    return given if is_url(given) else Path(given)


def within(folder: Place, name: str) -> Place:
    """Return where something in a folder is; ``name`` has forward slashes."""
    if isinstance(folder, Path):
        return folder / name
    return f"{folder}{name}" if folder.endswith("/") else f"{folder}/{name}"


def open_url(url: str) -> BinaryIO:
    """Open a file to read it at flat memory, blocks ahead.

    It can seek, unless the server sends files only from their start.

    Raises:
        OSError: It isn't there, is a folder, or can't be reached.
        MissingExtraError: What reaches it is not installed.
    """
    files, path = reach(url)
    with worded():
        caching = {"cache_type": "background", "cache_options": {"maxblocks": _BLOCKS_KEPT}}
        file = files.open(path, "rb", block_size=_BLOCK, **caching)
        if getattr(file, "details", {}).get("type") == "directory":
            file.close()
            raise IsADirectoryError(url)
        if protocol_of(url) in _HTTP and (file.size or 0) > _BLOCK and not _has_ranges(files, path):
            file.close()
            file = files.open(path, "rb", block_size=0)
        return cast(BinaryIO, _RemoteFile(file))


def state_of_url(url: str) -> str:
    """Return what changes when a file does: its size, and its tag or time of change.

    Raises:
        OSError: It isn't there, or can't be reached.
        MissingExtraError: What reaches it is not installed.
    """
    about = _about(url)
    marks = (about[each] for each in _MARKS if about.get(each) is not None)
    return f"{about.get('size')} {next(marks, '')}"


def kind_of(url: str) -> Literal["file", "folder"]:
    """Return what is at a URL.

    Raises:
        OSError: There is nothing, or it can't be reached.
        MissingExtraError: What reaches it is not installed.
    """
    if url.endswith("/") and protocol_of(url) in _HTTP:  # where all that is there passes for a file
        return "folder"
    return "folder" if _about(url)["type"] == "directory" else "file"


def list_folder(url: str) -> list[Entry]:
    """Return what is in a folder, in any order.

    Raises:
        OSError: It isn't there, or can't be reached.
        MissingExtraError: What reaches it is not installed.
    """
    files, path = reach(url)
    with worded():
        files.invalidate_cache(path)  # it may have been listed before in this process
        found = files.ls(path, detail=True)
    entries = []
    for each in found:
        name = each["name"].strip("/").removeprefix(path.strip("/")).strip("/")
        if name and "/" not in name:  # storages tell of the folder itself, pages of what is below
            entries.append(Entry(name, each["type"] == "directory"))
    return entries


class _RemoteFile(RawIOBase):
    """A file whose troubles are put in words, and which is whole or says that it isn't."""

    def __init__(self, file: Any) -> None:
        self._file = file
        try:
            file.seek(0, SEEK_END)
            self._size: int | None = file.tell()
            file.seek(0)
        except (TypeError, ValueError):  # it comes as a stream
            self._size = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._size is not None

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        self._file.seek(offset, whence)
        return self.tell()

    def tell(self) -> int:
        return int(self._file.tell())

    def readinto(self, buffer: Any) -> int:
        with worded():
            start = self._file.tell()
            data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        if self._size is not None and len(data) < min(len(buffer), self._size - start):
            raise _broken_off(start + len(data), self._size)
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


def reach(url: str) -> "tuple[AbstractFileSystem, str]":
    """Return the file system that a URL is of, and the path in it.

    Raises:
        OSError: There is a password in it, or no such protocol.
        MissingExtraError: What reaches it is not installed.
    """
    protocol = protocol_of(url)
    if _WITH_PASSWORD.match(url):
        raise RemoteError(_PASSWORD)
    try:
        import fsspec

        with worded():
            # A protocol is the same in capitals, but not to fsspec.
            files, path = fsspec.url_to_fs(
                f"{protocol}{url[len(protocol) :]}", **_options(protocol)
            )
            if protocol in S3:
                files.retries = _ATTEMPTS
            return files, path
    except ImportError as error:
        if protocol in (*S3, *_HTTP) or error.name == "fsspec":
            raise MissingExtraError(
                Text(en=f"Using {protocol}://", zh=f"使用 {protocol}:// "), "remote"
            ) from error
        raise RemoteError(
            Text(
                en=f"{protocol}:// needs another package ({error}). Install it beside anysound.",
                zh=f"{protocol}:// 需要另装软件包（{error}）。请安装到 anysound 所在的环境。",
            )
        ) from error


def protocol_of(url: str) -> str:
    """Return what stands before ``://``."""
    return url.partition("://")[0].lower()


def _options(protocol: str) -> dict[str, Any]:
    """Return how a file system is to behave, where the user's own configuration doesn't say."""
    from fsspec.config import conf

    options: dict[str, Any] = {}
    if protocol in S3:
        options = {
            "use_listings_cache": False,  # it would hold what is known of every object
            "config_kwargs": {
                "connect_timeout": _CONNECT,
                "read_timeout": _READ,
                "retries": {"mode": "standard", "total_max_attempts": _ATTEMPTS},
            },
        }
    elif protocol in _HTTP:
        import aiohttp

        timeout = aiohttp.ClientTimeout(sock_connect=_CONNECT, sock_read=_READ)
        options = {"client_kwargs": {"timeout": timeout}}
    own = conf.get(protocol, {})
    return {name: value for name, value in options.items() if name not in own}


def _about(url: str) -> dict[str, Any]:
    """Ask what is known of a file or a folder, never from what was known before."""
    files, path = reach(url)
    with worded():
        files.invalidate_cache(path)
        about: dict[str, Any] = files.info(path)
        return about


def _has_ranges(files: "AbstractFileSystem", path: str) -> bool:
    """Whether a server sends a file from any place on; some send it from its start only."""
    with files.open(path, "rb", cache_type="none") as file:
        file.seek(1)
        try:
            return len(file.read(1)) == 1
        except ValueError:
            return False


@contextmanager
def worded() -> Iterator[None]:
    """Put what goes wrong inside in words.

    Raises:
        RemoteError: Something did.
    """
    try:
        yield
    except (AnysoundError, RemoteError, IsADirectoryError, ImportError):
        raise
    except Exception as error:  # of whatever library
        raise _in_words(error) from error


def _in_words(error: Exception) -> RemoteError:
    cause = error.__cause__
    if isinstance(cause, Exception) and type(cause).__module__.startswith("aiohttp"):
        error = cause  # fsspec says of whatever goes wrong over HTTP that there is no such file
    status = getattr(error, "status", None)
    reason = " ".join(reason_of(error).split())[:_REASON_SHOWN] or type(error).__name__
    if isinstance(error, FileNotFoundError) or status == 404:
        no_bucket = code_of(error) == "NoSuchBucket"
        return NoBucketError(_NO_BUCKET) if no_bucket else AbsentError(_ABSENT)
    if isinstance(error, PermissionError) or status in (401, 403) or "credentials" in reason:
        return RemoteError(_refused(reason))
    if type(error).__name__ == "FileExpired":  # as s3fs has it
        return RemoteError(_CHANGED)
    if isinstance(error, ValueError) and reason.startswith("Protocol not known"):
        return RemoteError(_UNKNOWN)
    return RemoteError(_unreachable(reason))


def code_of(error: BaseException) -> str:
    """Return what S3 calls an error; nothing if it is another storage's."""
    response = getattr(error.__cause__, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))


_ABSENT = Text(
    en="there is nothing at this address. Check the bucket and the path.",
    zh="这个地址下没有内容。请检查存储桶和路径。",
)
_NO_BUCKET = Text(
    en="there is no such bucket. Check its name, and which storage is asked "
    "(AWS_ENDPOINT_URL, AWS_PROFILE).",
    zh="没有这个存储桶。请检查名称，以及访问的是哪个存储服务（AWS_ENDPOINT_URL、AWS_PROFILE）。",
)
_CHANGED = Text(
    en="it changed while it was read. Read it again when it is complete.",
    zh="读取过程中文件发生了变化。请在上传完成后重新读取。",
)
_UNKNOWN = Text(
    en="anysound knows no such protocol. It reads s3://, https://, gs:// and others that fsspec "
    "knows, and paths without '://'.",
    zh="不支持这种协议。可以使用 s3://、https://、gs:// 等 fsspec 支持的地址，或本地路径。",
)
_PASSWORD = Text(
    en="there is a password in this address, which would be written into tables and journals. "
    "Take it out, and give it by the storage's environment variables or configuration.",
    zh="地址中含有密码，会被写入结果表格和日志。请删去密码，改用环境变量或配置文件提供。",
)


def _refused(reason: str) -> Text:
    return Text(
        en=f"the storage refuses it ({reason}). Check the permissions and the credentials; for "
        "s3:// they come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE or ~/.aws.",
        zh=f"存储服务拒绝访问（{reason}）。请检查权限和访问密钥；s3:// 的密钥取自 "
        "AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY、AWS_PROFILE 或 ~/.aws。",
    )


def _unreachable(reason: str) -> Text:
    return Text(
        en=f"it can't be transferred ({reason}). Check the connection and the address of the "
        "storage, and try again.",
        zh=f"传输失败（{reason}）。请检查网络连接和存储服务的地址，然后重试。",
    )


def _broken_off(read: int, size: int) -> RemoteError:
    return RemoteError(_unreachable(f"it broke off after {read} of {size} bytes"))
