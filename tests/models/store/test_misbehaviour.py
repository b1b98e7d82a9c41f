"""What goes wrong between here and a hub: one clear message each, and nothing half-written."""

import errno
import os
import shutil
import socket
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from anysound.errors import ModelError
from anysound.language import Text
from anysound.models.store import Hub, Installed, PullOptions, Store, pull
from tests.models.hub import Fault, LocalHub
from tests.models.store.making import ID, build, options, tree, write_checkpoint

WEIGHTS = "model.safetensors"
SIZE = 300_000


@pytest.fixture
def earlier(hub: LocalHub, store: Store) -> Installed:
    """A model that was installed before; the hub has a newer revision since."""
    model = pull(ID, store, options(hub))
    write_checkpoint(hub.folder / ID, seed=1)
    for name, bits in (("config.json", " "), ("tokenizer.json", " ")):
        with (hub.folder / ID / name).open("a") as file:
            file.write(bits)
    hub.requests.clear()
    return model


def refused(store: Store, name: str, how: PullOptions, en: str, zh: str) -> None:
    """See that a pull says what is wrong and leaves the models as they are."""
    before = tree(store.models)
    with pytest.raises(ModelError) as caught:
        pull(name, store, how)
    assert en in caught.value.text.en
    assert zh in caught.value.text.zh
    assert "\n" not in caught.value.text.en
    assert tree(store.models) == before


@pytest.mark.parametrize(
    ("where", "fault", "en", "zh"),
    [
        ("api", Fault(status=404), "has no model 'laion/clap-small'", "没有模型"),
        ("api", Fault(status=401, code="RepoNotFound"), "or it is private", "HF_TOKEN"),
        (
            "api",
            Fault(status=401, message="Invalid credentials in Authorization header"),
            "refuses your access token",
            "拒绝了您的访问令牌",
        ),
        ("api", Fault(status=403), "Accept its terms", "使用条款"),
        ("api", Fault(status=500), "answered with status 500", "状态码 500"),
        ("api", Fault(status=429), "answered with status 429", "状态码 429"),
        ("api", Fault(status=418), "answered with status 418", "状态码 418"),
        ("api", Fault(body=b"<html>Log in"), "not what a hub answers", "不是模型仓库的应答"),
        ("api", Fault(body=b"{}"), "not what a hub answers", "不是模型仓库的应答"),
        ("api", Fault(body=b"[]"), "not what a hub answers", "不是模型仓库的应答"),
        (
            "api",
            Fault(body=b'{"id": "a/b", "sha": "../../etc", "siblings": []}'),
            "not what a hub answers",
            "不是模型仓库的应答",
        ),
        ("api", Fault(drop=True), "can't be reached", "HF_ENDPOINT"),
        ("api", Fault(hang=True), "gave no answer for 0.3 s", "没有响应"),
        ("config.json", Fault(status=404), "lists config.json", "没有该文件"),
        (WEIGHTS, Fault(status=404), "lists model.safetensors", "没有该文件"),
        (WEIGHTS, Fault(status=403, code="GatedRepo"), "Accept its terms", "使用条款"),
        (WEIGHTS, Fault(status=503), "answered with status 503", "状态码 503"),
        (WEIGHTS, Fault(drop=True), "broke off", "连接中断"),
        (WEIGHTS, Fault(truncate=1000), "broke off", "连接中断"),
        (WEIGHTS, Fault(hang=True), "gave no answer for 0.3 s", "没有响应"),
        (WEIGHTS, Fault(rate=1), "gave no answer for 0.3 s", "没有响应"),
        (WEIGHTS, Fault(flip=200_000), "was altered", "被改动"),
        ("tokenizer.json", Fault(flip=3), "was altered", "被改动"),
        (WEIGHTS, Fault(body=b"<html>Log in"), "not what a hub answers", "不是模型仓库的应答"),
    ],
    ids=lambda value: (
        ",".join(f"{k}={v}" for k, v in vars(value).items() if v)[:40]
        if isinstance(value, Fault)
        else None
    ),
)
def test_a_hub_that_misbehaves(
    hub: LocalHub, store: Store, earlier: Installed, where: str, fault: Fault, en: str, zh: str
) -> None:
    hub.misbehave(where, fault)
    refused(store, ID, options(hub, timeout=0.3), en, zh)
    assert store.find(ID) == earlier
    assert store.check(earlier) == ()
    hub.behave()
    newer = pull(ID, store, options(hub))
    assert store.find(ID) == newer != earlier
    assert store.check(newer) == ()
    assert tree(store.downloads) == []


def test_a_passing_fault_is_not_even_noticed(hub: LocalHub, store: Store) -> None:
    for where in ("api", "tokenizer.json", WEIGHTS):
        hub.misbehave(where, Fault(status=502, times=1))
    assert store.check(pull(ID, store, options(hub))) == ()


def test_an_altered_file_is_fetched_anew(hub: LocalHub, store: Store) -> None:
    hub.misbehave(WEIGHTS, Fault(flip=200_000))
    refused(store, ID, options(hub), "It was deleted", "文件已删除")
    assert not any(WEIGHTS in path for path in tree(store.downloads))
    hub.behave()
    hub.requests.clear()
    pull(ID, store, options(hub))
    assert hub.requests[-1].start == 0
    assert hub.sent(WEIGHTS) == SIZE


def test_a_login_page_does_not_cost_what_was_fetched(hub: LocalHub, store: Store) -> None:
    hub.misbehave(WEIGHTS, Fault(truncate=SIZE // 2, times=1))
    hub.misbehave(WEIGHTS, Fault(body=b"<html>Log in", ignore_range=True))
    refused(store, ID, options(hub), "login page", "登录页面")
    hub.behave()
    hub.requests.clear()
    pull(ID, store, options(hub))
    assert hub.sent(WEIGHTS) == SIZE - SIZE // 2


def test_a_wrong_id(hub: LocalHub, store: Store) -> None:
    refused(store, "laion/clap-typo", options(hub), "no model 'laion/clap-typo'", "请检查拼写")
    assert not store.root.exists()


def test_a_wrong_revision(hub: LocalHub, store: Store) -> None:
    refused(store, f"{ID}@v9", options(hub), "has no revision 'v9'", "没有版本 'v9'")


@pytest.mark.parametrize(
    ("gone", "en", "zh"),
    [
        ("config.json", "there is no config.json", "缺少 config.json"),
        ("tokenizer.json", "there is no tokenizer.json", "缺少 tokenizer.json"),
        (WEIGHTS, "there are no weights", "缺少权重文件"),
    ],
)
def test_a_repository_without_a_clap_model(
    hub: LocalHub, store: Store, gone: str, en: str, zh: str
) -> None:
    (hub.folder / ID / gone).unlink()
    refused(store, ID, options(hub), en, zh)
    assert hub.sent("*.json") == 0


def test_a_shard_that_is_missing(hub: LocalHub, store: Store) -> None:
    (hub.folder / ID / WEIGHTS).rename(hub.folder / ID / "model-00001-of-00002.safetensors")
    (hub.folder / ID / "model.safetensors.index.json").write_text("{}")
    refused(store, ID, options(hub), "some of its weights are missing", "部分权重文件缺失")


def test_another_kind_of_model_is_refused_before_its_weights_are_fetched(
    hub: LocalHub, store: Store
) -> None:
    config = hub.folder / ID / "config.json"
    config.write_text(config.read_text().replace('"clap"', '"bert"'))
    refused(store, ID, options(hub), "model_type", "model_type")
    assert hub.sent(WEIGHTS) == 0
    assert tree(store.downloads) == []


def test_a_model_that_cannot_be_built_leaves_nothing(
    hub: LocalHub, store: Store, earlier: Installed
) -> None:
    def refuse(checkpoint: Path, target: Path, report: object) -> dict[str, Any]:
        (target / "half").write_bytes(b"half")
        raise ModelError(Text(en="unfit", zh="不合适"))

    refused(store, ID, options(hub, build=refuse), "unfit", "不合适")
    assert tree(store.downloads) == []


def test_no_network(store: Store) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    how = PullOptions(build=build, hub=Hub(endpoint=url, tries=2, pause=0.01))
    refused(store, ID, how, f"The hub at {url} can't be reached", "镜像站点")


@pytest.mark.parametrize("endpoint", ["hub.example", "ftp://hub", "https://", "http://[", "http:"])
def test_an_endpoint_that_is_no_address(
    store: Store, monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", endpoint)
    refused(store, ID, PullOptions(build=build), f"HF_ENDPOINT is {endpoint!r}", "不是有效地址")


def test_a_proxy_that_cannot_be_used(
    hub: LocalHub, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import close_session

    monkeypatch.setenv("ALL_PROXY", "nonsense://127.0.0.1:1")
    close_session()
    try:
        refused(store, ID, options(hub), "HTTPS_PROXY", "代理")
    finally:
        close_session()


def no_space(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def full_while_downloading(text: object, done: int, total: int) -> None:
    if total == SIZE and done > 100_000:
        no_space()


def full_while_building(checkpoint: Path, target: Path, report: object) -> dict[str, Any]:
    (target / "half").write_bytes(b"half")
    no_space()
    return {}


@pytest.mark.parametrize(
    "more", [{"on_progress": full_while_downloading}, {"build": full_while_building}]
)
def test_a_disk_that_fills_up(
    hub: LocalHub, store: Store, earlier: Installed, more: dict[str, Any]
) -> None:
    refused(store, ID, options(hub, **more), "not enough space", "磁盘空间不足")
    assert store.find(ID) == earlier
    fetched = sum(path.stat().st_size for path in store.downloads.rglob("model.*"))
    assert fetched > 100_000
    hub.requests.clear()
    assert store.check(pull(ID, store, options(hub))) == ()
    assert hub.sent(WEIGHTS) == SIZE - fetched


@pytest.mark.parametrize("place", ["os.fsync", "pathlib.Path.rename", "pathlib.Path.write_text"])
def test_a_disk_that_fills_up_while_installing(
    hub: LocalHub, store: Store, earlier: Installed, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def build_then_fill(*arguments: Any) -> dict[str, Any]:
        facts = build(*arguments)
        monkeypatch.setattr(place, no_space)
        return facts

    refused(store, ID, options(hub, build=build_then_fill), "not enough space", "磁盘空间不足")
    monkeypatch.undo()
    assert store.find(ID) == earlier
    assert store.check(earlier) == ()


def test_a_disk_that_fills_up_while_a_checkpoint_is_added(
    hub: LocalHub, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = pull(ID, store, options(hub))
    monkeypatch.setattr(shutil, "copyfile", no_space)
    how = options(hub, keep_checkpoint=True)
    refused(store, ID, how, "not enough space", "磁盘空间不足")
    monkeypatch.undo()
    assert store.installed() == (model,)
    assert store.check(model) == ()
    hub.requests.clear()
    assert pull(ID, store, how).has_checkpoint
    assert hub.sent(WEIGHTS) == 0


def test_room_is_needed_for_what_is_asked(
    hub: LocalHub, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = sum(path.stat().st_size for path in hub.files(ID).values())
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=int(2.6 * size)))
    keeping = options(hub, keep_checkpoint=True)
    refused(store, ID, keeping, "not enough space", "磁盘空间不足")
    pull(ID, store, options(hub))
    assert pull(ID, store, keeping).has_checkpoint  # nothing is built now


def test_a_disk_without_room_is_told_before_the_weights_are_fetched(
    hub: LocalHub, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=2 * SIZE))
    refused(store, ID, options(hub), "not enough space", "磁盘空间不足")
    assert hub.sent(WEIGHTS) == 0


@pytest.mark.parametrize("name", ["models", "downloads", "locks"])
def test_a_file_where_a_folder_should_be(hub: LocalHub, store: Store, name: str) -> None:
    store.root.mkdir()
    (store.root / name).write_bytes(b"")
    with pytest.raises(ModelError, match="can't be used for models") as caught:
        pull(ID, store, options(hub))
    assert "ANYSOUND_HOME" in caught.value.text.zh


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_folder_that_may_not_be_written_to(
    hub: LocalHub, store: Store, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def forbid(path: Path, *_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(Path, "mkdir", forbid)
    refused(store, ID, options(hub), "may not write here", "没有写入权限")


def test_what_a_builder_does_wrong_leaves_nothing(
    hub: LocalHub, store: Store, earlier: Installed
) -> None:
    def fail(checkpoint: Path, target: Path, report: object) -> dict[str, Any]:
        (target / "half").write_bytes(b"half")
        raise ZeroDivisionError

    before = tree(store.models)
    with pytest.raises(ZeroDivisionError):
        pull(ID, store, replace(options(hub), build=fail))
    assert tree(store.models) == before
