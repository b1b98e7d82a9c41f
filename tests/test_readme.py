"""What both READMEs promise is there."""

import re
from pathlib import Path

import numpy as np
import pytest
from typer.core import TyperGroup
from typer.main import get_command

from anysound import Classification, Classifier
from anysound.cli.app import app
from anysound.labels import parse_labels
from anysound.labels.lint import check_wording
from anysound.labels.translation import LexiconTranslator
from anysound.timeline import Timeline, TimelineOptions

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
def test_label_examples_are_answered(name: str) -> None:
    """By the model that ships; and each has English for a model that reads no Chinese."""
    noise = np.random.default_rng(0).standard_normal(64_000).astype(np.float32) * 0.1
    (examples,) = blocks(name, "text")
    classifier, translate = Classifier("bundled"), LexiconTranslator().translate
    for line in examples.splitlines():
        labels = parse_labels(line)
        answer = classifier.classify((noise, 32_000), labels)
        assert {score.label for score in answer.scores} == {label.name for label in labels}
        assert not [f for f in check_wording(labels) if f.labels], line
        for phrase in [phrase for label in labels for phrase in (*label.phrases, *label.avoid)]:
            assert translate(phrase).unknown == (), phrase


@pytest.mark.parametrize("name", READMES)
def test_placed_and_avoiding_labels_are_read_as_the_table_says(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*) \| .* \|$", text, flags=re.M)
    placed, avoiding, grouped = (re.findall(r"`([^`]+)`", row) for row in rows[:3])
    for example in placed[:4]:
        (label,) = parse_labels(example)
        assert label.when, example
    (label,) = parse_labels(avoiding[0])
    assert label.avoid
    assert all(label.group for label in parse_labels(grouped[0]))


@pytest.mark.parametrize("name", READMES)
def test_commands_and_their_options_exist(name: str) -> None:
    commands = get_command(app).commands
    called = re.findall(r"^anysound (\w+)(.*)", "".join(blocks(name, "sh")), flags=re.M)
    assert {command for command, _ in called} == set(commands)
    for command, arguments in called:
        named = commands[command]
        if isinstance(named, TyperGroup):
            name_of_sub, _, arguments = arguments.strip().partition(" ")
            named = named.commands[name_of_sub]
        known = {option for parameter in named.params for option in parameter.opts}
        without_quoted = re.sub(r'"[^"]*"', "", arguments)
        assert set(re.findall(r"(?<= )--?\w[\w-]*", without_quoted)) <= known


@pytest.mark.parametrize("name", READMES)
def test_make_targets_exist(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", "".join(blocks(name, "sh")), flags=re.M):
        assert re.search(rf"^{target}:", makefile, flags=re.M), target


@pytest.mark.parametrize(
    "name", [*READMES, "training/README.md", *map(str, (ROOT / "docs").glob("*.md"))]
)
def test_links_lead_somewhere(name: str) -> None:
    path = ROOT / name
    for link in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if "://" not in link:
            assert (path.parent / link).exists(), link


@pytest.mark.parametrize("name", READMES)
def test_python_examples_run(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    classify, timeline = Classifier.classify, Classifier.timeline
    noise = np.random.default_rng(0).standard_normal(128_000).astype(np.float32) * 0.1

    def classify_noise(self: Classifier, recording: str, labels: str) -> Classification:
        assert recording.endswith(".m4a")  # the example's file is the reader's own
        return classify(self, (noise, 32_000), labels)

    def follow_noise(self: Classifier, recording: str, labels: str) -> Timeline:
        assert recording.endswith(".mp3")
        return timeline(self, (noise, 32_000), labels, TimelineOptions(threshold=1e-6))

    monkeypatch.setattr(Classifier, "classify", classify_noise)
    monkeypatch.setattr(Classifier, "timeline", follow_noise)
    first, second = blocks(name, "python")
    exec(first, {})
    assert capsys.readouterr().out.split()[-1] in ("match", "ambiguous", "none")
    exec(second, {"Classifier": Classifier})
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 2
    assert all(float(line.split()[0]) < float(line.split()[1]) for line in lines)
