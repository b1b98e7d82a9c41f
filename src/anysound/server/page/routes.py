"""What the page's scripts fetch beside the API: sounds to try, and files to save."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from anysound.reviewing import reviewed_file
from anysound.server.listener import Listener
from anysound.server.page.batch_table import SentLabels, SentTable, table_file
from anysound.server.page.clips import Clips
from anysound.server.page.label_file import label_yaml
from anysound.sounds import EXAMPLES, example_wav

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def page_routes(listener: Listener, clips: Clips) -> APIRouter:
    """Make the routes; they are no part of the API.

    Args:
        listener: Says when it is a question's turn.
        clips: What a search has found.
    """
    router = APIRouter(prefix="/page", include_in_schema=False)

    @router.get("/examples/{name}")
    async def example(name: str) -> Response:
        if name not in EXAMPLES:
            raise HTTPException(404)
        return Response(await run_in_threadpool(example_wav, name), media_type="audio/wav")

    @router.get("/clips/{name}")
    async def clip(name: str) -> Response:
        found = await listener.run(clips.cut, name)
        if found is None:
            raise HTTPException(404)
        content, kind = found
        return Response(content, media_type=kind)

    @router.post("/labels.yaml")
    async def label_set(labels: Annotated[str, Form()]) -> Response:
        content = await run_in_threadpool(label_yaml, labels)
        return Response(content, media_type="application/yaml")

    @router.post("/table")
    async def table(sent: SentTable) -> Response:
        content = await run_in_threadpool(table_file, sent)
        return Response(content, media_type=_TYPES[sent.format])

    @router.post("/reviewed.csv")
    async def reviewed(said: SentLabels) -> Response:
        content = await run_in_threadpool(reviewed_file, dict(said.labels))
        return Response(content, media_type=_TYPES["csv"])

    return router
