"""The command line with the fake model, in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from anysound.language import Text
from tests.fakes import FakeModel

ROOT = Path(__file__).parents[2]


class HintingModel(FakeModel):
    """A fake with something to say about itself."""

    info = replace(FakeModel.info, hint=Text(en="Answered by a fake.", zh="由替身模型回答。"))


_SCRIPT = """
import sys
sys.path.insert(0, {root!r})
import anysound.models
from tests.cli.running import HintingModel
anysound.models.load_model = lambda *_: HintingModel()
{more}
sys.argv[0] = "anysound"
from anysound.cli import main
main()
"""


def start(
    arguments: Sequence[str | Path], more: str = "", **variables: str
) -> "subprocess.Popen[bytes]":
    """Start the command line.

    Args:
        arguments: As typed after ``anysound``.
        more: Python to run before it.
        variables: Of the environment.
    """
    return subprocess.Popen(
        [sys.executable, "-c", _SCRIPT.format(root=str(ROOT), more=more), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "ANYSOUND_LANG": "en", **variables},
    )
