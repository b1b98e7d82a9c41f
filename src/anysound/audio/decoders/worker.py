"""A decoder: a process that is given files on its standard input, and gives their sound."""

import json
import os
import sys
from io import BytesIO
from typing import Any, BinaryIO

from anysound.audio.decoders import messages
from anysound.audio.decoders.confined import bound_time, confine
from anysound.audio.decoders.problems import DecodingError, too_long
from anysound.audio.recording import open_recording
from anysound.errors import RecordingError


def main() -> None:
    """Decode until the other side is gone."""
    memory, cpu = map(int, sys.argv[1:])
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not talk into it
    confine(memory)
    while True:
        try:
            _, asked = messages.read(sys.stdin.buffer, messages.TEXT_MOST)
            job = json.loads(asked)
            content = messages.read_exactly(sys.stdin.buffer, job["size"])
        except EOFError:
            return
        bound_time(cpu)
        _answer(job, _Named(job["name"], content), answers)
        del content  # not kept until the next one is there


def _answer(job: dict[str, Any], file: "_Named", answers: BinaryIO) -> None:
    try:
        with open_recording(file, job["rate"]) as stream:
            messages.write(answers, messages.OPENED)
            for block in stream.blocks():
                if stream.duration > job["duration"]:
                    raise too_long(job["name"], job["duration"])
                messages.write(answers, messages.BLOCK, block.tobytes())
            summary = {
                "duration": stream.duration,
                "is_silent": stream.is_silent,
                "warnings": [[each.en, each.zh] for each in stream.warnings],
            }
        messages.write_json(answers, messages.END, summary)
    except RecordingError as error:
        reason = error.reason if isinstance(error, DecodingError) else "unreadable"
        refused = {"reason": reason, "text": [error.text.en, error.text.zh]}
        messages.write_json(answers, messages.REFUSED, refused)


class _Named(BytesIO):
    """Bytes with the name that the user's file has."""

    def __init__(self, name: str, content: bytes) -> None:
        super().__init__(content)
        self.name = name


if __name__ == "__main__":
    main()
