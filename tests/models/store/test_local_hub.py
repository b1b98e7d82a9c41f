"""The local hub by itself, as benchmarks start it."""

import subprocess
import sys
from pathlib import Path

from anysound.models.store import PullOptions, Store, pull
from anysound.models.store.hub import Hub
from tests.models.store.making import ID, build, write_checkpoint

ROOT = Path(__file__).parents[3]


def test_it_serves_a_folder_until_it_is_stopped(store: Store, tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "repos" / ID)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.models.hub", str(tmp_path / "repos")],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        model = pull(ID, store, PullOptions(build=build, hub=Hub(endpoint=url)))
    finally:
        process.terminate()
        process.communicate()
    assert store.check(model) == ()


def test_it_says_how_it_is_called() -> None:
    found = subprocess.run(
        [sys.executable, "-m", "tests.models.hub"], capture_output=True, text=True, cwd=ROOT
    )
    assert found.returncode == 1
    assert "FOLDER" in found.stderr
