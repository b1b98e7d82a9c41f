import json
from pathlib import Path

import pytest

from tests.batch.making import LABELS, write_tone
from tests.cli.running import start
from tests.patience import PATIENCE

HEAVY = {
    "torch",
    "transformers",
    "gradio",
    "fastapi",
    "starlette",
    "uvicorn",
    "xlsxwriter",
    "pyarrow",
    "rjieba",
    "scipy",
    "sklearn",
    "sentencepiece",
    "lance",
    "fsspec",
    "aiohttp",
}

# At the end of the process, print what it has imported.
TELL = """
import atexit, json
atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
"""


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_classify_imports_nothing_heavy(tmp_path: Path, form: list[str]) -> None:
    write_tone(tmp_path / "a.wav", 250)
    process = start(["classify", tmp_path / "a.wav", "-l", LABELS, *form], TELL)
    out, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, error
    assert b"low" in out
    modules = set(json.loads(error.splitlines()[-1]))
    assert not modules & {"anysound.live", "anysound.teaching", "anysound.reviewing"}
    imported = {name.partition(".")[0] for name in modules}
    assert "anysound" in imported
    assert imported & HEAVY == set()
