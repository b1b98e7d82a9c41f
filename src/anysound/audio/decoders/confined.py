"""A process that decodes is left no more than it needs: some memory and time, no file to write."""

import os
import sys
from pathlib import Path

INHERITED = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "SYSTEMROOT")
"""All of the environment that it sees: keys and passwords are none of its business."""


def own_environment() -> dict[str, str]:
    """Return the environment that such a process is started with."""
    return {name: os.environ[name] for name in INHERITED if name in os.environ}


def confine(memory: int) -> None:
    """Bound this process.

    Args:
        memory: Bytes that it may take beside what it has.
    """
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    sizes = Path("/proc/self/statm")
    if sizes.exists():  # without it, what is in use is not known
        in_use = int(sizes.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (in_use + memory, in_use + memory))


def bound_time(cpu: int) -> None:
    """Let the system end this process if what comes next keeps it busy for too long.

    It holds even if whoever would kill it is gone.

    Args:
        cpu: Seconds of processor time.
    """
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + cpu
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
