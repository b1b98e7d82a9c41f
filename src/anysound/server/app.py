"""The application: the HTTP API, and the page at its root."""

import os

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from anysound import __version__
from anysound.classifier import Classifier
from anysound.language import from_accept_language, use
from anysound.server.api import problems
from anysound.server.api.docs import docs_page
from anysound.server.api.live import live_routes
from anysound.server.api.routes import api_routes
from anysound.server.guard.body_limit import BodyLimit
from anysound.server.listener import Listener
from anysound.server.options import ServerOptions

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported and used

import gradio as gr

from anysound.server.page.page import ICON, STYLE, build_page, theme

_FORM_BYTES = 3 * 1024 * 1024  # of a body, beside the recording: labels taught by examples


def create_app(classifier: Classifier, options: ServerOptions) -> FastAPI:
    """Make the application.

    Args:
        classifier: Answers on the page and over the API.
        options: Limits; host, port and model are not looked at here.
    """
    app = FastAPI(title="anysound", version=__version__, docs_url=None, redoc_url=None)
    listener = Listener(classifier, options.at_once, options.streams, options.index)
    problems.install(app, options.max_upload)
    app.add_middleware(BodyLimit, limit=options.max_upload + _FORM_BYTES)

    app.include_router(api_routes(listener, options.max_upload))
    app.include_router(live_routes(listener))

    @app.get("/docs", include_in_schema=False)
    async def docs(request: Request) -> HTMLResponse:
        with use(from_accept_language(request.headers.get("accept-language"))):
            return HTMLResponse(docs_page(app.openapi(), str(request.base_url)))

    @app.api_route("/v1/{rest:path}", methods=_METHODS, include_in_schema=False)
    async def unknown(rest: str) -> None:
        raise HTTPException(404)

    _mount_page(app, build_page(listener, options.max_upload), options)
    return app


_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


def _mount_page(app: FastAPI, page: gr.Blocks, options: ServerOptions) -> None:
    gr.mount_gradio_app(
        app,
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
    # Gradio checks that the files an event names are uploads only once a page was "launched",
    # which a mounted one never is.
    page.has_launched = True
