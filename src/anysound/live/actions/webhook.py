"""Tell a server what is heard."""

import base64
import http.client
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

from anysound.errors import UsageError, reason_of
from anysound.language import Text
from anysound.live.actions.worker import Worker
from anysound.live.backoff import Backoff
from anysound.live.event import LiveEvent

_MOST_WAITING = 100
_PATIENCE = 10.0  # seconds for an answer
_LAST_WORDS = 5.0  # seconds for what waits when listening ends
_TRY_AGAIN = (408, 425, 429)  # and all of 5xx: it may be well later (RFC 9110, 15; RFC 8470, 5.2)
_AGENT = "anysound"


class WebhookAction:
    """Posts each event that it is told of to a URL, as JSON, in order.

    An event is tried again until the server takes it, or a hundred others wait behind it. What the
    server refuses for good is not tried again.
    """

    def __init__(
        self, url: str, on_notice: Callable[[Text], None], backoff: Backoff | None = None
    ) -> None:
        """Take note of it; nothing is sent yet.

        Args:
            url: Where to; a name and a password in it are sent as basic authentication.
            on_notice: Is told what goes wrong, once while it does.
            backoff: How long is waited before the next attempt.

        Raises:
            UsageError: It is no URL of a web server.
        """
        self._url, self._headers = _parse(url)
        self._shown = re.sub(r"\?.*", "?…", self._url)  # what follows is often a secret
        self._backoff = backoff or Backoff()
        self._say = on_notice
        self._told = ""  # what was said to be wrong
        self._dropped = 0
        self._opener = urllib.request.build_opener(_NoRedirects)
        self._worker = Worker("anysound-webhook", self._deliver, _MOST_WAITING, self._drop)

    def tell(self, event: LiveEvent) -> None:
        """Have an event sent; returns at once."""
        self._worker.put(event)

    def close(self) -> None:
        """Let what waits be sent, for a few seconds."""
        left = self._worker.close(_LAST_WORDS)
        if left or self._dropped:
            self._say(_never_sent(self._shown, left + self._dropped))

    def _deliver(self, event: LiveEvent) -> None:
        for wait in self._backoff.waits():
            trouble = self._post(event)
            if trouble is None:
                if self._told:
                    self._told = ""
                    self._say(_well_again(self._shown))
                return
            reason, is_final = trouble
            if is_final:
                self._say(_refused(self._shown, reason, event.label))
                return
            if reason != self._told:
                self._told = reason
                self._say(_trying(self._shown, reason))
            if self._worker.stopping.wait(wait):
                return

    def _post(self, event: LiveEvent) -> tuple[str, bool] | None:
        """Send an event; return what is wrong, and whether it will stay so."""
        body = json.dumps(event.to_dict(), ensure_ascii=False).encode()
        request = urllib.request.Request(self._url, body, self._headers, method="POST")
        try:
            with self._opener.open(request, timeout=_PATIENCE):
                return None
        except urllib.error.HTTPError as error:
            with error:
                may_pass = error.code >= 500 or error.code in _TRY_AGAIN
                return f"{error.code} {error.reason}", not may_pass
        except (OSError, http.client.HTTPException, ValueError) as error:
            cause = getattr(error, "reason", error)
            return reason_of(cause) if isinstance(cause, Exception) else str(cause), False

    def _drop(self, event: LiveEvent) -> None:
        self._dropped += 1
        if self._dropped & (self._dropped - 1) == 0:  # the 1st, 2nd, 4th, 8th …
            self._say(_given_up(self._shown, self._dropped))


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follows none: a POST that is redirected would be sent on as a GET, and say nothing."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _parse(url: str) -> tuple[str, dict[str, str]]:
    """Return a URL without name and password, and the headers to send."""
    headers = {"Content-Type": "application/json", "User-Agent": _AGENT}
    try:
        parts = urllib.parse.urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _no_url(url) from None
    if parts.scheme not in ("http", "https") or not host or not url.isprintable() or " " in url:
        raise _no_url(url)
    if parts.username is not None:
        login = (
            f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        )
        headers["Authorization"] = f"Basic {base64.b64encode(login.encode()).decode()}"
    name = f"[{host}]" if ":" in host else host.encode("idna").decode()
    place = name if port is None else f"{name}:{port}"
    path = urllib.parse.quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    query = urllib.parse.quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return urllib.parse.urlunsplit((parts.scheme, place, path, query, "")), headers


def _no_url(url: str) -> UsageError:
    return UsageError(
        Text(
            en=f"--webhook {url}: this is no URL of a web server. It is written as in "
            "https://example.org/sounds.",
            zh=f"--webhook {url}：这不是网页服务器的地址。应写成 https://example.org/sounds "
            "的形式。",
        )
    )


def _trying(url: str, reason: str) -> Text:
    return Text(
        en=f"{url}: the webhook can't be told ({reason}). It is tried again and again; listening "
        f"goes on, and the last {_MOST_WAITING} events are kept for it.",
        zh=f"{url}：无法通知 webhook（{reason}）。正在反复重试，监听不受影响，"
        f"最近 {_MOST_WAITING} 个事件会保留待发。",
    )


def _well_again(url: str) -> Text:
    return Text(
        en=f"{url}: the webhook takes events again.", zh=f"{url}：webhook 已恢复，继续发送事件。"
    )


def _refused(url: str, reason: str, label: str) -> Text:
    return Text(
        en=f"{url}: the webhook refused an event of {label} ({reason}). Check its address and what "
        "it takes.",
        zh=f"{url}：webhook 拒收了“{label}”的事件（{reason}）。请检查地址及其接受的内容。",
    )


def _given_up(url: str, count: int) -> Text:
    return Text(
        en=f"{url}: too many events wait for the webhook; so far the {count} oldest were given up.",
        zh=f"{url}：等待 webhook 的事件太多，目前已放弃最早的 {count} 个。",
    )


def _never_sent(url: str, count: int) -> Text:
    return Text(
        en=f"{url}: {count} events never reached the webhook.",
        zh=f"{url}：有 {count} 个事件没有送达 webhook。",
    )
