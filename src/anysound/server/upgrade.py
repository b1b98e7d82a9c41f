"""A server that answers at once with the bundled model, and with a full one as soon as it is there.

The full model is fetched in a process of its own and put to a first question; then it takes over
between two questions. What has begun ends with the model that it began with. Whatever goes wrong
is told, and tried again later: there may be a network by then, or room on the disk.
"""

import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event, Lock, Thread
from typing import Any, Literal, TypeAlias

from anysound.classifier import Classifier
from anysound.errors import AnysoundError, UsageError
from anysound.language import Text
from anysound.models import AudioTextModel, load_model
from anysound.models.load import BUNDLED
from anysound.models.store import Store, is_local
from anysound.models.store.apart import ApartPull
from anysound.server.api.problems import UNEXPECTED
from anysound.server.observed.ready import ask_first
from anysound.server.options import ServerOptions

State: TypeAlias = Literal["fetching", "waiting", "done"]

_log = logging.getLogger(__name__)

_BEGINS = Text(en="looking for the model", zh="正在查找模型")
_STARTS = Text(en="starting the model", zh="正在启动模型")


@dataclass(frozen=True)
class Pauses:
    """How long to wait before something that failed is tried again.

    Attributes:
        first: Seconds at first; doubled each time.
        most: Seconds at most.
    """

    first: float = 30.0
    most: float = 900.0

    def after(self, tries: int) -> float:
        """Return the seconds to wait after so many tries that failed."""
        return min(self.most, self.first * 2.0 ** min(tries - 1, 30))


@dataclass(frozen=True)
class Progress:
    """How far an upgrade is.

    Attributes:
        model: The name of the full model.
        state: ``fetching`` it, ``waiting`` for another try, or ``done``: it answers.
        step: What is being done.
        done: Bytes that are there.
        total: Of how many; 0 if none are counted.
        problem: Why the last try failed; None if it didn't, or while it is not over.
        tries: That have failed.
        pause: Seconds between the last try and the next.
    """

    model: str
    state: State = "fetching"
    step: Text = _BEGINS
    done: int = 0
    total: int = 0
    problem: Text | None = None
    tries: int = 0
    pause: float = 0.0

    def to_dict(self, with_reasons: bool) -> dict[str, Any]:
        """Return it, ready for JSON, in the current language.

        Args:
            with_reasons: Whether to say why a try failed, which names folders and addresses.
        """
        facts: dict[str, Any] = {"model": self.model, "state": self.state}
        if self.state == "fetching":
            facts |= {"step": str(self.step), "done": self.done, "total": self.total}
        if self.state == "waiting":
            facts |= {"tries": self.tries, "pause": self.pause}
            if self.problem and with_reasons:
                facts["problem"] = str(self.problem)
        return facts


class Upgrade:
    """Fetches a model while another one answers, and lets it take over."""

    def __init__(self, model: str, options: ServerOptions, pauses: Pauses | None = None) -> None:
        """Name the model; nothing is done yet.

        Args:
            model: Its name, as for ``load_model``.
            options: How it is to be run.
            pauses: Between tries.
        """
        self.progress = Progress(model)
        self._options = options
        self._pauses = pauses or Pauses()
        self._ended = Event()
        self._lock = Lock()
        self._pull: ApartPull | None = None

    def begin(self, switch: Callable[[Classifier], None]) -> Thread:
        """Begin; the thread ends when the model has taken over.

        Args:
            switch: Lets a classifier answer from now on.
        """
        working = Thread(target=self._work, args=(switch,), daemon=True)
        working.start()
        return working

    def end(self) -> None:
        """Leave it at what was reached; what was downloaded is kept."""
        with self._lock:
            self._ended.set()
            if self._pull:
                self._pull.end()

    def _work(self, switch: Callable[[Classifier], None]) -> None:
        while not self._ended.is_set():
            try:
                classifier = self._fetch()
            except _EndedError:
                return
            except AnysoundError as error:
                problem = error.text
            except Exception:
                _log.exception("unexpected error")
                problem = UNEXPECTED
            else:
                switch(classifier)
                self.progress = replace(self.progress, state="done", problem=None)
                for notice in (*classifier.model.info.notices, _answers(self.progress.model)):
                    print(notice, file=sys.stderr, flush=True)
                return
            self._wait(problem)

    def _fetch(self) -> Classifier:
        """Return a classifier with the model, once it has answered."""
        name = self.progress.model
        self._tell(_BEGINS)
        if not is_installed(name):
            with self._lock:
                if self._ended.is_set():
                    raise _EndedError
                self._pull = ApartPull(name, self._tell)
            self._pull.wait()
        self._tell(_STARTS)
        classifier = Classifier(load_model(name, self._options.run))
        ask_first(classifier)
        return classifier

    def _tell(self, step: Text, done: int = 0, total: int = 0) -> None:
        model, tries = self.progress.model, self.progress.tries
        self.progress = Progress(model, step=step, done=done, total=total, tries=tries)

    def _wait(self, problem: Text) -> None:
        if self._ended.is_set():
            return
        tries = self.progress.tries + 1
        pause = self._pauses.after(tries)
        self.progress = replace(
            self.progress, state="waiting", problem=problem, tries=tries, pause=pause
        )
        facts = {"model": self.progress.model, "why": str(problem), "again_in": pause}
        _log.warning("the full model can't be had; the bundled one answers", extra={"facts": facts})
        self._ended.wait(pause)


class _EndedError(Exception):
    """Nobody waits for the model any longer."""


def first_model(options: ServerOptions) -> tuple[AudioTextModel, str | None]:
    """Load the model that answers at first, and say which one is to take over.

    The latter is the one that ``model``, ``ANYSOUND_MODEL`` or else ``upgrade_to`` names. If that
    is installed, it answers from the start, and none takes over; nor does any if it is the bundled
    one.

    Args:
        options: With ``upgrade_to``.

    Raises:
        ModelError: The bundled model can't be run in this way.
        UsageError: An index is to be searched, which knows one model only.
    """
    wanted = options.model or os.environ.get("ANYSOUND_MODEL") or options.upgrade_to
    assert wanted, "without upgrade_to there is nothing to choose"
    if wanted == BUNDLED or is_installed(wanted):
        try:
            return load_model(wanted, options.run), None
        except AnysoundError as error:
            if wanted == BUNDLED:
                raise
            print(error, file=sys.stderr, flush=True)
    if options.index:
        raise _two_models(wanted)
    return load_model(BUNDLED), wanted


def is_installed(name: str) -> bool:
    """Tell whether a model can be loaded as it is; of a folder, that is found out by loading it."""
    return not is_local(name) and Store().find(name) is not None


def _answers(model: str) -> Text:
    return Text(en=f"{model} answers from now on.", zh=f"现已改用 {model} 识别。")


def _two_models(wanted: str) -> UsageError:
    return UsageError(
        Text(
            en=f"An index is searched with the model that made it, and {wanted} would take over "
            "when it is there. Name the model of the index with --model: bundled, or one that is "
            "installed.",
            zh=f"索引只能用建立它的模型来搜索，而 {wanted} 下载完成后会接替当前模型。"
            "请用 --model 指定建立索引的模型：bundled，或一个已安装的模型。",
        )
    )
