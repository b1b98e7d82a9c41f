"""Only who knows the token or the password is let in."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass

from starlette._utils import get_route_path
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from anysound.errors import UsageError
from anysound.language import Text
from anysound.server.guard.refusal import Refusal

OPEN_TO_ALL = ("/healthz", "/readyz")
"""What asks whether the server lives has no secret to tell, and is told none."""

_REFUSAL = Refusal(
    "not-let-in",
    401,
    Text(en="This server asks who you are", zh="需要登录"),
    Text(
        en="Send the token as `Authorization: Bearer TOKEN`, or the user and password. A browser "
        "asks for them; where there is a token alone, it is the password of any user.",
        zh="请用 `Authorization: Bearer 令牌` 发送令牌，或使用用户名和密码。浏览器会弹出登录框；"
        "若只设置了令牌，用户名任填，密码填令牌。",
    ),
    {"www-authenticate": 'Basic realm="anysound", charset="UTF-8"'},
)


@dataclass(frozen=True, repr=False)
class Secrets:
    """What lets someone in; either will do.

    Attributes:
        token: As in ``Authorization: Bearer``, and as anybody's password.
        user: With ``password``.
        password: With ``user``.

    Raises:
        UsageError: A user has no password, or the other way round, or can't be written.
    """

    token: str | None = None
    user: str | None = None
    password: str | None = None

    def __post_init__(self) -> None:
        if (self.user is None) == bool(self.password):
            raise UsageError(
                Text(
                    en="A user and a password go together: give --user, and the password in "
                    "ANYSOUND_PASSWORD.",
                    zh="用户名和密码必须一起设置：用 --user 指定用户名，"
                    "用环境变量 ANYSOUND_PASSWORD 指定密码。",
                )
            )
        if ":" in (self.user or ""):
            raise UsageError(
                Text(
                    en="There can be no colon in --user; browsers take it for the end of the name.",
                    zh="--user 中不能有冒号，浏览器会把它当作用户名的结尾。",
                )
            )

    @property
    def are_asked_for(self) -> bool:
        """Whether anybody is to be kept out."""
        return bool(self.token or self.password)


class Auth:
    """ASGI middleware that answers 401 to who has no secret; for the page and WebSockets too."""

    def __init__(self, app: ASGIApp, secrets: Secrets) -> None:
        self._app = app
        self._known = [_digest(each) for each in _credentials(secrets)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request or a WebSocket."""
        is_let_in = (
            scope["type"] == "lifespan"
            or get_route_path(scope) in OPEN_TO_ALL
            or self._knows(Headers(scope=scope).get("authorization", ""))
        )
        await (self._app if is_let_in else _REFUSAL)(scope, receive, send)

    def _knows(self, header: str) -> bool:
        scheme, _, value = header.partition(" ")
        given = [_digest(each) for each in _given(scheme.lower(), value.strip())]
        # All are compared with all, so that the time taken says nothing.
        found = [hmac.compare_digest(one, other) for one in given for other in self._known]
        return any(found)


def _credentials(secrets: Secrets) -> Iterator[bytes]:
    """Give each credential with its kind in front, so that none passes for another."""
    if secrets.token:
        yield b"token:" + secrets.token.encode()
    if secrets.user is not None and secrets.password:
        yield b"basic:" + f"{secrets.user}:{secrets.password}".encode()


def _given(scheme: str, value: str) -> Iterator[bytes]:
    if scheme == "bearer":
        yield b"token:" + value.encode("latin-1")
    elif scheme == "basic":
        try:
            pair = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return
        yield b"basic:" + pair
        yield b"token:" + pair.partition(b":")[2]


def _digest(secret: bytes) -> bytes:
    """Give all secrets one length, which would show in the time that comparing takes."""
    return hashlib.sha256(secret).digest()
