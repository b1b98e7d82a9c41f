"""Whoever asks for a host of another name is turned away.

An attacker may let a name of theirs point at this machine (DNS rebinding). A browser then takes
what is here for a part of their site, and its ``Origin`` tells nothing. But it says the name.
"""

from collections.abc import Collection
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from anysound.language import Text
from anysound.server.guard.refusal import Refusal

_REFUSAL = Refusal(
    "unknown-host",
    421,
    Text(en="This server doesn't go by that name", zh="本服务不使用这个域名"),
    Text(
        en="The request names a host that this server does not know. Ask by its address, such as "
        "127.0.0.1; or start it with --host-name NAME.",
        zh="请求中的域名不是本服务的域名。请改用 IP 地址（如 127.0.0.1）访问，"
        "或在启动服务时加上 --host-name 域名。",
    ),
)


class Hosts:
    """ASGI middleware that answers 421 to who asks for another host, WebSockets included.

    An address in figures is always let in: a name is what an attacker has to use.
    """

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        """Begin.

        Args:
            app: What is asked.
            names: What this server is called, beside ``localhost``.
        """
        self._app = app
        self._names = {"localhost", *(name.lower().rstrip(".") for name in names)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request or a WebSocket."""
        is_meant = scope["type"] == "lifespan" or self._knows(Headers(scope=scope).get("host", ""))
        await (self._app if is_meant else _REFUSAL)(scope, receive, send)

    def _knows(self, host: str) -> bool:
        name = _without_port(host).lower().rstrip(".")
        return name in self._names or is_address(name)


def is_address(name: str) -> bool:
    """Whether a host is an address in figures."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _without_port(host: str) -> str:
    """Return the name in a ``Host`` header; an IPv6 address without its brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if ":" in host else host
