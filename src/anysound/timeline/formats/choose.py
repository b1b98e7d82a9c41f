"""Which format a file of events is written in."""

from collections.abc import Sequence
from pathlib import Path

from anysound.errors import UsageError
from anysound.language import Text
from anysound.timeline.formats.audacity import AudacityEvents
from anysound.timeline.formats.csv_table import CsvEvents
from anysound.timeline.formats.json_lines import JsonLinesEvents
from anysound.timeline.formats.label_studio import LabelStudioEvents
from anysound.timeline.formats.raven import RavenEvents
from anysound.timeline.formats.writer import EventWriter

_RAVEN_ENDINGS = (".selections.txt", ".tsv")


def open_events(output: Path, labels: Sequence[str] = ()) -> EventWriter:
    """Begin a file of events in the format that its name asks for.

    ``.csv`` is a table; ``.jsonl`` and ``.ndjson`` are lines of JSON; ``.txt`` is an Audacity
    label track; ``.selections.txt`` and ``.tsv`` are Raven selection tables; ``.json`` is for
    Label Studio.

    Args:
        output: Where the file is to be; one that is there is replaced in the end.
        labels: All that was listened for, so that Label Studio offers labels without events too.

    Raises:
        UsageError: The output's name ends like none of these.
        OutputError: It can't be written there.
    """
    name = output.name.lower()
    if name.endswith(_RAVEN_ENDINGS):
        return RavenEvents(output)
    if name.endswith(".txt"):
        return AudacityEvents(output)
    if name.endswith(".csv"):
        return CsvEvents(output)
    if name.endswith((".jsonl", ".ndjson")):
        return JsonLinesEvents(output)
    if name.endswith(".json"):
        return LabelStudioEvents(output, labels)
    raise _unknown_format(output)


def _unknown_format(output: Path) -> UsageError:
    return UsageError(
        Text(
            en=f"{output}: the name doesn't say which format events are to be written in. End it "
            "in .csv (a table), .jsonl (lines of JSON), .txt (Audacity), .selections.txt or .tsv "
            "(Raven), or .json (Label Studio).",
            zh=f"{output}：无法从文件名判断事件的输出格式。请使用以下结尾之一：.csv（表格）、"
            ".jsonl（每行一个 JSON）、.txt（Audacity）、.selections.txt 或 .tsv（Raven）、"
            ".json（Label Studio）。",
        )
    )
