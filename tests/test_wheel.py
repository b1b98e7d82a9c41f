"""The wheel holds what the program needs, and works where nothing else is installed."""

import json
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from importlib.metadata import requires
from pathlib import Path

import pytest

from anysound.sounds import example_wav

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "anysound"
HEAVY = ("torch", "transformers", "gradio", "fastapi", "ray", "lance", "matplotlib", "pyarrow")

_TYPED = """
from anysound import Classifier
reveal_type(Classifier().classify("kitchen.m4a", "a, b").label)
"""


def test_the_wheel_holds_every_file_of_the_package(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "anysound/models/bundled/weights/audio.onnx" in wanted
    assert wanted <= held


def test_the_core_asks_for_nothing_heavy() -> None:
    core = [entry.lower() for entry in requires("anysound") or [] if "extra ==" not in entry]
    for heavy in HEAVY:
        assert not any(entry.startswith(heavy) for entry in core)


@dataclass(frozen=True)
class Built:
    """What ``python -m build`` makes."""

    sdist: Path
    wheel: Path

    @property
    def names(self) -> set[str]:
        return set(zipfile.ZipFile(self.wheel).namelist())

    def read(self, ending: str) -> bytes:
        (name,) = (name for name in self.names if name.endswith(ending))
        return zipfile.ZipFile(self.wheel).read(name)

    @property
    def metadata(self) -> Message:
        return message_from_bytes(self.read(".dist-info/METADATA"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The source distribution, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return Built(sdist, wheel)


together = pytest.mark.xdist_group("wheel")


@pytest.mark.slow
@together
def test_licences_the_card_and_types_are_in_the_wheel(built: Built) -> None:
    licences = {name for name in built.names if ".dist-info/licenses/" in name}
    assert {name.partition("licenses/")[2] for name in licences} == {
        "LICENSE",
        "THIRD_PARTY.md",
        "src/anysound/models/bundled/weights/LICENSE",
    }
    assert b"Apache License" in built.read("licenses/LICENSE")
    assert b"CC BY-SA 4.0" in built.read("licenses/src/anysound/models/bundled/weights/LICENSE")
    assert b"Sun Junyi" in built.read("licenses/THIRD_PARTY.md")
    assert b"## Data" in built.read("weights/CARD.md")
    assert "anysound/py.typed" in built.names
    top = {name.partition("/")[0] for name in built.names}
    assert all(name == "anysound" or name.endswith(".dist-info") for name in top)


@pytest.mark.slow
@together
def test_the_wheel_says_what_it_is(built: Built) -> None:
    told = built.metadata
    assert told["Name"] == "anysound"
    assert told["License-Expression"] == "Apache-2.0 AND CC-BY-SA-4.0"
    assert told["Requires-Python"] == ">=3.11"
    assert told["Description-Content-Type"] == "text/markdown"
    assert "Write down the sounds" in str(told.get_payload())
    classifiers = told.get_all("Classifier") or []
    for wanted in ("Typing :: Typed", "Natural Language :: Chinese (Simplified)"):
        assert wanted in classifiers
    done = subprocess.run(
        [sys.executable, "-m", "twine", "check", "--strict", built.wheel, built.sdist],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@together
def test_the_source_holds_what_builds_and_tests_it(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    for wanted in (
        "Makefile",
        "CHANGELOG.md",
        "SECURITY.md",
        "CITATION.cff",
        "tests/test_wheel.py",
    ):
        assert wanted in held
    assert not [name for name in held if "__pycache__" in name or name.startswith(".venv")]


@dataclass(frozen=True)
class Empty:
    """An environment that had nothing in it before the wheel came."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "venv" / "bin" / "python"

    def run(self, *command: str | Path) -> "subprocess.CompletedProcess[str]":
        """Run a program of the environment, which sees none of the tests' own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        own = {"ANYSOUND_HOME": str(self.folder / "home"), "LANG": "C.UTF-8"}
        return subprocess.run(
            [self.folder / "venv" / "bin" / command[0], *command[1:]],
            cwd=self.folder,
            env={**kept, **own},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def empty(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Empty]:
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder / "venv", with_pip=True)
    empty = Empty(folder)
    done = empty.run("python", "-m", "pip", "install", "--quiet", built.wheel)
    assert done.returncode == 0, done.stderr
    return empty


@pytest.mark.slow
@together
def test_it_answers_in_chinese_with_nothing_but_its_core(empty: Empty) -> None:
    (empty.folder / "警报.wav").write_bytes(example_wav("alarm"))
    labels = "狗叫声, 烟雾报警器, 下雨声"
    done = empty.run("anysound", "classify", "警报.wav", "-l", labels, "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["recording"], answer["label"]) == ("警报.wav", "烟雾报警器")
    assert answer["verdict"] == "match"
    from anysound import __version__

    assert empty.run("anysound", "--version").stdout == f"anysound {__version__}\n"


@pytest.mark.slow
@together
def test_the_doctor_finds_it_well(empty: Empty) -> None:
    done = empty.run("anysound", "doctor", "--offline", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 0, report
    checks = {check["name"]: check for check in report["checks"]}
    for name in ("python", "packages", "bundled", "decoders"):
        assert checks[name]["verdict"] == "ok", checks[name]
    assert checks["extras"]["facts"]["installed"] == []
    assert checks["microphone"]["verdict"] == checks["fonts"]["verdict"] == "skipped"
    assert 'pip install "anysound[web]"' in checks["extras"]["advice"]


@pytest.mark.slow
@together
def test_nothing_heavy_came_with_it(empty: Empty) -> None:
    listed = json.loads(empty.run("python", "-m", "pip", "list", "--format", "json").stdout)
    names = {each["name"].lower() for each in listed}
    assert "anysound" in names
    assert names & set(HEAVY) == set()
    assert empty.run("python", "-m", "pip", "check").returncode == 0
    size = sum(path.stat().st_size for path in (empty.folder / "venv").rglob("*") if path.is_file())
    assert size < 700_000_000


@pytest.mark.slow
@together
def test_its_types_reach_those_who_use_it(empty: Empty) -> None:
    (empty.folder / "mine.py").write_text(_TYPED)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--python-executable", empty.python, "mine.py"],
        cwd=empty.folder,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 'Revealed type is "str"' in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0, done.stdout
