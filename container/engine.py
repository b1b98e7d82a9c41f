"""Images and containers without an engine: buildah runs the Dockerfile, in a chroot, as root.

The base image can't be pulled where no registry is reached, so debootstrap makes it from this
machine's Debian mirror. What pip and apt are told on this machine (mirrors, certificates, folders
of wheels) is lent to the build by mounts, and no word of it stays in the image.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TOOLS = ("buildah", "debootstrap")

_SOURCES = Path("/etc/apt")
_LENT = "/run/lent"  # in the build's containers


def missing() -> str | None:
    """Say what keeps this machine from it; None if nothing does."""
    absent = [name for name in TOOLS if not shutil.which(name)]
    if absent:
        return f"not installed: {', '.join(absent)} (apt-get install {' '.join(absent)})"
    return None if os.geteuid() == 0 else "only root can make a chroot"


@dataclass(frozen=True)
class Mount:
    """A folder of this machine in a container.

    Attributes:
        source: On this machine.
        target: In the container.
        is_read_only: Whether the container may only read it.
    """

    source: Path
    target: str
    is_read_only: bool = False

    @property
    def argument(self) -> str:
        """What buildah and Docker alike call it."""
        return f"{self.source}:{self.target}{':ro' if self.is_read_only else ''}"


class Engine:
    """Builds images and runs containers, all of which lie in one folder."""

    def __init__(self, work: Path) -> None:
        """Open the folder; images of an earlier run are still there.

        Args:
            work: On a disk with some gigabytes of room.
        """
        self._work = work
        self._work.mkdir(parents=True, exist_ok=True)
        places = ["--root", str(work / "store"), "--runroot", str(work / "run")]
        self._buildah = ["buildah", *places]

    def buildah(self, *arguments: str) -> str:
        """Call buildah, whose errors are shown; return what it prints."""
        called = [*self._buildah, *arguments]
        return subprocess.run(called, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    def has(self, image: str) -> bool:
        """Tell whether an image is there."""
        called = [*self._buildah, "inspect", "--type", "image", image]
        return subprocess.run(called, capture_output=True).returncode == 0

    def make_base(self, name: str) -> None:
        """Make an image of a bare Debian, under the name of the one that can't be pulled.

        Args:
            name: Such as ``debian:bookworm-slim``; the release is read from it.
        """
        match = re.search(r"debian:(\w+)-slim$", name)
        if not match:
            raise SystemExit(f"no stand-in can be made for the base image {name}")
        root = self._work / "debian"
        _remove(root)
        called = ["debootstrap", "--variant=minbase", match[1], str(root), _mirror()]
        subprocess.run(called, check=True, stdout=subprocess.DEVNULL)
        _lend_apt(root)
        container = self.buildah("from", "scratch")
        self.buildah("add", "--quiet", container, str(root), "/")
        self.buildah("commit", "--quiet", container, f"docker.io/library/{name}")
        self.buildah("rm", container)
        _remove(root)

    def build(self, tag: str, dockerfile: str, **build_arguments: str) -> None:
        """Build an image as ``docker build`` does.

        Args:
            tag: Its name.
            dockerfile: In the repository's root, which is the context.
            build_arguments: For ``ARG``.
        """
        called = ["bud", "--isolation", "chroot", "--network", "host", "--format", "docker"]
        called += ["--layers", "--pull-never", "--tag", tag, "--file", str(ROOT / dockerfile)]
        called += [f"--build-arg={name}={value}" for name, value in build_arguments.items()]
        called += [f"--volume={mount.argument}" for mount in _pip_mounts(self._work / "lent")]
        subprocess.run([*self._buildah, *called, str(ROOT)], check=True, stdout=sys.stderr)

    def config(self, image: str) -> dict[str, Any]:
        """Return what an image says of how it is to be run."""
        told = json.loads(self.buildah("inspect", "--type", "image", image))
        found: dict[str, Any] = told["Docker"]["config"]
        return found

    @contextmanager
    def container(self, image: str, *mounts: Mount) -> Iterator["Container"]:
        """Make a container from an image; it is gone after the ``with`` block."""
        name = self.buildah("from", "--pull-never", image)
        try:
            yield Container(self, name, mounts)
        finally:
            self.buildah("rm", name)

    def running(self, name: str, mounts: Sequence[Mount], environment: Mapping[str, str]) -> Any:
        """Return the beginning of a command line that runs something in a container."""
        lent = [f"--volume={mount.argument}" for mount in mounts]
        given = [f"--env={key}={value}" for key, value in environment.items()]
        return [*self._buildah, "run", "--isolation", "chroot", *lent, *given, name, "--"]


class Container:
    """A container, in which commands run as the image's own user and with its environment."""

    def __init__(self, engine: Engine, name: str, mounts: Sequence[Mount]) -> None:
        self._engine = engine
        self._name = name
        self._mounts = mounts

    def run(self, *command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        called = [*self._engine.running(self._name, self._mounts, environment), *command]
        return subprocess.run(called, capture_output=True, text=True)

    @contextmanager
    def started(
        self, log: Path, *command: str, **environment: str
    ) -> "Iterator[subprocess.Popen[bytes]]":
        """Run a command until the ``with`` block is left; then it is told to stop, as by Docker."""
        called = [*self._engine.running(self._name, self._mounts, environment), *command]
        with log.open("ab") as output:
            process = subprocess.Popen(called, stdout=output, stderr=output)
            try:
                yield process
            finally:
                with suppress(FileNotFoundError, ProcessLookupError):  # it has ended by itself
                    if running := _command_of(process.pid):
                        os.kill(running, signal.SIGTERM)
                process.wait(60)

    @contextmanager
    def files(self) -> Iterator[Path]:
        """Give the folder of its files inside a ``with`` block."""
        yield Path(self._engine.buildah("mount", self._name))
        self._engine.buildah("umount", self._name)


def _command_of(process: int) -> int | None:
    """Return the process of a command that buildah runs: the last in a chain of its own."""
    while b"buildah" in Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")[0]:
        tasks = Path(f"/proc/{process}/task").glob("*/children")
        children = [int(child) for task in tasks for child in task.read_text().split()]
        if not children:
            return None
        process = children[0]
    return process


def _remove(root: Path) -> None:
    """Delete a Debian's root; debootstrap mounts /proc in it, and may have been killed."""
    for name in ("proc", "sys"):
        if (root / name).is_mount():
            subprocess.run(["umount", "--lazy", str(root / name)], check=True)
    shutil.rmtree(root, ignore_errors=True)


def _mirror() -> str:
    """Return where this machine gets its packages from."""
    for path in (_SOURCES / "sources.list", *sorted(_SOURCES.glob("sources.list.d/*"))):
        if path.is_file():
            text = path.read_text("utf-8")
            if match := re.search(r"^(?:URIs:|deb(?:\s+\[.*?\])?)\s+(\S+)", text, re.MULTILINE):
                return match[1]
    raise SystemExit("this machine has no Debian mirror")


def _lend_apt(root: Path) -> None:
    """Let apt in a stand-in for the base do as it does on this machine."""
    target = root / "etc/apt"
    for name in ("sources.list", "sources.list.d", "apt.conf.d"):
        source = _SOURCES / name
        if source.is_dir():
            shutil.copytree(source, target / name, dirs_exist_ok=True)
        elif source.is_file():
            shutil.copy(source, target / name)
        elif name == "sources.list":
            (target / name).unlink()
    shutil.copy("/etc/ssl/certs/ca-certificates.crt", root / "etc/apt/lent.crt")
    (target / "apt.conf.d" / "98lent").write_text('Acquire::https::CaInfo "/etc/apt/lent.crt";\n')


def _pip_mounts(folder: Path) -> list[Mount]:
    """Write down what pip is told on this machine, and return the mounts that let it hold."""
    told = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    ).stdout
    settings, mounts = {}, []
    for line in told.splitlines():
        key, _, value = line.partition("=")
        name = re.sub(r"^(global|:env:|install)\.", "", key)
        settings[name] = value.strip("'\"").replace(r"\n", " ")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("cert", "constraint"):
        if name in settings:
            shutil.copy(settings[name], folder / name)
            settings[name] = f"{_LENT}/{name}"
    for word in " ".join(settings.values()).split():
        path = Path(word.removeprefix("file://"))
        if path.is_absolute() and path.is_dir():
            top = Path(*path.parts[:3])
            mounts.append(Mount(top, str(top), is_read_only=True))
    lines = [f"{key} = {value}" for key, value in settings.items()]
    (folder / "pip.conf").write_text("\n".join(["[global]", *lines, ""]))
    mounts.append(Mount(folder, _LENT, is_read_only=True))
    mounts.append(Mount(folder / "pip.conf", "/etc/pip.conf", is_read_only=True))
    return list(dict.fromkeys(mounts))


def wait_until(holds: Any, patience: float = 300.0) -> Any:
    """Wait until a function returns something that counts; return that."""
    deadline = time.monotonic() + patience
    while True:
        with suppress(OSError):
            if found := holds():
                return found
        if time.monotonic() > deadline:
            raise SystemExit(f"waited {patience:g} s in vain")
        time.sleep(0.25)
