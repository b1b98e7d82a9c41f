"""Models in a folder that all users share: found, and never written to."""

import shutil
from pathlib import Path

import pytest

from anysound.errors import ModelError
from anysound.models.store import Store, pull
from tests.models.hub import LocalHub
from tests.models.store.making import ID, options, tree, write_checkpoint


@pytest.fixture
def shared(hub: LocalHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the hub's model, put there by someone else."""
    other = Store(tmp_path / "other")
    pull(ID, other, options(hub))
    monkeypatch.setenv("ANYSOUND_HOME", str(tmp_path / "mine"))
    monkeypatch.setenv("ANYSOUND_SHARED_MODELS", str(other.models))
    return other.models


def test_a_shared_model_is_found_and_not_fetched_again(shared: Path, hub: LocalHub) -> None:
    before = tree(shared)
    store = Store()
    found = store.find(ID)
    assert found
    assert found.folder.is_relative_to(shared)
    assert store.find(f"{ID}@main") == found
    assert store.installed() == (found,)
    assert not store.owns(found)
    hub.requests.clear()
    hub.tags.add("v2")
    assert pull(f"{ID}@v2", store, options(hub)) == found  # a new name is not noted there
    assert hub.sent("model.safetensors") == 0
    assert tree(shared) == before


def test_it_is_not_this_users_to_remove(shared: Path) -> None:
    with pytest.raises(ModelError, match="shared"):
        Store().remove(ID)
    assert Store().find(ID)


def test_ones_own_goes_before_the_same_one_that_is_shared(shared: Path, hub: LocalHub) -> None:
    write_checkpoint(hub.folder / "laion" / "other", seed=2)
    store = Store()
    own = pull("laion/other", store, options(hub))
    shutil.copytree(store.models / "laion--other", shared / "laion--other")
    assert {model.id for model in store.installed()} == {ID, "laion/other"}
    assert own in store.installed()
    assert store.find("laion/other") == own
    store.remove("laion/other")
    again = store.find("laion/other")
    assert again
    assert not store.owns(again)


def test_what_a_shared_model_lacks_is_built_beside_it(shared: Path, hub: LocalHub) -> None:
    before = tree(shared)
    store = Store()
    whole = pull(ID, store, options(hub, keep_checkpoint=True))
    assert store.owns(whole)
    assert whole.has_checkpoint
    assert store.check(whole) == ()
    assert tree(shared) == before
    assert store.find(ID) == whole


def test_a_shared_folder_that_is_not_there_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANYSOUND_HOME", str(tmp_path / "mine"))
    monkeypatch.setenv("ANYSOUND_SHARED_MODELS", str(tmp_path / "nowhere"))
    assert Store().installed() == ()
    assert Store().find(ID) is None
