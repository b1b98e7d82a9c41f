"""Decode the sound of a file with FFmpeg, piece by piece.

A file may come from a stranger. FFmpeg is given its bytes, not its name, so neither the name nor
its extension means anything; only formats that hold sound themselves are let in, not playlists
and the like, which name other files; and no protocol is allowed that could open those.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet

from anysound.audio.peek import ends_in_torn_ogg_page, has_open_end, is_wav
from anysound.audio.problem import problem
from anysound.audio.source import unreadable
from anysound.audio.waveform import Piece
from anysound.language import Text

_FORMATS = (
    *("wav", "w64", "aiff", "caf", "au", "voc", "sox", "nistsphere", "pvf"),
    *("mp3", "aac", "loas", "flac", "ogg", "wv", "tta", "ac3", "eac3", "dts"),
    *("amr", "amrnb", "amrwb", "gsm", "qcp", "dss", "xwma"),
    *("mov", "matroska", "avi", "asf", "flv", "mpeg", "mpegts"),
)
_OPTIONS = {"format_whitelist": ",".join(_FORMATS), "protocol_whitelist": "none"}

# FFmpeg looks for DTS in the samples of a 16-bit wav file, in 32 packets, which takes ten times as
# long as all else in opening it. One packet of this size holds more frames of DTS than it wants to
# see; and every packet passes through Python, so there had better be fewer.
_WAV_OPTIONS = _OPTIONS | {"max_size": "32768", "max_probe_packets": "1"}

_TOLERANCE = 0.25  # seconds less than declared, without a word; codecs round to frames
_GAP = 0.05  # seconds that timestamps may run ahead of the samples; some are rough

_STREAMINFO = 34  # bytes of the header that every FLAC stream has

_DAMAGED = Text(
    en="The file is damaged: parts of it could not be decoded and were left out. "
    "Copy it again if you can.",
    zh="文件有损坏：部分内容无法解码，已跳过。如有可能，请重新拷贝。",
)


@dataclass(frozen=True)
class Coding:
    """How samples are held.

    Attributes:
        codec: FFmpeg's name for it, such as ``pcm_s24le``, ``flac`` or ``mp3float``.
        bits: Of each sample in FLAC, which are fewer than its decoder's numbers have; else None.
    """

    codec: str
    bits: int | None = None


class AudioFile:
    """The sound of an open file.

    Attributes:
        warnings: What is wrong with the file; complete once ``pieces`` is exhausted.
        coding: How it holds its samples.
    """

    def __init__(self, name: str, file: BinaryIO) -> None:
        """Read the file's headers.

        Args:
            name: What errors call it.
            file: A seekable file with at least one byte in it, for the caller to close.

        Raises:
            RecordingError: There is no sound in it that can be decoded.
        """
        self.warnings: list[Text] = []
        self._name = name
        try:
            self._has_open_end = has_open_end(file)
            self._cut_off = ends_in_torn_ogg_page(file)
            self._container = _open(name, file)
        except (OSError, ValueError) as error:
            raise unreadable(name, error) from error
        self._stream = sound_of(name, self._container)
        self.coding = coding_of(self._stream)
        self._declared = _declared_seconds(self._container, self._stream)

    def close(self) -> None:
        """Let go of the decoder; whatever iterates ``pieces`` must be closed before."""
        self._container.close()

    def pieces(self) -> Generator[Piece, None, None]:
        """Decode the file from start to end, once, leaving out what can't be decoded.

        Raises:
            RecordingError: The file can't be read, or none of it can be decoded.
        """
        seconds = reached = 0.0
        is_damaged = False
        bad_in_a_row = 0
        start = float((self._stream.start_time or 0) * (self._stream.time_base or 0))
        for packet in self._packets():
            try:
                frames = [(piece_of(frame), frame.time) for frame in packet.decode()]
            except (av.FFmpegError, ValueError):
                bad_in_a_row += 1
                continue
            for piece, time in frames:
                yield piece
                length = piece.samples.shape[1] / piece.rate
                seconds += length
                reached = max(reached, seconds, (time or 0.0) - start + length)
            if frames:
                is_damaged |= bad_in_a_row > 0
                bad_in_a_row = 0

        if bad_in_a_row and not seconds:
            raise problem(
                self._name,
                "none of its sound can be decoded; the file is damaged. "
                "Copy or record it again, or convert it to wav.",
                "其中的声音完全无法解码，文件已损坏。请重新拷贝或录制，或转换为 wav 后再试。",
            )
        if is_damaged or reached - seconds > _GAP:
            self.warnings.append(_DAMAGED)
        if self._cut_off or bad_in_a_row or self._declared - reached > _TOLERANCE:
            self.warnings.append(_cut_off(seconds, self._declared))

    def _packets(self) -> "Iterator[Packet[AudioStream]]":
        """Read packets to the end of the file, or to where it breaks off."""
        is_whole = True
        try:
            for packet in self._container.demux(self._stream):
                if packet.size:  # the one that flushes the decoder at the end has no bytes
                    is_whole = not packet.is_corrupt
                yield packet
        except av.FFmpegError:
            is_whole = False
        except IndexError:
            pass  # PyAV's own, at the end of a file in which further streams came up
        except (OSError, ValueError) as error:  # from the file, such as one that was closed
            raise unreadable(self._name, error) from error
        self._cut_off |= not (is_whole or self._has_open_end)


class _Nameless:
    """A file that keeps its name from FFmpeg."""

    def __init__(self, file: BinaryIO) -> None:
        self.read = file.read
        self.seek = file.seek
        self.tell = file.tell


def _open(name: str, file: BinaryIO) -> InputContainer:
    options = _WAV_OPTIONS if is_wav(file) else _OPTIONS
    file.seek(0)
    try:
        return av.open(_Nameless(file), "r", options=options, metadata_errors="replace")
    except av.FFmpegError as error:
        raise problem(
            name,
            "this is not a sound or video file that anysound can read, or it is damaged, or its "
            "recording was never finished. See whether it plays elsewhere, or convert it to wav.",
            "这不是 anysound 能读取的音频或视频文件，或者文件已损坏、录制未正常结束。"
            "请确认它能否在别处播放，或转换为 wav 后再试。",
        ) from error


def sound_of(name: str, container: InputContainer) -> AudioStream:
    """Return the sound of what was opened.

    Raises:
        RecordingError: There is none that can be decoded.
    """
    stream = container.streams.best("audio")
    if stream is None:
        raise problem(
            name,
            "there is no sound in it, only pictures. Choose a file that was recorded with sound.",
            "其中只有画面，没有声音。请选择录有声音的文件。",
        )
    if not isinstance(stream, AudioStream) or stream.codec_context is None:
        raise problem(
            name,
            "its sound is coded in a way that anysound doesn't know. Convert it to wav or mp3.",
            "其声音采用了 anysound 不支持的编码。请转换为 wav 或 mp3。",
        )
    return stream


def coding_of(stream: AudioStream) -> Coding:
    """Return how a stream holds its samples."""
    context = stream.codec_context
    header = context.extradata or b""
    if context.name != "flac" or len(header) < _STREAMINFO:
        return Coding(context.name)
    # 20 bits of rate, 3 of channels, 5 of bits less one, 36 of length (RFC 9639, 8.2)
    fields = int.from_bytes(header[10:18])
    return Coding(context.name, bits=(fields >> 36 & 31) + 1)


def piece_of(frame: AudioFrame) -> Piece:
    """Return the samples of what was decoded."""
    samples = frame.to_ndarray()
    if not frame.format.is_planar:
        samples = samples.reshape(-1, frame.layout.nb_channels).T
    return Piece(samples, frame.sample_rate)


def _declared_seconds(container: InputContainer, stream: AudioStream) -> float:
    """Return how long the file says that its sound is, or 0 if it does not say."""
    if stream.duration and stream.time_base:
        declared = float(stream.duration * stream.time_base)
    elif container.duration and len(container.streams) == 1:
        declared = container.duration / av.time_base
    else:
        return 0.0
    # Where a file does not say, FFmpeg works it out from the size and an average bit rate.
    guess = container.size * 8 / stream.bit_rate if stream.bit_rate else 0.0
    return 0.0 if abs(declared - guess) < 0.01 * declared else declared


def _cut_off(seconds: float, declared: float) -> Text:
    if declared - seconds > _TOLERANCE:
        extent_en = f"only {seconds:.2f} s of {declared:.2f} s could be read"
        extent_zh = f"共 {declared:.2f} 秒，只读到 {seconds:.2f} 秒"
    else:
        extent_en = f"it ends in the middle of its data, after {seconds:.2f} s"
        extent_zh = f"读到 {seconds:.2f} 秒处数据中断"
    return Text(
        en=f"The file is cut off: {extent_en}. Copy it again if you can.",
        zh=f"文件不完整：{extent_zh}。如有可能，请重新拷贝。",
    )
