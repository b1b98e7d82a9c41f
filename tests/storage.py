"""Object storage for the tests: moto's S3 server, which notes requests and fails when told to."""

import logging
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from socket import SHUT_RDWR
from threading import Lock, Thread
from typing import Any, TypeAlias

Application: TypeAlias = Callable[[dict[str, Any], Any], Iterable[bytes]]
"""As WSGI has it."""

Meddle: TypeAlias = Callable[[Application, dict[str, Any], Any], Iterable[bytes]]
"""Answers in the server's place, or lets it answer."""

_DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


class Storage:
    """An S3 server on a port of its own.

    Attributes:
        url: Where it is.
        asked: The methods of all requests; ``LIST`` where a folder is listed.
        meddle: Is given each request, or None.
    """

    def __init__(self) -> None:
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
        from werkzeug.serving import make_server

        logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
        self.asked: list[str] = []
        self.meddle: Meddle | None = None
        self._app = DomainDispatcherApplication(create_backend_app)
        self._creating = Lock()
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Shut the server down."""
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, request: dict[str, Any], start: Any) -> Iterable[bytes]:
        self.asked.append("LIST" if lists(request) else request["REQUEST_METHOD"])
        app = self._app_or_created if "HTTP_IF_NONE_MATCH" in request else self._app
        if self.meddle:
            return self.meddle(app, request, start)
        return app(request, start)

    def _app_or_created(self, request: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Look whether an object is there and create it in one, as moto's threads don't."""
        with self._creating:
            return list(self._app(request, start))


class Bucket:
    """A bucket of a test's own.

    Attributes:
        storage: Where it is.
        url: Of the bucket.
    """

    def __init__(self, storage: Storage, name: str) -> None:
        import boto3

        self.storage = storage
        self.url = f"s3://{name}"
        self._name = name
        self._client = boto3.client("s3", endpoint_url=storage.url)
        self._client.create_bucket(Bucket=name)

    def put(self, name: str, content: bytes) -> str:
        """Store an object, and return its URL."""
        self._client.put_object(Bucket=self._name, Key=name, Body=content)
        return f"{self.url}/{name}"

    def put_folder(self, folder: Path, name: str) -> str:
        """Store all that is in a folder, and return the URL of that."""
        for path in folder.rglob("*"):
            if path.is_file():
                self.put(f"{name}/{path.relative_to(folder).as_posix()}", path.read_bytes())
        return f"{self.url}/{name}"

    def delete(self, name: str) -> None:
        """Delete an object."""
        self._client.delete_object(Bucket=self._name, Key=name)

    def get(self, name: str) -> bytes:
        """Return what an object holds."""
        content: bytes = self._client.get_object(Bucket=self._name, Key=name)["Body"].read()
        return content

    def names(self, folder: str = "") -> list[str]:
        """Return the names of all objects below a folder."""
        found = self._client.list_objects_v2(Bucket=self._name, Prefix=folder)
        return [each["Key"] for each in found.get("Contents", ())]

    def gets(self) -> int:
        """How many objects, or pieces of them, were read since this was called last."""
        asked, self.storage.asked = self.storage.asked, []
        return asked.count("GET")


def lists(request: dict[str, Any]) -> bool:
    """Whether a folder is to be listed."""
    return "list-type" in request["QUERY_STRING"]


def refusing(app: Application, request: dict[str, Any], start: Any) -> Iterable[bytes]:
    """Refuse what is asked for."""
    start("403 Forbidden", [("Content-Type", "application/xml")])
    return [_DENIED] if request["REQUEST_METHOD"] != "HEAD" else []


def refusing_to_write(app: Application, request: dict[str, Any], start: Any) -> Iterable[bytes]:
    """Let everything be read, and nothing be written."""
    if request["REQUEST_METHOD"] in ("GET", "HEAD"):
        return app(request, start)
    return refusing(app, request, start)


def creating_what_is_there(
    app: Application, request: dict[str, Any], start: Any
) -> Iterable[bytes]:
    """Take no notice of the condition that an object must not be there, as some storages do."""
    request.pop("HTTP_IF_NONE_MATCH", None)
    return app(request, start)


def breaking_off(app: Application, request: dict[str, Any], start: Any) -> Iterable[bytes]:
    """Send half of each object."""
    content = b"".join(app(request, start))
    if request["REQUEST_METHOD"] != "GET" or lists(request):
        yield content
        return
    yield content[: len(content) // 2]
    with suppress(OSError):
        request["werkzeug.socket"].shutdown(SHUT_RDWR)


def environment(storage: Storage) -> dict[str, str]:
    """Return the variables by which the storage is found."""
    return {
        "AWS_ENDPOINT_URL": storage.url,
        "AWS_ACCESS_KEY_ID": "tests",
        "AWS_SECRET_ACCESS_KEY": "tests",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
