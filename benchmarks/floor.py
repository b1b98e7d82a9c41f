"""How fast the audio tower could be at best: its operations over this processor's matrix rate."""

import statistics
import time
from collections.abc import Callable

import numpy as np
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

from anysound.models.clap.config import AudioConfig

SHAPES = ((4096, 96, 384), (1024, 192, 768), (256, 384, 1536), (64, 768, 3072))
"""Rows, inputs and outputs of the tower's largest products, stage by stage."""


def operations(audio: AudioConfig) -> float:
    """Count the operations of all matrix products for one clip; two a multiply-add."""
    total = 0.0
    for stage, depth in enumerate(audio.depths):
        width, tokens = audio.width << stage, (audio.grid >> stage) ** 2
        linear = (4 + 2 * audio.mlp_ratio) * width**2 * tokens
        attention = 2 * tokens * audio.window**2 * width
        total += depth * (linear + attention)
        if stage + 1 < len(audio.depths):
            total += tokens / 4 * 8 * width**2
    return 2 * total


def onnxruntime_rate(precision: str) -> float:
    """Measure operations a second of onnxruntime's matrix product on one thread; the best seen."""
    return max(_rate(_onnxruntime_product(precision, *shape), shape) for shape in SHAPES)


def torch_rate() -> float:
    """Measure the same of torch, in fp32."""
    import torch

    def product(rows: int, inputs: int, outputs: int) -> Callable[[], object]:
        left, right = torch.randn(rows, inputs), torch.randn(inputs, outputs)
        return lambda: left @ right

    return max(_rate(product(*shape), shape) for shape in SHAPES)


def _rate(product: Callable[[], object], shape: tuple[int, int, int]) -> float:
    times = []
    for _ in range(25):
        start = time.perf_counter()
        product()
        times.append(time.perf_counter() - start)
    rows, inputs, outputs = shape
    return 2.0 * rows * inputs * outputs / statistics.median(times)


def _onnxruntime_product(
    precision: str, rows: int, inputs: int, outputs: int
) -> Callable[[], object]:
    random = np.random.default_rng(0)
    weight = random.normal(size=(inputs, outputs)).astype(np.float32)
    tensors = [numpy_helper.from_array(weight, "weight")]
    node = helper.make_node("MatMul", ["rows", "weight"], ["out"])
    if precision == "int8":
        whole = (weight * 30).astype(np.int8)
        tensors = [numpy_helper.from_array(whole, "weight")]
        tensors.append(numpy_helper.from_array(np.ones(outputs, np.float32), "scale"))
        node = helper.make_node(
            "DynamicQuantizeMatMul", ["rows", "weight", "scale"], ["out"], domain="com.microsoft"
        )
    graph = helper.make_graph(
        [node],
        "product",
        [helper.make_tensor_value_info("rows", TensorProto.FLOAT, (rows, inputs))],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, (rows, outputs))],
        tensors,
    )
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    feed = {"rows": random.normal(size=(rows, inputs)).astype(np.float32)}
    return lambda: session.run(None, feed)
