"""A translator is installed as a model is, and never answers what is heard."""

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

pytest.importorskip("sentencepiece")

from anysound import Classifier, MissingExtraError, ModelError
from anysound.cli.app import app
from anysound.models import load_model, load_translator
from anysound.models.load import best_installed
from anysound.models.store import Manifest, PullOptions, Store, installed_from_folder, pull
from tests.models.hub import LocalHub
from tests.models.marian.making import ID, write_tiny_checkpoint
from tests.models.store.making import ID as CLAP
from tests.models.store.making import options, tree


@pytest.fixture
def hub(hub: LocalHub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> LocalHub:
    """The hub with a translator beside the CLAP model, and a home of one's own."""
    write_tiny_checkpoint(hub.folder / ID)
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    monkeypatch.setenv("ANYSOUND_HOME", str(tmp_path / "home"))
    return hub


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_a_translator_is_pulled_whole(hub: LocalHub, store: Store) -> None:
    model = pull(ID, store)
    assert store.find(ID) == model
    assert (model.kind, model.revision) == ("translator", hub.commit(ID))
    assert store.check(model) == ()
    fetched = {request.name for request in hub.requests}
    texts = {"config.json", "generation_config.json", "vocab.json", "source.spm"}
    assert fetched == {"api", "model.safetensors"} | texts
    assert tree(store.downloads) == []


def test_it_is_loaded_by_its_name_and_pulled_once(hub: LocalHub) -> None:
    first = load_translator(ID)
    hub.requests.clear()
    source = first.tokenizer.encode("狗叫")
    assert load_translator(ID).generate(source, 20) == first.generate(source, 20)
    assert hub.requests == []


def test_a_folder_works_too(hub: LocalHub, store: Store) -> None:
    model = installed_from_folder(hub.folder / ID, store)
    assert (model.id, model.kind) == ("local/opus-mt-zh-en", "translator")
    assert load_translator(str(hub.folder / ID)).translate("abc") is not False


def test_it_never_answers(hub: LocalHub, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelError, match="--translator"):
        load_model(ID)
    assert {request.name for request in hub.requests} == {"api"}  # nothing was downloaded
    pull(ID)
    assert best_installed() == "bundled"
    assert load_model().info.id == "bundled"
    for name in (ID, str(hub.folder / ID)):
        with pytest.raises(ModelError, match="recognises no sounds"):
            load_model(name)
    monkeypatch.setenv("ANYSOUND_MODEL", ID)
    with pytest.raises(ModelError, match="recognises no sounds"):
        Classifier()


def test_a_model_that_answers_translates_nothing(hub: LocalHub) -> None:
    with pytest.raises(ModelError, match="translates nothing"):
        load_translator(CLAP)
    assert {request.name for request in hub.requests} == {"api"}
    pull(CLAP, options=options(hub))
    with pytest.raises(ModelError, match="translates nothing"):
        load_translator(CLAP)


def test_without_the_extra_nothing_large_is_downloaded(
    hub: LocalHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sentencepiece", None)
    with pytest.raises(MissingExtraError, match=r"anysound\[translate\]"):
        load_translator(ID)
    assert hub.requests == []
    with pytest.raises(MissingExtraError, match=r"anysound\[translate\]"):
        pull(ID)
    assert hub.sent("model.safetensors") == 0
    assert Store().installed() == ()


@pytest.mark.parametrize("name", ["vocab.json", "source.spm", "model.safetensors"])
def test_a_repository_that_lacks_a_file_is_refused(hub: LocalHub, store: Store, name: str) -> None:
    (hub.folder / ID / name).unlink()
    with pytest.raises(ModelError, match=f"{ID}|weights"):
        pull(ID, store, PullOptions(kind="translator"))
    assert store.installed() == ()


def test_a_damaged_tokenizer_is_found_before_the_weights_are_fetched(
    hub: LocalHub, store: Store
) -> None:
    (hub.folder / ID / "vocab.json").write_text("{}")
    with pytest.raises(ModelError, match=r"vocab\.json"):
        pull(ID, store)
    assert hub.sent("model.safetensors") == 0


def test_a_manifest_of_earlier_is_of_a_model_that_answers(hub: LocalHub, store: Store) -> None:
    model = pull(CLAP, store, options(hub))
    path = model.folder / "manifest.json"
    values = json.loads(path.read_text())
    assert values.pop("kind") == "audio-text"
    path.write_text(json.dumps(values))
    assert Manifest.read(model.folder).kind == "audio-text"
    path.write_text(json.dumps(values | {"kind": "oracle"}))
    with pytest.raises(ModelError, match="broken"):
        Manifest.read(model.folder)


def test_the_commands(hub: LocalHub) -> None:
    assert run("models", "pull", ID).exit_code == 0
    listed = json.loads(run("models", "list", "--json").stdout)
    assert [(each["id"], each["kind"]) for each in listed["models"]] == [
        ("bundled", "audio-text"),
        (ID, "translator"),
    ]
    assert listed["default"] == "bundled"
    assert "translator" in run("models", "list").stdout
    assert "kind: translator" in run("models", "info", ID).stdout
    verified = run("models", "verify", ID)
    assert (verified.exit_code, "as they were" in verified.stderr) == (0, True)
    refused = run("classify", "x.wav", "-l", "a, b", "--model", ID)
    assert (refused.exit_code, "--translator" in refused.stderr) == (1, True)
    table = Path(listed["models"][1]["folder"]) / "tokens.npy"
    table.write_bytes(table.read_bytes()[:-1] + b"x")
    verified = run("models", "verify", ID)
    assert (verified.exit_code, "tokens.npy" in verified.stderr) == (1, True)
    assert run("models", "remove", ID, "--yes").exit_code == 0
    assert Store().installed() == ()


def test_labels_are_translated_by_it(hub: LocalHub) -> None:
    result = run("labels", "translate", "狗叫(大声), rain", "--translator", ID, "--json")
    dog, rain = json.loads(result.stdout)
    assert bool(dog["phrases"]) != bool(dog["unknown"])  # of random weights, either may come
    assert rain["phrases"] == ["rain"]
    assert result.exit_code == int(bool(dog["unknown"]))
    long = run("labels", "translate", "狗雨" * 95, "--translator", ID)
    assert (long.exit_code, "too long" in long.stderr) == (2, True)
    wrong = run("labels", "translate", "狗叫", "--translator", CLAP)
    assert (wrong.exit_code, "translates nothing" in wrong.stderr) == (1, True)


def test_it_is_not_loaded_for_a_model_that_reads_chinese(hub: LocalHub, tmp_path: Path) -> None:
    result = run("classify", str(tmp_path / "x.wav"), "-l", "狗叫, 下雨", "--translator", ID)
    assert "bundled reads Chinese labels itself" in result.stderr
    assert hub.requests == []
