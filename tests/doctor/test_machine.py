"""Processor, memory, GPU; limits of containers by control groups, made here where they may be."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from anysound.doctor import DoctorOptions, gpu, machine
from anysound.doctor.cgroup import Limits, limits
from anysound.errors import ModelError
from anysound.language import Text

OPTIONS = DoctorOptions()
GROUPS = Path("/sys/fs/cgroup")
MB = 1 << 20


def write(root: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return root


def test_limits_of_version_2(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "proc/self/cgroup": "0::/system/box\n",
            "sys/fs/cgroup/system/box/cpu.max": "150000 100000\n",
            "sys/fs/cgroup/system/cpu.max": "max 100000\n",
            "sys/fs/cgroup/system/box/memory.max": "max\n",
            "sys/fs/cgroup/system/memory.max": f"{900 * MB}\n",
            "sys/fs/cgroup/system/memory.current": f"{500 * MB}\n",
            "sys/fs/cgroup/system/memory.stat": f"anon 1\ninactive_file {300 * MB}\n",
        },
    )
    assert limits(tmp_path) == Limits(1.5, 900 * MB, 200 * MB)


def test_limits_of_version_1(tmp_path: Path) -> None:
    """As Docker shows them inside: the path is the host's, the files are at the root."""
    write(
        tmp_path,
        {
            "proc/self/cgroup": "4:memory:/docker/7f\n1:cpu,cpuacct:/docker/7f\n",
            "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "50000\n",
            "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": f"{512 * MB}\n",
            "sys/fs/cgroup/memory/memory.usage_in_bytes": f"{100 * MB}\n",
        },
    )
    assert limits(tmp_path) == Limits(0.5, 512 * MB, 100 * MB)


@pytest.mark.parametrize("quota", ["-1", "max 100000", "", "nonsense"])
def test_no_limits(tmp_path: Path, quota: str) -> None:
    assert limits(tmp_path) == Limits()
    write(
        tmp_path,
        {
            "proc/self/cgroup": "0::/\n1:cpu:/\n4:memory:/\n",
            "sys/fs/cgroup/cpu.max": quota,
            "sys/fs/cgroup/cpu/cpu.cfs_quota_us": quota,
            "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712",
        },
    )
    assert limits(tmp_path) == Limits()


_LIMITED = """
import json, os, sys
from pathlib import Path
for folder in sys.argv[1:]:
    (Path(folder) / "cgroup.procs").write_text(str(os.getpid()))
from anysound.doctor import DoctorOptions, machine
options = DoctorOptions()
print(json.dumps([machine.processor(options).to_dict(), machine.memory(options).to_dict()]))
"""


def test_a_process_that_is_held_to_half_a_core_and_half_a_gigabyte() -> None:
    folders = [GROUPS / each / f"anysound-test-{os.getpid()}" for each in ("cpu", "memory")]
    try:
        for folder in folders:
            folder.mkdir()
        (folders[0] / "cpu.cfs_quota_us").write_text("50000")
        (folders[1] / "memory.limit_in_bytes").write_text(str(512 * MB))
    except OSError:
        for folder in folders:
            if folder.exists():
                folder.rmdir()
        pytest.skip("needs control groups of version 1 that may be made")
    try:
        done = subprocess.run(
            [sys.executable, "-c", _LIMITED, *map(str, folders)],
            capture_output=True,
            env={**os.environ, "ANYSOUND_LANG": "en"},
            timeout=300,
            check=False,
        )
    finally:
        for folder in folders:
            folder.rmdir()
    assert done.returncode == 0, done.stderr
    processor, memory = json.loads(done.stdout)
    assert processor["facts"]["container_cores"] == 0.5
    assert processor["verdict"] == "warn"
    assert "--threads 1" in processor["advice"]
    assert memory["facts"]["container"] == 512 * MB
    assert memory["facts"]["free"] < 512 * MB
    assert memory["verdict"] == "warn"


def test_this_processor_and_its_int8() -> None:
    found = machine.processor(OPTIONS)
    assert found.facts["cores"] == len(os.sched_getaffinity(0))
    assert isinstance(found.facts["int8_is_exact"], bool)  # it was tried
    exact = "multiplies int8 exactly" in found.found.en
    assert exact == found.facts["int8_is_exact"]


def test_a_processor_without_avx2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(machine, "_cpuinfo", lambda name: "fpu sse2" if name == "flags" else "Old")
    found = machine.processor(OPTIONS)
    assert found.verdict == "warn"
    assert found.advice
    assert "AVX2" in found.advice.zh


def test_memory_that_is_nearly_used_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine.memory(OPTIONS).facts["total"] > 0
    monkeypatch.setattr(machine, "limits", Limits)
    monkeypatch.setattr(machine, "_memory", lambda: (8_000_000_000, 200_000_000))
    found = machine.memory(OPTIONS)
    assert found.verdict == "warn"
    assert found.found.en == "8.0 GB in all, 0.2 GB free"
    monkeypatch.setattr(machine, "_memory", lambda: (None, None))
    assert machine.memory(OPTIONS).verdict == "skipped"


def pretend(
    monkeypatch: pytest.MonkeyPatch, names: list[str], providers: list[str], *installed: str
) -> None:
    runtime = SimpleNamespace(get_available_providers=lambda: providers)
    monkeypatch.setattr("anysound.models.graphs.sessions.ort", runtime)
    monkeypatch.setattr(gpu, "_names", lambda: names)
    monkeypatch.setattr(gpu, "_is_installed", lambda name: name in installed)
    monkeypatch.setattr(gpu, "version", lambda _: "1.24")


def test_no_gpu_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, [], ["CPUExecutionProvider"], "onnxruntime")
    assert gpu.gpu(OPTIONS).verdict == "ok"


def test_a_gpu_that_onnxruntime_was_not_built_for(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, ["NVIDIA T4"], ["CPUExecutionProvider"], "onnxruntime")
    found = gpu.gpu(OPTIONS)
    assert found.verdict == "warn"
    assert "NVIDIA T4" in found.found.en
    assert found.advice
    assert 'pip install "anysound[gpu]"' in found.advice.en


def test_the_gpu_package_under_the_other_one(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, [], ["CPUExecutionProvider"], "onnxruntime", "onnxruntime-gpu")
    found = gpu.gpu(OPTIONS)
    assert found.verdict == "warn"
    assert found.advice
    assert found.advice.en.endswith("--no-deps onnxruntime-gpu")


def test_cuda_without_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, [], ["CUDAExecutionProvider"], "onnxruntime-gpu")
    found = gpu.gpu(OPTIONS)
    assert found.verdict == "warn"
    assert found.advice
    assert "--gpus all" in found.advice.zh


@pytest.mark.parametrize("works", [True, False])
def test_a_gpu_is_tried(monkeypatch: pytest.MonkeyPatch, works: bool) -> None:
    pretend(monkeypatch, ["NVIDIA T4"], ["CUDAExecutionProvider"], "onnxruntime-gpu")

    def open_session(*_: object) -> None:
        if not works:
            raise ModelError(Text(en="libcudnn is missing", zh="缺少 libcudnn"))

    monkeypatch.setattr("anysound.models.graphs.sessions.open_session", open_session)
    found = gpu.gpu(OPTIONS)
    assert found.facts["cuda_works"] == works
    assert found.verdict == ("ok" if works else "warn")
    assert ("libcudnn" in found.found.en) != works
