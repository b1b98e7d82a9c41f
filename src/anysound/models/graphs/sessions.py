"""Graphs that run: onnxruntime's sessions, on the CPU or a GPU."""

from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import onnxruntime as ort

from anysound.errors import ModelError
from anysound.language import Text

Session: TypeAlias = Any
"""An ``onnxruntime.InferenceSession``; the library has no types."""

_CPU = "CPUExecutionProvider"
_CUDA = "CUDAExecutionProvider"


def has_cuda() -> bool:
    """Tell whether this onnxruntime was built for CUDA; not whether there is a GPU."""
    return _CUDA in ort.get_available_providers()


def open_session(graph: Path, device: str = "cpu", *, is_packed: bool = False) -> Session:
    """Open a graph to run it, one thread a call.

    Args:
        graph: An ``.onnx`` file that anysound wrote.
        device: ``cpu``, ``cuda`` or ``cuda:1``.
        is_packed: Whether int8 weights are packed now, and not at each call: a tenth faster for
            few rows, at the cost of a copy of the weights and the time to make it. The answer is
            the same to the bit, since sums of integers are exact. Others are always packed.

    Raises:
        ModelError: The file is damaged, or the GPU can't be used.
    """
    options = ort.SessionOptions()
    # The same bits however many cores there are, and a clip on each: faster than sharing one.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # what goes wrong is raised, in our words
    # The graphs are written the way they run best; looking for more takes time and finds nothing.
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    if ".int8." in graph.name and not is_packed:
        options.add_session_config_entry("session.disable_prepacking", "1")
    providers: list[Any] = [_CPU]
    complaint = ""
    if device != "cpu":
        if not has_cuda():
            raise _no_gpu(device, "this onnxruntime was built without CUDA")
        complaint = _load_cuda()
        # TF32 would keep three digits only.
        number = device.partition(":")[2] or "0"
        providers.insert(0, (_CUDA, {"device_id": number, "use_tf32": "0"}))
    try:
        session = ort.InferenceSession(graph, options, providers=providers)
    except Exception as error:  # onnxruntime's own classes have no common base of their own
        raise ModelError(
            Text(
                en=f"{graph} can't be run ({_first_line(error)}). Remove the model and pull it "
                "again.",
                zh=f"无法运行 {graph}（{_first_line(error)}）。请删除该模型后重新拉取。",
            )
        ) from error
    if device != "cpu" and _CUDA not in session.get_providers():
        raise _no_gpu(device, complaint or "CUDA did not start")
    return session


def int8_is_exact(probe: Path) -> bool:
    """Tell whether this processor multiplies int8 without saturating.

    A processor without instructions made for it adds pairs of products in 16 bits, which can't
    hold the largest of them (onnxruntime's documentation, "Quantize ONNX models").

    Args:
        probe: The graph that ``write_probe`` made: it multiplies by 127 throughout.
    """
    largest = np.full((4, 64), 255, dtype=np.uint8)
    (sums,) = open_session(probe).run(None, {"rows": largest})
    return bool(np.all(sums == 255 * 127 * largest.shape[1]))


def _load_cuda() -> str:
    """Load CUDA's libraries, as the extra ``gpu`` brings them; return the first complaint."""
    ort.set_default_logger_severity(4)  # it would explain at length what we say in a line
    with redirect_stdout(StringIO()) as complaints:  # onnxruntime prints them
        ort.preload_dlls()
    return complaints.getvalue().strip().partition("\n")[0]


def _no_gpu(device: str, reason: str) -> ModelError:
    return ModelError(
        Text(
            en=f"The GPU {device!r} can't be used ({reason}). Check the driver and CUDA's "
            "libraries, or use --device cpu.",
            zh=f"无法使用 GPU {device!r}（{reason}）。请检查驱动和 CUDA 库，或使用 --device cpu。",
        )
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]
