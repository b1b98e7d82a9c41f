"""Small objects in object storage that are written, for what is kept there and changes.

A write here replaces an object as a whole, or creates it if nobody else has: the storage itself
sees to that, whoever asks at the same time. All else about storages is in ``remote``.
"""

import time
from contextlib import suppress

from anysound.audio.remote import (
    S3,
    AbsentError,
    code_of,
    protocol_of,
    reach,
    worded,
)

# What S3 answers when somebody else was about to create the same object; nothing is decided yet.
_UNDECIDED = "ConditionalRequestConflict"
_TRIES = 5
_PAUSE = 0.2  # seconds

_CONNECT = 10  # seconds, as when recordings are read
_RETRIES = 3
_RETRYING = 30  # seconds


def read_object(url: str) -> bytes:
    """Return what an object holds.

    Raises:
        OSError: It isn't there, or can't be reached.
        MissingExtraError: What reaches it is not installed.
    """
    files, path = reach(url)
    with worded():
        content: bytes = files.cat_file(path)
        return content


def create_object(url: str, content: bytes) -> bool:
    """Write an object, unless there is one.

    Args:
        url: Of the object.
        content: What nobody else would write there, since it tells our object from others'.

    Returns:
        Whether the object is ours.

    Raises:
        OSError: It can't be written.
        MissingExtraError: What reaches it is not installed.
    """
    files, path = reach(url)
    for _ in range(_TRIES):
        with worded():
            try:
                files.pipe_file(path, content, mode="create")
                return True
            except FileExistsError:
                break
            except OSError as error:
                if code_of(error) != _UNDECIDED:
                    raise
        time.sleep(_PAUSE)
    try:  # a request whose answer was lost has been made again, and found what it wrote
        return read_object(url) == content
    except AbsentError:
        return False


def replace_object(url: str, content: bytes) -> None:
    """Write an object, in the place of one that is there.

    Raises:
        OSError: It can't be written.
        MissingExtraError: What reaches it is not installed.
    """
    files, path = reach(url)
    with worded():
        files.pipe_file(path, content)


def remove_object(url: str) -> None:
    """Remove an object, unless somebody else has.

    Raises:
        OSError: It can't be removed.
        MissingExtraError: What reaches it is not installed.
    """
    files, path = reach(url)
    with suppress(AbsentError), worded():
        files.rm_file(path)


def size_below(url: str) -> int:
    """Return how many bytes are in a folder and all folders below.

    Raises:
        OSError: It can't be reached.
        MissingExtraError: What reaches it is not installed.
    """
    files, path = reach(url)
    with worded():
        files.invalidate_cache(path)
        return sum(each["size"] or 0 for each in files.find(path, detail=True).values())


def connection_to(url: str) -> dict[str, str]:
    """Return how Lance reaches a storage as we do, in its own words.

    What isn't said here it takes from the environment, where it finds what we find: credentials
    that change from hour to hour are best left to it.

    Raises:
        OSError: The storage is unknown.
        MissingExtraError: What reaches it is not installed.
    """
    options = {
        "connect_timeout": f"{_CONNECT}s",
        "client_max_retries": str(_RETRIES),
        "client_retry_timeout": str(_RETRYING),
    }
    if protocol_of(url) not in S3:
        return options
    files, _ = reach(url)
    with worded():
        known = files.s3.meta
        if not _is_of_amazon(known.endpoint_url):
            options["aws_endpoint"] = known.endpoint_url
            options["aws_region"] = known.region_name or "us-east-1"
            options["allow_http"] = str(known.endpoint_url.startswith("http://")).lower()
        if files.anon:
            options["aws_skip_signature"] = "true"
        elif files.key and files.secret:  # of fsspec's own configuration
            options["aws_access_key_id"] = files.key
            options["aws_secret_access_key"] = files.secret
            if files.token:
                options["aws_session_token"] = files.token
    return options


def _is_of_amazon(endpoint: str) -> bool:
    host = endpoint.partition("://")[2].partition("/")[0].partition(":")[0]
    return host.endswith((".amazonaws.com", ".amazonaws.com.cn"))
