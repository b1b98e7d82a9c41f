"""Decode what comes from a pipe or the net, as it comes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

import av
from av.audio.stream import AudioStream
from av.container import InputContainer

from anysound.audio.decode import Coding, coding_of, piece_of, sound_of
from anysound.audio.problem import problem
from anysound.audio.waveform import Piece
from anysound.errors import RecordingError, reason_of

_CONNECT = 10.0  # seconds
_READ = 10.0
_BAD_IN_A_ROW = 500  # packets; after so many, what comes is no sound
_BUFFER = 4096  # bytes that FFmpeg asks a pipe for at once


class Reads(Protocol):
    """Whatever gives bytes as they come."""

    def read(self, count: int) -> bytes:
        """Return some bytes, at most so many; none at the end."""


@dataclass(frozen=True)
class Opening:
    """How FFmpeg is to open something.

    Attributes:
        options: Its own options.
        format: Its name of the format; None leaves it to find out.
    """

    options: Mapping[str, str]
    format: str | None = None


@dataclass(frozen=True)
class Found:
    """What there is to hear.

    Attributes:
        pieces: The sound as it comes, without what can't be decoded.
        coding: How its samples are held.
        is_of_known_length: Whether it says how long it is.
    """

    pieces: Iterator[Piece]
    coding: Coding
    is_of_known_length: bool


@contextmanager
def decoding(name: str, place: str | Reads, opening: Opening) -> Iterator[Found]:
    """Open a URL or bytes that come, for as long as the block lasts.

    Raises:
        RecordingError: It can't be opened, or holds no sound; while it is heard, also if it breaks
            off.
    """
    container = _open(name, place, opening)
    try:
        stream = sound_of(name, container)
        pieces = _pieces(name, container, stream)
        yield Found(pieces, coding_of(stream), bool(container.duration))
    finally:
        with suppress(av.FFmpegError, OSError):
            container.close()


def _open(name: str, place: str | Reads, opening: Opening) -> InputContainer:
    try:
        return av.open(
            place,
            "r",
            format=opening.format,
            options=dict(opening.options),
            timeout=(_CONNECT, _READ),
            buffer_size=_BUFFER,
            metadata_errors="replace",
        )
    except (av.InvalidDataError, EOFError) as error:
        raise _no_sound(name) from error
    except (av.FFmpegError, OSError, ValueError) as error:
        raise _unreachable(name, error) from error


def _pieces(name: str, container: InputContainer, stream: AudioStream) -> Iterator[Piece]:
    """Decode a stream to where it ends, leaving out what can't be decoded."""
    bad_in_a_row = 0
    try:
        for packet in container.demux(stream):
            try:
                pieces = [piece_of(frame) for frame in packet.decode()]
            except (av.FFmpegError, ValueError):
                bad_in_a_row += 1
                if bad_in_a_row > _BAD_IN_A_ROW:
                    raise _no_sound(name) from None
                continue
            if pieces:
                bad_in_a_row = 0
            yield from pieces
    except RecordingError:
        raise
    except EOFError:
        return
    except (av.FFmpegError, OSError, ValueError) as error:
        raise _broken_off(name, error) from error
    except IndexError:
        pass  # PyAV's own, at the end of a file in which further streams came up


def _no_sound(name: str) -> RecordingError:
    return problem(
        name,
        "what comes from there is no sound that anysound can read. See whether it plays elsewhere; "
        "raw samples on standard input need --rate, --channels and --format.",
        "传来的不是 anysound 能读取的声音。请确认它能否在别处播放；标准输入若为裸采样数据，"
        "需要指定 --rate、--channels 和 --format。",
    )


def _unreachable(name: str, error: Exception) -> RecordingError:
    reason = reason_of(error)
    return problem(
        name,
        f"it can't be reached ({reason}). Check the address or the pipe, the network, and that "
        "what sends it is switched on.",
        f"无法连接（{reason}）。请检查地址或管道、网络，以及发送方是否已开启。",
    )


def _broken_off(name: str, error: Exception) -> RecordingError:
    reason = reason_of(error)
    return problem(name, f"it broke off ({reason}).", f"连接中断（{reason}）。")
