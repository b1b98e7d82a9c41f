"""Nobody asks more often than others can bear."""

import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from math import ceil

from starlette._utils import get_route_path
from starlette.types import ASGIApp, Receive, Scope, Send

from anysound.language import Text
from anysound.server.guard.refusal import Refusal

_CLIENTS = 10_000
"""Clients remembered; who has not asked for the longest is forgotten first."""

_COSTS = {
    "/v1/labels/check": 0.1,  # the page asks while its user types
    "/gradio_api/upload": 1.0,
    "/gradio_api/queue/join": 0.1,
}
_COST = 1.0  # of whatever else is asked of the API


class Rate:
    """ASGI middleware that answers 429 to a client that asks more than so often a minute.

    Each client has a bucket of tokens that fills at that rate and holds a minute's worth. What
    costs a token is a question to the API, a WebSocket, and an upload to the page.
    """

    def __init__(
        self, app: ASGIApp, a_minute: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Begin.

        Args:
            app: What is asked.
            a_minute: Questions; at least 1.
            now: Says the time, in seconds.
        """
        self._app = app
        self._a_minute = a_minute
        self._now = now
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, at

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request or a WebSocket."""
        wait = self._take(_client(scope), _cost(scope)) if scope["type"] != "lifespan" else 0.0
        await (_refusal(ceil(wait)) if wait else self._app)(scope, receive, send)

    def _take(self, client: str, cost: float) -> float:
        """Take tokens from a client's bucket, if they are there; return how long to wait if not."""
        if not cost:
            return 0.0
        now = self._now()
        tokens, at = self._buckets.pop(client, (self._a_minute, now))
        tokens = min(self._a_minute, tokens + (now - at) * self._a_minute / 60)
        missing = max(0.0, cost - tokens)
        self._buckets[client] = (tokens if missing else tokens - cost, now)
        if len(self._buckets) > _CLIENTS:
            self._buckets.popitem(last=False)
        return missing * 60 / self._a_minute


def _cost(scope: Scope) -> float:
    path = get_route_path(scope)
    if path in _COSTS:
        return _COSTS[path]
    is_question = scope["type"] == "websocket" or scope["method"] == "POST"
    return _COST if is_question and path.startswith("/v1/") else 0.0


def _client(scope: Scope) -> str:
    """Name who asks: an address, or the network of one that has 2**64 of them."""
    host = str((scope.get("client") or ("",))[0])
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))
    return host


def _refusal(seconds: int) -> Refusal:
    return Refusal(
        "too-often",
        429,
        Text(en="Too many questions", zh="请求过于频繁"),
        Text(
            en=f"This server lets each client ask only so often. Ask again in {seconds} s.",
            zh=f"本服务限制了每个客户端的请求频率。请在 {seconds} 秒后重试。",
        ),
        {"retry-after": str(seconds)},
    )
