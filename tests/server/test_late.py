"""A part that is not waited for: others answer meanwhile, and it answers once it is there."""

import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from anysound.server.late import Late, import_anew
from tests.patience import PATIENCE


def make(lived: list[str]) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        lived.append("begun")
        yield
        lived.append("over")

    app = FastAPI(lifespan=lifespan)

    @app.get("/")
    async def there() -> str:
        return "there"

    return app


def around(late: Late) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with late.started():
            yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/others")
    async def others() -> str:
        return "others"

    app.mount("/", late)
    return app


def test_others_answer_while_it_is_made() -> None:
    may_begin, lived = threading.Event(), list[str]()

    def slowly() -> FastAPI:
        assert may_begin.wait(PATIENCE)
        return make(lived)

    with TestClient(around(Late(slowly))) as client:
        answers: list[str] = []
        asking = threading.Thread(target=lambda: answers.append(client.get("/").json()))
        asking.start()
        assert client.get("/others").json() == "others"
        assert answers == []
        may_begin.set()
        asking.join(PATIENCE)
        assert answers == ["there"]
        assert lived == ["begun"]
    assert lived == ["begun", "over"]


def test_one_that_cannot_be_made_leaves_the_others() -> None:
    def broken() -> FastAPI:
        raise ZeroDivisionError

    with TestClient(around(Late(broken)), raise_server_exceptions=False) as client:
        assert client.get("/").status_code == 500
        assert client.get("/others").json() == "others"


def test_an_import_that_the_interpreter_spoilt_is_begun_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "spoilt_once"
    package.mkdir()
    (package / "part.py").write_text("")
    (package / "__init__.py").write_text(
        "import sys\nfrom spoilt_once import part\n"
        "sys.tries += 1\n"
        "if sys.tries == 1: raise SystemError('AST constructor recursion depth mismatch')\n"
        "is_whole = hasattr(sys.modules['spoilt_once'], 'part')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "tries", 0, raising=False)
    import_anew("spoilt_once")
    assert sys.modules.pop("spoilt_once").is_whole
    sys.modules.pop("spoilt_once.part")


def test_made_when_it_is_asked_if_it_was_not_started() -> None:
    assert TestClient(Late(lambda: make([]))).get("/").json() == "there"


@pytest.mark.parametrize("asked", [False, True])
def test_ends_with_the_server(asked: bool) -> None:
    lived: list[str] = []
    with TestClient(around(Late(lambda: make(lived)))) as client:
        if asked:
            client.get("/")
    assert lived == ["begun", "over"]
