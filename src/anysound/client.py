"""Ask a server of anysound as if it were a classifier; needs the ``client`` extra.

>>> client = Client("http://127.0.0.1:7860")
>>> client.classify("kitchen.m4a", "microwave beep, dripping tap").label
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import datetime
from importlib.util import find_spec
from types import TracebackType
from typing import Any, BinaryIO, Literal, Self, TypeAlias
from urllib.parse import urlsplit

import numpy as np

from anysound.audio import Recording, recording_name
from anysound.audio.source import open_source
from anysound.classifier import Labels
from anysound.errors import (
    AnysoundError,
    BusyError,
    LabelError,
    MissingExtraError,
    RecordingError,
    ServerError,
    UsageError,
)
from anysound.labels import read_labels
from anysound.language import Text, current
from anysound.live import ListenOptions, LiveEvent, Moment
from anysound.models import Embeddings
from anysound.options import ClassifyOptions
from anysound.results import Classification
from anysound.timeline import Event, TimelineOptions

if not all(map(find_spec, ("httpx", "websockets"))):
    raise MissingExtraError(Text(en="The client of a server", zh="服务器的客户端"), "client")

import httpx
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

StreamFormat: TypeAlias = Literal["pcm_s16le", "pcm_f32le", "opus"]
"""Raw samples, or Opus in Ogg or WebM."""

_CONNECT = 10.0  # seconds
_ERRORS: dict[str, type[AnysoundError]] = {
    "unreadable-recording": RecordingError,
    "bad-option": UsageError,
    "missing-field": UsageError,
    "bad-request": UsageError,
    "too-large": UsageError,
    "busy": BusyError,
}


class RemoteTimeline:
    """The events of a recording, as the server finds them; iterate it, once.

    Attributes:
        duration: Seconds heard so far, told now and then; the recording's at the end.
        warnings: What the user should know; complete when the iteration has ended.
    """

    def __init__(self, lines: Iterator[Mapping[str, Any]]) -> None:
        self.duration = 0.0
        self.warnings: tuple[Text, ...] = ()
        self._lines = lines

    def __iter__(self) -> Iterator[Event]:
        """Give the events.

        Raises:
            RecordingError: The recording can't be read to its end.
            ServerError: The server is gone.
        """
        for line in self._lines:
            kind = line["kind"]
            if kind == "event":
                yield Event(*(line[key] for key in ("recording", "label", "start", "end", "score")))
            elif kind == "progress":
                self.duration = line["heard"]
            elif kind == "problem":
                raise _error_of(line)
            else:
                self.duration = line["duration"]
                self.warnings = tuple(Text(en=each, zh=each) for each in line["warnings"])
                return
        raise _broken_off()


class Client:
    """A server of anysound, asked as a ``Classifier`` is. May be used from several threads.

    Messages come in the current language. A recording is a path, bytes or a binary file; labels
    are a line, the text of a label set, or what ``read_labels`` gives.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:7860",
        *,
        token: str | None = None,
        timeout: float = 600.0,
    ) -> None:
        """Name a server; nothing is asked yet.

        Args:
            url: Its address; a name and password in it are sent.
            token: Sent as a bearer token.
            timeout: Seconds that an answer, or the next line of one, is waited for.

        Raises:
            UsageError: It is no address.
        """
        self._url = url.rstrip("/")
        self._headers = {"authorization": f"Bearer {token}"} if token else {}
        _check_address(url)
        self._http = httpx.Client(
            base_url=self._url,
            headers=self._headers,
            timeout=httpx.Timeout(timeout, connect=_CONNECT),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def classify(
        self, recording: Recording, labels: Labels, options: ClassifyOptions | None = None
    ) -> Classification:
        """Say which of the labels a recording holds.

        Raises:
            RecordingError: The recording cannot be read.
            LabelError: The labels cannot be understood.
            ServerError: The server can't be reached.
            BusyError: It has too much to do.
        """
        with ExitStack() as stack:
            sent = _sent_file(recording, stack)
            form = _form(labels) | _given(asdict(options or ClassifyOptions()))
            answer = self._ask("POST", "/v1/classify", files={"file": sent}, data=form)
        return Classification.from_dict(answer)

    def timeline(
        self, recording: Recording, labels: Labels, options: TimelineOptions | None = None
    ) -> RemoteTimeline:
        """Say when each of the labels is heard in a recording.

        Returns:
            The events, as they are found. What is wrong with recording, labels or options is
            raised when they are iterated, as the errors of ``classify`` are.
        """
        return RemoteTimeline(self._lines(recording, labels, options or TimelineOptions()))

    def embed_audio(self, recordings: Iterable[Recording]) -> Embeddings:
        """Embed recordings; shape ``(n_recordings, dim)``, unit length.

        Raises:
            RecordingError: A recording cannot be read.
            ServerError: The server can't be reached.
        """
        with ExitStack() as stack:
            files = [("file", _sent_file(each, stack)) for each in recordings]
            return _rows(self._ask("POST", "/v1/embed/audio", files=files))

    def embed_text(self, texts: Sequence[str]) -> Embeddings:
        """Embed texts as given, without a template; shape ``(n_texts, dim)``, unit length.

        Raises:
            UsageError: The texts can't be embedded.
            ServerError: The server can't be reached.
        """
        return _rows(self._ask("POST", "/v1/embed/text", json={"texts": list(texts)}))

    def check_labels(self, labels: Labels) -> dict[str, Any]:
        """Say what could be written better about labels, in the form of the API.

        Raises:
            LabelError: The labels cannot be understood.
            ServerError: The server can't be reached.
        """
        checked: dict[str, Any] = self._ask("POST", "/v1/labels/check", data=_form(labels))
        return checked

    def models(self) -> dict[str, Any]:
        """Say which models the server has, in the form of the API.

        Raises:
            ServerError: The server can't be reached.
        """
        models: dict[str, Any] = self._ask("GET", "/v1/models")
        return models

    def listen(
        self,
        sound: Iterable[bytes],
        labels: Labels,
        *,
        rate: int = 48_000,
        format: StreamFormat = "pcm_s16le",
        options: ListenOptions | None = None,
        on_moment: Callable[[Moment], None] | None = None,
        on_notice: Callable[[Text], None] = lambda notice: None,
    ) -> Iterator[LiveEvent]:
        """Say when each of the labels begins and ends to be heard in sound that goes on.

        Args:
            sound: Gives it piece by piece, in a thread of its own; its end is the stream's.
            labels: What to listen for.
            rate: Of raw samples, in Hz; they are mono.
            format: Of the sound.
            options: How to listen, as far as the server is told: how events are found, and how
                long a label must be heard.
            on_moment: Is given what is heard just now, every hop.
            on_notice: Is given what happens to the stream.

        Raises:
            RecordingError: What is sent is no sound.
            LabelError: The labels cannot be understood.
            UsageError: The options make no sense.
            ServerError: The server can't be reached, or is gone.
            BusyError: It listens to enough streams.
        """
        options = options or ListenOptions()
        found = options.timeline
        hello = {
            **_form(labels),
            "rate": rate,
            "format": format,
            "language": current(),
            "moments": on_moment is not None,
            "threshold": found.threshold,
            "gap": found.gap,
            "window": found.window,
            "hop": found.hop,
            "hold": options.hold,
        }
        try:
            address = f"ws{self._url.removeprefix('http')}/v1/listen"
            with connect(
                address,
                additional_headers=self._headers,
                open_timeout=_CONNECT,
                compression=None,
            ) as connection:
                connection.send(json.dumps(hello))
                sender = _Sender(connection, sound)
                for message in map(json.loads, connection):
                    kind = message["kind"]
                    if kind == "ready":
                        sender.start()
                    elif kind == "event":
                        yield _live_event(message)
                    elif kind == "moment" and on_moment:
                        on_moment(_moment(message))
                    elif kind == "notice":
                        on_notice(Text(en=message["text"], zh=message["text"]))
                    elif kind == "problem":
                        raise _error_of(message)
                    elif kind == "end":
                        sender.check()
                        return
                sender.check()
            raise _broken_off()
        except (OSError, WebSocketException) as error:
            raise self._unreachable(error) from error

    def _lines(
        self, recording: Recording, labels: Labels, options: TimelineOptions
    ) -> Iterator[Mapping[str, Any]]:
        wanted = {
            "threshold": options.threshold,
            "gap": options.gap,
            "window": options.window,
            "hop": options.hop,
            "top": options.top,
        }
        form = _form(labels) | _given(wanted)
        with ExitStack() as stack:
            try:
                response = stack.enter_context(
                    self._http.stream(
                        "POST",
                        "/v1/timeline",
                        files={"file": _sent_file(recording, stack)},
                        data=form,
                        headers={"accept": "application/jsonl", "accept-language": current()},
                    )
                )
                if response.status_code != 200:
                    response.read()
                    raise _refused(response)
                yield from map(json.loads, response.iter_lines())
            except httpx.HTTPError as error:
                raise self._unreachable(error) from error

    def _ask(
        self, method: str, path: str, *, files: Any = None, data: Any = None, json: Any = None
    ) -> Any:
        language = {"accept-language": current()}
        try:
            response = self._http.request(
                method, path, files=files, data=data, json=json, headers=language
            )
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error
        if response.status_code != 200:
            raise _refused(response)
        return response.json()

    def _unreachable(self, error: Exception) -> ServerError:
        url, reason = self._url.rpartition("@")[2], str(error) or type(error).__name__
        return ServerError(
            Text(
                en=f"The server at {url} can't be reached, or is gone ({reason}). Check the "
                "address, the token, and that `anysound serve` runs there.",
                zh=f"无法连接服务器 {url}，或连接已中断（{reason}）。"
                "请检查地址和令牌，并确认 `anysound serve` 正在运行。",
            )
        )


class _Sender:
    """Sends sound in a thread of its own."""

    def __init__(self, connection: ClientConnection, sound: Iterable[bytes]) -> None:
        self._connection = connection
        self._sound = sound
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._send, name="anysound-send", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def check(self) -> None:
        """Raise what went wrong where the sound comes from."""
        if self._error:
            raise self._error

    def _send(self) -> None:
        try:
            for piece in self._sound:
                self._connection.send(piece)
        except ConnectionClosed:
            return  # whoever listens notices
        except BaseException as error:
            self._error = error
        try:
            self._connection.send(json.dumps({"kind": "end"}))
        except ConnectionClosed:
            return


def _form(labels: Labels) -> dict[str, str]:
    if isinstance(labels, str):
        return {"labels": labels}
    content = {"labels": [label.to_dict() for label in read_labels(labels)]}
    return {"labels": json.dumps(content, ensure_ascii=False)}


def _given(options: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in options.items() if value is not None}


def _sent_file(recording: Recording, stack: ExitStack) -> tuple[str, BinaryIO]:
    name = recording_name(recording)
    return name.replace("\\", "/").rpartition("/")[2], open_source(name, recording, stack)


def _rows(answer: Mapping[str, Any]) -> Embeddings:
    rows = [each["embedding"] for each in answer["embeddings"]]
    return np.array(rows, dtype=np.float32).reshape(len(rows), answer["dim"])


def _live_event(message: Mapping[str, Any]) -> LiveEvent:
    return LiveEvent(
        phase=message["event"],
        number=message["number"],
        recording=message["recording"],
        label=message["label"],
        start=message["start"],
        end=message["end"],
        score=message["score"],
        time=datetime.fromisoformat(message["time"]),
    )


def _moment(message: Mapping[str, Any]) -> Moment:
    scores = tuple((each["label"], each["score"]) for each in message["scores"])
    return Moment(message["time"], message["level"], scores, message["behind"], message["left_out"])


def _refused(response: httpx.Response) -> AnysoundError:
    if response.headers.get("content-type") == "application/problem+json":
        return _error_of(response.json())
    status = f"{response.status_code} {response.reason_phrase}"
    return ServerError(
        Text(
            en=f"The server refused: {status}. Check the address and the token.",
            zh=f"服务器拒绝了请求：{status}。请检查地址和令牌。",
        )
    )


def _error_of(problem: Mapping[str, Any]) -> AnysoundError:
    """Return the error that the server met; its message is in the language it was asked in."""
    text = Text(en=problem["detail"], zh=problem["detail"])
    kind = problem["type"].rpartition(":")[2]
    if kind == "bad-labels":
        return LabelError(text, problem.get("position"))
    return _ERRORS.get(kind, ServerError)(text)


def _broken_off() -> ServerError:
    return ServerError(
        Text(
            en="The server's answer broke off. Ask again; its log may say more.",
            zh="服务器的回答中断了。请重试；服务器日志中可能有更多信息。",
        )
    )


def _check_address(url: str) -> None:
    try:
        address = urlsplit(url)
        is_one = address.scheme in ("http", "https") and bool(address.hostname)
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL):
        is_one = False
    if not is_one:
        raise _no_address(url)


def _no_address(url: str) -> UsageError:
    return UsageError(
        Text(
            en=f"{url!r} is no address of a server: it begins with http:// or https://, as in "
            "http://127.0.0.1:7860.",
            zh=f"{url!r} 不是服务器地址：应以 http:// 或 https:// 开头，例如 "
            "http://127.0.0.1:7860。",
        )
    )
