"""The application: the HTTP API, and the page at its root."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from threading import Thread
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from anysound import __version__
from anysound.audio.decoders import Decoders, Limits
from anysound.classifier import Classifier
from anysound.language import from_accept_language, use
from anysound.server.api import problems
from anysound.server.api.docs import docs_page
from anysound.server.api.live import live_routes
from anysound.server.api.routes import api_routes
from anysound.server.guard import install as guard
from anysound.server.guard.admission import Admission
from anysound.server.late import Late, import_anew
from anysound.server.listener import Listener
from anysound.server.observed import install as observed
from anysound.server.observed.metrics import Metrics
from anysound.server.observed.ready import Readiness
from anysound.server.options import ServerOptions
from anysound.server.page.clips import Clips
from anysound.server.page.routes import page_routes
from anysound.server.page.upgrade_routes import upgrade_routes
from anysound.server.upgrade import Upgrade


def create_app(
    classifier: Classifier, options: ServerOptions, upgrade: Upgrade | None = None
) -> FastAPI:
    """Make the application.

    Args:
        classifier: Answers on the page and over the API.
        options: Limits; host, port and model are not looked at here.
        upgrade: Lets another model answer in time.
    """
    admission = Admission(options.at_once, options.queue, options.timeout)
    metrics = Metrics(lambda: listener.info, admission, lambda: listener.count_phrases())
    memory = Limits.memory + options.max_upload  # the decoder holds the file
    limits = Limits(options.max_duration, memory=memory)
    decoders = Decoders(limits, metrics.count_decode_failure)
    readiness = Readiness(classifier)
    clips = Clips()
    page = Late(lambda: _make_page(listener, options, clips, upgrade))
    listener = Listener(classifier, admission, decoders, options.streams, options.index)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        readiness.begin()
        Thread(target=decoders.start, daemon=True).start()
        async with page.started():
            with decoders, _upgrading(listener, upgrade):
                yield

    app = FastAPI(
        title="anysound",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    problems.install(app, options.max_upload)
    guard.install(app, options)
    observed.install(app, metrics, readiness, _progress_of(upgrade, options))

    app.include_router(api_routes(listener, options.max_upload))
    app.include_router(live_routes(listener))

    @app.get("/docs", include_in_schema=False)
    async def docs(request: Request) -> HTMLResponse:
        with use(from_accept_language(request.headers.get("accept-language"))):
            return HTMLResponse(docs_page(app.openapi(), str(request.base_url)))

    @app.api_route("/v1/{rest:path}", methods=_METHODS, include_in_schema=False)
    async def unknown(rest: str) -> None:
        raise HTTPException(404)

    app.include_router(page_routes(listener, clips))
    if upgrade:
        app.include_router(upgrade_routes(upgrade))
    app.mount("/", page)
    return app


_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


@contextmanager
def _upgrading(listener: Listener, upgrade: Upgrade | None) -> Iterator[None]:
    if upgrade:
        upgrade.begin(listener.switch_to)
    try:
        yield
    finally:
        if upgrade:
            upgrade.end()


def _progress_of(upgrade: Upgrade | None, options: ServerOptions) -> Callable[[], dict[str, Any]]:
    """Return what says how far an upgrade is, to anybody: reasons name folders and addresses."""
    with_reasons = not options.secrets.are_asked_for
    return lambda: {"upgrade": upgrade.progress.to_dict(with_reasons)} if upgrade else {}


def _make_page(
    listener: Listener, options: ServerOptions, clips: Clips, upgrade: Upgrade | None
) -> FastAPI:
    import_anew("gradio")
    import gradio as gr

    from anysound.server.guard.gradio_files import forbid_downloads, keep_files_in
    from anysound.server.page.page import ICON, STYLE, build_page, theme

    forbid_downloads()
    page = build_page(listener, options, clips, is_upgraded=upgrade is not None)
    app: FastAPI = gr.mount_gradio_app(
        FastAPI(docs_url=None, redoc_url=None, openapi_url=None),
        page,
        path="/",
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        ssr_mode=False,
        show_error=False,
        max_file_size=options.max_upload,
        favicon_path=str(ICON),
        theme=theme(),
        css_paths=STYLE,
    )
    keep_files_in(page)
    return app
