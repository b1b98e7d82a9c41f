"""GPUs of NVIDIA, and whether the onnxruntime that is installed can use them."""

import shutil
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from anysound.doctor.check import Check, DoctorOptions
from anysound.errors import ModelError
from anysound.language import Text

_RUNTIMES = ("onnxruntime", "onnxruntime-gpu")

_TAKE_ITS_PLACE = Text(
    "onnxruntime and onnxruntime-gpu lie in one place, and the last one installed wins:\n"
    "pip uninstall --yes onnxruntime\n"
    "pip install --force-reinstall --no-deps onnxruntime-gpu",
    "onnxruntime 和 onnxruntime-gpu 装在同一位置，后装的会覆盖先装的，请运行：\n"
    "pip uninstall --yes onnxruntime\n"
    "pip install --force-reinstall --no-deps onnxruntime-gpu",
)
_INSTALL = Text(
    f'To use it: pip install "anysound[gpu]"\n{_TAKE_ITS_PLACE.en}',
    f'如需使用：pip install "anysound[gpu]"\n{_TAKE_ITS_PLACE.zh}',
)
_SHOW_IT = Text(
    "Is the driver installed (nvidia-smi)? A container is given GPUs by `docker run --gpus all`. "
    "Without a GPU, the processor answers.",
    "请确认驱动已安装（nvidia-smi）；容器需要用 `docker run --gpus all` 启动。"
    "没有 GPU 时由处理器计算。",
)


def gpu(_: DoctorOptions) -> Check:
    """See whether there is a GPU, and whether models can run on it; a model is run to see it."""
    from anysound.models.graphs.sessions import has_cuda

    installed = tuple(name for name in _RUNTIMES if _is_installed(name))
    names = _names()
    facts: dict[str, Any] = {
        "gpus": names,
        "providers": _providers(),
        "runtimes": {name: version(name) for name in installed},
        "cuda_works": False,
    }
    there = Text(
        ", ".join(names) or "No NVIDIA GPU was found", "、".join(names) or "没有找到 NVIDIA GPU"
    )
    if not has_cuda():
        return _without_cuda(there, bool(names), installed, facts)
    if not names:
        text = Text(
            f"{there.en}, and onnxruntime was built for CUDA",
            f"{there.zh}，而 onnxruntime 是 CUDA 版",
        )
        return Check("gpu", "warn", text, _SHOW_IT, facts)
    complaint = _complaint()
    if complaint:
        return Check(
            "gpu",
            "warn",
            Text(f"{there.en}. {complaint.en}", f"{there.zh}。{complaint.zh}"),
            _SHOW_IT,
            facts,
        )
    facts["cuda_works"] = True
    return Check(
        "gpu",
        "ok",
        Text(f"{there.en}; CUDA works", f"{there.zh}；CUDA 可用"),
        facts=facts,
    )


def _without_cuda(
    there: Text, is_there: bool, installed: Iterable[str], facts: dict[str, Any]
) -> Check:
    has_both = set(_RUNTIMES) <= set(installed)
    if has_both:
        text = Text(
            f"{there.en}. onnxruntime-gpu is installed, but onnxruntime lies over it",
            f"{there.zh}。已安装 onnxruntime-gpu，但被 onnxruntime 覆盖",
        )
        return Check("gpu", "warn", text, _TAKE_ITS_PLACE, facts)
    if is_there:
        text = Text(
            f"{there.en}; onnxruntime was built without CUDA, so the processor answers",
            f"{there.zh}；但 onnxruntime 不含 CUDA，由处理器计算",
        )
        return Check("gpu", "warn", text, _INSTALL, facts)
    text = Text(f"{there.en}; the processor answers", f"{there.zh}，由处理器计算")
    return Check("gpu", "ok", text, facts=facts)


def _complaint() -> Text | None:
    """Return why a model can't be run on the GPU, or None if it can."""
    from anysound.models.bundled.model import WEIGHTS
    from anysound.models.graphs.sessions import open_session

    try:
        open_session(WEIGHTS / "audio.onnx", "cuda")
    except ModelError as error:
        return error.text
    return None


def _names() -> list[str]:
    """Return the names of the GPUs, as their driver has them."""
    found = []
    for told in sorted(Path("/proc/driver/nvidia/gpus").glob("*/information")):
        with suppress(OSError, ValueError):
            lines = told.read_text(encoding="utf-8").splitlines()
            found += [line.partition(":")[2].strip() for line in lines if line.startswith("Model")]
    command = shutil.which("nvidia-smi")
    if not found and command:
        with suppress(OSError, subprocess.SubprocessError):
            listed = subprocess.run(
                [command, "--query-gpu=name", "--format=csv,noheader"],
                capture_output=True,
                text=True,
                timeout=10,
                check=True,
            ).stdout
            found = [line.strip() for line in listed.splitlines() if line.strip()]
    return found


def _providers() -> list[str]:
    import onnxruntime

    return list(onnxruntime.get_available_providers())


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True
