"""A microphone of this machine.

Through PortAudio, by way of ``sounddevice``, which asks the system's own sound library. FFmpeg in
PyAV brings an ALSA of its own, which finds neither the system's configuration nor PulseAudio or
PipeWire, and so not the microphone that the user has chosen.
"""

import queue
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from anysound.audio.decode import Coding
from anysound.audio.problem import problem
from anysound.audio.waveform import Piece
from anysound.errors import MissingExtraError, RecordingError
from anysound.language import Text
from anysound.live.source import LiveSound
from anysound.live.stopping import Stopping

_BLOCKS = 200  # that wait to be taken: a few seconds
_LOOK = 0.2  # seconds
_GONE = 5.0  # seconds without a sample, after which a device is taken for lost


@dataclass(frozen=True)
class Device:
    """Something that records.

    Attributes:
        number: What it may be called by, besides its name.
        name: Its name.
        channels: How many it has.
        rate: At which it records by default, in Hz.
        is_default: Whether it is taken if none is named.
    """

    number: int
    name: str
    channels: int
    rate: int
    is_default: bool


def list_devices() -> list[Device]:
    """Find the devices that record.

    Raises:
        MissingExtraError: The extra ``live`` is not installed.
        RecordingError: PortAudio isn't there.
    """
    library = _library()
    default = library.default.device[0]
    host = library.query_hostapis()
    usual = {each["default_input_device"] for each in host[:1]}
    return [
        Device(
            number,
            str(found["name"]),
            int(found["max_input_channels"]),
            round(found["default_samplerate"]),
            number == default or (default < 0 and number in usual),
        )
        for number, found in enumerate(library.query_devices())
        if found["max_input_channels"] > 0
    ]


class Microphone:
    """A microphone.

    Attributes:
        name: The device as it was asked for, or ``microphone``.
    """

    def __init__(self, device: str | int | None = None) -> None:
        """Take note of it.

        Args:
            device: Its number, or its name or a part of it; None is the system's choice.
        """
        self.name = "microphone" if device is None else str(device)
        self._device = int(device) if isinstance(device, str) and device.isdecimal() else device
        self._was_open = False

    @contextmanager
    def open(self, stopping: Stopping) -> Iterator[LiveSound]:
        """Begin to record, at the device's own rate, of its first channel or two.

        Raises:
            RecordingError: There is no such device, or it can't be opened or was taken away.
            MissingExtraError: The extra ``live`` is not installed.
        """
        library = _library()
        if self._was_open:  # PortAudio knows of the devices that were there when it began
            library._terminate()
            library._initialize()
        self._was_open = True
        blocks: queue.Queue[bytes] = queue.Queue(_BLOCKS)

        def take(data: Any, frames: int, time: object, status: object) -> None:
            with suppress(queue.Full):  # listening is far behind; windows are left out then
                blocks.put_nowait(bytes(data))

        try:
            found = library.query_devices(self._device, "input")
            channels, rate = min(2, found["max_input_channels"]), round(found["default_samplerate"])
            stream = library.RawInputStream(
                samplerate=rate,
                device=self._device,
                channels=channels,
                dtype="int16",
                callback=take,
            )
        except (ValueError, library.PortAudioError) as error:
            raise self._not_to_be_had(error) from error
        try:
            with stream:
                pieces = self._pieces(stream, blocks, stopping, (rate, channels))
                yield LiveSound(pieces, Coding("pcm_s16le"), is_paced=True)
        except library.PortAudioError as error:
            raise self._gone(str(error)) from error

    def _pieces(
        self, stream: Any, blocks: "queue.Queue[bytes]", stopping: Stopping, form: tuple[int, int]
    ) -> Iterator[Piece]:
        rate, channels = form
        waited = 0.0
        while not stopping.asked:
            try:
                data = blocks.get(timeout=_LOOK)
            except queue.Empty:
                waited += _LOOK
                if not stream.active or waited > _GONE:
                    raise self._gone("no samples") from None
                continue
            waited = 0.0
            yield Piece(np.frombuffer(data, "<i2").reshape(-1, channels).T, rate)

    def _not_to_be_had(self, error: Exception) -> RecordingError:
        try:
            known = [device.name for device in list_devices()]
        except RecordingError:
            known = []
        if not known:
            return problem(
                self.name,
                "this machine has no microphone that can be used. Connect one, or pipe sound in "
                "with `-`, or give a stream's URL.",
                "本机没有可用的麦克风。请连接麦克风，或用 `-` 从标准输入传入声音，"
                "或给出网络流地址。",
            )
        return problem(
            self.name,
            f"this microphone can't be opened ({error}). There are: {', '.join(known)}; see "
            "`anysound listen --list-devices`. To run the model on a GPU, give --model-device.",
            f"无法打开这个麦克风（{error}）。可用的有：{'、'.join(known)}；参见 "
            "`anysound listen --list-devices`。若想指定运行模型的设备，请用 --model-device。",
        )

    def _gone(self, reason: str) -> RecordingError:
        return problem(
            self.name,
            f"the microphone is gone ({reason}). Check its cable.",
            f"麦克风已断开（{reason}）。请检查连接线。",
        )


def _library() -> Any:
    """Return sounddevice, with the devices that are there now."""
    try:
        import sounddevice
    except ImportError as error:
        feature = Text(en="Listening to a microphone", zh="监听麦克风")
        raise MissingExtraError(feature, "live") from error
    except OSError as error:
        raise problem(
            "microphone",
            "PortAudio is not installed, which records from microphones. On Debian and Ubuntu: "
            "sudo apt install libportaudio2",
            "缺少录音所需的 PortAudio。在 Debian 或 Ubuntu 上请运行：sudo apt install "
            "libportaudio2",
        ) from error
    return sounddevice
