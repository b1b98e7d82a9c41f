"""The graph of the text tower: RoBERTa (arXiv:1907.11692) with its pooler and CLAP's projection.

The token table, most of the tower's weights, is not in the graph: a text needs a dozen of its
rows, so the table lies in a file of its own and is mapped.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from onnx import TensorProto

from anysound.models.clap.config import ClapConfig, TextConfig
from anysound.models.clap.graph.audio import Take, project
from anysound.models.graphs.builder import Array, GraphBuilder, Precision

SLOTS, PLACES = "slots", "places"

_HIDDEN = -1e9  # added to the attention to padding; its softmax is zero


def write_text_graph(path: Path, config: ClapConfig, take: Take, precision: Precision) -> None:
    """Write the graph from summed token and position embeddings to unit embeddings.

    Texts are neither padded nor cut: their tokens lie one after the other, and only attention
    spreads them out over ``length`` slots each. With the matrices' rows quantised one by one, a
    text's embedding does not depend on the texts beside it, to the bit, as long as ``length``
    does not.

    Inputs:
        tokens: float32, shape ``(tokens, width)``.
        slots: int64, shape ``(texts, length)``: the token in each slot; any where there is none.
        mask: bool, shape ``(texts, length)``: whether there is one.
        places: int64, shape ``(tokens,)``: the slot of each token, counted over all texts.

    Args:
        path: Ends in ``.onnx``.
        config: Of the checkpoint.
        take: Gives its weights.
        precision: Of the large matrices.

    Raises:
        ModelError: A weight is missing or has another shape than the config says.
    """
    graph = GraphBuilder(precision, by_row=True)
    tower = _Tower(graph, config.text, take)
    width = config.text.width
    rows = graph.input("tokens", TensorProto.FLOAT, ("tokens", width))
    mask = graph.input("mask", TensorProto.BOOL, ("texts", "length"))
    graph.input(SLOTS, TensorProto.INT64, ("texts", "length"))
    graph.input(PLACES, TensorProto.INT64, ("tokens",))
    shown = graph.op("Unsqueeze", mask, graph.constant([1, 2]))
    hidden = graph.op("Where", shown, graph.constant(0.0), graph.constant(_HIDDEN))
    rows = tower.norm(rows, "embeddings.LayerNorm")
    for block in range(config.text.depth):
        is_last = block + 1 == config.text.depth
        rows = tower.block(rows, hidden, f"encoder.layer.{block}", is_last)
    pooled = graph.op("Tanh", tower.dense(rows, "pooler.dense", width, width))
    embedding = project(graph, take, "text_projection", pooled, width, config)
    graph.output("embedding", embedding, ("texts", config.dim))
    graph.save(path)


def token_tables(config: TextConfig, take: Take) -> tuple[Array, Array]:
    """Return the tables of tokens and of positions; every token's type is added to the first.

    Returns:
        Shapes ``(vocabulary, width)`` and ``(positions, width)``.
    """
    words = take("text_model.embeddings.word_embeddings.weight", (config.vocabulary, config.width))
    kinds = take("text_model.embeddings.token_type_embeddings.weight", (config.kinds, config.width))
    shape = (config.positions, config.width)
    return words + kinds[0], take("text_model.embeddings.position_embeddings.weight", shape)


@dataclass
class _Tower:
    graph: GraphBuilder
    config: TextConfig
    take: Take

    def norm(self, tokens: str, name: str) -> str:
        weight = self.take(f"text_model.{name}.weight", (self.config.width,))
        bias = self.take(f"text_model.{name}.bias", (self.config.width,))
        return self.graph.layer_norm(tokens, weight, bias, self.config.norm_eps)

    def dense(self, rows: str, name: str, size: int, out: int) -> str:
        weight = self.take(f"text_model.{name}.weight", (out, size))
        bias = self.take(f"text_model.{name}.bias", (out,))
        return self.graph.linear(rows, weight.T, bias)

    def block(self, rows: str, hidden: str, name: str, is_last: bool) -> str:
        """Attend and transform; the last block does so for the texts' first tokens alone."""
        graph, width = self.graph, self.config.width
        attended = self._attention(rows, hidden, f"{name}.attention.self", is_last)
        if is_last:  # nothing else is looked at any more
            rows = self._firsts(rows)
        attended = self.dense(attended, f"{name}.attention.output.dense", width, width)
        rows = self.norm(graph.op("Add", rows, attended), f"{name}.attention.output.LayerNorm")
        inner = self.dense(rows, f"{name}.intermediate.dense", width, self.config.hidden)
        inner = graph.op("Gelu", inner)
        outer = self.dense(inner, f"{name}.output.dense", self.config.hidden, width)
        return self.norm(graph.op("Add", rows, outer), f"{name}.output.LayerNorm")

    def _firsts(self, rows: str) -> str:
        first = self.graph.op("Gather", SLOTS, self.graph.constant(np.asarray(0)), axis=1)
        return str(self.graph.op("Gather", rows, first, axis=0))

    def _attention(self, rows: str, hidden: str, name: str, is_last: bool) -> str:
        """Attend within each text; returns rows in the order of the tokens."""
        graph, width, heads = self.graph, self.config.width, self.config.heads
        parts = [self._part(name, part) for part in ("query", "key", "value")]
        weight = np.concatenate([part[0] for part in parts], axis=1)
        joined = graph.linear(rows, weight, np.concatenate([part[1] for part in parts]))
        spread = graph.op("Gather", joined, SLOTS, axis=0)
        shape = graph.constant([0, 0, 3, heads, width // heads])
        moved = graph.op("Transpose", graph.op("Reshape", spread, shape), perm=(2, 0, 3, 1, 4))
        query, key, value = (
            graph.op("Gather", moved, graph.constant(np.asarray(i)), axis=0) for i in range(3)
        )
        if is_last:
            query = graph.op("Gather", query, graph.constant([0]), axis=2)
        scores = graph.op("FusedMatMul", query, key, transB=1)
        share = graph.op("Softmax", graph.op("Add", scores, hidden), axis=-1)
        context = graph.op("Transpose", graph.op("MatMul", share, value), perm=(0, 2, 1, 3))
        context = graph.reshape(context, (-1, width))
        return context if is_last else str(graph.op("Gather", context, PLACES, axis=0))

    def _part(self, name: str, part: str) -> tuple[Array, Array]:
        """Take a weight and a bias of the attention; the query's hold the scale of the scores."""
        width = self.config.width
        scale = np.float32((width // self.config.heads) ** -0.5 if part == "query" else 1)
        weight = self.take(f"text_model.{name}.{part}.weight", (width, width))
        return weight.T * scale, self.take(f"text_model.{name}.{part}.bias", (width,)) * scale
