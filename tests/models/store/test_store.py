import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anysound.errors import ModelError
from anysound.models.store import Installed, Manifest, PullOptions, Store, pull
from tests.models.store.making import build, tree, write_checkpoint

A, B = "a" * 40, "b" * 40

_IMPORTS = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from anysound.models.store import Store, installed_from_folder
store = Store(Path(sys.argv[2]))
assert store.find("o/m").id == "o/m"
assert installed_from_folder(Path(sys.argv[3]), store).id == "local/clap"
print(*sys.modules)
"""


def install(store: Store, id: str = "o/m", revision: str = A, *names: str) -> Installed:
    with store.lock(id, lambda: None), store.building_folder(id) as folder:
        (folder / "audio.onnx").write_bytes(b"graph of " + revision.encode())
        (folder / "deep").mkdir()
        (folder / "deep" / "table.npy").write_bytes(b"table")
        time = f"2026-01-01T00:00:00.{len(store.installed()):06}+00:00"
        return store.install(
            folder, Manifest(id, revision, names, "a hub", "MIT", time, "0", {"dim": 3}, {})
        )


def test_an_empty_store_has_nothing_and_stays_empty(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    assert store.installed() == ()
    assert store.broken() == ()
    assert store.find("o/m") is None
    assert not (tmp_path / "home").exists()


def test_what_was_installed_is_found_by_all_its_names(store: Store) -> None:
    model = install(store, "o/m", A, "main", "v1.0")
    install(store, "o/other", B)
    assert model.folder == store.models / "o--m" / A
    for name in ("o/m", f"o/m@{A}", f"o/m@{A[:7]}", f"o/m@{A[:20]}", "o/m@main", "o/m@v1.0"):
        assert store.find(name) == model
    for name in ("o/m@", f"o/m@{A[:6]}", "o/m@v1", f"o/m@{B}", "o--m", "m", "o/n", "@", ""):
        assert store.find(name) is None


def test_the_manifest_says_it_all(store: Store) -> None:
    model = install(store)
    values = json.loads((model.folder / "manifest.json").read_text(encoding="utf-8"))
    assert values["format"] == 1
    assert values["license"] == "MIT"
    assert values["facts"] == {"dim": 3}
    assert set(values["files"]) == {"audio.onnx", "deep/table.npy"}
    assert model.size == sum(file["size"] for file in values["files"].values()) == 49 + 5
    assert Manifest.read(model.folder) == model.manifest


def test_of_several_revisions_the_last_installed_is_meant(store: Store) -> None:
    first = install(store, "o/m", B, "main")
    second = install(store, "o/m", A, "main")
    assert store.find("o/m") == store.find("o/m@main") == second
    assert store.find(f"o/m@{B}") == first
    assert store.installed() == (second, first)


def test_a_model_gets_one_more_name(store: Store) -> None:
    model = install(store, "o/m", A, "main")
    named = store.add_name(model, "v2")
    assert named.manifest.names == ("main", "v2")
    assert store.find("o/m@v2") == named
    assert store.add_name(named, "v2") is named
    assert store.add_name(named, A) is named


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "manifest.json").unlink(),
        lambda folder: (folder / "manifest.json").write_text("{"),
        lambda folder: (folder / "manifest.json").write_text("[]"),
        lambda folder: (folder / "manifest.json").write_bytes(b"\xff\xfe"),
        lambda folder: (folder / "manifest.json").write_text('{"format": 2}'),
        lambda folder: (folder / "manifest.json").write_text('{"format": 1, "files": 3}'),
        lambda folder: (folder / "audio.onnx").unlink(),
        lambda folder: (folder / "audio.onnx").write_bytes(b"short"),
    ],
)
def test_a_broken_model_is_told_of_not_found_and_can_go(store: Store, damage: object) -> None:
    whole, broken = install(store, "o/m"), install(store, "o/n")
    assert callable(damage)
    damage(broken.folder)
    assert store.installed() == (whole,)
    assert store.find("o/n") is None
    (told,) = store.broken()
    assert told.folder == broken.folder
    assert "o--n" in told.reason.en
    assert "已损坏" in told.reason.zh
    assert store.remove("o/n").revisions == (A,)
    assert store.broken() == ()
    assert install(store, "o/n") == store.find("o/n")


def test_a_broken_model_gives_way_to_a_whole_one(store: Store) -> None:
    model = install(store)
    (model.folder / "audio.onnx").unlink()
    again = install(store)
    assert store.find("o/m") == again
    assert store.check(again) == ()


def test_check_names_what_was_altered(store: Store) -> None:
    model = install(store)
    assert store.check(model) == ()
    graph = model.folder / "audio.onnx"
    graph.write_bytes(graph.read_bytes().replace(b"graph", b"grape"))
    (model.folder / "deep" / "table.npy").unlink()
    assert store.check(model) == ("audio.onnx", "deep/table.npy")


def test_remove_takes_all_revisions_or_the_one_that_is_named(store: Store) -> None:
    first, second = install(store, "o/m", A, "main"), install(store, "o/m", B, "main")
    other = install(store, "o/other", A)
    size = sum(path.stat().st_size for path in second.folder.rglob("*") if path.is_file())
    removed = store.remove("o/m@main")
    assert removed.revisions == (B,)
    assert removed.size == size > second.size
    assert store.installed() == (first, other)
    install(store, "o/m", B)
    assert set(store.remove("o/m").revisions) == {A, B}
    assert store.installed() == (other,)
    assert tree(store.models / "o--m") == []
    with pytest.raises(ModelError, match="'o/m' is not installed"):
        store.remove("o/m")


@pytest.mark.skipif(os.name == "nt", reason="Windows refuses to remove open files")
def test_a_model_in_use_goes_on_when_it_is_removed(store: Store) -> None:
    model = install(store)
    with (model.folder / "audio.onnx").open("rb") as graph:
        store.remove("o/m")
        assert not model.folder.exists()
        assert graph.read() == b"graph of " + A.encode()


def test_what_cannot_be_removed_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    model = install(store)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", str(model.folder))

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(ModelError, match="may not write here"):
        store.remove("o/m")
    assert store.find("o/m") == model


def test_leftovers_go_unless_someone_is_at_work_on_them(store: Store) -> None:
    install(store)
    for name in (".building/o--killed", ".building/o--busy", ".removed-1"):
        (store.models / name).mkdir(parents=True)
        (store.models / name / "half").write_bytes(b"half")
    with store.lock("o/busy", lambda: pytest.fail("no one has it")):
        store.clean()
    assert tree(store.models / ".building") == ["o--busy", "o--busy/half"]
    assert not (store.models / ".removed-1").exists()
    assert store.find("o/m")


_NASTY = st.sampled_from(["..", ".", "models", "../models", "/", "\0", "~", "a" * 300, "o\\m"])
_NAMES = st.one_of(
    st.text(max_size=30),
    st.builds("{}@{}".format, _NASTY, st.text(max_size=8)),
    st.lists(_NASTY, min_size=1, max_size=4).map("/".join),
)


@given(name=_NAMES)
def test_no_name_leads_out_of_the_store(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    store = Store(tmp_path_factory.getbasetemp() / "shared-home")
    if not store.find("o/m"):
        install(store)
    before = tree(store.root)
    assert store.find(name) is None
    with pytest.raises(ModelError):
        store.remove(name)
    assert tree(store.root) == before


def test_a_folder_of_models_that_is_a_file_holds_none(tmp_path: Path) -> None:
    (tmp_path / "models").write_bytes(b"")
    assert Store(tmp_path).installed() == ()


def test_finding_imports_nothing_that_only_pulling_needs(store: Store, tmp_path: Path) -> None:
    install(store)
    folder = write_checkpoint(tmp_path / "clap")
    pull(str(folder), store, PullOptions(build=build))
    root = str(Path(__file__).parents[3])
    found = subprocess.run(
        [sys.executable, "-c", _IMPORTS, root, str(store.root), str(folder)],
        check=True,
        capture_output=True,
        text=True,
    )
    imported = {name.partition(".")[0] for name in found.stdout.split()}
    assert "anysound" in imported
    pulling = {"huggingface_hub", "httpx", "httpx2", "filelock", "tqdm"}
    building = {"onnx", "onnxruntime", "safetensors", "torch", "transformers"}
    assert imported & (pulling | building) == set()
