"""A part of the server that takes longer to start than all the rest, and is not waited for."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import import_module

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

_log = logging.getLogger(__name__)


class Late:
    """An ASGI application that is made in a thread, while others are answered already.

    The page is one: what Gradio imports takes several times as long as loading the model.
    """

    def __init__(self, make: Callable[[], FastAPI]) -> None:
        """Say how it is made; without ``started``, that is done when it is first asked."""
        self._make = make
        self._made: asyncio.Future[FastAPI] | None = None
        self._app: FastAPI | None = None

    @asynccontextmanager
    async def started(self) -> AsyncIterator[None]:
        """Make it now, and let it run until the ``with`` block is left."""
        self._made, is_over = asyncio.Future(), asyncio.Event()
        living = asyncio.create_task(self._live(self._made, is_over))
        try:
            yield
        finally:
            is_over.set()
            await living

    async def _live(self, made: "asyncio.Future[FastAPI]", is_over: asyncio.Event) -> None:
        try:
            app = await asyncio.to_thread(self._make)
            async with app.router.lifespan_context(app):
                made.set_result(app)
                await is_over.wait()
        except Exception as error:
            _log.exception("a part of the server could not be started")
            if not made.done():
                made.set_exception(error)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, as soon as it is there."""
        await (await self._there())(scope, receive, send)

    async def _there(self) -> FastAPI:
        if self._made is not None:
            return await asyncio.shield(self._made)
        if self._app is None:
            self._app = self._make()
        return self._app


def import_anew(package: str) -> None:
    """Import a package in a thread, from the start again if the interpreter trips over itself.

    ``ast.parse``, which Gradio calls for each of its components, may fail in a thread while another
    one calls it (seen with CPython 3.11.7), and leaves half a package behind.
    """
    try:
        import_module(package)
    except SystemError:
        for name in [name for name in sys.modules if name.partition(".")[0] == package]:
            del sys.modules[name]
        import_module(package)
