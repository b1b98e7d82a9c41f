"""The calls that were documented before there was a command, as they stand in the image."""

import csv
import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.patience import PATIENCE
from tests.server.making import wav_tone
from tests.server.running import free_port

CONTAINER = Path(__file__).parents[2] / "container"


def environment(home: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ANYSOUND_")}
    return {**kept, "ANYSOUND_HOME": str(home), "ANYSOUND_LANG": "en", "PYTHONUNBUFFERED": "1"}


def test_a_folder_becomes_a_table(tmp_path: Path) -> None:
    audio, table = tmp_path / "audio", tmp_path / "results.csv"
    audio.mkdir()
    for frequency in (440, 1000):
        (audio / f"{frequency}.wav").write_bytes(wav_tone(frequency))
    labels = "轴承干摩擦尖啸声(高频持续), 齿轮断齿撞击声(短促咔哒)"
    call = ["cli_batch.py", "--audio_dir", audio, "--labels", labels, "--output_csv", table]
    run = subprocess.run(
        [sys.executable, *map(str, call)],
        cwd=CONTAINER,
        env=environment(tmp_path / "home"),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")  # or Excel would not show Chinese
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {Path(row["recording"]).name for row in rows} == {"440.wav", "1000.wav"}
    assert all(row["label"] and row["label"] in labels for row in rows)
    assert all(0.5 <= float(row["probability"]) <= 1 for row in rows)  # of two labels


@pytest.mark.parametrize("missing", ["--audio_dir", "--labels", "--output_csv"])
def test_what_is_missing_is_named(tmp_path: Path, missing: str) -> None:
    call = {"--audio_dir": "a", "--labels": "rain", "--output_csv": "r.csv"}
    del call[missing]
    arguments = [word for pair in call.items() for word in pair]
    run = subprocess.run(
        [sys.executable, "cli_batch.py", *arguments],
        cwd=CONTAINER,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 2
    assert missing in run.stderr


@pytest.mark.slow
def test_the_page_is_served_at_a_port(tmp_path: Path) -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "app.py", "--port", str(port)],
        cwd=CONTAINER,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert f":{port}" in process.stdout.readline()
        _wait_until_ready(port)
        assert "anysound" in httpx.get(f"http://127.0.0.1:{port}/", timeout=PATIENCE).text
        check = [sys.executable, str(CONTAINER / "healthcheck.py")]
        ports = {"ANYSOUND_PORT": str(port)}
        assert subprocess.run(check, env={**os.environ, **ports}, timeout=60).returncode == 0
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)
    assert subprocess.run(check, env={**os.environ, **ports}, capture_output=True).returncode != 0


def _wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=PATIENCE).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        assert time.monotonic() < deadline
        time.sleep(0.2)
