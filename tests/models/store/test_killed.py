"""Pulls in processes of their own: killed at any point, two at once, told by the environment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from anysound.models.store import Store, pull
from tests.models.hub import Fault, LocalHub
from tests.models.store.making import ID, options, tree, write_checkpoint
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[3]
WEIGHTS = "model.safetensors"
SIZE = 300_000

# Pulls a model, and stops for ever where STOP says, when it has said so.
_SCRIPT = """
import os, sys, time
from pathlib import Path
sys.path.insert(0, {root!r})
from anysound.models.store import Manifest, PullOptions, pull
from tests.models.store import making

STOP = {stop!r}

def reach(point):
    if point == STOP:
        print("reached", flush=True)
        time.sleep(120)

def build(checkpoint, target, report):
    (target / "half").write_bytes(b"half")
    reach("build")
    (target / "half").unlink()
    return making.build(checkpoint, target, report)

write, rename = Manifest.write, Path.rename

def slow_write(manifest, folder):
    reach("manifest")
    write(manifest, folder)

def slow_rename(path, target):
    reach("rename")
    renamed = rename(path, target)
    reach("renamed")
    return renamed

Manifest.write, Path.rename = slow_write, slow_rename
print(pull({name!r}, options=PullOptions(build=build, keep_checkpoint={keep})).revision)
"""


def start(
    hub: LocalHub, store: Store, stop: str = "", keep: bool = False, **variables: str
) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", _SCRIPT.format(root=str(ROOT), name=ID, stop=stop, keep=keep)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "ANYSOUND_HOME": str(store.root), "HF_ENDPOINT": hub.url, **variables},
    )


def kill_at(process: "subprocess.Popen[str]") -> None:
    """Kill a pull as soon as it is where it was to stop."""
    assert process.stdout is not None
    reached = process.stdout.readline()
    process.kill()
    _, error = process.communicate()
    assert reached == "reached\n", error


@pytest.mark.parametrize("stop", ["build", "manifest", "rename", "renamed"])
@pytest.mark.parametrize("has_earlier", [False, True])
def test_killed_while_building(hub: LocalHub, store: Store, stop: str, has_earlier: bool) -> None:
    earlier = None
    if has_earlier:
        earlier = pull(ID, store, options(hub))
        write_checkpoint(hub.folder / ID, seed=1)
    kill_at(start(hub, store, stop))
    there = store.find(ID)
    if stop == "renamed":
        assert there is not None
        assert there.revision == hub.commit(ID)
    else:
        assert there == earlier
    assert all(store.check(model) == () for model in store.installed())
    assert store.broken() == ()
    hub.requests.clear()
    model = pull(ID, store, options(hub))
    assert model.revision == hub.commit(ID)
    assert store.check(model) == ()
    assert [request.name for request in hub.requests] == ["api"]  # nothing was fetched again
    assert tree(store.models / ".building") == []


@pytest.mark.parametrize("stop", ["rename", "renamed", "manifest"])
def test_killed_while_a_checkpoint_is_added(hub: LocalHub, store: Store, stop: str) -> None:
    model = pull(ID, store, options(hub))
    kill_at(start(hub, store, stop, keep=True))
    assert store.installed() == (model,)
    assert store.check(model) == ()
    hub.requests.clear()
    complete = pull(ID, store, options(hub, keep_checkpoint=True))
    assert complete.has_checkpoint
    assert store.check(complete) == ()
    assert [request.name for request in hub.requests] == ["api"]  # nothing was fetched again
    assert tree(store.models / ".building") == []
    assert not list(store.models.glob(".removed-*"))


def test_killed_while_downloading(hub: LocalHub, store: Store) -> None:
    hub.misbehave(WEIGHTS, Fault(rate=200_000))
    process = start(hub, store)
    hub.wait_until_sent(WEIGHTS, SIZE // 2)
    process.kill()
    process.communicate()
    assert not store.installed()
    assert not store.broken()
    (part,) = store.downloads.rglob("*.part")
    fetched = part.stat().st_size
    assert 0 < fetched < SIZE
    hub.behave()
    hub.requests.clear()
    assert store.check(pull(ID, store, options(hub))) == ()
    assert {request.name for request in hub.requests} == {"api", WEIGHTS}
    assert hub.requests[-1].start == fetched
    assert hub.sent(WEIGHTS) == SIZE - fetched
    assert tree(store.downloads) == []


def test_two_processes_pull_once(hub: LocalHub, store: Store) -> None:
    hub.misbehave(WEIGHTS, Fault(rate=SIZE))
    processes = [start(hub, store) for _ in range(2)]
    outputs = [process.communicate(timeout=PATIENCE) for process in processes]
    assert [output for output, _ in outputs] == [f"{hub.commit(ID)}\n"] * 2, outputs
    assert hub.sent(WEIGHTS) == SIZE
    assert len(store.installed()) == 1


def test_a_running_pull_is_not_disturbed_by_another_models(hub: LocalHub, store: Store) -> None:
    write_checkpoint(hub.folder / "laion" / "other", seed=2)
    process = start(hub, store, "build")
    assert process.stdout is not None
    assert process.stdout.readline() == "reached\n"
    pull("laion/other", store, options(hub))
    half = store.models / ".building" / "laion--clap-small" / "half"
    assert half.read_bytes() == b"half"
    process.kill()
    process.communicate()
    write_checkpoint(hub.folder / "laion" / "other", seed=3)
    pull("laion/other", store, options(hub))
    assert not half.exists()


def test_the_hubs_variables_are_honoured(hub: LocalHub, store: Store) -> None:
    hub.token = "hf_secret"
    output, error = start(hub, store, HF_HUB_OFFLINE="1").communicate(timeout=PATIENCE)
    assert "HF_HUB_OFFLINE" in error
    assert hub.requests == []
    output, error = start(hub, store, HF_TOKEN="hf_wrong").communicate(timeout=PATIENCE)
    assert "HF_TOKEN" in error
    output, error = start(hub, store, HF_TOKEN="hf_secret").communicate(timeout=PATIENCE)
    assert output == f"{hub.commit(ID)}\n", error
    assert {request.token for request in hub.requests if request.status == 206} == {"hf_secret"}
    requests = len(hub.requests)
    output, error = start(hub, store, HF_HUB_OFFLINE="1").communicate(timeout=PATIENCE)
    assert output == f"{hub.commit(ID)}\n", error
    assert len(hub.requests) == requests
