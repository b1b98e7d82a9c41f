"""What a person said of recordings, in a table that ``eval`` and ``teach`` read."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from anysound.evaluation.table import read_table
from anysound.writing import WholeFile, disarmed, disarmed_path

NONE = "none"
"""Stands for a recording that holds none of the labels, as ``eval`` and ``teach`` know it."""


class Reviewed:
    """The table ``recording,label``; written anew, whole, after each change.

    Attributes:
        path: Where it is.
        labels: Label by recording, in the order of reviewing.
    """

    def __init__(self, path: Path) -> None:
        """Go on with a table that is there, or begin one.

        Raises:
            UsageError: What is there is no such table.
        """
        self.path = path
        self.labels: dict[str, str] = {}
        if path.exists() and path.stat().st_size:
            self.labels = {row.recording: row.label or NONE for row in read_table(path).rows}

    def say(self, recording: str, label: str) -> None:
        """Write down what a recording holds.

        Raises:
            OutputError: It can't be written; the table is as it was.
        """
        self._write({**self.labels, recording: label})

    def take_back(self, recording: str) -> None:
        """Take back what was said last of a recording.

        Raises:
            OutputError: It can't be written; the table is as it was.
        """
        self._write({name: label for name, label in self.labels.items() if name != recording})

    def _write(self, labels: dict[str, str]) -> None:
        with WholeFile(self.path) as whole, whole.reporting():
            whole.file.write(reviewed_file(labels))
        self.labels = labels


def reviewed_file(labels: Mapping[str, str]) -> bytes:
    """Return the table of labels by recording, as a file that spreadsheets open, too."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("recording", "label"))
    writer.writerows((disarmed_path(name), disarmed(label)) for name, label in labels.items())
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "backslashreplace")
