"""The command line over object storage."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tests.batch.making import LABELS, write_tone
from tests.storage import Bucket

Run = Callable[..., Result]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    write_tone(tmp_path / "a.wav", 250, seconds=5)
    return tmp_path / "a.wav"


@pytest.fixture
def url(bucket: Bucket, recording: Path) -> str:
    return bucket.put("rec/a.wav", recording.read_bytes())


@pytest.mark.parametrize("command", ["classify", "timeline"])
def test_the_answer_is_that_of_the_file(run: Run, recording: Path, url: str, command: str) -> None:
    here = run(command, recording, "-l", LABELS, "--json")
    there = run(command, url, "-l", LABELS, "--json")
    assert (there.exit_code, here.exit_code) == (0, 0)
    assert json.loads(there.stdout.splitlines()[0])["label"] == "low"
    assert there.stdout.replace(url, str(recording)) == here.stdout


def test_what_goes_wrong_is_said_in_a_line(run: Run, bucket: Bucket, url: str) -> None:
    result = run("classify", f"{bucket.url}/gone.wav", url, "-l", LABELS, "--json")
    assert result.exit_code == 1
    first, second = map(json.loads, result.stdout.splitlines())
    assert "there is nothing at this address" in first["error"]
    assert second["label"] == "low"
    result = run("timeline", "nosuch://a.wav", "-l", LABELS)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: nosuch://a.wav: anysound knows no such protocol.")


def test_outputs_stay_here(run: Run, url: str, tmp_path: Path) -> None:
    for arguments in (
        ("batch", url, "-l", LABELS, "-o", "s3://bucket/out.csv"),
        ("timeline", url, "-l", LABELS, "-o", "s3://bucket/out.csv"),
        ("timeline", url, "-l", LABELS, "--clips", "s3://bucket/clips"),
        ("index", "add", "s3://bucket/index", url),
    ):
        result = run(*arguments)
        assert result.exit_code == 2, arguments
        assert "results are written on this machine, not to a URL" in result.stderr
