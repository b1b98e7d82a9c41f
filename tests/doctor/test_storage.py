"""Folders that can't be written to, full disks, and models that are damaged."""

import json
import os
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from anysound.doctor import Check, DoctorOptions
from anysound.doctor.storage import home, models, temporary
from anysound.models.store import Store
from tests.models.store.test_store import install

OPTIONS = DoctorOptions()
Usage = namedtuple("Usage", "total used free")

# Without this capability, even root is held to the permissions of files.
AS_ANYBODY = (
    ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
)
_CHECK = """
import json, sys
from anysound.doctor import CHECKS, DoctorOptions
print(json.dumps([CHECKS[name](DoctorOptions()).to_dict() for name in sys.argv[1:]]))
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "mine"
    monkeypatch.setenv("ANYSOUND_HOME", str(folder))
    return folder


def told(check: Check) -> str:
    assert check.advice
    return check.advice.en + check.advice.zh


def test_a_home_that_is_not_there_yet_stays_so(folder: Path) -> None:
    found = home(OPTIONS)
    assert found.verdict == "ok"
    assert found.facts["home"] == str(folder)
    assert found.facts["cache"] == str(folder / "cache")
    assert not folder.exists()
    folder.mkdir()
    assert home(OPTIONS).verdict == "ok"
    assert list(folder.iterdir()) == []


def test_a_file_in_the_place_of_the_home(folder: Path) -> None:
    folder.write_text("no folder")
    found = home(OPTIONS)
    assert found.verdict == "warn"
    assert str(folder) in found.found.zh
    assert "ANYSOUND_HOME" in told(found)


@pytest.mark.skipif(
    os.name != "posix" or not (AS_ANYBODY == [] or shutil.which("setpriv")),
    reason="root may write anywhere",
)
def test_a_home_and_a_folder_for_temporary_files_that_are_read_only(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o555)
    done = subprocess.run(
        [*AS_ANYBODY, sys.executable, "-c", _CHECK, "home", "bundled", "models"],
        env={**os.environ, "ANYSOUND_LANG": "en"},
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    homely, bundled, store = json.loads(done.stdout)
    assert homely["verdict"] == "warn"
    assert "Permission denied" in homely["found"]
    assert "container's user" in homely["advice"]
    assert bundled["verdict"] == "ok"  # which is why it is no failure
    assert store["verdict"] == "ok"


def test_no_folder_for_temporary_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert temporary(OPTIONS).verdict == "ok"
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone" / "deeper"))
    (tmp_path / "gone").write_text("no folder")
    found = temporary(OPTIONS)
    assert found.verdict == "fail"
    assert "TMPDIR" in told(found)


def test_a_disk_that_is_nearly_full(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**10, 10**10, 10**8))
    for check in (home, temporary):
        found = check(OPTIONS)
        assert found.verdict == "warn"
        assert "0.1 GB" in found.found.en


def test_an_empty_store(folder: Path) -> None:
    found = models(OPTIONS)
    assert found.verdict == "ok"
    assert found.facts["default"] == "bundled"
    assert "only the bundled model" in found.found.en
    assert not folder.exists()


def test_models_that_are_whole_cut_short_and_altered(folder: Path) -> None:
    store = Store()
    whole, short, altered = (install(store, f"o/{name}") for name in ("well", "short", "altered"))
    found = models(OPTIONS)
    assert found.verdict == "ok"
    assert len(found.facts["installed"]) == 3
    (short.folder / "audio.onnx").write_bytes(b"graph")
    graph = altered.folder / "audio.onnx"
    graph.write_bytes(graph.read_bytes()[:-1] + b"x")
    found = models(OPTIONS)
    assert found.verdict == "fail"
    assert set(found.facts["damaged"]) == {str(short.folder), str(altered.folder)}
    assert str(whole.folder) not in found.found.en
    assert "cut short" in found.found.en
    assert "audio.onnx" in found.found.zh
    assert "anysound models remove o/short --yes && anysound models pull o/short" in told(found)
    assert "anysound models pull o/altered" in told(found)


def test_a_damaged_model_that_came_from_a_folder(folder: Path) -> None:
    model = install(Store(), "local/mine")
    (model.folder / "manifest.json").write_text("{")
    found = models(OPTIONS)
    assert found.verdict == "fail"
    assert "models remove local/mine --yes && anysound models pull FOLDER" in told(found)


def test_a_download_that_is_not_finished(folder: Path) -> None:
    part = Store().downloads / "laion--clap" / "model.safetensors.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(bytes(3_000_000))
    found = models(OPTIONS)
    assert found.verdict == "warn"
    assert found.facts["unfinished_bytes"] == 3_000_000
    assert "anysound models pull" in told(found)


def test_a_model_that_is_asked_for_and_not_installed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANYSOUND_MODEL", "o/m")
    found = models(OPTIONS)
    assert found.verdict == "warn"
    assert "anysound models pull o/m" in told(found)
    install(Store(), "o/m")
    assert models(OPTIONS).verdict == "ok"
