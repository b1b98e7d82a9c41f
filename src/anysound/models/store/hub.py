"""A hub: what a model consists of there, and its files, each fetched until it is whole.

huggingface_hub supplies the session (proxies, certificates, offline mode), the access token and
the addresses. Its ``hf_hub_download`` is not used: it starts a broken file over in a new process.
"""

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from anysound.errors import ModelError
from anysound.models.store import problems
from anysound.models.store.disk import force_to_disk, git_blob_of, sha256_of

if TYPE_CHECKING:
    from huggingface_hub.hf_api import RepoSibling

_T = TypeVar("_T")

_MUCH = 1 << 20  # bytes; a connection that brought as many was worth it and may be tried anew
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class RemoteFile:
    """A file on the hub.

    Attributes:
        name: In the repository.
        size: In bytes.
        sha256: Of its content, if it is a large one; else None.
        git_blob: By which git knows it; that of a large file says nothing of its content.
    """

    name: str
    size: int
    sha256: str | None
    git_blob: str | None

    def is_at(self, path: Path) -> bool:
        """Tell whether a local file is this one, to the bit."""
        if not path.is_file() or path.stat().st_size != self.size:
            return False
        if self.sha256 is not None:
            return sha256_of(path) == self.sha256
        return git_blob_of(path) == self.git_blob


@dataclass(frozen=True)
class Listing:
    """A revision of a model on the hub.

    Attributes:
        id: Of the model.
        commit: Full hash of the revision.
        license: As the model's card has it; None if it has none.
        files: By name.
    """

    id: str
    commit: str
    license: str | None
    files: dict[str, RemoteFile]


@dataclass(frozen=True)
class Hub:
    """How a hub is spoken to.

    Attributes:
        endpoint: Its address; None is what ``HF_ENDPOINT`` says, or else the usual hub.
        timeout: Longest silence, in seconds; None is what ``HF_HUB_DOWNLOAD_TIMEOUT`` says.
        tries: How often in a row something may fail before it counts.
        pause: Before the second try, in seconds; doubled before each further one.
    """

    endpoint: str | None = None
    timeout: float | None = None
    tries: int = 3
    pause: float = 1.0

    @property
    def address(self) -> str:
        """Where the hub is.

        Raises:
            ModelError: The address is none.
        """
        from huggingface_hub import constants

        address = self.endpoint or os.environ.get("HF_ENDPOINT") or constants.ENDPOINT
        try:
            parts = urlsplit(address)
            is_address = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            is_address = False
        if not is_address:
            raise problems.bad_endpoint(address)
        return address.rstrip("/")

    def listing(self, id: str, revision: str | None) -> Listing:
        """Ask what a model consists of.

        Args:
            id: Of the model.
            revision: A branch, a tag or a commit; None is the main branch.

        Raises:
            ModelError: There is no such model or revision, it is not for this user, or the hub
                can't be reached or understood.
        """
        from huggingface_hub import HfApi

        api = HfApi(endpoint=self.address, library_name="anysound")

        def ask() -> Listing:
            _session()
            with self._problems(id, revision=revision):
                try:
                    info = api.model_info(
                        id, revision=revision, files_metadata=True, timeout=self._seconds
                    )
                    files = [_remote_file(sibling) for sibling in info.siblings or ()]
                    if not _COMMIT.fullmatch(info.sha or ""):
                        raise ValueError("no commit")
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    raise problems.no_answer_of_a_hub(self.address) from error
            license = getattr(info.card_data, "license", None)
            return Listing(
                id=id,
                commit=str(info.sha),
                license=license if isinstance(license, str) else None,
                files={file.name: file for file in files},
            )

        return self._patiently(ask, lambda: 0)

    def fetch(
        self, listing: Listing, name: str, target: Path, on_bytes: Callable[[int], None]
    ) -> None:
        """Fetch one file; what an earlier try has fetched of it is not fetched again.

        Args:
            listing: The revision it belongs to.
            name: Of the file.
            target: Where it goes. Until it is whole, it is there under ``<name>.part``.
            on_bytes: Told how many bytes of the file are there.

        Raises:
            ModelError: The hub can't be reached or doesn't give the file, or it was altered.
        """
        file = listing.files[name]
        part = target.with_name(f"{target.name}.part")
        part.touch()
        if _size(part) > file.size:
            part.write_bytes(b"")

        def go_on() -> None:
            with self._problems(listing.id, file=name):
                self._stream(listing, file, part, on_bytes)
            if _size(part) < file.size:
                raise _PassingError(problems.broken_off(self.address, name))

        if _size(part) < file.size:
            self._patiently(go_on, lambda: _size(part))
        if not file.is_at(part):
            part.unlink()
            raise problems.altered(name, self.address)
        force_to_disk(part)
        part.replace(target)

    @property
    def _seconds(self) -> float:
        from huggingface_hub import constants

        return self.timeout or constants.HF_HUB_DOWNLOAD_TIMEOUT

    def _stream(
        self, listing: Listing, file: RemoteFile, part: Path, on_bytes: Callable[[int], None]
    ) -> None:
        """Append what the hub sends to what is there already."""
        from huggingface_hub import hf_hub_url
        from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

        done = _size(part)
        url = hf_hub_url(listing.id, file.name, revision=listing.commit, endpoint=self.address)
        headers = build_hf_headers(library_name="anysound")
        headers |= {"Accept-Encoding": "identity", "Range": f"bytes={done}-"}
        with _session().stream("GET", url, headers=headers, timeout=self._seconds) as response:
            if response.status_code not in (200, 206):
                raise self._refusal(response, listing.id, file=file.name)
            if response.status_code == 200:  # this server starts from the beginning
                done = 0
            if not _is_of(response.headers, file, done):
                raise problems.no_answer_of_a_hub(self.address)
            with part.open("r+b", buffering=0) as output:
                output.truncate(done)
                output.seek(done)
                for block in response.iter_bytes():
                    done += output.write(block)
                    on_bytes(done)
                    if done > file.size:
                        return  # what was altered is found by its checksum

    def _patiently(self, action: Callable[[], _T], fetched: Callable[[], int]) -> _T:
        """Repeat what fails for a passing reason, anew whenever it has brought much."""
        tries = 0
        while True:
            before = fetched()
            try:
                return action()
            except _PassingError as passing:
                tries = 1 if fetched() - before >= _MUCH else tries + 1
                if tries >= self.tries:
                    raise passing.problem from passing
            time.sleep(self.pause * 2 ** (tries - 1))

    @contextmanager
    def _problems(
        self, id: str, revision: str | None = None, file: str | None = None
    ) -> Iterator[None]:
        """Turn what huggingface_hub and the network raise into our own errors."""
        from huggingface_hub import errors

        network_error = errors.HTTPError  # type: ignore[attr-defined]  # of httpx or httpx2

        try:
            yield
        except errors.OfflineModeIsEnabled as error:
            raise problems.offline(id) from error
        except errors.HfHubHTTPError as error:
            raise self._refusal(error.response, id, revision, file) from error
        except network_error as error:
            kind = type(error).__name__
            if "Timeout" in kind:
                problem = problems.silent(self.address, self._seconds)
            elif file and "Connect" not in kind:
                problem = problems.broken_off(self.address, file)
            else:
                problem = problems.unreachable(self.address, str(error) or kind)
            raise _PassingError(problem) from error

    def _refusal(
        self, response: Any, id: str, revision: str | None = None, file: str | None = None
    ) -> Exception:
        """Return the error that a status other than 200 stands for."""
        status, where = int(response.status_code), self.address
        code = response.headers.get("X-Error-Code", "")
        if status in (408, 429) or status >= 500:
            return _PassingError(problems.refused(where, status))
        if status == 401 and "credentials" in response.headers.get("X-Error-Message", ""):
            return problems.refused_token(where)
        if status == 403 or code == "GatedRepo":
            return problems.forbidden(id, where)
        if code == "RevisionNotFound":
            return problems.no_such_revision(id, revision or "main", where)
        if status == 404 and file:
            return problems.missing_file(id, file, where)
        if status in (401, 404):
            return problems.no_such_model(id, where)
        return problems.refused(where, status)


class _PassingError(Exception):
    """Something that may go well the next time."""

    def __init__(self, problem: ModelError) -> None:
        super().__init__(str(problem))
        self.problem = problem


def is_offline() -> bool:
    """Tell whether ``HF_HUB_OFFLINE`` is set."""
    from huggingface_hub import constants

    return bool(constants.HF_HUB_OFFLINE)


def cached_file(listing: Listing, name: str) -> Path | None:
    """Return a file from the user's own cache of the hub, if it is there and unaltered."""
    from huggingface_hub import try_to_load_from_cache

    path = try_to_load_from_cache(listing.id, name, revision=listing.commit)
    if isinstance(path, str) and listing.files[name].is_at(Path(path)):
        return Path(path)
    return None


def _session() -> Any:
    """Return huggingface_hub's session, made from the network settings in the environment."""
    from huggingface_hub import get_session

    try:
        return get_session()
    except Exception as error:  # each setting has its own, all of them about settings
        raise problems.bad_settings(str(error)) from error


def _remote_file(sibling: "RepoSibling") -> RemoteFile:
    size = sibling.lfs.size if sibling.lfs else sibling.size
    sha256 = sibling.lfs.sha256 if sibling.lfs else None
    if not isinstance(size, int) or size < 0 or not (sha256 or sibling.blob_id):
        raise ValueError(f"{sibling.rfilename} has no size or no checksum")
    return RemoteFile(sibling.rfilename, size, sha256, sibling.blob_id)


def _is_of(headers: Any, file: RemoteFile, start: int) -> bool:
    """Tell whether an answer is of the expected length, from ``start`` to the file's end."""
    if headers.get("Content-Encoding", "identity") != "identity":
        return True  # its length is another's
    length = str(file.size - start)
    return bool(headers.get("Content-Length", length) == length)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
