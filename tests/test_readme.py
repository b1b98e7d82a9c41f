"""What both READMEs promise is there."""

import re
from pathlib import Path

import numpy as np
import pytest
from typer.main import get_command

from anysound import Classification, Classifier
from anysound.cli.app import app
from anysound.labels import parse_labels

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")


def blocks(name: str, language: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.M | re.S)


@pytest.mark.parametrize("name", READMES)
def test_label_examples_parse(name: str) -> None:
    (examples,) = blocks(name, "text")
    for line in examples.splitlines():
        assert len(parse_labels(line)) >= 2, line


@pytest.mark.parametrize("name", READMES)
def test_commands_and_their_options_exist(name: str) -> None:
    commands = get_command(app).commands
    called = re.findall(r"^anysound (\w+)(.*)", "".join(blocks(name, "sh")), flags=re.M)
    assert {command for command, _ in called} == set(commands)
    for command, arguments in called:
        known = {option for parameter in commands[command].params for option in parameter.opts}
        without_quoted = re.sub(r'"[^"]*"', "", arguments)
        assert set(re.findall(r"(?<= )--?\w[\w-]*", without_quoted)) <= known


@pytest.mark.parametrize("name", READMES)
def test_make_targets_exist(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", "".join(blocks(name, "sh")), flags=re.M):
        assert re.search(rf"^{target}:", makefile, flags=re.M), target


@pytest.mark.parametrize("name", [*READMES, "training/README.md", "docs/structure.md"])
def test_links_lead_somewhere(name: str) -> None:
    path = ROOT / name
    for link in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if "://" not in link:
            assert (path.parent / link).exists(), link


@pytest.mark.parametrize("name", READMES)
def test_python_example_runs(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    classify = Classifier.classify
    noise = np.random.default_rng(0).standard_normal(32_000).astype(np.float32) * 0.1

    def on_noise(self: Classifier, recording: str, labels: str) -> Classification:
        assert recording.endswith(".m4a")  # the example's file is the reader's own
        return classify(self, (noise, 32_000), labels)

    monkeypatch.setattr(Classifier, "classify", on_noise)
    (code,) = blocks(name, "python")
    exec(code, {})
    assert capsys.readouterr().out.split()[-1] in ("match", "ambiguous", "none")
