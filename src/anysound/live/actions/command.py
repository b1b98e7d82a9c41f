"""Run a command when something is heard."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress

from anysound.errors import UsageError, reason_of
from anysound.language import Text
from anysound.live.actions.worker import Worker
from anysound.live.event import LiveEvent

_MOST_WAITING = 20
_LAST_WORDS = 5.0  # seconds for what waits when listening ends
_LOOK = 0.2  # seconds
_STANDARD_ERROR = 2  # what a command says goes there: standard output is for events


class CommandAction:
    """Runs a command for each event that it is told of, one at a time.

    The command is started directly, never by a shell. The event is on its standard input as JSON,
    and in its environment. One that runs too long is killed, with all that it started.
    """

    def __init__(
        self, command: str, on_notice: Callable[[Text], None], limit: float = 30.0
    ) -> None:
        """Make sure that there is such a command.

        Args:
            command: The program and its arguments, quoted as for a shell.
            on_notice: Is told what goes wrong.
            limit: Seconds that it may run.

        Raises:
            UsageError: It is no command, or there is no such program.
        """
        self._command = command
        self._argv = _split(command)
        if shutil.which(self._argv[0]) is None:
            raise _no_program(self._argv[0])
        if not limit > 0:
            raise _no_limit(limit)
        self._limit = limit
        self._say = on_notice
        self._worker = Worker("anysound-run", self._run, _MOST_WAITING, self._dropped)

    def tell(self, event: LiveEvent) -> None:
        """Have the command run for an event; returns at once."""
        self._worker.put(event)

    def close(self) -> None:
        """Let what waits run, for a few seconds."""
        left = self._worker.close(_LAST_WORDS)
        if left:
            self._say(_not_run(self._command, left))

    def _run(self, event: LiveEvent) -> None:
        try:
            process = subprocess.Popen(
                self._argv,
                stdin=subprocess.PIPE,
                stdout=_STANDARD_ERROR,
                env=os.environ | _environment(event),
                start_new_session=True,  # what it starts can be killed with it; Ctrl-C is not its
            )
        except (OSError, ValueError) as error:
            reason = reason_of(error)
            self._say(_failed(self._command, reason, reason))
            return
        if not self._is_over(process, f"{json.dumps(event.to_dict(), ensure_ascii=False)}\n"):
            return
        if process.returncode:
            code = process.returncode
            self._say(_failed(self._command, f"exit code {code}", f"退出码 {code}"))

    def _is_over(self, process: "subprocess.Popen[bytes]", content: str) -> bool:
        """Wait for a command; one that takes too long, or is no longer waited for, is killed."""
        left: bytes | None = content.encode()
        until = time.monotonic() + self._limit
        while True:
            try:
                process.communicate(left, timeout=_LOOK)
                return True
            except subprocess.TimeoutExpired:
                left = None  # what could not be written yet is remembered
            is_late = time.monotonic() > until
            if is_late or self._worker.stopping.asked:
                _kill(process)
                if is_late:
                    self._say(_too_long(self._command, self._limit))
                return False

    def _dropped(self, event: LiveEvent) -> None:
        self._say(_too_many(self._command, event.label))


def _split(command: str) -> list[str]:
    try:
        argv = shlex.split(command, posix=os.name != "nt")
    except ValueError as error:
        raise UsageError(
            Text(
                en=f"--run {command}: a quote is not closed. It is split into a program and its "
                "arguments as in a shell, but no shell runs it.",
                zh=f"--run {command}：引号没有配对。命令会像在 shell 中那样拆分为程序和参数，"
                "但不经过 shell 执行。",
            )
        ) from error
    if not argv:
        raise UsageError(
            Text(
                en="--run is empty: give a program and its arguments.",
                zh="--run 为空：请给出程序及其参数。",
            )
        )
    return argv


def _environment(event: LiveEvent) -> dict[str, str]:
    values = {
        "ANYSOUND_EVENT": event.phase,
        "ANYSOUND_NUMBER": str(event.number),
        "ANYSOUND_RECORDING": event.recording,
        "ANYSOUND_LABEL": event.label,
        "ANYSOUND_TIME": event.time.isoformat(timespec="milliseconds"),
        "ANYSOUND_START": f"{event.start:.3f}",
        "ANYSOUND_END": "" if event.end is None else f"{event.end:.3f}",
        "ANYSOUND_SCORE": f"{event.score:.3f}",
    }
    return {name: value.replace("\0", " ") for name, value in values.items()}


def _kill(process: "subprocess.Popen[bytes]") -> None:
    with suppress(OSError):
        if os.name == "nt":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(OSError, ValueError):
        if process.stdin:
            process.stdin.close()
    process.wait()


def _no_program(program: str) -> UsageError:
    return UsageError(
        Text(
            en=f"--run {program}: there is no such program. Give its full path, or see that it is "
            "executable. No shell is involved; for one, give: sh -c '…'.",
            zh=f"--run {program}：找不到这个程序。请给出完整路径，或确认它可以执行。"
            "命令不经过 shell；如需要，请写成 sh -c '…'。",
        )
    )


def _no_limit(limit: float) -> UsageError:
    return UsageError(
        Text(
            en=f"A command can't run for {limit:g} s: give more than 0 seconds.",
            zh=f"命令的时限 {limit:g} 秒无效：应大于 0 秒。",
        )
    )


def _failed(command: str, en: str, zh: str) -> Text:
    return Text(en=f"--run {command}: it failed ({en}).", zh=f"--run {command}：执行失败（{zh}）。")


def _too_long(command: str, limit: float) -> Text:
    return Text(
        en=f"--run {command}: it ran for more than {limit:g} s and was killed.",
        zh=f"--run {command}：运行超过 {limit:g} 秒，已被终止。",
    )


def _too_many(command: str, label: str) -> Text:
    return Text(
        en=f"--run {command}: events come faster than it is done with them; it was not run for "
        f"{label}.",
        zh=f"--run {command}：事件到来的速度超过命令的处理速度，未为“{label}”执行。",
    )


def _not_run(command: str, count: int) -> Text:
    return Text(
        en=f"--run {command}: when listening ended, it was not done with {count} events.",
        zh=f"--run {command}：监听结束时，还有 {count} 个事件未处理完。",
    )
