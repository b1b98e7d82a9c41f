"""Events as tasks for Label Studio, where people listen and correct them.

A task is a recording, and its events are a prediction. Label Studio plays local files through
``/data/local-files/?d=PATH``, with PATH below its ``LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT``,
once local files are served and the project has them as a storage.
"""

import json
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from anysound.timeline.event import Event
from anysound.timeline.formats.writer import EventWriter, one_line
from anysound.writing import WholeFile

_LABELS, _AUDIO = "label", "audio"  # names of the config's tags, which the results refer to
_COLOURS = (
    *("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd"),
    *("#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf"),
)


class LabelStudioEvents(EventWriter):
    """One task a recording with events; beside it ``<output>.config.xml``, the labelling config."""

    def __init__(self, output: Path, labels: Sequence[str]) -> None:
        """Begin.

        Args:
            output: Where the tasks are to be.
            labels: What the config offers to annotators, besides the labels of the events.
        """
        super().__init__(output)
        self._config = output.with_name(f"{output.name}.config.xml")
        self._labels = dict.fromkeys(labels)
        self._held: list[Event] = []  # of the recording that is not written yet
        self._tasks = 0

    def add(self, event: Event) -> None:
        """Take the next event; its task is written when the next recording begins."""
        if self._held and self._held[0].recording != event.recording:
            self._write_task()
        self._held.append(event)
        self._labels.setdefault(event.label)

    def _begin(self) -> None:
        self._write("[")

    def _end(self) -> None:
        if self._held:
            self._write_task()
        self._write("\n]\n")
        with WholeFile(self._config) as config, config.reporting():
            config.file.write(label_studio_config(tuple(self._labels)).encode())

    def _write_task(self) -> None:
        self._tasks += 1
        task = _task(self._tasks, self._held)
        self._write(",\n" if self._tasks > 1 else "\n")
        self._write(json.dumps(task, ensure_ascii=False))
        self._held = []


def label_studio_config(labels: Sequence[str]) -> str:
    """Return the labelling config, XML, for marking these labels in recordings."""
    lines = (
        f"    <Label value={quoteattr(one_line(label))} background={quoteattr(colour)}/>"
        for label, colour in zip(labels, cycle(_COLOURS), strict=False)
    )
    return "\n".join(
        [
            "<View>",
            f'  <Labels name="{_LABELS}" toName="{_AUDIO}">',
            *lines,
            "  </Labels>",
            f'  <Audio name="{_AUDIO}" value="$audio"/>',
            "</View>",
            "",
        ]
    )


def _task(number: int, events: Sequence[Event]) -> dict[str, Any]:
    recording = events[0].recording
    path = quote(PurePath(recording).as_posix(), errors="replace")
    prediction = {
        "model_version": "anysound",
        "score": sum(event.score for event in events) / len(events),
        "result": [
            _region(f"{number}-{index}", event) for index, event in enumerate(events, start=1)
        ],
    }
    return {
        "data": {"audio": f"/data/local-files/?d={path}", "recording": recording},
        "predictions": [prediction],
    }


def _region(id_: str, event: Event) -> dict[str, Any]:
    return {
        "id": id_,
        "from_name": _LABELS,
        "to_name": _AUDIO,
        "type": "labels",
        "value": {"start": event.start, "end": event.end, "labels": [one_line(event.label)]},
        "score": event.score,
    }
