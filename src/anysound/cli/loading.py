"""Load the model that a command asks for, and show how a download goes on."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from anysound.cli.terminal import console, printable, say
from anysound.language import Text

if TYPE_CHECKING:
    from rich.progress import TaskID

    from anysound.classifier import Classifier
    from anysound.index import StoredModel
    from anysound.labels.translation import Translator
    from anysound.models import AudioTextModel, ModelOptions
    from anysound.models.store import OnProgress
    from anysound.scoring import Thresholds


@dataclass(frozen=True)
class Answering:
    """Who answers, and how.

    Attributes:
        model: Its name; None is the best installed.
        run: How it is run.
        translator: Puts Chinese labels into English.
        untranslated: What becomes of a label without English.
        thresholds: A file of thresholds for verdicts, or None.
    """

    model: str | None
    run: "ModelOptions"
    translator: str
    untranslated: str
    thresholds: Path | None

    def as_made(self, made_by: "StoredModel") -> "Answering":
        """Return whoever can answer from an index: what was not asked for is as it was made."""
        run = self.run
        precision = made_by.precision if run.precision == "auto" else run.precision
        fused = run.fused or made_by.fused
        return replace(
            self,
            model=self.model or made_by.name,
            run=replace(run, precision=precision, fused=fused),
        )

    def classifier(self) -> "Classifier":
        """Make ready whoever answers, and tell what there is to know about it."""
        from anysound.classifier import Classifier

        model = open_model(self.model, self.run)
        return Classifier(
            model,
            translator=open_translator(self.translator, model),
            untranslated=self.untranslated,
            thresholds=_open_thresholds(self.thresholds, model),
        )


def open_model(name: str | None, options: "ModelOptions") -> "AudioTextModel":
    """Load a model, pulled first if need be, and tell what there is to know about it."""
    from anysound.models import load_model

    with progress() as on_progress:
        model = load_model(name, options, on_progress)
    for notice in model.info.notices:
        say(notice)
    return model


def open_translator(name: str, model: "AudioTextModel | None" = None) -> "Translator | None":
    """Make a translator ready, unless the model has no use for it.

    Returns:
        None for the lexicon, which is loaded where it is needed.
    """
    from anysound.translating import LEXICON, open_translator

    if name == LEXICON:
        return None
    if model and "zh" in model.info.languages:
        say(
            Text(
                en=f"{model.info.id} reads Chinese labels itself: --translator {name} is not used.",
                zh=f"{model.info.id} 能直接理解中文标签，不使用 --translator {name}。",
            )
        )
        return None
    with progress() as on_progress:
        return open_translator(name, on_progress)


def _open_thresholds(path: Path | None, model: "AudioTextModel") -> "Thresholds | None":
    """Read thresholds for a model, and tell if they were fitted for another."""
    if path is None:
        return None
    from anysound.scoring import read_thresholds

    thresholds = read_thresholds(path)
    fitted = (thresholds.model, thresholds.revision)
    if any(fitted) and fitted != (model.info.id, model.info.revision):
        en, zh = f"{path}: these thresholds were fitted for", f"{path}：这些阈值是为"
        say(
            Text(
                en=f"{en} {' '.join(fitted)}, and {model.info.id} {model.info.revision} answers: "
                "fit them anew.",
                zh=f"{zh} {' '.join(fitted)} 拟合的，而当前模型是 {model.info.id} "
                f"{model.info.revision}：请重新拟合。",
            )
        )
    return thresholds


@contextmanager
def progress() -> "Iterator[OnProgress]":
    """Show on standard error what a pull does: a bar on a terminal, else a line for each step."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console(stderr=True),
        transient=True,
    )
    steps: dict[str, TaskID] = {}

    def show(text: Text, done: int, total: int) -> None:
        bar.start()
        step = printable(str(text))
        if step not in steps:
            steps[step] = bar.add_task(step, total=None)
        bar.update(steps[step], completed=done, total=total or None)

    try:
        yield show
    finally:
        bar.stop()


class _Lines:
    """One line for each step."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, text: Text, done: int, total: int) -> None:
        if str(text) != self._last:
            self._last = str(text)
            say(text)
