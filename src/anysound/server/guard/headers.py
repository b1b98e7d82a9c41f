"""Headers that tell a browser what a page of this server may do, and that keep other sites out."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from anysound.language import Text
from anysound.server.guard.refusal import Refusal

PAGE_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",  # Gradio makes functions of text
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' blob: data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""For HTML: nothing from other hosts, and nobody's frame."""

DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
"""For all else, were it taken for a page."""

_SAID = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "microphone=(self), camera=(), geolocation=()",
}


class SecurityHeaders:
    """ASGI middleware that sends the headers with every answer, and takes CORS' from it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, or hand on what is none."""

        async def with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                _secure(MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, with_headers)


def _secure(headers: MutableHeaders) -> None:
    for name in [name for name in headers if name.startswith("access-control-")]:
        del headers[name]
    for name, value in _SAID.items():
        headers[name] = value
    is_page = headers.get("content-type", "").startswith("text/html")
    headers["content-security-policy"] = PAGE_POLICY if is_page else DATA_POLICY


_FOREIGN = Refusal(
    "foreign-origin",
    403,
    Text(en="Another site may not ask this", zh="不接受其他网站的请求"),
    Text(
        en="A page of another site sent this request. Ask from the server's own page or from a "
        "program. Behind a proxy, let it pass on the header Host.",
        zh="该请求来自其他网站的页面。请从本服务的页面或程序发出请求；"
        "如经过反向代理，请让代理转发 Host 请求头。",
    ),
)


class SameOrigin:
    """ASGI middleware that answers 403 to what pages of other sites send, WebSockets included.

    A browser lets any site send forms and open WebSockets to any server that it reaches, the
    user's own machine among them; it says in ``Origin`` which site that was. Programs don't.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request or a WebSocket."""
        is_foreign = scope["type"] != "lifespan" and _is_foreign(Headers(scope=scope))
        await (_FOREIGN if is_foreign else self._app)(scope, receive, send)


def _is_foreign(headers: Headers) -> bool:
    origin = headers.get("origin")
    if origin is None:
        return False
    # No page can make a browser send either of these to another site unless CORS allows it.
    own = (headers.get("host"), headers.get("x-forwarded-host"))
    return origin.rpartition("//")[2] not in own
