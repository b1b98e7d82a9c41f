"""A check in a process of its own: what it loads may crash, hang or print."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from typing import TypeAlias

from anysound.doctor.check import Check, DoctorOptions
from anysound.language import Text

_Examination: TypeAlias = Callable[[DoctorOptions], Check]

_PATIENCE = 120.0  # seconds; matplotlib lists all fonts of a system when it is first used
_MARK = "anysound-check:"  # before the line that matters, among what libraries print


def apart(examination: _Examination, patience: float = _PATIENCE) -> _Examination:
    """Return the same check, made in a process of its own.

    Args:
        examination: A function of a module; its name is the check's.
        patience: Seconds after which it is given up.
    """

    @wraps(examination)
    def check(options: DoctorOptions) -> Check:
        where = f"{examination.__module__}:{examination.__name__}"
        asked = json.dumps(asdict(options))
        command = (sys.executable, "-P", "-X", "utf8", "-m", "anysound.doctor", where, asked)
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=patience,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return _silent(examination.__name__, patience)
        for line in done.stdout.splitlines():
            if line.startswith(_MARK):
                return _read(line.removeprefix(_MARK))
        return _crashed(examination.__name__, done.returncode, done.stderr)

    return check


def tell(check: Check) -> None:
    """Print what a check found, for the process that waits for it."""
    print(f"\n{_MARK}{json.dumps(asdict(check))}", flush=True)


def _read(line: str) -> Check:
    values = json.loads(line)
    advice = values.pop("advice")
    return Check(
        found=Text(**values.pop("found")), advice=Text(**advice) if advice else None, **values
    )


def _silent(name: str, patience: float) -> Check:
    return Check(
        name,
        "fail",
        Text(
            en=f"No answer within {patience:g} s: a library or a driver hangs.",
            zh=f"{patience:g} 秒内没有结果：某个库或驱动卡住了。",
        ),
        Text(
            en="Run it again when the machine is less busy. If it still hangs, restart the machine "
            "or install anysound anew.",
            zh="请在机器空闲时再试一次；如果仍然卡住，请重启机器，或重新安装 anysound。",
        ),
        {"timeout": patience},
    )


def _crashed(name: str, code: int, said: str) -> Check:
    last = said.strip().rpartition("\n")[2]
    try:
        how = signal.Signals(-code).name if code < 0 else last or f"exit code {code}"
    except ValueError:  # a signal without a name
        how = f"signal {-code}"
    return Check(
        name,
        "fail",
        Text(
            en=f"A library crashed while this was looked at ({how}).",
            zh=f"检查时某个库崩溃了（{how}）。",
        ),
        Text(
            en="Install anysound anew, in an empty environment (python -m venv). SIGILL means that "
            "a package was built for a newer processor; SIGKILL that memory ran out.",
            zh="请在全新的虚拟环境（python -m venv）中重新安装 anysound。SIGILL 表示安装的包"
            "需要更新的处理器，SIGKILL 表示内存不足。",
        ),
        {"exit_code": code, "said": said[-2000:]},
    )
