"""Nobody is told that anysound is used: by anysound, or by what it is made of."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

CLASSIFY = """
import numpy as np
from anysound import Classifier
noise = np.random.default_rng(0).normal(0, 0.1, 32000).astype(np.float32)
classifier = Classifier("bundled")
classifier.classify((noise, 32000), "rain, dog barking")
"""
SERVE = (
    CLASSIFY
    + """
from fastapi.testclient import TestClient
from anysound.server import ServerOptions
from anysound.server.app import create_app
from tests.server.making import wav_tone
with TestClient(create_app(classifier, ServerOptions()), base_url="http://localhost") as client:
    assert client.get("/config").is_success
    sent = {"files": {"file": ("a.wav", wav_tone(1000))}, "data": {"labels": "rain, beep"}}
    assert client.post("/v1/classify", **sent).is_success
"""
)


def environment(folder: Path) -> dict[str, str]:
    """One in which nobody has asked for silence; all that is left behind lies in a folder."""
    # No more than is needed: on machines that build and test, onnxruntime is silent of itself.
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return {**kept, "HOME": str(folder), "TMPDIR": str(folder), "ANYSOUND_HOME": str(folder)}


def run(command: list[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, cwd=ROOT, env=environment(folder), capture_output=True, text=True
    )


def test_nothing_is_left_on_the_disk(tmp_path: Path) -> None:
    """What would be told waits there, beside an identifier of the machine."""
    asked = [sys.executable, "-B", "-c", CLASSIFY]
    done = subprocess.run(
        asked, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert [*tmp_path.rglob("*")] == []


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
def test_nothing_is_connected_to(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    watch = [
        "strace",
        "-f",
        "-qq",
        "--seccomp-bpf",
        "-e",
        "trace=connect,sendto,sendmsg",
        "-o",
        str(trace),
    ]
    done = run([*watch, sys.executable, "-B", "-c", SERVE], tmp_path)
    assert done.returncode == 0, done.stderr
    asked = re.findall(r"sa_family=AF_INET6?.*", trace.read_text(errors="replace"))
    assert [each for each in asked if "127.0.0.1" not in each and "::1" not in each] == []


def test_whoever_wants_otherwise_may(tmp_path: Path) -> None:
    code = "import os, anysound; print(os.environ['RAY_USAGE_STATS_ENABLED'])"
    wanted = {**environment(tmp_path), "RAY_USAGE_STATS_ENABLED": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=wanted, capture_output=True, text=True)
    assert done.stdout == "1\n"
