"""The graph of the audio tower.

It is HTS-AT, a Swin transformer (arXiv:2202.00874), with the attentional feature fusion of CLAP
(arXiv:2211.06687).

Tokens are kept in window order all the way: the patches of one attention window lie next to each
other. A block that shifts its windows, and each merging of patches, is then one gather of rows,
and attention needs no partition.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from anysound.models.clap.config import PATCH_NORM_EPS, AudioConfig, ClapConfig
from anysound.models.graphs.builder import Array, GraphBuilder, Precision

Order: TypeAlias = NDArray[np.int64]
"""A permutation of patches."""

Take: TypeAlias = Callable[[str, tuple[int, ...]], Array]
"""Gives the weight of a name, of the shape that it must have."""

_BATCH_NORM_EPS = 1e-5  # PyTorch's default; the config has no field for it
_MASKED = -100.0  # added to the attention between regions that don't touch, as the reference does


def write_audio_graph(path: Path, config: ClapConfig, take: Take, precision: Precision) -> None:
    """Write the graph from spectrograms to unit embeddings.

    Inputs:
        whole: float32, shape ``(clips, frames, n_mels)``: each clip, or a longer one shrunk.
        crops: float32, shape ``(longer, 3, frames, n_mels)``: of the longer ones.
        longer: int64, shape ``(longer,)``: which of the clips these are; often none.

    A model that is not fused has only the first.

    Args:
        path: Ends in ``.onnx``.
        config: Of the checkpoint.
        take: Gives its weights.
        precision: Of the large matrices.

    Raises:
        ModelError: A weight is missing or has another shape than the config says.
    """
    graph = GraphBuilder(precision)
    tower = _Tower(graph, config.audio, take)
    frames, n_mels = config.front.frames, config.audio.n_mels
    whole = graph.input("whole", TensorProto.FLOAT, ("clips", frames, n_mels))
    tokens = tower.embed_whole(tower.stretch(whole, frames))
    if config.audio.is_fused:
        crops = graph.input("crops", TensorProto.FLOAT, ("longer", 3, frames, n_mels))
        longer = graph.input("longer", TensorProto.INT64, ("longer",))
        tokens = tower.fuse(tokens, tower.embed_crops(tower.stretch(crops, frames)), longer)
    tokens = tower.enter(tokens)
    for stage in range(len(config.audio.depths)):
        tokens = tower.stage(tokens, stage)
    pooled = tower.pool(tokens)
    embedding = project(graph, take, "audio_projection", pooled, tower.widths[-1], config)
    graph.output("embedding", embedding, ("clips", config.dim))
    graph.save(path)


def project(
    graph: GraphBuilder, take: Take, name: str, rows: str, width: int, config: ClapConfig
) -> str:
    """Project rows of ``width`` into the common space, to unit length."""
    for number, size in ((1, width), (2, config.dim)):
        weight = take(f"{name}.linear{number}.weight", (config.dim, size))
        rows = graph.linear(rows, weight.T, take(f"{name}.linear{number}.bias", (config.dim,)))
        if number == 1:
            rows = str(graph.op("Relu" if config.activation == "relu" else "Gelu", rows))
    return graph.unit(rows)


@dataclass
class _Tower:
    graph: GraphBuilder
    config: AudioConfig
    take: Take

    def __post_init__(self) -> None:
        self.widths = [self.config.width << i for i in range(len(self.config.depths))]

    def weights(self, name: str, shape: tuple[int, ...]) -> Array:
        return self.take(f"audio_model.audio_encoder.{name}", shape)

    def vector(self, name: str, size: int) -> Array:
        return self.weights(name, (size,))

    def stretch(self, spectrograms: str, frames: int) -> str:
        """Normalise the mel bands and stretch time to the picture's length, bicubic.

        The shape is ``(..., frames, n_mels)``. Four gathers are faster than onnxruntime's Resize.
        """
        graph = self.graph
        scale, shift = self._batch_norm("batch_norm", self.config.n_mels)
        normed = graph.op("Mul", spectrograms, graph.constant(scale))
        normed = str(graph.op("Add", normed, graph.constant(shift)))
        if frames == self.config.frames:
            return normed
        indices, weights = bicubic_taps(frames, self.config.frames)
        terms = [
            graph.op(
                "Mul",
                graph.op("Gather", normed, graph.constant(indices[:, tap]), axis=-2),
                graph.constant(weights[:, tap, None]),
            )
            for tap in range(4)
        ]
        return str(graph.op("Sum", *terms))

    def embed_whole(self, pictures: str) -> str:
        """Embed the patches of whole clips; shape ``(clips, tokens, width)``."""
        tokens = self._embed(pictures, 1, "patch_embed.proj", self.config.patch)
        return self.graph.reshape(tokens, (-1, self.config.grid**2, self.config.width))

    def _batch_norm(self, name: str, size: int) -> tuple[Array, Array]:
        """Return the factor and the summand that a trained batch norm comes to."""
        weight, bias = self.vector(f"{name}.weight", size), self.vector(f"{name}.bias", size)
        mean = self.vector(f"{name}.running_mean", size).astype(np.float64)
        variance = self.vector(f"{name}.running_var", size).astype(np.float64)
        scale = weight / np.sqrt(variance + _BATCH_NORM_EPS)
        return scale.astype(np.float32), (bias - mean * scale).astype(np.float32)

    def _embed(self, pictures: str, channels: int, name: str, long: int) -> str:
        """Cut pictures into patches of ``patch`` mels by ``long`` frames and embed each.

        Args:
            pictures: Shape ``(batch, channels, frames, mels)``: the rows of a folded picture are
                its pieces of time, and within each the mel bands.
            channels: How many.
            name: Of the convolution that embeds a patch.
            long: Frames of a patch; frames beyond the last whole one are left out.

        Returns:
            Shape ``(batch, rows, channels * columns, width)``.
        """
        graph, config = self.graph, self.config
        high, columns = config.patch, config.spec_size // long
        folded = (-1, channels, config.fold, config.spec_size, config.n_mels)
        pixels = graph.reshape(pictures, folded)
        if columns * long < config.spec_size:
            ends = [graph.constant([each]) for each in (0, columns * long, 3)]
            pixels = graph.op("Slice", pixels, *ends)
        cut = (-1, channels, config.fold, columns, long, config.n_mels // high, high)
        patches = graph.op("Transpose", graph.reshape(pixels, cut), perm=(0, 2, 5, 1, 3, 6, 4))
        kernel = self.weights(f"{name}.weight", (config.width, 1, high, long))
        rows = graph.linear(
            graph.reshape(patches, (-1, high * long)),
            kernel.reshape(config.width, -1).T,
            self.vector(f"{name}.bias", config.width),
            exact=True,
        )
        return graph.reshape(rows, (-1, config.grid, channels * columns, config.width))

    def embed_crops(self, pictures: str) -> str:
        """Embed the patches of three crops side by side; shape ``(longer, tokens, width)``.

        What is missing to the width of the whole is zero, put in after the convolution, so it
        has no bias, and it counts in the mean of the fusion.
        """
        graph, config = self.graph, self.config
        long = 3 * config.patch
        beside = self._embed(pictures, 3, "patch_embed.mel_conv2d", long)
        missing = config.grid - 3 * (config.spec_size // long)
        padding = graph.constant([0, 0, 0, 0, 0, 0, missing, 0])
        padded = graph.op("Pad", beside, padding)
        return graph.reshape(padded, (-1, config.grid**2, config.width))

    def fuse(self, tokens: str, crops: str, longer: str) -> str:
        """Mix crops into the clips that have some: attentional fusion (arXiv:2009.14082).

        Args:
            tokens: Of all clips.
            crops: Of those that have crops.
            longer: Which of all these are.
        """
        graph = self.graph
        whole = graph.op("Gather", tokens, longer, axis=0)
        both = graph.op("Add", whole, crops)
        mean = graph.op("ReduceMean", both, graph.constant([1]), keepdims=1)
        local = self._fusion_attention(both, "patch_embed.fusion_model.local_att", 0)
        general = self._fusion_attention(mean, "patch_embed.fusion_model.global_att", 1)
        share = graph.op("Sigmoid", graph.op("Add", local, general))
        mixed = graph.op("Mul", share, graph.op("Sub", whole, crops))
        fused = graph.op("Mul", graph.op("Add", crops, mixed), graph.constant(2.0))
        places = graph.op("Unsqueeze", longer, graph.constant([1]))
        return str(graph.op("ScatterND", tokens, places, fused))

    def enter(self, tokens: str) -> str:
        """Put the tokens into the first stage's window order and normalise them."""
        graph, config = self.graph, self.config
        order = graph.constant(window_order(config.grid, config.window, 0))
        tokens = str(graph.op("Gather", tokens, order, axis=1))
        if not config.has_patch_norm:
            return tokens
        weight = self.vector("patch_embed.norm.weight", config.width)
        bias = self.vector("patch_embed.norm.bias", config.width)
        return graph.layer_norm(tokens, weight, bias, PATCH_NORM_EPS)

    def _fusion_attention(self, tokens: str, name: str, first: int) -> str:
        """Two convolutions of one pixel with batch norms, which fold in."""
        graph, width = self.graph, self.config.width
        inner = width // self.config.fusion_ratio
        rows = graph.reshape(tokens, (-1, width))
        for number, (size, out) in enumerate(((width, inner), (inner, width))):
            at = first + 3 * number
            kernel = self.weights(f"{name}.{at}.weight", (out, size, 1, 1)).reshape(out, size)
            scale, shift = self._batch_norm(f"{name}.{at + 1}", out)
            bias = self.vector(f"{name}.{at}.bias", out) * scale + shift
            rows = graph.linear(rows, (kernel * scale[:, None]).T, bias, exact=True)
            if number == 0:
                rows = graph.op("Relu", rows)
        tokens_there = 1 if first else self.config.grid**2
        return graph.reshape(rows, (-1, tokens_there, width))

    def stage(self, tokens: str, stage: int) -> str:
        """Run the blocks of a stage and merge its patches for the next one.

        Args:
            tokens: In window order, not shifted.
            stage: Number of the stage.

        Returns:
            Tokens of the next stage, in its window order; after the last stage in any order.
        """
        graph, config = self.graph, self.config
        grid, window = config.grid >> stage, config.window
        order = window_order(grid, window, 0)
        for block in range(config.depths[stage]):
            shift = window // 2 if block % 2 and grid > window else 0
            wanted = window_order(grid, window, shift)
            tokens, order = self._reorder(tokens, order, wanted), wanted
            tokens = self._block(tokens, stage, f"layers.{stage}.blocks.{block}", shift)
        if stage + 1 == len(config.depths):
            return tokens
        width = self.widths[stage]
        fours = self._reorder(tokens, order, merge_order(grid, window))
        merged = graph.reshape(fours, (-1, grid * grid // 4, 4 * width))
        name = f"layers.{stage}.downsample"
        weight = self.vector(f"{name}.norm.weight", 4 * width)
        bias = self.vector(f"{name}.norm.bias", 4 * width)
        normed = graph.layer_norm(merged, weight, bias, PATCH_NORM_EPS)
        reduction = self.weights(f"{name}.reduction.weight", (2 * width, 4 * width))
        rows = graph.linear(graph.reshape(normed, (-1, 4 * width)), reduction.T, None)
        return graph.reshape(rows, (-1, grid * grid // 4, 2 * width))

    def _reorder(self, tokens: str, order: Order, wanted: Order) -> str:
        if np.array_equal(order, wanted):
            return tokens
        place = np.argsort(order)[wanted]
        return str(self.graph.op("Gather", tokens, self.graph.constant(place), axis=1))

    def _block(self, tokens: str, stage: int, name: str, shift: int) -> str:
        graph, width = self.graph, self.widths[stage]
        count = (self.config.grid >> stage) ** 2
        normed = self._norm(tokens, f"{name}.layernorm_before", width)
        attended = self._attention(normed, stage, f"{name}.attention", shift)
        tokens = str(graph.op("Add", tokens, graph.reshape(attended, (-1, count, width))))
        rows = graph.reshape(self._norm(tokens, f"{name}.layernorm_after", width), (-1, width))
        hidden = int(self.config.mlp_ratio * width)
        for part, size, out in (("intermediate", width, hidden), ("output", hidden, width)):
            weight = self.weights(f"{name}.{part}.dense.weight", (out, size))
            rows = graph.linear(rows, weight.T, self.vector(f"{name}.{part}.dense.bias", out))
            if part == "intermediate":
                rows = graph.op("Gelu", rows)
        return str(graph.op("Add", tokens, graph.reshape(rows, (-1, count, width))))

    def _norm(self, tokens: str, name: str, width: int) -> str:
        weight = self.vector(f"{name}.weight", width)
        bias = self.vector(f"{name}.bias", width)
        return self.graph.layer_norm(tokens, weight, bias, self.config.norm_eps)

    def _attention(self, tokens: str, stage: int, name: str, shift: int) -> str:
        """Attend within each window; returns rows of shape ``(batch * tokens, width)``."""
        graph, width, heads = self.graph, self.widths[stage], self.config.heads[stage]
        size, length = width // heads, self.config.window**2
        windows = (self.config.grid >> stage) ** 2 // length
        parts = graph.linear(graph.reshape(tokens, (-1, width)), *self._qkv(name, width, heads))
        split = graph.reshape(parts, (-1, windows, length, 3, heads, size))
        moved = graph.op("Transpose", split, perm=(3, 0, 1, 4, 2, 5))
        query, key, value = (
            graph.op("Gather", moved, graph.constant(np.asarray(i)), axis=0) for i in range(3)
        )
        scores = graph.op("FusedMatMul", query, key, transB=1)
        scores = graph.op("Add", scores, graph.constant(self._bias(name, stage, shift)))
        context = graph.op("MatMul", graph.op("Softmax", scores, axis=-1), value)
        back = graph.op("Transpose", context, perm=(0, 1, 3, 2, 4))
        weight = self.weights(f"{name}.output.dense.weight", (width, width))
        bias = self.vector(f"{name}.output.dense.bias", width)
        return graph.linear(graph.reshape(back, (-1, width)), weight.T, bias)

    def _qkv(self, name: str, width: int, heads: int) -> tuple[Array, Array | None]:
        """Query, key and value side by side; the query holds the scale of the scores."""
        scale = np.float32((width // heads) ** -0.5)
        weights, biases = [], []
        for part, factor in (("query", scale), ("key", 1), ("value", 1)):
            weight = self.weights(f"{name}.self.{part}.weight", (width, width))
            weights.append(weight.T * np.float32(factor))
            if self.config.has_qkv_bias:
                bias = self.vector(f"{name}.self.{part}.bias", width)
                biases.append(bias * np.float32(factor))
        joined = np.concatenate(biases) if biases else None
        return np.concatenate(weights, axis=1), joined

    def _bias(self, name: str, stage: int, shift: int) -> Array:
        """What is added to the scores: relative positions, and the mask of shifted windows.

        Returns:
            Shape ``(windows or 1, heads, window**2, window**2)``.
        """
        window, heads = self.config.window, self.config.heads[stage]
        shape = ((2 * window - 1) ** 2, heads)
        table = self.weights(f"{name}.self.relative_position_bias_table", shape)
        positions = table[relative_positions(window)].transpose(2, 0, 1)[None]
        if not shift:
            return positions
        return positions + shift_mask(self.config.grid >> stage, window, shift)[:, None]

    def pool(self, tokens: str) -> str:
        """Normalise the last stage's tokens and average them."""
        normed = self._norm_last(tokens)
        return str(self.graph.op("ReduceMean", normed, self.graph.constant([1]), keepdims=0))

    def _norm_last(self, tokens: str) -> str:
        width = self.widths[-1]
        weight, bias = self.vector("norm.weight", width), self.vector("norm.bias", width)
        return self.graph.layer_norm(tokens, weight, bias, PATCH_NORM_EPS)


def bicubic_taps(size: int, wanted: int) -> tuple[NDArray[np.int64], Array]:
    """Return where each of ``wanted`` samples is taken from, and with which weights.

    Cubic convolution (Keys 1981) with a = -0.75, the ends of both grids aligned, beyond the ends
    the last sample: what PyTorch's ``interpolate(mode="bicubic", align_corners=True)`` does.

    Returns:
        Indices and weights, each of shape ``(wanted, 4)``.
    """
    a = -0.75
    place = np.arange(wanted) * ((size - 1) / (wanted - 1))
    first = np.floor(place)
    offset = (place - first)[:, None]
    near, far = np.abs(offset - [0, 1]), np.abs(offset - [-1, 2])
    inner = ((a + 2) * near - (a + 3)) * near * near + 1
    outer = ((a * far - 5 * a) * far + 8 * a) * far - 4 * a
    weights = np.stack([outer[:, 0], inner[:, 0], inner[:, 1], outer[:, 1]], axis=1)
    indices = first[:, None].astype(np.int64) + np.arange(-1, 3)
    return np.clip(indices, 0, size - 1), weights.astype(np.float32)


def window_order(grid: int, window: int, shift: int) -> Order:
    """Return the patches, counted row by row, in the order of their shifted windows."""
    rolled = np.roll(np.arange(grid * grid).reshape(grid, grid), (-shift, -shift), (0, 1))
    blocks = rolled.reshape(grid // window, window, grid // window, window)
    return blocks.transpose(0, 2, 1, 3).reshape(-1)


def merge_order(grid: int, window: int) -> Order:
    """Return the patches such that each four are merged, in the next stage's window order."""
    half = grid // 2
    corner = window_order(half, window, 0)
    corner = 2 * (corner // half) * grid + 2 * (corner % half)
    four = np.array([0, grid, 1, grid + 1])
    return np.asarray(corner[:, None] + four, dtype=np.int64).reshape(-1)


def relative_positions(window: int) -> NDArray[np.int64]:
    """Return the row of the bias table for each pair of patches, shape ``(window**2, window**2)``.

    As in the Swin transformer (arXiv:2103.14030).
    """
    row, column = np.divmod(np.arange(window**2), window)
    down = row[:, None] - row[None] + window - 1
    across = column[:, None] - column[None] + window - 1
    return np.asarray(down * (2 * window - 1) + across)


def shift_mask(grid: int, window: int, shift: int) -> Array:
    """Return what keeps apart the regions that a cyclic shift brings into one window.

    Returns:
        Shape ``(windows, window**2, window**2)``, 0 within a region.
    """
    place = np.arange(grid)
    region = (place >= grid - window).astype(int) + (place >= grid - shift)
    regions = region[:, None] * 3 + region[None]
    blocks = regions.reshape(-1)[window_order(grid, window, 0)].reshape(-1, window**2)
    apart = blocks[:, None, :] != blocks[:, :, None]
    return np.where(apart, np.float32(_MASKED), np.float32(0))
