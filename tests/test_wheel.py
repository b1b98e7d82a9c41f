"""The wheel holds what the program needs, and nothing heavy is asked for by the core."""

import subprocess
import sys
import zipfile
from importlib.metadata import requires
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "anysound"


def test_the_wheel_holds_every_file_of_the_package(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "anysound/models/bundled/weights/audio.onnx" in wanted
    assert wanted <= held


def test_the_core_asks_for_nothing_heavy() -> None:
    core = [entry.lower() for entry in requires("anysound") or [] if "extra ==" not in entry]
    for heavy in ("torch", "transformers", "gradio", "fastapi", "ray", "lance"):
        assert not any(entry.startswith(heavy) for entry in core)
