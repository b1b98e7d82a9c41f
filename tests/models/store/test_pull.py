import os
import shutil
import threading
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest

from anysound.errors import ModelError
from anysound.models.store import (
    Hub,
    Installed,
    PullOptions,
    Store,
    installed_from_folder,
    is_local,
    pull,
)
from tests.models.hub import Fault, LocalHub
from tests.models.store.making import ID, Telling, build, options, tree, write_checkpoint
from tests.patience import PATIENCE

WEIGHTS = "model.safetensors"
SIZE = 300_000


def test_a_model_is_pulled_whole(hub: LocalHub, store: Store) -> None:
    telling = Telling()
    model = pull(ID, store, options(hub, on_progress=telling))
    assert store.find(ID) == model
    assert model.revision == hub.commit(ID)
    assert model.manifest.names == ("main",)
    assert model.manifest.source == hub.url
    assert model.manifest.license == "apache-2.0"
    assert model.manifest.facts == {"scale": 14.5}
    assert store.check(model) == ()
    assert (model.folder / WEIGHTS).read_bytes() == hub.files(ID)[WEIGHTS].read_bytes()
    assert telling.bytes[-1] == (SIZE, SIZE)
    assert telling.steps == ["building"]
    assert tree(store.downloads) == []
    assert tree(store.models / ".building") == []


def test_only_what_is_needed_is_fetched(hub: LocalHub, store: Store) -> None:
    (hub.folder / ID / "pytorch_model.bin").write_bytes(b"the same again")
    (hub.folder / ID / "vocab.json").write_text("{}")
    pull(ID, store, options(hub))
    fetched = {request.name for request in hub.requests}
    needed = {"config.json", "preprocessor_config.json", "tokenizer.json", WEIGHTS}
    assert fetched == {"api"} | needed


@pytest.mark.parametrize(
    ("weights", "gone"),
    [
        (["pytorch_model.bin"], ["tokenizer.json"]),
        (["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"], []),
    ],
)
def test_older_and_larger_checkpoints(
    hub: LocalHub, store: Store, weights: list[str], gone: list[str]
) -> None:
    repository = hub.folder / ID
    content = (repository / WEIGHTS).read_bytes()
    for name in [WEIGHTS, *gone]:
        (repository / name).unlink()
    for name in weights:
        (repository / name).write_bytes(content)
    if len(weights) > 1:
        (repository / "model.safetensors.index.json").write_text("{}")
    for name in ("vocab.json", "merges.txt", "special_tokens_map.json"):
        (repository / name).write_text("{}")
    seen: list[str] = []

    def look(checkpoint: Path, target: Path, report: object) -> dict[str, Any]:
        seen.extend(tree(checkpoint))
        (target / "built").write_bytes(b"built")
        return {}

    pull(ID, store, options(hub, build=look))
    assert set(weights) < set(seen)
    assert ("model.safetensors.index.json" in seen) == (len(weights) > 1)
    assert ("vocab.json" in seen) == bool(gone)
    assert "special_tokens_map.json" in seen


def test_a_second_pull_fetches_nothing(hub: LocalHub, store: Store) -> None:
    first = pull(ID, store, options(hub))
    hub.requests.clear()
    telling = Telling()
    assert pull(ID, store, options(hub, on_progress=telling)) == first
    assert [request.name for request in hub.requests] == ["api"]
    assert telling.steps == []
    hub.requests.clear()
    assert pull(f"{ID}@{first.revision}", store, options(hub)) == first
    assert hub.requests == []


def test_revisions_lie_side_by_side(hub: LocalHub, store: Store) -> None:
    hub.tags.add("v1")
    first = pull(f"{ID}@v1", store, options(hub))
    write_checkpoint(hub.folder / ID, seed=1)
    second = pull(ID, store, options(hub))
    assert second.revision == hub.commit(ID) != first.revision
    assert store.installed() == tuple(sorted((first, second), key=lambda model: model.revision))
    assert store.find(ID) == second
    assert store.find(f"{ID}@v1") == first
    again = pull(f"{ID}@v1", store, options(hub))  # the tag has moved
    assert again.manifest.names == ("main", "v1")
    assert store.find(f"{ID}@v1") == again


def test_files_in_the_users_own_cache_are_not_fetched_again(
    hub: LocalHub, store: Store, tmp_path: Path
) -> None:
    cache = tmp_path / "hub-cache"
    huggingface_hub.HfApi(endpoint=hub.url).snapshot_download(ID, cache_dir=cache)
    before = tree(cache)
    hub.requests.clear()
    model = pull(ID, store, options(hub))
    assert [request.name for request in hub.requests] == ["api"]
    assert not (model.folder / WEIGHTS).is_symlink()
    assert tree(cache) == before


def test_an_altered_file_in_the_users_own_cache_is_not_taken(
    hub: LocalHub, store: Store, tmp_path: Path
) -> None:
    cache = tmp_path / "hub-cache"
    api = huggingface_hub.HfApi(endpoint=hub.url)
    cached = Path(api.hf_hub_download(ID, WEIGHTS, cache_dir=cache)).resolve()
    cached.write_bytes(b"\0" * SIZE)
    hub.requests.clear()
    model = pull(ID, store, options(hub))
    assert hub.sent(WEIGHTS) == SIZE
    assert (model.folder / WEIGHTS).read_bytes() == hub.files(ID)[WEIGHTS].read_bytes()
    assert cached.read_bytes() == b"\0" * SIZE


def test_where_links_are_not_allowed_cached_files_are_copied(
    hub: LocalHub, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = huggingface_hub.HfApi(endpoint=hub.url)
    api.snapshot_download(ID, cache_dir=tmp_path / "hub-cache")
    hub.requests.clear()

    def refuse(*_: object) -> None:
        raise OSError("a required privilege is not held by the client")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    assert store.check(pull(ID, store, options(hub))) == ()
    assert hub.sent(WEIGHTS) == 0


def test_a_pull_that_was_interrupted_goes_on(hub: LocalHub, store: Store) -> None:
    def interrupt(text: object, done: int, total: int) -> None:
        if total == SIZE and done > 100_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pull(ID, store, options(hub, on_progress=interrupt))
    (part,) = store.downloads.rglob("*.part")
    fetched = part.stat().st_size
    assert 100_000 < fetched < SIZE
    assert store.installed() == ()
    hub.requests.clear()
    telling = Telling()
    model = pull(ID, store, options(hub, on_progress=telling))
    assert {request.name for request in hub.requests} == {"api", WEIGHTS}
    assert hub.requests[-1].start == fetched
    assert hub.sent(WEIGHTS) == SIZE - fetched
    assert telling.bytes[0][0] > fetched
    assert store.check(model) == ()


def test_a_download_that_nobody_asks_for_any_more_goes(hub: LocalHub, store: Store) -> None:
    hub.misbehave(WEIGHTS, Fault(truncate=1000))
    with pytest.raises(ModelError):
        pull(ID, store, options(hub))
    hub.behave()
    hub.misbehave("tokenizer.json", Fault(status=404))
    write_checkpoint(hub.folder / ID, seed=1)
    (hub.folder / ID / "tokenizer.json").write_text("{ }")
    with pytest.raises(ModelError):
        pull(ID, store, options(hub))
    (revision,) = (store.downloads / "laion--clap-small").iterdir()
    assert revision.name == hub.commit(ID)


def test_a_broken_connection_is_taken_up_again(hub: LocalHub, store: Store) -> None:
    hub.misbehave(WEIGHTS, Fault(truncate=100_000, times=1))
    assert store.check(pull(ID, store, options(hub))) == ()
    assert hub.requests[-1].start == 100_000
    assert hub.sent(WEIGHTS) == SIZE


@pytest.mark.parametrize("content", [b"x" * (SIZE + 1), b"x" * SIZE])
def test_a_download_that_is_not_of_this_file(hub: LocalHub, store: Store, content: bytes) -> None:
    staging = store.downloads / "laion--clap-small" / hub.commit(ID)
    staging.mkdir(parents=True)
    (staging / f"{WEIGHTS}.part").write_bytes(content)
    if len(content) == SIZE:
        with pytest.raises(ModelError, match="was altered"):
            pull(ID, store, options(hub))
    assert store.check(pull(ID, store, options(hub))) == ()


def test_a_server_that_knows_no_ranges(hub: LocalHub, store: Store) -> None:
    hub.misbehave(WEIGHTS, Fault(truncate=100_000, times=1))
    hub.misbehave(WEIGHTS, Fault(ignore_range=True))
    assert store.check(pull(ID, store, options(hub))) == ()
    assert hub.sent(WEIGHTS) == 100_000 + SIZE


def test_a_connection_that_keeps_breaking_but_brings_much_is_enough(
    hub: LocalHub, store: Store
) -> None:
    write_checkpoint(hub.folder / ID, size=5 << 20)
    hub.misbehave(WEIGHTS, Fault(truncate=(1 << 20) + 1))
    assert store.check(pull(ID, store, options(hub))) == ()
    assert hub.sent(WEIGHTS) == 5 << 20


def test_two_threads_pull_once(hub: LocalHub, store: Store) -> None:
    builds, waiting = [], threading.Event()

    def slow_build(checkpoint: Path, target: Path, report: Any) -> dict[str, Any]:
        builds.append(checkpoint)
        assert waiting.wait(PATIENCE)
        return build(checkpoint, target, report)

    def tell(text: Any, done: int, total: int) -> None:
        if "waiting" in text.en:
            waiting.set()

    pulls = options(hub, build=slow_build, on_progress=tell)
    models: list[object] = []
    threads = [
        threading.Thread(target=lambda: models.append(pull(ID, store, pulls))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert models == [store.find(ID)] * 2
    assert len(builds) == 1
    assert hub.sent(WEIGHTS) == SIZE


def test_a_private_model_needs_a_token(
    hub: LocalHub, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.token = "hf_secret"
    with pytest.raises(ModelError, match="HF_TOKEN"):
        pull(ID, store, options(hub))
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    assert store.check(pull(ID, store, options(hub))) == ()


def test_offline_an_installed_model_is_enough(
    hub: LocalHub, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = pull(ID, store, options(hub))
    hub.requests.clear()
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert pull(ID, store, options(hub)) == model
    with pytest.raises(ModelError, match="HF_HUB_OFFLINE") as caught:
        pull("laion/other", store, options(hub))
    assert "HF_HUB_OFFLINE" in caught.value.text.zh
    assert hub.requests == []


class TestFolder:
    def test_is_pulled_like_a_model_of_the_hub(self, store: Store, tmp_path: Path) -> None:
        folder = write_checkpoint(tmp_path / "我的 clap@2")
        model = pull(str(folder), store, PullOptions(build=build))
        assert model.id == "local/我的 clap@2"
        assert model.manifest.source == str(folder)
        assert store.check(model) == ()
        assert store.find("local/我的 clap@2") == model
        assert store.find(f"local/我的 clap@2@{model.revision[:7]}") == model

    def test_is_hashed_and_built_once(
        self, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = write_checkpoint(tmp_path / "clap")
        first = installed_from_folder(folder, store, PullOptions(build=build))
        name = "anysound.models.store.checkpoint.sha256_of"
        monkeypatch.setattr(name, lambda path: pytest.fail(f"{path} is hashed again"))
        never = PullOptions(build=lambda *_: pytest.fail("built again"))
        assert installed_from_folder(folder, store, never) == first
        monkeypatch.chdir(folder)
        assert installed_from_folder(Path(), store, never) == first

    def test_is_built_anew_when_it_changes(self, store: Store, tmp_path: Path) -> None:
        folder = write_checkpoint(tmp_path / "clap")
        first = installed_from_folder(folder, store, PullOptions(build=build))
        write_checkpoint(folder, seed=1)
        second = installed_from_folder(folder, store, PullOptions(build=build))
        assert second.revision != first.revision
        assert store.find("local/clap") == second
        assert store.check(first) == store.check(second) == ()

    def test_is_known_by_its_content(self, store: Store, tmp_path: Path) -> None:
        one = write_checkpoint(tmp_path / "a" / "clap")
        two = write_checkpoint(tmp_path / "b" / "clap")
        first = installed_from_folder(one, store, PullOptions(build=build))
        assert installed_from_folder(two, store, PullOptions(build=build)) == first

    @pytest.mark.parametrize("note", [b"", b"{}", b"[1]", b"\xff", b'{"files": 3}'])
    def test_a_damaged_note_is_made_anew(self, store: Store, tmp_path: Path, note: bytes) -> None:
        folder = write_checkpoint(tmp_path / "clap")
        first = installed_from_folder(folder, store, PullOptions(build=build))
        (path,) = (store.cache / "folders").iterdir()
        path.write_bytes(note)
        assert installed_from_folder(folder, store, PullOptions(build=build)) == first
        assert path.read_bytes() != note

    def test_a_cache_that_takes_no_notes_does_no_harm(self, store: Store, tmp_path: Path) -> None:
        store.root.mkdir()
        store.cache.write_bytes(b"")
        folder = write_checkpoint(tmp_path / "clap")
        first = installed_from_folder(folder, store, PullOptions(build=build))
        assert installed_from_folder(folder, store, PullOptions(build=build)) == first

    @pytest.mark.parametrize(
        ("gone", "told"),
        [
            ("config.json", "there is no config.json"),
            ("preprocessor_config.json", "there is no preprocessor_config.json"),
            ("tokenizer.json", "there is no tokenizer.json"),
            (WEIGHTS, "there are no weights"),
        ],
    )
    def test_without_all_files_is_refused(
        self, store: Store, tmp_path: Path, gone: str, told: str
    ) -> None:
        folder = write_checkpoint(tmp_path / "clap")
        (folder / gone).unlink()
        with pytest.raises(ModelError, match=told) as caught:
            pull(str(folder), store, PullOptions(build=build))
        assert str(folder) in caught.value.text.zh
        assert not store.root.exists()

    def test_that_is_not_there_is_told(self, store: Store, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match=r"gone can't be read \(No such file"):
            pull(str(tmp_path / "gone"), store, PullOptions(build=build))

    @pytest.mark.skipif(os.name == "nt", reason="Windows lets not everyone make links")
    def test_that_is_a_link_in_a_circle_is_told(self, store: Store, tmp_path: Path) -> None:
        (tmp_path / "circle").symlink_to(tmp_path / "circle")
        with pytest.raises(ModelError, match="circle can't be read"):
            pull(str(tmp_path / "circle"), store, PullOptions(build=build))

    def test_that_can_never_be_built_leaves_nothing(self, store: Store, tmp_path: Path) -> None:
        folder = write_checkpoint(tmp_path / "clap")
        config = folder / "config.json"
        config.write_text(config.read_text().replace('"clap"', '"bert"'))
        with pytest.raises(ModelError, match="model_type"):
            pull(str(folder), store, PullOptions(build=build))
        assert store.installed() == ()


class TestKeptCheckpoint:
    def test_is_left_out_by_default(self, hub: LocalHub, store: Store) -> None:
        model = pull(ID, store, options(hub))
        assert not model.has_checkpoint
        assert not (model.folder / "checkpoint").exists()

    def test_lies_in_the_model(self, hub: LocalHub, store: Store) -> None:
        model = pull(ID, store, options(hub, keep_checkpoint=True))
        assert_keeps(model, hub.folder / ID)
        assert store.find(ID) == model
        assert store.check(model) == ()
        assert model.size == 2 * SIZE + sum(
            facts.size for name, facts in model.manifest.files.items() if WEIGHTS not in name
        )

    def test_is_added_to_a_model_without_building_it_again(
        self, hub: LocalHub, store: Store
    ) -> None:
        before = pull(ID, store, options(hub))
        never = options(hub, keep_checkpoint=True, build=lambda *_: pytest.fail("built again"))
        model = pull(ID, store, never)
        assert model.folder == before.folder
        assert model.manifest.installed == before.manifest.installed
        assert_keeps(model, hub.folder / ID)
        assert store.installed() == (model,)
        assert store.check(model) == ()
        assert tree(store.downloads) == tree(store.models / ".building") == []
        hub.requests.clear()
        assert pull(f"{ID}@{model.revision}", store, never) == model
        assert hub.requests == []

    def test_stays_when_it_is_not_asked_for_again(self, hub: LocalHub, store: Store) -> None:
        model = pull(ID, store, options(hub, keep_checkpoint=True))
        assert pull(ID, store, options(hub)) == model

    def test_goes_with_the_model(self, hub: LocalHub, store: Store) -> None:
        model = pull(ID, store, options(hub, keep_checkpoint=True))
        assert store.remove(ID).size > model.size
        assert not model.folder.exists()

    def test_of_a_folder_is_a_copy(self, store: Store, tmp_path: Path) -> None:
        folder = write_checkpoint(tmp_path / "clap")
        pull(str(folder), store, PullOptions(build=build))
        model = pull(str(folder), store, PullOptions(build=build, keep_checkpoint=True))
        assert_keeps(model, folder)
        (folder / WEIGHTS).write_bytes(b"")
        assert store.check(model) == ()

    def test_is_no_link_into_the_users_own_cache(
        self, hub: LocalHub, store: Store, tmp_path: Path
    ) -> None:
        cache = tmp_path / "hub-cache"
        huggingface_hub.HfApi(endpoint=hub.url).snapshot_download(ID, cache_dir=cache)
        model = pull(ID, store, options(hub, keep_checkpoint=True))
        shutil.rmtree(cache)
        assert_keeps(model, hub.folder / ID)

    def test_that_cannot_be_downloaded_offline_is_told(
        self, hub: LocalHub, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        model = pull(ID, store, options(hub))
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
        with pytest.raises(ModelError, match="would have to be downloaded"):
            pull(ID, store, options(hub, keep_checkpoint=True))
        assert store.find(ID) == model


def assert_keeps(model: Installed, checkpoint: Path) -> None:
    assert model.has_checkpoint
    kept = sorted((model.folder / "checkpoint").iterdir())
    names = ["config.json", WEIGHTS, "preprocessor_config.json", "tokenizer.json"]
    assert [path.name for path in kept] == names
    for path in kept:
        assert not path.is_symlink()
        assert path.read_bytes() == (checkpoint / path.name).read_bytes()


def test_folders_and_ids_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_checkpoint(tmp_path / "laion" / "here")
    (tmp_path / "laion" / "empty").mkdir()
    for name in ("laion/here", "laion", "./x", "../x", "/x", "~/x", str(tmp_path), "a\\b", "."):
        assert is_local(name), name
    for name in ("laion/there", "laion/empty", "laion/here@main", "bundled", "a/b/c", "x" * 5000):
        assert not is_local(name), name
    assert not is_local("~nobody-here/x\0")


@pytest.mark.parametrize(
    "name",
    [
        *("clap", "a/b/c", "a/b@", "@", "a@b", "a/../b", "a/b--c", "a/b c", "模型/甲", ""),
        *("a/b-", "-a/b", "a/b.git", "a/" + "b" * 97, "http://x/y", "/a\0b", "a/b\0"),
    ],
)
def test_a_name_that_is_none_is_refused(store: Store, name: str) -> None:
    unreachable = PullOptions(hub=Hub(endpoint="http://127.0.0.1:1"), build=build)
    with pytest.raises(ModelError, match="neither a folder nor the id"):
        pull(name, store, unreachable)
    assert not store.root.exists()


@pytest.mark.skipif(os.name == "nt", reason="a folder that POSIX programs would not name so")
def test_the_store_may_lie_under_a_name_with_blanks(hub: LocalHub, tmp_path: Path) -> None:
    store = Store(tmp_path / "mes modèles 模型")
    assert store.check(pull(ID, store, options(hub))) == ()
