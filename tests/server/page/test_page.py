"""The page's parts that need no browser."""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import pytest
from fastapi.testclient import TestClient

from anysound.classifier import Classifier
from anysound.language import Language, Text, use
from anysound.results import Classification, Score
from anysound.scoring import GroupScore
from anysound.server import ServerOptions
from anysound.server.app import create_app
from anysound.server.page import texts
from anysound.server.page.chart import empty_view, problem_view, result_view
from anysound.server.page.recording_input import delete, sent_file, words
from tests.fakes import FakeModel
from tests.server.making import LOCAL

HOSTILE = '<img src=x onerror="alert(1)">&\''
ESCAPED = "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#x27;"


def classification(**changes: Any) -> Classification:
    facts: dict[str, Any] = {
        "recording": "kitchen.wav",
        "duration": 12.5,
        "model": "fake",
        "revision": "r1",
        "precision": "fp32",
        "verdict": "match",
        "label": "dog",
        "probability": 0.875,
        "margin": 0.75,
        "needed": 0.2,
        "scores": (Score("dog", 0.875, 0.42, ("dog",)), Score("狗", 0.125, -0.1, ("a", "b"))),
        "analysed": ((0.0, 10.0), (11.0, 12.5)),
    }
    return Classification(**{**facts, **changes})


def test_result_shows_every_number() -> None:
    with use("en"):
        view = result_view(classification(hint=Text("small model", "小模型")))
    for shown in (
        *("87.5%", "12.5%", "similarity 0.42", "similarity −0.10", "heard as a | b"),
        *("kitchen.wav (12.50 s)", "0.00–10.00 s, 11.00–12.50 s", "fake · r1 · fp32"),
        *("small model", "width:87.50%"),
    ):
        assert shown in view


@pytest.mark.parametrize(
    ("verdict", "language", "words"),
    [
        ("match", "en", "Match"),
        ("ambiguous", "en", "<b>dog</b> or <b>狗</b>"),
        ("none", "en", "No good match"),
        ("match", "zh", "匹配"),
        ("ambiguous", "zh", "<b>dog</b> 还是 <b>狗</b>"),
        ("none", "zh", "没有匹配"),
    ],
)
def test_verdict_in_words(verdict: str, language: Language, words: str) -> None:
    with use(language):
        assert words in result_view(classification(verdict=verdict))


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", ("looked for in 11.50–12.50 s", "heard as a", "lowered by fan | hum", "Groups")),
        ("zh", ("识别时段 11.50–12.50 s", "按此识别 a", "得分已降低，也像 fan | hum", "分组合计")),
    ],
)
def test_where_and_by_what_a_label_was_judged(language: Language, shown: tuple[str, ...]) -> None:
    result = classification(
        scores=(
            Score("dog", 0.875, None, ("a",), (11.5, 12.5), ("fan", "hum")),
            Score("狗", 0.125, 0.1, ("狗",)),
        ),
        groups=(GroupScore("pets", 0.75, ("dog", "狗")),),
    )
    with use(language):
        view = result_view(result)
        assert f"{texts.SIMILARITY} –<" in view
    for each in (*shown, "pets <b>75.0%</b>"):
        assert each in view


def test_without_places_and_groups_nothing_is_said_of_them() -> None:
    with use("en"):
        view = result_view(classification())
    for each in (texts.LOOKED_FOR_IN, texts.LOWERED_BY, texts.GROUPS):
        assert str(each) not in view


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "The group is clear: pets."), ("zh", "可以确定属于“pets”这一组")],
)
def test_a_clear_group_is_said_to_be(language: Language, said: str) -> None:
    with use(language):
        view = result_view(classification(verdict="ambiguous", clear_group="pets"))
    assert said in view
    assert "<b>dog</b>" in view


def test_nothing_from_outside_is_html() -> None:
    hostile = classification(
        recording=HOSTILE,
        scores=(Score(HOSTILE, 1.0, 0.5, (HOSTILE, "x"), (0.0, 1.0), (HOSTILE,)),) * 2,
        groups=(GroupScore(HOSTILE, 1.0, (HOSTILE,)),),
        clear_group=HOSTILE,
        warnings=(Text(HOSTILE, HOSTILE),),
        hint=Text(HOSTILE, HOSTILE),
    )
    for view in (result_view(hostile), problem_view(Text(HOSTILE + "\n" + HOSTILE, ""))):
        assert "<img" not in view
        assert ESCAPED in view


def _modules(package: ModuleType) -> list[str]:
    return [f"{package.__name__}.{each.name}" for each in iter_modules(package.__path__)]


def test_every_word_is_in_both_languages() -> None:
    found = 0
    for module in [texts, *map(import_module, _modules(texts))]:
        for name, value in vars(module).items():
            for text in value.values() if isinstance(value, dict) else [value]:
                if isinstance(text, Text):
                    found += 1
                    assert text.en.strip(), name
                    is_chinese = any("\u4e00" <= each <= "\u9fff" for each in text.zh)
                    assert is_chinese or not any(map(str.isalpha, text.zh)), name
    assert found > 200
    views = []
    for language in ("en", "zh"):
        with use(language):
            views.append(empty_view() + str(words(50 << 20)))
    assert "up to 50 MB" in views[0]
    assert "最大 50 MB" in views[1]


def test_only_sent_files_are_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(uploads))
    secret = tmp_path / "secret.wav"
    secret.write_bytes(b"x")
    (uploads / "link").symlink_to(secret)
    (uploads / "sent").mkdir()
    sent = uploads / "sent" / "a"
    sent.write_bytes(b"x")
    assert sent_file({"path": str(sent)}) == sent.resolve()
    for path in (secret, uploads / ".." / "secret.wav", uploads / "link", uploads, uploads / "no"):
        assert sent_file({"path": str(path)}) is None
    for value in (None, str(sent), {}, {"path": 1}, [str(sent)], {"path": "http://127.0.0.1/a"}):
        assert sent_file(value) is None
    delete(sent)
    assert not sent.parent.exists()


def test_gradio_copies_no_file_that_an_event_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads = tmp_path / "uploads"
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(uploads))
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    named = {"path": str(secret), "meta": {"_type": "gradio.FileData"}}
    with TestClient(
        create_app(Classifier(FakeModel()), ServerOptions()),
        base_url=LOCAL,
        raise_server_exceptions=False,
    ) as client:
        events = client.get("/config").json()["dependencies"]
        switch = next(event for event in events if event["targets"][0][1] == "input")
        rest: list[None] = [None] * (len(switch["inputs"]) - 2)
        for data in (["en", "dog", *rest], ["en", named, *rest]):
            answer = client.post(
                "/gradio_api/run/predict",
                json={"data": data, "fn_index": switch["id"], "session_hash": "s"},
            )
            assert answer.is_success == (data[1] == "dog")
    assert not [path for path in uploads.rglob("*") if path.is_file()]


def test_page_names_no_other_host() -> None:
    with TestClient(create_app(Classifier(FakeModel()), ServerOptions()), base_url=LOCAL) as client:
        theme = client.get("/theme.css").text
        config = client.get("/config").json()
    assert "url(http" not in theme
    assert "@import" not in theme
    assert config["stylesheets"] == []
    assert config["analytics_enabled"] is False
    assert config["footer_links"] == []
    assert config["max_file_size"] == 50 * 1024 * 1024
