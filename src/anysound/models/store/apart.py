"""A pull in a process of its own: whoever asked goes on undisturbed, and may end it at any time.

Building a model keeps a core busy for a minute and takes some gigabytes; a server that answers
meanwhile can do with neither. The process is the first to yield when the machine has much to do,
and ends by itself if whoever asked is gone. What it has downloaded by then is kept.
"""

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from threading import Thread

from anysound.errors import AnysoundError, ModelError
from anysound.language import Text
from anysound.models.store.pull import OnProgress, PullOptions, pull

_COMMAND = (sys.executable, "-P", "-m", "anysound.models.store.apart")
_SECRETS = ("ANYSOUND_TOKEN", "ANYSOUND_PASSWORD")
_TELL_EVERY = 0.25  # seconds
_NICE = 10


class ApartPull:
    """Pulls a model in another process, once."""

    def __init__(self, name: str, on_progress: OnProgress) -> None:
        """Start.

        Args:
            name: As for :func:`pull`; anything but an audio-text model is refused.
            on_progress: Told what is being done.
        """
        self._on_progress = on_progress
        environment = {key: value for key, value in os.environ.items() if key not in _SECRETS}
        self._process = subprocess.Popen(
            [*_COMMAND, name, str(os.getpid())],
            stdin=subprocess.PIPE,  # closed when this process is gone, however it went
            stdout=subprocess.PIPE,
            env=environment,
            encoding="utf-8",
        )

    def wait(self) -> None:
        """Wait until the model is installed.

        Raises:
            ModelError: It is not to be had, or the process came to an end.
        """
        problem: Text | None = None
        with self._process as process:
            assert process.stdout is not None
            for line in process.stdout:
                told = json.loads(line)
                text = Text(en=told["en"], zh=told["zh"])
                if told["kind"] == "problem":
                    problem = text
                else:
                    self._on_progress(text, told["done"], told["total"])
        if process.returncode:
            raise ModelError(problem or _ended(process.returncode))

    def end(self) -> None:
        """End it, if it is still at work."""
        self._process.terminate()


def _ended(code: int) -> Text:
    return Text(
        en=f"The process that fetches the model came to an end (status {code}). Perhaps memory ran "
        "out: building a full model takes more than answering with it does.",
        zh=f"获取模型的进程意外退出（状态 {code}）。可能是内存不足：构建模型比使用模型更占内存。",
    )


class _Teller:
    """Tells whoever asked: at once if something else is done, else now and then."""

    def __init__(self) -> None:
        # Nothing but what is told here goes there, whatever a library prints.
        self._output = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        self._last = ("", 0.0)

    def progress(self, text: Text, done: int, total: int) -> None:
        now = time.monotonic()
        if text.en != self._last[0] or now - self._last[1] >= _TELL_EVERY:
            self._last = text.en, now
            self._say("progress", text, done=done, total=total)

    def problem(self, text: Text) -> None:
        self._say("problem", text)

    def _say(self, kind: str, text: Text, **more: int) -> None:
        line = json.dumps({"kind": kind, "en": text.en, "zh": text.zh, **more})
        print(line, file=self._output, flush=True)


def _end_with_parent(parent: int) -> None:
    """End when whoever asked is gone; that its end of the pipe was closed is not enough."""
    os.read(sys.stdin.fileno(), 1)  # sys.stdin would be locked while the interpreter ends
    while os.name == "posix" and os.getppid() == parent:
        time.sleep(_TELL_EVERY)
    os._exit(1)


def main() -> None:
    """Pull the model that the command line names, for the process it names, and tell in JSON."""
    teller = _Teller()
    Thread(target=_end_with_parent, args=[int(sys.argv[2])], daemon=True).start()
    with suppress(AttributeError, OSError):  # Windows has another word for it
        os.nice(_NICE)
    try:
        pull(sys.argv[1], options=PullOptions(kind="audio-text", on_progress=teller.progress))
    except AnysoundError as error:
        teller.problem(error.text)
        sys.exit(1)


if __name__ == "__main__":
    main()
