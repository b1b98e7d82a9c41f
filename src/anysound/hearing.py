"""What a model makes of a recording, before any label is looked at."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from anysound.ahead import chunks_ahead
from anysound.audio import Part, PartReader, RecordingStream, UnitSpec, Waveform
from anysound.language import Text
from anysound.models import AudioTextModel, Embeddings

_UNITS_AT_ONCE = max(4, os.cpu_count() or 1)  # for every core; results do not depend on it

OnBlock: TypeAlias = Callable[[Waveform], None]
"""Is given the sound of a recording, block by block."""


def ignore_block(block: Waveform) -> None:
    """Make nothing of it."""


@dataclass(frozen=True)
class HeardPart:
    """What the model made of one part of a recording.

    Attributes:
        embeddings: Shape ``(n_units, dim)``; no rows if the part is outside the recording.
        units: Spans ``(start, end)`` of what was embedded as one unit each, in seconds.
        span: What the part came to, ``(start, end)`` in seconds.
        is_silent: Whether nothing in it could be heard.
    """

    embeddings: Embeddings
    units: tuple[tuple[float, float], ...]
    span: tuple[float, float]
    is_silent: bool


@dataclass(frozen=True)
class Heard:
    """What the model made of one recording.

    Attributes:
        parts: Of each part that was asked for.
        duration: Of the recording, in seconds.
        is_silent: Whether nothing in the whole recording could be heard.
        warnings: What is wrong with the recording.
    """

    parts: dict[Part, HeardPart]
    duration: float
    is_silent: bool
    warnings: tuple[Text, ...]

    @property
    def analysed(self) -> tuple[tuple[float, float], ...]:
        """Spans that were embedded, in seconds; those that touch or overlap are one."""
        joined: list[tuple[float, float]] = []
        for start, end in sorted(unit for part in self.parts.values() for unit in part.units):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], end))
            else:
                joined.append((start, end))
        return tuple(joined)


def listen(
    model: AudioTextModel,
    stream: RecordingStream,
    parts: Iterable[Part],
    on_block: OnBlock = ignore_block,
) -> Heard:
    """Embed parts of a recording, all in the one pass that decodes it.

    Args:
        model: Embeds them.
        stream: The recording; it is read to its end.
        parts: The parts.
        on_block: Is given the sound, block by block, in another thread.

    Raises:
        RecordingError: The recording can't be read.
    """
    info = model.info
    wanted = tuple(dict.fromkeys(parts))
    reader = PartReader(wanted, info.rate, UnitSpec(longest=info.unit, window=info.window))
    rows = {part: bytearray() for part in wanted}  # which grows in place, ten hours' to 15 MB
    units: dict[Part, list[tuple[float, float]]] = {part: [] for part in wanted}
    with closing(chunks_ahead(reader.units(_told(stream, on_block)), _UNITS_AT_ONCE)) as chunks:
        for some in chunks:
            embedded = model.embed_audio([unit.waveform for _, unit in some])
            for (part, unit), row in zip(some, embedded, strict=True):
                rows[part] += np.asarray(row, np.float32).tobytes()
                units[part].append((unit.start, unit.end))
    return Heard(
        parts={
            part: HeardPart(
                embeddings=np.frombuffer(rows[part], np.float32).reshape(-1, info.dim),
                units=tuple(units[part]),
                span=reader.span(part),
                is_silent=reader.is_silent(part),
            )
            for part in wanted
        },
        duration=stream.duration,
        is_silent=stream.is_silent,
        warnings=tuple(stream.warnings),
    )


def _told(stream: RecordingStream, on_block: OnBlock) -> Iterator[Waveform]:
    for block in stream.blocks():
        on_block(block)
        yield block
