"""The tabs' parts that need no browser: files, lessons, models, clips."""

import asyncio
import io
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from anysound.audio import Recording
from anysound.classifier import Classifier
from anysound.errors import AnysoundError, LabelError, ModelError, RecordingError, UsageError
from anysound.labels import parse_labels, read_labels
from anysound.language import Language, Text, use
from anysound.server import ServerOptions
from anysound.server.app import create_app
from anysound.server.listener import Upload
from anysound.server.page.clips import Clips
from anysound.server.page.downloads import download_link, events_file
from anysound.server.page.lessons import Sent, label_file, learn, sent_examples
from anysound.server.page.model_cards import Progress, Pulled, cards_view
from anysound.server.page.tabs import models as models_module
from anysound.server.page.tabs.models import Downloads
from anysound.server.page.teach_view import teaching_view
from anysound.sounds import EXAMPLES, LABELS, example_wav
from anysound.timeline import Event
from tests.fakes import RATE, FakeModel, tone, wav_file
from tests.server.making import LOCAL, wav_tone

MODEL, OTHER = "laion/clap-htsat-fused", "laion/larger_clap_general"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_model_hears_what_is_offered_to_try(language: Language) -> None:
    classifier = Classifier("bundled")
    with use(language):
        names = [label.name for label in parse_labels(str(LABELS))]
        for name, right in zip(("alarm", "doorbell", "siren"), names, strict=False):
            result = classifier.classify(example_wav(name), str(LABELS))
            assert (result.verdict, result.label) == ("match", right)
        heard = [event.label for event in classifier.timeline(example_wav("street"), str(LABELS))]
        assert heard == [names[1], names[2], names[0]]


def test_examples_are_sound() -> None:
    for name in EXAMPLES:
        with wave.open(io.BytesIO(example_wav(name))) as file:
            assert file.getnchannels() == 1
            assert 3 < file.getnframes() / file.getframerate() < 40


def test_files_are_held_in_links() -> None:
    link = download_link(Text("Save", "保存"), '"<b>.csv', b"a,b")
    assert 'download="&quot;&lt;b&gt;.csv"' in link
    assert 'href="data:text/csv;base64,YSxi"' in link
    events = [Event("a.wav", "=1+1", 1.0, 2.5, 0.5)]
    assert events_file(".txt", events) == b"1.000000\t2.500000\t=1+1\n"
    assert "'=1+1" in events_file(".csv", events).decode("utf-8-sig")


@pytest.fixture
def client() -> TestClient:
    return TestClient(create_app(Classifier(FakeModel()), ServerOptions()), base_url=LOCAL)


def test_tables_are_those_of_a_batch(client: TestClient) -> None:
    answer = client.post(
        "/v1/classify",
        files={"file": ("a.wav", wav_tone(1000, 2.0))},
        data={"labels": "mid=1000 Hz, high=4000 Hz"},
    ).json()
    rows = [{"recording": "=a.wav", "answer": answer}, {"recording": "b", "error": "no sound"}]
    table = client.post("/page/table", json={"format": "csv", "rows": rows})
    assert table.headers["content-type"].startswith("text/csv")
    head, first, second = table.content.decode("utf-8-sig").splitlines()
    assert head.startswith("recording,label,probability,verdict,runner_up")
    assert first.startswith("./=a.wav,mid,")
    assert ",1000 Hz," in first
    assert second == "b,,,,,,,,no sound,,,"
    workbook = client.post("/page/table", json={"format": "xlsx", "rows": rows})
    assert workbook.content.startswith(b"PK")


@pytest.mark.parametrize(
    "sent",
    [
        {"format": "parquet", "rows": []},
        {"format": "csv", "rows": [{"recording": "a", "answer": {"label": "x"}}]},
        {"format": "csv"},
        [],
    ],
)
def test_other_tables_are_refused(client: TestClient, sent: Any) -> None:
    assert client.post("/page/table", json=sent).status_code == 422


def test_only_what_there_is_can_be_fetched(client: TestClient) -> None:
    assert client.get("/page/examples/alarm").headers["content-type"] == "audio/wav"
    for path in ("examples/none", "examples/..%2f..%2fetc%2fpasswd", "clips/none"):
        assert client.get(f"/page/{path}").status_code == 404


def test_label_sets_as_yaml(client: TestClient) -> None:
    line = "哨声=whistle|!steam *2, 狗叫"
    content = client.post("/page/labels.yaml", data={"labels": line}).text
    path = Path("labels.yaml")
    assert content.startswith("labels:\n- name: 哨声\n")
    import yaml

    assert read_labels(yaml.safe_load(content)["labels"]) == parse_labels(line)
    assert path.exists() is False
    assert client.post("/page/labels.yaml", data={"labels": "=x"}).status_code == 422


def test_clips_have_names_that_nobody_can_guess(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav_file(tone(1000, 4.0)))
    clips = Clips()
    name = clips.add(path, 1.0, 2.0)
    content, kind = clips.cut(name) or (b"", "")
    assert kind == "audio/wav"
    with wave.open(io.BytesIO(content)) as file:
        assert file.getnframes() == 2 * RATE
    assert clips.cut(str(path)) is None
    path.unlink()
    with pytest.raises(RecordingError):
        clips.cut(name)
    for _ in range(2000):
        clips.add(path, 0.0, 1.0)
    assert clips.cut(name) is None  # forgotten


def sent(label: str | None, frequency: float, count: int = 3) -> tuple[Sent, list[Recording]]:
    files = tuple(Upload(f"{number}.wav", io.BytesIO()) for number in range(count))
    return Sent(label, files), [(tone(frequency + 5 * each, 2.0), RATE) for each in range(count)]


def lesson(*given: tuple[Sent, list[Recording]]) -> tuple[list[Sent], list[Recording]]:
    return [each for each, _ in given], [recording for _, some in given for recording in some]


def nothing(done: int, total: int) -> None: ...


@pytest.fixture(autouse=True)
def _uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "uploads").mkdir()
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))


def test_examples_teach(tmp_path: Path) -> None:
    given, recordings = lesson(
        sent("squeal=250 Hz", 4000), sent("hum=250 Hz", 250), sent(None, 1000)
    )
    teaching = learn(given, nothing, Classifier(FakeModel()), recordings)
    assert [(each.name, each.recordings) for each in teaching.by_label] == [
        *(("squeal", 3), ("hum", 3)),
    ]
    assert teaching.background == 3
    assert b"name: squeal" in label_file(teaching)
    for language, words in (("en", "Words alone"), ("zh", "只用文字")):
        with use(language):
            assert words in teaching_view(teaching)
    assert [*(tmp_path / "uploads").rglob("*")] == []


def test_what_cannot_be_heard_is_left_out() -> None:
    given, recordings = lesson(sent("a=250 Hz", 250), sent("b=4000 Hz", 4000))
    recordings[1] = b"no sound"
    recordings[2] = (np.zeros(RATE * 400, np.float32), RATE)
    teaching = learn(given, nothing, Classifier(FakeModel()), recordings)
    assert len(teaching.failed) == 2
    assert "300 s" in teaching.failed[1].en
    assert teaching.by_label[0].recordings == 1


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (lesson(), UsageError),
        (lesson(sent("a", 250)), UsageError),
        (lesson(sent(None, 250), sent(None, 500)), UsageError),
        (lesson(sent("a, b", 250), sent("c", 500)), LabelError),
        (lesson(sent("a", 250, 21), sent("c", 500)), UsageError),
        (lesson(sent("a", 250), sent("a", 500)), UsageError),
    ],
)
def test_what_teaches_nothing(
    given: tuple[list[Sent], Sequence[Recording]], error: type[AnysoundError]
) -> None:
    with pytest.raises(error):
        learn(given[0], nothing, Classifier(FakeModel()), given[1])


def test_only_uploads_are_examples(tmp_path: Path) -> None:
    secret = tmp_path / "secret.wav"
    secret.write_bytes(b"x")
    upload = tmp_path / "uploads" / "1" / "a"
    upload.parent.mkdir()
    upload.write_bytes(b"x")
    files = [{"path": str(path), "name": "a.wav"} for path in (secret, upload)]
    with sent_examples([{"label": "a", "files": files}]) as examples:
        assert [len(each.files) for each in examples] == [1]
    assert secret.exists()
    assert not upload.exists()


def test_models_are_shown() -> None:
    bundled = Classifier("bundled").model.info
    with use("en"):
        view = cards_view(bundled, may_pull=False)
        assert "561 kinds of sound" in view
        assert "dog barking" in view
        assert "data-pull" not in view
        assert 'data-copy="anysound models pull laion/clap-htsat-fused"' in view
        assert 'data-pull="laion/clap-htsat-fused"' in cards_view(bundled, may_pull=True)
        progress = Progress("a/b", Text("Fetching", "下载"), 5_000_000, 10_000_000)
        assert "5 / 10 MB" in cards_view(bundled, True, progress)
        assert "data-pull" not in cards_view(bundled, True, progress)
        assert "anysound serve --model a/b" in cards_view(bundled, True, Pulled("a/b"))
        problem = Pulled("a/b", Text("<b>", "<b>"))
        assert "&lt;b&gt;" in cards_view(bundled, True, problem)
    with use("zh"):
        assert "狗叫声" in cards_view(bundled, may_pull=False)


def test_a_download_is_told_and_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Pull:
        def __init__(self, name: str, on_progress: Any) -> None:
            asked.append(name)
            on_progress(Text("Fetching", "下载"), 1, 2)

        def wait(self) -> None:
            if asked[-1] == OTHER:
                raise ModelError(Text("not there", "没有"))

    monkeypatch.setattr(models_module, "ApartPull", Pull)

    async def watch(downloads: Downloads, name: str) -> list[Any]:
        return [news async for news in downloads.watch(name)]

    async def both() -> list[list[Any]]:
        downloads = Downloads()
        return [
            *await asyncio.gather(watch(downloads, MODEL), watch(downloads, MODEL)),
            await watch(downloads, OTHER),
        ]

    first, second, failed = asyncio.run(both())
    assert asked == [MODEL, OTHER]
    assert first[-1] == second[-1] == Pulled(MODEL)
    assert isinstance(first[0], Progress)
    assert failed[-1] == Pulled(OTHER, Text("not there", "没有"))


def test_nothing_but_listed_models_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name may be a path, which nobody on the page may have opened."""
    asked: list[str] = []

    class Pull:
        def __init__(self, name: str, on_progress: Any) -> None:
            asked.append(name)

        def wait(self) -> None:
            pass

    monkeypatch.setattr(models_module, "ApartPull", Pull)
    listed = [each.id for each in models_module.FAMILY]

    async def ask() -> None:
        downloads = Downloads()
        for name in ("/etc", "laion/other", None, ["a"], *listed):
            assert [each async for each in downloads.watch(name)] or name not in listed

    asyncio.run(ask())
    assert asked == listed
