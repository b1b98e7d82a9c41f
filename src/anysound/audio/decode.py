"""Decode the sound of a file with FFmpeg, piece by piece.

A file may come from a stranger. FFmpeg is given its bytes, not its name, so neither the name nor
its extension means anything; only formats that hold sound themselves are let in, not playlists
and the like, which name other files; and no protocol is allowed that could open those.
"""

from collections.abc import Iterator
from io import SEEK_END
from typing import BinaryIO

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet

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

_TOLERANCE = 0.25  # seconds that may be missing without a word; codecs round to frames
_UNKNOWN_FROM = 0x7FFF0000  # sizes in a wav header whose writer could not know the size
_OGG_PAGE = 65_307  # bytes in the largest page


class AudioFile:
    """The sound of an open file.

    Attributes:
        warnings: What is wrong with the file; complete once ``pieces`` is exhausted.
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
        self._has_open_end = _has_open_end(file)
        self._cut_off = _ends_in_torn_ogg_page(file)
        self._container = _open(name, file)
        try:
            self._stream = _sound_of(name, self._container)
        except BaseException:
            self._container.close()
            raise
        self._declared = _declared_seconds(self._container, self._stream)

    def close(self) -> None:
        """Let go of the decoder."""
        self._container.close()

    def pieces(self) -> Iterator[Piece]:
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
                frames = [(_piece(frame), frame.time) for frame in packet.decode()]
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
        if is_damaged or reached - seconds > _TOLERANCE:
            self.warnings.append(_damaged(reached - seconds))
        if self._cut_off or bad_in_a_row or self._declared - reached > _TOLERANCE:
            self.warnings.append(_cut_off(reached, self._declared))

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
        except OSError as error:
            raise unreadable(self._name, error) from error
        self._cut_off |= not (is_whole or self._has_open_end)


class _Nameless:
    """A file that keeps its name from FFmpeg."""

    def __init__(self, file: BinaryIO) -> None:
        self.read = file.read
        self.seek = file.seek
        self.tell = file.tell


def _open(name: str, file: BinaryIO) -> InputContainer:
    try:
        return av.open(_Nameless(file), "r", options=_OPTIONS, metadata_errors="replace")
    except av.FFmpegError as error:
        raise problem(
            name,
            "this is not a sound or video file that anysound can read, or it is damaged, or its "
            "recording was never finished. See whether it plays elsewhere, or convert it to wav.",
            "这不是 anysound 能读取的音频或视频文件，或者文件已损坏、录制未正常结束。"
            "请确认它能否在别处播放，或转换为 wav 后再试。",
        ) from error
    except OSError as error:
        raise unreadable(name, error) from error


def _sound_of(name: str, container: InputContainer) -> AudioStream:
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


def _piece(frame: AudioFrame) -> Piece:
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


def _has_open_end(file: BinaryIO) -> bool:
    """Whether it is a wav or caf file whose writer could not go back to fill in the size."""
    head = file.read(4096)
    file.seek(0)
    if head.startswith(b"caff"):
        return b"data" + b"\xff" * 8 in head
    size = int.from_bytes(head[4:8], "little")
    return head.startswith(b"RIFF") and (size == 0 or size >= _UNKNOWN_FROM)


def _ends_in_torn_ogg_page(file: BinaryIO) -> bool:
    """Whether it is an Ogg file whose last page is not all there; FFmpeg is silent about it."""
    is_ogg = file.read(4) == b"OggS"
    size = file.seek(0, SEEK_END)
    file.seek(max(0, size - _OGG_PAGE))
    tail = file.read() if is_ogg else b""
    file.seek(0)
    page = tail[tail.rfind(b"OggS") :]
    header, lengths = page[:27], page[27 : 27 + page[26]] if len(page) > 26 else b""
    is_torn = len(page) < len(header) + len(lengths) + sum(lengths)
    return is_ogg and (len(header) < 27 or is_torn)


def _damaged(missing: float) -> Text:
    return Text(
        en=f"The file is damaged: parts of it (about {missing:.2f} s) could not be decoded and "
        "were left out. Copy it again if you can.",
        zh=f"文件有损坏：部分内容（约 {missing:.2f} 秒）无法解码，已跳过。如有可能，请重新拷贝。",
    )


def _cut_off(reached: float, declared: float) -> Text:
    if declared - reached > _TOLERANCE:
        extent_en, extent_zh = (
            f"only {reached:.2f} s of {declared:.2f} s are there",
            f"共 {declared:.2f} 秒，只有 {reached:.2f} 秒",
        )
    else:
        extent_en, extent_zh = f"{reached:.2f} s are there", f"只有 {reached:.2f} 秒"
    return Text(
        en=f"The file is cut off: {extent_en}. Copy it again if you can.",
        zh=f"文件不完整：{extent_zh}。如有可能，请重新拷贝。",
    )
