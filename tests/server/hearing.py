"""A live route that needs no model: it says of the sound that it comes, and how much."""

from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

LABEL = "<b>beep</b>"


async def hear(socket: WebSocket) -> None:
    """Tell a moment for each frame, an event that begins and ends, and what is wrong."""
    await socket.accept()
    try:
        hello = await socket.receive_json()
        if "=x" in hello["labels"]:
            await _tell(socket, "problem", detail=f"wrong labels, in {hello['language']}")
            await socket.close()
            return
        await _tell(socket, "ready", warnings=[])
        await _hear(socket, hello["rate"])
    except WebSocketDisconnect:
        pass


async def _hear(socket: WebSocket, rate: int) -> None:
    seconds, count = 0.0, 0
    while True:
        frame = await socket.receive_bytes()
        seconds, count = seconds + len(frame) / 2 / rate, count + 1
        scores = [{"label": LABEL, "score": 0.75}, {"label": "other", "score": 0.25}]
        await _tell(
            socket, "moment", time=seconds, level=-20.0, scores=scores, behind=0.1, left_out=0
        )
        event = {"number": 1, "recording": "", "label": LABEL, "start": 0.0, "time": ""}
        if count == 3:
            await _tell(socket, "event", event="start", end=None, score=0.75, **event)
        if count == 10:
            await _tell(socket, "event", event="end", end=1.0, score=0.9, **event)


async def _tell(socket: WebSocket, kind: str, **more: Any) -> None:
    await socket.send_json({"kind": kind, **more})
