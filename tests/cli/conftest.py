"""The command line with the fake model, in this process."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import anysound.models
from anysound.cli import app
from tests.cli.running import HintingModel


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command line with what is typed after ``anysound``."""
    monkeypatch.setattr(anysound.models, "load_model", lambda *_: HintingModel())
    monkeypatch.setenv("ANYSOUND_LANG", "en")
    monkeypatch.setenv("COLUMNS", "120")

    def invoke(*arguments: str | Path, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(app, [str(each) for each in arguments], input=stdin)

    return invoke
