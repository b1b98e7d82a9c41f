"""``/v1/listen``: sound comes by a WebSocket while it sounds, and events go back."""

import json
from typing import Any

from anyio import create_task_group, fail_after, from_thread
from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import ValidationError

from anysound.audio.raw import RawFormat
from anysound.errors import BusyError, UsageError
from anysound.language import Language, Text, from_accept_language, use
from anysound.live import Listening, ListenOptions, LiveEvent, Moment
from anysound.server.api.fields import Hello
from anysound.server.api.inflow import MOST, Inflow, InflowSource
from anysound.server.api.problems import problem_of
from anysound.server.listener import Listener
from anysound.timeline import TimelineOptions

_PATIENCE = 20.0  # seconds: for the first message, and for a message to be taken
_REFUSED, _BROKEN, _LATER = 1008, 1011, 1013  # codes of RFC 6455 and its registry


def live_routes(listener: Listener) -> APIRouter:
    """Make the endpoint.

    Args:
        listener: Listens.
    """
    router = APIRouter()

    @router.websocket("/v1/listen")
    async def listen(socket: WebSocket) -> None:
        await socket.accept()
        await _Conversation(socket, listener.now()).hold()

    return router


class _Conversation:
    """One live stream, from its first message to its last."""

    def __init__(self, socket: WebSocket, listener: Listener) -> None:
        self._socket = socket
        self._listener = listener
        self._language: Language = from_accept_language(socket.headers.get("accept-language"))
        self._has_left = False

    async def hold(self) -> None:
        """Hold it; whatever goes wrong is told."""
        try:
            await self._listen(await self._hello())
        except WebSocketDisconnect:
            return
        except Exception as error:
            if not self._has_left:
                await self._refuse(error)

    async def _hello(self) -> Hello:
        try:
            with fail_after(_PATIENCE):
                message = await self._socket.receive()
        except TimeoutError:
            raise _no_hello("nothing came", "没有收到消息") from None
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message["code"])
        try:
            hello = Hello.model_validate_json(message.get("text") or "")
        except ValidationError as error:
            wrong = error.errors()[0]
            place = ".".join(map(str, wrong["loc"]))
            reason = f"{place}: {wrong['msg']}" if place else wrong["msg"]
            raise _no_hello(reason, reason) from None
        self._language = hello.language or self._language
        return hello

    async def _listen(self, hello: Hello) -> None:
        timeline = TimelineOptions(hello.window, hello.hop, hello.threshold, gap=hello.gap)
        options = ListenOptions(timeline, hold=hello.hold)
        inflow = Inflow()
        source = InflowSource(inflow, _raw(hello))
        on_moment = self._tell_moment if hello.moments else lambda moment: None
        listening = await self._listener.open_stream(
            source, hello.labels, options, on_moment, self._tell_notice
        )
        await self._send("ready", self._ready(listening))
        failure: Exception | None = None
        async with create_task_group() as group:
            group.start_soon(self._receive, inflow, listening)
            try:
                await self._listener.follow_stream(listening, self._tell_event)
            except Exception as error:  # told when the receiving has stopped
                failure = error
            group.cancel_scope.cancel()
        if failure:
            raise failure
        if not self._has_left:
            await self._send("end", {"duration": listening.duration})
            await self._socket.close()

    async def _receive(self, inflow: Inflow, listening: Listening) -> None:
        """Take what comes, until the client leaves or the listening is over."""
        try:
            while True:
                message = await self._socket.receive()
                if message["type"] == "websocket.disconnect":
                    self._has_left = True
                    return
                chunk = message.get("bytes")
                if chunk is None or len(chunk) > MOST:
                    inflow.end()  # the client has said what it had to say
                else:
                    await inflow.put(chunk)
        finally:
            inflow.close()
            listening.stop()

    def _ready(self, listening: Listening) -> dict[str, Any]:
        info = self._listener.info
        with use(self._language):
            warnings = [str(warning) for warning in listening.warnings]
        return {
            "model": info.id,
            "revision": info.revision,
            "precision": info.precision,
            "window": listening.windows.length,
            "hop": listening.windows.hop,
            "warnings": warnings,
        }

    # What follows is called in the thread that listens, which waits for a slow client: then
    # windows are left out, and the client is told.

    def _tell_event(self, event: LiveEvent) -> None:
        self._tell("event", event.to_dict())

    def _tell_notice(self, notice: Text) -> None:
        with use(self._language):
            self._tell("notice", {"text": str(notice)})

    def _tell_moment(self, moment: Moment) -> None:
        scores = [{"label": label, "score": score} for label, score in moment.scores]
        content = {
            "time": moment.time,
            "level": moment.level,
            "scores": scores,
            "behind": moment.behind,
            "left_out": moment.left_out,
        }
        self._tell("moment", content)

    def _tell(self, kind: str, content: dict[str, Any]) -> None:
        if not self._has_left:
            from_thread.run(self._send, kind, content)

    async def _send(self, kind: str, content: dict[str, Any]) -> None:
        with fail_after(_PATIENCE):
            await self._socket.send_text(json.dumps({"kind": kind, **content}, ensure_ascii=False))

    async def _refuse(self, error: Exception) -> None:
        problem = problem_of(error)
        await self._send("problem", problem.to_dict(self._language))
        later = isinstance(error, BusyError)
        await self._socket.close(
            _LATER if later else _BROKEN if problem.status >= 500 else _REFUSED
        )


def _raw(hello: Hello) -> RawFormat | None:
    if hello.format == "opus":
        return None
    return RawFormat(hello.rate, hello.channels, hello.format.removeprefix("pcm_"))


def _no_hello(en: str, zh: str) -> UsageError:
    return UsageError(
        Text(
            en=f"The first message is no JSON that says what to listen for ({en}): send labels, "
            "rate and format first, as /docs shows.",
            zh=f"第一条消息应为说明监听内容的 JSON（{zh}）：请先发送 labels、rate 和 format，"
            "示例见 /docs。",
        )
    )
