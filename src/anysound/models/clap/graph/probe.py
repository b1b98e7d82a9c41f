"""A graph of one product, to see how a processor multiplies int8."""

from pathlib import Path

import numpy as np
from onnx import TensorProto

from anysound.models.graphs.builder import GraphBuilder


def write_probe(path: Path) -> None:
    """Write a graph that multiplies ``rows``, uint8 of shape ``(4, 64)``, by 127 throughout."""
    graph = GraphBuilder("int8")
    rows = graph.input("rows", TensorProto.UINT8, (4, 64))
    weight = graph.constant(np.full((64, 16), 127, dtype=np.int8))
    sums = graph.op("MatMulInteger", rows, weight)
    graph.output("sums", graph.op("Cast", sums, to=TensorProto.FLOAT), (4, 16))
    graph.save(path)
