import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from anysound import UsageError
from anysound.language import Text
from anysound.live import Backoff
from anysound.live.actions import WebhookAction
from tests.live.making import an_event, serving, threads, wait_for
from tests.patience import PATIENCE

QUICK = Backoff(first=0.001, most=0.002)


class Hook:
    """A web server that answers as told, and keeps what it takes."""

    def __init__(self) -> None:
        self.answer = 204
        self.attempts = 0
        self.taken: list[dict[str, Any]] = []
        self.headers: dict[str, str] = {}

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        self.attempts += 1
        self.headers = dict(handler.headers)
        if self.answer < 300:
            self.taken.append(body)
        handler.send_response(self.answer)
        if 300 <= self.answer < 400:
            handler.send_header("Location", "/elsewhere")
        handler.send_header("Content-Length", "0")
        handler.end_headers()


@pytest.fixture
def hook() -> Hook:
    return Hook()


@pytest.fixture
def url(hook: Hook) -> Iterator[str]:
    with serving(hook) as url:
        yield url


@pytest.fixture
def notices() -> list[Text]:
    return []


@pytest.fixture
def act(notices: list[Text]) -> Iterator[Callable[[str], WebhookAction]]:
    made: list[WebhookAction] = []

    def make(url: str) -> WebhookAction:
        made.append(WebhookAction(url, notices.append, QUICK))
        return made[-1]

    yield make
    for action in made:
        action._worker.stopping.ask()
        action.close()
    wait_for(lambda: not threads())


def test_events_are_posted_in_order_as_json(
    hook: Hook, url: str, act: Callable[[str], WebhookAction], notices: list[Text]
) -> None:
    action = act(f"{url}/a%20b/火?key=火")
    events = [an_event("火警", number) for number in range(5)]
    for event in events:
        action.tell(event)
    action.close()
    assert hook.taken == [event.to_dict() for event in events]
    assert hook.headers["Content-Type"] == "application/json"
    assert notices == []


def test_a_name_and_a_password_are_sent_as_basic_authentication(
    hook: Hook, url: str, act: Callable[[str], WebhookAction]
) -> None:
    action = act(url.replace("//", "//me:s%40cret@"))
    action.tell(an_event())
    action.close()
    assert hook.headers["Authorization"] == "Basic " + base64.b64encode(b"me:s@cret").decode()


def test_a_server_that_answers_500_for_an_hour_holds_up_nothing_and_gets_the_latest(
    hook: Hook, url: str, act: Callable[[str], WebhookAction], notices: list[Text]
) -> None:
    hook.answer = 500
    action = act(f"{url}/hook?token=secret")
    began = time.monotonic()
    for number in range(1000):
        action.tell(an_event(number=number))
    assert time.monotonic() - began < 2.0
    wait_for(lambda: hook.attempts >= 30)
    # It is said once, and when events are given up, ever more seldom.
    assert any("(500 " in notice.en for notice in notices)
    assert sum("tried again and again" in notice.en for notice in notices) == 1
    given_up = [notice for notice in notices if "were given up" in notice.en]
    assert 9 <= len(given_up) <= 10
    assert not any("secret" in notice.en for notice in notices)
    hook.answer = 200
    wait_for(lambda: len(hook.taken) >= 100)
    # One that was on its way when the others were given up comes before the hundred.
    wait_for(lambda: hook.taken[-1]["number"] == 999)
    wait_for(lambda: any("takes events again" in notice.en for notice in notices))
    numbers = [event["number"] for event in hook.taken]
    assert numbers[-100:] == list(range(900, 1000))
    action.close()
    assert "never reached the webhook" in notices[-1].en


def test_what_is_refused_for_good_is_not_tried_again(
    hook: Hook, url: str, act: Callable[[str], WebhookAction], notices: list[Text]
) -> None:
    action = act(url)
    for answer in (400, 401, 307, 302):
        hook.answer, before = answer, hook.attempts
        action.tell(an_event())
        wait_for(lambda: notices and f"({hook.answer} " in notices[-1].en)
        assert hook.attempts == before + 1
        assert "refused" in notices[-1].en
    hook.answer = 429
    action.tell(an_event())
    wait_for(lambda: hook.attempts > 6)


def test_nobody_there_and_one_who_never_answers(
    act: Callable[[str], WebhookAction], notices: list[Text], monkeypatch: pytest.MonkeyPatch
) -> None:
    act("http://127.0.0.1:9/").tell(an_event())
    wait_for(lambda: notices)
    assert "refused" in notices[0].en  # the connection
    assert "tried again" in notices[0].en
    monkeypatch.setattr("anysound.live.actions.webhook._PATIENCE", 0.2)
    done = threading.Event()
    with serving(lambda _: done.wait(PATIENCE)) as url:
        act(url).tell(an_event())
        wait_for(lambda: any("timed out" in notice.en for notice in notices))
        done.set()


def test_closing_waits_for_a_moment_only_and_says_what_was_not_sent(
    hook: Hook, url: str, notices: list[Text], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anysound.live.actions.webhook._LAST_WORDS", 0.3)
    hook.answer = 503
    action = WebhookAction(url, notices.append, Backoff(first=600, most=600))
    for number in range(3):
        action.tell(an_event(number=number))
    began = time.monotonic()
    action.close()
    assert time.monotonic() - began < 5
    assert "3 events never reached" in notices[-1].en
    wait_for(lambda: not threads())


def test_what_is_no_url() -> None:
    for url in ("example.org", "ftp://example.org/", "http://", "http://a:b:c/", "http://a b/"):
        with pytest.raises(UsageError, match="no URL of a web server"):
            WebhookAction(url, print)
    assert not threads()
