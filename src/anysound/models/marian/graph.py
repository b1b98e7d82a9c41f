"""The graphs of encoder and decoder (arXiv:1706.03762, with norms behind and swish).

Both take rows that are embedded already, and the decoder is given the token table that it turns
its rows into logits with: the table, half of the weights, lies in a file of its own, is mapped, and
is not in the graphs.

Keys and values have the shape ``(blocks, 2, ..., heads, tokens, size)``: the encoder gives those of
the text to be translated, for all blocks of the decoder; the decoder takes those of the tokens
that it has written, and gives them back with one more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from onnx import TensorProto

from anysound.models.graphs.builder import Array, GraphBuilder
from anysound.models.marian.config import NORM_EPS, MarianConfig, StackConfig

Take: TypeAlias = Callable[[str, tuple[int, ...]], Array]
"""Gives the weight of a name, of the shape that it must have."""

TABLES = (
    "model.shared.weight",
    "lm_head.weight",
    "model.encoder.embed_tokens.weight",
    "model.decoder.embed_tokens.weight",
)
"""Names of the one token table. A file has it by the first, as a rule, or by any."""


def write_encoder(path: Path, config: MarianConfig, take: Take) -> None:
    """Write the graph from a text's tokens to what the decoder attends to.

    Inputs:
        rows: float32, shape ``(source, width)``: tokens with their places.

    Outputs:
        memory: float32, shape ``(blocks, 2, heads, source, size)``: keys and values.

    Args:
        path: Ends in ``.onnx``.
        config: Of the checkpoint.
        take: Gives its weights.

    Raises:
        ModelError: A weight is missing or has another shape than the config says.
    """
    graph = GraphBuilder("fp32")
    encoder = _Blocks(graph, config, config.encoder, take, "model.encoder.layers")
    decoder = _Blocks(graph, config, config.decoder, take, "model.decoder.layers")
    rows = graph.input("rows", TensorProto.FLOAT, ("source", config.width))
    for block in range(config.encoder.depth):
        rows = encoder.add_and_norm(block, rows, encoder.attend_all(block, rows), "self_attn")
        rows = encoder.transform(block, rows)
    memory = [decoder.keys_of(block, rows) for block in range(config.decoder.depth)]
    heads = config.decoder.heads
    shape = (config.decoder.depth, 2, heads, "source", config.width // heads)
    graph.output("memory", graph.op("Concat", *memory, axis=0), shape)
    graph.save(path)


def write_decoder(path: Path, config: MarianConfig, take: Take) -> None:
    """Write the graph that takes one token of each translation and gives the next one's logits.

    Inputs:
        rows: float32, shape ``(beams, width)``: each translation's last token with its place.
        past: float32, shape ``(blocks, 2, beams, heads, written, size)``; at first, none written.
        memory: float32, shape ``(blocks, 2, heads, source, size)``: of the encoder.
        table: float32, shape ``(vocabulary, width)``: of the tokens.

    Outputs:
        logits: float32, shape ``(beams, vocabulary)``.
        present: float32: ``past`` with one more token.

    Args:
        path: Ends in ``.onnx``.
        config: Of the checkpoint.
        take: Gives its weights.

    Raises:
        ModelError: A weight is missing or has another shape than the config says.
    """
    graph = GraphBuilder("fp32")
    decoder = _Blocks(graph, config, config.decoder, take, "model.decoder.layers")
    width, heads, depth = config.width, config.decoder.heads, config.decoder.depth
    size = width // heads
    rows = graph.input("rows", TensorProto.FLOAT, ("beams", width))
    past = graph.input("past", TensorProto.FLOAT, (depth, 2, "beams", heads, "written", size))
    memory = graph.input("memory", TensorProto.FLOAT, (depth, 2, heads, "source", size))
    table = graph.input("table", TensorProto.FLOAT, (config.vocabulary, width))
    present = []
    for block in range(depth):
        context, written = decoder.attend_written(block, rows, decoder.part(past, block))
        rows = decoder.add_and_norm(block, rows, context, "self_attn")
        context = decoder.attend_memory(block, rows, decoder.part(memory, block))
        rows = decoder.add_and_norm(block, rows, context, "encoder_attn")
        rows = decoder.transform(block, rows)
        present.append(graph.op("Unsqueeze", written, graph.constant([0])))
    bias = take("final_logits_bias", (1, config.vocabulary))
    logits = graph.op("FusedMatMul", rows, table, transB=1)
    logits = graph.op("Add", logits, graph.constant(bias))
    graph.output("logits", logits, ("beams", config.vocabulary))
    shape = (depth, 2, "beams", heads, "present", size)
    graph.output("present", graph.op("Concat", *present, axis=0), shape)
    graph.save(path)


def place_table(config: MarianConfig) -> Array:
    """Return the table of places: sines in its first half, cosines in the second.

    Returns:
        Shape ``(positions, width)``.
    """
    places = np.arange(config.positions, dtype=np.float64)[:, None]
    powers = 2 * np.arange(config.width // 2, dtype=np.float64) / config.width
    angles = places / np.power(10000, powers)
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)


@dataclass
class _Blocks:
    """The blocks of the encoder or of the decoder."""

    graph: GraphBuilder
    config: MarianConfig
    stack: StackConfig
    take: Take
    prefix: str

    @property
    def size(self) -> int:
        """Width of an attention head."""
        return self.config.width // self.stack.heads

    def attend_all(self, block: int, rows: str) -> str:
        """Let each row attend to all; shape ``(rows, width)``."""
        query, key, value = self._split(self._project(block, "self_attn", "qkv", rows), "qkv")
        return self._attend(block, "self_attn", query, key, value, (1, 0, 2))

    def keys_of(self, block: int, rows: str) -> str:
        """Return what the decoder attends to, shape ``(1, 2, heads, rows, size)``."""
        joined = self._project(block, "encoder_attn", "kv", rows)
        shaped = self.graph.reshape(joined, (0, 2, self.stack.heads, self.size))
        moved = self.graph.op("Transpose", shaped, perm=(1, 2, 0, 3))
        return str(self.graph.op("Unsqueeze", moved, self.graph.constant([0])))

    def attend_memory(self, block: int, rows: str, memory: str) -> str:
        """Let each row attend to the text, given as ``(2, heads, source, size)``."""
        query = self._split(self._project(block, "encoder_attn", "q", rows), "q")[0]
        key, value = self.part(memory, 0), self.part(memory, 1)
        return self._attend(block, "encoder_attn", query, key, value, (1, 0, 2))

    def attend_written(self, block: int, rows: str, past: str) -> tuple[str, str]:
        """Let each row attend to its own past and to itself.

        Returns:
            What came of it, and the past with one more token.
        """
        graph = self.graph
        joined = self._project(block, "self_attn", "qkv", rows)
        shaped = graph.reshape(joined, (0, 3, self.stack.heads, 1, self.size))
        moved = graph.op("Transpose", shaped, perm=(1, 0, 2, 3, 4))
        query = self.part(moved, 0)
        own = graph.op("Gather", moved, graph.constant([1, 2]), axis=0)
        written = graph.op("Concat", past, own, axis=3)
        key, value = self.part(written, 0), self.part(written, 1)
        return self._attend(block, "self_attn", query, key, value, (0, 2, 1, 3)), str(written)

    def add_and_norm(self, block: int, rows: str, more: str, name: str) -> str:
        """Add to the rows and normalise the sum."""
        weight = self.take(f"{self.prefix}.{block}.{name}_layer_norm.weight", (self.config.width,))
        bias = self.take(f"{self.prefix}.{block}.{name}_layer_norm.bias", (self.config.width,))
        return self.graph.layer_norm(self.graph.op("Add", rows, more), weight, bias, NORM_EPS)

    def transform(self, block: int, rows: str) -> str:
        """Transform each row by itself."""
        width, hidden = self.config.width, self.stack.hidden
        inner = self._dense(block, "fc1", rows, width, hidden)
        inner = self.graph.op("Mul", inner, self.graph.op("Sigmoid", inner))
        outer = self._dense(block, "fc2", inner, hidden, width)
        return self.add_and_norm(block, rows, outer, "final")

    def part(self, value: str, index: int) -> str:
        """Return one part of a value, by its first axis."""
        return str(self.graph.op("Gather", value, self.graph.constant(np.asarray(index)), axis=0))

    def _split(self, joined: str, parts: str) -> list[str]:
        """Return each part as ``(heads, rows, size)``."""
        shaped = self.graph.reshape(joined, (0, len(parts), self.stack.heads, self.size))
        moved = self.graph.op("Transpose", shaped, perm=(1, 2, 0, 3))
        return [self.part(moved, index) for index in range(len(parts))]

    def _attend(
        self, block: int, name: str, query: str, key: str, value: str, perm: Sequence[int]
    ) -> str:
        """Attend, and put the heads together; ``perm`` moves the heads behind the rows."""
        graph = self.graph
        share = graph.op("Softmax", graph.op("FusedMatMul", query, key, transB=1), axis=-1)
        context = graph.op("Transpose", graph.op("MatMul", share, value), perm=perm)
        rows = graph.reshape(context, (-1, self.config.width))
        width = self.config.width
        return self._dense(block, f"{name}.out_proj", rows, width, width)

    def _project(self, block: int, name: str, parts: str, rows: str) -> str:
        """Make queries, keys or values in one product; the queries hold the scores' scale."""
        width, weights, biases = self.config.width, [], []
        for part in parts:
            scale = np.float32(self.size**-0.5 if part == "q" else 1)
            full = f"{self.prefix}.{block}.{name}.{part}_proj"
            weights.append(self.take(f"{full}.weight", (width, width)).T * scale)
            biases.append(self.take(f"{full}.bias", (width,)) * scale)
        weight, bias = np.concatenate(weights, axis=1), np.concatenate(biases)
        return self.graph.linear(rows, weight, bias)

    def _dense(self, block: int, name: str, rows: str, size: int, out: int) -> str:
        weight = self.take(f"{self.prefix}.{block}.{name}.weight", (out, size))
        bias = self.take(f"{self.prefix}.{block}.{name}.bias", (out,))
        return self.graph.linear(rows, weight.T, bias)
