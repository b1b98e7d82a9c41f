"""Sound of strangers that goes on, decoded in a process of its own while it comes."""

import json
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import IO

import numpy as np

from anysound.audio.decode import Coding
from anysound.audio.decoders import messages
from anysound.audio.decoders.confined import own_environment
from anysound.audio.decoders.problems import DecodingError, killed
from anysound.audio.incoming import Found, Reads
from anysound.audio.waveform import MAX_CHANNELS, Piece
from anysound.language import Text

HEAD = struct.Struct("<IB")
"""In front of a piece's float32 samples: its rate and channels."""

_COMMAND = (sys.executable, "-P", "-m", "anysound.audio.decoders.apart_worker")
_MEMORY = 256 << 20  # bytes, beside what the process has when it starts
_CPU = 20  # seconds for the next bytes that come
_MOST = 16 << 20  # bytes of a piece
_READ = 1 << 16  # bytes that are passed on at once
_LOOK = 0.2  # seconds


@contextmanager
def decoding_apart(
    name: str, source: Reads, is_left: Callable[[], bool] = lambda: False
) -> Iterator[Found]:
    """Decode Opus in Ogg or WebM as it comes, for as long as the block lasts.

    A process does it, with bounds for its memory and time; it is killed at the end of the block.

    Args:
        name: What errors call it.
        source: Gives the bytes; its end is the sound's. It is read in a thread.
        is_left: Whether nobody wants what is not decoded yet; looked at when the source has ended.

    Raises:
        DecodingError: What comes is no sound, or the process had to be given up; while it is
            heard, too.
    """
    process = subprocess.Popen(
        (*_COMMAND, name, str(_MEMORY), str(_CPU)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=own_environment(),
    )
    assert process.stdout
    Thread(target=_feed, args=(process, source, is_left), daemon=True).start()
    try:
        opened = _hear(name, process.stdout, messages.OPENED)
        yield Found(_pieces(name, process.stdout), _coding(name, opened), False)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _feed(process: "subprocess.Popen[bytes]", source: Reads, is_left: Callable[[], bool]) -> None:
    """Pass on what comes until it ends; then see to it that what nobody wants is not decoded."""
    assert process.stdin
    with suppress(OSError):  # it was killed
        while chunk := source.read(_READ):
            process.stdin.write(chunk)
            process.stdin.flush()
    with suppress(OSError):
        process.stdin.close()
    while process.poll() is None:
        if is_left():
            process.kill()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_LOOK)


def _pieces(name: str, answers: IO[bytes]) -> Iterator[Piece]:
    while (payload := _hear(name, answers, messages.BLOCK)) is not None:
        try:
            rate, channels = HEAD.unpack_from(payload)
            samples = np.frombuffer(payload, np.float32, offset=HEAD.size)
            if not 1 <= channels <= MAX_CHANNELS:
                raise ValueError("so many channels were not asked for")
            yield Piece(samples.reshape(channels, -1), rate)
        except (ValueError, struct.error) as error:
            raise killed(name, "crashed") from error


def _hear(name: str, answers: IO[bytes], expected: bytes) -> bytes | None:
    """Wait for a message, and return what is in it; None at the end."""
    try:
        kind, payload = messages.read(answers, _MOST)
    except (OSError, EOFError, ValueError) as error:
        raise killed(name, "crashed") from error
    if kind == messages.REFUSED:
        raise _refused(name, payload)
    if kind == messages.END:
        return None
    if kind != expected:
        raise killed(name, "crashed")
    return payload


def _coding(name: str, opened: bytes | None) -> Coding:
    try:
        said = json.loads(opened or b"")
        return Coding(str(said["codec"]), said["bits"] and int(said["bits"]))
    except (ValueError, TypeError, KeyError) as error:
        raise killed(name, "crashed") from error


def _refused(name: str, payload: bytes) -> DecodingError:
    try:
        en, zh = json.loads(payload)["text"]
    except (ValueError, TypeError, KeyError):
        return killed(name, "crashed")
    return DecodingError(Text(str(en), str(zh)), "unreadable")
