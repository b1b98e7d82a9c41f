"""All checks; none of them can stop the others."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

from anysound.doctor import machine, network, showing, software, sound, storage
from anysound.doctor.apart import apart
from anysound.doctor.bundled import bundled
from anysound.doctor.check import Check, DoctorOptions
from anysound.doctor.gpu import gpu
from anysound.errors import AnysoundError
from anysound.language import Text

Examination: TypeAlias = Callable[[DoctorOptions], Check]

CHECKS: dict[str, Examination] = {
    "python": software.python,
    "packages": software.packages,
    "extras": software.extras,
    "processor": apart(machine.processor),
    "memory": machine.memory,
    "gpu": apart(gpu),
    "home": storage.home,
    "temporary": storage.temporary,
    "models": storage.models,
    "bundled": apart(bundled),
    "decoders": apart(sound.decoders),
    "microphone": apart(sound.microphone),
    "port": network.port,
    "hub": apart(network.hub),
    "fonts": apart(showing.fonts),
    "terminal": showing.terminal,
    "clock": showing.clock,
}
"""By their names, in the order in which they are told. Libraries that are not Python's own may
crash, hang or print: the checks that load one are made in processes of their own."""

_AT_ONCE = 4


def examine(options: DoctorOptions | None = None) -> tuple[Check, ...]:
    """Make all checks, several at a time, since most of them wait: for a process, a disk, a hub.

    Returns:
        What each found, in the order of :data:`CHECKS`.
    """
    asked = options or DoctorOptions()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return tuple(pool.map(lambda name: checked(name, CHECKS[name], asked), CHECKS))


def checked(name: str, examination: Examination, options: DoctorOptions) -> Check:
    """Make a check; what it stumbles over is what it found."""
    try:
        return examination(options)
    except AnysoundError as error:
        return Check(name, "fail", error.text)
    except ImportError as error:
        return Check(
            name,
            "fail",
            Text(en=f"A package can't be loaded: {error}", zh=f"有包无法加载：{error}"),
            Text(
                en="Install anysound anew; the check `packages` says what is missing.",
                zh="请重新安装 anysound；`packages` 一项会指出缺少什么。",
            ),
            {"error": str(error)},
        )
    except Exception as error:  # a check that breaks is news, and no reason to stop
        what = f"{type(error).__name__}: {error}".strip(": ")
        return Check(
            name,
            "fail",
            Text(en=f"The check itself broke off ({what}).", zh=f"检查本身出错（{what}）。"),
            Text(
                en="Please report it, with what `anysound doctor --json` prints.",
                zh="请附上 `anysound doctor --json` 的输出，反馈给我们。",
            ),
            {"error": what},
        )
