"""Checks that do what a library may do."""

import os
import signal
import time

from anysound.doctor import Check, DoctorOptions
from anysound.errors import ModelError
from anysound.language import Text


def well(options: DoctorOptions) -> Check:
    print("ALSA lib confmisc.c:855: cannot find card 0")
    return Check("well", "ok", Text(en="here", zh="在"), facts={"port": options.port})


def crashes(_: DoctorOptions) -> Check:
    os.kill(os.getpid(), signal.SIGILL)
    raise AssertionError("it goes on")


def leaves(_: DoctorOptions) -> Check:
    os._exit(7)


def hangs(_: DoctorOptions) -> Check:
    time.sleep(600)
    raise AssertionError("it goes on")


def refuses(_: DoctorOptions) -> Check:
    raise ModelError(Text(en="no such model", zh="没有这个模型"))


def is_a_bug(_: DoctorOptions) -> Check:
    return Check("bug", "ok", {}["there"])  # type: ignore[arg-type]


def lacks_a_package(_: DoctorOptions) -> Check:
    import no_such_package  # noqa: F401

    raise AssertionError("it goes on")
