"""What the Dockerfiles name is there, and they keep what they promise without being built."""

import fnmatch
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
INSTRUCTION = re.compile(r"^([A-Z]+) (.*)")


def instructions(name: str) -> list[tuple[str, str]]:
    text = (ROOT / name).read_text("utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    joined = lines.replace("\\\n", " ")
    return [match.groups() for line in joined.splitlines() if (match := INSTRUCTION.match(line))]


def copied() -> list[str]:
    words = [rest.split() for kind, rest in instructions("Dockerfile") if kind == "COPY"]
    return [name for each in words if not each[0].startswith("--from") for name in each[:-1]]


def test_what_is_copied_is_there_and_sent_to_the_engine() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    sent = {line[1:] for line in lines if line.startswith("!")}
    assert len(copied()) >= 8
    for name in copied():
        assert (ROOT / name).exists()
        assert any(fnmatch.fnmatch(name, each) or name.startswith(f"{each}/") for each in sent)


@pytest.mark.parametrize("name", ["Dockerfile", "Dockerfile.gpu"])
def test_it_does_not_run_as_root(name: str) -> None:
    users = [rest for kind, rest in instructions(name) if kind == "USER"]
    assert users[-1] == "anysound"


def test_requirements_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    run = subprocess.run(
        [sys.executable, "container/requirements.py", "web,map"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    needed = run.stdout.splitlines()
    extras = project["optional-dependencies"]
    assert set(project["dependencies"]) < set(needed)
    assert set(extras["web"]) <= set(needed)
    assert set(extras["index"]) <= set(needed)  # which `map` names
    assert not [each for each in needed if each.startswith("anysound")]


def test_compose_runs_what_the_dockerfile_makes() -> None:
    service = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]["anysound"]
    exposed = next(rest for kind, rest in instructions("Dockerfile") if kind == "EXPOSE")
    assert service["ports"] == [f"127.0.0.1:{exposed}:{exposed}"]
    settings = " ".join(rest for kind, rest in instructions("Dockerfile") if kind == "ENV")
    home = re.search(r"ANYSOUND_HOME=(\S+)", settings)
    assert home
    assert f"models:{home[1]}" in service["volumes"]
    assert service["read_only"] is True
