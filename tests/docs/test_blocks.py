"""Every code block of the documentation is run, or read as what it would be given to."""

import configparser
import json
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import dropwhile
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from anysound import Classifier
from anysound.cli.app import app
from anysound.labels import read_label_text
from anysound.language import use
from anysound.live import ListenOptions, LiveEvent, LiveSource, Microphone
from tests.docs.blocks import PAGES, ROOT, blocks, command_lines, furnish, is_chinese

ELSEWHERE = {
    *("apt", "arecord", "curl", "docker", "export", "gzip", "mkdir"),
    *("python", "python3", "ray", "sudo"),
}
"""Programs that are not this project's: their calls are run by tests of their own, or can't be."""

NOT_HERE = re.compile(r"://|^laion/|^Helsinki-NLP/|^ray$|^serve$|^listen$|^-$")
"""Of a command with such a word only the usage is checked: it needs a hub, a cluster, a bucket, a
microphone, or goes on for ever."""

PAGES_WITH_COMMANDS = [page for page in PAGES if blocks(page, "sh", "bash", "console")]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANYSOUND_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.mark.parametrize("page", PAGES_WITH_COMMANDS)
def test_commands(page: str, place: Path) -> None:
    furnish(place, page)
    for block in blocks(page, "sh", "bash", "console"):
        for words in command_lines(block):
            program, *arguments = list(dropwhile(_is_variable, words)) or [""]
            program = Path(program).name  # of an environment: fresh/bin/anysound
            if program == "anysound":
                _run(arguments)
            elif program == "make":
                _check_target(arguments[0])
            elif program == "pip":
                _check_extras(arguments)
            else:
                assert program in ELSEWHERE | {""}, f"nobody checks this call: {words}"
                if arguments[:1] == ["-m"] and arguments[1] != "venv":
                    assert _module(arguments[1]).exists(), words


def _is_variable(word: str) -> bool:
    return re.match(r"[A-Z_]+=", word) is not None


def _run(arguments: list[str]) -> None:
    if any(NOT_HERE.search(word) for word in arguments):
        _check_usage(arguments)
        return
    expanded = [word for each in arguments for word in _expanded(each)]
    done = CliRunner().invoke(app, expanded, input="q\n")
    assert done.exit_code == 0, (arguments, done.output)


def _expanded(word: str) -> list[str]:
    found = sorted(map(str, Path().glob(word))) if word.startswith("*") else []
    return found or [word]


def _check_usage(arguments: list[str]) -> None:
    command: Any = get_command(app)
    while isinstance(command, TyperGroup):
        name, *arguments = arguments
        command = command.commands[name]
    with command.make_context(command.name, list(arguments)):
        pass


def _check_target(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{name}:", makefile, flags=re.M), name


def _check_extras(arguments: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for extras in re.findall(r"anysound\[([\w,]+)\]", " ".join(arguments)):
        assert set(extras.split(",")) <= set(project["optional-dependencies"]), extras


def _module(name: str) -> Path:
    return ROOT / (name.replace(".", "/") + ".py")


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "console")])
def test_what_commands_answer(page: str, place: Path) -> None:
    """Figures, which change with the model, are left out of the comparison; nothing else is."""
    furnish(place, page)
    for block in blocks(page, "console"):
        for call, answer in _calls(block.text):
            (words,) = command_lines(type(block)(page, "sh", call))
            if any(NOT_HERE.search(word) for word in words):
                continue
            with use("zh" if is_chinese(page) else "en"):
                done = CliRunner().invoke(app, words[1:])
            assert _masked(done.stdout) == _masked(answer), call


def _calls(text: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^ *\$ ", text, flags=re.M)[1:]:
        call, answer = re.match(r"((?:.*\\\n)*.*)\n((?:.*\n)*)", part).groups()  # type: ignore[union-attr]
        yield call, answer


def _masked(text: str) -> list[str]:
    lines = [re.sub(r"[█#]+|[0-9a-f]{12}|-?\d+\.\d+", "…", line) for line in text.splitlines()]
    return [re.sub(r"\s+", " ", line).strip() for line in lines if line.strip()]


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")])
def test_python(page: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    furnish(place, page)
    monkeypatch.setattr(Classifier, "listen", _listen)
    known: dict[str, Any] = {}
    for block in blocks(page, "python"):
        if "://" not in block.text:
            exec(block.text, known)
        else:
            compile(block.text, page, "exec")  # run by the tests of the server and of storage


def _listen(
    self: Classifier, source: LiveSource, labels: str, options: ListenOptions
) -> Iterator[LiveEvent]:
    """Hear something; there is no microphone here, which has tests of its own."""
    assert isinstance(source, Microphone)
    assert options.hold
    yield LiveEvent(
        "start", 1, source.name, labels.split(",")[0], 1.0, None, 0.9, datetime.now(UTC)
    )


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "yaml", "json", "ini")])
def test_files(page: str) -> None:
    for block in blocks(page, "yaml"):
        content = yaml.safe_load(block.text)
        assert content
        if "labels" in content:
            assert len(read_label_text(block.text)) > 1
    for block in blocks(page, "json"):
        for line in block.text.splitlines() if "\n{" in block.text else [block.text]:
            assert json.loads(line)
    for block in blocks(page, "ini"):
        parser = configparser.ConfigParser(strict=False, interpolation=None)
        parser.read_string(re.sub(r"\\\n\s*", " ", block.text))
        command = parser["Service"]["ExecStart"].split()
        assert Path(command[0]).name == "anysound"
        _check_usage(command[1:])
