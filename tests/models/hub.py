"""A small model hub on this machine, which misbehaves on demand.

It serves a folder ``<owner>/<model>/<files>`` as the hub does: what ``HfApi.model_info``,
``hf_hub_download``, ``snapshot_download`` and anysound itself ask for. Large files are redirected
to another address, as the hub redirects to its content network.

    with LocalHub(folder) as hub:
        hub.misbehave("model.safetensors", Fault(truncate=1000, times=1))
        pull("owner/model", store, PullOptions(hub=Hub(endpoint=hub.url)))
        assert hub.sent("model.safetensors") == size

A process of its own is pointed at it by ``HF_ENDPOINT=hub.url``. By itself, it serves until it is
stopped, and prints its address first:

    python -m tests.models.hub FOLDER
"""

import hashlib
import io
import json
import re
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self
from urllib.parse import unquote, urlsplit

from tests.patience import PATIENCE

_LARGE = (".safetensors", ".bin")  # kept in git LFS, as on the hub
_API = re.compile(r"/api/models/([^/]+/[^/]+?)(?:/revision/([^/]+))?")
_TREE = re.compile(r"/api/models/([^/]+/[^/]+)/tree/([^/]+)")
_FILE = re.compile(r"(/content)?/([^/]+/[^/]+)/resolve/([^/]+)/(.+)")
_BLOCK = 1 << 14


@dataclass(frozen=True)
class Fault:
    """One way to misbehave.

    Attributes:
        status: Answer with this status.
        code: With this ``X-Error-Code``.
        message: With this ``X-Error-Message``.
        body: Answer with 200 and this instead, as a login page does.
        drop: Close the connection without an answer.
        hang: Never answer.
        truncate: Close the connection after so many bytes of the body.
        flip: Offset of a byte of the file that is sent altered.
        rate: Bytes a second.
        ignore_range: Send all of the file, whatever was asked for.
        times: How often; None is always.
    """

    status: int | None = None
    code: str | None = None
    message: str | None = None
    body: bytes | None = None
    drop: bool = False
    hang: bool = False
    truncate: int | None = None
    flip: int | None = None
    rate: int | None = None
    ignore_range: bool = False
    times: int | None = None


@dataclass
class Request:
    """What was asked, and what was answered.

    Attributes:
        method: ``GET`` or ``HEAD``.
        name: ``api`` or a file's name.
        path: As asked, without the query.
        token: The access token that was sent, if any.
        start: First byte asked for.
        status: Of the answer; 0 if there was none.
        sent: Bytes of the body that were sent.
    """

    method: str
    name: str
    path: str
    token: str | None
    start: int = 0
    status: int = 0
    sent: int = 0


@dataclass
class LocalHub:
    """The hub, up inside a ``with`` block.

    Attributes:
        folder: The repositories, ``<owner>/<model>/<files>``.
        token: If given, all repositories are private and need this access token.
        tags: Further names of a repository's present revision, beside ``main`` and its hash.
        requests: All requests so far, in order.
    """

    folder: Path
    token: str | None = None
    tags: set[str] = field(default_factory=set)
    requests: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._faults: list[tuple[str, Fault, list[None]]] = []
        self.stopping = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.hub = self

    @property
    def url(self) -> str:
        """Its address, for ``HF_ENDPOINT``."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def misbehave(self, where: str, fault: Fault) -> None:
        """Misbehave from now on.

        Args:
            where: ``api``, or the name of a file; ``*`` stands for any part.
            fault: How. The first fault that fits is taken.
        """
        self._faults.append((where, fault, []))

    def behave(self) -> None:
        """Do all as it should be, from now on."""
        self._faults.clear()

    def sent(self, name: str) -> int:
        """Return how many bytes of a file were sent, in all requests together."""
        return sum(request.sent for request in self.requests if fnmatch(request.name, name))

    def wait_until_sent(self, name: str, size: int, timeout: float = PATIENCE) -> None:
        """Wait until so many bytes of a file were sent."""
        deadline = time.monotonic() + timeout
        while self.sent(name) < size:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.sent(name)} of {size} bytes of {name} were sent")
            time.sleep(0.005)

    def commit(self, id: str) -> str:
        """Return the hash of a repository's present revision: of its content."""
        lines = [f"{name} {_git_blob(path)}" for name, path in self.files(id).items()]
        return hashlib.sha1("\n".join(lines).encode()).hexdigest()

    def files(self, id: str) -> dict[str, Path]:
        """Return a repository's files by name."""
        folder = self.folder / id
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path for path in paths}

    def fault_for(self, name: str) -> Fault:
        """Return what to do wrong with a request; counts it."""
        for where, fault, used in self._faults:
            if fnmatch(name, where) and (fault.times is None or len(used) < fault.times):
                used.append(None)
                return fault
        return Fault()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    hub: LocalHub

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that go away in the middle are what this hub is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        file = _FILE.fullmatch(path)
        token = self.headers.get("Authorization", "").removeprefix("Bearer ") or None
        log = Request(self.command, file[4] if file else "api", path, token)
        self.server.hub.requests.append(log)
        self._log = log
        if file and not file[1] and self._is_redirected(file[4]):
            return self._redirect()
        fault = self.server.hub.fault_for(log.name)
        if fault.hang:
            self.server.hub.stopping.wait(60)
        if fault.hang or fault.drop:
            self.close_connection = True
            return None
        if fault.status is not None:
            return self._refuse(fault.status, fault.code, fault.message)
        if fault.body is not None:
            page = io.BytesIO(fault.body)
            return self._send(page, len(fault.body), {"Content-Type": "text/html"}, fault)
        if self.server.hub.token not in (None, token):
            return self._refuse(401, "RepoNotFound", "Invalid username or password.")
        return self._serve_file(file, fault) if file else self._serve_api(path, fault)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing; requests are logged in the hub."""

    def _is_redirected(self, name: str) -> bool:
        return self.command == "GET" and name.endswith(_LARGE)

    def _redirect(self) -> None:
        self._answer(302, {"Location": f"/content{self.path}", "Content-Length": "0"})

    def _serve_api(self, path: str, fault: Fault) -> None:
        asked, tree = _API.fullmatch(path), _TREE.fullmatch(path)
        match = tree or asked
        if not match:
            return self._refuse(404, None, None)
        id, revision = match[1], match[2] or "main"
        commit = self._commit(id, revision)
        if commit is None:
            return None
        files = self.server.hub.files(id)
        if tree:
            content: Any = [_tree_entry(name, path) for name, path in files.items()]
        else:
            content = {
                "id": id,
                "sha": commit,
                "private": False,
                "cardData": {"license": "apache-2.0"},
                "siblings": [_sibling(name, path) for name, path in files.items()],
            }
        body = json.dumps(content).encode()
        return self._send(io.BytesIO(body), len(body), {"Content-Type": "application/json"}, fault)

    def _serve_file(self, match: re.Match[str], fault: Fault) -> None:
        id, revision, name = match[2], match[3], match[4]
        commit = self._commit(id, revision)
        if commit is None:
            return None
        path = self.server.hub.files(id).get(name)
        if path is None:
            return self._refuse(404, "EntryNotFound", "Entry not found")
        etag = _sha256(path) if name.endswith(_LARGE) else _git_blob(path)
        headers = {"X-Repo-Commit": commit, "ETag": f'"{etag}"', "Accept-Ranges": "bytes"}
        if name.endswith(_LARGE):
            headers |= {"X-Linked-Etag": f'"{etag}"', "X-Linked-Size": str(path.stat().st_size)}
        with path.open("rb") as body:
            return self._send(body, path.stat().st_size, headers, fault)

    def _commit(self, id: str, revision: str) -> str | None:
        """Return a revision's hash, or refuse the request."""
        hub = self.server.hub
        if not (hub.folder / id).is_dir():
            self._refuse(401, "RepoNotFound", "Invalid username or password.")
            return None
        commit = hub.commit(id)
        if revision not in {"main", commit, *hub.tags}:
            self._refuse(404, "RevisionNotFound", f"Invalid rev id: {revision}")
            return None
        return commit

    def _send(self, body: BinaryIO, size: int, headers: dict[str, str], fault: Fault) -> None:
        start, end, status = 0, size, 200
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if asked and not fault.ignore_range:
            start = self._log.start = int(asked[1])
            if start >= size:
                return self._refuse(416, None, None)
            end, status = min(int(asked[2] or size) + 1, size), 206
            headers = headers | {"Content-Range": f"bytes {start}-{end - 1}/{size}"}
        self._answer(status, headers | {"Content-Length": str(end - start)})
        if self.command == "GET":
            if fault.truncate is not None:
                end = min(end, start + fault.truncate)
                self.close_connection = True
            self._write(body, start, end, fault)
        return None

    def _write(self, body: BinaryIO, start: int, end: int, fault: Fault) -> None:
        body.seek(start)
        for at in range(start, end, _BLOCK):
            block = bytearray(body.read(min(_BLOCK, end - at)))
            if fault.flip is not None and at <= fault.flip < at + len(block):
                block[fault.flip - at] ^= 1
            self.wfile.write(block)
            self._log.sent += len(block)
            if fault.rate and self.server.hub.stopping.wait(len(block) / fault.rate):
                break

    def _refuse(self, status: int, code: str | None, message: str | None) -> None:
        headers = {"Content-Length": "0"}
        if code:
            headers["X-Error-Code"] = code
        if message:
            headers["X-Error-Message"] = message
        self._answer(status, headers)

    def _answer(self, status: int, headers: dict[str, str]) -> None:
        self._log.status = status
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


def _sibling(name: str, path: Path) -> dict[str, Any]:
    entry = {"rfilename": name, "size": path.stat().st_size, "blobId": _git_blob(path)}
    if name.endswith(_LARGE):
        entry["lfs"] = {"size": entry["size"], "sha256": _sha256(path), "pointerSize": 134}
    return entry


def _tree_entry(name: str, path: Path) -> dict[str, Any]:
    entry = {"type": "file", "path": name, "size": path.stat().st_size, "oid": _git_blob(path)}
    if name.endswith(_LARGE):
        entry["lfs"] = {"size": entry["size"], "oid": _sha256(path), "pointerSize": 134}
    return entry


def _sha256(path: Path) -> str:
    return _hashes(path, path.stat().st_mtime_ns)[0]


def _git_blob(path: Path) -> str:
    return _hashes(path, path.stat().st_mtime_ns)[1]


@cache
def _hashes(path: Path, mtime: int) -> tuple[str, str]:
    sha256, blob = hashlib.sha256(), hashlib.sha1(b"blob %d\0" % path.stat().st_size)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            sha256.update(block)
            blob.update(block)
    return sha256.hexdigest(), blob.hexdigest()


def main() -> None:
    """Serve the folder that the command line names."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("usage: python -m tests.models.hub FOLDER")
    with LocalHub(Path(sys.argv[1])) as hub:
        print(hub.url, flush=True)
        with suppress(KeyboardInterrupt):
            hub.stopping.wait()


if __name__ == "__main__":
    main()
