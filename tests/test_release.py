"""What goes out with a version says one thing everywhere, and leaves nothing out."""

import re
import tomllib
from importlib.metadata import metadata
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
import yaml

import anysound

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_version_is_written_once_and_told_by_all() -> None:
    assert "version" in PROJECT["dynamic"]
    assert "version" not in PROJECT
    newest = re.search(r"^## \[([^\]]+)\]", text("CHANGELOG.md"), flags=re.M)
    assert newest
    assert newest[1] == anysound.__version__
    assert citation()["version"] == anysound.__version__


def test_the_changelog_has_the_form_that_it_names() -> None:
    changelog = text("CHANGELOG.md")
    kinds = set(re.findall(r"^### (.+)$", changelog, flags=re.M))
    allowed = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Known limits"}
    assert kinds <= allowed
    assert re.findall(r"^## (.+)$", changelog, flags=re.M)[0] == "[0.1.0] - unreleased"


def citation() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(text("CITATION.cff"))
    return found


def test_the_citation_has_what_its_format_asks_for() -> None:
    """Citation File Format 1.2.0: required keys, and no key that it doesn't know."""
    found = citation()
    known = {"cff-version", "message", "type", "title", "abstract", "authors", "version"}
    known |= {"license", "keywords", "references", "doi", "url", "repository-code", "date-released"}
    assert {"cff-version", "message", "title", "authors"} <= set(found) <= known
    assert found["cff-version"] == "1.2.0"
    assert found["type"] == "software"
    assert all("name" in author or "family-names" in author for author in found["authors"])
    assert found["license"] in PROJECT["license"]
    for reference in found["references"]:
        assert {"type", "title", "authors"} <= set(reference)
        assert re.fullmatch(r"10\.\d{4,9}/\S+", reference["doi"])
        assert isinstance(reference["year"], int)
    assert all(isinstance(word, str) for word in found["keywords"])


def test_each_promise_of_security_names_tests_that_there_are() -> None:
    rows = re.findall(r"^\| (.+?) \| (`tests/.+) \|$", text("SECURITY.md"), flags=re.M)
    assert len(rows) >= 18
    for promise, named in rows:
        tests = re.findall(r"`([^`]+)::(\w+)`", named)
        assert tests, promise
        for file, function in tests:
            assert re.search(rf"^(async )?def {function}\(", text(file), flags=re.M), function


def test_what_pip_installs_is_listed_with_its_licence() -> None:
    listed = dict(re.findall(r"^\| ([\w-]+) \| (.+?) \|$", text("THIRD_PARTY.md"), flags=re.M))
    needed = [re.split(r"[<>=\[ ]", line)[0] for line in PROJECT["dependencies"]]
    assert set(listed) - {"package"} == set(needed)
    for name in needed:
        said = metadata(name)["License-Expression"] or ""
        for identifier in re.split(r" AND | OR |[()]", said):
            assert identifier in listed[name], (name, said)


def test_what_was_made_from_others_work_is_named_file_by_file() -> None:
    """All that isn't code is either on the list, or on this one of what was written here."""
    third = text("THIRD_PARTY.md")
    own = {"py.typed", "CARD.md", "LICENSE", "model.json"}
    own |= {"concepts.tsv", "qualities.tsv", "words.tsv", "words.yaml"}  # tools/make_lexicon.py
    package = ROOT / "src" / "anysound"
    kinds = (".py", ".js", ".css", ".html", ".svg", ".pyc")  # written here: SPDX of none of them
    for path in package.rglob("*"):
        if path.is_file() and path.suffix not in kinds and path.name not in own:
            assert path.name in third, path
    for script in (*package.rglob("*.js"), *package.rglob("*.css"), *package.rglob("*.html")):
        assert not re.search(r"copyright|licen[cs]ed|@license", script.read_text("utf-8"), re.I)


def targets() -> list[str]:
    return re.findall(r"^([a-z][a-z-]*):(?!=)", text("Makefile"), flags=re.M)


def test_make_help_lists_each_target() -> None:
    assert len(targets()) >= 10
    done = run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = re.findall(r"^make ([a-z-]+) +(\S.*)$", done.stdout, flags=re.M)
    assert [name for name, _ in listed] == targets()
    assert run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout == done.stdout


def test_each_target_is_phony_and_can_be_made() -> None:
    (phony,) = re.findall(r"^\.PHONY: (.+)$", text("Makefile"), flags=re.M)
    assert sorted(phony.split()) == sorted(targets())
    for target in targets():
        run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, check=True)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "SECURITY.md", "THIRD_PARTY.md"])
def test_links_of_what_goes_out_lead_somewhere(name: str) -> None:
    for link in re.findall(r"\]\(([^)#]+)", text(name)):
        assert "://" in link or (ROOT / link).exists(), link
