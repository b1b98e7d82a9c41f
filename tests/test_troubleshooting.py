"""The troubleshooting chapter knows every check, and every command in it is there."""

import re
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from anysound.cli.app import app
from anysound.doctor import CHECKS
from anysound.doctor.sound import _FORMATS
from tests.cli.running import ROOT

CHAPTERS = ("docs/troubleshooting.md", "docs/troubleshooting.zh-CN.md")


def chapter(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CHAPTERS)
def test_each_check_is_told_of_and_none_that_there_is_not(name: str) -> None:
    told = re.findall(r"\*\*`([^`]+)`\*\*", chapter(name))
    assert set(told) == set(CHECKS)
    table = re.findall(r"^\| \*\*`(\w+)`\*\* \|", chapter(name), flags=re.M)
    assert table == list(CHECKS)
    assert all(told.count(check) > 1 for check in CHECKS), "a check that no chapter needs"


def test_as_many_formats_are_tried_as_it_says() -> None:
    assert len(_FORMATS) == 16
    assert "sixteen formats" in chapter(CHAPTERS[0])
    assert "十六种格式" in chapter(CHAPTERS[1])


def test_both_chapters_have_the_same_cases() -> None:
    english, chinese = (chapter(name).count("\n## ") for name in CHAPTERS)
    assert english == chinese >= 11
    assert chapter(CHAPTERS[0]).count("**The doctor says**") == english - 1
    assert chapter(CHAPTERS[1]).count("**doctor 会说") == chinese - 1


@pytest.mark.parametrize("name", CHAPTERS)
def test_commands_and_their_options_exist(name: str) -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    called = re.findall(r"anysound ([a-z]+)((?: [^`\n]*)?)", " ".join(_code(chapter(name))))
    assert len(called) > 15
    for command, arguments in called:
        named = commands[command]
        if isinstance(named, TyperGroup):
            name_of_sub, _, arguments = arguments.strip().partition(" ")
            named = named.commands[name_of_sub]
        known = {each for one in named.params for each in (*one.opts, *one.secondary_opts)}
        without_quoted = re.sub(r'"[^"]*"', "", arguments)
        assert set(re.findall(r"(?<= )--?[a-z][\w-]*", without_quoted)) <= known, command


def _code(text: str) -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", text, flags=re.M | re.S)
    lines = [line for block in blocks for line in block.splitlines()]
    spans = re.findall(r"`(anysound [^`]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
    return [f"{each}\n" for each in (*lines, *(" ".join(span.split()) for span in spans))]


def test_every_chapter_of_the_docs_has_its_other_language() -> None:
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"structure.md"}
    english = {name for name in pages if not name.endswith(".zh-CN.md")}
    assert pages - english == {f"{Path(name).stem}.zh-CN.md" for name in english}
