"""Events as a label track of Audacity: ``start<tab>end<tab>label``, UTF-8."""

from pathlib import Path

from anysound.errors import UsageError
from anysound.language import Text
from anysound.timeline.event import Event
from anysound.timeline.formats.writer import EventWriter, one_line


class AudacityEvents(EventWriter):
    """One line an event; of one recording only, since a track belongs to the open sound."""

    one_recording = True

    def __init__(self, output: Path) -> None:
        super().__init__(output)
        self._recording: str | None = None

    def add(self, event: Event) -> None:
        """Write the next event.

        Raises:
            UsageError: It is of another recording than the first.
        """
        if self._recording is None:
            self._recording = event.recording
        if event.recording != self._recording:
            raise _one_recording_only(self._whole.output, self._recording, event.recording)
        self._write(f"{event.start:.6f}\t{event.end:.6f}\t{one_line(event.label)}\n")


def _one_recording_only(output: Path, first: str, second: str) -> UsageError:
    return UsageError(
        Text(
            en=f"{output}: an Audacity label track holds the events of one recording, and here "
            f"are {first} and {second}. Write one file for each, or a table in .csv.",
            zh=f"{output}：Audacity 标签文件只能存放一段录音的事件，而这里有 {first} 和 "
            f"{second}。请为每段录音单独输出，或改用 .csv 表格。",
        )
    )
