"""The proof of the Dockerfile itself takes minutes and root; here is only when it doesn't run."""

import os
import subprocess
import sys
from pathlib import Path

from container.prove import NOT_HERE, base_of

ROOT = Path(__file__).parents[2]


def test_a_machine_without_the_tools_is_told_which_are_missing(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "container.prove", "--work", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == NOT_HERE, run.stderr
    assert run.stdout.startswith("skipped: not installed: buildah, debootstrap")


def test_the_base_is_one_that_a_stand_in_can_be_made_for() -> None:
    assert base_of(ROOT / "Dockerfile").startswith("debian:")
