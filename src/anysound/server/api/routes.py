"""The endpoints that are asked once and answer; ``live`` has the one that goes on."""

import json
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any, Protocol

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from anysound import __version__
from anysound.language import Language, from_accept_language, use
from anysound.models import Embeddings
from anysound.options import ClassifyOptions
from anysound.server.api.fields import (
    AmbiguousWithinField,
    BestField,
    GapField,
    HopField,
    LabelsField,
    NoneBelowField,
    RecordingField,
    RecordingsField,
    Texts,
    ThresholdField,
    TopField,
    UntranslatedField,
    WindowField,
    upload_of,
)
from anysound.server.api.operations import (
    CLASSIFY,
    EMBED_AUDIO,
    EMBED_TEXT,
    HEALTH,
    LABELS_CHECK,
    MODELS,
    TIMELINE,
)
from anysound.server.api.problems import problem_of
from anysound.server.following import Following
from anysound.server.listener import Listener
from anysound.timeline import TimelineOptions

JSON_LINES = "application/jsonl"
SILENT_FOR = 10.0
"""Seconds after which a line says that a timeline goes on."""

_DEFAULTS = TimelineOptions()
_log = logging.getLogger(__name__)


class _Result(Protocol):
    def to_dict(self) -> dict[str, Any]: ...


def api_routes(listener: Listener, max_upload: int) -> APIRouter:
    """Make the endpoints.

    Args:
        listener: Answers.
        max_upload: Largest recording that is taken, in bytes.
    """
    router = APIRouter()

    @router.post("/v1/classify", **CLASSIFY)
    async def classify(
        request: Request,
        file: RecordingField,
        labels: LabelsField,
        none_below: NoneBelowField = None,
        ambiguous_within: AmbiguousWithinField = None,
        untranslated: UntranslatedField = None,
        top: BestField = None,
    ) -> JSONResponse:
        options = ClassifyOptions(none_below, ambiguous_within, untranslated, top)
        upload = upload_of(file, max_upload)
        return _answer(request, await listener.classify(upload, labels, options))

    @router.post("/v1/timeline", **TIMELINE)
    async def timeline(
        request: Request,
        file: RecordingField,
        labels: LabelsField,
        threshold: ThresholdField = _DEFAULTS.threshold,
        gap: GapField = _DEFAULTS.gap,
        window: WindowField = None,
        hop: HopField = None,
        top: TopField = None,
    ) -> Response:
        options = TimelineOptions(window, hop, threshold, gap=gap, top=top)
        following = await listener.timeline(upload_of(file, max_upload), labels, options)
        language = _language(request)
        headers = {"content-language": language, "vary": "accept"}
        if _wants_one_json(request.headers.get("accept", "")):
            with use(language):
                return JSONResponse(await following.whole(), headers=headers)
        return StreamingResponse(_lines(following, language), 200, headers, JSON_LINES)

    @router.post("/v1/embed/audio", **EMBED_AUDIO)
    async def embed_audio(file: RecordingsField) -> JSONResponse:
        uploads = [upload_of(each, max_upload) for each in file]
        now = listener.now()
        rows = [await now.embed_audio(upload) for upload in uploads]
        return _embeddings(now, "recording", [upload.name for upload in uploads], rows)

    @router.post("/v1/embed/text", **EMBED_TEXT)
    async def embed_text(body: Texts) -> JSONResponse:
        now = listener.now()
        rows = await now.embed_text(body.texts)
        return _embeddings(now, "text", body.texts, rows)

    @router.post("/v1/labels/check", **LABELS_CHECK)
    async def check_labels(request: Request, labels: LabelsField) -> JSONResponse:
        return _answer(request, await listener.check_labels(labels))

    @router.get("/v1/models", **MODELS)
    async def models(request: Request) -> JSONResponse:
        return _answer(request, await listener.models())

    @router.get("/healthz", **HEALTH)
    async def healthz() -> JSONResponse:
        facts = {"status": "ok", "version": __version__, "model": listener.info.to_dict()}
        return JSONResponse(facts)

    return router


def _language(request: Request) -> Language:
    return from_accept_language(request.headers.get("accept-language"))


def _answer(request: Request, result: _Result) -> JSONResponse:
    """Say a result in the language asked for."""
    language = _language(request)
    with use(language):
        return JSONResponse(result.to_dict(), headers={"content-language": language})


def _wants_one_json(accept: str) -> bool:
    """Whether plain JSON is asked for, and lines of it are not."""
    kinds = {entry.partition(";")[0].strip().lower() for entry in accept.split(",")}
    return "application/json" in kinds and kinds.isdisjoint((JSON_LINES, "application/x-ndjson"))


async def _lines(following: Following, language: Language) -> AsyncIterator[str]:
    """Give the events as they are found, and the summary, or what went wrong, at the end.

    Where nothing is found for a while, a line says how far it is: a client or a proxy can tell a
    long recording from a server that hangs.
    """
    told = time.monotonic()
    try:
        async with aclosing(aiter(following)) as stretches:
            async for events in stretches:
                for event in events:
                    yield _line("event", event.to_dict())
                if events:
                    told = time.monotonic()
                elif time.monotonic() - told > SILENT_FOR:
                    yield _line("progress", _progress(following))
                    told = time.monotonic()
        with use(language):
            summary = following.summary()
        yield _line("summary", summary)
    except Exception as error:  # the answer has begun, and its status can't be changed
        yield _line("problem", problem_of(error).to_dict(language))


def _progress(following: Following) -> dict[str, Any]:
    return {"recording": following.name, "heard": following.duration}


def _line(kind: str, content: dict[str, Any]) -> str:
    return json.dumps({"kind": kind, **content}, ensure_ascii=False) + "\n"


def _embeddings(
    listener: Listener, of: str, names: Sequence[str], rows: Sequence[Embeddings] | Embeddings
) -> JSONResponse:
    info = listener.info
    return JSONResponse(
        {
            "model": info.id,
            "revision": info.revision,
            "precision": info.precision,
            "dim": info.dim,
            "embeddings": [
                {of: name, "embedding": row.tolist()} for name, row in zip(names, rows, strict=True)
            ],
        }
    )
