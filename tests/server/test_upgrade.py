"""A server that answers with one model while another is fetched, and with that one from then on."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any, get_args

import httpx
import pytest
from fastapi.testclient import TestClient

from anysound.classifier import Classifier
from anysound.errors import UsageError
from anysound.language import Text, use
from anysound.models.store import Store, pull
from anysound.server import Secrets, ServerOptions
from anysound.server.app import create_app
from anysound.server.upgrade import Pauses, Progress, State, Upgrade, first_model
from tests.fakes import FakeModel
from tests.models.clap.tiny import write_tiny_checkpoint
from tests.models.hub import Fault, LocalHub
from tests.patience import PATIENCE, until
from tests.server.making import wav_tone

ID = "laion/clap-htsat-fused"
WEIGHTS = "model.safetensors"
SOON = Pauses(first=0.2, most=0.4)
NAMES = ("testserver",)  # as the test client asks for
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repos")
    write_tiny_checkpoint(folder / ID)
    return folder


@pytest.fixture
def hub(checkpoints: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalHub]:
    for name in ("HF_TOKEN", "HF_HUB_OFFLINE", "ANYSOUND_MODEL", "ANYSOUND_SHARED_MODELS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("ANYSOUND_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("ANYSOUND_LANG", "en")
    with LocalHub(checkpoints) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield hub


@contextmanager
def serving(options: ServerOptions | None = None) -> Iterator[TestClient]:
    options = options or ServerOptions(upgrade_to=ID, host_names=NAMES)
    app = create_app(Classifier(FakeModel()), options, Upgrade(ID, options, SOON))
    with TestClient(app) as client:
        yield client


def told(client: TestClient, language: str = "en") -> dict[str, Any]:
    response = client.get("/readyz", headers={"accept-language": language})
    upgrade = response.json().get("upgrade", {"state": ""}) if response.status_code == 200 else {}
    return {"state": "", **upgrade}


def wait_for(client: TestClient, state: str) -> dict[str, Any]:
    return until(lambda: (now := told(client))["state"] == state and now)


def model_of(client: TestClient) -> str:
    asked = client.post(
        "/v1/classify",
        files={"file": ("a.wav", wav_tone(1000))},
        data={"labels": "dog barking, rain"},
    )
    assert asked.status_code == 200, asked.text
    return str(asked.json()["model"])


@pytest.mark.slow
def test_another_model_takes_over_under_load(hub: LocalHub) -> None:
    hub.misbehave(WEIGHTS, Fault(rate=500_000))
    with serving() as client:
        assert 'id="fake"' in client.get("/metrics").text
        wait_for(client, "fetching")
        assert model_of(client) == "fake"
        is_over = Event()

        def ask_on() -> list[str]:
            models = []
            while not is_over.is_set():
                models.append(model_of(client))
            return [*models, model_of(client)]

        with ThreadPoolExecutor(3) as threads:
            asking = [threads.submit(ask_on) for _ in range(3)]
            bytes_told = until(lambda: told(client).get("done"))
            assert 0 < bytes_told <= told(client).get("total", bytes_told)
            wait_for(client, "done")
            is_over.set()
            answers = [each.result() for each in asking]
        for models in answers:
            assert models == sorted(models, key=("fake", ID).index)  # never back again
            assert (models[0], models[-1]) == ("fake", ID)
        assert client.get("/v1/models").json()["answering"]["id"] == ID
        assert client.get("/healthz").json()["model"]["id"] == ID
        metrics = client.get("/metrics").text
        assert f'id="{ID}"' in metrics
        assert 'id="fake"' not in metrics
    assert len(Store().installed()) == 1


def test_what_has_begun_ends_with_the_model_that_it_began_with() -> None:
    class Other(FakeModel):
        info = FakeModel.info.__class__(**{**vars(FakeModel.info), "id": "other"})

    class ByHand(Upgrade):
        def begin(self, switch: Any) -> Any:
            self.switch = switch

    options = ServerOptions(host_names=NAMES)
    upgrade = ByHand("other", options)
    with TestClient(create_app(Classifier(FakeModel()), options, upgrade)) as client:
        with client.websocket_connect("/v1/listen") as before:
            before.send_json({"labels": "1000 Hz", "rate": 16000})
            assert before.receive_json()["model"] == "fake"
            upgrade.switch(Classifier(Other()))
            before.send_bytes(bytes(2 * 32_000))
            before.send_json({"kind": "end"})
            kinds = [before.receive_json()["kind"]]
            while kinds[-1] != "end":
                kinds.append(before.receive_json()["kind"])
            assert "moment" in kinds
        with client.websocket_connect("/v1/listen") as after:
            after.send_json({"labels": "1000 Hz", "rate": 16000})
            assert after.receive_json()["model"] == "other"
        assert client.get("/healthz").json()["model"]["id"] == "other"


def test_counts_of_phrases_never_fall() -> None:
    class ByHand(Upgrade):
        def begin(self, switch: Any) -> Any:
            self.switch = switch

    def figure(client: TestClient, name: str) -> float:
        lines = client.get("/metrics").text.splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))

    options = ServerOptions(host_names=NAMES)
    upgrade = ByHand("other", options)
    app = create_app(Classifier(FakeModel()), options, upgrade)
    with TestClient(app) as client:
        model_of(client)
        before = figure(client, "anysound_text_cache_misses_total")
        upgrade.switch(Classifier(FakeModel()))
        assert figure(client, "anysound_text_cache_misses_total") >= before > 0
        model_of(client)
        assert figure(client, "anysound_text_cache_misses_total") > before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("where", "faults", "why"),
    [
        ("*", [Fault(drop=True)], "127.0.0.1"),
        (WEIGHTS, [Fault(truncate=60_000, times=1), Fault(drop=True)], "127.0.0.1"),
        (WEIGHTS, [Fault(flip=1000)], "checksum"),
        ("api", [Fault(status=404)], ID),
    ],
    ids=["away", "dies-half-way", "alters", "has-none"],
)
def test_a_hub_in_trouble_is_told_of_and_asked_again(
    hub: LocalHub, where: str, faults: list[Fault], why: str
) -> None:
    for fault in faults:
        hub.misbehave(where, fault)
    with serving() as client:
        now = wait_for(client, "waiting")
        assert why in now["problem"]
        assert now["tries"] >= 1
        assert model_of(client) == "fake"
        assert Store().installed() == ()
        page = client.get("/page/upgrade", headers={"accept-language": "zh"}).json()
        assert page["state"] in ("waiting", "fetching")
        assert "自带的小模型" in page["title"]
        hub.behave()
        wait_for(client, "done")
        assert model_of(client) == ID
    if why != "checksum":  # what was altered is fetched anew, and nothing else
        assert hub.sent(WEIGHTS) == (hub.folder / ID / WEIGHTS).stat().st_size


@pytest.mark.slow
def test_a_full_disk_is_told_of(hub: LocalHub, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(home)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small disk can't be mounted here")
    try:
        with serving() as client:
            assert "not enough space" in wait_for(client, "waiting")["problem"]
            assert model_of(client) == "fake"
    finally:
        subprocess.run(["umount", "--lazy", str(home)], check=True)


@pytest.mark.slow
def test_a_server_that_is_killed_goes_on_where_it_was(hub: LocalHub, tmp_path: Path) -> None:
    size = (hub.folder / ID / WEIGHTS).stat().st_size
    hub.misbehave(WEIGHTS, Fault(rate=200_000))
    with started(tmp_path, "--upgrade-to", ID) as (process, address):
        hub.wait_until_sent(WEIGHTS, size // 3, PATIENCE)
        assert httpx.get(f"{address}/healthz", timeout=PATIENCE).json()["model"]["id"] == "bundled"
        process.kill()
    part = next((Store().downloads).rglob("*.part"))
    before = -1
    while part.stat().st_size != before:  # the process that fetches ends with the server
        before = part.stat().st_size
        time.sleep(1.0)
    assert 0 < before < size
    hub.behave()
    hub.requests.clear()
    with started(tmp_path, "--upgrade-to", ID) as (process, address):
        until(lambda: httpx.get(f"{address}/healthz", timeout=PATIENCE).json()["model"]["id"] == ID)
    assert hub.sent(WEIGHTS) == size - before
    hub.misbehave("*", Fault(drop=True))
    hub.requests.clear()
    with started(tmp_path, "--upgrade-to", ID) as (process, address):
        assert httpx.get(f"{address}/healthz", timeout=PATIENCE).json()["model"]["id"] == ID
    assert hub.requests == []


@contextmanager
def started(folder: Path, *arguments: str) -> "Iterator[tuple[subprocess.Popen[str], str]]":
    """Start the command in a process; yields it, and the server's address."""
    errors = (folder / "errors.txt").open("a")
    process = subprocess.Popen(
        [sys.executable, "-m", "anysound", "serve", "--port", "0", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[3]
        until(lambda: _is_up(address))
        yield process, address
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)
        errors.close()


def _is_up(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz", timeout=PATIENCE).status_code == 200
    except httpx.HTTPError:
        return False


def test_a_model_that_is_installed_answers_from_the_start(hub: LocalHub) -> None:
    pull(ID)
    model, full = first_model(ServerOptions(upgrade_to=ID))
    assert (model.info.id, full) == (ID, None)


@pytest.mark.parametrize(
    ("named", "environment", "full"),
    [
        (None, None, ID),
        (None, "laion/larger_clap_general", "laion/larger_clap_general"),
        ("laion/larger_clap_general", "bundled", "laion/larger_clap_general"),
        (None, "bundled", None),
        ("bundled", None, None),
    ],
)
def test_which_model_takes_over(
    hub: LocalHub,
    monkeypatch: pytest.MonkeyPatch,
    named: str | None,
    environment: str | None,
    full: str | None,
) -> None:
    if environment:
        monkeypatch.setenv("ANYSOUND_MODEL", environment)
    model, wanted = first_model(ServerOptions(model=named, upgrade_to=ID))
    assert (model.info.id, wanted) == ("bundled", full)
    assert hub.requests == []


def test_an_index_knows_one_model_only(hub: LocalHub) -> None:
    with pytest.raises(UsageError, match="--model"):
        first_model(ServerOptions(upgrade_to=ID, index="archive"))
    assert first_model(ServerOptions(upgrade_to=ID, index="archive", model="bundled"))[1] is None


def test_reasons_are_not_told_to_those_who_are_not_let_in() -> None:
    problem = Text(en="/secret/folder is full", zh="/secret/folder 已满")

    class Stuck(Upgrade):
        def begin(self, switch: Any) -> Any:
            self.progress = Progress(ID, "waiting", problem=problem, tries=1, pause=30.0)

    for secrets, is_told in ((Secrets(), True), (Secrets(token="x"), False)):
        options = ServerOptions(secrets=secrets, host_names=NAMES)
        app = create_app(Classifier(FakeModel()), options, Stuck(ID, options))
        with TestClient(app) as client:
            until(lambda client=client: client.get("/readyz").status_code == 200)
            assert ("/secret" in client.get("/readyz").text) == is_told
            assert client.get("/page/upgrade").status_code == (200 if is_told else 401)


@pytest.mark.parametrize("name", ["docker.md", "docker.zh-CN.md"])
def test_the_docs_show_what_is_told(name: str) -> None:
    text = (ROOT / "docs" / name).read_text("utf-8")
    (shown,) = re.findall(r"```json\n(.*?)```", text, re.S)
    upgrade = json.loads(shown)["upgrade"]
    step = Text(en="downloading model.safetensors", zh="正在下载 model.safetensors")
    progress = Progress(ID, "fetching", step, upgrade["done"], upgrade["total"])
    with use("zh" if "zh" in name else "en"):
        assert progress.to_dict(with_reasons=True) == upgrade
    for state in get_args(State):
        assert f"| `{state}` |" in text


def test_pauses_grow_up_to_a_bound() -> None:
    pauses = Pauses(first=30, most=900)
    assert [pauses.after(tries) for tries in (1, 2, 3, 6, 1000)] == [30, 60, 120, 900, 900]
