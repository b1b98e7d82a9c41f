"""Let an application tell of itself."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from anysound.language import Text, from_accept_language, use
from anysound.server.observed.metrics import Metrics
from anysound.server.observed.ready import Readiness
from anysound.server.observed.request_id import RequestId
from anysound.server.observed.requests import Observe
from anysound.server.problem_details import problem_details

_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"

_NOT_READY = (
    Text(en="The model doesn't answer yet", zh="模型尚未就绪"),
    Text(
        en="The server is starting. If this lasts, its log says why.",
        zh="服务正在启动。如果一直如此，请查看服务器日志。",
    ),
)

READY: dict[str, Any] = {
    "summary": "Say whether the model answers",
    "responses": {503: {"description": "It doesn't yet"}},
}
METRICS: dict[str, Any] = {
    "summary": "Give figures for Prometheus",
    "responses": {200: {"description": "Figures", "content": {"text/plain": {}}}},
}


def install(
    app: FastAPI,
    metrics: Metrics,
    readiness: Readiness,
    more: Callable[[], dict[str, Any]] = dict,
) -> None:
    """Add ``/readyz`` and ``/metrics``, and tell of every request; after all other middlewares.

    Args:
        app: What is observed.
        metrics: Where it is counted.
        readiness: Knows whether the model answers.
        more: Gives what else there is to say when it does, in the current language.
    """

    @app.get("/readyz", **READY)
    async def readyz(request: Request) -> Response:
        if readiness.is_ready:
            with use(from_accept_language(request.headers.get("accept-language"))):
                return JSONResponse({"status": "ready", **more()})
        return problem_details(request.scope, "not-ready", 503, *_NOT_READY)

    @app.get("/metrics", **METRICS)
    async def show_metrics() -> Response:
        return Response(metrics.text(), headers={"content-type": _PROMETHEUS})

    app.add_middleware(Observe, metrics=metrics)
    app.add_middleware(RequestId)
