"""The processor and the memory, and how much of them a container leaves."""

import os
import platform
import re
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from anysound.doctor.cgroup import limits
from anysound.doctor.check import Check, DoctorOptions, gigabytes
from anysound.errors import AnysoundError
from anysound.language import Text

_X86 = ("x86_64", "amd64", "i386", "i686")
_TOLD = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_int8")
_TOLD_ARM = ("asimd", "asimddp", "i8mm", "sve")

_SERVER = 500_000_000
"""Bytes that the server takes with the bundled model and two decoders (docs/serving.md)."""

_NO_INT8 = Text(
    "doesn't multiply int8 exactly, so CLAP models run in fp32, which takes about twice as long",
    "不能精确计算 int8，CLAP 模型改用 fp32，耗时约为两倍",
)


def processor(_: DoctorOptions) -> Check:
    """See how many cores there are to work with, and how they multiply."""
    cores = _cores()
    limit = limits().cores
    flags = _instructions()
    exact = _int8_is_exact()
    facts = {
        "machine": platform.machine(),
        "model": _model(),
        "cores": cores,
        "container_cores": limit,
        "instructions": flags,
        "int8_is_exact": exact,
    }
    name = facts["model"] or facts["machine"]
    told = ", ".join(flags or ()) or "?"
    text = Text(f"{name}, {cores} cores ({told})", f"{name}，{cores} 核（{told}）")
    if exact is not None:
        text = Text(
            f"{text.en}; {'multiplies int8 exactly' if exact else _NO_INT8.en}",
            f"{text.zh}；{'能精确计算 int8' if exact else _NO_INT8.zh}",
        )
    if limit is not None:
        text = Text(
            f"{text.en}. The container may use {limit:g} cores",
            f"{text.zh}。容器最多可用 {limit:g} 核",
        )
    advice = _too_few(cores, limit) or _slow(flags)
    return Check("processor", "warn" if advice else "ok", text, advice, facts)


def memory(_: DoctorOptions) -> Check:
    """See how much memory there is, and how much of it is free."""
    total, free = _memory()
    found = limits()
    facts = {"total": total, "free": free, "container": found.memory}
    if found.memory is not None:
        total = min(found.memory, total or found.memory)
        if found.used is not None:
            left = max(0, found.memory - found.used)
            free = min(left, free if free is not None else left)
        facts["free"] = free
    if total is None:
        return Check(
            "memory",
            "skipped",
            Text("How much there is can't be told on this system.", "此系统无法得知内存大小。"),
        )
    there, room = gigabytes(total), gigabytes(free)
    text = Text(f"{there} in all, {room} free", f"共 {there}，可用 {room}")
    if found.memory is not None:
        text = Text(f"{text.en}; set by the container", f"{text.zh}（受容器限制）")
    if (total if free is None else free) >= _SERVER:
        return Check("memory", "ok", text, facts=facts)
    return Check(
        "memory",
        "warn",
        text,
        Text(
            "The page and its decoders take about half a gigabyte. Close other programs, or give "
            "the container more (docker run --memory 2g).",
            "网页服务及其解码进程约需 0.5 GB。请关闭其他程序，或给容器更多内存"
            "（docker run --memory 2g）。",
        ),
        facts,
    )


def _too_few(cores: int, limit: float | None) -> Text | None:
    """Return what to do where a container may use less than it sees, if that is so."""
    if limit is None or limit >= cores:
        return None
    threads = max(1, int(limit))
    return Text(
        f"anysound sees {cores} cores and would start as many threads, which then wait for each "
        f"other: give `classify` --threads {threads} and `batch` --workers {threads}, start the "
        f"container with --cpuset-cpus in place of --cpus, or allow it more.",
        f"anysound 看到 {cores} 个核，会启动同样多的线程，反而互相等待：请给 `classify` 加 "
        f"--threads {threads}，给 `batch` 加 --workers {threads}；或用 --cpuset-cpus 代替 --cpus "
        "启动容器，或放宽限制。",
    )


def _slow(flags: list[str] | None) -> Text | None:
    """Return what to do about a processor without the instructions that are fast, if it is one."""
    if flags is not None and platform.machine().lower() in _X86 and "avx2" not in flags:
        return Text(
            "This processor has no AVX2, or the virtual machine hides it, so all is slow: use the "
            "bundled model, or let the virtual machine show the host's processor.",
            "处理器没有 AVX2（或被虚拟机隐藏），计算会很慢：请使用自带模型 bundled，"
            "或在虚拟机设置中选用宿主机的 CPU 型号。",
        )
    return None


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _model() -> str | None:
    told = _cpuinfo("model name") or _sysctl("machdep.cpu.brand_string") or platform.processor()
    return told or None


def _instructions() -> list[str] | None:
    """Return those of the processor's instructions that matter; None if they aren't told."""
    told = _cpuinfo("flags") or _cpuinfo("Features")
    if not told and sys.platform == "darwin":
        told = (_sysctl("machdep.cpu.leaf7_features") or "asimd").lower()
    if not told:
        return None
    has = set(told.split())
    return [each for each in (*_TOLD, *_TOLD_ARM) if each in has]


def _int8_is_exact() -> bool | None:
    """Tell whether int8 is multiplied exactly, by doing it; None if that fails."""
    try:
        from anysound.models.clap.graph import write_probe
        from anysound.models.graphs.sessions import int8_is_exact

        with tempfile.TemporaryDirectory(prefix="anysound-") as folder:
            probe = Path(folder) / "probe.onnx"
            write_probe(probe)
            return int8_is_exact(probe)
    except (ImportError, OSError, AnysoundError):  # other checks tell of these
        return None


def _memory() -> tuple[int | None, int | None]:
    """Return how many bytes there are, and how many of them are free, as far as that is told."""
    with suppress(OSError, ValueError):
        told = Path("/proc/meminfo").read_text(encoding="ascii")
        sizes = {name: int(kb) << 10 for name, kb in re.findall(r"(\w+): +(\d+) kB", told)}
        return sizes.get("MemTotal"), sizes.get("MemAvailable")
    with suppress(OSError, ValueError, AttributeError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"), None
    return None, None


def _cpuinfo(name: str) -> str:
    with suppress(OSError, ValueError):
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        if match := re.search(rf"^{name}\s*: (.*)$", told, flags=re.M):
            return match[1].strip()
    return ""


def _sysctl(name: str) -> str:
    """Ask macOS."""
    if sys.platform != "darwin":
        return ""
    with suppress(OSError, subprocess.SubprocessError):
        return subprocess.run(
            ["sysctl", "-n", name], capture_output=True, text=True, timeout=5, check=True
        ).stdout.strip()
    return ""
