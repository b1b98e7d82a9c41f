"""A decoder: a process that is given files on its standard input, and gives their sound."""

import json
import os
import sys
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from anysound.audio.decoders import messages
from anysound.audio.decoders.problems import DecodingError, too_long
from anysound.audio.recording import open_recording
from anysound.errors import RecordingError


def main() -> None:
    """Decode until the other side is gone."""
    memory, cpu = map(int, sys.argv[1:])
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not talk into it
    _confine(memory)
    while True:
        try:
            _, asked = messages.read(sys.stdin.buffer, messages.TEXT_MOST)
            job = json.loads(asked)
            content = messages.read_exactly(sys.stdin.buffer, job["size"])
        except EOFError:
            return
        _bound_time(cpu)
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


def _confine(memory: int) -> None:
    """Leave this process no more than it needs: some memory, and no file to write."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    sizes = Path("/proc/self/statm")
    if sizes.exists():  # without it, what is in use is not known
        in_use = int(sizes.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (in_use + memory, in_use + memory))


def _bound_time(cpu: int) -> None:
    """Let the system end this process if the next recording keeps it busy for too long.

    It holds even if whoever would kill it is gone.
    """
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + cpu
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
