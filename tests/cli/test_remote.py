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
    ):
        result = run(*arguments)
        assert result.exit_code == 2, arguments
        assert "results are written on this machine, not to a URL" in result.stderr


def test_an_index_in_a_bucket(
    run: Run, bucket: Bucket, recording: Path, url: str, tmp_path: Path
) -> None:
    there, here = f"{bucket.url}/archive", tmp_path / "archive"
    assert run("index", "add", there, url, "--workers", "1").exit_code == 0
    assert run("index", "add", here, url, "--workers", "1").exit_code == 0
    for verb in (["label", "-l", LABELS, "--json"], ["search", "250 Hz", "--json"], ["verify"]):
        name, *more = verb
        assert run("index", name, there, *more).stdout == run("index", name, here, *more).stdout
    assert json.loads(run("index", "info", there, "--json").stdout)["recordings"] == 1
    table = tmp_path / "table.csv"
    done = run("batch", bucket.url + "/rec", "-l", LABELS, "-o", table, "--index", there)
    assert done.exit_code == 0
    assert "a.wav,low" in table.read_text(encoding="utf-8-sig")
    assert json.loads((tmp_path / "table.csv.params.json").read_text("utf-8"))["index"] == there
    assert run("index", "export", there, "-o", tmp_path / "all.npz").exit_code == 0
    assert run("index", "optimize", there).exit_code == 0
    assert run("index", "remove", there, url).exit_code == 0
    assert run("index", "similar", there).exit_code == 0
    refused = run("index", "info", "https://host/archive")
    assert refused.exit_code == 2
    assert "an index can't lie there" in refused.stderr
