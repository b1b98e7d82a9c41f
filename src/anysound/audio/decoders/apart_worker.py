"""Decodes Opus from standard input as it comes, onto standard output."""

import os
import sys
from typing import BinaryIO

import numpy as np

from anysound.audio.decoders import messages
from anysound.audio.decoders.apart import HEAD
from anysound.audio.decoders.confined import bound_time, confine
from anysound.audio.incoming import Opening, decoding
from anysound.audio.waveform import Piece
from anysound.errors import RecordingError

_OPUS = Opening({"format_whitelist": "ogg,matroska,webm", "codec_whitelist": "opus,libopus"})


def main() -> None:
    """Decode until the input ends."""
    name, memory, cpu = sys.argv[1], *map(int, sys.argv[2:])
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not talk into it
    confine(memory)
    try:
        with decoding(name, _Input(cpu), _OPUS) as found:
            coding = {"codec": found.coding.codec, "bits": found.coding.bits}
            messages.write_json(answers, messages.OPENED, coding)
            for piece in found.pieces:
                _tell(piece, answers)
        messages.write(answers, messages.END)
    except RecordingError as error:
        refused = {"text": [error.text.en, error.text.zh]}
        messages.write_json(answers, messages.REFUSED, refused)


class _Input:
    """Standard input as it comes; what comes may take only so much time."""

    def __init__(self, cpu: int) -> None:
        self._cpu = cpu

    def read(self, count: int) -> bytes:
        content = os.read(0, count)
        bound_time(self._cpu)
        return content


def _tell(piece: Piece, answers: BinaryIO) -> None:
    samples = piece.samples
    if samples.dtype.kind == "i":
        samples = samples / -float(np.iinfo(samples.dtype).min)
    samples = np.ascontiguousarray(samples, np.float32)
    head = HEAD.pack(piece.rate, samples.shape[0])
    messages.write(answers, messages.BLOCK, head + samples.tobytes())


if __name__ == "__main__":
    main()
