"""What a container may use of its machine, by Linux's control groups of either version."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_UNLIMITED = 1 << 60  # version 1 says a number of this size where there is no limit


@dataclass(frozen=True)
class Limits:
    """What this process may use.

    Attributes:
        cores: Of the processor's time, 1.5 for instance; None without a limit.
        memory: In bytes; None without a limit.
        used: Memory that is used of it, without what is kept of files and given up when memory is
            wanted; None if that isn't told.
    """

    cores: float | None = None
    memory: int | None = None
    used: int | None = None


def limits(root: Path = Path("/")) -> Limits:
    """Read the limits of this process; where there are no control groups, there are none.

    Args:
        root: Of the file system, for the tests.
    """
    cores: list[float] = []
    memory: list[tuple[int, int | None]] = []
    for folder in _folders(root, "cpu"):
        quota, period = _words(folder / "cpu.max", 2) or (
            _word(folder / "cpu.cfs_quota_us"),
            _word(folder / "cpu.cfs_period_us"),
        )
        if quota.isdecimal() and period.isdecimal() and int(period):
            cores.append(int(quota) / int(period))
    for folder in _folders(root, "memory"):
        limit = _word(folder / "memory.max") or _word(folder / "memory.limit_in_bytes")
        used = _word(folder / "memory.current") or _word(folder / "memory.usage_in_bytes")
        if limit.isdecimal() and int(limit) < _UNLIMITED:
            kept = _kept(folder / "memory.stat")
            memory.append((int(limit), max(0, int(used) - kept) if used.isdecimal() else None))
    tightest = min(memory, key=lambda each: each[0], default=(None, None))
    return Limits(min(cores, default=None), *tightest)


def _folders(root: Path, controller: str) -> Iterator[Path]:
    """Give the folders of this process's groups, from its own up to the machine's."""
    mounts = root / "sys/fs/cgroup"
    for line in _text(root / "proc/self/cgroup").splitlines():
        number, _, rest = line.partition(":")
        controllers, _, group = rest.partition(":")
        if number == "0":
            mount = mounts
        elif controller in controllers.split(","):
            mount = mounts / controller
        else:
            continue
        inside = Path(group.lstrip("/"))
        for part in (inside, *inside.parents):  # in a container, the path is often the host's
            yield mount / part


def _kept(path: Path) -> int:
    """Return how many bytes are those of files that were read and may be forgotten."""
    sizes = dict(line.split() for line in _text(path).splitlines() if line.count(" ") == 1)
    return int(sizes.get("total_inactive_file") or sizes.get("inactive_file") or 0)


def _words(path: Path, number: int) -> tuple[str, ...] | None:
    words = tuple(_text(path).split())
    return words if len(words) == number else None


def _word(path: Path) -> str:
    return _text(path).strip()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""
