"""What is heard: the formats of recordings, and microphones."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from anysound.doctor.check import Check, DoctorOptions
from anysound.errors import AnysoundError, MissingExtraError, RecordingError
from anysound.language import Text

if TYPE_CHECKING:
    from anysound.audio.decoders import Decoders

_SECONDS = 1.0
_PITCH = 1000.0  # Hz
_RATE = 16_000  # that it is decoded to


@dataclass(frozen=True)
class _Format:
    """A kind of file.

    Attributes:
        name: As people call it, by its extension.
        container: FFmpeg's name for what holds the sound.
        encoder: FFmpeg's name for what writes the sound.
        rate: That the encoder takes, in Hz.
        layout: Of channels that the encoder takes.
        bit_rate: For an encoder that has none of its own.
    """

    name: str
    container: str
    encoder: str
    rate: int = 48_000
    layout: str = "mono"
    bit_rate: int | None = None


_FORMATS = (
    _Format("wav", "wav", "pcm_s16le"),
    _Format("flac", "flac", "flac"),
    _Format("mp3", "mp3", "libmp3lame"),
    _Format("ogg", "ogg", "vorbis", layout="stereo"),
    _Format("opus", "opus", "libopus"),
    _Format("webm", "webm", "libopus"),
    _Format("m4a", "ipod", "aac"),
    _Format("aac", "adts", "aac"),
    _Format("mp4", "mp4", "aac"),
    _Format("mov", "mov", "aac"),
    _Format("3gp", "3gp", "aac", 16_000),
    _Format("amr", "amr", "libopencore_amrnb", 8_000),
    _Format("aiff", "aiff", "pcm_s16be"),
    _Format("caf", "caf", "alac"),
    _Format("wma", "asf", "wmav2", bit_rate=96_000),
    _Format("avi", "avi", "pcm_s16le"),
)


def decoders(_: DoctorOptions) -> Check:
    """Write a tone in every format that can be written here, and hear whether it comes back.

    It is decoded as the server decodes what is sent to it, in a process of its own.
    """
    from anysound.audio.decoders import Decoders

    with Decoders() as readers:
        problems = {each.name: _problem(each, readers) for each in _FORMATS}
    well = [name for name, problem in problems.items() if problem is None]
    untried = [name for name, problem in problems.items() if problem == _NO_ENCODER]
    bad = {name: told for name, told in problems.items() if told not in (None, _NO_ENCODER)}
    facts = {"decoded": well, "untried": untried, "failed": bad}
    text = Text(f"a tone came back from {', '.join(well)}", f"可正常解码：{'、'.join(well)}")
    if untried:
        text = Text(
            f"{text.en}; not tried, since nothing here writes them: {', '.join(untried)}",
            f"{text.zh}；本机无法生成、因此未测试：{'、'.join(untried)}",
        )
    if not bad:
        return Check("decoders", "ok", text, facts=facts)
    listed = "; ".join(f"{name}: {told}" for name, told in bad.items())
    return Check(
        "decoders",
        "fail",
        Text(f"{listed} ({text.en})", f"{listed}（{text.zh}）"),
        Text(
            "Install the decoders anew: pip install --force-reinstall --no-deps av. Until then, "
            "turn such recordings into wav.",
            "请重新安装解码器：pip install --force-reinstall --no-deps av。"
            "在此之前，可先把录音转换成 wav。",
        ),
        facts,
    )


def microphone(_: DoctorOptions) -> Check:
    """See which devices record."""
    from anysound.live.microphone import list_devices

    try:
        devices = list_devices()
    except MissingExtraError as error:
        return Check(
            "microphone", "skipped", Text("not looked for", "未检查"), error.text, {"devices": []}
        )
    except RecordingError as error:
        return Check("microphone", "warn", error.text, _OTHERWISE, {"devices": []})
    names = [device.name for device in devices]
    default = next((device.name for device in devices if device.is_default), None)
    facts = {"devices": names, "default": default}
    if not names:
        text = Text("No device that records was found", "没有找到录音设备")
        return Check("microphone", "warn", text, _CONNECT, facts)
    text = Text(
        f"{', '.join(names)}; by default: {default or 'none'}",
        f"{'、'.join(names)}；默认：{default or '无'}",
    )
    return Check("microphone", "ok", text, facts=facts)


_OTHERWISE = Text(
    "Or pipe sound in with `anysound listen -`, give a stream's URL, or use the browser's "
    "microphone on the page.",
    "也可以用 `anysound listen -` 从管道传入声音、给出网络流地址，或在网页上使用浏览器的麦克风。",
)
_CONNECT = Text(
    "Connect one; your user may have to be in the group audio. A container sees it only with "
    f"`docker run --device /dev/snd`. {_OTHERWISE.en}",
    "请连接麦克风；当前用户可能需要加入 audio 组。容器需要用 `docker run --device /dev/snd` 启动。"
    f"{_OTHERWISE.zh}",
)

_NO_ENCODER = "no encoder"


def _problem(form: _Format, readers: "Decoders") -> str | None:
    """Return what is wrong with a format, or None."""
    import av

    try:
        file = BytesIO(_written(form))
    except (ValueError, LookupError, av.FFmpegError):
        return _NO_ENCODER
    try:
        with readers.recording(f"tone.{form.name}", file).open(_RATE) as stream:
            heard = np.concatenate([*stream.blocks()])
    except AnysoundError as error:
        return error.text.en
    return _difference(heard)


def _difference(heard: NDArray[np.float32]) -> str | None:
    """Return in what a tone that was decoded differs from what was written, or None."""
    seconds = len(heard) / _RATE
    if abs(seconds - _SECONDS) > 0.25:  # codecs have whole frames
        return f"{seconds:.2f} s came back of {_SECONDS:g} s"
    spectrum = np.abs(np.fft.rfft(heard.astype(np.float64) * np.hanning(len(heard))))
    pitch = float(np.argmax(spectrum)) * _RATE / len(heard)
    if abs(pitch - _PITCH) > 5:
        return f"a tone of {pitch:.0f} Hz came back instead of {_PITCH:g} Hz"
    return None


def _written(form: _Format) -> bytes:
    """Return a file with a tone in it."""
    import av

    file = BytesIO()
    with av.open(file, "w", format=form.container) as output:
        stream: Any = output.add_stream(form.encoder, rate=form.rate, layout=form.layout)
        stream.codec_context.options = {"strict": "-2"}  # FFmpeg's own vorbis is experimental
        if form.bit_rate:
            stream.codec_context.bit_rate = form.bit_rate
        for frame in _frames(form, stream.codec_context):
            output.mux(stream.encode(frame))
    return file.getvalue()


def _frames(form: _Format, context: Any) -> Iterator[Any]:
    """Give the tone in frames as an encoder takes them, and None at the end."""
    import av

    time = np.arange(round(form.rate * _SECONDS)) / form.rate
    channels = 2 if form.layout == "stereo" else 1
    samples = (0.5 * np.sin(2 * np.pi * _PITCH * time)).astype(np.float32)
    frame = av.AudioFrame.from_ndarray(
        np.repeat(samples, channels)[np.newaxis], format="flt", layout=form.layout
    )
    frame.sample_rate, frame.pts, frame.time_base = form.rate, 0, Fraction(1, form.rate)
    if not context.is_open:
        context.open()
    fitting = av.AudioResampler(
        format=context.format,
        layout=form.layout,
        rate=form.rate,
        frame_size=context.frame_size or 1024,
    )
    yield from fitting.resample(frame)
    yield from fitting.resample(None)
    yield None
