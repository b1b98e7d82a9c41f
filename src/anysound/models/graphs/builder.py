"""A small builder of ONNX graphs; their large weights lie in a file beside the graph."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Array: TypeAlias = NDArray[np.float32]
Precision: TypeAlias = Literal["fp32", "int8"]

PRECISIONS: tuple[Precision, ...] = ("fp32", "int8")

_OPSET = 20  # the first with Gelu
_IR_VERSION = 10
_CONTRIB = "com.microsoft"  # operators of onnxruntime that ONNX itself has not
_CONTRIB_OPS = ("DynamicQuantizeMatMul", "FusedMatMul", "MatMulIntegerToFloat")
_INLINE_BYTES = 1024  # constants up to this size stay in the graph itself
_PAGE = 4096  # external data is aligned so that it can be mapped


class GraphBuilder:
    """Collects nodes and constants; values are known by their names."""

    def __init__(self, precision: Precision, *, by_row: bool = False) -> None:
        """Begin a graph.

        Args:
            precision: Of the large matrices.
            by_row: Quantise the rows that int8 matrices are multiplied with one by one, so that
                they can't change each other; slower than all at once.
        """
        self._is_int8 = precision == "int8"
        self._by_row = by_row
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, NDArray[Any]] = {}
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []

    def input(self, name: str, kind: int, shape: Sequence[int | str]) -> str:
        """Declare an input; a name in ``shape`` is a size that is known when the graph is run."""
        self._inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def output(self, name: str, value: str, shape: Sequence[int | str]) -> None:
        """Declare an output of numbers in float32: a value of the graph, under a name of its own.

        A name in ``shape`` is a size that is known when the graph is run.
        """
        self._outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        self._nodes.append(helper.make_node("Identity", [value], [name]))

    def constant(self, value: NDArray[Any] | Sequence[int] | float) -> str:
        """Add a constant: an array as it is, whole numbers as int64, a number as float32."""
        if isinstance(value, np.ndarray):
            array = value
        elif isinstance(value, float):
            array = np.asarray(value, dtype=np.float32)
        else:
            array = np.asarray(value, dtype=np.int64)
        name = f"c{len(self._constants)}"
        self._constants[name] = np.ascontiguousarray(array) if array.ndim else array
        return name

    def op(self, kind: str, *inputs: str, outputs: int = 1, **attributes: Any) -> Any:
        """Add a node; returns the name of its output, or a tuple of several."""
        names = [f"v{len(self._nodes)}_{i}" for i in range(outputs)]
        domain = _CONTRIB if kind in _CONTRIB_OPS else ""
        self._nodes.append(helper.make_node(kind, inputs, names, domain=domain, **attributes))
        return names[0] if outputs == 1 else tuple(names)

    def reshape(self, value: str, shape: Sequence[int]) -> str:
        """Reshape; 0 keeps a size, -1 is what is left."""
        return str(self.op("Reshape", value, self.constant(shape)))

    def linear(
        self,
        rows: str,
        weight: Array,
        bias: Array | None,
        *,
        exact: bool = False,
    ) -> str:
        """Multiply rows of shape ``(n, in)`` by a weight of shape ``(in, out)``.

        In int8 the weight is quantised by column, signed and symmetric, and the rows when the
        graph is run; nothing is if it must be ``exact``.
        """
        if self._is_int8 and not exact:
            return (
                self._int8_by_row(rows, weight, bias)
                if self._by_row
                else self._int8(rows, weight, bias)
            )
        if bias is None:
            return str(self.op("MatMul", rows, self.constant(weight)))
        return str(self.op("Gemm", rows, self.constant(weight), self.constant(bias)))

    def _int8(self, rows: str, weight: Array, bias: Array | None) -> str:
        """Quantise all rows with one scale and zero point."""
        quantised, scale = quantise(weight)
        inputs = [rows, self.constant(quantised), self.constant(scale), ""]
        if bias is not None:
            inputs.append(self.constant(bias))
        return str(self.op("DynamicQuantizeMatMul", *inputs))

    def _int8_by_row(self, rows: str, weight: Array, bias: Array | None) -> str:
        """Quantise each row with a scale of its own, to 128 +- 127."""
        quantised, scale = quantise(weight)
        largest = self.op("ReduceMax", self.op("Abs", rows), self.constant([1]), keepdims=1)
        largest = self.op("Max", largest, self.constant(1e-12))
        factor = self.op("Div", self.constant(127.0), largest)
        middle = self.constant(np.asarray(128, np.uint8))
        bytes_ = self.op("QuantizeLinear", self.op("Mul", rows, factor), self.constant(1.0), middle)
        product = self.op(
            "MatMulIntegerToFloat",
            *(bytes_, self.constant(quantised), self.constant(1 / 127), self.constant(scale)),
            middle,
        )
        product = self.op("Mul", product, largest)
        return str(product if bias is None else self.op("Add", product, self.constant(bias)))

    def layer_norm(self, value: str, weight: Array, bias: Array, eps: float) -> str:
        """Normalise the last axis."""
        scale, shift = self.constant(weight), self.constant(bias)
        return str(self.op("LayerNormalization", value, scale, shift, axis=-1, epsilon=eps))

    def unit(self, rows: str) -> str:
        """Scale rows to unit length."""
        return str(self.op("LpNormalization", rows, axis=-1, p=2))

    def save(self, path: Path) -> None:
        """Write the graph to ``path``, which ends in ``.onnx``, and its large constants beside it.

        They lie in a file of the same name with ``.bin``.
        """
        data = path.with_suffix(".bin")
        with data.open("wb") as file:
            tensors = [_tensor(name, array, file) for name, array in self._constants.items()]
        graph = helper.make_graph(self._nodes, path.stem, self._inputs, self._outputs, tensors)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_CONTRIB, 1)]
        model = helper.make_model(
            graph, opset_imports=opsets, ir_version=_IR_VERSION, producer_name="anysound"
        )
        path.write_bytes(model.SerializeToString())


def quantise(weight: Array) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Quantise a weight of shape ``(in, out)`` to int8, one scale for each column."""
    scale = np.maximum(np.abs(weight).max(axis=0), np.float32(1e-12)) / np.float32(127)
    return np.rint(weight / scale).astype(np.int8), scale.astype(np.float32)


def _tensor(name: str, array: NDArray[Any], file: Any) -> onnx.TensorProto:
    if array.nbytes <= _INLINE_BYTES:
        return numpy_helper.from_array(array, name)
    file.write(b"\0" * (-file.tell() % _PAGE))
    tensor = TensorProto(
        name=name, dims=array.shape, data_type=helper.np_dtype_to_tensor_dtype(array.dtype)
    )
    tensor.data_location = TensorProto.EXTERNAL
    entries = {"location": Path(file.name).name, "offset": file.tell(), "length": array.nbytes}
    for key, value in entries.items():
        tensor.external_data.add(key=key, value=str(value))
    file.write(array.tobytes())
    return tensor
