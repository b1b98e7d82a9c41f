"""Sound files made for the tests, and the check that their tone came out again."""

import struct
from fractions import Fraction
from io import BytesIO
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}
FREQUENCY = 1000.0
LEVEL = 0.5


def tone(rate: int, seconds: float, level: float = LEVEL) -> NDArray[np.float32]:
    """A sine of 1 kHz, shape ``(n,)``."""
    time = np.arange(round(rate * seconds)) / rate
    return (level * np.sin(2 * np.pi * FREQUENCY * time)).astype(np.float32)


def encode(
    container: str,
    codec: str,
    waveform: NDArray[np.float32],
    rate: int,
    channels: int = 1,
    options: dict[str, str] | None = None,
    pictures: int = 0,
) -> bytes:
    """Write a file with the waveform in each channel, and with some video frames if asked."""
    file = BytesIO()
    with av.open(file, "w", format=container, options=options or {}) as output:
        video = output.add_stream("mpeg4", rate=25) if pictures else None
        stream = output.add_stream(codec, rate=rate, layout=LAYOUTS[channels])
        stream.codec_context.options = {"strict": "-2"}  # FFmpeg's own vorbis is experimental
        for index in range(pictures):
            output.mux(video.encode(picture(index)))
        for packet in _packets(stream, waveform, rate, channels):
            output.mux(packet)
        if video:
            output.mux(video.encode(None))
    return file.getvalue()


def encode_pictures(container: str, pictures: int) -> bytes:
    """Write a video without sound."""
    file = BytesIO()
    with av.open(file, "w", format=container) as output:
        stream = output.add_stream("mpeg4", rate=25)
        for index in range(pictures):
            output.mux(stream.encode(picture(index)))
        output.mux(stream.encode(None))
    return file.getvalue()


def picture(index: int) -> av.VideoFrame:
    grey = np.full((480, 640, 3), index % 256, np.uint8)
    frame = av.VideoFrame.from_ndarray(grey, format="rgb24")
    frame.pts, frame.time_base = index, Fraction(1, 25)
    return frame


def _packets(stream: Any, waveform: NDArray[np.float32], rate: int, channels: int) -> Any:
    layout = LAYOUTS[channels]
    samples = np.repeat(waveform, channels)[np.newaxis]
    frame = av.AudioFrame.from_ndarray(samples, format="flt", layout=layout)
    frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
    context = stream.codec_context
    if not context.is_open:
        context.open()
    size = context.frame_size or 1024
    to_format = av.AudioResampler(format=context.format, layout=layout, rate=rate, frame_size=size)
    for cut in [*to_format.resample(frame), *to_format.resample(None), None]:
        yield from stream.encode(cut)


def wav(samples: bytes, code: int, bits: int, rate: int, channels: int = 1) -> bytes:
    """A wav file by its documented layout, with a format code (1 PCM, 3 float, 6 A-law, 7 mu)."""
    block = channels * bits // 8
    header = struct.pack("<HHIIHH", code, channels, rate, rate * block, block, bits)
    body = b"WAVEfmt " + struct.pack("<I", len(header)) + header
    body += b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(body)) + body


def rf64(samples: bytes, bits: int, rate: int) -> bytes:
    """A mono RF64 file (EBU Tech 3306): 32-bit sizes all ones, the true ones in ``ds64``."""
    plain = wav(samples, 1, bits, rate)
    sizes = struct.pack("<QQQI", len(plain) + 28, len(samples), len(samples) * 8 // bits, 0)
    form = plain[12 : plain.index(b"data")]
    ones = b"\xff" * 4
    ds64 = b"ds64" + struct.pack("<I", len(sizes)) + sizes
    return b"RF64" + ones + b"WAVE" + ds64 + form + b"data" + ones + samples


def assert_tone(
    waveform: NDArray[np.float32],
    rate: int,
    seconds: float,
    late: float = 0.0,
    level_error: float = 0.02,
) -> None:
    """Check that it is the tone, at its duration, frequency and level.

    Args:
        waveform: Shape ``(n,)``.
        rate: In Hz.
        seconds: How long it should be.
        late: Seconds that a codec's whole frames may add.
        level_error: Share by which a codec may change the level.
    """
    assert waveform.dtype == np.float32
    assert waveform.ndim == 1
    assert -1 / rate <= len(waveform) / rate - seconds <= late + 1 / rate
    middle = waveform[len(waveform) // 4 : -len(waveform) // 4].astype(np.float64)
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    frequency = np.argmax(spectrum) * rate / len(middle)
    assert abs(frequency - FREQUENCY) < 2 * rate / len(middle)
    level = np.sqrt(np.mean(middle**2)) * np.sqrt(2)
    assert abs(level / LEVEL - 1) < level_error
